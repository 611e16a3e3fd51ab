/** Windows of the measured phase gathered into batches, for confidence intervals by batch means. */
import type { Measurements } from './measurements.ts';

const batches = 20;

/** Means of up to 20 batches of the windows that lie wholly in the measured phase. */
export function batchRates(measurements: Measurements, values: readonly number[]): number[] {
  const { width, times, measuredFrom, measuredUntil } = measurements;
  const inside = values.filter((_value, index) => times[index]! - width >= measuredFrom && times[index]! <= measuredUntil);
  const size = Math.floor(inside.length / batches);
  if (size === 0) return [];
  return Array.from({ length: batches }, (_, batch) => {
    const part = inside.slice(batch * size, (batch + 1) * size);
    return part.reduce((sum, value) => sum + value, 0) / part.length;
  });
}
