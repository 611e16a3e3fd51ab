/**
 * Gamma, Poisson and normal functions with full relative accuracy in both tails. Tails are computed as such, never as one
 * minus the rest; where a value would leave the range of binary64 there is a logarithm of it.
 */

const halfLogTwoPi = 0.9189385332046727;
const eulerGamma = 0.5772156649015329;
/** Terms of a series or fraction; those below are left by their own test long before. */
const termsMax = 100_000;
const accuracy = 1e-17;

// The gamma function

/** ln Γ(x), x > 0; relative error below 1e-14, also near the zeros at 1 and 2. */
export function logGamma(x: number): number {
  if (x < 0.5) return logGammaNearTwo(x) - Math.log(x) - Math.log1p(x);
  if (x < 1.5) return logGammaNearTwo(x - 1) - Math.log(x);
  if (x < 2.5) return logGammaNearTwo(x - 2);
  let shifted = x;
  let product = 1;
  for (; shifted < 10; shifted++) product *= shifted;
  return (shifted - 0.5) * Math.log(shifted) - shifted + halfLogTwoPi + stirlingRest(shifted) - Math.log(product);
}

/** Σ_{k≤n} 1/k */
export function harmonic(n: number): number {
  if (n < 30) {
    let sum = 0;
    for (let k = n; k >= 1; k--) sum += 1 / k;
    return sum;
  }
  const inverse = 1 / n;
  const square = inverse * inverse;
  return Math.log(n) + eulerGamma + inverse / 2 - square * (1 / 12 - square * (1 / 120 - square / 252));
}

/** ln Γ(2 + z), |z| ≤ 1/2: z(1 − γ) + Σ_{k≥2} (−1)^k (ζ(k) − 1) z^k / k. Source: Abramowitz & Stegun 6.1.33. */
function logGammaNearTwo(z: number): number {
  let sum = 0;
  for (let k = zetaMinusOne.length - 1; k >= 2; k--) sum = sum * -z + zetaMinusOne[k]! / k;
  return z * (1 - eulerGamma + z * sum);
}

/** ζ(k) − 1 for k from 2, by Euler and Maclaurin. */
const zetaMinusOne = Array.from({ length: 32 }, (_, k) => (k < 2 ? NaN : zetaRest(k)));

function zetaRest(k: number): number {
  const last = 40;
  const power = (n: number) => Math.exp(-k * Math.log(n));
  let sum = power(last) * (last / (k - 1) + 0.5 + (k / (12 * last)) * (1 - (((k + 1) * (k + 2)) / (60 * last * last)) * (1 - ((k + 3) * (k + 4)) / (42 * last * last))));
  for (let n = last - 1; n >= 2; n--) sum += inversePower(n, k);
  return sum;
}

function inversePower(n: number, k: number): number {
  let power = 1;
  for (let i = 0; i < k; i++) power *= n;
  return 1 / power;
}

/** ln Γ(x) − (x − ½) ln x + x − ½ ln 2π, x ≥ 10: the rest of Stirling's series. */
function stirlingRest(x: number): number {
  const inverse = 1 / x;
  const square = inverse * inverse;
  return inverse * (1 / 12 - square * (1 / 360 - square * (1 / 1260 - square * (1 / 1680 - square * (1 / 1188 - square * (691 / 360360 - square * (1 / 156 - (square * 3617) / 122400)))))));
}

// Poisson

/** e^{−a} a^n / n!, also for n that are not whole (as Γ(n + 1)); relative error about 1e-14. */
export function poissonMass(n: number, mean: number): number {
  return Math.exp(logPoissonMass(n, mean));
}

/** Source: C. Loader, Fast and Accurate Computation of Binomial Probabilities (2000): no two large logarithms are subtracted. */
export function logPoissonMass(n: number, mean: number): number {
  if (mean === 0) return n === 0 ? 0 : -Infinity;
  if (n === 0) return -mean;
  if (n < 10) return n * Math.log(mean) - mean - logGamma(n + 1);
  return -poissonDeviance(n, mean) - stirlingRest(n) - halfLogTwoPi - Math.log(n) / 2;
}

/** n ln(n/m) + m − n, which is 0 at n = m and positive elsewhere, without cancellation. */
function poissonDeviance(n: number, mean: number): number {
  const difference = n - mean;
  const ratio = difference / (n + mean);
  if (Math.abs(ratio) > 0.5) return n * Math.log(n / mean) + mean - n;
  // ln(n/m) = 2 artanh(ratio): the first term is what the linear part leaves.
  const square = ratio * ratio;
  let power = 2 * n * ratio;
  let sum = difference * ratio;
  for (let k = 3; k < 200; k += 2) {
    power *= square;
    const next = sum + power / k;
    if (next === sum) break;
    sum = next;
  }
  return sum;
}

// The incomplete gamma function

