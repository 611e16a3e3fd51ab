/** Birth–death chains: the stationary law on the states 0 … last. */
import { requireWhole } from './checks.ts';
import { CompensatedSum } from './numerics/sums.ts';

interface BirthDeathParameters {
  /** Up from n, for 0 ≤ n < last; never rising with n. */
  readonly birthRate: (n: number) => number;
  /** Down from n, for 0 < n ≤ last; never falling with n. */
  readonly deathRate: (n: number) => number;
  readonly last: number;
}

interface StationaryLaw {
  /** The first state whose probability is above the least number. */
  readonly first: number;
  /** Of `first`, `first + 1`, …; all others are below the least number. */
  readonly probabilities: Float64Array;
  probability(n: number): number;
}

/** Far below what a sum notices, and far enough above the least number that products of two rates stay in range. */
const negligible = 1e-300;

/**
 * Weights begin with 1 at the likeliest state and go outward by ratios, so nothing overflows and no digits are lost, however
 * large the chain: relative error about 1e-16 for each step from there. It costs the width of the distribution.
 */
export function stationaryLaw({ birthRate, deathRate, last }: BirthDeathParameters): StationaryLaw {
  requireWhole('last', last, 0);
  const mode = modeOf(last, (n) => birthRate(n - 1) >= deathRate(n));
  const below = outward(mode, (n) => (n > 0 ? deathRate(n) / birthRate(n - 1) : 0), -1);
  const above = outward(mode, (n) => (n < last ? birthRate(n) / deathRate(n + 1) : 0), 1);
  const weights = [...below.reverse(), 1, ...above];
  const sum = new CompensatedSum();
  for (const weight of weights) sum.add(weight);
  const first = mode - below.length;
  const probabilities = Float64Array.from(weights, (weight) => weight / sum.value);
  return { first, probabilities, probability: (n) => probabilities[n - first] ?? 0 };
}

/** The weights beside the mode, in the order of their distance. */
function outward(mode: number, ratio: (n: number) => number, direction: 1 | -1): number[] {
  const weights: number[] = [];
  let weight = 1;
  for (let n = mode; (weight *= ratio(n)) > negligible; n += direction) weights.push(weight);
  return weights;
}

/** The last n that is at least as likely as n − 1, by halving. */
function modeOf(last: number, isRising: (n: number) => boolean): number {
  let low = 0;
  let high = last + 1;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (isRising(middle)) low = middle;
    else high = middle;
  }
  return low;
}
