/** Markov chains given as tables. */
import { refuse, shown } from '../checks.ts';
import { absorption } from '../markov/absorption.ts';
import { birthDeath } from '../markov/birth-death.ts';
import { gamblersRuin } from '../markov/gamblers-ruin.ts';
import { hittingTimes } from '../markov/hitting-times.ts';
import { steadyStateOfProbabilities, steadyStateOfRates } from '../markov/steady-state.ts';
import { transientOfRates } from '../markov/transient.ts';
import { inExample, list, optional, type Parameter, probability, rate, rateOrZero, squareMatrix, timeOrZero, whole } from '../parameters.ts';
import { type Metric, theoryModel, type TheoryModel } from '../theory-model.ts';
import { given } from './station-metrics.ts';

const family = 'markov-chains';

/** The diagonal says nothing: null, minus the sum of the row, or anything else. */
const Q: Parameter<readonly (readonly number[])[]> = (() => {
  const table = squareMatrix('rates in 1/s, row = from, column = to; the diagonal is null or anything', rateOrZero('a rate', '1'));
  return {
    ...table, example: '[[null, 2/s, 1/s], [3/s, null, 1/s], [0, 4/s, null]]',
    read(written, at, reading) {
      const withoutDiagonal = Array.isArray(written) ? written.map((row: unknown, from) => (Array.isArray(row) ? row.map((rate: unknown, to) => (from === to ? 0 : rate)) : row)) : written;
      return table.read(withoutDiagonal, at, { ...reading, number: (value, quantity) => (value === 0 ? 0 : reading.number(value, quantity)) });
    },
  };
})();

const P = { ...squareMatrix('probabilities, row = from, column = to; each row has the sum 1', probability('a probability', '0.5')), example: '[[0.5, 0.4, 0.1], [0.2, 0.6, 0.2], [0.3, 0.3, 0.4]]' };
const state = whole('the state that is asked about, counted from 0', 0, undefined, '0');
const states = (about: string) => ({ ...list(about, whole('a state', 0, undefined, '0')), example: '[2]' });
const start = whole('the state in which the chain starts, counted from 0', 0, undefined, '0');

/** Of several things that a chain may end in, this says how likely it ends in which. */
const startIfSplit = optional({ ...list('the probability of each state at the start; needed if the chain may end up in several places', probability('of the state')), example: '[0.5, 0.5, 0]' });

function at(values: readonly number[], parameter: string, index: number): number {
  return values[index] ?? refuse(parameter, index, `a state from 0 to ${values.length - 1}`);
}

const piMetric = { pi: { about: 'share of time in the state, in the long run', quantity: 'probability' } } satisfies Record<string, Metric>;
const gth = 'Grassmann, Taksar & Heyman, Oper. Res. 33 (1985) 1107';
const markov = 'Where the chain goes next depends on where it is, and on nothing else.';
const always = 'Rates do not change with time.';
const exactSteady = 'relative error about 1e-14, of the smallest probability as well; rates may differ by any number of decades; up to some 1000 states';
const exactTimes = 'relative error about 1e-13, however rare the end is; up to some 1000 states';

const steady: readonly TheoryModel[] = [
  theoryModel({
    name: 'ctmc_steady', title: 'Continuous Markov chain in the long run', family, kind: 'exact', about: 'Which share of time a chain spends in a state.',
    assumptions: [markov, always], accuracy: exactSteady, source: gth, parameters: { Q, state, p0: startIfSplit }, metrics: piMetric,
    answer: ({ Q, state, p0 }) => ({ pi: at(steadyStateOfRates(Q, p0), 'state', state) }),
  }),
  theoryModel({
    name: 'dtmc_steady', title: 'Discrete Markov chain in the long run', family, kind: 'exact', about: 'Which share of its steps a chain is in a state.',
    assumptions: [markov], accuracy: exactSteady, source: gth, parameters: { P, state, p0: startIfSplit }, metrics: piMetric,
    answer: ({ P, state, p0 }) => ({ pi: at(steadyStateOfProbabilities(P, p0), 'state', state) }),
  }),
];

