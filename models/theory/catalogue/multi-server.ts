/** Stations with an endless line, exponential service and Poisson arrivals; Erlang's formulas; staffing. */
import { refuse } from '../checks.ts';
import { erlangB, erlangBContinuous, erlangC, offeredLoadFor } from '../erlang.ts';
import { infiniteServers } from '../infinite-servers.ts';
import { mmc, type MmcAnswer } from '../mmc.ts';
import { choice, notNegative, optional, positive, quantileOrder, rate, timeOrZero, whole } from '../parameters.ts';
import type { QueueAnswer } from '../queue-answer.ts';
import { cheapestServers, halfinWhitt, leastServers } from '../staffing.ts';
import { type Metric, theoryModel, type TheoryModel } from '../theory-model.ts';
import { mm1InTimeModels } from './mm1-in-time.ts';
import { given, meanMetrics, meanValues, waitMetrics, waitValues } from './station-metrics.ts';

const family = 'multi-server';
const lambda = rate('messages that arrive per second', '900');
const mu = rate('messages that one server handles per second', '100');
const c = whole('the number of servers', 1, 1_000_000_000, '10');
const load = notNegative('the offered load in erlangs, arrival rate times mean service time', '8');

const questions = {
  p: optional(quantileOrder('of the quantiles')),
  t: optional(timeOrZero('of the tails', '50ms')),
  n: optional(whole('of the tail of the number in the system', 0)),
};

const mmcMetrics = {
  ...meanMetrics, ...waitMetrics,
  L_var: { about: 'variance of the number in the system', quantity: 'number' },
  p0: { about: 'that the system is empty', quantity: 'probability' },
  P_W_gt_t: { about: 'that the time in the system is above t', quantity: 'probability', needs: ['t'] },
  W_quantile: { about: 'time in the system that the share p stays below', quantity: 'time', needs: ['p'] },
  P_N_ge_n: { about: 'that at least n are in the system', quantity: 'probability', needs: ['n'] },
  busy_mean: { about: 'mean time from an arrival at the empty system until it is empty again', quantity: 'time' },
  busy_var: { about: 'variance of that time, a time squared', quantity: 'number' },
} satisfies Record<string, Metric>;

interface Questions {
  readonly p: number | undefined;
  readonly t: number | undefined;
  readonly n: number | undefined;
}

function mmcValues(answer: MmcAnswer, { p, t, n }: Questions): Record<string, number> {
  const busy = answer.busyPeriod();
  return {
    ...meanValues(answer), ...waitValues(answer, { p, t }), L_var: answer.numberInSystemVariance, p0: answer.emptyProbability,
    ...given({
      P_W_gt_t: t === undefined ? undefined : answer.sojournTail?.(t), W_quantile: p === undefined ? undefined : answer.sojournQuantile?.(p),
      P_N_ge_n: n === undefined ? undefined : answer.numberTail(n),
    }),
    busy_mean: busy.mean, busy_var: busy.variance,
  };
}

const stationAssumptions = [
  'Messages arrive independently of each other at a constant rate (Poisson).',
  'Service times are exponential, the same for every server.',
  'One line without end, first come first served; nobody gives up.',
];

