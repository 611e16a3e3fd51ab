/** The drawings of a page: made once for those without scripts, and given to the script of the page to be made anew. */
import { type Answer, chartId } from './blocks.ts';
import { draw, type Drawing } from './drawing.ts';
import type { Chart } from './panel.ts';

/** What the script of the page is told of each drawing; `zooms` names the run whose time axis it shares. */
export type Charts = Record<string, { readonly spec: object; readonly zooms: string | null }>;

/** @param charts where the interactive drawings are added */
export async function drawAll(id: string, answers: readonly Answer[], charts: Charts): Promise<Map<string, Drawing>> {
  const drawings = new Map<string, Drawing>();
  for (const { panel, blocks } of answers) {
    for (const chart of blocks.filter((block): block is Chart => block.kind === 'chart')) {
      const name = chartId(id, panel, chart);
      const drawing = await draw(chart, name);
      drawings.set(name, drawing);
      if (drawing.interactive !== undefined) charts[name] = { spec: drawing.interactive, zooms: chart.overTime ? id : null };
    }
  }
  return drawings;
}
