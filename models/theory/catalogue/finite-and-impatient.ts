/** Stations that turn messages away, have few sources, or lose those that wait too long. */
import { refuse } from '../checks.ts';
import { erlangAForManyServers } from '../erlang-a-approximation.ts';
import { erlangA } from '../erlang-a.ts';
import { engset, finiteSource } from '../finite-source.ts';
import { mmck } from '../mmck.ts';
import { optional, quantileOrder, rate, timeOrZero, whole } from '../parameters.ts';
import { type Metric, theoryModel, type TheoryModel } from '../theory-model.ts';
import { given, meanMetrics, meanValues, waitMetrics, waitValues } from './station-metrics.ts';

const family = 'finite-and-impatient';
const lambda = rate('messages that arrive per second', '900');
const idleRate = rate('messages per second of one source that is idle', '20');
const mu = rate('messages that one server handles per second', '100');
const c = whole('the number of servers', 1, 100_000_000, '10');
const theta = rate('at which a waiting message gives up: one over the mean patience', '2');
const questions = { p: optional(quantileOrder('of the quantiles')), t: optional(timeOrZero('of the tails', '50ms')) };

const busyMetric = { about: 'share of its time that a server is busy', quantity: 'probability' } as const;
const throughputMetric = { about: 'messages served per second', quantity: 'rate' } as const;
const emptyMetric = { about: 'that the system is empty', quantity: 'probability' } as const;
const { growth_rate: _neverGrows, ...finiteMeans } = meanMetrics;
const finiteMetrics = { ...finiteMeans, utilization: busyMetric, throughput: throughputMetric } satisfies Record<string, Metric>;

/** Nothing grows without end here, and how busy servers are is not what is offered to them. */
function finiteValues(answer: Parameters<typeof meanValues>[0] & { readonly busyShare: number }): Record<string, number> {
  const { growth_rate: _neverGrows, ...means } = meanValues(answer);
  return { ...means, utilization: answer.busyShare, throughput: answer.throughput };
}

const mmckModel = theoryModel({
  name: 'mmck', title: 'M/M/c/K', family, kind: 'exact', about: 'How much a bounded queue turns away, and how long the rest waits.',
  assumptions: [
    'Messages arrive independently of each other at a constant rate (Poisson), and do not come back when they are turned away.',
    'Service times are exponential, the same for every server.', 'K counts messages in service and waiting. Times are those of accepted messages.',
  ],
  accuracy: 'relative error below 1e-10, for K up to 10⁶ and beyond, also at λ = cμ and far above', source: 'Gross & Harris §2.5',
  parameters: { lambda, mu, c, K: whole('the capacity of the system: servers and buffer', 1, 1_000_000_000, '30'), ...questions },
  metrics: {
    ...finiteMetrics, Wq_var: waitMetrics.Wq_var, P_Wq_gt_t: waitMetrics.P_Wq_gt_t, Wq_quantile: waitMetrics.Wq_quantile,
    P_block: { about: 'that a message is turned away', quantity: 'probability' }, p0: emptyMetric,
    P_wait_accepted: { about: 'that a message that was not turned away has to wait', quantity: 'probability' },
  },
  answer({ lambda, mu, c, K, ...asked }) {
    if (K < c) refuse('K', K, `a whole number, ${c} or above, since K counts those in service`);
    const answer = mmck({ arrivalRate: lambda, serviceRate: mu, servers: c, capacity: K });
    const { P_wait, ...waits } = waitValues(answer, asked);
    return { ...finiteValues(answer), ...waits, P_block: answer.blockingProbability, p0: answer.emptyProbability, P_wait_accepted: P_wait! };
  },
});

const sources = whole('the number of sources', 1, 10_000_000, '50');

