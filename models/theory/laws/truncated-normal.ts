import { add, type Complex, divide, exponential, magnitude, multiply, scale, subtract, zero } from '../numerics/complex.ts';
import { panels } from '../numerics/quadrature.ts';
import { normalCdf, normalDensity, normalTail } from '../numerics/special-functions.ts';
import { constantCurvature } from './interval-laws.ts';
import type { LawBody } from './law-form.ts';

/** A normal law of which values below zero are drawn again; mean and deviation are those before the cut. */
export function truncatedNormal({ mean: centre, deviation }: { readonly mean: number; readonly deviation: number }): LawBody {
  const cut = centre / deviation;
  const kept = normalCdf(cut);
  const hazard = normalDensity(cut) / kept;
  const mean = centre + deviation * hazard;
  const standard = (x: number) => (x - centre) / deviation;
  const expectation = (of: (x: number) => Complex, s: Complex) => {
    const [low, high] = [Math.max(0, centre - 9 * deviation), centre + 9 * deviation];
    const count = 4 + Math.ceil((magnitude(s) * (high - low)) / 10);
    return panels(low, high, count).reduce((sum, { x, weight }) => add(sum, scale(of(x), (weight * normalDensity(standard(x))) / (deviation * kept))), zero);
  };
  return {
    mean,
    variance: deviation * deviation * (1 - cut * hazard - hazard * hazard),
    moment: (n) => {
      let [before, moment] = [0, 1];
      for (let k = 1; k <= n; k++) [before, moment] = [moment, k === 1 ? mean : centre * moment + (k - 1) * deviation * deviation * before];
      return moment;
    },
    tail: (x) => (x <= 0 ? 1 : normalTail(standard(x)) / kept),
    excess: (x) => (x <= 0 ? mean - x : Math.max(0, deviation * normalDensity(standard(x)) - (x - centre) * normalTail(standard(x))) / kept),
    laplace: (s) => (magnitude(s) * (centre + deviation) < 100 ? expectation((x) => exponential(scale(s, -x)), s) : laplaceFar({ centre, deviation, kept }, s)),
    curvature: (s) => {
      if (magnitude(s) * (centre + deviation) < 5) return expectation((x) => constantCurvature(x, s), s);
      const laplace = laplaceFar({ centre, deviation, kept }, s);
      return divide(subtract(laplace, { re: 1 - s.re * mean, im: -s.im * mean }), multiply(s, s));
    },
  };
}

/** e^{−cut²/2} erfcx((sσ − cut)/√2) / 2Φ(cut) with the scaled complementary error function. */
function laplaceFar({ centre, deviation, kept }: { centre: number; deviation: number; kept: number }, s: Complex): Complex {
  const cut = centre / deviation;
  const z = { re: (s.re * deviation - cut) * Math.SQRT1_2, im: s.im * deviation * Math.SQRT1_2 };
  const front = Math.exp((-cut * cut) / 2) / (2 * kept);
  if (z.re >= 0) return scale(scaledComplement(z), front);
  // erfcx(z) = 2 exp(z²) − erfcx(−z), and the exponential with its factor is that of the whole normal law.
  const whole = exponential({ re: -s.re * centre + (deviation * deviation * (s.re * s.re - s.im * s.im)) / 2, im: -s.im * centre + deviation * deviation * s.re * s.im });
  return subtract(scale(whole, 1 / kept), scale(scaledComplement(scale(z, -1)), front));
}

/**
 * e^{z²} erfc(z) for Re z ≥ 0: the trapezoidal rule on its integral, whose error is known exactly; its nodes lie between or on the
 * multiples of the step, whichever are farther from z. Source: F. Matta & A. Reichel, Math. Comp. 25 (1971) 339.
 */
function scaledComplement(z: Complex): Complex {
  const step = 0.5;
  const square = multiply(z, z);
  const place = Math.abs(z.im) / step;
  const offset = Math.abs(place - Math.round(place)) < 0.25 ? 0.5 : 0;
  let sum: Complex = zero;
  for (let k = 12; k >= 0; k--) {
    const node = (k + offset) * step;
    const weight = (offset === 0 && k === 0 ? 0.5 : 1) * Math.exp(-node * node);
    sum = add(sum, divide({ re: weight, im: 0 }, { re: square.re + node * node, im: square.im }));
  }
  const trapezoid = scale(multiply(z, sum), (2 * step) / Math.PI);
  if (z.re > Math.PI / step) return trapezoid;
  const poles = exponential(scale(z, (2 * Math.PI) / step));
  const sign = offset === 0 ? -1 : 1;
  return subtract(trapezoid, divide(scale(exponential(square), 2 * -sign), add(poles, { re: sign, im: 0 })));
}
