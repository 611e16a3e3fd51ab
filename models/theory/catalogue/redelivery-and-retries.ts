/** Deliveries and requests that are made again. */
import { lawParameter } from '../laws/law-parameter.ts';
import { law } from '../laws/law.ts';
import { choice, inExample, optional, positive, probability, rate, time, timeOrZero, whole, withDefault } from '../parameters.ts';
import { backoff } from '../retries/backoff.ts';
import { redelivery, type RedeliveryAnswer, retrial, type RetrialAnswer } from '../retries/redelivery.ts';
import { retryStorm } from '../retries/retry-storm.ts';
import { type Metric, theoryModel, type TheoryModel } from '../theory-model.ts';

const family = 'redelivery-and-retries';
const lambda = rate('messages that arrive per second', '700');
const mu = rate('messages that one server handles per second', '100');
const c = whole('the number of servers', 1, 1_000_000_000, '10');
const pFail = probability('that a delivery fails', '0.2');
const maxDeliveries = inExample(optional(whole('deliveries after which a message is dead-lettered; as many as it takes when left out', 1, undefined, '5')));

const redeliveryMetrics = {
  effective_arrival_rate: { about: 'deliveries per second that are asked for', quantity: 'rate' },
  mean_deliveries: { about: 'mean number of deliveries of a message', quantity: 'number' },
  mean_total_time: { about: 'mean time from arrival until acknowledged or dead-lettered', quantity: 'time' },
  dead_letter_rate: { about: 'messages per second that fail as often as is allowed', quantity: 'rate' },
  W: { about: 'mean time at the station of one delivery', quantity: 'time' },
  P_wait: { about: 'that a delivery has to wait', quantity: 'probability' },
  utilization: { about: 'offered load per server, redeliveries included', quantity: 'number' },
  growth_rate: { about: 'by which the backlog grows, 0 when stable', quantity: 'rate' },
} satisfies Record<string, Metric>;

function redeliveryValues(answer: RedeliveryAnswer): Record<keyof typeof redeliveryMetrics, number> {
  const { station } = answer;
  return {
    effective_arrival_rate: answer.effectiveArrivalRate, mean_deliveries: answer.meanDeliveries, mean_total_time: answer.meanTotalTime,
    dead_letter_rate: answer.deadLetterRate,
    W: station.meanSojournTime, P_wait: station.waitingProbability, utilization: station.utilisation, growth_rate: answer.growthRate,
  };
}

const redeliveryAssumptions = [
  'Messages arrive independently of each other at a constant rate (Poisson).', 'Exponential service, the same for every server and every delivery.',
  'A delivery fails with the same probability whatever happened before.', 'What failed goes to the end of the line.',
];

const redeliveries: readonly TheoryModel[] = [
  theoryModel({
    name: 'mmc_redelivery', title: 'M/M/c with redelivery', family, kind: 'exact', about: 'What failed deliveries cost that are made again at once.',
    assumptions: redeliveryAssumptions, accuracy: 'relative error below 1e-11', source: 'Jackson, Oper. Res. 5 (1957) 518 (Bernoulli feedback)',
    parameters: { lambda, mu, c, pFail, maxDeliveries },
    metrics: { L: { about: 'mean number waiting or in service', quantity: 'number' }, ...redeliveryMetrics },
    answer({ lambda, mu, c, pFail, maxDeliveries }) {
      const answer = redelivery({ arrivalRate: lambda, serviceRate: mu, servers: c, failureProbability: pFail, deliveryLimit: maxDeliveries });
      return { L: answer.station.meanNumberInSystem, ...redeliveryValues(answer) };
    },
  }),
  theoryModel({
    name: 'mmc_redelivery_delayed', title: 'M/M/c with redelivery after a delay', family, kind: 'exact', about: 'What failed deliveries cost that are made again after a while.',
    assumptions: [...redeliveryAssumptions, 'The delay may have any law; only its mean counts.'], accuracy: 'relative error below 1e-11', source: 'Baskett, Chandy, Muntz & Palacios, JACM 22 (1975) 248',
    parameters: { lambda, mu, c, pFail, maxDeliveries, redeliveryDelay: timeOrZero('mean time before a failed message is ready again', '5') },
    metrics: {
      L: { about: 'mean number at the station and in the delay', quantity: 'number' },
      L_station: { about: 'mean number waiting or in service', quantity: 'number' }, mean_in_delay: { about: 'mean number in the delay', quantity: 'number' },
      ...redeliveryMetrics,
    },
    answer({ lambda, mu, c, pFail, maxDeliveries, redeliveryDelay }) {
      const answer = redelivery({ arrivalRate: lambda, serviceRate: mu, servers: c, failureProbability: pFail, deliveryLimit: maxDeliveries, delay: redeliveryDelay });
      return { L: answer.meanNumberInSystem, L_station: answer.station.meanNumberInSystem, mean_in_delay: answer.meanNumberInDelay, ...redeliveryValues(answer) };
    },
  }),
];

