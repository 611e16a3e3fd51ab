/** M/G/1: Poisson arrivals, one server, any law of service. */
import { refuseDescribed, requireNotNegative, requirePositive, requireQuantileOrder } from './checks.ts';
import type { Law } from './laws/law-form.ts';
import type { LawSpec } from './laws/law-spec.ts';
import { law } from './laws/law.ts';
import { mdc } from './mdc.ts';
import { noisyQuantile } from './numerics/noisy-quantile.ts';
import { productMinus } from './numerics/products.ts';
import { type QueueAnswer, unstableAnswer } from './queue-answer.ts';
import type { WaitingLaw } from './single-server/server.ts';
import { waitingLaw } from './single-server/waiting-law.ts';

export interface Mg1Parameters {
  /** Messages per time unit. */
  readonly arrivalRate: number;
  readonly service: LawSpec;
}

export interface Mg1Answer extends QueueAnswer {
  readonly serviceScv: number;
  readonly sojournTimeVariance: number;
  readonly numberInSystemVariance: number;
  readonly busyPeriodMean: number;
  readonly busyPeriodVariance: number;
}

/**
 * First come, first served. Means and variances are exact to the last digits, and Infinity where the moments of the service law
 * are. Tails and quantiles: relative error 1e-10 for deterministic service and for phases (exponential, Erlang, hyperexponential); for the
 * others 1e-9 down to tails of 1e-3, 1e-8 down to 1e-4, 1e-6 down to 1e-7; 1e-5 right beside the places where a law with atoms has its
 * kinks. Sources: Pollaczek 1930, Khinchine 1932; Takács, Introduction to the Theory of Queues (1962); Kleinrock, vol. 1, ch. 5.
 *
 * @throws ImpossibleParameters
 */
export function mg1({ arrivalRate, service: spec }: Mg1Parameters): Mg1Answer {
  const { service, spareShare, unstable } = station(arrivalRate, spec, 'M/G/1');
  if (unstable !== undefined) {
    return { ...unstable, serviceScv: service.scv, sojournTimeVariance: Infinity, numberInSystemVariance: Infinity, busyPeriodMean: Infinity, busyPeriodVariance: Infinity };
  }
  const { mean, variance } = service;
  const [second, third] = [service.moment(2), service.moment(3)];
  const utilisation = arrivalRate * mean;
  const wait = (arrivalRate * second) / (2 * spareShare);
  const waitingTimeVariance = wait * wait + (arrivalRate * third) / (3 * spareShare);
  const sojourn = wait + mean;
  const sojournTimeVariance = waitingTimeVariance + variance;
  return {
    model: 'M/G/1', utilisation, throughput: arrivalRate, growthRate: 0, serviceScv: service.scv,
    meanNumberInSystem: arrivalRate * sojourn, meanQueueLength: arrivalRate * wait, meanSojournTime: sojourn, meanWaitingTime: wait,
    waitingTimeVariance, sojournTimeVariance, waitingProbability: utilisation,
    // Whoever is there when a message leaves came during its stay.
    numberInSystemVariance: arrivalRate * arrivalRate * sojournTimeVariance + arrivalRate * sojourn,
    busyPeriodMean: mean / spareShare,
    busyPeriodVariance: (variance + utilisation * mean * mean) / (spareShare * spareShare * spareShare),
    ...distribution(arrivalRate, service, spareShare),
  };
}

/** Processor sharing: the mean does not depend on the law of service beyond its mean, and stays finite when its variance is not. Source: Kleinrock, vol. 2, §4.4. */
export function mg1ProcessorSharing({ arrivalRate, service: spec }: Mg1Parameters): Pick<QueueAnswer, 'utilisation' | 'growthRate' | 'meanNumberInSystem' | 'meanSojournTime'> {
  const { service, spareShare, unstable } = station(arrivalRate, spec, 'M/G/1 PS');
  if (unstable !== undefined) return unstable;
  const utilisation = arrivalRate * service.mean;
  return { utilisation, growthRate: 0, meanNumberInSystem: utilisation / spareShare, meanSojournTime: service.mean / spareShare };
}

function station(arrivalRate: number, spec: LawSpec, model: string): { service: Law; spareShare: number; unstable?: QueueAnswer } {
  requirePositive('arrivalRate', arrivalRate, '1/s');
  const service = law(spec, 'service');
  if (!(service.mean > 0)) refuseDescribed('service', `a law with mean ${service.mean}`, 'a law with a mean above zero (s)');
  const spareShare = service.mean === Infinity ? -Infinity : -productMinus(arrivalRate, service.mean, 1);
  return spareShare > 0 ? { service, spareShare } : { service, spareShare, unstable: unstableAnswer(model, arrivalRate, 1 / service.mean) };
}

type Distribution = Required<Pick<QueueAnswer, 'waitingTail' | 'waitingQuantile' | 'sojournTail' | 'sojournQuantile'>>;

function distribution(arrivalRate: number, service: Law, spareShare: number): Distribution {
  if (service.variance === 0) return mdc({ arrivalRate, serviceTime: service.mean, servers: 1 }) as Distribution;
  const scale = service.mean + (service.variance === Infinity ? 0 : (arrivalRate * service.moment(2)) / (2 * spareShare));
  // Made when it is first asked for: means alone cost nothing.
  let made: WaitingLaw | undefined;
  const of = () => (made ??= waitingLaw({ arrivalRate, service, spareShare }));
  return {
    waitingTail(t) {
      requireNotNegative('t', t, 's');
      return of().waitingTail(t);
    },
    waitingQuantile(p) {
      requireQuantileOrder('p', p);
      return noisyQuantile((t) => of().waitingTail(t), p, scale);
    },
    sojournTail(t) {
      requireNotNegative('t', t, 's');
      return of().sojournTail(t);
    },
    sojournQuantile(p) {
      requireQuantileOrder('p', p);
      return noisyQuantile((t) => of().sojournTail(t), p, scale);
    },
  };
}
