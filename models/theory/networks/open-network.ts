/** Open networks of queues: J. Jackson, Oper. Res. 5 (1957) 518 and Mgmt. Sci. 10 (1963) 131. */
import { refuseDescribed, requireNotNegative, requirePositive, requireProbability, requireWhole } from '../checks.ts';
import { mmc } from '../mmc.ts';
import { type QueueAnswer, unstableAnswer } from '../queue-answer.ts';
import { flowsThrough, isOverloaded, type Routing, visitsOf } from './traffic.ts';

export interface NetworkStation {
  /** Of one server, 1/s. */
  readonly serviceRate: number;
  readonly servers: number;
}

export interface OpenNetworkParameters {
  /** From outside to each station, 1/s. */
  readonly externalArrivals: readonly number[];
  /** Row = from: the probability of going to each station next; what is missing to 1 leaves. */
  readonly routing: Routing;
  readonly stations: readonly NetworkStation[];
}

export interface OpenNetworkAnswer {
  /** As M/M/c each, with what really arrives there: an overloaded station hands on no more than it can serve. */
  readonly stations: readonly QueueAnswer[];
  /** Messages per second that arrive at each station. */
  readonly flows: readonly number[];
  /** Of one message, on average, when no station is overloaded. */
  readonly visits: readonly number[];
  readonly meanNumberInSystem: number;
  /** From the arrival from outside until the message leaves. */
  readonly meanTotalTime: number;
  /** Messages per second that leave. */
  readonly throughput: number;
  /** Messages per second by which all backlogs together grow. */
  readonly growthRate: number;
  /** The station that would be overloaded first if more arrived. */
  readonly bottleneck: number;
}

/**
 * The product form is exact: each station is an M/M/c by itself. Relative error below 1e-11, also where messages come back a
 * million times: traffic is solved without a subtraction.
 *
 * An overloaded network is an answer: flows solve λ = γ + min(λ, capacity) P (J. Goodman and W. Massey, J. Appl. Prob. 21 (1984)
 * 860), so that stations behind an overloaded one may well be stable. The totals are infinite then.
 *
 * @throws ImpossibleParameters
 */
export function openNetwork({ externalArrivals, routing, stations }: OpenNetworkParameters): OpenNetworkAnswer {
  requireNetwork({ externalArrivals, routing, stations });
  const capacities = stations.map(({ servers, serviceRate }) => servers * serviceRate);
  const flows = flowsThrough(externalArrivals, routing, capacities);
  const answers = stations.map((station, index) => answerOf(station, flows[index]!));
  const offered = externalArrivals.reduce((sum, rate) => sum + rate, 0);
  const total = answers.reduce((sum, { meanNumberInSystem }) => sum + meanNumberInSystem, 0);
  const growthRate = answers.reduce((sum, answer) => sum + answer.growthRate, 0);
  const visits = visitsOf(externalArrivals, routing);
  const loads = visits.map((visit, index) => visit / capacities[index]!);
  return {
    stations: answers, flows, visits, growthRate,
    meanNumberInSystem: total, meanTotalTime: total / offered, throughput: offered - growthRate, bottleneck: loads.indexOf(Math.max(...loads)),
  };
}

function requireNetwork({ externalArrivals, routing, stations }: OpenNetworkParameters): void {
  const size = stations.length;
  requireWhole('stations.length', size, 1);
  if (externalArrivals.length !== size) refuseDescribed('externalArrivals', `a list of ${externalArrivals.length}`, `a list of ${size}, a rate (1/s) for each station`);
  externalArrivals.forEach((rate, index) => requireNotNegative(`externalArrivals.${index}`, rate, '1/s'));
  if (!externalArrivals.some((rate) => rate > 0)) refuseDescribed('externalArrivals', 'zero everywhere', 'at least one rate above zero (1/s)');
  if (routing.length !== size || routing.some((row) => row.length !== size)) refuseDescribed('routing', 'a table of another size', `a square table for ${size} stations`);
  routing.forEach((row, from) => row.forEach((probability, to) => requireProbability(`routing.${from}.${to}`, probability)));
  stations.forEach(({ serviceRate, servers }, index) => {
    requirePositive(`stations.${index}.serviceRate`, serviceRate, '1/s');
    requireWhole(`stations.${index}.servers`, servers, 1);
  });
}

function answerOf(station: NetworkStation, flow: number): QueueAnswer {
  if (flow === 0) return idle(station);
  const capacity = station.servers * station.serviceRate;
  return isOverloaded(flow, capacity) ? unstableAnswer('M/M/c', flow, capacity) : mmc({ arrivalRate: flow, ...station });
}

/** A station to which nothing comes; who came would not wait. */
function idle({ serviceRate }: NetworkStation): QueueAnswer {
  return {
    model: 'idle', utilisation: 0, throughput: 0, growthRate: 0, meanNumberInSystem: 0, meanQueueLength: 0, meanSojournTime: 1 / serviceRate, meanWaitingTime: 0,
    waitingTimeVariance: 0, waitingProbability: 0,
  };
}
