import { angle, type Complex, divide, exponential, exponentialMinusOne, magnitude, multiply, real, scale } from '../numerics/complex.ts';
import { gammaUpper, logGamma } from '../numerics/special-functions.ts';
import type { LawBody } from './law-form.ts';

/** P(X > x) = e^{−(x/b)^shape} */
export function weibull({ shape, mean }: { readonly shape: number; readonly mean: number }): LawBody {
  const unit = mean / Math.exp(logGamma(1 + 1 / shape));
  const exponent = (x: number) => Math.exp(shape * Math.log(x / unit));
  const moment = (n: number) => Math.exp(n * Math.log(unit) + logGamma(1 + n / shape));
  const scv = Math.expm1(logGamma(1 + 2 / shape) - 2 * logGamma(1 + 1 / shape));
  return {
    mean,
    variance: mean * mean * scv,
    moment: (n) => (n === 1 ? mean : moment(n)),
    tail: (x) => (x <= 0 ? 1 : Math.exp(-exponent(x))),
    excess: (x) => (x <= 0 ? mean - x : mean * gammaUpper(1 / shape, exponent(x))),
    laplace: (s) => laplaceOfUnit(shape, scale(s, unit)),
    curvature: (s) => scale(curvatureOfUnit(shape, scale(s, unit)), unit * unit),
  };
}

const laplaceOfUnit = (k: number, s: Complex): Complex => {
  if (magnitude(s) === 0) return real(1);
  // The density is −d/dx of the tail: in the variable v = ln x it is k x^k times the tail.
  return integrate(k, s, (x, power) => multiply(scale(power, k), exponential(scale(multiply(s, x), -1))));
};

/** s·curvature = ∫ (1 − e^{−sx}) P(X > x) dx, which has no cancellation. */
const curvatureOfUnit = (k: number, s: Complex): Complex => divide(integrate(k, s, (x) => scale(multiply(x, exponentialMinusOne(scale(multiply(s, x), -1))), -1)), s);

/**
 * ∫ g(x) e^{−x^k} dv over v = ln x by the trapezoidal rule, which converges exponentially: along the real line turned by an
 * angle, so that e^{−sx} oscillates less, yet x^k still falls. The step follows from the margin that is left on either side.
 */
function integrate(k: number, s: Complex, g: (x: Complex, power: Complex) => Complex): Complex {
  const slant = Math.abs(angle(s));
  const turn = Math.min(slant, Math.max(0, (Math.PI / (2 * k) - Math.PI / 2 + slant) / 2));
  const margin = Math.min(Math.PI / 2 - slant + turn, Math.PI / (2 * k) - turn);
  const step = margin / 7;
  const direction = exponential({ re: 0, im: -turn * Math.sign(s.im) });
  const powerDirection = exponential({ re: 0, im: -turn * k * Math.sign(s.im) });
  // Beyond it e^{−x^k} has made even x² negligible.
  const high = Math.log((42 + (2 / k) * Math.log(42 + 20 / k)) / powerDirection.re) / k;
  const low = -40 / Math.min(k, 2);
  let [re, im] = [0, 0];
  for (let v = low - ((low - high) % step); v <= high; v += step) {
    const power = scale(powerDirection, Math.exp(k * v));
    const value = multiply(g(scale(direction, Math.exp(v)), power), exponential(scale(power, -1)));
    re += value.re;
    im += value.im;
  }
  return { re: re * step, im: im * step };
}
