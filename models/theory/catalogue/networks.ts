/** Networks of stations, open and closed, and work that is split among several. */
import { refuse, refuseDescribed } from '../checks.ts';
import { forkJoin, type ForkJoinAnswer, quorumReply, splitMerge } from '../networks/fork-join.ts';
import { closedNetwork } from '../networks/closed-network.ts';
import { classNetwork, classNetworkApproximately, type ClassNetworkAnswer } from '../networks/class-network.ts';
import { openNetwork } from '../networks/open-network.ts';
import { inExample, list, optional, type Parameter, positive, probability, quantileOrder, rate, rateOrZero, record, squareMatrix, timeOrZero, whole, withDefault } from '../parameters.ts';
import { type Metric, theoryModel, type TheoryModel } from '../theory-model.ts';
import { given, meanMetrics, meanValues } from './station-metrics.ts';

const family = 'networks';
const station = inExample(optional(whole('of which station, counted from 0', 0, undefined, '0')));

function requireIndex(parameter: string, index: number | undefined, count: number): void {
  if (index !== undefined && index >= count) refuse(parameter, index, `a whole number from 0 to ${count - 1}`);
}

const jackson = theoryModel({
  name: 'jackson', title: 'Open Jackson network', family, kind: 'exact', about: 'How long messages take through several stations, and which one limits them.',
  assumptions: [
    'Messages arrive from outside independently of each other at constant rates (Poisson).', 'Exponential service at each station, one line each, first come first served.',
    'Where a message goes next is drawn by the table, whatever happened before.', 'An overloaded station hands on what it can serve; others may be stable behind it.',
  ],
  accuracy: 'relative error below 1e-11, also where messages come back a million times', source: 'Jackson, Mgmt. Sci. 10 (1963) 131; overload: Goodman & Massey, J. Appl. Prob. 21 (1984) 860',
  parameters: {
    gamma: { ...list('arrivals per second from outside at each station', rateOrZero('per second')), example: '[100/s, 0/s]' },
    routing: { ...squareMatrix('row = from: the probability of each station being next; what is missing to 1 leaves', probability('of going there')), example: '[[0, 0.6], [0.1, 0]]' },
    mu: { ...list('messages that one server handles per second, of each station', rate('per second')), example: '[60/s, 100/s]' },
    c: { ...list('servers of each station', whole('servers', 1, 1_000_000_000)), example: '[2, 1]' }, station,
  },
  metrics: {
    L_total: { about: 'mean number in all stations', quantity: 'number' }, W_total: { about: 'mean time from arrival until the message leaves', quantity: 'time' },
    throughput: { about: 'messages per second that leave', quantity: 'rate' }, growth_rate: { about: 'by which all backlogs together grow, 0 when stable', quantity: 'rate' },
    bottleneck: { about: 'the station that is overloaded first, counted from 0', quantity: 'count' }, utilization: { about: 'of the bottleneck', quantity: 'number' },
    lambda_i: { about: 'arrivals per second at the station', quantity: 'rate', needs: ['station'] },
    L_i: { about: 'mean number at the station', quantity: 'number', needs: ['station'] },
    W_i: { about: 'mean time of one visit', quantity: 'time', needs: ['station'] },
    Wq_i: { about: 'mean time before service of one visit', quantity: 'time', needs: ['station'] },
    utilization_i: { about: 'offered load per server of the station', quantity: 'number', needs: ['station'] },
    visits_i: { about: 'mean number of visits of a message', quantity: 'number', needs: ['station'] },
  },
  answer({ gamma, routing, mu, c, station }) {
    for (const [name, { length }] of Object.entries({ gamma, routing, c })) if (length !== mu.length) refuseDescribed(name, `a list of ${length}`, `a list of ${mu.length}, one for each station,`);
    requireIndex('station', station, mu.length);
    const answer = openNetwork({ externalArrivals: gamma, routing, stations: mu.map((serviceRate, index) => ({ serviceRate, servers: c[index]! })) });
    const at = station === undefined ? undefined : answer.stations[station]!;
    return {
      L_total: answer.meanNumberInSystem, W_total: answer.meanTotalTime, throughput: answer.throughput, growth_rate: answer.growthRate,
      bottleneck: answer.bottleneck, utilization: answer.stations[answer.bottleneck]!.utilisation,
      ...given({
        lambda_i: answer.flows[station ?? -1], L_i: at?.meanNumberInSystem, W_i: at?.meanSojournTime, Wq_i: at?.meanWaitingTime, utilization_i: at?.utilisation,
        visits_i: answer.visits[station ?? -1],
      }),
    };
  },
});

