import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evaluate } from '../../../models/theory/index.ts';
import { absorption } from '../../../models/theory/markov/absorption.ts';
import { birthDeath } from '../../../models/theory/markov/birth-death.ts';
import { closedClasses } from '../../../models/theory/markov/classes.ts';
import { gamblersRuin } from '../../../models/theory/markov/gamblers-ruin.ts';
import { hittingTimes } from '../../../models/theory/markov/hitting-times.ts';
import { steadyStateOfProbabilities, steadyStateOfRates } from '../../../models/theory/markov/steady-state.ts';
import { transientOfRates } from '../../../models/theory/markov/transient.ts';
import { expectNear } from './expect-near.ts';

/** Twelve decades between the slowest and the fastest rate. */
const stiff = [[0, 1e-6, 3e-3, 1e6], [1e-6, 0, 2, 0], [1, 1e3, 0, 1e-5], [1e5, 0, 1e-6, 0]];
/** Copies of a message: lost one by one, made again, gone for ever at 0. */
const copies = [[0, 0, 0, 0, 0], [1e-6, 0, 1, 0, 0], [0, 2e-6, 0, 1, 0], [0, 0, 3e-6, 0, 1], [0, 0, 0, 4e-6, 0]];
/** Three closed classes {1}, {2, 3}, {4} behind state 0. */
const split = [[0, 1, 2, 0, 1], [0, 0, 0, 0, 0], [0, 0, 0, 2, 0], [0, 0, 1, 0, 0], [0, 0, 0, 0, 0]];

function expectAllNear(found: readonly number[], wanted: readonly number[], relative: number): void {
  expect(found.length).toBe(wanted.length);
  wanted.forEach((value, index) => expectNear(found[index], value, relative, `${index}:`));
}

/** Chains of up to seven states with rates over eight decades; every state leads to the next. */
const chains = fc.integer({ min: 2, max: 7 }).chain((size) => fc.array(fc.array(fc.integer({ min: -40, max: 40 }), { minLength: size, maxLength: size }), { minLength: size, maxLength: size })
  .map((rows) => rows.map((row, from) => row.map((power, to) => (from === to || (power % 2 === 0 && to !== (from + 1) % size) ? 0 : Math.exp(power / 4))))));
const seed = { seed: 20_240_901, numRuns: 60 };

describe('in the long run', () => {
  it('keeps the digits of rare states', () => {
    // mpmath, 80 digits: the stationary row of exp(1e9 Q).
    expectAllNear(steadyStateOfRates(stiff), [0.079950483152988342, 0.12030407713048466, 0.0002406081946145633, 0.79950483152191243], 1e-14);
  });

  it('lets flow into each state what flows out', () => {
    fc.assert(fc.property(chains, (rates) => {
      const pi = steadyStateOfRates(rates);
      rates.forEach((row, state) => {
        const out = pi[state]! * row.reduce((sum, rate) => sum + rate, 0);
        expectNear(rates.reduce((sum, from, index) => sum + pi[index]! * from[state]!, 0), out, 1e-12);
      });
    }), seed);
  });

  it('does not overflow where probabilities run over six hundred decades', () => {
    const size = 600;
    const rates = Array.from({ length: size }, (_, from) => Array.from({ length: size }, (_, to) => (to === from + 1 ? 10 : to === from - 1 ? 1 : 0)));
    const pi = steadyStateOfRates(rates);
    expectNear(pi[size - 1], 0.9, 1e-13);
    expectNear(pi[size - 101], 0.9e-100, 1e-12);
    expect(pi[0]).toBe(0);
  });

  it('gives transient states nothing, and classes what ends up in them', () => {
    expect(closedClasses(split)).toEqual([[1], [2, 3], [4]]);
    expectAllNear(steadyStateOfRates(split, 0), [0, 1 / 4, 1 / 6, 1 / 3, 1 / 4], 1e-15);
    expectAllNear(steadyStateOfRates(split, [0.5, 0.5, 0, 0, 0]), [0, 5 / 8, 1 / 12, 1 / 6, 1 / 8], 1e-15);
    expect(() => steadyStateOfRates(split)).toThrow('start is missing; a start for a chain that may end in any of 3 closed classes, {1} {2, 3} {4}, is wanted');
  });

  it('averages over a period, and does not look at the diagonal of rates', () => {
    expectAllNear(steadyStateOfProbabilities([[0, 1, 0], [0, 0, 1], [1, 0, 0]]), [1 / 3, 1 / 3, 1 / 3], 1e-15);
    expect(steadyStateOfRates([[-2, 2], [NaN, -1]].map((row, index) => (index === 1 ? [1, NaN] : row)))).toEqual(steadyStateOfRates([[0, 2], [1, 0]]));
  });
});

