/** Weights that are running products, over more decades than a number has. */

const large = 1e150;

/**
 * The law on 0, 1, … whose weights are 1, r₁, r₁r₂, …, for ratios of zero or above in any order: rising, falling, with several
 * peaks. Each probability has a relative error of a few 1e-16 for each ratio before it; what is more than 300 decades below the
 * largest is zero.
 */
export function lawOfRatios(count: number, ratio: (index: number) => number): Float64Array {
  const weights = new Float64Array(count + 1);
  const shifts = new Int32Array(count + 1);
  let weight = 1;
  let shift = 0;
  let shiftMax = 0;
  weights[0] = 1;
  for (let index = 1; index <= count; index++) {
    weight *= ratio(index);
    for (; weight > large && weight < Infinity; weight /= large) shift++;
    for (; weight < 1 / large && weight > 0; weight *= large) shift--;
    weights[index] = weight;
    shifts[index] = shift;
    if (weight > 0) shiftMax = Math.max(shiftMax, shift);
  }
  let sum = 0;
  for (let index = 0; index <= count; index++) {
    for (let below = Math.min(4, shiftMax - shifts[index]!); below > 0; below--) weights[index]! /= large;
    sum += weights[index]!;
  }
  return weights.map((each) => each / sum);
}
