import type { GroupResult, Latencies, Latency, RunResult } from '../../scenarios/result.ts';
import { html } from '../html.ts';
import { plural, seconds } from '../numbers.ts';
import { limitsOn } from '../objective-text.ts';
import { type Chart, figures, type Panel, passage, type Table, table, words } from '../panel.ts';
import { tailChart, type TailPoint, tailPoints } from '../tail-chart.ts';

const chartsMax = 6;
const measures = ['waiting', 'service', 'sojourn'] as const satisfies readonly (keyof Latencies)[];

export const distribution: Panel = {
  id: 'distribution',
  title: 'Latency distribution',
  question: 'How many messages took longer than a given time?',
  render(result) {
    const seen = Object.entries(result.groups).filter(([, { latency }]) => measures.some((measure) => points(latency[measure]).length > 0));
    const charts = seen.slice(0, chartsMax).map(([name, group], index) => groupChart(result, name, group, index));
    const left = seen.length - chartsMax;
    return left > 0 ? [...charts, passage(html`<p>The first ${plural(chartsMax, 'group')} are drawn; the other ${left} are in the download.</p>`)] : charts;
  },
};

function groupChart(result: RunResult, name: string, group: GroupResult, index: number): Chart {
  return tailChart({
    id: `group-${index + 1}`,
    title: `Latency of ${name}`,
    label: `Latency of ${name}: share of messages that took longer than a time, both axes logarithmic. ${measures.map((measure) => spoken(measure, group.latency[measure])).join('; ')}.`,
    lines: measures.map((measure) => ({ name: measure, points: points(group.latency[measure]) })),
    limits: limitsOn(result, ({ of, measure }) => of === name && measure !== '').filter(({ value }) => value > 0),
    note: `Complement of the cumulative distribution: a line that ends far to the right has a long tail.${atOnce(group) ? ' A line that begins below 100 % leaves out what took no time at all.' : ''}`,
    table: tailTable(name, group),
  });
}

function points({ distribution }: Latency): readonly TailPoint[] {
  return tailPoints(distribution.upTo, distribution.count);
}

function atOnce({ latency }: GroupResult): boolean {
  return measures.some((measure) => latency[measure].distribution.upTo[0] === 0);
}

function spoken(measure: string, latency: Latency): string {
  return `${measure}: half took longer than ${seconds(latency.p50)}, 1 % longer than ${seconds(latency.p99)}`;
}

function tailTable(name: string, group: GroupResult): Table {
  const shares = [['50 %', 'p50'], ['10 %', 'p90'], ['5 %', 'p95'], ['1 %', 'p99'], ['0.1 %', 'p999'], ['0.01 %', 'p9999'], ['none', 'max']] as const;
  const rows = shares.map(([share, statistic]) => [share, ...measures.map((measure) => seconds(group.latency[measure][statistic]))]);
  return table(`Latency of ${name}: so many messages took longer than`, [words('Share of messages'), ...measures.map(figures)], rows);
}
