/** Deliveries that fail and are made again, at once or after a delay, until one succeeds or a limit is met. */
import { refuse, requireNotNegative, requireProbability, requireWhole } from '../checks.ts';
import { mmc, requireStation, type MmcParameters } from '../mmc.ts';
import { geometricSum } from '../numerics/geometric-sums.ts';
import { productMinus } from '../numerics/products.ts';
import { rootBetween } from '../numerics/roots.ts';
import { type QueueAnswer, unstableAnswer } from '../queue-answer.ts';

export interface RedeliveryParameters extends MmcParameters {
  /** Of each delivery, whatever happened to those before. */
  readonly failureProbability: number;
  /** Deliveries after which a message is dead-lettered; Infinity for as many as it takes. */
  readonly deliveryLimit?: number;
  /** Mean time before a failed message is ready again, in s. */
  readonly delay?: number;
}

export interface RedeliveryAnswer {
  /** Of each message, if all are delivered in the end. */
  readonly meanDeliveries: number;
  /** Deliveries per second that are asked for. */
  readonly effectiveArrivalRate: number;
  /** Of one delivery: the M/M/c that it meets. */
  readonly station: QueueAnswer;
  readonly meanNumberInDelay: number;
  readonly meanNumberInSystem: number;
  /** From the arrival of a message until it is acknowledged or dead-lettered. */
  readonly meanTotalTime: number;
  /** Messages per second that have failed as often as is allowed, when the station keeps up. */
  readonly deadLetterRate: number;
  /** Messages per second by which the backlog grows, where most of a full station's work is redeliveries of what came long ago. */
  readonly growthRate: number;
}

/**
 * Bernoulli feedback to the end of the line, and an infinite-server node for the delay: product form, exact for any law of the
 * delay (Jackson 1957; F. Baskett et al., JACM 22 (1975) 248). The number at the station is that of M/M/c with λ(1−p^m)/(1−p).
 * Relative error below 1e-11.
 *
 * @throws ImpossibleParameters
 */
export function redelivery({ arrivalRate, serviceRate, servers, failureProbability, deliveryLimit = Infinity, delay = 0 }: RedeliveryParameters): RedeliveryAnswer {
  requireStation({ arrivalRate, serviceRate, servers });
  requireProbability('failureProbability', failureProbability);
  if (deliveryLimit !== Infinity) requireWhole('deliveryLimit', deliveryLimit, 1);
  requireNotNegative('delay', delay, 's');
  const logFailure = Math.log(failureProbability);
  const meanDeliveries = geometricSum(logFailure, deliveryLimit);
  const redeliveries = failureProbability * geometricSum(logFailure, deliveryLimit - 1);
  const effectiveArrivalRate = arrivalRate * meanDeliveries;
  const capacity = servers * serviceRate;
  // What differs from the capacity by its rounding alone is the capacity.
  const rounding = 4 * Number.EPSILON * capacity;
  const isUnstable = effectiveArrivalRate >= capacity - rounding;
  const station = isUnstable ? unstableAnswer('M/M/c', effectiveArrivalRate, capacity) : mmc({ arrivalRate: effectiveArrivalRate, serviceRate, servers });
  const meanNumberInDelay = delay === 0 ? 0 : arrivalRate * redeliveries * delay;
  const meanNumberInSystem = station.meanNumberInSystem + meanNumberInDelay;
  return {
    meanDeliveries, effectiveArrivalRate, station, meanNumberInDelay, meanNumberInSystem, meanTotalTime: meanNumberInSystem / arrivalRate,
    deadLetterRate: deliveryLimit === Infinity ? 0 : arrivalRate * Math.exp(deliveryLimit * logFailure),
    growthRate: effectiveArrivalRate > capacity + rounding ? growth(arrivalRate, capacity, failureProbability, deliveryLimit) : 0,
  };
}

/**
 * In a line that grows, deliveries arrive at a rate A of which the share s = capacity/A is made. The i-th deliveries arrive at
 * λ(ps)^{i−1}, so that A = λ Σ_{i<m} (ps)^i; what is not made stays. Without a limit that is λ − (1−p) capacity.
 */
function growth(arrivalRate: number, capacity: number, failureProbability: number, deliveryLimit: number): number {
  if (deliveryLimit === Infinity) return Math.max(0, -productMinus(1 - failureProbability, capacity, arrivalRate));
  const arriving = (rate: number) => arrivalRate * geometricSum(Math.log((failureProbability * capacity) / rate), deliveryLimit);
  return rootBetween((excess) => arriving(capacity + excess) - capacity - excess, 0, arriving(capacity));
}

export interface RetrialParameters {
  readonly arrivalRate: number;
  readonly meanServiceTime: number;
  /** Infinity where it has none. */
  readonly secondMoment: number;
  /** Of each message that was turned away, 1/s. */
  readonly retrialRate: number;
}

export interface RetrialAnswer {
  readonly utilisation: number;
  readonly growthRate: number;
  /** Messages that were turned away and will try again. */
  readonly meanNumberInOrbit: number;
  readonly meanNumberInSystem: number;
  readonly meanSojournTime: number;
}

/**
 * M/G/1 without a line: who finds the server busy tries again after an exponential time, again and again. Exact, relative error
 * below 1e-12 (near saturation that of μ − λ). Source: G. Falin and J. Templeton, Retrial Queues (1997), §1.2.
 *
 * @throws ImpossibleParameters
 */
export function retrial({ arrivalRate, meanServiceTime, secondMoment, retrialRate }: RetrialParameters): RetrialAnswer {
  for (const [name, value] of Object.entries({ arrivalRate, meanServiceTime, retrialRate })) {
    if (!(value > 0 && value < Infinity)) refuse(name, value, `a number above zero (${name === 'meanServiceTime' ? 's' : '1/s'})`);
  }
  const utilisation = arrivalRate * meanServiceTime;
  const spareShare = -productMinus(arrivalRate, meanServiceTime, 1);
  if (spareShare <= 0) return { utilisation, growthRate: Math.max(0, arrivalRate - 1 / meanServiceTime), meanNumberInOrbit: Infinity, meanNumberInSystem: Infinity, meanSojournTime: Infinity };
  const meanNumberInOrbit = (arrivalRate * arrivalRate * secondMoment) / (2 * spareShare) + (arrivalRate * utilisation) / (spareShare * retrialRate);
  const meanNumberInSystem = meanNumberInOrbit + utilisation;
  return { utilisation, growthRate: 0, meanNumberInOrbit, meanNumberInSystem, meanSojournTime: meanNumberInSystem / arrivalRate };
}
