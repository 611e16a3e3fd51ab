/** φ_n(z) = Σ_{k≥0} z^k / (k + n)!: what is left of the exponential after its first n terms, divided by z^n. */
import { add, type Complex, divide, exponential, magnitude, multiply, real, scale, subtract } from './complex.ts';

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
  const terms = 30;
  let value = real(1);
  for (let k = terms; k >= 1; k--) value = add(real(1), scale(multiply(value, z), 1 / (k + n)));
  let factorial = 1;
  for (let k = 2; k <= n; k++) factorial *= k;
  return scale(value, 1 / factorial);
}
