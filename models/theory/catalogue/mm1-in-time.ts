/** M/M/1 in time: transients, busy periods, how long to simulate, and a rare event. */
import { mm1AsymptoticVariance } from '../asymptotic-variance.ts';
import { mm1BusyPeriodCdf, mm1Transient } from '../mm1-transient.ts';
import { inExample, optional, rate, time, timeOrZero, whole } from '../parameters.ts';
import { overflowInBusyCycle } from '../rare-overflow.ts';
import { theoryModel, type TheoryModel } from '../theory-model.ts';

const family = 'multi-server';
const lambda = rate('messages that arrive per second', '80');
const mu = rate('messages that the server handles per second', '100');
const growth = { growth_rate: { about: 'by which the backlog grows, 0 when stable', quantity: 'rate' } } as const;
const growthOf = ({ lambda, mu }: { lambda: number; mu: number }) => ({ growth_rate: Math.max(0, lambda - mu) });
const assumptions = ['Messages arrive independently of each other at a constant rate (Poisson).', 'One server, exponential service.', 'One line without end.'];

export const mm1InTimeModels: readonly TheoryModel[] = [
  theoryModel({
    name: 'mm1_transient', title: 'M/M/1 after a start', family, kind: 'exact', about: 'How many messages are there some time after their number was known.',
    assumptions, accuracy: 'relative error below 1e-10 when λ ≤ μ; above, vanishing probabilities lose up to four digits more',
    source: 'Kleinrock, vol. 1, §2.12, by reflection of a random walk',
    parameters: { lambda, mu, n0: whole('messages at the start', 0, undefined, '10'), n: inExample(optional(whole('messages at the end', 0))), t: timeOrZero('since the start', '100ms') },
    metrics: {
      p_n_t: { about: 'that n are in the system', quantity: 'probability', needs: ['n'] },
      L_t: { about: 'mean number in the system', quantity: 'number' },
      ...growth,
    },
    answer({ lambda, mu, n0, n, t }) {
      const answer = mm1Transient({ arrivalRate: lambda, serviceRate: mu, initialNumber: n0, time: t });
      return { ...(n === undefined ? {} : { p_n_t: answer.probability(n) }), L_t: answer.meanNumberInSystem(), ...growthOf({ lambda, mu }) };
    },
  }),
  theoryModel({
    name: 'mm1_busy_period', title: 'Busy period of M/M/1', family, kind: 'exact', about: 'How long the server is busy without a break.',
    assumptions, accuracy: 'relative error below 1e-11', source: 'Kleinrock, vol. 1, §5.8, by reflection of a random walk',
    parameters: { lambda, mu, t: time('since the server began', '50ms') },
    metrics: { cdf: { about: 'that the busy period has ended by t', quantity: 'probability' }, ...growth },
    answer: ({ lambda, mu, t }) => ({ cdf: mm1BusyPeriodCdf({ arrivalRate: lambda, serviceRate: mu, time: t }), ...growthOf({ lambda, mu }) }),
  }),
  theoryModel({
    name: 'mm1_asymptotic_variance', title: 'Variance of time averages of M/M/1', family, kind: 'exact', about: 'How long a simulation must run for a precision that is wanted.',
    assumptions, accuracy: 'relative error below 1e-14', source: 'Whitt, Mgmt. Sci. 35 (1989) 1341; Blomqvist 1967; Daley 1968',
    parameters: { lambda, mu },
    metrics: {
      sigma2_L: { about: 'limit of t times the variance of the average number in the system over t', quantity: 'number' },
      sigma2_Wq: { about: 'limit of n times the variance of the average wait of n messages', quantity: 'number' },
      ...growth,
    },
    answer({ lambda, mu }) {
      const { numberInSystem, waitingTime } = mm1AsymptoticVariance({ arrivalRate: lambda, serviceRate: mu });
      return { sigma2_L: numberInSystem, sigma2_Wq: waitingTime, ...growthOf({ lambda, mu }) };
    },
  }),
  theoryModel({
    name: 'mm1_rare_event', title: 'Overflow of M/M/1 within a busy period', family, kind: 'exact', about: 'How likely a backlog of N is reached before the system is empty again.',
    assumptions, accuracy: 'relative error below 1e-12 for N below a thousand, N·1e-16 beyond', source: 'gambler’s ruin; Asmussen & Glynn, Stochastic Simulation (2007), ch. VI',
    parameters: { lambda, mu, N: whole('the backlog that is rare', 1, undefined, '20') },
    metrics: { P_overflow_in_busy_cycle: { about: 'that N are reached before none, from one', quantity: 'probability' }, ...growth },
    answer: ({ lambda, mu, N }) => ({ P_overflow_in_busy_cycle: overflowInBusyCycle({ arrivalRate: lambda, serviceRate: mu, level: N }), ...growthOf({ lambda, mu }) }),
  }),
];
