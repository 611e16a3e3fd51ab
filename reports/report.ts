/** Results in, one HTML page out, which needs nothing but itself. The same results give the same bytes. */
import type { RunResult } from '../scenarios/result.ts';
import { answers, chartId } from './blocks.ts';
import { browserBundle } from './browser-bundle.ts';
import { timeAxis } from './chart.ts';
import { draw, type Drawing } from './drawing.ts';
import { page, type RunPage } from './page.ts';
import type { Chart } from './panel.ts';
import { panels } from './panels/index.ts';
import { readable } from './readable.ts';

export async function renderReport(results: readonly RunResult[]): Promise<string> {
  if (results.length === 0) throw new Error('there is no result to report; give at least one');
  const script = await browserBundle();
  const runs: RunPage[] = [];
  const charts: Record<string, { spec: object; zooms: string | null }> = {};
  for (const [index, original] of results.entries()) {
    const id = `run-${index + 1}`;
    const result = readable(original);
    const answered = answers(panels, result);
    const drawings = new Map<string, Drawing>();
    for (const { panel, blocks } of answered) {
      for (const chart of blocks.filter((block): block is Chart => block.kind === 'chart')) {
        const name = chartId(id, panel, chart);
        const drawing = await draw(chart, name);
        drawings.set(name, drawing);
        charts[name] = { spec: drawing.interactive, zooms: chart.overTime ? id : null };
      }
    }
    runs.push({ id, result, original, answers: answered, drawings });
  }
  return page(runs, { charts, runs: Object.fromEntries(runs.map(({ id, result }) => [id, timeAxis(result.simulatedSeconds)])) }, script);
}
