/**
 * How a model of the catalogue describes its parameters, and how values for them are read: all problems at once, each by
 * name, with what was found and what is wanted. How a number is written is the caller's affair (`NumberReader`): a program
 * gives numbers, a command line gives `900/s` and `10ms`.
 */
import { type Impossibility, shown } from './checks.ts';

/** Rates are per second and times in seconds, or both in any other unit of time as long as it is the same one. */
export type Quantity = 'rate' | 'time' | 'count' | 'probability' | 'number';

/** The number that something written stands for; undefined when it stands for none of this quantity. */
export type NumberReader = (written: unknown, quantity: Quantity) => number | undefined;

export const plainNumbers: NumberReader = (written) => (typeof written === 'number' ? written : undefined);

export interface Reading {
  readonly number: NumberReader;
  readonly problems: Impossibility[];
}

export interface Parameter<T = unknown> {
  readonly about: string;
  /** What may stand there, with its unit, as it is said in a complaint. */
  readonly wanted: string;
  /** Of a single number; absent where there is more to it. */
  readonly quantity?: Quantity;
  readonly isOptional: boolean;
  /** As it would be written, for help and for the example of its model; together they are a system that somebody may have. */
  readonly example: string;
  /** The example has it although it may be left out, since without it the model says little. */
  readonly isInExample?: boolean;
  /** What it is when it is left out; absent when there is no such value. */
  readonly fallback?: T;
  /** Adds to the problems of the reading what is wrong with a value; what is returned then is of no use. */
  read(written: unknown, at: string, reading: Reading): T;
}

export type Parameters = Readonly<Record<string, Parameter>>;
export type Values<P extends Parameters> = { readonly [K in keyof P]: P[K] extends Parameter<infer T> ? T : never };

const unitOf: Readonly<Record<Quantity, string>> = { rate: ' in 1/s', time: ' in s', count: '', probability: '', number: '' };

/** A number of a quantity within bounds; `excluded` are bounds that it must not meet. */
function numeric(about: string, quantity: Quantity, example: string, wanted: string, accepts: (value: number) => boolean): Parameter<number> {
  const full = `${wanted}${unitOf[quantity]}`;
  return {
    about, wanted: full, quantity, isOptional: false, example,
    read(written, at, { number, problems }) {
      const value = number(written, quantity);
      if (value === undefined || Number.isNaN(value) || !accepts(value)) problems.push({ parameter: at, found: shown(written), wanted: full });
      return value ?? NaN;
    },
  };
}

const isFinitePositive = (value: number): boolean => value > 0 && value < Infinity;
const isFiniteNotNegative = (value: number): boolean => value >= 0 && value < Infinity;

export const rate = (about: string, example = '0.8') => numeric(about, 'rate', example, 'a rate above zero', isFinitePositive);
/** Zero is allowed: something that never happens. */
export const rateOrZero = (about: string, example = '0.1') => numeric(about, 'rate', example, 'a rate of zero or above', isFiniteNotNegative);
export const time = (about: string, example = '1') => numeric(about, 'time', example, 'a time above zero', isFinitePositive);
export const timeOrZero = (about: string, example = '1') => numeric(about, 'time', example, 'a time of zero or above', isFiniteNotNegative);
export const probability = (about: string, example = '0.1') => numeric(about, 'probability', example, 'a probability from 0 to 1', (value) => value >= 0 && value <= 1);
/** Of a quantile: at 1 there is none. */
export const quantileOrder = (about: string, example = '0.99') => inExample(numeric(about, 'probability', example, 'a probability from 0 to below 1', (value) => value >= 0 && value < 1));
export const positive = (about: string, example = '1') => numeric(about, 'number', example, 'a number above zero', isFinitePositive);
export const notNegative = (about: string, example = '1') => numeric(about, 'number', example, 'a number of zero or above', isFiniteNotNegative);
export const whole = (about: string, min = 1, max = Number.MAX_SAFE_INTEGER, example = String(Math.max(min, 2))) =>
  numeric(about, 'count', example, max === Number.MAX_SAFE_INTEGER ? `a whole number, ${min} or above` : `a whole number from ${min} to ${max}`,
    (value) => Number.isSafeInteger(value) && value >= min && value <= max);

