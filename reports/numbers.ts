/** How numbers are printed: with their unit, and to about three significant digits. Nothing here depends on a locale. */
import type { Num } from '../scenarios/result.ts';
import { formatDuration, nanosPerSecond } from '../sim/units.ts';

export type Unit = 's' | '/s' | '';

export const notObserved = 'not observed';
const infinity = '∞';

/** A length of time: `35 ms`, `1.5 s`, `312 s`. Seconds stay seconds, so that they can be found on a chart's axis. */
export function seconds(value: Num): string {
  if (value === null) return notObserved;
  if (value === 'Infinity') return infinity;
  if (value === 0) return '0 s';
  // Rounded before its unit is chosen: 999.99 ms are 1 s.
  if (Math.abs(value) < 100) return signed(formatDuration(Number(value.toPrecision(3)) * nanosPerSecond));
  return `${significant(value)} s`;
}

/** A point in simulated time: `120 s`, `1,234.5 s`. Not rounded to three digits, because a later one would lose its place. */
export function instant(value: number): string {
  return `${decimal(value, Math.abs(value) < 1 ? 4 : 2)} s`;
}

export function rate(value: Num): string {
  return quantity(value, '/s');
}

export function quantity(value: Num, unit: Unit): string {
  if (unit === 's') return seconds(value);
  if (value === null) return notObserved;
  if (value === 'Infinity') return infinity;
  return `${significant(value)}${unit}`;
}

/** A whole number in full; the mean of counts to three digits. */
export function count(value: Num): string {
  if (value === null) return notObserved;
  if (value === 'Infinity') return infinity;
  return Number.isInteger(value) ? grouped(String(value)) : significant(value);
}

/** A part of a whole: `58.3 %`; never `0 %` for something that did happen. */
export function share(value: number): string {
  const percent = value * 100;
  if (percent > 0 && percent < 0.01) return '<0.01 %';
  if (percent > 99.99 && percent < 100) return '>99.99 %';
  if (percent > 0 && percent < 1) return `${decimal(percent, 2)} %`;
  if (percent > 99 && percent < 100) return `${decimal(percent, 2)} %`;
  return `${significant(percent)} %`;
}

export function interval(bounds: readonly [number, number] | null, unit: Unit): string {
  return bounds === null ? '–' : `${quantity(bounds[0], unit)} to ${quantity(bounds[1], unit)}`;
}

export function plural(amount: number, one: string, many: string = `${one}s`): string {
  return `${count(amount)} ${amount === 1 ? one : many}`;
}

/** An offered load: `1 erlang`, `7.04 erlangs`. */
export function erlangs(load: number): string {
  const text = significant(load);
  return `${text} ${text === '1' ? 'erlang' : 'erlangs'}`;
}

/** Three significant digits; everyday sizes without an exponent. */
export function significant(value: number): string {
  const size = Math.abs(value);
  if (size !== 0 && (size >= 1e12 || size < 1e-3)) return signed(value.toExponential(2));
  return size >= 100 ? grouped(String(Math.round(value))) : signed(String(Number(value.toPrecision(3))));
}

function decimal(value: number, places: number): string {
  const [whole, fraction] = String(Number(value.toFixed(places))).split('.');
  return grouped(whole!) + (fraction === undefined ? '' : `.${fraction}`);
}

function grouped(whole: string): string {
  return signed(whole.replace(/\B(?=(\d{3})+$)/g, ','));
}

function signed(text: string): string {
  return text.replace(/^-/, '−');
}
