/**
 * The line of an M/D/c queue. From one moment to a service time later the number in the system goes from X to (X − c)⁺ + N with N
 * Poisson of mean a; so the number waiting is the largest value of the random walk with steps N − c (Spitzer), which is a
 * compound Poisson law: its generating function is exp Σ_{j≥1} q_j (z^j − 1) with q_j = Σ_l P(N_l = lc + j)/l, N_l Poisson of mean
 * la; and a server is free with probability exp −Σ_{j≥0} q_j. Every q_j is positive; all answers are sums of them.
 *
 * Sources: Crommelin, P.O. Elect. Engrs. J. 25 (1932) 41; Spitzer, Trans. Amer. Math. Soc. 82 (1956) 323; for the recursion, Panjer,
 * ASTIN Bull. 12 (1981) 22.
 */
import { fourierTransform } from './numerics/fourier.ts';
import { rootBetween } from './numerics/roots.ts';
import { poissonMass } from './numerics/special-functions.ts';

export interface FixedServiceLine {
  /** ln P(somebody who comes finds a free server) */
  readonly logFree: number;
  /** Of the number waiting. */
  readonly mean: number;
  /** E[L(L − 1)] − E[L]², the second cumulant of factorial kind: λ² times the variance of the waiting time. */
  readonly factorialVariance: number;
  /** P(more than n wait) falls like this to the power −n. */
  readonly ratio: number;
  /** P(more than n wait), all n; 1 below zero. */
  tail(n: number): number;
}

export function fixedServiceLine(load: number, servers: number, spareShare: number): FixedServiceLine {
  const outward = outerRoot(load / servers, spareShare);
  const isNearSaturation = servers * spareShare * spareShare < 0.5;
  const parts = isNearSaturation ? partsByFourier(load, servers, spareShare, outward) : partsBySeries(load, servers, spareShare, outward);
  // The geometric part z₀^{−j}/j of q_j is summed by hand: near saturation it is nearly all.
  const geometric = isNearSaturation ? { zeroth: Math.log1p(1 / outward), first: 1 / outward, second: 1 / (outward * outward) } : { zeroth: 0, first: 0, second: 0 };
  let tails: Float64Array | undefined;
  const sum = (weight: (j: number) => number) => parts.reduceRight((total, part, j) => total + weight(j) * part, 0);
  const logFree = -(geometric.zeroth + sum(() => 1));
  return {
    logFree,
    mean: geometric.first + sum((j) => j),
    factorialVariance: geometric.second + sum((j) => j * (j - 1)),
    ratio: 1 + outward,
    tail(n) {
      if (n < 0) return 1;
      tails ??= tailsOf(parts, isNearSaturation, logFree + parts[0]!, outward);
      const last = tails.length - 1;
      return n <= last ? tails[n]! : tails[last]! * Math.exp(-(n - last) * Math.log1p(outward));
    },
  };
}

/** z₀ − 1 > 0, where z₀^c = e^{a(z₀ − 1)} outside of the unit circle: ln(1 + v) = ρv, written with 1 − ρ where that has more digits. */
function outerRoot(utilisation: number, spareShare: number): number {
  if (spareShare > 0.5) return rootBetween((v) => Math.log1p(v) - utilisation * v, 0.5, 4 * (2 - Math.log(utilisation)) / utilisation);
  return rootBetween((v) => spareShare - v * logRest(v), spareShare, 8 * spareShare);
}

/** (v − ln(1 + v)) / v² */
function logRest(v: number): number {
  if (v > 0.1) return (v - Math.log1p(v)) / (v * v);
  let sum = 0;
  for (let k = 20; k >= 2; k--) sum = 1 / k - v * sum;
  return sum;
}

/** The last digits of binary64 beside the first term. */
const digits = 40;

/** q_j by their series, all terms positive; few where saturation is far. */
function partsBySeries(load: number, servers: number, spareShare: number, outward: number): Float64Array {
  // The weight of round l falls like exp(−l c (ρ − 1 − ln ρ)), that of j like (1 + v)^{−j}.
  const fall = -servers * (spareShare + Math.log(load / servers));
  const rounds = Math.ceil(digits / fall) + 1;
  const count = Math.ceil(digits / Math.log1p(outward)) + 2;
  const parts = new Float64Array(count);
  for (let round = rounds; round >= 1; round--) {
    const mean = round * load;
    let mass = poissonMass(round * servers, mean) / round;
    for (let j = 0; j < count; j++) {
      parts[j]! += mass;
      mass *= mean / (round * servers + j + 1);
    }
  }
  return parts;
}

