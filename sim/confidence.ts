/** Confidence intervals: how sure a simulated number is. */
import { incompleteBeta, logGamma, normalCumulative, normalDensity } from './special-functions.ts';

/** Fewer batches than this say too little about their own spread. */
const valuesMin = 5;

/** The interval of a mean from independent values (batch means, replications); null for fewer than five values. */
export function meanInterval(values: readonly number[], level = 0.95): [number, number] | null {
  if (values.length < valuesMin) return null;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) * (value - mean), 0);
  const error = Math.sqrt(squares / (values.length - 1) / values.length);
  const reach = studentQuantile((1 + level) / 2, values.length - 1) * error;
  return [mean - reach, mean + reach];
}

/** Observations that belong together: how many, and their sum. */
export interface Batch {
  readonly sum: number;
  readonly count: number;
}

/**
 * The interval of the mean of all observations, from batches of unequal size: each weighs by its count, so that the
 * interval is about that mean (the ratio estimator; Cochran, Sampling Techniques, 3rd ed., 6.4). For batches of equal size
 * it is that of their means. Null for fewer than five.
 */
export function batchedMeanInterval(batches: readonly Batch[], level = 0.95): [number, number] | null {
  if (batches.length < valuesMin) return null;
  const count = batches.reduce((total, batch) => total + batch.count, 0);
  const mean = batches.reduce((total, batch) => total + batch.sum, 0) / count;
  const squares = batches.reduce((total, batch) => {
    const excess = (batch.sum - mean * batch.count) / count;
    return total + excess * excess;
  }, 0);
  const error = Math.sqrt((squares * batches.length) / (batches.length - 1));
  const reach = studentQuantile((1 + level) / 2, batches.length - 1) * error;
  return [mean - reach, mean + reach];
}

/** Wilson's interval of a probability: it stays between 0 and 1, and says something even when nothing was seen. */
export function proportionInterval(successes: number, trials: number, level = 0.95): [number, number] | null {
  if (trials === 0) return null;
  const z = normalQuantile((1 + level) / 2);
  const share = successes / trials;
  const shrink = 1 + (z * z) / trials;
  const centre = (share + (z * z) / (2 * trials)) / shrink;
  const reach = (z / shrink) * Math.sqrt((share * (1 - share)) / trials + (z * z) / (4 * trials * trials));
  return [successes === 0 ? 0 : centre - reach, successes === trials ? 1 : centre + reach];
}

/** The value that Student's t with these degrees of freedom stays below with probability p. */
export function studentQuantile(p: number, degreesOfFreedom: number): number {
  if (!(degreesOfFreedom > 0)) throw new RangeError(`degrees of freedom are above zero, not ${degreesOfFreedom}`);
  if (degreesOfFreedom === Infinity) return normalQuantile(p);
  const half = degreesOfFreedom / 2;
  const logScale = logGamma(half + 0.5) - logGamma(half) - 0.5 * Math.log(degreesOfFreedom * Math.PI);
  return symmetricQuantile(p, {
    tail: (t) => 0.5 * incompleteBeta(degreesOfFreedom / (degreesOfFreedom + t * t), half, 0.5),
    density: (t) => Math.exp(logScale - (half + 0.5) * Math.log1p((t * t) / degreesOfFreedom)),
  });
}

/** The value that a standard normal stays below with probability p. */
export function normalQuantile(p: number): number {
  return symmetricQuantile(p, { tail: (t) => 1 - normalCumulative(t), density: normalDensity });
}

/** P(X > t), and the density, of a law that is symmetric about zero and falls from there. */
interface SymmetricLaw {
  tail(t: number): number;
  density(t: number): number;
}

/** Newton's method from zero: right of it the law is concave, so no step goes beyond the solution. */
function symmetricQuantile(p: number, law: SymmetricLaw): number {
  if (!(p > 0 && p < 1)) throw new RangeError(`a probability between 0 and 1 is wanted, not ${p}`);
  if (p < 0.5) return -symmetricQuantile(1 - p, law);
  let t = 0;
  for (let step = 0; step < 200; step++) {
    const next = t + (law.tail(t) - (1 - p)) / law.density(t);
    if (!(next > t * (1 + 1e-14))) break;
    t = next;
  }
  return t;
}