const transient = theoryModel({
  name: 'ctmc_transient', title: 'Continuous Markov chain after a time', family, kind: 'exact', about: 'How likely a chain is in a state at a time.',
  assumptions: [markov, always], accuracy: 'relative error about 1e-12 of probabilities down to 1e-140, for rates that differ by twelve decades and any time; a second for 200 states',
  source: 'uniformisation: Jensen 1953; squaring positive tables: Xue & Ye, Math. Comp. 82 (2013) 1577',
  parameters: {
    Q, p0: { ...list('the probability of each state at the start', probability('of the state', '0.5')), example: '[1, 0, 0]' }, t: timeOrZero('the time', '1'), state,
  },
  metrics: { p: { about: 'that the chain is in the state at t', quantity: 'probability' } },
  answer: ({ Q, p0, t, state }) => ({ p: at(transientOfRates({ rates: Q, initial: p0, time: t }), 'state', state) }),
});

/** In s, or in steps of a discrete chain. */
type Clock = 'time' | 'number';

function absorptionMetrics(clock: Clock) {
  return {
    mean_time: { about: `mean ${stepsOr(clock)} until absorbed; infinite if that is not certain`, quantity: clock },
    time_variance: { about: 'its variance', quantity: 'number' },
    P_absorbed: { about: 'that the chain is ever absorbed', quantity: 'probability' },
    absorption_prob: { about: 'that it ends in the target', quantity: 'probability', needs: ['target'] },
    expected_time: { about: `mean ${stepsOr(clock)} in the state before`, quantity: clock, needs: ['state'] },
  } satisfies Record<string, Metric>;
}

function stepsOr(clock: Clock): string {
  return clock === 'time' ? 'time' : 'number of steps';
}

const absorptionParameters = {
  start, absorbing: { ...states('the states in which the chain ends'), example: '[2, 3]' }, target: inExample(optional(whole('one of them', 0, undefined, '3'))), state: inExample(optional(state)),
};
/** In line and in service, from where it comes back now and then; done and lost. */
const endingRates = { ...Q, example: '[[null, 2/s, 0, 0], [1/s, null, 3/s, 0.1/s], [0, 0, null, 0], [0, 0, 0, null]]' };
const endingSteps = { ...P, example: '[[0.5, 0.5, 0, 0], [0.1, 0.2, 0.6, 0.1], [0, 0, 1, 0], [0, 0, 0, 1]]' };

function absorptionValues(problem: Parameters<typeof absorption>[0], target: number | undefined, state: number | undefined): Record<string, number> {
  const { probabilities, meanTime, timeVariance, expectedTimes } = absorption(problem);
  if (target !== undefined && !problem.absorbing.includes(target)) refuse('target', target, `one of the absorbing states, ${shown(problem.absorbing.join(', '))}`);
  return {
    mean_time: meanTime, time_variance: timeVariance,
    // Only what is certain has a mean time; the sum would be off by roundings.
    P_absorbed: meanTime < Infinity ? 1 : Math.min(1, probabilities.reduce((sum, each) => sum + each, 0)),
    ...given({ absorption_prob: target === undefined ? undefined : probabilities[problem.absorbing.indexOf(target)], expected_time: state === undefined ? undefined : at(expectedTimes, 'state', state) }),
  };
}

const absorbed: readonly TheoryModel[] = [
  theoryModel({
    name: 'ctmc_absorbing', title: 'Continuous Markov chain with an end', family, kind: 'exact', about: 'When and where a chain ends.',
    assumptions: [markov, always], accuracy: exactTimes, source: gth, parameters: { Q: endingRates, ...absorptionParameters }, metrics: absorptionMetrics('time'),
    answer: ({ Q, start, absorbing, target, state }) => absorptionValues({ rates: Q, start, absorbing }, target, state),
  }),
  theoryModel({
    name: 'dtmc_absorbing', title: 'Discrete Markov chain with an end', family, kind: 'exact', about: 'After how many steps and where a chain ends.',
    assumptions: [markov], accuracy: exactTimes, source: gth, parameters: { P: endingSteps, ...absorptionParameters }, metrics: absorptionMetrics('number'),
    answer: ({ P, start, absorbing, target, state }) => absorptionValues({ probabilities: P, start, absorbing }, target, state),
  }),
];

