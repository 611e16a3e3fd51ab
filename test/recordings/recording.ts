/** Recordings as they lie in a folder: `<name>.json` has configuration and summary, `<name>.csv.gz` what happened, row by row. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';

/** Fields that a kind's own file describes; nobody promises that they are there. */
export type Summary = Readonly<Record<string, unknown>>;

export interface Recording {
  readonly name: string;
  readonly summary: Summary;
  /** Rows of the raw file by their column's name; empty where there is none. */
  rows(): Row[];
}
export type Row = Readonly<Record<string, string>>;

export function recordingsIn(folder: string): Recording[] {
  return readdirSync(folder).filter((file) => file.endsWith('.json')).sort().map((file) => {
    const name = file.slice(0, -'.json'.length);
    return {
      name,
      summary: JSON.parse(readFileSync(path.join(folder, file), 'utf8')) as Summary,
      rows: () => rowsOf(path.join(folder, `${name}.csv.gz`)),
    };
  });
}

function rowsOf(file: string): Row[] {
  if (!existsSync(file)) return [];
  const [header, ...lines] = gunzipSync(readFileSync(file)).toString('utf8').trimEnd().split('\n');
  const columns = header!.split(',');
  return lines.map((line) => {
    const fields = line.split(',');
    return Object.fromEntries(columns.map((column, index) => [column, fields[index] ?? '']));
  });
}

/** Whether something is an object with all of these keys. */
export function has(value: unknown, ...keys: string[]): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && keys.every((key) => key in value);
}
