/** What an outage leaves behind, how long it takes to be rid of it, and Little's law. */
import { drainAfterOutage, littlesLaw, timeToEmpty } from '../backlog.ts';
import { refuseDescribed } from '../checks.ts';
import { notNegative, optional, rate, rateOrZero, time, timeOrZero, whole, withDefault } from '../parameters.ts';
import { theoryModel, type TheoryModel } from '../theory-model.ts';

const family = 'backlog';

export const backlogModels: readonly TheoryModel[] = [
  theoryModel({
    name: 'drain', title: 'Backlog after an outage', family, kind: 'approximation', about: 'How large the backlog of an outage becomes and when it is gone.',
    assumptions: ['Messages are a fluid that flows in and out at constant rates; chance is left out.', 'First come first served; nothing is lost, given up or repeated.'],
    accuracy: 'exact for the fluid; a real backlog fluctuates by about √(2λ·time to recover)', source: 'Newell, Applications of Queueing Theory (1982), ch. 2',
    parameters: {
      lambda: rateOrZero('messages that arrive per second', '100'), capacity: rate('messages that can be handled per second before and after', '150'), outage: timeOrZero('how long it lasts', '10min'),
      capacityDuringOutage: withDefault(rateOrZero('messages that can be handled per second meanwhile', '40'), 0), initialBacklog: withDefault(notNegative('messages that wait when it begins', '0'), 0),
    },
    metrics: {
      peak_backlog: { about: 'the largest backlog', quantity: 'number' },
      drain_time: { about: 'from the end of the outage until the backlog is gone', quantity: 'time' },
      total_time_to_recover: { about: 'from the start of the outage until the backlog is gone', quantity: 'time' },
      messages_affected: { about: 'that arrive from the start of the outage until the backlog is gone', quantity: 'number' },
      mean_delay_affected: { about: 'their mean delay', quantity: 'time' },
      backlog_area: { about: 'the backlog integrated over time, in messages times seconds', quantity: 'number' },
      growth_rate: { about: 'by which the backlog grows after the outage, 0 when it does not', quantity: 'rate' },
    },
    answer({ lambda, ...outage }) {
      const answer = drainAfterOutage({ arrivalRate: lambda, ...outage });
      return {
        peak_backlog: answer.peakBacklog, drain_time: answer.drainTime, total_time_to_recover: answer.timeToRecover, messages_affected: answer.messagesAffected,
        mean_delay_affected: answer.meanDelayOfAffected, backlog_area: answer.backlogArea, growth_rate: Math.max(0, lambda - outage.capacity),
      };
    },
  }),
  theoryModel({
    name: 'mm1_drain_stochastic', title: 'Time until M/M/1 is empty', family, kind: 'exact', about: 'How long a backlog takes to be gone, and how much that varies.',
    assumptions: ['Messages arrive independently of each other at a constant rate (Poisson).', 'One server, exponential service; c servers that are all busy are one of rate cμ.'],
    accuracy: 'relative error below 1e-14', source: 'Kleinrock, vol. 1, §5.8: one busy period for each message',
    parameters: { lambda: rateOrZero('messages that arrive per second', '60'), mu: rate('messages that the server handles per second', '100'), n: whole('messages in the system at the start', 0, undefined, '30') },
    metrics: {
      mean: { about: 'mean time to the empty system', quantity: 'time' },
      variance: { about: 'its variance, a time squared', quantity: 'number' },
      growth_rate: { about: 'by which the backlog grows, 0 when stable', quantity: 'rate' },
    },
    answer: ({ lambda, mu, n }) => ({ ...timeToEmpty({ arrivalRate: lambda, serviceRate: mu, messages: n }), growth_rate: Math.max(0, lambda - mu) }),
  }),
  theoryModel({
    name: 'little', title: 'Little’s law, L = λW', family, kind: 'exact', about: 'The third of rate, number in the system and time in the system.',
    assumptions: ['What goes in comes out: the averages exist and the backlog does not grow.', 'Nothing else: any arrivals, service and order.'],
    accuracy: 'relative error below 1e-15', source: 'Little, Oper. Res. 9 (1961) 383',
    parameters: { L: optional(notNegative('mean number in the system', '12')), lambda: optional(rate('messages per second', '100')), W: optional(time('mean time in the system', '120ms')) },
    metrics: {
      L: { about: 'mean number in the system', quantity: 'number' },
      lambda: { about: 'messages per second', quantity: 'rate' },
      W: { about: 'mean time in the system', quantity: 'time' },
    },
    answer({ L, lambda, W }) {
      const count = [L, lambda, W].filter((value) => value !== undefined).length;
      if (count !== 2) refuseDescribed('the number of L, lambda and W that are given', String(count), 'two, so that the third follows,');
      const { meanNumber, arrivalRate, meanTime } = littlesLaw({ meanNumber: L, arrivalRate: lambda, meanTime: W });
      return { L: meanNumber, lambda: arrivalRate, W: meanTime };
    },
  }),
];
