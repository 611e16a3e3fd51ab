/** What a formula cannot answer: refused by name and unit, never by a NaN. */

export interface Impossibility {
  /** As the caller named it: `arrivalRate`, or `lambdas.1` for the second of a list. */
  readonly parameter: string;
  readonly found: string;
  /** What may stand there, with its unit. */
  readonly wanted: string;
}

export class ImpossibleParameters extends RangeError {
  readonly problems: readonly Impossibility[];

  constructor(problems: readonly Impossibility[]) {
    super(problems.map(({ parameter, found, wanted }) => `${parameter} is ${found}; ${wanted} is wanted`).join('\n'));
    this.name = 'ImpossibleParameters';
    this.problems = problems;
  }
}

/** @throws ImpossibleParameters always */
export function refuse(parameter: string, found: unknown, wanted: string): never {
  throw new ImpossibleParameters([{ parameter, found: shown(found), wanted }]);
}

/** As `refuse`, for what is better described than shown: `a list of 3`. @throws ImpossibleParameters always */
export function refuseDescribed(parameter: string, found: string, wanted: string): never {
  throw new ImpossibleParameters([{ parameter, found, wanted }]);
}

/** A finite number above zero; `unit` as in `1/s`. @throws ImpossibleParameters */
export function requirePositive(parameter: string, value: number, unit = ''): void {
  if (!(value > 0 && value < Infinity)) refuse(parameter, value, `a number above zero${unit === '' ? '' : ` (${unit})`}`);
}

/** A finite number, zero or above. @throws ImpossibleParameters */
export function requireNotNegative(parameter: string, value: number, unit = ''): void {
  if (!(value >= 0 && value < Infinity)) refuse(parameter, value, `a number of zero or above${unit === '' ? '' : ` (${unit})`}`);
}

/** @throws ImpossibleParameters */
export function requireWhole(parameter: string, value: number, min: number, max = Number.MAX_SAFE_INTEGER): void {
  if (!(Number.isSafeInteger(value) && value >= min && value <= max)) {
    refuse(parameter, value, max === Number.MAX_SAFE_INTEGER ? `a whole number, ${min} or above` : `a whole number from ${min} to ${max}`);
  }
}

/** 0 and 1 included. @throws ImpossibleParameters */
export function requireProbability(parameter: string, value: number): void {
  if (!(value >= 0 && value <= 1)) refuse(parameter, value, 'a probability from 0 to 1');
}

/** The order of a quantile: 0 included, 1 not. @throws ImpossibleParameters */
export function requireQuantileOrder(parameter: string, value: number): void {
  if (!(value >= 0 && value < 1)) refuse(parameter, value, 'a probability from 0 to below 1');
}

const shownMax = 60;

/** A value as it is named in a complaint; what is long is cut. */
export function shown(value: unknown): string {
  if (value === undefined) return 'missing';
  const text = typeof value === 'string' ? JSON.stringify(value) : typeof value === 'object' && value !== null ? (Array.isArray(value) ? 'a list' : 'an object') : String(value);
  return text.length > shownMax ? `${text.slice(0, shownMax)}…` : text;
}
