/** Waits that are a random number of exponential phases: whoever finds j before it waits for j + 1 departures. */
import { poissonMass } from './numerics/special-functions.ts';
import { quantileOfLogTail } from './numerics/roots.ts';

interface PhaseMixture {
  /** R_i = P(more than i phases), which falls with i; its logarithm is concave. */
  readonly moreThan: (i: number) => number;
  /** There are never more phases than this. */
  readonly phasesMax: number;
  readonly phaseRate: number;
  /** Of those that wait: where the search for a quantile begins. */
  readonly phasesMean: number;
}

/**
 * P(wait > t) = Σ_i e^{−x} x^i/i! R_i, x = νt: positive terms, begun at the largest and walked outward, so that it costs some
 * times √x however many phases there may be (and nothing where all terms are below the least number). Relative error about 1e-13.
 */
export function phaseMixtureTail({ moreThan, phasesMax, phaseRate }: PhaseMixture, t: number): number {
  const x = phaseRate * t;
  if (phasesMax === 0) return 0;
  if (x === 0) return moreThan(0);
  const mode = largestTerm(moreThan, phasesMax, x);
  const atMode = poissonMass(mode, x);
  let sum = atMode * moreThan(mode);
  for (let i = mode + 1, mass = atMode; i < phasesMax; i++) {
    mass *= x / i;
    const term = mass * moreThan(i);
    if (term <= sum * 1e-18) break;
    sum += term;
  }
  for (let i = mode - 1, mass = atMode; i >= 0; i--) {
    mass *= (i + 1) / x;
    const term = mass * moreThan(i);
    if (term <= sum * 1e-18) break;
    sum += term;
  }
  return sum;
}

/** The least t with P(wait ≤ t) ≥ p. */
export function phaseMixtureQuantile(mixture: PhaseMixture, p: number): number {
  return quantileOfLogTail((t) => Math.log(phaseMixtureTail(mixture, t)), p, mixture.phasesMean / mixture.phaseRate);
}

function largestTerm(moreThan: (i: number) => number, phasesMax: number, x: number): number {
  let low = 0;
  let high = phasesMax;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (x * moreThan(middle) >= middle * moreThan(middle - 1) && moreThan(middle) > 0) low = middle;
    else high = middle;
  }
  return low;
}
