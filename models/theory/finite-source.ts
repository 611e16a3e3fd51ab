/** A finite number of sources, each idle for an exponential time before it sends the next message: machine repair, and Engset. */
import { requireNotNegative, requireQuantileOrder, requireWhole } from './checks.ts';
import { stationaryLaw } from './birth-death.ts';
import { type MmcParameters, requireStation } from './mmc.ts';
import { sumOf } from './numerics/sums.ts';
import { phaseMixtureQuantile, phaseMixtureTail } from './phase-mixture.ts';
import type { QueueAnswer } from './queue-answer.ts';

/** The arrival rate is that of one idle source. */
interface FiniteSourceParameters extends MmcParameters {
  readonly sources: number;
}

export interface FiniteSourceAnswer extends QueueAnswer {
  readonly emptyProbability: number;
  /** The share of its time that a server is busy. */
  readonly busyShare: number;
}

/**
 * M/M/c//N: messages wait for one of c servers, their sources stand idle meanwhile. What a message finds on arrival is the system
 * with one source less. Relative error below 1e-11; it costs the width of the distribution. Source: Gross & Harris §2.7.
 *
 * @throws ImpossibleParameters
 */
export function finiteSource(parameters: FiniteSourceParameters): FiniteSourceAnswer {
  requireSources(parameters);
  const { arrivalRate, serviceRate, servers, sources } = parameters;
  const law = chainOf(parameters);
  const mean = (value: (n: number) => number): number => sumOf(Array.from(law.probabilities, (p, index) => p * value(law.first + index)));
  const throughput = serviceRate * mean((n) => Math.min(n, servers));
  const meanQueueLength = mean((n) => Math.max(0, n - servers));
  const meanNumberInSystem = mean((n) => n);
  return {
    model: 'M/M/c//N', utilisation: (sources * arrivalRate) / (servers * serviceRate), throughput, growthRate: 0,
    meanNumberInSystem, meanQueueLength,
    meanSojournTime: meanQueueLength / throughput + 1 / serviceRate, meanWaitingTime: meanQueueLength / throughput,
    emptyProbability: law.probability(0), busyShare: throughput / (servers * serviceRate),
    ...waitsOf(parameters),
  };
}

/** @throws ImpossibleParameters */
export function engset(parameters: FiniteSourceParameters): { timeCongestion: number; callCongestion: number } {
  requireSources(parameters);
  const { servers, sources } = parameters;
  const sourceLoad = parameters.arrivalRate / parameters.serviceRate;
  return { timeCongestion: allBusy(servers, sources, sourceLoad), callCongestion: allBusy(servers, sources - 1, sourceLoad) };
}

function requireSources(parameters: FiniteSourceParameters): void {
  requireStation(parameters);
  requireWhole('sources', parameters.sources, 1);
}

/**
 * Without a line: 1/E = Σ_k Π_{i<k} (c − i)/((N − c + i + 1)a), a sum of positive terms that ends early. Relative error below
 * 1e-12; zero where it is below the least number.
 */
function allBusy(servers: number, sources: number, sourceLoad: number): number {
  if (servers > sources) return 0;
  let product = 1;
  let sum = 1;
  for (let i = 0; i < servers; i++) {
    const ratio = (servers - i) / ((sources - servers + i + 1) * sourceLoad);
    product *= ratio;
    sum += product;
    if (sum === Infinity || (ratio < 1 && product < sum * 1e-18)) break;
  }
  return 1 / sum;
}

function chainOf({ arrivalRate, serviceRate, servers, sources }: FiniteSourceParameters): ReturnType<typeof stationaryLaw> {
  return stationaryLaw({ birthRate: (n) => (sources - n) * arrivalRate, deathRate: (n) => Math.min(n, servers) * serviceRate, last: sources });
}

type Waits = Pick<QueueAnswer, 'waitingProbability' | 'waitingTimeVariance' | 'waitingTail' | 'waitingQuantile'>;

/** Whoever finds j waiting before it, all servers busy, waits for j + 1 departures at rate cμ. */
function waitsOf(parameters: FiniteSourceParameters): Waits {
  const { serviceRate, servers, sources } = parameters;
  const phaseRate = servers * serviceRate;
  const found = chainOf({ ...parameters, sources: sources - 1 });
  const idle = found.probabilities.subarray(0, Math.max(0, servers - found.first));
  const queued = found.probabilities.subarray(idle.length);
  // The first of them may find more than none waiting, where fewer are too unlikely to be known.
  const least = Math.max(0, found.first - servers);
  const phasesMax = queued.length === 0 ? 0 : least + queued.length;
  const beyond = new Float64Array(phasesMax + 1);
  for (let i = phasesMax - 1; i >= 0; i--) beyond[i] = beyond[i + 1]! + (queued[i - least] ?? 0);
  const { mean, variance } = phaseMoments(queued, least + 1, sumOf(idle));
  const phases = { moreThan: (i: number) => beyond[i]!, phasesMax, phaseRate, phasesMean: phasesMax === 0 ? 1 : mean / beyond[0]! };
  return {
    waitingProbability: beyond[0]!, waitingTimeVariance: (mean + variance) / (phaseRate * phaseRate),
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

/** Of their number, which is 0 for those that do not wait and begins at `least` for the others. */
function phaseMoments(shares: Float64Array, least: number, notWaiting: number): { mean: number; variance: number } {
  const mean = sumOf(Array.from(shares, (share, index) => share * (least + index)));
  const deviations = Array.from(shares, (share, index) => share * (least + index - mean) * (least + index - mean));
  return { mean, variance: sumOf(deviations) + notWaiting * mean * mean };
}
