import { add, type Complex, divide, exponential, logarithm, magnitude, multiply, one, scale, subtract } from './complex.ts';

/** The w with w e^w = z on the principal branch, for Re z ≥ 0. By Halley's method; relative error about 1e-15. */
export function lambertW(z: Complex): Complex {
  if (magnitude(z) === 0) return z;
  let w = magnitude(z) < 2 ? logarithmStart(z) : subtract(logarithm(z), logarithm(logarithm(z)));
  for (let step = 0; step < 20; step++) {
    // In logarithms for large z, whose exponential would overflow.
    const rest = subtract(w, multiply(z, exponential(scale(w, -1))));
    const slope = add(w, one);
    const change = divide(rest, subtract(slope, divide(multiply(add(w, { re: 2, im: 0 }), rest), scale(slope, 2))));
    w = subtract(w, change);
    if (magnitude(change) < 1e-15 * magnitude(w)) break;
  }
  return w;
}

/** ln(1 + z) is near W(z) for small z. */
function logarithmStart(z: Complex): Complex {
  return logarithm(add(z, one));
}
