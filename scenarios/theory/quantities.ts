/** How a person writes the numbers of a question: `900/s`, `12000/min`, `1/10ms`, `10ms`, `3y`, `0.5%`, or plain. */
import { shown } from '../../models/theory/checks.ts';
import type { NumberReader, Quantity } from '../../models/theory/parameters.ts';
import { parseProbability, parseSeconds, UnitError } from '../../sim/units.ts';

/** Reads numbers for the parameters of a model, and keeps in mind how they were written. */
export class NumbersAsWritten {
  /** The numbers that texts with a unit stood for. */
  readonly read = new Map<string, number>();
  /** Parameters whose rates or times were plain numbers, and those with units. */
  readonly plain = new Set<string>();
  readonly withUnits = new Set<string>();
  /** What to do about a value that was refused, by the value as a complaint shows it. */
  readonly hints = new Map<string, string>();
  private parameter = '';

  /** The values that are read next belong to it. */
  startParameter(name: string): void {
    this.parameter = name;
  }

  readonly number: NumberReader = (written, quantity) => {
    const timed = quantity === 'rate' || quantity === 'time';
    if (typeof written === 'number') {
      if (timed && written !== 0) this.plain.add(this.parameter);
      return written;
    }
    if (typeof written !== 'string') return undefined;
    const value = readQuantity(written, quantity);
    if (value === undefined) {
      const hint = hintFor(written, quantity);
      if (hint !== undefined) this.hints.set(shown(written), hint);
      return undefined;
    }
    if (timed) this.withUnits.add(this.parameter);
    this.read.set(written, value);
    return value;
  };
}

/** The same, for values that were read before. */
export const unitNumbers: NumberReader = (written, quantity) => (typeof written === 'number' ? written : typeof written === 'string' ? readQuantity(written, quantity) : undefined);

/** The number that a text with a unit stands for; undefined when it stands for none of this quantity. */
export function readQuantity(text: string, quantity: Quantity): number | undefined {
  switch (quantity) {
    case 'rate': return orUndefined(() => parsePerSecond(text));
    case 'time': return orUndefined(() => parseSeconds(text));
    case 'probability': return orUndefined(() => parseProbability(text));
    default: return undefined;
  }
}

const ratio = /^\s*((?:\d+(?:\.\d+)?|\.\d+)(?:e[+-]?\d+)?)\s*[A-Za-z]*\s*\/\s*(.+)$/;

/** A number per time: `900/s`, `1/10ms`, `0.04/y`. */
function parsePerSecond(text: string): number {
  const match = text.length > textMax ? null : ratio.exec(text);
  if (match === null) throw new UnitError(`${shown(text)} is not a rate`, rateHint);
  const per = /^[a-zµμ]/.test(match[2]!) ? `1${match[2]}` : match[2]!;
  const value = Number(match[1]) / parseSeconds(per);
  if (!Number.isFinite(value)) throw new UnitError(`${shown(text)} is not a rate`, rateHint);
  return value;
}

const textMax = 100;
const rateHint = 'a rate is written as in 900/s, 12000/min or 1/10ms; a plain number is per second';
const timeHint = 'a time is written as in 10ms, 1.5s or 1h30m; a plain number is in seconds';

function hintFor(text: string, quantity: Quantity): string | undefined {
  if (quantity === 'rate') return readQuantity(text, 'time') === undefined ? rateHint : `${text.trim()} is a time; ${rateHint}`;
  if (quantity === 'time') return readQuantity(text, 'rate') === undefined ? timeHint : `${text.trim()} is a rate; ${timeHint}`;
  if (quantity === 'probability') return 'a probability is written as in 0.005 or 0.5%';
  const unit = (['time', 'rate'] as const).find((other) => readQuantity(text, other) !== undefined);
  return unit === undefined ? undefined : `${text.trim()} is a ${unit}; here a number without a unit is wanted`;
}

function orUndefined(read: () => number): number | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof UnitError) return undefined;
    throw error;
  }
}