describe('after a time', () => {
  // mpmath, 80 digits and more: scaling and squaring of the exponential.
  it.each([
    [1e-12, [1.0000004999988481e-18, 0.999999999998, 1.999999998997e-12, 5.0001014999928813e-25]],
    [1e-6, [1.3833426514524511e-12, 0.99999800100066508, 1.9989973352406072e-6, 6.1633209410961227e-13]],
    [1, [0.00018098301735548791, 0.99601915215954069, 0.0019900527450382952, 0.0018098120780655229]],
    [1e3, [0.071678164045074553, 0.21111816692587818, 0.00042203046199870218, 0.71678163856704856]],
    [1e9, [0.079950483152988342, 0.12030407713048466, 0.0002406081946145633, 0.79950483152191243]],
  ])('%d keeps the digits of every state of a stiff chain', (time, wanted) => {
    expectAllNear(transientOfRates({ rates: stiff, initial: 1, time }), wanted, 1e-13);
  });

  it.each([[1e-9, 9.9999999939999789e-61], [1e-3, 9.9940019795388918e-37], [10, 1.6807870255086087e-22], [1e4, 2.3992680036167993e-19], [1e8, 2.3999879280171569e-15]])('%d knows how rare a loss is', (time, wanted) => {
    expectNear(transientOfRates({ rates: copies, initial: 4, time })[0], wanted, 1e-13);
  });

  it('goes through any time between (Chapman and Kolmogorov), however it is computed', () => {
    fc.assert(fc.property(chains, fc.integer({ min: -20, max: 40 }), (rates, power) => {
      const time = Math.exp(power / 3);
      const halfway = transientOfRates({ rates, initial: 0, time: time / 3 });
      const later = transientOfRates({ rates, initial: halfway.map((each) => each / halfway.reduce((sum, other) => sum + other)), time: (time * 2) / 3 });
      expectAllNear(later, transientOfRates({ rates, initial: 0, time }), 1e-10);
    }), seed);
  });

  it('agrees with jump by jump where squaring is chosen for many states', () => {
    const size = 60;
    const line = (speed: number) => Array.from({ length: size }, (_, from) => Array.from({ length: size }, (_, to) => (Math.abs(to - from) === 1 ? speed * (to > from ? 0.9 : 1) : 0)));
    // The same chain in another unit of time, and beside a pair of states that makes it seem fast.
    const fast = line(1).map((row, from) => [...row, from === 0 ? 1e-300 : 0, 0]);
    const beside = [...fast, [...new Array<number>(size + 1).fill(0), 1e7], [...new Array<number>(size).fill(0), 1e7, 0]];
    const wanted = transientOfRates({ rates: line(1), initial: 3, time: 40 });
    expectAllNear(transientOfRates({ rates: line(1e-6), initial: 3, time: 4e7 }), wanted, 1e-12);
    expectAllNear(transientOfRates({ rates: beside, initial: 3, time: 40 }).slice(0, size), wanted, 1e-11);
  });

  it('ends in the long run, and begins where it begins', () => {
    fc.assert(fc.property(chains, (rates) => expectAllNear(transientOfRates({ rates, initial: 0, time: 1e12 }), steadyStateOfRates(rates), 1e-11)), seed);
    expect(transientOfRates({ rates: stiff, initial: [0.5, 0.5, 0, 0], time: 0 })).toEqual([0.5, 0.5, 0, 0]);
    expect(transientOfRates({ rates: [[0, 0], [0, 0]], initial: 1, time: 5 })).toEqual([0, 1]);
  });
});

