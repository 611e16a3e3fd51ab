/** Means and percentiles, in the same way for what was recorded and what is simulated. */

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Between two neighbours in order, by their distance. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = Float64Array.from(values).sort();
  const place = share * (sorted.length - 1);
  const below = Math.floor(place);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below]! + (place - below) * (sorted[above]! - sorted[below]!);
}

export const median = (values: readonly number[]): number => percentile(values, 0.5);

export function countBy<T>(items: readonly T[], keyOf: (item: T) => number, keys: number): number[] {
  const counts = new Array<number>(keys).fill(0);
  for (const item of items) counts[keyOf(item)]!++;
  return counts;
}