/** A number of servers, or the word inf where nobody waits. */
const serversOrInfinite: Parameter<number> = {
  about: 'servers, or inf where nobody waits', wanted: 'a whole number, 1 or above, or inf', isOptional: true, example: '1', fallback: 1,
  read(written, at, reading) {
    if (written === undefined || written === null) return 1;
    if (written === 'inf' || written === Infinity) return Infinity;
    const found = reading.number(written, 'count');
    if (found === undefined || !Number.isSafeInteger(found) || found < 1) reading.problems.push({ parameter: at, found: JSON.stringify(written), wanted: 'a whole number, 1 or above, or inf' });
    return found ?? NaN;
  },
};

const closed = theoryModel({
  name: 'closed_mva', title: 'Closed network, one class', family, kind: 'exact', about: 'How much a fixed number of workers, connections or credits gets done that go round through stations.',
  assumptions: [
    'A fixed number of messages goes round.', 'Exponential service at stations with a line; any law where nobody waits, and in the time to think.',
    'The order of visits is drawn, whatever happened before; only the work of one round at each station counts.',
  ],
  accuracy: 'relative error below 1e-11 for thousands of messages and any number of servers', source: 'Buzen, CACM 16 (1973) 527; Reiser & Lavenberg, JACM 27 (1980) 313',
  parameters: {
    N: whole('how many go round', 1, 20_000, '12'), Z: inExample(withDefault(timeOrZero('mean time of one round outside the stations', '100ms'), 0)),
    stations: { ...list('the stations', record('a station', {
      demand: timeOrZero('mean work of one round', '0.02'), servers: serversOrInfinite,
      speeds: optional(list('instead of servers: how many times faster it works with 1, 2, … present than one server; the last holds beyond', positive('times faster', '1'))),
    })), example: '[{demand: 40ms, servers: 4}, {demand: 5ms}]' }, station,
  },
  metrics: {
    X: { about: 'rounds per second', quantity: 'rate' }, R: { about: 'mean time of a round at the stations', quantity: 'time' },
    bottleneck: { about: 'the station that limits large numbers, counted from 0', quantity: 'count' },
    Q_i: { about: 'mean number at the station', quantity: 'number', needs: ['station'] }, R_i: { about: 'mean time of a round there', quantity: 'time', needs: ['station'] },
    utilization_i: { about: 'share of its greatest speed that is used; 0 where that has no limit', quantity: 'number', needs: ['station'] },
  },
  answer({ N, Z, stations, station }) {
    requireIndex('station', station, stations.length);
    const answer = closedNetwork({ population: N, thinkTime: Z, stations });
    const at = answer.stations[station ?? -1];
    return { X: answer.throughput, R: answer.meanResponseTime, bottleneck: answer.bottleneck, ...given({ Q_i: at?.meanNumber, R_i: at?.meanTime, utilization_i: at?.utilisation }) };
  },
});

const classParameters = {
  N: { ...list('how many of each class go round', whole('how many', 0)), example: '[20, 5]' },
  Z: { ...list('mean time of one round outside the stations, of each class', timeOrZero('mean time')), example: '[1s, 500ms]' },
  demands: { ...list('for each station a list: mean work of one round there, of each class', list('of each class', timeOrZero('mean work'))), example: '[[20ms, 50ms], [10ms, 40ms]]' },
  cls: inExample(optional(whole('of which class, counted from 0', 0, undefined, '0'))), station,
};