/** Even if it may be left out, the example of its model has it. */
export function inExample<T>(parameter: Parameter<T>): Parameter<T> {
  return { ...parameter, isInExample: true };
}

/** It may be left out (or null); then it is undefined. */
export function optional<T>(parameter: Parameter<T>): Parameter<T | undefined> {
  return { ...parameter, isOptional: true, read: (written, at, reading) => (written === undefined || written === null ? undefined : parameter.read(written, at, reading)) };
}

/** It may be left out (or null); then it is the given value. */
export function withDefault<T>(parameter: Parameter<T>, fallback: T): Parameter<T> {
  return { ...parameter, fallback, isOptional: true, read: (written, at, reading) => (written === undefined || written === null ? fallback : parameter.read(written, at, reading)) };
}

/** One of some words. */
export function choice<const W extends string>(about: string, words: readonly W[]): Parameter<W> {
  const wanted = `one of ${words.join(', ')}`;
  return {
    about, wanted, isOptional: false, example: words[0]!,
    read(written, at, { problems }) {
      const found = words.find((word) => word === written);
      if (found === undefined) problems.push({ parameter: at, found: shown(written), wanted });
      return found ?? words[0]!;
    },
  };
}

/** A list is not read beyond this: whoever gives more has not meant it. */
const listMax = 100_000;

export function list<T>(about: string, of: Parameter<T>, min = 1): Parameter<readonly T[]> {
  const wanted = `a list of ${min} or more, each ${of.wanted}`;
  return {
    about, wanted, isOptional: false, example: `[${of.example}, ${of.example}]`,
    read(written, at, reading) {
      if (!Array.isArray(written) || written.length < min || written.length > listMax) {
        reading.problems.push({ parameter: at, found: shown(written), wanted });
        return [];
      }
      return written.map((each, index) => of.read(each, `${at}.${index}`, reading));
    },
  };
}

/** A square table, row by row. */
export function squareMatrix<T>(about: string, of: Parameter<T>): Parameter<readonly (readonly T[])[]> {
  const rows = list(about, list(about, of));
  const wanted = `a square table of numbers, row by row, each ${of.wanted}`;
  return {
    ...rows, wanted,
    read(written, at, reading) {
      const before = reading.problems.length;
      const table = rows.read(written, at, reading);
      if (reading.problems.length === before && table.some((row) => row.length !== table.length)) reading.problems.push({ parameter: at, found: 'a table that is not square', wanted });
      return table;
    },
  };
}

/** An object with named parts; others are refused. */
export function record<P extends Parameters>(about: string, parts: P): Parameter<Values<P>> {
  const wanted = `an object with ${Object.keys(parts).join(', ')}`;
  const example = `{${Object.entries(parts).map(([name, part]) => `${name}: ${part.example}`).join(', ')}}`;
  return {
    about, wanted, isOptional: false, example,
    read(written, at, reading) {
      if (typeof written !== 'object' || written === null || Array.isArray(written)) {
        reading.problems.push({ parameter: at, found: shown(written), wanted });
        return {} as Values<P>;
      }
      return readParts(parts, written as Readonly<Record<string, unknown>>, `${at}.`, reading);
    },
  };
}

/** Values for all of some parameters; what is not among them is a problem. */
export function readParts<P extends Parameters>(parts: P, written: Readonly<Record<string, unknown>>, prefix: string, reading: Reading): Values<P> {
  for (const name of Object.keys(written)) {
    if (!Object.hasOwn(parts, name)) reading.problems.push({ parameter: `${prefix}${name}`, found: 'not a parameter', wanted: `one of ${Object.keys(parts).join(', ')}` });
  }
  const values = Object.entries(parts).map(([name, part]) => [name, part.read(Object.hasOwn(written, name) ? written[name] : undefined, `${prefix}${name}`, reading)]);
  return Object.fromEntries(values) as Values<P>;
}