const finiteSourceModels: readonly TheoryModel[] = [
  theoryModel({
    name: 'mmcn', title: 'M/M/c//N', family, kind: 'exact', about: 'How long clients wait that send the next message only when the last one was handled.',
    assumptions: ['N sources, each idle for an exponential time before it sends; then it waits for the answer.', 'Service times are exponential, the same for every server.', 'P_wait and the law of the wait are what messages find on arrival.'],
    accuracy: 'relative error below 1e-11', source: 'Gross & Harris §2.7',
    parameters: { lambda: idleRate, mu, c, N: sources, ...questions },
    metrics: { ...finiteMetrics, ...waitMetrics, p0: emptyMetric },
    answer({ lambda, mu, c, N, ...asked }) {
      const answer = finiteSource({ arrivalRate: lambda, serviceRate: mu, servers: c, sources: N });
      return { ...finiteValues(answer), ...waitValues(answer, asked), p0: answer.emptyProbability };
    },
  }),
  theoryModel({
    name: 'engset', title: 'Engset, M/M/c/c//N', family, kind: 'exact', about: 'How much of the traffic of few sources is lost when there is no line.',
    assumptions: ['N sources, each idle for an exponential time before it sends; a lost message is not repeated.', 'There is no line: what finds all servers busy is lost.', 'Any law of service.'],
    accuracy: 'relative error below 1e-12; 0 where it is below 1e-308', source: 'Engset 1918; Gross & Harris §2.7',
    parameters: { lambda: idleRate, mu, c, N: sources },
    metrics: {
      time_congestion: { about: 'share of time in which all servers are busy', quantity: 'probability' },
      call_congestion: { about: 'share of messages that are lost', quantity: 'probability' },
    },
    answer({ lambda, mu, c, N }) {
      const { timeCongestion, callCongestion } = engset({ arrivalRate: lambda, serviceRate: mu, servers: c, sources: N });
      return { time_congestion: timeCongestion, call_congestion: callCongestion };
    },
  }),
];

const impatientModels: readonly TheoryModel[] = [
  theoryModel({
    name: 'mmc_m', title: 'Erlang-A, M/M/c+M', family, kind: 'exact', about: 'How many give up when waiting messages have a patience, or expire.',
    assumptions: [
      'Messages arrive independently of each other at a constant rate (Poisson).', 'Service times are exponential, the same for every server.',
      'Patience is exponential and ends when service begins. A time to live that is the same for all is another law: expect a different share.',
      'Wq is the time in line of everybody, served or not.',
    ],
    accuracy: 'relative error below 1e-10 at any load up to 100,000 servers; Wq_var 1e-9', source: 'Palm 1957; Zeltyn & Mandelbaum, Queueing Systems 51 (2005) 361',
    parameters: { lambda, mu, c, theta, ...questions },
    metrics: {
      ...finiteMetrics, ...waitMetrics,
      P_abandon: { about: 'that a message gives up', quantity: 'probability' },
      P_V_gt_t: { about: 'that a message of endless patience would wait longer than t', quantity: 'probability', needs: ['t'] },
    },
    answer({ lambda, mu, c, theta, ...asked }) {
      const answer = erlangA({ arrivalRate: lambda, serviceRate: mu, servers: c, abandonmentRate: theta });
      const { t } = asked;
      return { ...finiteValues(answer), ...waitValues(answer, asked), P_abandon: answer.abandonmentProbability, ...given({ P_V_gt_t: t === undefined ? undefined : answer.offeredWaitTail(t) }) };
    },
  }),
  theoryModel({
    name: 'erlang_a_qed_approx', title: 'Erlang-A with many servers', family, kind: 'approximation', about: 'The rule of thumb for many servers and impatient messages.',
    assumptions: ['As Erlang-A, with c = a + β√a and many servers: it is the limit of growing c.'],
    accuracy: 'off by 0.5 to 3 % at a thousand servers; the formula itself to 1e-13', source: 'Garnett, Mandelbaum & Reiman, MSOM 4 (2002) 208',
    parameters: { lambda, mu, c, theta },
    metrics: {
      P_wait: { about: 'that a message has to wait', quantity: 'probability' },
      P_abandon_given_wait: { about: 'that a message that waits gives up', quantity: 'probability' },
    },
    answer({ lambda, mu, c, theta }) {
      const answer = erlangAForManyServers({ arrivalRate: lambda, serviceRate: mu, servers: c, abandonmentRate: theta });
      return { P_wait: answer.waitingProbability, P_abandon_given_wait: answer.abandonmentGivenWait };
    },
  }),
];

export const finiteAndImpatientModels: readonly TheoryModel[] = [mmckModel, ...finiteSourceModels, ...impatientModels];
