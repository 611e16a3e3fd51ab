/** The geometric law cut off at a last value: weights e^{jx} for j = 0 … last, for any ratio e^x below, at or above 1. */

/** Σ_{j<count} e^{jx}; Infinity where it is above the largest number. */
export function geometricSum(logRatio: number, count: number): number {
  if (count === 0) return 0;
  return logRatio === 0 ? count : Math.expm1(count * logRatio) / Math.expm1(logRatio);
}

/** Σ_{i≤j<count} e^{jx}/Σ_{j<count} e^{jx}, as a function of i: the share of the law from i upward. */
export function geometricBeyond(logRatio: number, count: number): (i: number) => number {
  if (logRatio === 0) return (i) => (count - i) / count;
  const x = Math.abs(logRatio);
  const whole = Math.expm1(-count * x);
  return logRatio > 0 ? (i) => Math.expm1((i - count) * x) / whole : (i) => (Math.exp(-i * x) * Math.expm1((i - count) * x)) / whole;
}

/**
 * Mean and variance of j. The closed forms 1/(e^{−x} − 1) − n/(e^{−nx} − 1) and its derivative cancel near x = 0; there they are
 * replaced by the series of y/(e^y − 1) in Bernoulli numbers, of which the first terms are n/2 and (n² − 1)/12.
 */
export function truncatedGeometric(logRatio: number, last: number): { mean: number; variance: number } {
  if (logRatio > 0) {
    const mirrored = truncatedGeometric(-logRatio, last);
    return { mean: last - mirrored.mean, variance: mirrored.variance };
  }
  const count = last + 1;
  const x = logRatio;
  const y = count * logRatio;
  if (y > -1) return { mean: last / 2 + count * bernoulliSum(y) - bernoulliSum(x), variance: (last * (count + 1)) / 12 + count * count * bernoulliSlope(y) - bernoulliSlope(x) };
  return {
    mean: 1 / Math.expm1(-x) - count / Math.expm1(-y),
    variance: Math.exp(x) / (Math.expm1(x) * Math.expm1(x)) - (count * count * Math.exp(y)) / (Math.expm1(y) * Math.expm1(y)),
  };
}

/** B_{2k}/(2k)! for k from 1. */
const bernoulliOverFactorial = [
  1 / 12, -1 / 720, 1 / 30240, -1 / 1209600, 1 / 47900160, -691 / 1307674368000, 1 / 74724249600, -3617 / 10670622842880000, 43867 / 5109094217170944000,
];

/** Σ_k B_{2k} y^{2k−1}/(2k)! = 1/(1 − e^{−y}) − 1/y − ½ */
function bernoulliSum(y: number): number {
  let sum = 0;
  for (let k = bernoulliOverFactorial.length - 1; k >= 0; k--) sum = sum * y * y + bernoulliOverFactorial[k]!;
  return sum * y;
}

/** Its derivative without the first term, which is 1/12. */
function bernoulliSlope(y: number): number {
  let sum = 0;
  for (let k = bernoulliOverFactorial.length - 1; k >= 1; k--) sum = sum * y * y + (2 * k + 1) * bernoulliOverFactorial[k]!;
  return sum * y * y;
}
