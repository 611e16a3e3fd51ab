/** Results that were kept as files: reads them back, and makes their report. */
import path from 'node:path';
import { compareResults } from '../scenarios/comparison.ts';
import { type Comparison, comparisonSchema } from '../scenarios/comparison-result.ts';
import { type RunResult, resultSchema, resultsSchema } from '../scenarios/result.ts';
import { readText, refuseToReplaceOthers, writeFileAtomically } from './files.ts';
import { UsageError } from './usage-error.ts';

/** The path of the page that it wrote. */
export async function reportKeptResult(file: string, output?: string): Promise<string> {
  const page = output ?? path.join(path.dirname(file), `${path.basename(file, path.extname(file))}.html`);
  refuseToReplaceOthers(page, ['.html', '.htm'], [file]);
  writeFileAtomically(page, await pageOf(file, readText(file)));
  return page;
}

async function pageOf(file: string, text: string): Promise<string> {
  const comparison = readComparison(file, text);
  if (comparison !== undefined) return (await import('../reports/comparison-report.ts')).renderComparison(comparison);
  return (await import('../reports/report.ts')).renderReport(readResults(file, text));
}

/** Undefined for what is no comparison. */
function readComparison(file: string, text: string): Comparison | undefined {
  const content = parse(file, text) as Partial<Comparison> | null;
  if (content?.schema !== comparisonSchema) return undefined;
  const { columns, results, reproduce } = content;
  if (!Array.isArray(columns) || !Array.isArray(results) || results.length === 0 || columns.length !== results.length || typeof reproduce?.command !== 'string') {
    throw new UsageError(`${file} is not a whole comparison`, 'give the file as faultline compare FILE --json printed it');
  }
  // Its rows follow from its results.
  return compareResults(columns.map(String), results.map((result) => whole(file, result)), reproduce.command);
}

/** The one result of a run, or those of a run over several files. */
export function readResults(file: string, text: string): RunResult[] {
  const content = parse(file, text) as Partial<{ schema: unknown; results: unknown }> | null;
  if (content?.schema === resultSchema) return [whole(file, content)];
  if (content?.schema === resultsSchema && Array.isArray(content.results) && content.results.length > 0) return content.results.map((result) => whole(file, result));
  const found = typeof content?.schema === 'string' ? `its schema is "${content.schema}"` : 'it has no "schema"';
  throw new UsageError(`${file} is not the result of a run: ${found}`, `a result has "schema": "${resultSchema}"; faultline run FILE --json prints one, and faultline compare a comparison`);
}

/** What a report cannot do without. */
const wanted = {
  version: 'string', scenario: 'string', about: 'string', seed: 'number', reproduce: 'object', fingerprint: 'string', events: 'number', verdict: 'string', ended: 'object', phases: 'object',
  messages: 'object', attempts: 'object', copies: 'object', deliveries: 'object', producers: 'object', groups: 'object', queues: 'object', faults: 'object',
  verdicts: 'object', observations: 'object', objectives: 'object', warnings: 'object', series: 'object', predictions: 'object', unpredicted: 'object', chains: 'object', lifecycles: 'object', methods: 'object',
} as const satisfies Partial<Record<keyof RunResult, string>>;

function whole(file: string, content: unknown): RunResult {
  const result = (content ?? {}) as Record<string, unknown>;
  const missing = Object.entries(wanted).filter(([key, type]) => typeof result[key] !== type || result[key] === null).map(([key]) => key);
  if (missing.length > 0) throw new UsageError(`${file} is not a whole result: it lacks ${missing.join(', ')}`, 'give the file as faultline run FILE --json printed it');
  return content as RunResult;
}

function parse(file: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UsageError(`${file} is not JSON: ${(error as Error).message}`, 'give the file that faultline run FILE --json printed, whole');
  }
}
