/** A walk that goes up or down by one until it meets an end. */
import { requireProbability, requireWhole } from '../checks.ts';
import { logQuotient } from '../numerics/products.ts';

export interface Gamble {
  /** Of a step up. */
  readonly upProbability: number;
  /** The upper end; the lower one is 0. */
  readonly goal: number;
  readonly start: number;
}

/**
 * The probability that the walk comes to the goal before it comes to 0: (1 − r^k)/(1 − r^N) with r = (1−p)/p, written so that
 * nothing overflows or cancels, also where p is near ½. Relative error about 1e-16 times the larger of 10 and the logarithm of
 * the result.
 *
 * @throws ImpossibleParameters
 */
export function gamblersRuin({ upProbability, goal, start }: Gamble): number {
  requireProbability('upProbability', upProbability);
  requireWhole('goal', goal, 1);
  requireWhole('start', start, 0, goal);
  if (start === 0 || start === goal) return start === 0 ? 0 : 1;
  if (upProbability === 0) return 0;
  const logRatio = logQuotient(1 - upProbability, upProbability, 1 - 2 * upProbability);
  if (logRatio === 0) return start / goal;
  if (logRatio < 0) return Math.expm1(start * logRatio) / Math.expm1(goal * logRatio);
  return (Math.exp((start - goal) * logRatio) * Math.expm1(-start * logRatio)) / Math.expm1(-goal * logRatio);
}
