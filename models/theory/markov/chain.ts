/** What a Markov chain is given as: a square table, row = from, column = to. States count from 0. */
import { refuse, refuseDescribed, requireWhole } from '../checks.ts';
import { sumOf } from '../numerics/sums.ts';

/** Rates (1/time unit) of a continuous chain, or probabilities of a discrete one. */
export type Table = readonly (readonly number[])[];

/** A state, or a probability for each state. */
export type Start = number | readonly number[];

/** Rows of probabilities may miss 1 by this much: they were written with so many digits. */
const sumTolerance = 1e-9;

/** Off-diagonal entries are rates of zero or above; the diagonal is not looked at. @throws ImpossibleParameters */
export function requireRates(parameter: string, rates: Table): void {
  requireSquare(parameter, rates);
  rates.forEach((row, from) => row.forEach((rate, to) => {
    if (from !== to && !(rate >= 0 && rate < Infinity)) refuse(`${parameter}.${from}.${to}`, rate, 'a rate of zero or above (1/s)');
  }));
}

/** @throws ImpossibleParameters */
export function requireTransitionProbabilities(parameter: string, probabilities: Table): void {
  requireSquare(parameter, probabilities);
  probabilities.forEach((row, from) => requireDistribution(`${parameter}.${from}`, row));
}

/** @throws ImpossibleParameters */
export function requireDistribution(parameter: string, probabilities: readonly number[]): void {
  probabilities.forEach((probability, state) => {
    if (!(probability >= 0 && probability <= 1)) refuse(`${parameter}.${state}`, probability, 'a probability from 0 to 1');
  });
  const sum = sumOf(probabilities);
  if (!(Math.abs(sum - 1) <= sumTolerance)) refuseDescribed(parameter, `a list with the sum ${sum}`, 'a list of probabilities with the sum 1');
}

/** The probabilities of the states at the start. @throws ImpossibleParameters */
export function distributionOf(parameter: string, start: Start, size: number): number[] {
  if (typeof start === 'number') {
    requireWhole(parameter, start, 0, size - 1);
    return Array.from({ length: size }, (_, state) => (state === start ? 1 : 0));
  }
  if (start.length !== size) refuseDescribed(parameter, `a list of ${start.length}`, `a state, or a list of ${size}, a probability for each state,`);
  requireDistribution(parameter, start);
  return [...start];
}

/** @throws ImpossibleParameters */
export function requireStates(parameter: string, states: readonly number[], size: number): void {
  if (states.length === 0) refuseDescribed(parameter, 'an empty list', 'at least one state');
  states.forEach((state, index) => {
    requireWhole(`${parameter}.${index}`, state, 0, size - 1);
    if (states.indexOf(state) < index) refuse(`${parameter}.${index}`, state, 'a state that is not in the list yet');
  });
}

function requireSquare(parameter: string, table: Table): void {
  if (table.length === 0 || table.some((row) => row.length !== table.length)) refuseDescribed(parameter, `a table of ${table.length} rows that is not square`, 'a square table, row by row');
}

/** The sum of what leads from a state to others. */
export function outflow(row: readonly number[], state: number): number {
  let sum = 0;
  for (let to = 0; to < row.length; to++) if (to !== state) sum += row[to]!;
  return sum;
}
