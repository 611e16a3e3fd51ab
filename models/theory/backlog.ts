/** What an outage leaves behind and how long it takes to be rid of it: a fluid, and its stochastic correction for M/M/1. */
import { refuse, requireNotNegative, requirePositive, requireWhole } from './checks.ts';

interface OutageParameters {
  readonly arrivalRate: number;
  /** Messages per time unit that can be handled before and after the outage. */
  readonly capacity: number;
  /** How long it lasts. */
  readonly outage: number;
  /** Messages per time unit that can be handled while it lasts. */
  readonly capacityDuringOutage: number;
  /** Messages that wait when it begins. */
  readonly initialBacklog: number;
}

export interface OutageAnswer {
  readonly peakBacklog: number;
  /** From the end of the outage until the backlog is gone; Infinity when capacity does not exceed arrivals. */
  readonly drainTime: number;
  /** From the start of the outage until it is over and the backlog is gone. */
  readonly timeToRecover: number;
  /** That arrive from the start of the outage while there is a backlog or one is building up. */
  readonly messagesAffected: number;
  readonly meanDelayOfAffected: number;
  /** The backlog integrated over time: all delay there is, in messages times time. */
  readonly backlogArea: number;
}

/**
 * A fluid that flows in at a constant rate and is handled first come first served: exact for the fluid, and good for messages
 * when the backlog is large against its own fluctuation, √(λ·time). Source: Newell, Applications of Queueing Theory (1982), ch. 2.
 *
 * @throws ImpossibleParameters
 */
export function drainAfterOutage({ arrivalRate, capacity, outage, capacityDuringOutage, initialBacklog }: OutageParameters): OutageAnswer {
  requireNotNegative('arrivalRate', arrivalRate, '1/s');
  requirePositive('capacity', capacity, '1/s');
  requireNotNegative('outage', outage, 's');
  requireNotNegative('capacityDuringOutage', capacityDuringOutage, '1/s');
  requireNotNegative('initialBacklog', initialBacklog, 'messages');
  const growth = arrivalRate - capacityDuringOutage;
  const atEnd = Math.max(0, initialBacklog + growth * outage);
  // A backlog can be gone before the outage is over; then it does not last to its end.
  const backlogged = atEnd > 0 || growth > 0 ? outage : initialBacklog / Math.max(-growth, Number.MIN_VALUE);
  const drainTime = atEnd === 0 ? 0 : arrivalRate < capacity ? atEnd / (capacity - arrivalRate) : Infinity;
  const backlogArea = ((initialBacklog + atEnd) / 2) * backlogged + (atEnd / 2) * drainTime;
  const messagesAffected = arrivalRate * (backlogged + drainTime);
  const ofOthers = areaOfFirst(initialBacklog, outage, capacityDuringOutage, capacity);
  return {
    peakBacklog: Math.max(initialBacklog, atEnd), drainTime, timeToRecover: outage + drainTime, messagesAffected, backlogArea,
    meanDelayOfAffected: messagesAffected === 0 ? 0 : drainTime === Infinity ? Infinity : Math.max(0, backlogArea - ofOthers) / messagesAffected,
  };
}

/** The delay of what waited already when the outage began, which is handled first. */
function areaOfFirst(backlog: number, outage: number, during: number, after: number): number {
  if (during * outage >= backlog) return backlog === 0 ? 0 : (backlog * backlog) / (2 * during);
  const left = backlog - during * outage;
  return ((backlog + left) / 2) * outage + (left * left) / (2 * after);
}

/**
 * The time in which M/M/1 with n messages becomes empty: n busy periods, one after another. Mean and variance are exact (relative
 * error below 1e-14); Infinity without a steady state. With c servers of rate μ take cμ, as long as all are busy. Source:
 * Kleinrock, vol. 1, §5.8.
 *
 * @throws ImpossibleParameters
 */
export function timeToEmpty({ arrivalRate, serviceRate, messages }: { arrivalRate: number; serviceRate: number; messages: number }): { mean: number; variance: number } {
  requireNotNegative('arrivalRate', arrivalRate, '1/s');
  requirePositive('serviceRate', serviceRate, '1/s');
  requireWhole('messages', messages, 0);
  if (messages === 0) return { mean: 0, variance: 0 };
  const spare = serviceRate - arrivalRate;
  if (spare <= 0) return { mean: Infinity, variance: Infinity };
  return { mean: messages / spare, variance: (messages * (arrivalRate + serviceRate)) / (spare * spare * spare) };
}

interface LittleParameters {
  readonly arrivalRate?: number;
  readonly meanNumber?: number;
  readonly meanTime?: number;
}

/**
 * Little's law, L = λW: any two of rate, mean number and mean time give the third. It holds for every system in balance. Source:
 * Little, Oper. Res. 9 (1961) 383. @throws ImpossibleParameters when not two of the three are given
 */
export function littlesLaw({ arrivalRate, meanNumber, meanTime }: LittleParameters): Required<LittleParameters> {
  const given = [arrivalRate, meanNumber, meanTime].filter((value) => value !== undefined);
  if (given.length !== 2) refuse('given', given.length === 3 ? 'all three' : `${given.length} of three`, 'two of arrivalRate (1/s), meanNumber and meanTime (s)');
  if (arrivalRate !== undefined) requirePositive('arrivalRate', arrivalRate, '1/s');
  if (meanNumber !== undefined) requireNotNegative('meanNumber', meanNumber);
  if (meanTime !== undefined) requirePositive('meanTime', meanTime, 's');
  return {
    arrivalRate: arrivalRate ?? meanNumber! / meanTime!,
    meanNumber: meanNumber ?? arrivalRate! * meanTime!,
    meanTime: meanTime ?? meanNumber! / arrivalRate!,
  };
}