const stations: readonly TheoryModel[] = [
  theoryModel({
    name: 'mm1', title: 'M/M/1', family, kind: 'exact',
    about: 'How long messages wait for one server, and how many are there.',
    assumptions: stationAssumptions, accuracy: 'relative error below 1e-11, quantiles and variances included', source: 'Kleinrock, Queueing Systems vol. 1 (1975), ch. 3',
    parameters: { lambda: rate('messages that arrive per second', '80'), mu: rate('messages that the server handles per second', '100'), ...questions },
    metrics: mmcMetrics,
    answer: ({ lambda, mu, ...asked }) => mmcValues(mmc({ arrivalRate: lambda, serviceRate: mu, servers: 1 }), asked),
  }),
  theoryModel({
    name: 'mmc', title: 'M/M/c', family, kind: 'exact',
    about: 'How long messages wait for one of c servers, and how many are there.',
    assumptions: stationAssumptions, accuracy: 'relative error below 1e-10 up to 100,000 servers and utilisation 0.999999', source: 'Gross & Harris, Fundamentals of Queueing Theory, §2.3',
    parameters: { lambda, mu, c, ...questions },
    metrics: mmcMetrics,
    answer: ({ lambda, mu, c, ...asked }) => mmcValues(mmc({ arrivalRate: lambda, serviceRate: mu, servers: c }), asked),
  }),
  theoryModel({
    name: 'mminf', title: 'M/M/∞', family, kind: 'exact',
    about: 'How many messages are in flight when none has to wait.',
    assumptions: ['Messages arrive independently of each other at a constant rate (Poisson).', 'Every message is served at once.', 'The mean after a start uses exponential service; all else holds for any law of service.'],
    accuracy: 'relative error about 1e-13 in both tails', source: 'Gross & Harris §2.6; Eick, Massey & Whitt, Mgmt. Sci. 39 (1993) 241',
    parameters: { lambda, mu, ...questions },
    metrics: {
      L: { about: 'mean number in the system, which is also its variance', quantity: 'number' },
      growth_rate: { about: 'always 0: there is no backlog', quantity: 'rate' },
      p_n: { about: 'that exactly n are in the system', quantity: 'probability', needs: ['n'] },
      P_N_gt_n: { about: 'that more than n are in the system', quantity: 'probability', needs: ['n'] },
      mean_at_t: { about: 'mean number at the time t after it was empty', quantity: 'number', needs: ['t'] },
      N_quantile: { about: 'least number that is not exceeded with probability p', quantity: 'count', needs: ['p'] },
    },
    answer({ lambda, mu, n, t, p }) {
      const answer = infiniteServers({ arrivalRate: lambda, serviceRate: mu });
      return {
        L: answer.meanNumberInSystem, growth_rate: 0,
        ...(n === undefined ? {} : { p_n: answer.probability(n), P_N_gt_n: answer.numberTail(n) }),
        ...(t === undefined ? {} : { mean_at_t: answer.meanAt(t) }),
        ...(p === undefined ? {} : { N_quantile: answer.numberQuantile(p) }),
      };
    },
  }),
];

const lossMetric = { B: { about: 'that an arriving message is lost', quantity: 'probability' } } as const;
const lossAssumptions = ['Messages arrive independently of each other at a constant rate (Poisson).', 'There is no line: what finds all servers busy is lost.', 'Any law of service.'];

const formulas: readonly TheoryModel[] = [
  theoryModel({
    name: 'erlang_b', title: 'Erlang B, M/G/c/c', family, kind: 'exact', about: 'How much is lost when there is no line.',
    assumptions: lossAssumptions, accuracy: 'relative error below 1e-12; 0 where B is below 1e-308', source: 'Erlang 1917',
    parameters: { c: whole('the number of servers', 0, 1_000_000_000, '10'), a: load }, metrics: lossMetric,
    answer: ({ c, a }) => ({ B: erlangB(c, a) }),
  }),
  theoryModel({
    name: 'erlang_c', title: 'Erlang C, M/M/c', family, kind: 'exact', about: 'How likely a message has to wait.',
    assumptions: stationAssumptions, accuracy: 'relative error below 1e-12, near saturation that of c − a', source: 'Erlang 1917',
    parameters: { c, a: load },
    metrics: {
      P_wait: { about: 'that a message has to wait', quantity: 'probability' },
      growth_rate: { about: 'by which the backlog grows, in messages per mean service time; 0 when stable', quantity: 'number' },
    },
    answer: ({ c, a }) => ({ P_wait: erlangC(c, a), growth_rate: Math.max(0, a - c) }),
  }),
  theoryModel({
    name: 'erlang_b_continuous', title: 'Erlang B between whole numbers of servers', family, kind: 'exact', about: 'The loss formula continued to numbers of servers that are not whole.',
    assumptions: lossAssumptions, accuracy: 'relative error below 1e-12', source: 'Jagerman, BSTJ 53 (1974) 525',
    parameters: { c: notNegative('the number of servers', '7.5'), a: load }, metrics: lossMetric,
    answer: ({ c, a }) => ({ B: erlangBContinuous(c, a) }),
  }),
  theoryModel({
    name: 'erlang_b_inverse', title: 'Erlang B solved for the load', family, kind: 'exact', about: 'How much load so many servers take before a given share is lost.',
    assumptions: lossAssumptions, accuracy: 'relative error below 1e-12', source: 'Erlang 1917',
    parameters: { c, B: positive('the share that may be lost, below 1', '0.01') },
    metrics: { a: { about: 'the load in erlangs', quantity: 'number' } },
    answer: ({ c, B }) => (B < 1 ? { a: offeredLoadFor(c, B) } : refuse('B', B, 'a probability above 0 and below 1')),
  }),
];

