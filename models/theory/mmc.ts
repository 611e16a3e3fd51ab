/** M/M/c: Poisson arrivals, exponential service, c servers, one line without end, first come first served. */
import { requirePositive, requireQuantileOrder, requireNotNegative, requireWhole } from './checks.ts';
import { admissionOdds } from './erlang.ts';
import { logQuotient, productMinus } from './numerics/products.ts';
import { quantileOfLogTail } from './numerics/roots.ts';
import { gammaUpper, logGammaUpper, poissonMass } from './numerics/special-functions.ts';
import { type QueueAnswer, unstableAnswer } from './queue-answer.ts';

export interface MmcParameters {
  /** Messages per time unit. */
  readonly arrivalRate: number;
  /** Of one server, messages per time unit. */
  readonly serviceRate: number;
  readonly servers: number;
}

export interface MmcAnswer extends QueueAnswer {
  readonly numberInSystemVariance: number;
  readonly emptyProbability: number;
  /** P(at least n in the system) */
  numberTail(n: number): number;
  /** From an arrival at the empty system until it is empty again. */
  busyPeriod(): { readonly mean: number; readonly variance: number };
}

/** What the formulas share: load a, spare capacity δ = cμ − λ, 1 − ρ, and Erlang C with its complement. */
interface Station {
  readonly λ: number;
  readonly μ: number;
  readonly c: number;
  readonly load: number;
  readonly spare: number;
  readonly spareShare: number;
  readonly waiting: number;
  readonly notWaiting: number;
}

/**
 * Relative error below 1e-11 up to 100,000 servers and utilisation 0.999999; variances and busy periods below 1e-9. Sources:
 * Gross & Harris §2.2–2.3; Kleinrock, vol. 1, §3.2 and 3.5.
 *
 * @throws ImpossibleParameters
 */
export function mmc(parameters: MmcParameters): MmcAnswer {
  requireStation(parameters);
  const { arrivalRate, serviceRate, servers } = parameters;
  const spare = productMinus(servers, serviceRate, arrivalRate);
  if (spare <= 0) return unstableMmc(arrivalRate, servers * serviceRate);
  const load = arrivalRate / serviceRate;
  const spareShare = spare / (servers * serviceRate);
  const odds = admissionOdds(servers, load) * spareShare;
  return answerOf({ λ: arrivalRate, μ: serviceRate, c: servers, load, spare, spareShare, waiting: 1 / (1 + odds), notWaiting: 1 / (1 + 1 / odds) });
}

/** @throws ImpossibleParameters */
export function requireStation({ arrivalRate, serviceRate, servers }: MmcParameters): void {
  requirePositive('arrivalRate', arrivalRate, '1/s');
  requirePositive('serviceRate', serviceRate, '1/s');
  requireWhole('servers', servers, 1);
}

function unstableMmc(arrivalRate: number, capacity: number): MmcAnswer {
  return {
    ...unstableAnswer('M/M/c', arrivalRate, capacity), numberInSystemVariance: Infinity, emptyProbability: 0,
    numberTail: () => 1, busyPeriod: () => ({ mean: Infinity, variance: Infinity }),
  };
}

function answerOf(station: Station): MmcAnswer {
  const { λ, μ, c, load, spare, spareShare, waiting, notWaiting } = station;
  const utilisation = λ / (c * μ);
  const meanWaitingTime = waiting / spare;
  const meanQueueLength = λ * meanWaitingTime;
  return {
    model: c === 1 ? 'M/M/1' : 'M/M/c', utilisation, throughput: λ, growthRate: 0,
    meanNumberInSystem: meanQueueLength + load, meanQueueLength, meanSojournTime: meanWaitingTime + 1 / μ, meanWaitingTime,
    waitingTimeVariance: (waiting * (2 - waiting)) / (spare * spare),
    waitingProbability: waiting,
    // Var(busy) = a(1 − C), Cov(busy, waiting) = aC and the variance of a geometric line: no term is negative.
    numberInSystemVariance: load * (1 + waiting) + (waiting * utilisation * (1 + utilisation * notWaiting)) / (spareShare * spareShare),
    emptyProbability: notWaiting * Math.exp(-load - logGammaUpper(c, load)),
    numberTail: (n) => numberTail(station, n),
    busyPeriod: () => busyPeriod(station),
    waitingTail(t) {
      requireNotNegative('t', t, 's');
      return waiting * Math.exp(-spare * t);
    },
    waitingQuantile(p) {
      requireQuantileOrder('p', p);
      return Math.max(0, (Math.log(waiting) - Math.log1p(-p)) / spare);
    },
    sojournTail(t) {
      requireNotNegative('t', t, 's');
      return Math.exp(logSojournTail(station, t));
    },
    sojournQuantile(p) {
      requireQuantileOrder('p', p);
      return quantileOfLogTail((t) => logSojournTail(station, t), p, 1 / μ + 1 / spare);
    },
  };
}

/**
 * Of e^{−μt} [1 + C (1 − e^{−μdt})/d] with d = c − 1 − a. Where d < 0 the slower exponential e^{−δt} is taken out; where d is near
 * 0 the quotient is near μt, and expm1 knows it.
 */
function logSojournTail({ μ, spare, waiting }: Station, t: number): number {
  const d = productMinus(1, spare, μ) / μ;
  const y = μ * t;
  if (d === 0) return Math.log1p(waiting * y) - y;
  if (d > 0 || d * y > -1) return Math.log1p((waiting * -Math.expm1(-d * y)) / d) - y;
  return Math.log(Math.exp(d * y) + (waiting * Math.expm1(d * y)) / d) - spare * t;
}

/** Below c: what is above c, and the masses of a Poisson law cut off there, from the largest outward. */
function numberTail({ λ, μ, c, load, spare, waiting, notWaiting }: Station, n: number): number {
  requireWhole('n', n, 0);
  if (n === 0) return 1;
  if (n >= c) return waiting * Math.exp((n - c) * logQuotient(λ, c * μ, -spare));
  return waiting + (notWaiting * poissonBetween(n, c - 1, load)) / gammaUpper(c, load);
}

function poissonBetween(from: number, to: number, mean: number): number {
  const mode = Math.min(to, Math.max(from, Math.floor(mean)));
  const first = poissonMass(mode, mean);
  let sum = first;
  for (let k = mode + 1, mass = first; k <= to && mass > sum * 1e-18; k++) sum += mass *= mean / k;
  for (let k = mode, mass = first; k > from && mass > sum * 1e-18; k--) sum += mass *= k / mean;
  return sum;
}

/**
 * Down the ladder: from n the system needs T_n to reach n − 1, where T_n is an exponential time U of rate nμ and one T_{n+1} for
 * each arrival during U. From c upward T is the busy period of one server of rate cμ. An error above the load a shrinks by a/n with
 * every step down, so the ladder is begun where what lies above no longer matters; below the load T grows by as much, and of many
 * servers it is soon above the largest number. So it costs some times √a.
 */
function busyPeriod({ λ, μ, c, load, spare }: Station): { mean: number; variance: number } {
  const top = Math.min(c, Math.ceil(load + 12 * Math.sqrt(load)) + 200);
  const spareAtTop = top === c ? spare : top * μ - λ;
  let mean = 1 / spareAtTop;
  let variance = (top * μ + λ) / (spareAtTop * spareAtTop * spareAtTop);
  for (let n = top - 1; n >= 1 && mean < Infinity; n--) {
    const above = mean;
    mean = (1 + λ * above) / (n * μ);
    variance = (λ / (n * μ)) * (variance + above * above) + mean * mean;
  }
  return { mean, variance };
}
