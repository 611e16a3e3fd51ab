/** M/M/c/K: at most K messages in the system, those in service included; what arrives at a full system is lost. */
import { requireNotNegative, requireQuantileOrder, requireWhole } from './checks.ts';
import { admissionOdds } from './erlang.ts';
import { type MmcParameters, requireStation } from './mmc.ts';
import { geometricBeyond, geometricSum, truncatedGeometric } from './numerics/geometric-sums.ts';
import { logQuotient, productMinus } from './numerics/products.ts';
import { logGamma, logGammaUpper } from './numerics/special-functions.ts';
import { phaseMixtureQuantile, phaseMixtureTail } from './phase-mixture.ts';
import type { QueueAnswer } from './queue-answer.ts';

interface MmckParameters extends MmcParameters {
  /** Of the whole system: servers and buffer. */
  readonly capacity: number;
}

export interface MmckAnswer extends QueueAnswer {
  readonly blockingProbability: number;
  readonly emptyProbability: number;
  /** The share of its time that a server is busy. */
  readonly busyShare: number;
}

/** The law of the number relative to p_c = 1: below c it is Poisson's, from c upward geometric with ρ. */
interface Weights {
  readonly c: number;
  readonly load: number;
  readonly buffer: number;
  readonly logRatio: number;
  /** Σ_{n<c} p_n */
  readonly odds: number;
  /** Σ_{n=c}^{K} p_n, and without K. */
  readonly full: number;
  readonly waiting: number;
}

/**
 * Waits are those of accepted messages. Sums are closed and have no negative terms, also at ρ = 1 and far above, so a buffer of
 * a million costs nothing: relative error below 1e-11; tails and quantiles cost some times √(cμt). Source: Gross & Harris §2.5.
 *
 * @throws ImpossibleParameters
 */
export function mmck(parameters: MmckParameters): MmckAnswer {
  requireStation(parameters);
  const { arrivalRate, serviceRate, servers, capacity } = parameters;
  requireWhole('capacity', capacity, servers);
  const rate = servers * serviceRate;
  const load = arrivalRate / serviceRate;
  const logRatio = logQuotient(arrivalRate, rate, -productMinus(servers, serviceRate, arrivalRate));
  const buffer = capacity - servers;
  const weights: Weights = {
    c: servers, load, buffer, logRatio, odds: admissionOdds(servers, load),
    full: geometricSum(logRatio, buffer + 1), waiting: geometricSum(logRatio, buffer),
  };
  return answerOf(weights, arrivalRate, serviceRate);
}

function answerOf(weights: Weights, arrivalRate: number, serviceRate: number): MmckAnswer {
  const { c, buffer, logRatio, odds, full, waiting } = weights;
  // Relative to p_K: how much likelier the system has room.
  const room = odds * Math.exp(-buffer * logRatio) + Math.exp(-logRatio) * geometricSum(-logRatio, buffer);
  const throughput = arrivalRate / (1 + 1 / room);
  const meanQueueLength = share(full, odds) * truncatedGeometric(logRatio, buffer).mean;
  const meanNumberInSystem = meanQueueLength + throughput / serviceRate;
  const waitingProbability = share(waiting, odds);
  return {
    model: 'M/M/c/K', utilisation: weights.load / c, throughput, growthRate: 0,
    meanNumberInSystem, meanQueueLength,
    meanSojournTime: meanQueueLength / throughput + 1 / serviceRate, meanWaitingTime: meanQueueLength / throughput,
    waitingProbability, blockingProbability: 1 / (1 + room), emptyProbability: emptyProbability(weights), busyShare: throughput / (c * serviceRate),
    ...waitsOf(weights, waitingProbability, c * serviceRate),
  };
}

/** a/(a + b), either of which may be infinite. */
const share = (a: number, b: number): number => (a === 0 ? 0 : 1 / (1 + b / a));

function emptyProbability({ c, load, odds, full }: Weights): number {
  if (load < c) return share(odds, full) * Math.exp(-load - logGammaUpper(c, load));
  return Math.exp(logGamma(c + 1) - c * Math.log(load) - Math.log(odds + full));
}

/** Whoever is accepted and finds j before it, all servers busy, waits for j + 1 departures at rate cμ. */
function waitsOf({ odds, buffer, logRatio, waiting }: Weights, waitingProbability: number, rate: number): Pick<MmckAnswer, 'waitingTimeVariance' | 'waitingTail' | 'waitingQuantile'> {
  const { mean, variance } = buffer === 0 ? { mean: 0, variance: 0 } : truncatedGeometric(logRatio, buffer - 1);
  const notWaiting = buffer === 0 ? 1 : share(odds, waiting);
  const beyond = geometricBeyond(logRatio, buffer);
  const phases = { moreThan: (i: number) => waitingProbability * beyond(i), phasesMax: buffer, phaseRate: rate, phasesMean: mean + 1 };
  return {
    waitingTimeVariance: (waitingProbability * (mean + 1 + variance + notWaiting * (mean + 1) * (mean + 1))) / (rate * rate),
    waitingTail(t) {
      requireNotNegative('t', t, 's');
      return phaseMixtureTail(phases, t);
    },
    waitingQuantile(p) {
      requireQuantileOrder('p', p);
      return phaseMixtureQuantile(phases, p);
    },
  };
}