const constraints = {
  P_wait: ({ waitingProbability }: QueueAnswer) => waitingProbability,
  P_Wq_gt_t: ({ waitingTail }: QueueAnswer, t: number) => waitingTail!(t),
  Wq: ({ meanWaitingTime }: QueueAnswer) => meanWaitingTime,
};

const staffing: readonly TheoryModel[] = [
  theoryModel({
    name: 'halfin_whitt', title: 'Square-root staffing', family, kind: 'approximation',
    about: 'How likely waiting is with β√a servers more than the load a needs, for many servers.',
    assumptions: ['M/M/c with c = a + β√a.', 'Many servers: it is the limit of growing c.'],
    accuracy: 'the formula itself to 1e-14; against M/M/c about 1/√c of its value', source: 'Halfin & Whitt, Oper. Res. 29 (1981) 567',
    parameters: { beta: positive('servers beyond the load, in units of its square root', '0.5') },
    metrics: { P_wait: { about: 'that a message has to wait', quantity: 'probability' } },
    answer: ({ beta }) => ({ P_wait: halfinWhitt(beta) }),
  }),
  theoryModel({
    name: 'min_servers', title: 'Least number of servers, M/M/c', family, kind: 'exact', about: 'How many servers keep waiting below a goal.',
    assumptions: stationAssumptions, accuracy: 'exact, as long as the goal is not met or missed by less than 1e-11 of it', source: 'Erlang C, and a search in c',
    parameters: { lambda, mu, constraint: choice('what must not exceed the target', ['P_wait', 'P_Wq_gt_t', 'Wq']), target: positive('a probability, or a time in s for Wq', '0.05'), t: questions.t },
    metrics: {
      c: { about: 'the least stable number of servers that keeps to the target', quantity: 'count' },
      utilization: { about: 'offered load per server with so many', quantity: 'number' },
      achieved: { about: 'what the constrained measure is with so many', quantity: 'number' },
    },
    answer({ lambda, mu, constraint, target, t }) {
      if (constraint === 'P_Wq_gt_t' && t === undefined) refuse('t', t, 'a time of zero or above in s, for the constraint P_Wq_gt_t');
      const measure = (answer: QueueAnswer) => constraints[constraint](answer, t!);
      const rates = { arrivalRate: lambda, serviceRate: mu };
      const servers = leastServers({ ...rates, meets: (answer) => measure(answer) <= target }) ?? refuse('target', target, 'a target that some number of servers meets');
      const answer = mmc({ ...rates, servers });
      return { c: servers, utilization: answer.utilisation, achieved: measure(answer) };
    },
  }),
  theoryModel({
    name: 'cost_optimal_servers', title: 'Cheapest number of servers, M/M/c', family, kind: 'exact', about: 'How many servers cost least, when waiting costs, too.',
    assumptions: [...stationAssumptions, 'Costs are proportional to the number of servers and of messages in the system.'],
    accuracy: 'exact number of servers; cost to 1e-11', source: 'Dyer & Proll, Mgmt. Sci. 23 (1977) 1316: L is convex in c',
    parameters: { lambda, mu, serverCost: positive('per server and second', '5'), holdingCost: notNegative('per message in the system and second', '20') },
    metrics: { c: { about: 'the cheapest number of servers', quantity: 'count' }, cost: { about: 'what it costs per second', quantity: 'number' } },
    answer({ lambda, mu, serverCost, holdingCost }) {
      const { servers, cost } = cheapestServers({ arrivalRate: lambda, serviceRate: mu, serverCost, holdingCost });
      return { c: servers, cost };
    },
  }),
];

export const multiServerModels: readonly TheoryModel[] = [...stations, ...formulas, ...staffing, ...mm1InTimeModels];
