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
  return { value: seen.reduce((sum, value) => sum + value, 0) / seen.length, interval: meanInterval(seen, level) };
}

/** The interval lies on both sides of the limit. */
export function isClose({ limit }: Objective, { interval }: Estimate): boolean {
  return interval !== null && interval[0] <= limit && interval[1] >= limit;
}
