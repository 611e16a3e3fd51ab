/**
 * Statistical checks for tests with fixed seeds.
 *
 * Each check raises a false alarm with a chance of about one in a million, for a seed drawn at random; as the seeds are
 * fixed, a check that passed goes on passing until the code changes.
 */
import { normalQuantile } from '../../sim/confidence.ts';

export const falseAlarmRate = 1e-6;
/** How many standard errors an estimate may be off, on either side. */
export const zMax = normalQuantile(1 - falseAlarmRate / 2);

export interface Moments {
  readonly count: number;
  readonly mean: number;
  readonly variance: number;
  /** The fourth central moment: the variance's own standard error comes from it. */
  readonly fourth: number;
}

export function momentsOf(values: ArrayLike<number>): Moments {
  const count = values.length;
  let mean = 0;
  for (let i = 0; i < count; i++) mean += values[i] / count;
  let variance = 0;
  let fourth = 0;
  for (let i = 0; i < count; i++) {
    const square = (values[i] - mean) * (values[i] - mean);
    variance += square / count;
    fourth += (square * square) / count;
  }
  return { count, mean, variance, fourth };
}

/** Standard errors between the mean of a sample and the law's. */
export function meanError(sample: Moments, mean: number): number {
  return difference(sample.mean, mean, sample.variance, sample.count);
}

/** Standard errors between the variance of a sample and the law's. */
export function varianceError(sample: Moments, variance: number): number {
  return difference(sample.variance, variance, sample.fourth - sample.variance * sample.variance, sample.count);
}

/** Standard errors between how often something was seen and how often it was to be expected. */
export function countError(seen: number, probability: number, trials: number): number {
  return difference(seen / trials, probability, probability * (1 - probability), trials);
}

function difference(found: number, wanted: number, variance: number, count: number): number {
  // Rounding alone must not count when nothing varies.
  if (Math.abs(found - wanted) <= 1e-12 * Math.abs(wanted)) return 0;
  return (found - wanted) / Math.sqrt(variance / count);
}

/** Kolmogorov and Smirnov's distance from the law, in units of the greatest that the false alarm rate allows. */
export function kolmogorovSmirnov(values: Float64Array, cumulative: (x: number) => number): number {
  const sorted = Float64Array.from(values).sort();
  let distance = 0;
  sorted.forEach((x, index) => {
    const expected = cumulative(x);
    distance = Math.max(distance, (index + 1) / sorted.length - expected, expected - index / sorted.length);
  });
  return (distance * Math.sqrt(sorted.length)) / Math.sqrt(-Math.log(falseAlarmRate / 2) / 2);
}

/** Standard errors by which counts of equally likely cells differ from each other (chi-square, as a normal). */
export function evennessError(counts: ArrayLike<number>): number {
  const cells = counts.length;
  let total = 0;
  for (let cell = 0; cell < cells; cell++) total += counts[cell];
  let chiSquare = 0;
  for (let cell = 0; cell < cells; cell++) chiSquare += (counts[cell] - total / cells) * (counts[cell] - total / cells) / (total / cells);
  // Wilson and Hilferty: the cube root of chi-square is nearly normal.
  const spread = 2 / (9 * (cells - 1));
  return (Math.cbrt(chiSquare / (cells - 1)) - (1 - spread)) / Math.sqrt(spread);
}

export function drawMany(count: number, draw: () => number): Float64Array {
  const values = new Float64Array(count);
  for (let i = 0; i < count; i++) values[i] = draw();
  return values;
}
