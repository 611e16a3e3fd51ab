/** Differences of large numbers that are nearly equal, without the rounding of the product. */

/** Splits a binary64 number into two halves of 26 bits. */
const splitter = 134217729;

/**
 * a·b − c as if the product were exact: spare capacity cμ − λ keeps its digits near saturation. Source: Dekker, Numer. Math. 18
 * (1971) 224.
 */
export function productMinus(a: number, b: number, c: number): number {
  const product = a * b;
  const [aHigh, bHigh] = [high(a), high(b)];
  const [aLow, bLow] = [a - aHigh, b - bHigh];
  const lost = aLow * bLow - (product - aHigh * bHigh - aLow * bHigh - aHigh * bLow);
  return Number.isFinite(lost) ? product - c + lost : product - c;
}

function high(x: number): number {
  const scaled = splitter * x;
  return scaled - (scaled - x);
}

/** ln(a/b), with all digits also where a is near b: then what counts is their difference, which may be known better than they are. */
export function logQuotient(a: number, b: number, difference = a - b): number {
  return Math.abs(difference) < b / 2 ? Math.log1p(difference / b) : Math.log(a / b);
}