describe('until the end', () => {
  it('takes 4e22 seconds with all digits', () => {
    // mpmath, 60 digits: linear solves.
    const { meanTime, timeVariance, probabilities } = absorption({ rates: copies, start: 4, absorbing: [0] });
    expectNear(meanTime, 4.1666875000750007e22, 1e-14);
    expectNear(timeVariance, 1.7361284723281259e45, 1e-14);
    expect(probabilities).toEqual([1]);
  });

  it('has the variance of a narrow law', () => {
    const line = (size: number) => Array.from({ length: size + 1 }, (_, from) => Array.from({ length: size + 1 }, (_, to) => (to === from + 1 ? 2.5 : 0)));
    const { meanTime, timeVariance } = absorption({ rates: line(400), start: 0, absorbing: [400] });
    expectNear(meanTime, 160, 1e-14);
    expectNear(timeVariance, 64, 1e-13);
    expect(absorption({ probabilities: [[0, 1, 0], [0, 0, 1], [0, 0, 1]], start: 0, absorbing: [2] })).toMatchObject({ meanTime: 2, timeVariance: 0, expectedTimes: [1, 1, 0] });
  });

  it('counts the steps of a discrete chain', () => {
    // mpmath, 60 digits: linear solves.
    const probabilities = [[0.5, 0.3, 0.2, 0], [0.1, 0.6, 0.2999, 0.0001], [0.25, 0.75, 0, 0], [0, 0, 0, 1]];
    const { meanTime, timeVariance, expectedTimes } = absorption({ probabilities, start: 0, absorbing: [3] });
    expectNear(meanTime, 17667.666666666666, 1e-12);
    expectNear(timeVariance, 312067890.2222222, 1e-12);
    expectNear(expectedTimes.reduce((sum, time) => sum + time), meanTime, 1e-14);
  });

  it('says where the chain ends, and that it may not end', () => {
    const half = absorption({ rates: split, start: 0, absorbing: [1, 2] });
    expectAllNear(half.probabilities, [1 / 4, 1 / 2], 1e-15);
    expect(half).toMatchObject({ meanTime: Infinity, timeVariance: Infinity, expectedTimes: [0.25, 0, 0, 0, Infinity] });
    expect(absorption({ rates: split, start: 2, absorbing: [3] })).toMatchObject({ probabilities: [1], meanTime: 0.5 });
    expect(absorption({ rates: split, start: 1, absorbing: [1] })).toMatchObject({ probabilities: [1], meanTime: 0, timeVariance: 0 });
  });

  it('mixes over its starts', () => {
    const from = (start: number | number[]) => absorption({ rates: copies, start, absorbing: [0] });
    const [one, four] = [from(1), from(4)];
    const mixed = from([0, 0.25, 0, 0, 0.75]);
    expectNear(mixed.meanTime, one.meanTime / 4 + (3 * four.meanTime) / 4, 1e-14);
    const second = ({ meanTime, timeVariance }: { meanTime: number; timeVariance: number }) => timeVariance + meanTime * meanTime;
    expectNear(second(mixed), second(one) / 4 + (3 * second(four)) / 4, 1e-13);
    const atOnce = from([0.5, 0, 0, 0, 0.5]);
    expectNear(second(atOnce), second(four) / 2, 1e-13);
    expect(atOnce.probabilities).toEqual([1]);
  });

  it('is a visit', () => {
    fc.assert(fc.property(chains, (rates) => {
      const times = hittingTimes({ rates, targets: [0] });
      rates.slice(1).forEach((_, index) => {
        const { meanTime, timeVariance } = absorption({ rates, start: index + 1, absorbing: [0] });
        expectNear(times.means[index + 1], meanTime, 1e-12);
        expectNear(times.variances[index + 1], timeVariance, 1e-10);
        expectNear(times.secondMoments[index + 1], timeVariance + meanTime * meanTime, 1e-12);
      });
      expect(times.means[0]).toBe(0);
    }), seed);
    expect(hittingTimes({ rates: split, targets: [2] }).means).toEqual([Infinity, Infinity, 0, 1, Infinity]);
  });
});

