/** Stations in which some messages go before others. */
import { refuse, refuseDescribed } from '../checks.ts';
import { lawParameter } from '../laws/law-parameter.ts';
import { list, rate, whole } from '../parameters.ts';
import type { ClassAnswer } from '../priorities/class-answer.ts';
import { mg1PriorityNonPreemptive, mg1PriorityPreemptive, type PriorityClass } from '../priorities/mg1-priority.ts';
import { type MmcPriority, mmcPriorityNonPreemptive, mmcPriorityPreemptive } from '../priorities/mmc-priority.ts';
import { mmcPriorityUnequalNonPreemptive, nonPreemptiveServersMax } from '../priorities/non-preemptive-unequal.ts';
import { mmcPriorityUnequalPreemptive, preemptiveServersMax } from '../priorities/preemptive-unequal.ts';
import type { UnequalClasses } from '../priorities/two-classes.ts';
import { type Metric, theoryModel, type TheoryModel } from '../theory-model.ts';

const family = 'priorities';
const lambdas = (example: string) => ({ ...list('messages of each class that arrive per second, the highest class first', rate('of one class')), example });
const cls = whole('the class that is asked for; 1 is the highest', 1, undefined, '2');

const metrics = {
  Wq: { about: 'mean time in which a message of the class is not served', quantity: 'time' },
  W: { about: 'mean time of a message of the class in the system', quantity: 'time' },
  sigma: { about: 'load per server of the class and those before it; the class is stable below 1', quantity: 'number' },
  utilization: { about: 'offered load per server, all classes', quantity: 'number' },
  growth_rate: { about: 'by which the backlog of the class grows, 0 when it is stable', quantity: 'rate' },
} satisfies Record<string, Metric>;

function valuesOf(answers: readonly ClassAnswer[], asked: number): Record<keyof typeof metrics, number> {
  const answer = answers[asked - 1];
  if (answer === undefined) return refuse('cls', asked, `a whole number from 1 to ${answers.length}, the number of classes`);
  return { Wq: answer.meanWaitingTime, W: answer.meanSojournTime, sigma: answer.load, utilization: answers.at(-1)!.load, growth_rate: answer.growthRate };
}

function requireAsMany(name: string, given: readonly unknown[], classes: readonly unknown[]): void {
  if (given.length !== classes.length) refuseDescribed(name, `a list of ${given.length}`, `a list of ${classes.length}, one for each of lambdas`);
}

const arrivals = 'The messages of each class arrive independently of each other at a constant rate (Poisson); those of a class are served in their order.';
const finished = 'Who is served is finished, then the highest class that waits comes next.';
const interrupted = 'A message that arrives interrupts one of a lower class, which later goes on where it was.';

type Classes<T> = (parameters: T) => readonly ClassAnswer[];
interface Text { readonly name: string; readonly title: string; readonly about: string; readonly rule: string }

const oneServer = ({ name, title, about, rule }: Text, answer: Classes<readonly PriorityClass[]>): TheoryModel => theoryModel({
  name, title, family, kind: 'exact', about,
  assumptions: [arrivals, 'One server; each class has its own law of service.', rule],
  accuracy: 'relative error below 1e-12; where a class is nearly saturated, what the rounding of its load makes of it',
  source: 'Cobham, Oper. Res. 2 (1954) 70; Kleinrock, Queueing Systems vol. 2 (1976), ch. 3',
  parameters: {
    lambdas: lambdas('[20/s, 40/s]'),
    services: { ...list('the law of service times of each class', lawParameter('of one class')), example: '[{type: deterministic, value: 5ms}, {type: lognormal, mean: 15ms, scv: 4}]' }, cls,
  },
  metrics,
  answer({ lambdas, services, cls }) {
    requireAsMany('services', services, lambdas);
    return valuesOf(answer(lambdas.map((arrivalRate, index) => ({ arrivalRate, service: services[index]! }))), cls);
  },
});

const equalServers = ({ name, title, about, rule }: Text, answer: Classes<MmcPriority>): TheoryModel => theoryModel({
  name, title, family, kind: 'exact', about,
  assumptions: [arrivals, 'Service times are exponential, the same for every class and server.', rule],
  accuracy: 'relative error below 1e-11, also where a class is rare or nearly saturated',
  source: 'Cobham, Oper. Res. 2 (1954) 70; Buzen & Bondi, Oper. Res. 31 (1983) 456',
  parameters: { lambdas: lambdas('[120/s, 200/s]'), mu: rate('messages that one server handles per second', '100'), c: whole('the number of servers', 1, 1_000_000_000, '4'), cls },
  metrics,
  answer: ({ lambdas, mu, c, cls }) => valuesOf(answer({ arrivalRates: lambdas, serviceRate: mu, servers: c }), cls),
});

const unequalServers = ({ name, title, about, rule }: Text, serversMax: number, answer: Classes<UnequalClasses>): TheoryModel => theoryModel({
  name, title, family, kind: 'exact', about,
  assumptions: [arrivals, 'Two classes; service times are exponential, of a different mean for each class.', rule],
  accuracy: 'relative error below 1e-10, no line is cut off; rates of the classes up to a million times apart',
  source: 'the Markov chain of both classes, solved level by level: Neuts, Structured Stochastic Matrices of M/G/1 Type (1989); Latouche & Ramaswami, J. Appl. Prob. 30 (1993) 650',
  parameters: {
    lambdas: lambdas('[40/s, 60/s]'), mus: { ...list('messages of each class that one server handles per second', rate('of one class')), example: '[100/s, 50/s]' }, c: whole('the number of servers', 1, serversMax, '2'), cls,
  },
  metrics,
  answer({ lambdas, mus, c, cls }) {
    if (lambdas.length !== 2) refuseDescribed('lambdas', `a list of ${lambdas.length}`, 'a list of two rates in 1/s');
    requireAsMany('mus', mus, lambdas);
    return valuesOf(answer({ arrivalRates: lambdas, serviceRates: mus, servers: c }), cls);
  },
});

export const prioritiesModels: readonly TheoryModel[] = [
  oneServer({ name: 'mg1_priority_np', title: 'M/G/1 with priorities, not preemptive', about: 'How long each class waits for one server that finishes what it does.', rule: finished }, mg1PriorityNonPreemptive),
  oneServer({ name: 'mg1_priority_pr', title: 'M/G/1 with priorities, preemptive', about: 'How long each class needs at one server that higher classes interrupt.', rule: interrupted }, mg1PriorityPreemptive),
  equalServers({ name: 'mmc_priority_np', title: 'M/M/c with priorities, not preemptive', about: 'How long each class waits for servers that finish what they do.', rule: finished }, mmcPriorityNonPreemptive),
  equalServers({ name: 'mmc_priority_pr', title: 'M/M/c with priorities, preemptive', about: 'How long each class needs at servers that higher classes interrupt.', rule: interrupted }, mmcPriorityPreemptive),
  unequalServers(
    { name: 'mmc_priority_unequal_np', title: 'M/M/c with two classes of unequal service, not preemptive', about: 'How long two classes of unequal length wait for servers that finish what they do.', rule: finished },
    nonPreemptiveServersMax, mmcPriorityUnequalNonPreemptive,
  ),
  unequalServers(
    { name: 'mmc_priority_unequal_pr', title: 'M/M/c with two classes of unequal service, preemptive', about: 'How long two classes of unequal length need at servers that the first interrupts.', rule: interrupted },
    preemptiveServersMax, mmcPriorityUnequalPreemptive,
  ),
];
