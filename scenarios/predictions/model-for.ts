/** Which model of queueing theory fits a station best, and what it answers. */
import { ImpossibleParameters } from '../../models/theory/checks.ts';
import { mmcBreakdown } from '../../models/theory/breakdowns.ts';
import { mdc } from '../../models/theory/mdc.ts';
import { ggc } from '../../models/theory/ggc.ts';
import { gimc } from '../../models/theory/gimc.ts';
import { law } from '../../models/theory/laws/law.ts';
import type { LawSpec } from '../../models/theory/laws/law-spec.ts';
import { mg1 } from '../../models/theory/mg1.ts';
import { mmc } from '../../models/theory/mmc.ts';
import { mmck } from '../../models/theory/mmck.ts';
import { occupancyCount } from '../../models/theory/occupancies.ts';
import { mphc } from '../../models/theory/phase-type-queue.ts';
import type { QueueAnswer } from '../../models/theory/queue-answer.ts';
import { lawOf } from './law-of.ts';
import type { Repeats, Station } from './station.ts';

/** What is asked of a model's answer. */
export type StationFigures = Omit<QueueAnswer, 'meanQueueLength' | 'waitingTimeVariance'>;

export interface Modelled {
  readonly model: string;
  readonly kind: 'exact' | 'approximation';
  readonly formula: string;
  readonly knownError: string | null;
  /** Under docs/theory/. */
  readonly page: string;
  readonly answer: StationFigures;
  /** Handlings of a message, in the mean. */
  readonly handlings: number;
  /** What a server is occupied with for each message, repetitions and ways included. */
  readonly service: { readonly mean: number; readonly scv: number };
  /** Relative error that is allowed for, besides chance. */
  readonly tolerance: number;
  /** Share of the messages that find the queue full. */
  readonly refused: number;
}

/** Ways shorter than this share of a service may be added to an exponential one as if they were exponential, too. */
const smallShare = 0.02;
/** Ways to spread busy servers over phases, above which the exact M/PH/c takes too long for a prediction beside a run. */
const statesMax = 120;

/** What fits, or why nothing does. */
export function modelFor(station: Station): Modelled | { readonly why: string } {
  const { mean } = law(station.work);
  if (station.unsolved !== undefined) return { why: station.unsolved };
  if (!(mean > 0)) return { why: 'its work takes no time, so nothing waits for it' };
  if (mean === Infinity) return { why: 'its work takes infinitely long in the mean' };
  if (station.repeats.probability === 1 && station.repeats.deliveryLimit === undefined) return { why: 'every handling fails, and is repeated for ever' };
  try {
    return fitted(station);
  } catch (error) {
    if (!(error instanceof ImpossibleParameters)) throw error;
    return { why: `the theory has no answer: ${error.message}` };
  }
}

function fitted(station: Station): Modelled {
  const work = repeated(station.work, station.repeats);
  const { mean, scv } = law(work);
  const { occupying, onward } = station.ways;
  const handlings = meanHandlings(station.repeats.probability, station.repeats.deliveryLimit);
  // What is published onward is published once, after the handling that succeeds.
  const ways = (occupying - onward) * handlings + onward;
  const share = ways / mean;
  const isSmall = work.type === 'exponential' && share < smallShare;
  const service: LawSpec = ways === 0 ? work : isSmall ? { type: 'exponential', mean: mean + ways } : { type: 'shifted', by: ways, of: work };
  const chosen = asNear(choose(station, service), [...station.nearly, ...(work.type === 'gamma' && station.work.type !== 'gamma' ? ['repeated handlings are described by two moments'] : [])]);
  const whole = law(service);
  return {
    ...chosen,
    handlings,
    service: { mean: whole.mean, scv: isSmall ? scv : whole.scv },
    tolerance: (chosen.tolerance ?? 0) + (isSmall ? 2 * share : 0),
    refused: chosen.refused ?? 0,
  };
}

type Chosen = Omit<Modelled, 'handlings' | 'service' | 'tolerance' | 'refused'> & { readonly tolerance?: number; readonly refused?: number };

function choose(station: Station, service: LawSpec): Chosen {
  const { arrivals, servers, capacity, breakdowns } = station;
  const arrivalRate = arrivals.rate;
  const isExponential = service.type === 'exponential';
  if (arrivals.isPoisson && isExponential && breakdowns !== undefined) {
    const answer = mmcBreakdown({ arrivalRate, serviceRate: 1 / service.mean, servers, ...breakdowns, repairCrews: servers, failMode: 'always' });
    const model = 'M/M/c with breakdowns';
    return exact(model, 'matrix-geometric (Mitrany & Avi-Itzhak 1968, Neuts 1981)', 'breakdowns', { ...answer, model, throughput: Math.min(arrivalRate, answer.capacity) });
  }
  if (arrivals.isPoisson && isExponential && capacity !== undefined) {
    const answer = mmck({ arrivalRate, serviceRate: 1 / service.mean, servers, capacity });
    if (answer.blockingProbability > 1e-9) return { ...exact('M/M/c/K', 'birth–death chain of the number in the system (Gross & Harris, 2.5)', 'finite-and-impatient', answer), refused: answer.blockingProbability };
  }
  if (arrivals.isPoisson && isExponential) return exact(servers === 1 ? 'M/M/1' : 'M/M/c', 'Erlang C (Erlang 1917)', 'multi-server', mmc({ arrivalRate, serviceRate: 1 / service.mean, servers }));
  if (arrivals.isPoisson && service.type === 'deterministic') {
    return exact(servers === 1 ? 'M/D/1' : 'M/D/c', 'Crommelin 1932, Franx 2001', 'general-service', mdc({ arrivalRate, serviceTime: service.value, servers }));
  }
  if (arrivals.isPoisson && servers === 1) return exact('M/G/1', 'Pollaczek 1930, Khinchine 1932', 'general-service', mg1({ arrivalRate, service }));
  if (arrivals.isPoisson && statesOfServers(service, servers) <= statesMax) {
    return exact('M/PH/c', 'matrix-geometric (Neuts 1981)', 'general-service', mphc({ arrivalRate, service, servers }));
  }
  const gaps: LawSpec | undefined = arrivals.gaps?.kind === 'renewal' ? lawOf(arrivals.gaps.gap) : arrivals.gaps && { type: 'deterministic', value: 1 / arrivals.gaps.rate };
  if (gaps !== undefined && isExponential) return exact(servers === 1 ? 'GI/M/1' : 'GI/M/c', 'Takács 1962', 'general-service', gimc({ interarrival: gaps, serviceRate: 1 / service.mean, servers }));
  return approximate(station, service);
}

