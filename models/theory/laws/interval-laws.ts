/** Laws on an interval: a constant, uniform, triangular. */
import { add, type Complex, divide, exponential, magnitude, multiply, scale, subtract, zero } from '../numerics/complex.ts';
import { phi } from '../numerics/phi-functions.ts';
import { panels } from '../numerics/quadrature.ts';
import type { LawBody } from './law-form.ts';

export function deterministic({ value }: { readonly value: number }): LawBody {
  return {
    mean: value,
    variance: 0,
    moment: (n) => power(value, n),
    tail: (x) => (x < value ? 1 : 0),
    excess: (x) => Math.max(0, value - x),
    laplace: (s) => exponential(scale(s, -value)),
    curvature: (s) => constantCurvature(value, s),
  };
}

/** (e^{−sx} − 1 + sx) / s² */
export function constantCurvature(x: number, s: Complex): Complex {
  return scale(phi(2, scale(s, -x)), x * x);
}

export function uniform({ min, max }: { readonly min: number; readonly max: number }): LawBody {
  const range = max - min;
  if (range === 0) return deterministic({ value: min });
  const integral = (n: number, s: Complex) => {
    const upTo = (x: number) => scale(phi(n + 1, scale(s, -x)), power(x, n + 1));
    return scale(subtract(upTo(max), upTo(min)), 1 / range);
  };
  return {
    mean: min + range / 2,
    variance: (range * range) / 12,
    moment: (n) => homogeneous([min, max], n) / (n + 1),
    tail: (x) => Math.min(1, Math.max(0, (max - x) / range)),
    excess: (x) => (x <= min ? min + range / 2 - x : x >= max ? 0 : ((max - x) * (max - x)) / (2 * range)),
    // Taken from the least value on, so that nothing is lost where the interval is narrow.
    laplace: (s) => multiply(exponential(scale(s, -min)), phi(1, scale(s, -range))),
    curvature: (s) => integral(2, s),
  };
}

export function triangular({ min, mode, max }: { readonly min: number; readonly mode: number; readonly max: number }): LawBody {
  const range = max - min;
  if (range === 0) return deterministic({ value: min });
  const [left, right] = [mode - min, max - mode];
  const mean = (min + mode + max) / 3;
  const below = (x: number, n: number) => (left === 0 ? 0 : power(x - min, n) / (range * left));
  const above = (x: number, n: number) => (right === 0 ? 0 : power(max - x, n) / (range * right));
  const expectation = (of: (x: number) => Complex, s: Complex) => {
    const count = 1 + Math.ceil((magnitude(s) * range) / 10);
    const half = (from: number, to: number, density: (x: number) => number) =>
      from === to ? zero : panels(from, to, count).reduce((sum, { x, weight }) => add(sum, scale(of(x), weight * density(x))), zero);
    return add(half(min, mode, (x) => 2 * below(x, 1)), half(mode, max, (x) => 2 * above(x, 1)));
  };
  return {
    mean,
    variance: (left * left + right * right + left * right) / 18,
    moment: (n) => (2 * homogeneous([min, mode, max], n)) / ((n + 1) * (n + 2)),
    tail: (x) => (x <= min ? 1 : x >= max ? 0 : x < mode ? 1 - below(x, 2) : above(x, 2)),
    excess: (x) => (x <= min ? mean - x : x >= max ? 0 : x < mode ? mean - x + below(x, 3) / 3 : above(x, 3) / 3),
    laplace: (s) => triangularLaplace({ min, left, right }, s),
    curvature: (s) => {
      if (magnitude(s) * range < 20) return expectation((x) => constantCurvature(x, s), s);
      const unbent = subtract(triangularLaplace({ min, left, right }, s), { re: 1 - s.re * mean, im: -s.im * mean });
      return divide(unbent, multiply(s, s));
    },
  };
}

/** Either side is a straight line: ∫₀¹ (1 − u) e^{zu} du = φ₂(z) for the falling one, and what it lacks to φ₁(z) for the rising one. */
function triangularLaplace({ min, left, right }: { min: number; left: number; right: number }, s: Complex): Complex {
  const toMode = scale(s, -left);
  const toMax = scale(s, -right);
  const rising = scale(subtract(phi(1, toMode), phi(2, toMode)), left);
  const falling = scale(multiply(exponential(toMode), phi(2, toMax)), right);
  return scale(multiply(exponential(scale(s, -min)), add(rising, falling)), 2 / (left + right));
}

/** The sum of all products of n of the values, with repetition: moments of laws that are straight or bent lines. All terms are positive. */
function homogeneous(values: readonly number[], n: number): number {
  const sums = new Float64Array(n + 1);
  sums[0] = 1;
  for (const value of values) for (let k = 1; k <= n; k++) sums[k]! += value * sums[k - 1]!;
  return sums[n]!;
}

export function power(x: number, n: number): number {
  let product = 1;
  for (let i = 0; i < n; i++) product *= x;
  return product;
}
