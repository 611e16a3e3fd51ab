/** Means over replications, which are independent of each other. */
import { meanInterval } from '../../sim/confidence.ts';
import type { Estimate } from '../capacity-result.ts';
import type { Objective } from '../objective.ts';
import type { Num } from '../result-number.ts';

export const level = 0.95;

/** Infinite as soon as one is; null when none has the value. */
export function estimateOf(values: readonly Num[]): Estimate {
  if (values.includes('Infinity')) return { value: 'Infinity', interval: null };
  const seen = values.filter((value): value is number => typeof value === 'number');
  if (seen.length === 0) return { value: null, interval: null };
  const interval = meanInterval(seen, level);
  // Nothing that is measured here is negative, whatever Student says of replications that differ much.
  return { value: seen.reduce((sum, value) => sum + value, 0) / seen.length, interval: interval && [Math.max(0, interval[0]), interval[1]] };
}

/** The interval lies on both sides of the limit. */
export function isClose({ limit }: Objective, { interval }: Estimate): boolean {
  return interval !== null && interval[0] <= limit && interval[1] >= limit;
}
