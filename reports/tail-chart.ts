/** Complementary distributions, both axes logarithmic: how many took longer than a given time. */
import type { TopLevelSpec } from 'vega-lite';
import { alarm, config, drawn, drawnWidth, logExtent, palette } from './chart.ts';
import type { Limit } from './objective-text.ts';
import type { Chart } from './panel.ts';

export interface TailLine {
  readonly name: string;
  readonly points: readonly TailPoint[];
  readonly dashed?: boolean;
}

export interface TailPoint {
  readonly x: number;
  /** Share of the messages that took longer than x. */
  readonly longer: number;
}

/** What a logarithmic picture can show: neither a time of zero nor a share of zero. */
export function tailPoints(upTo: readonly number[], count: readonly number[]): readonly TailPoint[] {
  const all = count.reduce((sum, amount) => sum + amount, 0);
  let below = 0;
  return upTo.flatMap((x, index) => {
    below += count[index]!;
    return x > 0 && below < all ? [{ x, longer: (all - below) / all }] : [];
  });
}

interface TailParts extends Omit<Chart, 'kind' | 'overTime' | 'spec' | 'still'> {
  readonly lines: readonly TailLine[];
  readonly limits: readonly Limit[];
  /** Whether it answers to the pointer. */
  readonly isLive: boolean;
}

export function tailChart({ lines, limits, isLive, ...chart }: TailParts): Chart {
  return { kind: 'chart', overTime: false, still: spec(lines, limits, false), ...(isLive && { spec: spec(lines, limits, true) }), ...chart };
}

function spec(lines: readonly TailLine[], limits: readonly Limit[], forPointers: boolean): TopLevelSpec {
  const rows = lines.flatMap(({ name, points }) => points.map(({ x, longer }) => ({ x: drawn(x), longer: drawn(longer), series: name })));
  const layer = linesLayer(lines, rows.map(({ x }) => x!), rows.map(({ longer }) => longer!), limits);
  return {
    width: drawnWidth,
    height: 240,
    autosize: { type: 'fit-x', contains: 'padding' },
    config,
    params: [{ name: 'room', value: drawnWidth }],
    datasets: { points: rows },
    data: { name: 'points' },
    layer: [...limitLayers(limits), ...(forPointers ? [withPicking(layer), nearestLayer] : [layer])],
  } as TopLevelSpec;
}

function linesLayer(lines: readonly TailLine[], times: readonly number[], shares: readonly number[], limits: readonly Limit[]) {
  const x = logExtent([...times, ...limits.map(({ value }) => value)]);
  const y = logExtent([...shares, 1]);
  const names = lines.map(({ name }) => name);
  const isDashed = lines.some(({ dashed }) => dashed);
  return {
    mark: { type: 'line', strokeWidth: 1.75, strokeJoin: 'round', strokeCap: 'round' },
    encoding: {
      x: { field: 'x', type: 'quantitative', scale: x.scale, axis: { title: 'longer than', values: x.ticks, labelExpr: `format(datum.value, '~s') + 's'`, grid: true } },
      y: { field: 'longer', type: 'quantitative', scale: { ...y.scale, domain: [y.scale.domain[0], 1] }, axis: { title: 'share of messages', values: y.ticks, labelExpr: `format(datum.value, '~%')` } },
      color: { field: 'series', type: 'nominal', scale: { domain: names, range: palette.slice(0, names.length) }, legend: { offset: 10 } },
      ...(isDashed && { strokeDash: { field: 'series', type: 'nominal', scale: { domain: names, range: lines.map(({ dashed }) => (dashed ? [6, 4] : [1, 0])) }, legend: { offset: 10 } } }),
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
