/** Latency against load: the predicted curve, simulated points with their intervals, and the loads that matter. */
import type { TopLevelSpec } from 'vega-lite';
import type { Estimate, LoadCurve } from '../scenarios/capacity-result.ts';
import { alarm, config, drawn, drawnWidth, logExtent, palette } from './chart.ts';

/** A load that is worth a line of its own. */
export interface LoadMark {
  readonly load: number;
  readonly label: string;
  readonly isLimit: boolean;
}

interface Point {
  readonly load: number;
  readonly value: number;
  readonly series: string;
  readonly low?: number;
  readonly high?: number;
}

const measures = ['mean', 'p99'] as const;
const height = 280;

export function loadSpec(curve: LoadCurve, marks: readonly LoadMark[], limit: { readonly value: number; readonly label: string } | null): TopLevelSpec {
  const predicted = measures.flatMap((measure) => curve.predicted.flatMap((point): Point[] => (isDrawable(point[measure]) ? [{ load: point.load, value: point[measure] as number, series: measure }] : [])));
  const simulated = measures.flatMap((measure) => curve.simulated.flatMap((point) => pointOf(point.load, point[measure], measure)));
  const values = [...predicted, ...simulated].flatMap(({ value, low, high }) => [value, low ?? value, high ?? value]).concat(limit === null ? [] : [limit.value]).filter((value) => value > 0);
  if (values.length === 0) return { data: { values: [] }, mark: 'point', width: drawnWidth, height } as TopLevelSpec;
  const y = logExtent(values);
  const most = Math.max(...[...predicted, ...simulated].map(({ load }) => load), ...marks.map(({ load }) => load));
  const x = { type: 'quantitative', scale: { domain: [0, most * 1.02], nice: false }, axis: { title: 'load, as a multiple of the one asked for', grid: true } };
  const vertical = { type: 'quantitative', scale: y.scale, axis: { title: 'sojourn time, log scale', values: y.ticks, labelExpr: `format(datum.value, '~s') + 's'` } };
  const color = { field: 'series', type: 'nominal', scale: { domain: measures, range: palette.slice(0, measures.length) }, legend: { offset: 10 } };
  return {
    width: drawnWidth, height, autosize: { type: 'fit-x', contains: 'padding' }, config,
    params: [{ name: 'room', value: drawnWidth }],
    layer: [
      ...markLayers(marks, x),
      ...(limit === null ? [] : limitLayers(limit, vertical)),
      { data: { values: predicted.map(thinned) }, mark: { type: 'line', strokeWidth: 1.75 }, encoding: { x: { ...x, field: 'load' }, y: { ...vertical, field: 'value' }, color } },
      { data: { values: simulated.map(thinned) }, mark: { type: 'rule', strokeWidth: 1.5 }, encoding: { x: { ...x, field: 'load' }, y: { ...vertical, field: 'low' }, y2: { field: 'high' }, color } },
      { data: { values: simulated.map(thinned) }, mark: { type: 'point', filled: true, size: 55 }, encoding: { x: { ...x, field: 'load' }, y: { ...vertical, field: 'value' }, color } },
    ],
  } as TopLevelSpec;
}

function pointOf(load: number, { value, interval }: Estimate, series: string): Point[] {
  if (!isDrawable(value)) return [];
  const [low, high] = interval ?? [value as number, value as number];
  // A logarithmic axis has no zero: an interval that reaches there is drawn down to a hundredth of its value.
  return [{ load, value: value as number, series, low: Math.max(low, (value as number) / 100), high }];
}

function isDrawable(value: LoadCurve['predicted'][number]['mean']): boolean {
  return typeof value === 'number' && value > 0;
}

function thinned(point: Point): Point {
  const rounded = (value: number): number => drawn(value)!;
  return { ...point, load: rounded(point.load), value: rounded(point.value), ...(point.low !== undefined && { low: rounded(point.low), high: rounded(point.high!) }) };
}

function markLayers(marks: readonly LoadMark[], x: object): readonly object[] {
  const rows = marks.map((mark, index) => ({ ...mark, y: 10 + index * 15 }));
  // A colour of its own for each layer: an encoded one would share the legend of the lines.
  const rules = [true, false].map((isLimit) => ({
    data: { values: rows.filter((row) => row.isLimit === isLimit) }, mark: { type: 'rule', strokeDash: [4, 4], opacity: 0.7, color: isLimit ? alarm : 'currentColor' }, encoding: { x: { ...x, field: 'load' } },
  }));
  return [
    ...rules,
    {
      data: { values: rows }, mark: { type: 'text', align: 'right', dx: -5, fontSize: 11, color: 'currentColor', opacity: { expr: 'room < 560 ? 0 : 0.9' } },
      encoding: { x: { ...x, field: 'load' }, y: { field: 'y', type: 'quantitative', scale: null, axis: null }, text: { field: 'label' } },
    },
  ];
}

function limitLayers({ value, label }: { readonly value: number; readonly label: string }, y: object): readonly object[] {
  const rows = [{ value, label }];
  return [
    { data: { values: rows }, mark: { type: 'rule', color: alarm, strokeDash: [6, 4], strokeWidth: 1.25 }, encoding: { y: { ...y, field: 'value' } } },
    { data: { values: rows }, mark: { type: 'text', align: 'left', x: 6, dy: -6, fontSize: 11, color: 'currentColor', opacity: 0.9 }, encoding: { y: { ...y, field: 'value' }, text: { field: 'label' } } },
  ];
}