const classMetrics = {
  X_total: { about: 'rounds per second, of all classes', quantity: 'rate' }, X: { about: 'rounds per second of the class', quantity: 'rate', needs: ['cls'] },
  R: { about: 'mean time of a round at the stations, of the class', quantity: 'time', needs: ['cls'] },
  Q_i: { about: 'mean number at the station, of the class if one is given', quantity: 'number', needs: ['station'] },
  utilization_i: { about: 'of the station', quantity: 'number', needs: ['station'] },
} satisfies Record<string, Metric>;

function classValues(answer: ClassNetworkAnswer, { cls, station }: { cls: number | undefined; station: number | undefined }): Record<string, number> {
  requireIndex('cls', cls, answer.throughputs.length);
  requireIndex('station', station, answer.meanNumbers.length);
  const numbers = answer.meanNumbers[station ?? -1];
  return {
    X_total: answer.throughputs.reduce((sum, each) => sum + each, 0),
    ...given({
      X: answer.throughputs[cls ?? -1], R: answer.meanResponseTimes[cls ?? -1],
      Q_i: cls === undefined ? numbers?.reduce((sum, each) => sum + each, 0) : numbers?.[cls], utilization_i: answer.utilisations[station ?? -1],
    }),
  };
}

const classAssumptions = ['A fixed number of messages of each class goes round.', 'One server at each station, exponential service that is the same for all classes there (or any law, if it is shared among all present).'];

const classes: readonly TheoryModel[] = [
  theoryModel({
    name: 'closed_mva_multiclass', title: 'Closed network, several classes', family, kind: 'exact', about: 'The same for classes that differ in what they need where.',
    assumptions: classAssumptions, accuracy: 'relative error below 1e-12; up to some ten million combinations of populations',
    source: 'Reiser & Lavenberg, JACM 27 (1980) 313',
    parameters: classParameters, metrics: classMetrics,
    answer: ({ N, Z, demands, ...asked }) => classValues(classNetwork({ populations: N, thinkTimes: Z, demands }), asked),
  }),
  theoryModel({
    name: 'mva_multiclass_approx', title: 'Closed network, several classes (Schweitzer–Bard)', family, kind: 'approximation', about: 'The same for populations of any size.',
    assumptions: classAssumptions, accuracy: 'within a few per cent for throughputs, up to about 10 % for times and numbers in small populations',
    source: 'Bard 1979; Schweitzer 1979',
    parameters: classParameters, metrics: classMetrics,
    answer: ({ N, Z, demands, ...asked }) => classValues(classNetworkApproximately({ populations: N, thinkTimes: Z, demands }), asked),
  }),
];

const lambda = rate('jobs that arrive per second', '50');
const mu = rate('parts that one branch handles per second', '100');
const n = whole('the number of branches', 2, 1_000_000_000, '4');
const forkAssumptions = ['Jobs arrive independently of each other at a constant rate (Poisson).', 'Each job sends one part to every branch at once; exponential service, independent of each other.', 'A job is done when its last part is done.'];
const forkMetrics = {
  W_lower: { about: 'mean time of a job: at least', quantity: 'time' }, W_upper: { about: 'mean time of a job: at most', quantity: 'time' },
  utilization: { about: 'of each branch', quantity: 'number' }, growth_rate: { about: 'by which the backlog of each branch grows, 0 when stable', quantity: 'rate' },
} satisfies Record<string, Metric>;

function forkValues(answer: ForkJoinAnswer): Record<keyof typeof forkMetrics, number> {
  return { W_lower: answer.lowerBound, W_upper: answer.upperBound, utilization: answer.utilisation, growth_rate: answer.growthRate };
}