/** P(a, x) = γ(a, x)/Γ(a): that a gamma law of shape a > 0 is below x ≥ 0. Relative error about 1e-13, a up to 1e9 and beyond. */
export function gammaLower(a: number, x: number): number {
  return Math.exp(logGammaLower(a, x));
}

/** Q(a, x) = 1 − P(a, x), as accurate; Q(n, x) is also P(Poisson(x) < n). */
export function gammaUpper(a: number, x: number): number {
  return Math.exp(logGammaUpper(a, x));
}

/** ln P(a, x), which stays finite where P is below the least number. */
export function logGammaLower(a: number, x: number): number {
  if (x === 0) return -Infinity;
  if (x === Infinity) return 0;
  return isLowerDirect(a, x) ? directTail(a, x, 'lower') : logComplement(directTail(a, x, 'upper'));
}

/** ln Q(a, x) */
export function logGammaUpper(a: number, x: number): number {
  if (x === 0) return 0;
  if (x === Infinity) return -Infinity;
  return isLowerDirect(a, x) ? logComplement(directTail(a, x, 'lower')) : directTail(a, x, 'upper');
}

const logComplement = (logValue: number): number => Math.log1p(-Math.exp(logValue));

/** Which of the two is computed and which follows: the smaller one, except that P is not small near x = 0 when a is. */
function isLowerDirect(a: number, x: number): boolean {
  return a < 1 && x < 1 ? -a * Math.log(x) > Math.LN2 / 2 : x < a;
}

function directTail(a: number, x: number, side: 'lower' | 'upper'): number {
  if (isUniform(a, x)) return Math.log(uniformFactor(a, x, side)) - poissonDeviance(a, x);
  if (side === 'lower') return logPoissonMass(a, x) + Math.log(lowerSeries(a, x));
  return x < 1 ? Math.log(upperNearZero(a, x)) : logPoissonMass(a, x) + Math.log(a * upperFraction(a, x));
}

/** 1 + x/(a+1) + x²/((a+1)(a+2)) + …, which is P(a, x)/(e^{−x} x^a/Γ(a+1)); Infinity where it is above the largest number. */
export function lowerSeries(a: number, x: number): number {
  if (isUniform(a, x) && x < a) return uniformFactor(a, x, 'lower') * Math.exp(stirlingRest(a) + halfLogTwoPi + Math.log(a) / 2);
  if (x > a + 30 || (x >= a && a > 30)) return Math.exp(logGammaLower(a, x) - logPoissonMass(a, x));
  let term = 1;
  let sum = 1;
  for (let k = 1; k < termsMax && term > sum * accuracy; k++) {
    term *= x / (a + k);
    sum += term;
  }
  return sum;
}

/** Γ(a, x) e^x x^{−a} as a continued fraction, for x above 1 and above a. Source: Abramowitz & Stegun 6.5.31; Lentz 1976. */
export function upperFraction(a: number, x: number): number {
  const tiny = 1e-300;
  let b = x + 1 - a;
  let d = 1 / (Math.abs(b) < tiny ? tiny : b);
  let c = 1 / tiny;
  let value = d;
  for (let i = 1; i < termsMax; i++) {
    const an = -i * (i - a);
    b += 2;
    d = 1 / nonZero(an * d + b, tiny);
    c = nonZero(b + an / c, tiny);
    value *= d * c;
    if (Math.abs(d * c - 1) < Number.EPSILON) break;
  }
  return value;
}

const nonZero = (value: number, tiny: number): number => (Math.abs(value) < tiny ? tiny : value);

/** Q for a < 1 and x < 1, where both parts are positive: 1 − x^a/Γ(1+a) and −x^a/Γ(a) Σ_{k≥1} (−x)^k/(k! (a+k)). */
function upperNearZero(a: number, x: number): number {
  const logPower = a * Math.log(x) - (a < 0.5 ? logGammaNearTwo(a) - Math.log1p(a) : logGamma(1 + a));
  let term = 1;
  let sum = 0;
  for (let k = 1; k < 60; k++) {
    term *= -x / k;
    sum -= term / (a + k);
  }
  return -Math.expm1(logPower) + Math.exp(logPower) * a * sum;
}

const isUniform = (a: number, x: number): boolean => a > 30 && Math.abs(x - a) < 0.4 * a;

/**
 * Near x = a with a large, of the tail in which x lies: Q(a, x) = ½ erfc(η√(a/2)) + e^{−aη²/2} S(η)/√(2πa), with
 * ½η² = x/a − 1 − ln(x/a). The common factor e^{−aη²/2} is taken out of both, so that tails keep their digits. Source:
 * N. M. Temme, SIAM J. Math. Anal. 10 (1979) 757, and Probab. Engrg. Inform. Sci. 8 (1994) 291 for the recurrence of S.
 */
