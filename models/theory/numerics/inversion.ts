/** The value of a function from its Laplace transform. */
import type { Complex } from './complex.ts';

/** Only functions with kinks near x need more than some hundred. */
const mostTerms = 4000;
const averaged = 12;
/** Then e^{−A} is 1e-10. */
const shiftAtFirst = 23;
/** Of a transform, and so of a term beside the first. */
const rounding = 2e-16;

interface Estimate {
  readonly value: number;
  /** Of the first term, the largest: rounding is relative to it. */
  readonly scale: number;
}

/**
 * A tail f(x) = P(X > x), x > 0, from its transform ∫ e^{−sx} f(x) dx: the Fourier series of e^{−At/2x} f(t), its alternating terms
 * averaged by Euler. Since a tail falls, the error of the series is e^{−A} f(3x), relative to f(x) below e^{−A}; rounding is
 * multiplied by e^{A/2}. A balances the two: relative error about 1e-9 where f is above 1e-4, 1e-6 at 1e-8 when the tail is heavy,
 * and less where it is light. Source: Abate & Whitt, ORSA J. Comput. 7 (1995) 36.
 */
export function invertTail(transform: (s: Complex) => Complex, x: number, termsMax = mostTerms): number {
  const first = euler(transform, x, shiftAtFirst, termsMax);
  if (first.value > 1e-2 * first.scale) return first.value;
  // Far out, how fast f falls says which error is the larger one.
  const beyond = Math.max(euler(transform, 3 * x, shiftAtFirst, termsMax).value, first.scale * 1e-30);
  const shift = Math.min(shiftAtFirst, Math.max(1, (2 / 3) * Math.log((2 * beyond) / (rounding * first.scale))));
  return Math.max(0, euler(transform, x, shift, termsMax).value);
}

function euler(transform: (s: Complex) => Complex, x: number, shift: number, termsMax: number): Estimate {
  const re = shift / (2 * x);
  const factor = Math.exp(shift / 2) / x;
  const first = transform({ re, im: 0 }).re / 2;
  const sums: number[] = [first];
  const extend = (count: number) => {
    for (let k = sums.length; k < count; k++) sums.push(sums[k - 1]! + (k % 2 === 0 ? 1 : -1) * transform({ re, im: (k * Math.PI) / x }).re);
  };
  let before = NaN;
  for (let terms = 16; ; terms = Math.ceil(terms * 1.4)) {
    extend(terms + averaged + 1);
    const value = averageOf(sums, terms);
    const change = Math.abs(value - before);
    if (change <= 1e-10 * Math.abs(value) || change <= 5 * rounding * first || terms * 1.4 > termsMax) return { value: factor * value, scale: factor * Math.exp(-shift / 2) * first };
    before = value;
  }
}

/** The binomial average of the sums from `from` on. */
function averageOf(sums: readonly number[], from: number): number {
  let [weight, total] = [1 / 4096, 0];
  for (let j = 0; j <= averaged; j++) {
    total += weight * sums[from + j]!;
    weight *= (averaged - j) / (j + 1);
  }
  return total;
}
