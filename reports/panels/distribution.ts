import type { TopLevelSpec } from 'vega-lite';
import type { GroupResult, Latencies, Latency, RunResult } from '../../scenarios/result.ts';
import { alarm, config, drawn, drawnWidth, logExtent, palette } from '../chart.ts';
import { html } from '../html.ts';
import { plural, seconds } from '../numbers.ts';
import { type Limit, limitsOn } from '../objective-text.ts';
import { type Chart, figures, type Panel, passage, type Table, table, words } from '../panel.ts';

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

interface Point {
  readonly x: number;
  /** Share of the messages that took longer than x. */
  readonly longer: number;
}

/** What a logarithmic picture can show of it: neither a time of zero nor a share of zero. */
function points(latency: Latency): readonly Point[] {
  const { upTo, count } = latency.distribution;
  const all = count.reduce((sum, amount) => sum + amount, 0);
  let below = 0;
  return upTo.flatMap((x, index) => {
    below += count[index]!;
    return x > 0 && below < all ? [{ x, longer: (all - below) / all }] : [];
  });
}

function atOnce({ latency }: GroupResult): boolean {
  return measures.some((measure) => latency[measure].distribution.upTo[0] === 0);
}

function groupChart(result: RunResult, name: string, group: GroupResult, index: number): Chart {
  return {
    kind: 'chart',
    id: `group-${index + 1}`,
    title: `Latency of ${name}`,
    label: `Latency of ${name}: share of messages that took longer than a time, both axes logarithmic. ${measures.map((measure) => spoken(measure, group.latency[measure])).join('; ')}.`,
    overTime: false,
    spec: spec(result, name, group, true),
    still: spec(result, name, group, false),
    note: `Complement of the cumulative distribution: a line that ends far to the right has a long tail.${atOnce(group) ? ' A line that begins below 100 % leaves out what took no time at all.' : ''}`,
    table: tailTable(name, group),
  };
}

function spoken(measure: string, latency: Latency): string {
  return `${measure}: half took longer than ${seconds(latency.p50)}, 1 % longer than ${seconds(latency.p99)}`;
}

function spec(result: RunResult, name: string, group: GroupResult, forPointers: boolean): TopLevelSpec {
  const rows = measures.flatMap((measure) => points(group.latency[measure]).map(({ x, longer }) => ({ x: drawn(x), longer: drawn(longer), series: measure })));
  const limits = limitsOn(result, ({ of, measure }) => of === name && measure !== '').filter(({ value }) => value > 0);
  const lines = linesLayer(rows.map(({ x }) => x!), rows.map(({ longer }) => longer!), limits);
  return {
    width: drawnWidth,
    height: 240,
    autosize: { type: 'fit-x', contains: 'padding' },
    config,
    params: [{ name: 'room', value: drawnWidth }],
    datasets: { points: rows },
    data: { name: 'points' },
    layer: [...limitLayers(limits), ...(forPointers ? [withPicking(lines), nearestLayer] : [lines])],
  } as TopLevelSpec;
}

function linesLayer(times: readonly number[], shares: readonly number[], limits: readonly Limit[]) {
  const x = logExtent([...times, ...limits.map(({ value }) => value)]);
  const y = logExtent([...shares, 1]);
  return {
    mark: { type: 'line', strokeWidth: 1.75, strokeJoin: 'round', strokeCap: 'round' },
    encoding: {
      x: { field: 'x', type: 'quantitative', scale: x.scale, axis: { title: 'longer than', values: x.ticks, labelExpr: `format(datum.value, '~s') + 's'`, grid: true } },
      y: { field: 'longer', type: 'quantitative', scale: { ...y.scale, domain: [y.scale.domain[0], 1] }, axis: { title: 'share of messages', values: y.ticks, labelExpr: `format(datum.value, '~%')` } },
      color: { field: 'series', type: 'nominal', scale: { domain: measures, range: palette.slice(0, measures.length) }, legend: { offset: 10 } },
    },
  };
}

function withPicking(lines: ReturnType<typeof linesLayer>): object {
  return {
    ...lines,
    params: [{ name: 'pick', select: { type: 'point', fields: ['series'] }, bind: 'legend' }],
    encoding: { ...lines.encoding, opacity: { condition: { param: 'pick', value: 1 }, value: 0.1 } },
  };
}

const nearestLayer: object = {
  transform: [{ calculate: `datum.series + ': ' + format(datum.longer, '.3~p') + ' took longer than ' + format(datum.x, '.3s') + 's'`, as: 'tip' }],
  params: [{ name: 'hover', select: { type: 'point', nearest: true, on: 'pointerover', clear: 'pointerout' } }],
  mark: { type: 'point', filled: true, color: 'currentColor', size: 50 },
  encoding: {
    x: { field: 'x', type: 'quantitative' },
    y: { field: 'longer', type: 'quantitative' },
    opacity: { condition: { param: 'hover', empty: false, value: 1 }, value: 0 },
    tooltip: { field: 'tip' },
  },
};

function limitLayers(limits: readonly Limit[]): readonly object[] {
  if (limits.length === 0) return [];
  const rows = limits.map((limit, index) => ({ ...limit, y: 8 + index * 15 }));
  const x = { field: 'value', type: 'quantitative' };
  return [
    { data: { values: rows }, mark: { type: 'rule', color: alarm, strokeDash: [6, 4], strokeWidth: 1.25 }, encoding: { x } },
    {
      data: { values: rows },
      mark: { type: 'text', color: 'currentColor', opacity: { expr: 'room < 560 ? 0 : 0.9' }, align: 'right', dx: -5, fontSize: 11 },
      encoding: { x, y: { field: 'y', type: 'quantitative', scale: null, axis: null }, text: { field: 'label' } },
    },
  ];
}

function tailTable(name: string, group: GroupResult): Table {
  const shares = [['50 %', 'p50'], ['10 %', 'p90'], ['5 %', 'p95'], ['1 %', 'p99'], ['0.1 %', 'p999'], ['0.01 %', 'p9999'], ['none', 'max']] as const;
  const rows = shares.map(([share, statistic]) => [share, ...measures.map((measure) => seconds(group.latency[measure][statistic]))]);
  return table(`Latency of ${name}: so many messages took longer than`, [words('Share of messages'), ...measures.map(figures)], rows);
}
