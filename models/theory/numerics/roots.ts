/** Roots of continuous functions in one variable, and quantiles from the tail of a law. */

/** Twice as many halvings as a binary64 number has exponents and digits: never reached, since a bracket ends before. */
const iterationsMax = 2200;

/**
 * Where a function changes its sign between two places, to the last digits of binary64. The values at both ends have
 * different signs (or one is zero); infinite values are fine. Source: Ridders, IEEE Trans. Circuits Syst. 26 (1979) 979,
 * with halving wherever his step would leave the bracket.
 */
export function rootBetween(value: (x: number) => number, low: number, high: number): number {
  let left = { x: low, y: value(low) };
  let right = { x: high, y: value(high) };
  if (left.y === 0) return low;
  if (right.y === 0) return high;
  if (!(left.y > 0 !== right.y > 0)) throw new RangeError(`no change of sign between ${low} and ${high}`);
  for (let iteration = 0; iteration < iterationsMax; iteration++) {
    const middleX = left.x + (right.x - left.x) / 2;
    if (middleX <= left.x || middleX >= right.x) break;
    const middle = { x: middleX, y: value(middleX) };
    const ridersX = middle.x + ((middle.x - left.x) * Math.sign(left.y - right.y) * middle.y) / Math.sqrt(middle.y * middle.y - left.y * right.y);
    const points = [left, middle];
    if (ridersX > left.x && ridersX < right.x && ridersX !== middle.x) points.splice(ridersX < middle.x ? 1 : 2, 0, { x: ridersX, y: value(ridersX) });
    points.push(right);
    const exact = points.find(({ y }) => y === 0);
    if (exact !== undefined) return exact.x;
    const crossing = points.findIndex(({ y }, index) => index > 0 && y > 0 !== points[index - 1]!.y > 0);
    [left, right] = [points[crossing - 1]!, points[crossing]!];
    if (right.x - left.x <= 2 * Number.EPSILON * Math.abs(right.x)) break;
  }
  return Math.abs(left.y) < Math.abs(right.y) ? left.x : right.x;
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
