/**
 * A continuous Markov chain as a discrete one that jumps at the moments of a Poisson process: A. Jensen, Skand. Aktuarietidskr.
 * 36 (1953) 87. All terms are positive.
 */
import type { JumpChain } from './jump-chain.ts';

/** Weights below this matter to no probability that a number can hold. */
const leastWeight = 1e-300;
/** Steps between two looks at whether the distribution still changes. */
const checkedEvery = 64;

/**
 * The distribution after a time in which `jumps` jumps are expected: Σ_k e^{−x} x^k/k! v P^k. The sum goes on until what is left
 * matters not even to the least probability, or until the distribution changes no more.
 */
export function uniformised(chain: JumpChain, begin: Float64Array, jumps: number): Float64Array {
  const weights = poissonWeights(jumps);
  const result = new Float64Array(chain.size);
  let vector = begin;
  let lookedAt = begin;
  let reached = 0;
  for (let k = 0; k < weights.length; k++) {
    add(result, weights[k]!, vector);
    const before = reached;
    reached = vector.reduce((count, value) => (value > 0 ? count + 1 : count), 0);
    // Every state may stay, so that once no new state is reached none ever will be.
    if (k > jumps && reached === before && tailAfter(weights[k]!, jumps, k) < 1e-17 * leastPositive(result)) break;
    vector = chain.after(vector);
    if (k % checkedEvery !== checkedEvery - 1) continue;
    if (isSame(vector, lookedAt)) {
      add(result, weights.subarray(k + 1).reduce((rest, weight) => rest + weight, 0), vector);
      break;
    }
    lookedAt = vector;
  }
  return normalised(result);
}

function add(sum: Float64Array, weight: number, vector: Float64Array): void {
  for (let state = 0; state < sum.length; state++) sum[state]! += weight * vector[state]!;
}

/** To the last digits, in every state. */
export function isSame(one: Float64Array, other: Float64Array): boolean {
  return one.every((value, index) => Math.abs(value - other[index]!) <= 4 * Number.EPSILON * value);
}

export function normalised(weights: Float64Array): Float64Array {
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => weight / sum);
}

/** x^k/k! relative to the largest of them, from k = 0 to where they vanish. */
function poissonWeights(mean: number): Float64Array {
  const mode = Math.floor(mean);
  const below: number[] = [];
  for (let k = mode, weight = 1; k > 0; k--) below.push(weight *= k / mean);
  const above: number[] = [];
  for (let k = mode + 1, weight = mean / k; weight > leastWeight; k++, weight *= mean / k) above.push(weight);
  return Float64Array.from([...below.reverse(), 1, ...above]);
}

/** A bound on the sum of the weights after the k-th, for k above the mean. */
function tailAfter(weight: number, mean: number, k: number): number {
  const ratio = mean / (k + 1);
  return (weight * ratio) / (1 - ratio);
}

function leastPositive(values: Float64Array): number {
  return values.reduce((least, value) => (value > 0 && value < least ? value : least), Infinity);
}
