/** Laws whose tail is a power: Pareto, and Pareto cut off at a largest value. */
import { add, type Complex, divide, exponential, magnitude, multiply, one, real, scale, subtract, zero } from '../numerics/complex.ts';
import { panels } from '../numerics/quadrature.ts';
import { constantCurvature } from './interval-laws.ts';
import type { LawBody } from './law-form.ts';

/** P(X > x) = (xm / x)^alpha. */
export function pareto({ alpha, xm }: { readonly alpha: number; readonly xm: number }): LawBody {
  const moment = (n: number) => (n < alpha ? (alpha * powerOf(xm, n)) / (alpha - n) : Infinity);
  const tail = (x: number) => (x <= xm ? 1 : powerOf(xm / x, alpha));
  const mean = moment(1);
  return {
    mean,
    variance: alpha > 2 ? (xm * xm * alpha) / ((alpha - 1) * (alpha - 1) * (alpha - 2)) : Infinity,
    moment,
    tail,
    excess: (x) => (alpha <= 1 ? Infinity : x <= xm ? mean - x : (x * tail(x)) / (alpha - 1)),
    ...transforms({ alpha, min: xm, max: Infinity, mean }),
  };
}

/** Of a Pareto law only the values from min to max are kept. */
export function boundedPareto({ min, max, alpha }: { readonly min: number; readonly max: number; readonly alpha: number }): LawBody {
  const logRange = Math.log(max / min);
  const kept = powerIntegral(alpha, logRange);
  const moment = (n: number) => (powerOf(min, n) * powerIntegral(alpha - n, logRange)) / kept;
  const mean = moment(1);
  const beyond = (x: number, n: number) => (powerOf(x, n) * powerOf(min / x, alpha) * powerIntegral(alpha - n, Math.log(max / x))) / kept;
  const tail = (x: number) => (x <= min ? 1 : x >= max ? 0 : beyond(x, 0));
  return {
    mean,
    variance: Math.max(0, moment(2) - mean * mean),
    moment,
    tail,
    excess: (x) => (x <= min ? mean - x : x >= max ? 0 : Math.max(0, beyond(x, 1) - x * tail(x))),
    ...transforms({ alpha, min, max, mean }),
  };
}

interface PowerTail {
  readonly alpha: number;
  readonly min: number;
  readonly max: number;
  readonly mean: number;
}

/** Where |s|x is larger than `farAway`, e^{−sx} is integrated by the continued fraction; where it is smaller than `nearby`, by its series. */
const farAway = 16;
const nearby = 0.5;

function transforms(law: PowerTail): Pick<LawBody, 'laplace' | 'curvature'> {
  const within = (x: number) => Math.min(law.max, Math.max(law.min, x));
  const upTo = (s: Complex, order: 0 | 2, middle: (x: number) => Complex) => {
    const [near, far] = [within(nearby / magnitude(s)), within(farAway / magnitude(s))];
    return { edge: far, sum: add(expectationOfSeries(law, near, s, order), expectationBetween(law, near, far, middle)) };
  };
  return {
    laplace: (s) => {
      if (magnitude(s) === 0) return one;
      const { edge, sum } = upTo(s, 0, (x) => exponential(scale(s, -x)));
      return add(sum, exponentialBeyond(law, edge, s));
    },
    curvature: (s) => {
      const { edge, sum } = upTo(s, 2, (x) => constantCurvature(x, s));
      if (edge === law.max) return sum;
      // Beyond the edge sx − 1 is as large as it looks, and is integrated by hand.
      const beyond = add(subtract(exponentialBeyond(law, edge, s), real(weightBeyond(law, edge, 0))), scale(s, weightBeyond(law, edge, 1)));
      return add(sum, divide(beyond, multiply(s, s)));
    },
  };
}

/** Σ_k (−s)^k E[X^{k+order}; X ≤ edge] / (k + order)!, which is E[e^{−sX}; X ≤ edge] for order 0 and its curvature for order 2. */
function expectationOfSeries({ alpha, min, max }: PowerTail, edge: number, s: Complex, order: 0 | 2): Complex {
  const logEdge = Math.log(edge / min);
  if (logEdge <= 0) return zero;
  let sum: Complex = zero;
  let term = real(((order === 2 ? (edge * edge) / 2 : 1) * Math.exp(-alpha * logEdge)) / powerIntegral(alpha, Math.log(max / min)));
  for (let k = 0; k < 22; k++) {
    sum = add(sum, scale(term, powerIntegral(k + order - alpha, logEdge)));
    term = scale(multiply(term, s), -edge / (k + order + 1));
  }
  return sum;
}

/** E[g(X); low < X ≤ high], on panels of ln x that are short enough for the oscillations of the last one. */
function expectationBetween({ alpha, min, max }: PowerTail, low: number, high: number, g: (x: number) => Complex): Complex {
  if (high <= low) return zero;
  const factor = 1 / powerIntegral(alpha, Math.log(max / min));
  const [from, to] = [Math.log(low / min), Math.log(high / min)];
  return panels(from, to, Math.ceil(1.5 * (to - from))).reduce((sum, { x, weight }) => add(sum, scale(g(min * Math.exp(x)), weight * factor * Math.exp(-alpha * x))), zero);
}

/** E[Xⁿ; X > edge] */
function weightBeyond({ alpha, min, max }: PowerTail, edge: number, n: number): number {
  return (powerOf(edge, n) * powerOf(min / edge, alpha) * powerIntegral(alpha - n, Math.log(max / edge))) / powerIntegral(alpha, Math.log(max / min));
}

/** E[e^{−sX}; X > edge]: a difference of exponential integrals E_{α+1}. */
function exponentialBeyond({ alpha, min, max }: PowerTail, edge: number, s: Complex): Complex {
  if (edge >= max) return zero;
  const upTo = (x: number) => (x === Infinity ? zero : scale(exponentialIntegral(alpha + 1, scale(s, x)), powerOf(min / x, alpha)));
  return scale(subtract(upTo(edge), upTo(max)), 1 / powerIntegral(alpha, Math.log(max / min)));
}

/**
 * E_p(z) = ∫₁^∞ e^{−zt} t^{−p} dt for Re z ≥ 0 and |z| not small, by its continued fraction. Source: Abramowitz & Stegun
 * 5.1.22, in the form that converges twice as fast; Lentz 1976.
 */
function exponentialIntegral(p: number, z: Complex): Complex {
  let b = add(z, real(p));
  let c = real(1e300);
  let d = divide(one, b);
  let value = d;
  for (let i = 1; i < 10_000; i++) {
    const a = real(-i * (p - 1 + i));
    b = add(b, real(2));
    d = divide(one, add(multiply(a, d), b));
    c = add(b, divide(a, c));
    const factor = multiply(c, d);
    value = multiply(value, factor);
    if (magnitude(subtract(factor, one)) < 2e-16) break;
  }
  return multiply(exponential(scale(z, -1)), value);
}

/** ∫₀^range e^{−exponent·v} dv, which tends to the range as the exponent tends to zero. */
function powerIntegral(exponent: number, range: number): number {
  if (exponent === 0) return range;
  return range === Infinity ? 1 / exponent : -Math.expm1(-exponent * range) / exponent;
}

function powerOf(x: number, exponent: number): number {
  return exponent === 0 ? 1 : Math.exp(exponent * Math.log(x));
}
