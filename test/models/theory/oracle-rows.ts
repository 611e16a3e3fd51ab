/** The rows of `oracle/queueing.csv`. */
import { readProjectFile } from '../../source-files.ts';

export interface OracleRow {
  readonly model: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly metric: string;
  readonly value: number;
  readonly tolerance: number;
}

export function oracleRows(): OracleRow[] {
  const [heading, ...lines] = readProjectFile('test/models/theory/oracle/queueing.csv').trimEnd().split('\n');
  if (!heading!.startsWith('model,params_json,metric,value,abs_tol')) throw new Error(`the reference values have another heading: ${heading}`);
  return lines.map((line) => {
    const [, model, params, metric, value, tolerance] = /^(\w+),"((?:[^"]|"")*)",(\w+),([^,]+),([^,]+),/.exec(line) ?? [];
    if (model === undefined) throw new Error(`not a row of reference values: ${line}`);
    return { model, params: JSON.parse(params!.replaceAll('""', '"')) as OracleRow['params'], metric: metric!, value: Number(value), tolerance: Number(tolerance) };
  });
}
