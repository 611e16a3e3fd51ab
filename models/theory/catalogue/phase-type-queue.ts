/** Several servers whose service passes through phases. */
import { lawParameter } from '../laws/law-parameter.ts';
import { optional, quantileOrder, rate, timeOrZero, whole } from '../parameters.ts';
import { mphc } from '../phase-type-queue.ts';
import { theoryModel, type TheoryModel } from '../theory-model.ts';
import { given, meanMetrics, meanValues, waitMetrics, waitValues } from './station-metrics.ts';

export const phaseTypeQueueModels: readonly TheoryModel[] = [
  theoryModel({
    name: 'mphc_exact',
    title: 'M/PH/c',
    family: 'general-service',
    about: 'How long messages wait for several servers, exactly, where service is steadier or more variable than exponential.',
    assumptions: [
      'Messages arrive independently of each other at a constant rate (Poisson).',
      'Service passes through phases: exponential, Erlang, hyperexponential or a mixture; the same for every server.',
      'One line without end, first come first served; nobody gives up.',
    ],
    kind: 'exact',
    accuracy: 'relative error below 1e-11 at any load; up to 300 ways to spread the busy servers over the phases, so two phases and 299 servers',
    source: 'Neuts, Matrix-Geometric Solutions (1981); the wait: Sengupta, Adv. Appl. Prob. 21 (1989) 159; Asmussen & Møller, Queueing Systems 37 (2001) 9',
    parameters: {
      lambda: rate('messages that arrive per second', '160'),
      service: lawParameter('the law of service times', '{type: erlang, k: 2, mean: 10ms}'),
      c: whole('the number of servers', 1, 100_000, '2'),
      p: optional(quantileOrder('of the quantiles')),
      t: optional(timeOrZero('of the tails', '50ms')),
    },
    metrics: {
      ...meanMetrics, ...waitMetrics,
      P_W_gt_t: { about: 'that the time in the system is above t', quantity: 'probability', needs: ['t'] },
      W_quantile: { about: 'time in the system that the share p stays below', quantity: 'time', needs: ['p'] },
    },
    answer({ lambda, service, c, p, t }) {
      const answer = mphc({ arrivalRate: lambda, service, servers: c });
      return {
        ...meanValues(answer), ...waitValues(answer, { p, t }),
        ...given({ P_W_gt_t: t === undefined ? undefined : answer.sojournTail?.(t), W_quantile: p === undefined ? undefined : answer.sojournQuantile?.(p) }),
      };
    },
  }),
];
