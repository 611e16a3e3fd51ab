/** Work that is split into parts which are done side by side, and is done when all of them are, or enough. */
import { requireNotNegative, requirePositive, requireQuantileOrder, requireWhole } from '../checks.ts';
import { productMinus } from '../numerics/products.ts';
import { lawOfRatios } from '../numerics/scaled-products.ts';
import { quantileOfLogTail } from '../numerics/roots.ts';
import { harmonic, logGamma } from '../numerics/special-functions.ts';
import { type MeanAnswer, unstableAnswer } from '../queue-answer.ts';

export interface ForkJoinParameters {
  /** Jobs per second; each sends one part to every branch. */
  readonly arrivalRate: number;
  /** Of each branch, parts per second. */
  readonly serviceRate: number;
  readonly branches: number;
}

export interface ForkJoinAnswer {
  readonly utilisation: number;
  readonly growthRate: number;
  /** From the arrival of a job until its last part is done. */
  readonly meanResponseTime: number;
  /** Between these the true mean lies, for any number of branches. */
  readonly lowerBound: number;
  readonly upperBound: number;
}

/**
 * Every branch is an M/M/1 with a line of its own, and all get their parts at the same moment. Exact for one and two branches (L.
 * Flatto and S. Hahn, SIAM J. Appl. Math. 44 (1984) 1041), relative error below 1e-12; for more the approximation by R. Nelson and
 * A. Tantawi, IEEE Trans. Comput. 37 (1988) 739, within 5 % up to 32 branches. The bounds hold always.
 *
 * @throws ImpossibleParameters
 */
export function forkJoin({ arrivalRate, serviceRate, branches }: ForkJoinParameters): ForkJoinAnswer {
  requirePositive('arrivalRate', arrivalRate, '1/s');
  requirePositive('serviceRate', serviceRate, '1/s');
  requireWhole('branches', branches, 1);
  const utilisation = arrivalRate / serviceRate;
  const spare = serviceRate - arrivalRate;
  if (spare <= 0) return { utilisation, growthRate: -spare, meanResponseTime: Infinity, lowerBound: Infinity, upperBound: Infinity };
  const longest = harmonic(branches);
  const bounds = { lowerBound: Math.max(longest / serviceRate, 1 / spare), upperBound: longest / spare };
  return { utilisation, growthRate: 0, meanResponseTime: stretch(branches, utilisation) / spare, ...bounds };
}

/** By how much a job takes longer than a part. */
function stretch(branches: number, utilisation: number): number {
  if (branches === 1) return 1;
  const toTwo = harmonic(branches) / harmonic(2);
  return ((toTwo + (4 / 11) * (1 - toTwo) * utilisation) * (12 - utilisation)) / 8;
}

/**
 * All parts must be done before the next job starts: an M/G/1 whose service is the longest of some exponential times. Exact, relative
 * error below 1e-12.
 *
 * @throws ImpossibleParameters
 */
export function splitMerge({ arrivalRate, serviceRate, branches }: ForkJoinParameters): MeanAnswer & { readonly capacity: number } {
  requirePositive('arrivalRate', arrivalRate, '1/s');
  requirePositive('serviceRate', serviceRate, '1/s');
  requireWhole('branches', branches, 1, 100_000_000);
  const longest = harmonic(branches);
  const serviceTime = longest / serviceRate;
  const capacity = serviceRate / longest;
  const spareShare = -productMinus(arrivalRate, serviceTime, 1);
  if (spareShare <= 0) return { ...unstableAnswer('M/G/1', arrivalRate, capacity), capacity };
  let squares = 0;
  for (let i = branches; i >= 1; i--) squares += 1 / (i * i);
  const secondMoment = serviceTime * serviceTime + squares / (serviceRate * serviceRate);
  const meanWaitingTime = (arrivalRate * secondMoment) / (2 * spareShare);
  const meanSojournTime = meanWaitingTime + serviceTime;
  return {
    model: 'M/G/1', utilisation: arrivalRate * serviceTime, throughput: arrivalRate, growthRate: 0, capacity,
    meanNumberInSystem: arrivalRate * meanSojournTime, meanQueueLength: arrivalRate * meanWaitingTime, meanSojournTime, meanWaitingTime,
  };
}

export interface QuorumReplyAnswer {
  readonly mean: number;
  readonly variance: number;
  /** P(fewer than needed have replied by t) */
  tail(t: number): number;
  quantile(p: number): number;
}

/** In mean times of a reply: from then on hardly one is missing, and of those that are, never more than must be. */
const late = 300;

/**
 * The time until some of several replies are there, which come independently after exponential times: the order statistic, Σ 1/(iμ)
 * over those that are awaited. Relative error below 1e-12, the tail included.
 *
 * @throws ImpossibleParameters
 */
export function quorumReply({ replicas, needed, replyRate }: { readonly replicas: number; readonly needed: number; readonly replyRate: number }): QuorumReplyAnswer {
  requireWhole('replicas', replicas, 1, 10_000_000);
  requireWhole('needed', needed, 1, replicas);
  requirePositive('replyRate', replyRate, '1/s');
  let [mean, variance] = [0, 0];
  for (let awaited = replicas; awaited > replicas - needed; awaited--) {
    const stay = 1 / (awaited * replyRate);
    mean += stay;
    variance += stay * stay;
  }
  const tail = (t: number): number => {
    const odds = Math.expm1(replyRate * t);
    if (replyRate * t > late) return Math.exp(logGamma(replicas + 1) - logGamma(needed) - logGamma(replicas - needed + 2) - (replicas - needed + 1) * replyRate * t);
    return odds === 0 ? 1 : lawOfRatios(replicas, (replies) => ((replicas - replies + 1) / replies) * odds).subarray(0, needed).reduce((sum, mass) => sum + mass, 0);
  };
  return {
    mean, variance,
    tail(t) {
      requireNotNegative('t', t, 's');
      return tail(t);
    },
    quantile(p) {
      requireQuantileOrder('p', p);
      return quantileOfLogTail((t) => Math.log(tail(t)), p, mean);
    },
  };
}
