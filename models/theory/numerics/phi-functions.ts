/** φ_n(z) = Σ_{k≥0} z^k / (k + n)!: what is left of the exponential after its first n terms, divided by z^n. */
import { type Complex, divide, exponential, magnitude, real, subtract } from './complex.ts';

/** Relative error about 1e-14 for n up to 4 and Re z ≤ 0, where no power of e hides the rest. */
export function phi(n: number, z: Complex): Complex {
  if (magnitude(z) < 2) return series(n, z);
  let value = exponential(z);
  let inverseFactorial = 1;
  for (let k = 0; k < n; k++) {
    value = divide(subtract(value, real(inverseFactorial)), z);
    inverseFactorial /= k + 1;
  }
  return value;
}

function series(n: number, z: Complex): Complex {
  const size = magnitude(z);
  const terms = size < 0.01 ? 6 : size < 0.2 ? 11 : size < 0.7 ? 17 : 28;
  let [re, im] = [1, 0];
  for (let k = terms; k >= 1; k--) [re, im] = [1 + (re * z.re - im * z.im) / (k + n), (re * z.im + im * z.re) / (k + n)];
  let factorial = 1;
  for (let k = 2; k <= n; k++) factorial *= k;
  return { re: re / factorial, im: im / factorial };
}
