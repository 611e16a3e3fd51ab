/** Erlang-A, M/M/c+M: messages wait for one of c servers and give up after an exponential patience. Stable at any load. */
import { requireNotNegative, requirePositive, requireQuantileOrder } from './checks.ts';
import { admissionOdds } from './erlang.ts';
import { type MmcParameters, requireStation } from './mmc.ts';
import { productMinus } from './numerics/products.ts';
import { panels } from './numerics/quadrature.ts';
import { quantileOfLogTail, rootOfFalling } from './numerics/roots.ts';
import { logGammaLower, lowerSeries } from './numerics/special-functions.ts';
import type { QueueAnswer } from './queue-answer.ts';

export interface ErlangAParameters extends MmcParameters {
  /** One over the mean patience. */
  readonly abandonmentRate: number;
}

export interface ErlangAAnswer extends QueueAnswer {
  readonly abandonmentProbability: number;
  /** The share of its time that a server is busy. */
  readonly busyShare: number;
  /** P(a message of endless patience would wait longer than t) */
  offeredWaitTail(t: number): number;
}

/** Spare capacity δ = cμ − λ, below zero when overloaded; r = cμ/θ and A = λ/θ, in which the sums are incomplete gamma functions. */
interface Station {
  readonly λ: number;
  readonly μ: number;
  readonly θ: number;
  readonly c: number;
  readonly spare: number;
  readonly r: number;
  readonly A: number;
  /** Σ_{n≥c} p_n/p_c = 1 + A/(r+1) + A²/((r+1)(r+2)) + …, perhaps Infinity when overloaded. */
  readonly full: number;
  readonly waiting: number;
  readonly notWaiting: number;
}

/**
 * Waits are those of everybody, served or not: the smaller of patience and offered wait. Relative error below 1e-10 at any load,
 * up to 100,000 servers and for patience from far below the service time to a billion times above; the variance of the wait 1e-9.
 * Sources: Palm, Tele 1957; Zeltyn & Mandelbaum, Queueing Systems 51 (2005) 361; sums as incomplete gamma functions.
 *
 * @throws ImpossibleParameters
 */
export function erlangA(parameters: ErlangAParameters): ErlangAAnswer {
  requireErlangA(parameters);
  const { arrivalRate: λ, serviceRate: μ, servers: c, abandonmentRate: θ } = parameters;
  const [r, A] = [(c * μ) / θ, λ / θ];
  const full = lowerSeries(r, A);
  const odds = admissionOdds(c, λ / μ);
  return answerOf({ λ, μ, θ, c, spare: productMinus(c, μ, λ), r, A, full, waiting: 1 / (1 + odds / full), notWaiting: 1 / (1 + full / odds) });
}

/** @throws ImpossibleParameters */
export function requireErlangA(parameters: ErlangAParameters): void {
  requireStation(parameters);
  requirePositive('abandonmentRate', parameters.abandonmentRate, '1/s');
}

function answerOf(station: Station): ErlangAAnswer {
  const { λ, μ, θ, c, spare, full, waiting, notWaiting } = station;
  const meanQueueLength = waiting * queueWhenFull(station);
  // When overloaded the served share can be small, and is summed up instead of left over.
  const throughput = spare > 0 ? λ - θ * meanQueueLength : λ * notWaiting + waiting * c * μ * (1 - 1 / full);
  const logTail = (t: number): number => Math.log(waiting) + logOfferedTail(station, t) - θ * t;
  const meanNumberInSystem = meanQueueLength + throughput / μ;
  return {
    model: 'M/M/c+M', utilisation: λ / (c * μ), throughput, growthRate: 0,
    meanNumberInSystem, meanQueueLength, meanSojournTime: meanNumberInSystem / λ, meanWaitingTime: meanQueueLength / λ,
    waitingTimeVariance: varianceOfWait(station, meanQueueLength / λ),
    waitingProbability: waiting, abandonmentProbability: (θ * meanQueueLength) / λ, busyShare: throughput / (c * μ),
    offeredWaitTail(t) {
      requireNotNegative('t', t, 's');
      return waiting * Math.exp(logOfferedTail(station, t));
    },
    waitingTail(t) {
      requireNotNegative('t', t, 's');
      return Math.exp(logTail(t));
    },
    waitingQuantile(p) {
      requireQuantileOrder('p', p);
      return quantileOfLogTail(logTail, p, 1 / (θ + Math.abs(spare)));
    },
  };
}

/**
 * The mean line while all servers are busy, Σ j u_j/Σ u_j. From the balance θ Σ j u_j = λ Σ u_j − cμ Σ_{j≥1} u_j; well below capacity
 * that cancels, and the mean is the quotient of two of Kummer's functions.
 */
function queueWhenFull({ μ, θ, c, spare, r, A, full }: Station): number {
  const isWellBelow = spare > 0 && (r - A) * (r - A) > 40 * r;
  return isWellBelow ? A / ((r + 1) * kummerQuotient(r + 1, A)) : ((c * μ) / full - spare) / θ;
}

/**
 * M(1, b, z)/M(2, b + 1, z) as a continued fraction, from its far end. Where z is well below b its error is gone after 40 of these
 * steps. Source: DLMF 13.5.1.
 */
function kummerQuotient(b: number, z: number): number {
  let value = 1;
  for (let k = 80; k >= 1; k--) {
    value = 1 + ((k + 1) * z) / ((b + 2 * k - 1) * (b + 2 * k) * value);
    value = 1 - ((b + k - 2) * z) / ((b + 2 * k - 2) * (b + 2 * k - 1) * value);
  }
  return value;
}

/**
 * ln P(V > t | V > 0) = ln P(r, Ae^{−θt}) − ln P(r, A). Below capacity the common factor of both is taken out, which leaves
 * e^{−δt − λ(t − (1 − e^{−θt})/θ)} and two sums of moderate size.
 */
function logOfferedTail({ λ, θ, spare, r, A, full }: Station, t: number): number {
  const left = A * Math.exp(-θ * t);
  if (spare <= 0) return logGammaLower(r, left) - logGammaLower(r, A);
  return -spare * t - (λ / θ) * exponentialExcess(θ * t) + Math.log(lowerSeries(r, left) / full);
}

/** y − 1 + e^{−y} */
function exponentialExcess(y: number): number {
  if (y > 0.5) return y + Math.expm1(-y);
  let term = (y * y) / 2;
  let sum = term;
  for (let k = 3; k < 20; k++) sum += term *= -y / k;
  return sum;
}

/** E Wq² = 2∫ t P(Wq > t) dt, in two parts: before anybody is served that waits, and after, until nobody waits any more. */
function varianceOfWait(station: Station, mean: number): number {
  const { θ, spare, waiting } = station;
  const scale = 1 / (θ + Math.abs(spare));
  const plateau = rootOfFalling((t) => logOfferedTail(station, t) + 1e-9, scale);
  const end = rootOfFalling((t) => logOfferedTail(station, t) - θ * t + 50, scale);
  const nodes = [...panels(0, Math.min(plateau, end), 12), ...panels(Math.min(plateau, end), end, 12)];
  const half = nodes.reduce((sum, { x, weight }) => sum + weight * x * Math.exp(logOfferedTail(station, x) - θ * x), 0);
  return 2 * waiting * half - mean * mean;
}
