/** Mean and variance of the time until a Markov chain leaves some states. */
import { outflow, type Table } from './chain.ts';
import type { Elimination } from './elimination.ts';

export interface TimeMoments {
  /** From each of the states that are left; in s, or in steps of a discrete chain. */
  readonly means: Float64Array;
  readonly secondMoments: Float64Array;
  readonly variances: Float64Array;
}

/** Below this share of the second moment, a variance has lost digits by being computed as E[T²] − E[T]². */
const enoughSpread = 0.1;

/** Of the states of an elimination, all of which are left with certainty. The chain has ended in all others. */
export function timeMoments(table: Table, elimination: Elimination, isDiscrete: boolean): TimeMoments {
  const { states } = elimination;
  const means = elimination.solve(states.map(() => 1));
  // Continuous: E[T²] solves −T x = 2m. Discrete: (I − Q) x = 2m − 1, and every m is 1 or more.
  const secondMoments = elimination.solve(means.map((mean) => (isDiscrete ? 2 * mean - 1 : 2 * mean)));
  // Narrow laws: the variances of the single steps and of where they lead add up over all visits.
  const meansLeft = new Float64Array(table.length);
  states.forEach((state, row) => { meansLeft[state] = means[row]!; });
  const narrow = elimination.solve(states.map((state) => stepVariance(table[state]!, state, meansLeft, isDiscrete)));
  const variances = secondMoments.map((second, row) => {
    const difference = second - means[row]! * means[row]!;
    return difference >= enoughSpread * second ? difference : narrow[row]!;
  });
  return { means, secondMoments, variances };
}

/** The variance of one stay and of the mean time that is left after it: per step, or per unit of time of a continuous chain. */
function stepVariance(from: readonly number[], state: number, meansLeft: ArrayLike<number>, isDiscrete: boolean): number {
  const out = outflow(from, state);
  const staying = isDiscrete ? from[state]! : 0;
  const weightOf = (other: number) => (other === state ? staying : from[other]!);
  let meanAfter = 0;
  for (let other = 0; other < from.length; other++) meanAfter += weightOf(other) / (out + staying) * meansLeft[other]!;
  let variance = isDiscrete ? 0 : 1 / out;
  for (let other = 0; other < from.length; other++) {
    const deviation = meansLeft[other]! - meanAfter;
    variance += weightOf(other) * deviation * deviation;
  }
  return variance;
}
