/** Results in, one HTML page out, which needs nothing but itself. The same results give the same bytes. */
import type { RunResult } from '../scenarios/result.ts';
import { answers } from './blocks.ts';
import { browserBundle } from './browser-bundle.ts';
import { type TimeAxis, timeAxis } from './chart.ts';
import { type Charts, drawAll } from './draw-all.ts';
import { page, type RunPage } from './page.ts';
import { panels } from './panels/index.ts';
import { readable } from './readable.ts';

export async function renderReport(results: readonly RunResult[]): Promise<string> {
  if (results.length === 0) throw new Error('there is no result to report; give at least one');
  const script = await browserBundle();
  const charts: Charts = {};
  const runs = await runPages(results, charts);
  return page(runs, { charts, runs: timeAxes(runs) }, script);
}

/** One for each result, `run-1` and on; what their charts need is added to `charts`. */
export async function runPages(results: readonly RunResult[], charts: Charts): Promise<readonly RunPage[]> {
  const runs: RunPage[] = [];
  for (const [index, original] of results.entries()) {
    const id = `run-${index + 1}`;
    const result = readable(original);
    const answered = answers(panels, result);
    runs.push({ id, result, original, answers: answered, drawings: await drawAll(id, answered, charts) });
  }
  return runs;
}

export function timeAxes(runs: readonly RunPage[]): Readonly<Record<string, TimeAxis>> {
  return Object.fromEntries(runs.map(({ id, result }) => [id, timeAxis(result.simulatedSeconds)]));
}