function hittingMetrics(clock: Clock) {
  return {
    mean_time: { about: `mean ${stepsOr(clock)} until a target is first visited; infinite if that is not certain`, quantity: clock },
    second_moment: { about: 'its second moment', quantity: 'number' }, time_variance: { about: 'its variance', quantity: 'number' },
  } satisfies Record<string, Metric>;
}

function hittingValues(problem: Parameters<typeof hittingTimes>[0], start: number): Record<string, number> {
  const { means, secondMoments, variances } = hittingTimes(problem);
  return { mean_time: at(means, 'start', start), second_moment: secondMoments[start]!, time_variance: variances[start]! };
}

const hit: readonly TheoryModel[] = [
  theoryModel({
    name: 'ctmc_hitting', title: 'Continuous Markov chain until a visit', family, kind: 'exact', about: 'How long a chain takes to first come to some states.',
    assumptions: [markov, always], accuracy: exactTimes, source: gth, parameters: { Q, start, targets: states('the states to come to') }, metrics: hittingMetrics('time'),
    answer: ({ Q, start, targets }) => hittingValues({ rates: Q, targets }, start),
  }),
  theoryModel({
    name: 'dtmc_hitting', title: 'Discrete Markov chain until a visit', family, kind: 'exact', about: 'How many steps a chain takes to first come to some states.',
    assumptions: [markov], accuracy: exactTimes, source: gth, parameters: { P, start, targets: states('the states to come to') }, metrics: hittingMetrics('number'),
    answer: ({ P, start, targets }) => hittingValues({ probabilities: P, targets }, start),
  }),
];

const lines: readonly TheoryModel[] = [
  theoryModel({
    name: 'gamblers_ruin', title: 'Random walk between two ends', family, kind: 'exact', about: 'How likely a walk comes to its goal before it comes to 0.',
    assumptions: ['Each step goes up with probability p and down otherwise, independent of all others.'], accuracy: 'relative error below 1e-12 for results down to 1e-300, also for p near ½', source: 'Feller, vol. 1, XIV.2',
    parameters: { p: probability('of a step up', '0.45'), N: whole('the goal', 1, undefined, '10'), start: whole('where the walk starts, from 0 to N', 0, undefined, '3') },
    metrics: { P_hit_N: { about: 'that the goal is met first', quantity: 'probability' } },
    answer({ p, N, start }) {
      if (start > N) refuse('start', start, `a whole number from 0 to ${N}`);
      return { P_hit_N: gamblersRuin({ upProbability: p, goal: N, start }) };
    },
  }),
  theoryModel({
    name: 'birth_death', title: 'Chain that moves up and down by one', family, kind: 'exact', about: 'How likely each of the states 0, 1, …, K is, and how long the way up takes.',
    assumptions: [markov, always], accuracy: 'relative error below 1e-12 for thousands of states, however rare', source: 'Karlin & McGregor 1957; Gross & Harris §1.9',
    parameters: {
      births: list('rates from 0 to 1, from 1 to 2, …', rate('up', '1/s')), deaths: list('rates from 1 to 0, from 2 to 1, …, as many', rate('down', '2/s')),
      state: inExample(optional(state)), from: inExample(optional(whole('where the way up starts', 0, undefined, '0'))), to: inExample(optional(whole('where it ends', 0, undefined, '2'))),
    },
    metrics: {
      mean: { about: 'mean state', quantity: 'number' }, variance: { about: 'its variance', quantity: 'number' }, pi: { ...piMetric.pi, needs: ['state'] },
      passage_mean: { about: 'mean time from one state until another above it is reached', quantity: 'time', needs: ['from', 'to'] },
      passage_variance: { about: 'its variance, a time squared', quantity: 'number', needs: ['from', 'to'] },
    },
    answer({ births, deaths, state, from, to }) {
      const { probabilities, mean, variance, passage } = birthDeath({ births, deaths });
      const way = from === undefined || to === undefined ? undefined : passage(from, to);
      return { mean, variance, ...given({ pi: state === undefined ? undefined : at([...probabilities], 'state', state), passage_mean: way?.mean, passage_variance: way?.variance }) };
    },
  }),
];

export const markovChainsModels: readonly TheoryModel[] = [...steady, transient, ...absorbed, ...hit, ...lines];
