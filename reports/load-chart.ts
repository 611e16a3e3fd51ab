/** Latency against load: the predicted curve, simulated points with their intervals, and the loads that matter. */
import type { TopLevelSpec } from 'vega-lite';
import type { Estimate, LoadCurve } from '../scenarios/capacity-result.ts';
import { estimate, times } from './capacity-words.ts';
import { config, drawn, drawnWidth, logExtent, palette } from './chart.ts';
import { type Flag, flags } from './flags.ts';
import { type LimitLine, limitLayers } from './limit-lines.ts';

interface Point {
  readonly load: number;
  readonly value: number;
  readonly series: string;
  readonly low?: number;
  readonly high?: number;
  readonly tip?: string;
}

const measures = ['mean', 'p99'] as const;
const height = 280;
/** The label of a limit stands above its line, and inside the plot. */
const roomForLabel = 1.6;

export function loadSpec(curve: LoadCurve, marks: readonly Flag[], limits: readonly LimitLine[], forPointers: boolean): TopLevelSpec {
  const predicted = measures.flatMap((measure) => curve.predicted.flatMap((point): Point[] => (isDrawable(point[measure]) ? [{ load: point.load, value: point[measure] as number, series: measure }] : [])));
  const simulated = measures.flatMap((measure) => curve.simulated.flatMap((point) => pointOf(point.load, point[measure], measure)));
  const values = [...predicted, ...simulated].flatMap(({ value, low, high }) => [value, low ?? value, high ?? value]).concat(limits.map(({ value }) => value * roomForLabel)).filter((value) => value > 0);
  if (values.length === 0) return { data: { values: [] }, mark: 'point', width: drawnWidth, height } as TopLevelSpec;
  const y = logExtent(values);
  const most = Math.max(...[...predicted, ...simulated].map(({ load }) => load), ...marks.map(({ value }) => value));
  const domain = [0, most * 1.02] as const;
  const x = { type: 'quantitative', scale: { domain, nice: false }, axis: { title: 'load, as a multiple of the one asked for', grid: true, format: '~r', tickCount: { expr: 'ceil(width / 80)' } } };
  const vertical = { type: 'quantitative', scale: y.scale, axis: { title: 'sojourn time, log scale', values: y.ticks, labelExpr: `format(datum.value, '~s') + 's'` } };
  const limited = limitLayers(limits, vertical, 'left');
  const marked = flags(marks, { type: 'linear', domain }, x);
  const color = { field: 'series', type: 'nominal', scale: { domain: measures, range: palette.slice(0, measures.length) }, legend: { offset: marked.height + 10 } };
  return {
    width: drawnWidth, height, autosize: { type: 'fit-x', contains: 'padding' }, config,
    params: [{ name: 'room', value: drawnWidth }],
    layer: [
      ...marked.layers,
      ...limited.lines,
      { data: { values: predicted.map(thinned) }, mark: { type: 'line', strokeWidth: 1.75 }, encoding: { x: { ...x, field: 'load' }, y: { ...vertical, field: 'value' }, color } },
      { data: { values: simulated.map(thinned) }, mark: { type: 'rule', strokeWidth: 1.5 }, encoding: { x: { ...x, field: 'load' }, y: { ...vertical, field: 'low' }, y2: { field: 'high' }, color } },
      { data: { values: simulated.map(thinned) }, mark: { type: 'point', filled: true, size: 55 }, encoding: { x: { ...x, field: 'load' }, y: { ...vertical, field: 'value' }, color, ...(forPointers && { tooltip: { field: 'tip' } }) } },
      ...limited.labels,
    ],
  } as TopLevelSpec;
}

function pointOf(load: number, simulated: Estimate, series: string): Point[] {
  const { value, interval } = simulated;
  if (!isDrawable(value)) return [];
  const [low, high] = interval ?? [value as number, value as number];
  // A logarithmic axis has no zero: an interval that reaches there is drawn down to a hundredth of its value.
  return [{ load, value: value as number, series, low: Math.max(low, (value as number) / 100), high, tip: `${series} at ${times(load)} the load\n${estimate(simulated, 's')}` }];
}

function isDrawable(value: LoadCurve['predicted'][number]['mean']): boolean {
  return typeof value === 'number' && value > 0;
}

function thinned(point: Point): Point {
  const rounded = (value: number): number => drawn(value)!;
  return { ...point, load: rounded(point.load), value: rounded(point.value), ...(point.low !== undefined && { low: rounded(point.low), high: rounded(point.high!) }) };
}
