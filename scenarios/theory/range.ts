/** A parameter that takes one value after another: `c=10..20`, `lambda=100/s..900/s:9`. */
import { shown } from '../../models/theory/checks.ts';
import type { NumberReader, Quantity } from '../../models/theory/parameters.ts';
import type { TheoryProblem } from './problem.ts';

const pattern = /^([^[\]{}"']+?)\.\.([^[\]{}"':]+)(?::([^[\]{}"':]*))?$/;
const textMax = 200;

export function isRange(text: string): boolean {
  return text.length <= textMax && pattern.test(text);
}

/** More points are no picture, and take long. */
const pointsMax = 1000;
/** Where nobody says how many, for quantities that are not counted: steps of a twentieth. */
const pointsUsual = 21;

/** The values from the first to the last; or what is wrong. */
export function readRange(about: string, text: string, quantity: Quantity, number: NumberReader): readonly number[] | TheoryProblem {
  const [first, last, steps] = pattern.exec(text)!.slice(1).map((part: string | undefined) => part?.trim());
  const example = quantity === 'count' ? '10..20, or 10..1000:9 for nine of them' : quantity === 'time' ? '10ms..50ms:9' : quantity === 'probability' ? '0.5..0.99:9' : '100/s..900/s:9';
  const refused = (found: string, wanted: string): TheoryProblem => ({ about, found, wanted, hint: `a range is written as in ${about}=${example}` });
  const from = endOf(withUnitOf(last!, first!), quantity, number);
  const to = endOf(last!, quantity, number);
  if (from === undefined || to === undefined) return refused(`the range ${shown(text)}`, `a ${quantity} on both sides of the dots`);
  if (!(from < to && to - from < Infinity)) return refused(`the range ${shown(text)}`, 'a range from a smaller to a larger value');
  const points = steps === undefined ? (quantity === 'count' ? to - from + 1 : pointsUsual) : Number(steps);
  if (!(Number.isInteger(points) && points >= 2 && points <= pointsMax)) return refused(steps === undefined ? `a range of ${points} values` : `a range in ${shown(steps)} points`, `from 2 to ${pointsMax} points`);
  return spread(from, to, points, quantity === 'count');
}

/** Evenly, the ends included; whole where they are counted. */
function spread(from: number, to: number, points: number, isWhole: boolean): readonly number[] {
  const values = Array.from({ length: points }, (_, index) => (index === points - 1 ? to : from + ((to - from) * index) / (points - 1)));
  return [...new Set(values.map((value) => (isWhole ? Math.round(value) : Number(value.toPrecision(12)))))];
}

function endOf(text: string, quantity: Quantity, number: NumberReader): number | undefined {
  const value = plainNumber.test(text) ? number(Number(text), quantity) : number(text, quantity);
  return value !== undefined && Number.isFinite(value) && (quantity !== 'count' || Number.isSafeInteger(value)) ? value : undefined;
}

const plainNumber = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i;

/** In `10..50ms` the ten are milliseconds, too. */
function withUnitOf(other: string, text: string): string {
  const unit = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?(?!\d)(.*)$/i.exec(other)?.[1]!.trim() ?? '';
  return plainNumber.test(text) && unit !== '' ? `${text}${unit}` : text;
}
