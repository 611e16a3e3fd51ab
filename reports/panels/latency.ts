import type { PercentileSeries, RunResult } from '../../scenarios/result.ts';
import { units } from '../chart.ts';
import { html } from '../html.ts';
import { plural } from '../numbers.ts';
import { limitsOn } from '../objective-text.ts';
import { type Block, type Panel, passage } from '../panel.ts';
import { timeChart } from '../time-chart.ts';

const chartsMax = 6;

export const latency: Panel = {
  id: 'latency',
  title: 'Latency percentiles over time',
  question: 'How long from publish to handled, for the median message and for the unlucky ones, and when was it worst?',
  render(result) {
    const worstFirst = Object.entries(result.series.groups).map(([name, { sojourn }]) => ({ name, worst: worst(sojourn) })).sort((a, b) => b.worst - a.worst);
    // The sort is stable, so groups that fared equally stay in the order of the scenario.
    const left = worstFirst.length - chartsMax;
    const charts = worstFirst.slice(0, chartsMax).map(({ name }, index) => groupChart(result, name, index));
    return left > 0 ? [...charts, passage(html`<p>The ${plural(chartsMax, 'group')} with the highest latency are drawn; the other ${left} are in the download.</p>`)] : charts;
  },
};

function groupChart(result: RunResult, name: string, index: number): Block {
  const { sojourn, waiting } = result.series.groups[name]!;
  return timeChart(result, {
    id: `sojourn-${index + 1}`,
    title: `Sojourn time of ${name}`,
    unit: units.seconds,
    scale: 'log',
    percentiles: true,
    lines: [
      { name: 'p50', values: sojourn.p50 },
      { name: 'p90', values: sojourn.p90 },
      { name: 'p99', values: sojourn.p99 },
    ],
    limits: limitsOn(result, ({ of, measure }) => of === name && measure === 'sojourn'),
    alsoInTable: [
      { name: 'max', values: sojourn.max, unit: units.seconds },
      { name: 'waiting p50', values: waiting.p50, unit: units.seconds },
      { name: 'waiting p99', values: waiting.p99, unit: units.seconds },
    ],
    note: 'Each window has a histogram of its own. A gap is a window in which no message was handled.',
  });
}

function worst(series: PercentileSeries): number {
  return series.max.reduce<number>((most, value) => Math.max(most, value ?? 0), 0);
}