const retrialMetrics = {
  orbit_mean: { about: 'mean number of messages that were turned away and will try again', quantity: 'number' },
  L: { about: 'mean number in service or trying again', quantity: 'number' },
  W: { about: 'mean time from the first attempt until served', quantity: 'time' },
  Wq: { about: 'mean time from the first attempt until service begins', quantity: 'time' },
  P_blocked: { about: 'that an arriving message finds the server busy', quantity: 'probability' },
  utilization: { about: 'offered load', quantity: 'number' },
  growth_rate: { about: 'by which the backlog grows, 0 when stable', quantity: 'rate' },
} satisfies Record<string, Metric>;

function retrialValues(answer: RetrialAnswer, arrivalRate: number): Record<keyof typeof retrialMetrics, number> {
  return {
    orbit_mean: answer.meanNumberInOrbit, L: answer.meanNumberInSystem, W: answer.meanSojournTime, Wq: answer.meanNumberInOrbit / arrivalRate,
    P_blocked: Math.min(1, answer.utilisation), utilization: answer.utilisation, growth_rate: answer.growthRate,
  };
}

const retrialAssumptions = ['Messages arrive independently of each other at a constant rate (Poisson).', 'One server and no line.', 'Each message that was turned away tries again after exponential times until it finds the server free.'];
const retrialRate = rate('at which each message that was turned away tries again', '20');

const retrials: readonly TheoryModel[] = [
  theoryModel({
    name: 'mm1_retrial', title: 'M/M/1 with retrials', family, kind: 'exact', about: 'What it costs when there is no line and those who are turned away try again.',
    assumptions: [...retrialAssumptions, 'Exponential service.'], accuracy: 'relative error below 1e-12', source: 'Falin & Templeton, Retrial Queues (1997)',
    parameters: { lambda: rate('messages that arrive per second', '60'), mu: rate('messages that the server handles per second', '100'), retrialRate }, metrics: retrialMetrics,
    answer: ({ lambda, mu, retrialRate }) => retrialValues(retrial({ arrivalRate: lambda, meanServiceTime: 1 / mu, secondMoment: 2 / (mu * mu), retrialRate }), lambda),
  }),
  theoryModel({
    name: 'mg1_retrial', title: 'M/G/1 with retrials', family, kind: 'exact', about: 'The same with any law of service.',
    assumptions: retrialAssumptions, accuracy: 'relative error below 1e-12; infinite where the service has no second moment',
    source: 'Falin & Templeton, Retrial Queues (1997)',
    parameters: { lambda: rate('messages that arrive per second', '60'), service: lawParameter('the service time'), retrialRate }, metrics: retrialMetrics,
    answer({ lambda, service, retrialRate }) {
      const { mean, moment } = law(service, 'service');
      return retrialValues(retrial({ arrivalRate: lambda, meanServiceTime: mean, secondMoment: moment(2), retrialRate }), lambda);
    },
  }),
];

