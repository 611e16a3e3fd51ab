/** Level lines at the limits of objectives and targets, each with its label on it. */
import { alarm, overLines } from './chart.ts';

export interface LimitLine {
  readonly label: string;
  readonly value: number;
  /** Whether the value should stay above it, which leaves room for a label below. */
  readonly below?: boolean;
}

export interface LimitLayers {
  readonly lines: readonly object[];
  /** To be drawn last, so that they lie on the lines of the chart. */
  readonly labels: readonly object[];
}

/** @param y the vertical axis, without a field; @param side where the labels stand */
export function limitLayers(limits: readonly LimitLine[], y: object, side: 'left' | 'right'): LimitLayers {
  if (limits.length === 0) return { lines: [], labels: [] };
  const encoding = { y: { ...y, field: 'value', type: 'quantitative' } };
  const mark = { type: 'text', color: 'currentColor', opacity: 0.9, align: side, dx: side === 'left' ? 6 : -4, dy: { expr: 'datum.below ? 8 : -7' }, baseline: 'middle', fontSize: 11, limit: { expr: 'width - 8' } };
  return {
    lines: [{ data: { values: limits }, mark: { type: 'rule', color: alarm, strokeDash: [6, 4], strokeWidth: 1.25 }, encoding }],
    labels: overLines({ data: { values: limits }, mark, encoding: { ...encoding, x: { value: side === 'left' ? 0 : 'width' }, text: { field: 'label' } } }),
  };
}