describe('up and down by one', () => {
  it('is a special case of any chain', () => {
    const rates = { births: [3, 1e-4, 5], deaths: [1e3, 2, 7e-5] };
    const table = [[0, 3, 0, 0], [1e3, 0, 1e-4, 0], [0, 2, 0, 5], [0, 0, 7e-5, 0]];
    const chain = birthDeath(rates);
    expectAllNear([...chain.probabilities], steadyStateOfRates(table), 1e-14);
    const { meanTime, timeVariance } = absorption({ rates: table, start: 1, absorbing: [3] });
    expectNear(chain.passage(1, 3).mean, meanTime, 1e-14);
    expectNear(chain.passage(1, 3).variance, timeVariance, 1e-13);
    expect(chain.passage(2, 2)).toEqual({ mean: 0, variance: 0 });
  });

  it('keeps two peaks with a valley of four hundred decades between them', () => {
    const births = Array.from({ length: 800 }, (_, state) => (state < 400 ? 1 : 10));
    const deaths = Array.from({ length: 800 }, (_, state) => (state < 400 ? 10 : 1));
    const { probabilities } = birthDeath({ births, deaths });
    expectNear(probabilities[0], 0.45, 1e-12);
    expectNear(probabilities[800], 0.45, 1e-12);
    expect(probabilities[400]).toBe(0);
  });

  // mpmath, 120 digits: (1 − r^k)/(1 − r^N).
  it.each([
    [0.45, 10, 1, 0.03451309054429549], [0.5000000001, 1_000_000, 3, 0.000003000600038249290562], [0.4999999, 1_000_000, 999_999, 0.999998786702329965], [0.9, 1000, 2, 0.987654320987654327],
    [0.1, 200, 100, 3.764861949599049641e-96], [1e-9, 20, 10, 1.000000010000000678e-90], [0.5, 77, 5, 5 / 77], [0.501, 100_000, 1, 0.003992015968063875794], [0, 5, 3, 0], [1, 5, 3, 1],
  ])('comes to its goal first, p = %d, N = %d, from %d', (upProbability, goal, start, wanted) => {
    expectNear(gamblersRuin({ upProbability, goal, start }), wanted, 1e-13);
  });
});

describe('what is refused', () => {
  it.each([
    ['ctmc_steady', { Q: [[null, -1], [1, null]], state: 0 }, 'Q.0.1 is -1'],
    ['ctmc_steady', { Q: [[null, null], [1, null]], state: 0 }, 'Q.0.1 is null'],
    ['ctmc_steady', { Q: [[null, 1], [1, null, 2]], state: 0 }, 'Q is a table that is not square'],
    ['ctmc_steady', { Q: [[null, 1], [1, null]], state: 2 }, 'state is 2; a state from 0 to 1 is wanted'],
    ['dtmc_steady', { P: [[0.5, 0.4], [1, 0]], state: 0 }, 'P.0 is a list with the sum 0.9; a list of probabilities with the sum 1 is wanted'],
    ['ctmc_transient', { Q: [[null, 1], [1, null]], p0: [1, 1], t: 1, state: 0 }, 'with the sum 2'],
    ['ctmc_transient', { Q: [[null, 1], [1, null]], p0: [1], t: 1, state: 0 }, 'a list of 1'],
    ['ctmc_absorbing', { Q: [[null, 1], [1, null]], start: 0, absorbing: [1, 1] }, 'absorbing.1 is 1'],
    ['ctmc_absorbing', { Q: [[null, 1], [1, null]], start: 0, absorbing: [1], target: 0 }, 'target is 0'],
    ['gamblers_ruin', { p: 0.5, N: 5, start: 6 }, 'start is 6'],
    ['birth_death', { births: [1, 2], deaths: [1] }, 'deaths is a list of 1'],
  ])('%s %j', (model, params, message) => {
    expect(() => evaluate(model, params)).toThrow(message);
  });
});
