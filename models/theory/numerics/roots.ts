/** Roots of continuous functions in one variable, and quantiles from the tail of a law. */

/** Twice as many halvings as a binary64 number has exponents and digits: never reached, since a bracket ends before. */
const iterationsMax = 2200;

/**
 * Where a function changes its sign between two places, to the last digits of binary64. The values at both ends have different
 * signs (or one is zero); infinite values are fine. Inverse quadratic steps where three points say that they will do, halving
 * elsewhere. Source: Chandrupatla, Adv. Eng. Software 28 (1997) 145.
 */
export function rootBetween(value: (x: number) => number, low: number, high: number): number {
  let [x1, x2, x3] = [low, high, high];
  let [f1, f2, f3] = [value(low), value(high), NaN];
  if (f1 === 0) return low;
  if (f2 === 0) return high;
  if (!(f1 > 0 !== f2 > 0)) throw new RangeError(`no change of sign between ${low} and ${high}`);
  let share = 0.5;
  for (let iteration = 0; iteration < iterationsMax; iteration++) {
    const x = x1 + share * (x2 - x1);
    const f = value(x);
    [x3, f3] = f > 0 === f1 > 0 ? [x1, f1] : [x2, f2];
    if (f > 0 !== f1 > 0) [x2, f2] = [x1, f1];
    [x1, f1] = [x, f];
    const best = Math.abs(f1) < Math.abs(f2) ? x1 : x2;
    const shareMin = (2 * Number.EPSILON * Math.abs(best)) / Math.abs(x2 - x1);
    if (f1 === 0 || !(shareMin <= 0.5)) return best;
    share = Math.min(1 - shareMin, Math.max(shareMin, nextShare(x1, x2, x3, f1, f2, f3)));
  }
  return x1;
}

/** Where the inverse parabola through three points meets zero, as a share of the bracket; one half where it cannot be trusted. */
function nextShare(x1: number, x2: number, x3: number, f1: number, f2: number, f3: number): number {
  const xi = (x1 - x2) / (x3 - x2);
  const phi = (f1 - f2) / (f3 - f2);
  if (!(phi * phi < xi && (1 - phi) * (1 - phi) < 1 - xi)) return 0.5;
  return (f1 / (f2 - f1)) * (f3 / (f2 - f3)) + (((x3 - x1) / (x2 - x1)) * (f1 / (f3 - f1)) * f2) / (f3 - f2);
}

/**
 * The root of a function that falls from above zero at 0 to below zero, whose place is not known: the bracket begins at
 * [0, scale] and doubles. Infinity when the function stays above zero.
 */
export function rootOfFalling(value: (x: number) => number, scale: number): number {
  let low = 0;
  let high = scale;
  while (value(high) > 0) {
    low = high;
    high *= 2;
    if (high === Infinity) return Infinity;
  }
  if (low === 0) {
    // A root far below the scale is found in its own size, or halving would begin from zero.
    while (high > Number.MIN_VALUE && value(high / 2) <= 0) high /= 2;
    low = high / 2;
  }
  return rootBetween(value, low, high);
}

/**
 * The least t ≥ 0 with P(X ≤ t) ≥ p, from the logarithm of a tail P(X > t) that is continuous for t > 0: zero where the atom at
 * zero reaches p. The search is in logarithms, so that the 1 − 10⁻¹² quantile is as good as the median.
 */
export function quantileOfLogTail(logTail: (t: number) => number, p: number, scale: number): number {
  const target = Math.log1p(-p);
  if (p === 0 || logTail(0) <= target) return 0;
  return rootOfFalling((t) => logTail(t) - target, scale);
}
