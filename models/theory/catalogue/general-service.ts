/** Stations whose service times or gaps between arrivals are not exponential. */
import { gimc } from '../gimc.ts';
import { lawParameter } from '../laws/law-parameter.ts';
import { mdc } from '../mdc.ts';
import { mg1, mg1ProcessorSharing } from '../mg1.ts';
import { optional, quantileOrder, rate, time, timeOrZero, whole } from '../parameters.ts';
import { type Metric, theoryModel, type TheoryModel } from '../theory-model.ts';
import { phaseTypeQueueModels } from './phase-type-queue.ts';
import { given, meanMetrics, meanValues, waitMetrics, waitValues } from './station-metrics.ts';
import { twoMomentModel } from './two-moment-approximations.ts';

const family = 'general-service';
const lambda = rate('messages that arrive per second', '80');
const service = lawParameter('the law of the service times');
const c = whole('the number of servers', 1, 1_000_000, '10');
const questions = { p: optional(quantileOrder('of the quantiles')), t: optional(timeOrZero('of the tails', '50ms')) };

const poisson = 'Messages arrive independently of each other at a constant rate (Poisson).';
const oneLine = 'One line without end, first come first served; nobody gives up.';
const independent = 'Service times are independent of each other and of the arrivals.';

const sojournMetrics = {
  P_W_gt_t: { about: 'that the time in the system is above t', quantity: 'probability', needs: ['t'] },
  W_quantile: { about: 'time in the system that the share p stays below', quantity: 'time', needs: ['p'] },
} satisfies Record<string, Metric>;

const oneServer = theoryModel({
  name: 'mg1', title: 'M/G/1', family, kind: 'exact',
  about: 'How long messages wait for one server whose service times follow any law.',
  assumptions: [poisson, `${independent} They follow any law; with an infinite variance the mean wait is infinite.`, oneLine],
  accuracy: 'means and variances 1e-12; tails and quantiles 1e-10 for deterministic, exponential, Erlang and hyperexponential service, else 1e-9 for tails above 1e-3, 1e-8 down to 1e-4, 1e-6 down to 1e-7, and 1e-5 beside the kinks of a law with atoms',
  source: 'Pollaczek 1930, Khinchine 1932; Takács, Introduction to the Theory of Queues (1962); inversion: Abate & Whitt, ORSA J. Comput. 7 (1995) 36',
  parameters: { lambda, service, ...questions },
  metrics: {
    ...meanMetrics, ...waitMetrics, ...sojournMetrics,
    W_var: { about: 'variance of the time in the system, a time squared', quantity: 'number' },
    L_var: { about: 'variance of the number in the system', quantity: 'number' },
    scv: { about: 'squared coefficient of variation of the service times', quantity: 'number' },
    busy_mean: { about: 'mean time from an arrival at the empty system until it is empty again', quantity: 'time' },
    busy_var: { about: 'variance of that time, a time squared', quantity: 'number' },
  },
  answer({ lambda, service, p, t }) {
    const answer = mg1({ arrivalRate: lambda, service });
    return {
      ...meanValues(answer), ...waitValues(answer, { p, t }),
      ...given({ P_W_gt_t: t === undefined ? undefined : answer.sojournTail?.(t), W_quantile: p === undefined ? undefined : answer.sojournQuantile?.(p) }),
      W_var: answer.sojournTimeVariance, L_var: answer.numberInSystemVariance, scv: answer.serviceScv,
      busy_mean: answer.busyPeriodMean, busy_var: answer.busyPeriodVariance,
    };
  },
});

const sharedServer = theoryModel({
  name: 'mg1_ps', title: 'M/G/1 with processor sharing', family, kind: 'exact',
  about: 'How long messages stay when one server works on all of them at once.',
  assumptions: [poisson, `${independent} Only their mean matters.`, 'Whatever is in the system is served at once, each at its share of the speed.'],
  accuracy: 'relative error below 1e-14', source: 'Kleinrock, Queueing Systems vol. 2 (1976), §4.4',
  parameters: { lambda, service },
  metrics: { W: meanMetrics.W, L: meanMetrics.L, utilization: meanMetrics.utilization, growth_rate: meanMetrics.growth_rate },
  answer({ lambda, service }) {
    const { meanSojournTime, meanNumberInSystem, utilisation, growthRate } = mg1ProcessorSharing({ arrivalRate: lambda, service });
    return { W: meanSojournTime, L: meanNumberInSystem, utilization: utilisation, growth_rate: growthRate };
  },
});

const fixedService = theoryModel({
  name: 'mdc', title: 'M/D/c', family, kind: 'exact',
  about: 'How long messages wait for several servers that need the same time for each.',
  assumptions: [poisson, 'Every service takes the same time.', oneLine],
  accuracy: 'relative error below 1e-10, up to 100,000 servers and utilisation 0.999999, distribution included',
  source: 'Crommelin, P.O. Elect. Engrs. J. 25 (1932) 41; Franx, Oper. Res. Lett. 29 (2001) 221',
  parameters: { lambda, D: time('the time that every service takes', '100ms'), c, ...questions },
  metrics: { ...meanMetrics, ...waitMetrics, ...sojournMetrics },
  answer({ lambda, D, c, p, t }) {
    const answer = mdc({ arrivalRate: lambda, serviceTime: D, servers: c });
    return {
      ...meanValues(answer), ...waitValues(answer, { p, t }),
      ...given({ P_W_gt_t: t === undefined ? undefined : answer.sojournTail?.(t), W_quantile: p === undefined ? undefined : answer.sojournQuantile?.(p) }),
    };
  },
});

const generalArrivals = theoryModel({
  name: 'gimc', title: 'GI/M/c', family, kind: 'exact',
  about: 'How long messages wait when the gaps between arrivals are more or less regular than those of a Poisson stream.',
  assumptions: ['Gaps between arrivals are independent of each other and follow one law.', 'Service times are exponential, the same for every server.', oneLine],
  accuracy: 'relative error below 1e-10, up to 100,000 servers and utilisation 0.999999',
  source: 'Takács, Introduction to the Theory of Queues (1962), ch. 2; Gross & Harris, §5.3',
  parameters: { arrival: lawParameter('the law of the gaps between arrivals', '{type: lognormal, mean: 1.25ms, scv: 4}'), mu: rate('messages that one server handles per second', '100'), c, ...questions },
  metrics: { ...meanMetrics, ...waitMetrics, ...sojournMetrics, sigma: { about: 'share of those who wait that finds yet another waiting', quantity: 'probability' } },
  answer({ arrival, mu, c, p, t }) {
    const answer = gimc({ interarrival: arrival, serviceRate: mu, servers: c });
    return {
      ...meanValues(answer), ...waitValues(answer, { p, t }),
      ...given({ P_W_gt_t: t === undefined ? undefined : answer.sojournTail?.(t), W_quantile: p === undefined ? undefined : answer.sojournQuantile?.(p) }),
      sigma: answer.sigma,
    };
  },
});

export const generalServiceModels: readonly TheoryModel[] = [oneServer, sharedServer, fixedService, generalArrivals, ...phaseTypeQueueModels, twoMomentModel];