const attempts: readonly TheoryModel[] = [
  theoryModel({
    name: 'retry_backoff', title: 'Retries with backoff', family, kind: 'exact', about: 'How many attempts a request takes, how long it waits between them, and how often it is given up.',
    assumptions: ['Each attempt fails with the same probability, whatever happened before.', 'Retry i waits min(cap, base · factor^(i−1)), or a random share of it.'],
    accuracy: 'relative error below 1e-12 for any probability; below 1e-10 for a million retries', source: 'sums of geometric series',
    parameters: {
      pFail: probability('that an attempt fails', '0.1'), base: timeOrZero('delay before the first retry', '100ms'),
      factor: withDefault(positive('by which each delay is longer than the one before', '2'), 2),
      cap: optional(time('which no delay exceeds; no limit when left out', '30')),
      maxRetries: inExample(optional(whole('retries after the first attempt; as many as it takes when left out', 0, 10_000_000, '3'))),
      jitter: withDefault(choice('none; full: from 0 to the delay; equal: from half of it', ['none', 'full', 'equal']), 'none'),
      lambda: inExample(optional(rate('requests per second', '100'))),
    },
    metrics: {
      mean_attempts: { about: 'mean number of attempts', quantity: 'number' }, mean_total_delay: { about: 'mean time spent in delays', quantity: 'time' },
      P_exhausted: { about: 'that all attempts fail', quantity: 'probability' },
      mean_delay_given_success: { about: 'mean time in delays of requests that succeed', quantity: 'time' },
      load_amplification: { about: 'attempts per request that a server sees', quantity: 'number' },
      attempt_rate: { about: 'attempts per second', quantity: 'rate', needs: ['lambda'] },
    },
    answer({ pFail, base, factor, cap, maxRetries, jitter, lambda }) {
      const answer = backoff({ failureProbability: pFail, base, factor, cap, retriesMax: maxRetries, jitter });
      return {
        mean_attempts: answer.meanAttempts, mean_total_delay: answer.meanTotalDelay, P_exhausted: answer.exhaustedProbability,
        mean_delay_given_success: answer.meanDelayGivenSuccess,
        load_amplification: answer.meanAttempts, ...(lambda === undefined ? {} : { attempt_rate: lambda * answer.meanAttempts }),
      };
    },
  }),
  theoryModel({
    name: 'retry_storm', title: 'M/M/c with timeouts and retries', family, kind: 'approximation', about: 'Whether retries after timeouts can keep a station overloaded by themselves.',
    assumptions: [
      'Requests arrive independently of each other at a constant rate (Poisson), and so do their retries.',
      'Exponential service; the station works on requests whose client has given up.', 'A retry is made as soon as the timeout is over.',
    ],
    accuracy: 'the fixed points of the formula to 1e-9; retries of one request are not independent in truth, so near the edge of the storm the load may be tens of per cent off',
    source: 'fixed point over M/M/c; Bronson, Aghayev, Charapko & Zhu, HotOS 2021, on metastable failures',
    parameters: {
      lambda: rate('requests per second, without retries', '700'), mu, c, timeout: time('after which a client gives up', '50ms'),
      maxRetries: inExample(optional(whole('retries of one request; as many as it takes when left out', 0, undefined, '3'))),
    },
    metrics: {
      load_calm: { about: 'requests per second, retries included, when it began calm', quantity: 'rate' },
      load_storm: { about: 'the same after everything had timed out', quantity: 'rate' },
      P_timeout_calm: { about: 'that an attempt times out when calm', quantity: 'probability' },
      P_timeout_storm: { about: 'that an attempt times out in the storm', quantity: 'probability' },
      goodput_calm: { about: 'requests per second answered in time when calm', quantity: 'rate' },
      goodput_storm: { about: 'requests per second answered in time in the storm', quantity: 'rate' },
      metastable: { about: '1 when calm and storm differ, else 0', quantity: 'number' },
      growth_rate: { about: 'by which the backlog grows when it began calm, 0 when stable', quantity: 'rate' },
      growth_rate_storm: { about: 'by which the backlog grows in the storm, 0 when stable', quantity: 'rate' },
    },
    answer({ lambda, mu, c, timeout, maxRetries }) {
      const { calm, storm, isMetastable } = retryStorm({ arrivalRate: lambda, serviceRate: mu, servers: c, timeout, retriesMax: maxRetries });
      return {
        load_calm: calm.load, load_storm: storm.load, P_timeout_calm: calm.timeoutProbability, P_timeout_storm: storm.timeoutProbability, goodput_calm: calm.goodput,
        goodput_storm: storm.goodput,
        metastable: isMetastable ? 1 : 0, growth_rate: Math.max(0, calm.load - c * mu), growth_rate_storm: Math.max(0, storm.load - c * mu),
      };
    },
  }),
];

export const redeliveryAndRetriesModels: readonly TheoryModel[] = [...redeliveries, ...retrials, ...attempts];