/**
 * q_j − z₀^{−j}/j as the Fourier coefficients of ln[(1 − z^{−c} e^{a(z − 1)}) / ((1 − 1/z)(1 − z/z₀))] on the unit circle: without the
 * zeros at 1 and z₀ they fall by themselves, within some times √c.
 */
function partsByFourier(load: number, servers: number, spareShare: number, outward: number): Float64Array {
  // The next zero is y = ln z with about gy − ay²/2 = 2πi, g = c − a: the coefficients fall like e^{−jy}; what comes later is rounding.
  const spare = servers * spareShare;
  const fall = (spare + Math.sqrt((spare * spare + Math.hypot(spare * spare, 4 * Math.PI * load)) / 2)) / load;
  const farthest = Math.ceil(22 * Math.sqrt(load)) + 70;
  const reach = Math.min(farthest, Math.ceil((2 * digits) / fall) + 5);
  let count = 256;
  while (count < 2 * farthest) count *= 2;
  const [re, im] = [new Float64Array(count), new Float64Array(count)];
  for (let m = 0; m <= count / 2; m++) {
    const value = logQuotient(m, count, { load, servers, spareShare, outward });
    [re[m], im[m]] = [value.re, value.im];
    if (m > 0) [re[count - m], im[count - m]] = [value.re, -value.im];
  }
  fourierTransform(re, im);
  return re.slice(0, reach).map((coefficient) => -coefficient / count);
}

interface Walk {
  readonly load: number;
  readonly servers: number;
  readonly spareShare: number;
  readonly outward: number;
}

function logQuotient(m: number, count: number, { load, servers, spareShare, outward }: Walk): { re: number; im: number } {
  const angle = (2 * Math.PI * m) / count;
  const half = Math.sin(angle / 2);
  // 1 − z/z₀, times z₀: outward + (1 − z).
  const outer = { re: outward + 2 * half * half, im: -Math.sin(angle) };
  const outerLog = { re: Math.log(Math.hypot(outer.re, outer.im)) - Math.log1p(outward), im: Math.atan2(outer.im, outer.re) };
  if (m === 0) return { re: Math.log(servers * spareShare) - outerLog.re, im: 0 };
  // 1 − 1/z = 2 sin(θ/2) e^{i(π − θ)/2}
  const inner = { re: Math.log(2 * half), im: (Math.PI - angle) / 2 };
  // 1 − e^{−decay + i turn}, where the turn a sin θ − cθ is reduced in whole numbers unless it is small.
  const decay = 2 * load * half * half;
  const small = -(servers * spareShare * angle + load * sineRest(angle));
  const turn = Math.abs(small) < 1 ? small : load * Math.sin(angle) - 2 * Math.PI * (((servers % count) * m) % count) / count;
  const halfTurn = Math.sin(turn / 2);
  const whole = { re: -Math.expm1(-decay) + Math.exp(-decay) * 2 * halfTurn * halfTurn, im: -Math.exp(-decay) * Math.sin(turn) };
  return {
    re: Math.log(Math.hypot(whole.re, whole.im)) - inner.re - outerLog.re,
    im: Math.atan2(whole.im, whole.re) - inner.im - outerLog.im,
  };
}

/** θ − sin θ */
function sineRest(angle: number): number {
  if (angle > 0.5) return angle - Math.sin(angle);
  let [term, sum] = [angle, 0];
  for (let k = 2; k < 24; k += 2) {
    term *= -(angle * angle) / (k * (k + 1));
    sum -= term;
  }
  return sum;
}

/** P(more than n wait) up to where it falls geometrically, by n P(n) = Σ_j j q_j P(n − j). */
function tailsOf(parts: Float64Array, lacksGeometric: boolean, logEmpty: number, outward: number): Float64Array {
  const count = parts.length;
  const rates = parts.map((part, j) => j * part + (lacksGeometric && j > 0 ? Math.exp(-j * Math.log1p(outward)) : 0));
  const masses = new Float64Array(count);
  masses[0] = Math.exp(logEmpty);
  for (let n = 1; n < count; n++) {
    let sum = 0;
    for (let j = 1; j <= n; j++) sum += rates[j]! * masses[n - j]!;
    masses[n] = sum / n;
  }
  const tails = new Float64Array(count);
  tails[count - 1] = masses[count - 1]! / outward;
  for (let n = count - 2; n >= 0; n--) tails[n] = tails[n + 1]! + masses[n + 1]!;
  return tails;
}
