import type { Comparison } from '../../scenarios/comparison-result.ts';
import type { RunResult } from '../../scenarios/result.ts';
import { palette, units } from '../chart.ts';
import { html } from '../html.ts';
import { type Block, type Panel, passage } from '../panel.ts';
import { type Line, timeChart, type TimeChartRequest } from '../time-chart.ts';

const groupsMax = 4;

export const overTime: Panel<Comparison> = {
  id: 'over-time',
  title: 'Over time',
  question: 'When did they part, and how long did each need to recover?',
  render(comparison) {
    const { results } = comparison;
    const base = longest(results);
    // Windows of other lengths cannot be drawn over one another.
    if (results.some(({ series }) => series.window !== base.series.window)) return [passage(html`<p>The runs are measured in windows of different lengths; each has its charts below.</p>`)];
    const groups = [...new Set(results.flatMap(({ series }) => Object.keys(series.groups)))].slice(0, groupsMax);
    return [
      chart(comparison, base, {
        id: 'ready', title: 'Backlog', unit: units.messages, scale: 'linear', percentiles: false, note: 'Messages ready to be delivered, in all queues together: averages of each window.',
      }, readyInAll),
      ...groups.map((group, index) => chart(comparison, base, {
        id: `p99-${index + 1}`, title: `p99 sojourn time of ${group}`, unit: units.seconds, scale: 'log', percentiles: true, note: 'A gap is a window in which no message was handled.',
      }, ({ series }) => series.groups[group]?.sojourn.p99 ?? [])),
    ];
  },
};

type Picture = Omit<TimeChartRequest, 'lines' | 'limits'>;

function chart({ columns, results }: Comparison, base: RunResult, picture: Picture, valuesOf: (result: RunResult) => readonly (number | null)[]): Block {
  const lines = results.slice(0, palette.length).map((result, index): Line => {
    const values = valuesOf(result);
    return { name: columns[index]!, values: base.series.times.map((_, at) => values[at] ?? null), breadth: 3 - (2 * index) / results.length };
  });
  const more = results.length - lines.length;
  return timeChart(base, { ...picture, lines, limits: [], note: `${picture.note}${more > 0 ? ` The first ${lines.length} runs are drawn.` : ''}` });
}

function readyInAll({ series }: RunResult): readonly number[] {
  const queues = Object.values(series.queues);
  return series.times.map((_, at) => queues.reduce((sum, { ready }) => sum + (ready[at] ?? 0), 0));
}

function longest(results: readonly RunResult[]): RunResult {
  return results.reduce((most, result) => (result.series.times.length > most.series.times.length ? result : most));
}
