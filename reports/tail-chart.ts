/** Complementary distributions, both axes logarithmic: how many took longer than a given time. */
import type { TopLevelSpec } from 'vega-lite';
import { config, drawn, drawnWidth, logExtent, palette } from './chart.ts';
import { flags } from './flags.ts';
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
}

export function tailChart({ lines, limits, ...chart }: TailParts): Chart {
  return { kind: 'chart', overTime: false, still: spec(lines, limits, false), spec: spec(lines, limits, true), ...chart };
}

function spec(lines: readonly TailLine[], limits: readonly Limit[], forPointers: boolean): TopLevelSpec {
  const rows = lines.flatMap(({ name, points }) => points.map(({ x, longer }) => ({ x: drawn(x), longer: drawn(longer), series: name })));
  const { scale, ticks } = logExtent([...rows.map(({ x }) => x!), ...limits.map(({ value }) => value)]);
  const x = { type: 'quantitative', scale, axis: { title: 'longer than', values: ticks, labelExpr: `format(datum.value, '~s') + 's'`, grid: true } };
  const limited = flags(limits.map(({ value, label }) => ({ value, label, isLimit: true })), scale, x);
  const layer = linesLayer(lines, rows.map(({ longer }) => longer!), x, limited.height + 10);
  return {
    width: drawnWidth,
    height: 240,
    autosize: { type: 'fit-x', contains: 'padding' },
    config,
    params: [{ name: 'room', value: drawnWidth }],
    datasets: { points: rows },
    data: { name: 'points' },
    layer: [...limited.layers, ...(forPointers ? [withPicking(layer), nearestLayer] : [layer])],
  } as TopLevelSpec;
}

function linesLayer(lines: readonly TailLine[], shares: readonly number[], x: object, offset: number) {
  const y = logExtent([...shares, 1]);
  const names = lines.map(({ name }) => name);
  const isDashed = lines.some(({ dashed }) => dashed);
  return {
    mark: { type: 'line', strokeWidth: 1.75, strokeJoin: 'round', strokeCap: 'round' },
    encoding: {
      x: { field: 'x', ...x },
      y: { field: 'longer', type: 'quantitative', scale: { ...y.scale, domain: [y.scale.domain[0], 1] }, axis: { title: 'share of messages', values: y.ticks, labelExpr: `format(datum.value, '~%')` } },
      color: { field: 'series', type: 'nominal', scale: { domain: names, range: palette.slice(0, names.length) }, legend: { offset } },
      ...(isDashed && { strokeDash: { field: 'series', type: 'nominal', scale: { domain: names, range: lines.map(({ dashed }) => (dashed ? [6, 4] : [1, 0])) }, legend: { offset } } }),
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