/** Relative error that is allowed for where a station is only nearly what the model wants. */
const nearTolerance = 0.1;

function asNear(chosen: Chosen, nearly: readonly string[]): Chosen {
  if (nearly.length === 0) return chosen;
  const knownError = [...(chosen.knownError === null ? [] : [chosen.knownError]), `${nearly.join('; ')}: about ${nearTolerance * 100} % are allowed for`].join('; ');
  return { ...chosen, kind: 'approximation', knownError, tolerance: (chosen.tolerance ?? 0) + nearTolerance };
}

function statesOfServers(service: LawSpec, servers: number): number {
  const { phases } = law(service);
  return phases === undefined ? Infinity : occupancyCount(phases.initial.length, servers);
}

function exact(model: string, formula: string, page: string, answer: StationFigures): Chosen {
  return { model, kind: 'exact', formula, knownError: null, page, answer };
}

function approximate({ arrivals, servers }: Station, service: LawSpec): Chosen {
  const { mean, scv } = law(service);
  const answer = ggc({ arrivalRate: arrivals.rate, interarrivalScv: arrivals.scv, meanServiceTime: mean, serviceScv: scv, servers });
  return {
    model: answer.model, kind: 'approximation', formula: 'two-moment approximation (Whitt 1993; Krämer & Langenbach-Belz 1976 for one server)',
    knownError: answer.knownError ?? null, page: 'general-service', answer, tolerance: errorOf(scv, arrivals.scv, answer.utilisation),
  };
}

/** What the approximations were measured to be off by against exact values, where that was measured; else twice as much. */
function errorOf(serviceScv: number, interarrivalScv: number, utilisation: number): number {
  const variability = Math.max(serviceScv, interarrivalScv);
  if (variability <= 1 && utilisation >= 0.5) return 0.05;
  return variability <= 9 && utilisation >= 0.7 ? 0.15 : 0.3;
}

/** All the handlings that a message needs, as one: a sum of as many services as it takes until one succeeds or the limit is met. */
function repeated(work: LawSpec, { probability, deliveryLimit, to }: Repeats): LawSpec {
  if (probability === 0) return work;
  if (work.type === 'exponential' && (deliveryLimit === undefined || to === 'end')) {
    return { type: 'exponential', mean: work.mean * meanHandlings(probability, deliveryLimit) };
  }
  if (work.type === 'exponential' && deliveryLimit! <= stagesMax) return stages(work.mean, probability, deliveryLimit!);
  const { mean, scv } = law(work);
  const handlings = meanHandlings(probability, deliveryLimit);
  const spread = secondMomentOfHandlings(probability, deliveryLimit) - handlings * handlings;
  // Var(S₁ + … + S_N) = E[N] Var S + Var(N) E[S]².
  return { type: 'gamma', mean: mean * handlings, scv: (handlings * scv + spread) / (handlings * handlings) };
}

const stagesMax = 20;

/** Exponential services up to the limit: k of them with the probability that it takes k. */
function stages(mean: number, probability: number, limit: number): LawSpec {
  const parts = Array.from({ length: limit }, (_, index) => {
    const k = index + 1;
    return { weight: Math.exp(index * Math.log(probability)) * (k < limit ? 1 - probability : 1), of: { type: 'erlang' as const, k, mean: k * mean } };
  });
  return { type: 'mixture', parts: parts.filter(({ weight }) => weight > 0) };
}

function meanHandlings(probability: number, limit: number | undefined): number {
  if (limit === undefined) return 1 / (1 - probability);
  return probability === 1 ? limit : -Math.expm1(limit * Math.log(probability)) / (1 - probability);
}

function secondMomentOfHandlings(probability: number, limit: number | undefined): number {
  if (limit === undefined) return (1 + probability) / ((1 - probability) * (1 - probability));
  // E[N²] = Σ_{k<m} (2k + 1) p^k, since P(N > k) = p^k.
  let sum = 0;
  let power = 1;
  for (let k = 0; k < limit && power > 1e-18; k++) {
    sum += (2 * k + 1) * power;
    power *= probability;
  }
  return sum;
}
