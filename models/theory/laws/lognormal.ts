import { add, angle, type Complex, divide, exponential, magnitude, multiply, one, real, scale, subtract } from '../numerics/complex.ts';
import { lambertW } from '../numerics/lambert-w.ts';
import { phi } from '../numerics/phi-functions.ts';
import { normalTail } from '../numerics/special-functions.ts';
import type { LawBody } from './law-form.ts';

export function lognormal({ mean, scv }: { readonly mean: number; readonly scv: number }): LawBody {
  const variance = Math.log1p(scv);
  const deviation = Math.sqrt(variance);
  const median = mean * Math.exp(-variance / 2);
  const standard = (x: number) => Math.log(x / median) / deviation;
  return {
    mean,
    variance: mean * mean * scv,
    moment: (n) => Math.exp(n * Math.log(mean) + (n * (n - 1) * variance) / 2),
    tail: (x) => (x <= 0 ? 1 : normalTail(standard(x))),
    excess: (x) => (x <= 0 ? mean - x : Math.max(0, mean * normalTail(standard(x) - deviation) - x * normalTail(standard(x)))),
    laplace: (s) => laplaceOfUnit(variance, scale(s, median)),
    curvature: (s) => scale(curvatureOfUnit(variance, scale(s, median)), median * median),
  };
}

/** The trapezoidal rule on functions of the kind e^{−t²/2}·(smooth) has sixteen digits with steps of this many deviations. */
const stepInDeviations = 0.5;
/** e^t turns by a full angle within 2πi, so that the step must be small beside that whatever the deviation. */
const stepMax = 0.25;

/**
 * E[exp(−s e^U)] for normal U of mean zero. The integral runs along a horizontal line through its saddle point −w, w = W(sσ²), where
 * its size falls like a Gaussian one at least, or as far beyond it towards the angle of s as costs no digits, so that it
 * oscillates less; then the trapezoidal rule converges exponentially. Source of the saddle point: Asmussen, Jensen &
 * Rojas-Nandayapa, Methodol. Comput. Appl. Probab. 18 (2016) 441.
 */
function laplaceOfUnit(variance: number, s: Complex): Complex {
  if (magnitude(s) === 0) return one;
  const w = lambertW(scale(s, variance));
  const width = Math.sqrt(variance / (1 + Math.max(0, w.re)));
  const beyond = Math.min(Math.abs(angle(s) - w.im), width) * Math.sign(s.im);
  const margin = Math.PI / 2 - Math.abs(angle(s) - w.im - beyond);
  const step = Math.min(stepMax, stepInDeviations * width, 0.18 * margin);
  const reach = 9 * Math.sqrt(variance);
  const start = { re: -w.re, im: -w.im - beyond };
  const q = scale(multiply(w, exponential({ re: 0, im: -beyond })), 1 / variance);
  let [re, im] = [0, 0];
  for (let t = -Math.ceil(reach / step) * step; t <= reach; t += step) {
    const growth = Math.expm1(t);
    const size = Math.exp(-q.re * growth - (t * (start.re + t / 2)) / variance);
    if (size < 1e-18) continue;
    const turn = -q.im * growth - (t * start.im) / variance;
    re += size * Math.cos(turn);
    im += size * Math.sin(turn);
  }
  const front = exponential(scale(add(q, scale(multiply(start, start), 1 / (2 * variance))), -1));
  return scale(multiply(front, { re, im }), step / Math.sqrt(2 * Math.PI * variance));
}

/** From the transform where enough of it is left, else as E[X² φ₂(−sX)]: both parts are then of one size. */
function curvatureOfUnit(variance: number, s: Complex): Complex {
  const mean = Math.exp(variance / 2);
  const bent = subtract(laplaceOfUnit(variance, s), { re: 1 - s.re * mean, im: -s.im * mean });
  if (magnitude(bent) > 0.05 * Math.max(1, magnitude(s) * mean)) return divide(bent, multiply(s, s));
  return curvatureIntegral(variance, s);
}

/** The weight e^{2u} moves the normal law to 2σ². The line is turned against the angle of s as far as that costs no digits. */
function curvatureIntegral(variance: number, s: Complex): Complex {
  const deviation = Math.sqrt(variance);
  const turn = -Math.sign(s.im) * Math.min(Math.abs(angle(s)), deviation);
  const step = Math.min(stepMax, stepInDeviations * deviation);
  const [low, high] = [variance - 10 * deviation, 2 * variance + 10 * deviation];
  let sum: Complex = real(0);
  for (let index = Math.floor(low / step); index <= high / step; index++) {
    const u = { re: index * step, im: turn };
    const x = exponential(u);
    const weight = exponential(scale(multiply(u, u), -1 / (2 * variance)));
    const value = multiply(multiply(multiply(x, x), weight), phi(2, scale(multiply(s, x), -1)));
    sum = { re: sum.re + value.re, im: sum.im + value.im };
  }
  return scale(sum, step / Math.sqrt(2 * Math.PI * variance));
}
