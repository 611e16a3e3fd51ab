/** GI/M/c: independent times between arrivals of any law, exponential service, c servers, first come first served. */
import { refuseDescribed, requirePositive, requireWhole } from './checks.ts';
import { exponentialWait } from './exponential-wait.ts';
import type { Law } from './laws/law-form.ts';
import type { LawSpec } from './laws/law-spec.ts';
import { law } from './laws/law.ts';
import { divide, multiply, one, real, subtract } from './numerics/complex.ts';
import { productMinus } from './numerics/products.ts';
import { rootOfFalling } from './numerics/roots.ts';
import { type QueueAnswer, unstableAnswer } from './queue-answer.ts';

export interface GimcParameters {
  /** The law of the times between arrivals. */
  readonly interarrival: LawSpec;
  /** Of one server, messages per time unit. */
  readonly serviceRate: number;
  readonly servers: number;
}

export interface GimcAnswer extends QueueAnswer {
  /** Of those who wait, the share that finds n more waiting is σⁿ(1 − σ). */
  readonly sigma: number;
}

/**
 * Exact. Probabilities and waits are those that arrivals see; the mean number in the system is an average over time. Relative
 * error below 1e-10 up to utilisation 0.999999 and thousands of servers, light load and heavy tails included. Sources: Takács,
 * Introduction to the Theory of Queues (1962), ch. 2; Gross & Harris §5.3.
 *
 * @throws ImpossibleParameters
 */
export function gimc({ interarrival, serviceRate, servers }: GimcParameters): GimcAnswer {
  requirePositive('serviceRate', serviceRate, '1/s');
  requireWhole('servers', servers, 1);
  const gap = law(interarrival, 'interarrival');
  if (!(gap.mean > 0 && gap.mean < Infinity)) refuseDescribed('interarrival', `a law with mean ${gap.mean}`, 'a law with a finite mean above zero (s)');
  const model = servers === 1 ? 'GI/M/1' : 'GI/M/c';
  const arrivalRate = 1 / gap.mean;
  const capacity = servers * serviceRate;
  // E[gap] − 1/cμ: by how much a message comes later than a server is ready for it.
  const slack = productMinus(gap.mean, capacity, 1) / capacity;
  if (slack <= 0) return { ...unstableAnswer(model, arrivalRate, capacity), sigma: 1 };
  const decayRate = decayRateOf(gap, slack, capacity);
  const waitingProbability = waitingProbabilityOf({ gap, serviceRate, servers, decayRate });
  const meanWaitingTime = waitingProbability / decayRate;
  const load = arrivalRate / serviceRate;
  return {
    model, utilisation: load / servers, throughput: arrivalRate, growthRate: 0, sigma: gap.laplace(real(decayRate)).re,
    meanNumberInSystem: arrivalRate * meanWaitingTime + load, meanQueueLength: arrivalRate * meanWaitingTime,
    meanSojournTime: meanWaitingTime + 1 / serviceRate, meanWaitingTime,
    waitingTimeVariance: (waitingProbability * (2 - waitingProbability)) / (decayRate * decayRate),
    waitingProbability,
    ...exponentialWait({ waitingProbability, decayRate, serviceRate }),
  };
}

/**
 * What is known of the gaps at s: h(s) = E[gap] − (1 − A*(s))/s, which rises from 0 to E[gap], and what it lacks to that, each with its
 * digits. For small s the curvature of the transform has them, else the transform itself.
 */
interface Point {
  readonly s: number;
  readonly transform: number;
  readonly h: number;
  readonly rest: number;
}

function pointAt(gap: Law, s: number): Point {
  if (s * gap.mean > 1) {
    const transform = gap.laplace(real(s)).re;
    const rest = (1 - transform) / s;
    return { s, transform, h: gap.mean - rest, rest };
  }
  const h = s * gap.curvature(real(s)).re;
  const rest = gap.mean - h;
  return { s, transform: 1 - s * rest, h, rest };
}

/** σ = A*(cμ(1 − σ)) in the unknown s = cμ(1 − σ), as h(s) = E[gap] − 1/cμ: nothing cancels as s → 0. */
function decayRateOf(gap: Law, slack: number, capacity: number): number {
  const shortfall = (s: number): number => {
    if (s === 0) return slack;
    const { h, rest } = pointAt(gap, s);
    return s * gap.mean > 1 ? rest - 1 / capacity : slack - h;
  };
  return rootOfFalling(shortfall, 1 / gap.mean);
}

interface Station {
  readonly gap: Law;
  readonly serviceRate: number;
  readonly servers: number;
  /** s = cμ(1 − σ) */
  readonly decayRate: number;
}

/**
 * 1 / (1 + (1 − σ) Σ_j T_j), T_j = C(c,j)/(C_j(1 − φ_j)) · (c(1 − φ_j) − j)/(c(1 − σ) − j), φ_j = A*(jμ), C_j = Π_{i≤j} φ_i/(1 − φ_i). All
 * T_j are positive: the last fraction is jcμ² times the slope of h between jμ and s. They are gathered in logarithms.
 */
function waitingProbabilityOf({ gap, serviceRate, servers, decayRate }: Station): number {
  const atDecay = pointAt(gap, decayRate);
  let logChoices = 0;
  let largest = -Infinity;
  let sum = 0;
  const logFactor = Math.log(decayRate / (servers * serviceRate));
  for (let j = 1; j <= servers; j++) {
    const point = pointAt(gap, j * serviceRate);
    // Below the least number, and so is the probability of waiting, which is smaller than each transform.
    if (point.transform === 0) return 0;
    const logMissing = Math.log(point.s * point.rest);
    logChoices += Math.log((servers - j + 1) / j) + logMissing - Math.log(point.transform);
    const term = logChoices - logMissing + Math.log(j * servers * serviceRate * serviceRate * slope(gap, point, atDecay));
    if (term > largest) {
      sum = sum * Math.exp(largest - term) + 1;
      largest = term;
    } else sum += Math.exp(term - largest);
    // The probability is below the least number already, and every further term makes it smaller.
    if (largest + logFactor > logOfLargest) return 0;
    // From there on terms only fall.
    if (term < largest - negligible && point.s > decayRate) break;
  }
  return 1 / (1 + (decayRate / (servers * serviceRate)) * sum * Math.exp(largest));
}

const negligible = 45;
const logOfLargest = 745;

const circlePoints = 24;

/** (h(a) − h(b))/(a − b); where the two are near each other, as an average over a circle around both, by Cauchy's formula. */
function slope(gap: Law, a: Point, b: Point): number {
  const isSmall = Math.min(a.s, b.s) * gap.mean < 1;
  if (Math.abs(a.s - b.s) > 0.02 * Math.max(a.s, b.s)) return (isSmall ? a.h - b.h : b.rest - a.rest) / (a.s - b.s);
  const middle = (a.s + b.s) / 2;
  let sum = 0;
  for (let k = 0; k < circlePoints; k++) {
    const angle = (2 * Math.PI * (k + 0.5)) / circlePoints;
    const arm = { re: 0.2 * middle * Math.cos(angle), im: 0.2 * middle * Math.sin(angle) };
    const z = { re: middle + arm.re, im: arm.im };
    // But for a constant, which the circle does not see, h is (A* − 1)/s.
    const height = isSmall ? multiply(z, gap.curvature(z)) : divide(subtract(gap.laplace(z), one), z);
    sum += divide(multiply(height, arm), multiply(subtract(z, real(a.s)), subtract(z, real(b.s)))).re;
  }
  return sum / circlePoints;
}