const splits: readonly TheoryModel[] = [
  theoryModel({
    name: 'fork_join_2', title: 'Fork–join, two branches', family, kind: 'exact', about: 'How long it takes until both halves of a job are done.',
    assumptions: forkAssumptions, accuracy: 'relative error below 1e-13', source: 'Flatto & Hahn, SIAM J. Appl. Math. 44 (1984) 1041',
    parameters: { lambda, mu }, metrics: { W: { about: 'mean time of a job', quantity: 'time' }, ...forkMetrics },
    answer({ lambda, mu }) {
      const answer = forkJoin({ arrivalRate: lambda, serviceRate: mu, branches: 2 });
      return { W: answer.meanResponseTime, ...forkValues(answer) };
    },
  }),
  theoryModel({
    name: 'fork_join_n_approx', title: 'Fork–join, n branches (Nelson–Tantawi)', family, kind: 'approximation', about: 'The same for n branches.',
    assumptions: forkAssumptions, accuracy: 'within 5 % of the truth up to 32 branches; the bounds always hold', source: 'Nelson & Tantawi, IEEE Trans. Comput. 37 (1988) 739',
    parameters: { lambda, mu, n }, metrics: { W_nelson_tantawi: { about: 'mean time of a job', quantity: 'time' }, ...forkMetrics },
    answer({ lambda, mu, n }) {
      const answer = forkJoin({ arrivalRate: lambda, serviceRate: mu, branches: n });
      return { W_nelson_tantawi: answer.meanResponseTime, ...forkValues(answer) };
    },
  }),
  theoryModel({
    name: 'split_merge', title: 'Split–merge, n branches', family, kind: 'exact', about: 'What it costs when all parts must be done before the next job starts.',
    assumptions: [...forkAssumptions, 'The next job starts when the one before it is done.'], accuracy: 'relative error below 1e-12', source: 'M/G/1 with the longest of n exponential times as its service',
    parameters: {
      lambda: rate('jobs that arrive per second', '20'), mu, n: whole('the number of branches', 1, 100_000_000, '4') }, metrics: { ...meanMetrics,
      capacity: { about: 'jobs per second at most', quantity: 'rate' },
    },
    answer({ lambda, mu, n }) {
      const answer = splitMerge({ arrivalRate: lambda, serviceRate: mu, branches: n });
      return { ...meanValues(answer), capacity: answer.capacity };
    },
  }),
  theoryModel({
    name: 'quorum_of_n', title: 'k of n replies', family, kind: 'exact', about: 'How long it takes until enough replicas have replied.',
    assumptions: ['Replies come after exponential times, independent of each other and without queueing.'], accuracy: 'relative error below 1e-12, tail and quantile included', source: 'order statistics: Rényi 1953',
    parameters: {
      n: whole('replicas that are asked', 1, 1_000_000, '5'), k: whole('replies that are needed', 1, 1_000_000, '3'), mu: rate('one over the mean time of a reply', '100'),
      p: optional(quantileOrder('of the quantile')), t: optional(timeOrZero('of the tail', '10ms')),
    },
    metrics: {
      mean: { about: 'mean time until enough have replied', quantity: 'time' }, variance: { about: 'its variance, a time squared', quantity: 'number' },
      P_gt_t: { about: 'that it takes longer than t', quantity: 'probability', needs: ['t'] },
      quantile: { about: 'time that the share p stays below', quantity: 'time', needs: ['p'] },
    },
    answer({ n, k, mu, p, t }) {
      if (k > n) refuse('k', k, `a whole number from 1 to ${n}`);
      const answer = quorumReply({ replicas: n, needed: k, replyRate: mu });
      return { mean: answer.mean, variance: answer.variance, ...given({ P_gt_t: t === undefined ? undefined : answer.tail(t), quantile: p === undefined ? undefined : answer.quantile(p) }) };
    },
  }),
];

export const networksModels: readonly TheoryModel[] = [jackson, closed, ...classes, ...splits];
