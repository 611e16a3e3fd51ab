/** What all charts share: colours, axes, units, and the time axis. Every chart is a Vega-Lite spec. */
import type { Config, TopLevelSpec } from 'vega-lite';
import { count, rate, seconds, share } from './numbers.ts';

/** Width that charts are drawn at for the page without scripts; with scripts they follow their container. */
export const drawnWidth = 1000;

/** Of middling lightness, so that they stand out from a white and from a black page; told apart by the colour-blind in this order. */
export const palette = ['#3b82c4', '#d0701a', '#8f63cf', '#2b9570', '#cc4b5c', '#93803a', '#c45499', '#2a94a8'] as const;
export const alarm = '#d2404f';

/** Text and lines take the colour of the page around them, which makes one drawing fit light, dark and paper. */
export const config: Config = {
  background: 'transparent',
  aria: false,
  font: 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif',
  padding: { left: 2, right: 8, top: 4, bottom: 2 },
  view: { stroke: null },
  axis: {
    labelColor: 'currentColor', titleColor: 'currentColor', domainColor: 'currentColor', tickColor: 'currentColor', gridColor: 'currentColor',
    gridOpacity: 0.13, domainOpacity: 0.5, tickOpacity: 0.5, labelFontSize: 11, titleFontSize: 11, titleFontWeight: 'normal', titleOpacity: 0.75,
    labelOpacity: 0.85,
  },
  // A fixed extent lines up the plots of all charts, one under another.
  axisY: { minExtent: 50, maxExtent: 50, domain: false, ticks: false, labelPadding: 6 },
  axisX: { grid: false },
  legend: {
    labelColor: 'currentColor', titleColor: 'currentColor', labelFontSize: 12, title: null, orient: 'top', direction: 'horizontal',
    symbolType: 'stroke', symbolSize: 240, symbolStrokeWidth: 2.5, labelLimit: 220, columnPadding: 18,
  },
};

/** How a quantity is labelled on an axis, in a tooltip (expressions for the drawing) and in a table. */
export interface ChartUnit {
  readonly axisTitle: string;
  /** An expression over `datum.value`. */
  readonly axisLabel: string;
  /** An expression that prints the value of another expression. */
  readonly tip: (value: string) => string;
  readonly print: (value: number | null) => string;
  /** How far a linear axis goes at least. */
  readonly least: number;
}
/** `15k`, but `0.5`: a half of a message is nobody's 500m. */
const short = `format(datum.value, datum.value < 1 ? '~r' : '~s')`;
export const units = {
  perSecond: { axisTitle: 'messages per second', axisLabel: short, tip: (value) => `format(${value}, ',.4~r') + '/s'`, print: rate, least: 0 },
  seconds: { axisTitle: 'time, log scale', axisLabel: `format(datum.value, '~s') + 's'`, tip: (value) => `format(${value}, '.3s') + 's'`, print: seconds, least: 0 },
  share: {
    axisTitle: 'share of servers busy', axisLabel: `format(datum.value, '.0%')`, tip: (value) => `format(${value}, '.1%')`,
    print: (value: number | null) => (value === null ? seconds(null) : share(value)), least: 1,
  },
  messages: { axisTitle: 'messages', axisLabel: short, tip: (value) => `format(${value}, ',.4~r')`, print: count, least: 0 },
} as const satisfies Record<string, ChartUnit>;

/** The unit of the time axis of a run: seconds up to half an hour, then minutes, hours, days. */
export interface TimeAxis {
  readonly unit: 's' | 'min' | 'h' | 'd';
  readonly secondsPerUnit: number;
  /** Where the axis ends, in its unit. */
  readonly length: number;
}
export function timeAxis(length: number): TimeAxis {
  if (length <= 1800) return { unit: 's', secondsPerUnit: 1, length };
  if (length <= 6 * 3600) return { unit: 'min', secondsPerUnit: 60, length: length / 60 };
  if (length <= 7 * 86_400) return { unit: 'h', secondsPerUnit: 3600, length: length / 3600 };
  return { unit: 'd', secondsPerUnit: 86_400, length: length / 86_400 };
}

/** A vertical axis: where it begins and ends, and its marks where the drawing should not choose them. */
export interface Extent {
  readonly scale: { readonly type: 'linear' | 'log'; readonly domain: readonly [number, number]; readonly nice: boolean };
  readonly ticks: readonly number[] | null;
}

export function linearExtent(values: readonly number[], atLeast: number): Extent {
  const largest = values.reduce((most, value) => Math.max(most, value), atLeast);
  return { scale: { type: 'linear', domain: [0, largest > 0 ? largest : 1], nice: true }, ticks: null };
}

/** From the 1, 2 or 5 below the smallest to the one above the largest; marks at the powers of ten, or at each where those are few. */
export function logExtent(values: readonly number[]): Extent {
  const smallest = values.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY);
  const largest = values.reduce((most, value) => Math.max(most, value), 0);
  const steps = roundSteps(Math.floor(Math.log10(smallest)) - 1, Math.ceil(Math.log10(largest)) + 1);
  const low = steps.filter((step) => step <= smallest).at(-1)!;
  const high = steps.find((step) => step >= largest && step > low)!;
  const inside = steps.filter((step) => low <= step && step <= high);
  const powers = inside.filter((step) => /^1(e|0*$)|^0\.0*1$/.test(String(step)));
  return { scale: { type: 'log', domain: [low, high], nice: false }, ticks: powers.length >= 3 ? powers : inside };
}

/** 1, 2 and 5 times each power of ten, exactly as written. */
function roundSteps(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => [1, 2, 5].map((digit) => Number(`${digit}e${from + index}`))).flat();
}

/** As many entries side by side as there is room for; `offset` is the distance to the plot in pixels. */
export function legend(names: readonly string[], offset: number): object {
  const longest = names.reduce((most, name) => Math.max(most, name.length), 0);
  const entryWidth = Math.min(220, longest * 9) + 50;
  // Not from `width`, which follows from the layout of the legend, and would be late.
  return { offset, columns: { expr: `max(1, floor((room - 70) / ${entryWidth}))` } };
}

/** An expression that is this value, whatever characters its texts have: two of them end a string there, but not in JSON. */
export function literal(value: string | Readonly<Record<string, string>>): string {
  return JSON.stringify(value).replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029');
}

/** Numbers of a picture need no more digits than a screen has; the download has them all. */
export function drawn(value: number | null): number | null {
  return value === null ? null : Number(value.toPrecision(5));
}

/** Text that may lie on lines: broadly in the colour of the page first, so that no line runs through its letters. */
export function overLines<Text extends { readonly mark: object }>(text: Text): readonly [halo: Text, text: Text] {
  return [{ ...text, mark: { ...text.mark, opacity: 1, color: 'var(--paper)', stroke: 'var(--paper)', strokeWidth: 4, strokeJoin: 'round' } }, text];
}

export type Layer = Extract<TopLevelSpec, { layer: unknown }>['layer'][number];