function uniformFactor(a: number, x: number, side: 'lower' | 'upper'): number {
  const deviance = poissonDeviance(a, x);
  const eta = Math.sign(x - a) * Math.sqrt((2 * deviance) / a);
  const correction = uniformSum(a, eta) / Math.sqrt(2 * Math.PI * a);
  const half = erfcScaled(Math.sqrt(deviance)) / 2;
  return side === 'upper' ? half + correction : half - correction;
}

function uniformSum(a: number, eta: number): number {
  const last = uniformCoefficients.length - 1;
  const b = new Float64Array(last + 1);
  b[last] = uniformCoefficients[last]!;
  b[last - 1] = uniformCoefficients[last - 1]!;
  for (let m = last - 1; m >= 2; m--) b[m - 1] = uniformCoefficients[m - 1]! + (m * b[m + 1]!) / a;
  let sum = 0;
  for (let m = last; m >= 2; m--) sum = sum * eta + b[m]!;
  sum = sum * eta + b[1]!;
  return sum / (1 + b[2]! / a);
}

/** Of η/(y − 1) in powers of η, where ½η² = y − 1 − ln y. From y' = η y/(y − 1), power by power. */
const uniformCoefficients = coefficientsOfUniform(28);

function coefficientsOfUniform(count: number): readonly number[] {
  const y = [1, 1];
  const f = [1];
  for (let n = 1; n < count; n++) {
    let product = 0;
    let derivative = 0;
    for (let k = 2; k <= n; k++) product += y[k]! * f[n + 1 - k]!;
    for (let k = 0; k < n; k++) derivative += f[k]! * y[n - k]!;
    y.push((derivative - product) / (n + 2));
    f.push(-(y[n + 1]! + product));
  }
  return f;
}

// The normal law

const sqrtTwoPi = 2.5066282746310002;

export function normalDensity(x: number): number {
  return gaussian(x) / sqrtTwoPi;
}

/** Φ(x), with full relative accuracy where it is small. */
export function normalCdf(x: number): number {
  return normalTail(-x);
}

/** 1 − Φ(x), with full relative accuracy where it is small. */
export function normalTail(x: number): number {
  return x < 0 ? 1 - normalTail(-x) : (gaussian(x) * erfcScaled(x * Math.SQRT1_2)) / 2;
}

/** φ(x)/(1 − Φ(x)) */
export function normalHazard(x: number): number {
  return x < 0 ? normalDensity(x) / normalTail(x) : 2 / (sqrtTwoPi * erfcScaled(x * Math.SQRT1_2));
}

/** The x with Φ(x) = p. Where p is near 1, `normalTailQuantile(1 − p)` knows it better. */
export function normalQuantile(p: number): number {
  return p < 0.5 ? -normalTailQuantile(p) : normalTailQuantile(1 - p);
}

/** The x with 1 − Φ(x) = q; its error is about 1e-15, relative where x is above 1. */
export function normalTailQuantile(q: number): number {
  if (q === 0) return Infinity;
  if (q === 1) return -Infinity;
  if (q > 0.5) return -normalTailQuantile(1 - q);
  if (q === 0.5) return 0;
  // A start that is good to 5e-4 (Hastings 1955, sheet 67), then two steps that triple the digits.
  const t = Math.sqrt(-2 * Math.log(q));
  let x = t - (2.515517 + t * (0.802853 + t * 0.010328)) / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308)));
  for (let step = 0; step < 3; step++) {
    const hazard = normalHazard(x);
    const miss = Math.log(normalTail(x) / q) / hazard;
    x += miss / (1 - (miss * (hazard - x)) / 2);
  }
  return x;
}

/** e^{−x²/2}: the square is taken apart, since its rounding would be multiplied by its size. */
function gaussian(x: number): number {
  if (Math.abs(x) > 40) return 0;
  const head = Math.fround(x);
  return Math.exp((-head * head) / 2) * Math.exp((-(x - head) * (x + head)) / 2);
}

/**
 * e^{z²} erfc(z) for z ≥ 0: the trapezoidal rule on its integral, whose error is known exactly (the second term). Source:
 * F. Matta & A. Reichel, Math. Comp. 25 (1971) 339.
 */
function erfcScaled(z: number): number {
  if (z > 1e8) return 1 / (z * Math.sqrt(Math.PI));
  if (z < 0.5) return Math.exp(z * z) * (1 - erfSeries(z));
  const step = 0.5;
  const square = z * z;
  let sum = 0;
  for (let k = 12; k >= 1; k--) sum += Math.exp(-k * k * step * step) / (square + k * k * step * step);
  const poles = z < 7 ? 2 * Math.exp(square - (2 * Math.PI * z) / step) / -Math.expm1((-2 * Math.PI * z) / step) : 0;
  return (step / Math.PI) * z * (1 / square + 2 * sum) - poles;
}

function erfSeries(z: number): number {
  const square = z * z;
  let term = z;
  let sum = z;
  for (let k = 1; k < 30; k++) {
    term *= -square / k;
    sum += term / (2 * k + 1);
  }
  return (2 / Math.sqrt(Math.PI)) * sum;
}
