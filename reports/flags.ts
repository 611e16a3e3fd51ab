/** Upright rules at values that matter, with their labels in lanes above the plot, where no line of the chart crosses them. */
import { alarm, overLines } from './chart.ts';

export interface Flag {
  readonly value: number;
  readonly label: string;
  /** A limit is drawn in the colour of one. */
  readonly isLimit: boolean;
}

export interface Flags {
  readonly layers: readonly object[];
  /** Height of the lanes above the plot, in pixels. */
  readonly height: number;
}

interface Row extends Flag {
  /** The label stands to the left of its rule: in the right half of the plot there is more room there. */
  readonly isRight: boolean;
}

const laneHeight = 15;

/** @param domain of the axis; @param x the axis itself, without a field */
export function flags(all: readonly Flag[], { type, domain: [from, to] }: { readonly type: 'linear' | 'log'; readonly domain: readonly [number, number] }, x: object): Flags {
  if (all.length === 0) return { layers: [], height: 0 };
  const place = (value: number): number => (type === 'log' ? Math.log(value / from) / Math.log(to / from) : (value - from) / (to - from));
  const rows = together(all).map((flag): Row => ({ ...flag, isRight: place(flag.value) >= 0.5 })).sort((one, other) => one.value - other.value);
  // In this order no rule passes through the label of another of its half.
  const inLanes = [...rows.filter(({ isRight }) => isRight), ...rows.filter(({ isRight }) => !isRight).reverse()].map((row, lane) => ({
    ...row, top: -(lane + 1) * laneHeight + 1, middle: -(lane + 0.5) * laneHeight,
  }));
  return { layers: [...[true, false].map((isLimit) => rules(inLanes.filter((row) => row.isLimit === isLimit), isLimit, x)), ...labels(inLanes, x)], height: rows.length * laneHeight };
}

/** Flags at one value share a rule. */
function together(all: readonly Flag[]): readonly Flag[] {
  const byValue = new Map<number, Flag>();
  for (const flag of all) {
    const other = byValue.get(flag.value);
    byValue.set(flag.value, other === undefined ? flag : { value: flag.value, label: `${other.label}, ${flag.label}`, isLimit: other.isLimit || flag.isLimit });
  }
  return [...byValue.values()];
}

/** A colour of its own for each layer: an encoded one would share the legend of the lines. */
function rules(rows: readonly object[], isLimit: boolean, x: object): object {
  const mark = isLimit ? { color: alarm, strokeDash: [6, 4], strokeWidth: 1.25 } : { color: 'currentColor', strokeDash: [4, 4], opacity: 0.7 };
  return { data: { values: rows }, mark: { type: 'rule', ...mark }, encoding: { x: { ...x, field: 'value' }, y: inPixels('top'), y2: { value: 'height' } } };
}

function labels(rows: readonly object[], x: object): readonly object[] {
  return overLines({
    data: { values: rows },
    mark: {
      type: 'text', color: 'currentColor', opacity: 0.9, baseline: 'middle', fontSize: 11, align: { expr: `datum.isRight ? 'right' : 'left'` }, dx: { expr: 'datum.isRight ? -5 : 5' },
      limit: { expr: `datum.isRight ? scale('x', datum.value) : width - scale('x', datum.value)` },
    },
    encoding: { x: { ...x, field: 'value' }, y: inPixels('middle'), text: { field: 'label' } },
  });
}

function inPixels(field: string): object {
  return { field, type: 'quantitative', scale: null, axis: null };
}
