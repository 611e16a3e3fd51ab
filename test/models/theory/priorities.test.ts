import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LawSpec } from '../../../models/theory/laws/law-spec.ts';
import { law } from '../../../models/theory/laws/law.ts';
import { mmc } from '../../../models/theory/mmc.ts';
import type { ClassAnswer } from '../../../models/theory/priorities/class-answer.ts';
import { mg1PriorityNonPreemptive, mg1PriorityPreemptive } from '../../../models/theory/priorities/mg1-priority.ts';
import { mmcPriorityNonPreemptive, mmcPriorityPreemptive } from '../../../models/theory/priorities/mmc-priority.ts';
import { mmcPriorityUnequalNonPreemptive } from '../../../models/theory/priorities/non-preemptive-unequal.ts';
import { mmcPriorityUnequalPreemptive } from '../../../models/theory/priorities/preemptive-unequal.ts';
import { expectNear } from './expect-near.ts';

const exponential = (mean: number): LawSpec => ({ type: 'exponential', mean });
const waits = (answers: readonly ClassAnswer[]) => answers.map(({ meanWaitingTime }) => meanWaitingTime);
const growths = (answers: readonly ClassAnswer[]) => answers.map(({ growthRate }) => growthRate);
const sum = (terms: readonly number[]) => terms.reduce((total, term) => total + term, 0);
const expectAllNear = (found: readonly number[], wanted: readonly number[], relative: number) => wanted.forEach((value, index) => expectNear(found[index], value, relative, `class ${index + 1}`));

const services: readonly LawSpec[] = [{ type: 'deterministic', value: 0.5 }, { type: 'hyperexp2', p: 0.3, rate1: 0.5, rate2: 2.5 }, { type: 'erlang', k: 3, mean: 2 }, { type: 'lognormal', mean: 1, scv: 9 }];

describe('priorities at one server', () => {
  it('keep what cannot be changed: the work that waits (Kleinrock)', () => {
    fc.assert(fc.property(fc.array(fc.double({ min: 0.01, max: 1, noNaN: true }), { minLength: 4, maxLength: 4 }), fc.double({ min: 0.01, max: 0.9999, noNaN: true }), (shares, load) => {
      const means = services.map((service) => law(service).mean);
      const classes = services.map((service, index) => ({ arrivalRate: (shares[index]! * load) / sum(shares) / means[index]!, service }));
      const found = sum(mg1PriorityNonPreemptive(classes).map(({ meanWaitingTime }, index) => classes[index]!.arrivalRate * means[index]! * meanWaitingTime));
      const residual = sum(classes.map(({ arrivalRate, service }) => (arrivalRate * law(service).moment(2)) / 2));
      expectNear(found, (load / (1 - load)) * residual, 1e-11);
    }), { seed: 4, numRuns: 100 });
  });

  it('do not change the mean of all when classes are alike', () => {
    const alike = [0.2, 0.3, 0.25].map((arrivalRate) => ({ arrivalRate, service: exponential(1) }));
    for (const answers of [mg1PriorityNonPreemptive(alike), mg1PriorityPreemptive(alike)]) {
      expectNear(sum(answers.map(({ meanSojournTime }, index) => (alike[index]!.arrivalRate * meanSojournTime) / 0.75)), 4, 1e-14);
    }
  });

  it('let what comes behind not matter, where it is interrupted', () => {
    const classes = services.map((service) => ({ arrivalRate: 0.2, service }));
    const all = mg1PriorityPreemptive(classes);
    for (const count of [1, 2, 3]) expect(mg1PriorityPreemptive(classes.slice(0, count))).toEqual(all.slice(0, count));
    expectNear(all[0]!.meanWaitingTime, (0.2 * 0.25) / 2 / 0.9, 1e-15);
  });

  it('have stable classes before an unstable one', () => {
    const classes = [0.2, 0.9, 0.25].map((arrivalRate) => ({ arrivalRate, service: exponential(1) }));
    // The first finds the server always busy, with a mean rest of 1: 1 / (1 − 0.2); or, where it interrupts, only its own kind.
    expectAllNear(waits(mg1PriorityNonPreemptive(classes)), [1.25, Infinity, Infinity], 1e-15);
    expectAllNear(waits(mg1PriorityPreemptive(classes)), [0.25, Infinity, Infinity], 1e-15);
    for (const answers of [mg1PriorityNonPreemptive(classes), mg1PriorityPreemptive(classes)]) expectAllNear(growths(answers), [0, 0.1, 0.25], 1e-14);
    const just = [0.5, 0.5].map((arrivalRate) => ({ arrivalRate, service: exponential(1) }));
    expectAllNear(waits(mg1PriorityNonPreemptive(just)), [2, Infinity], 1e-15);
    expect(growths(mg1PriorityNonPreemptive(just))).toEqual([0, 0]);
    // A service of 2 that is under way is half done when the first class comes: R = 0.2 · 1/2 · 2 + 0.8 · 1.
    const steady = [{ arrivalRate: 0.2, service: exponential(1) }, { arrivalRate: 5, service: { type: 'deterministic', value: 2 } as const }];
    expectNear(mg1PriorityNonPreemptive(steady)[0]!.meanWaitingTime, (0.2 + 0.8) / 0.8, 1e-15);
  });

  it('know that an infinite variance behind hurts only where it is not interrupted', () => {
    const heavy = { arrivalRate: 0.1, service: { type: 'pareto', alpha: 1.5, xm: 0.5 } as const };
    const light = { arrivalRate: 0.3, service: exponential(1) };
    expect(waits(mg1PriorityNonPreemptive([light, heavy]))).toEqual([Infinity, Infinity]);
    expectAllNear(waits(mg1PriorityPreemptive([light, heavy])), [0.3 / 0.7, Infinity], 1e-15);
    expect(growths(mg1PriorityNonPreemptive([light, heavy]))).toEqual([0, 0]);
    expect(growths(mg1PriorityPreemptive([light, { arrivalRate: 2, service: { type: 'pareto', alpha: 0.5, xm: 1 } }]))).toEqual([0, 2]);
  });

  it('refuse what is impossible by name', () => {
    expect(() => mg1PriorityNonPreemptive([{ arrivalRate: 0, service: exponential(1) }])).toThrow(/^arrivalRate\.0 is 0; /);
    expect(() => mg1PriorityPreemptive([{ arrivalRate: 1, service: exponential(1) }, { arrivalRate: 1, service: exponential(-1) }])).toThrow(/^service\.1\.mean/);
  });
});

describe('priorities at several equal servers', () => {
  const parameters = { arrivalRates: [1, 1.5, 1], serviceRate: 1, servers: 4 };

  it('are those at one where there is one', () => {
    const one = { arrivalRates: [0.2, 0.3, 0.4999], serviceRate: 1, servers: 1 };
    const classes = one.arrivalRates.map((arrivalRate) => ({ arrivalRate, service: exponential(1) }));
    expectAllNear(waits(mmcPriorityNonPreemptive(one)), waits(mg1PriorityNonPreemptive(classes)), 1e-12);
    expectAllNear(waits(mmcPriorityPreemptive(one)), waits(mg1PriorityPreemptive(classes)), 1e-12);
    expectNear(mmcPriorityNonPreemptive({ ...one, arrivalRates: [0.2, 0.9] })[0]!.meanWaitingTime, 1.25, 1e-15);
  });

  it('do not change the mean of all', () => {
    const plain = mmc({ arrivalRate: 3.5, serviceRate: 1, servers: 4 });
    for (const answers of [mmcPriorityNonPreemptive(parameters), mmcPriorityPreemptive(parameters)]) {
      expectNear(sum(waits(answers).map((wait, index) => (wait * parameters.arrivalRates[index]!) / 3.5)), plain.meanWaitingTime, 1e-14);
    }
  });

  // Differences of L for M/M/c at the same binary numbers, mpmath with 60 digits.
  it('keep their digits where a class is rare beside those before it, with very many servers, and near saturation', () => {
    const rare = mmcPriorityPreemptive({ arrivalRates: [1, 1e-9, 2.99999], serviceRate: 1, servers: 4 });
    expectAllNear(waits(rare), [0.006802721088435374, 0.0316997547893473462, 133346.03730442806], 1e-13);
    const many = mmcPriorityPreemptive({ arrivalRates: [60000, 1e-6, 39999], serviceRate: 1, servers: 100000 });
    expectAllNear(waits(many), [0, 0, 2.49015405660861353], 1e-12);
    const idle = mmcPriorityPreemptive({ arrivalRates: [1e-6, 1e-9, 1], serviceRate: 1, servers: 200 });
    expect(waits(idle)).toEqual([0, 0, expect.any(Number)]);
    expect(idle[2]!.meanWaitingTime).toBeLessThan(1e-300);
  });

  it('have stable classes before an unstable one, that find all servers busy unless they interrupt', () => {
    const over = { arrivalRates: [1, 4, 1], serviceRate: 1, servers: 4 };
    expectAllNear(waits(mmcPriorityNonPreemptive(over)), [1 / 3, Infinity, Infinity], 1e-15);
    expectNear(mmcPriorityPreemptive(over)[0]!.meanWaitingTime, mmc({ arrivalRate: 1, serviceRate: 1, servers: 4 }).meanWaitingTime, 1e-14);
    for (const answers of [mmcPriorityNonPreemptive(over), mmcPriorityPreemptive(over)]) expect(growths(answers)).toEqual([0, 1, 1]);
    expect(growths(mmcPriorityPreemptive({ ...over, arrivalRates: [1, 3, 1] }))).toEqual([0, 0, 1]);
  });

  it('refuse what is impossible by name', () => {
    expect(() => mmcPriorityNonPreemptive({ ...parameters, arrivalRates: [1, -1] })).toThrow(/^arrivalRates\.1 is -1; .*1\/s/);
    expect(() => mmcPriorityPreemptive({ ...parameters, servers: 0 })).toThrow(/^servers/);
    expect(() => mmcPriorityPreemptive({ ...parameters, serviceRate: 0 })).toThrow(/^serviceRate/);
  });
});

describe('priorities of two classes that need unequally long', () => {
  const finished = (arrivalRates: number[], serviceRates: number[], servers: number) => mmcPriorityUnequalNonPreemptive({ arrivalRates, serviceRates, servers });
  const interrupted = (arrivalRates: number[], serviceRates: number[], servers: number) => mmcPriorityUnequalPreemptive({ arrivalRates, serviceRates, servers });

  it.each([[[1, 1.5], 4], [[1, 2.99999], 4], [[3.99, 0.00999], 4], [[1e-3, 3.5], 4], [[0.1, 0.01], 3], [[3, 4], 8]] as const)('are those of equal classes where they are: %o at %d servers', (rates, servers) => {
    const equal = { arrivalRates: rates, serviceRate: 1, servers };
    expectAllNear(waits(finished([...rates], [1, 1], servers)), waits(mmcPriorityNonPreemptive(equal)), 1e-13);
    expectAllNear(interrupted([...rates], [1, 1], servers).map(({ meanSojournTime }) => meanSojournTime), mmcPriorityPreemptive(equal).map(({ meanSojournTime }) => meanSojournTime), 1e-13);
  });

  it('are those at one server, where there is one, near saturation and with rates far apart', () => {
    const exponent = fc.double({ min: -3, max: 3, noNaN: true });
    fc.assert(fc.property(exponent, exponent, fc.double({ min: 0.01, max: 0.99, noNaN: true }), fc.double({ min: 0.01, max: 0.99999, noNaN: true }), (first, second, share, load) => {
      const rates = [Math.exp(first * Math.LN10), Math.exp(second * Math.LN10)];
      const arrivals = [share * load * rates[0]!, (1 - share) * load * rates[1]!];
      const classes = arrivals.map((arrivalRate, index) => ({ arrivalRate, service: exponential(1 / rates[index]!) }));
      expectAllNear(waits(finished(arrivals, rates, 1)), waits(mg1PriorityNonPreemptive(classes)), 1e-9);
      expectAllNear(interrupted(arrivals, rates, 1).map(({ meanSojournTime }) => meanSojournTime), mg1PriorityPreemptive(classes).map(({ meanSojournTime }) => meanSojournTime), 1e-9);
    }), { seed: 5, numRuns: 60 });
  });

  // The chain of both lines, cut off far out (mass there below 1e-20), solved as one sparse system with scipy.
  it('are those of the chain that is cut off far out', () => {
    const sojourns = interrupted([1.2, 0.9], [1, 0.5], 4).map(({ meanSojournTime }) => meanSojournTime);
    expectAllNear(sojourns, [1.0132320509679, 3.387905471123169], 1e-11);
    expectAllNear(waits(finished([1.2, 0.6], [1, 0.5], 3)), [0.5693980457365094, 2.677411041086393], 1e-11);
  });

  it('are scaled by time, and settled with rates a million times apart', () => {
    for (const solve of [finished, interrupted]) {
      expectAllNear(waits(solve([1.2e9, 0.6e9], [1e9, 0.5e9], 3)).map((wait) => wait * 1e9), waits(solve([1.2, 0.6], [1, 0.5], 3)), 1e-12);
      for (const [arrivals, rates] of [[[1e-6, 1], [1e-6, 1]], [[1, 1e-6], [1, 1e-6]]] as const) {
        const [first, second] = waits(solve([...arrivals], [...rates], 3));
        expect(first).toBeGreaterThan(0);
        expect(second).toBeGreaterThan(first!);
        expect(second).toBeLessThan(1e6);
      }
    }
  });

  it('have a stable class before an unstable one', () => {
    // All servers busy and a backlog of class 2: the chain of class 1 waiting by class 1 in service, scipy.
    expectNear(waits(finished([1, 4], [1, 0.5], 4))[0], 0.6266006201639651, 1e-14);
    expectNear(waits(finished([1, 4], [1, 0.5], 2))[0], 1.6, 1e-14);
    expectNear(waits(finished([1, 4], [1, 1], 4))[0], 1 / 3, 1e-14);
    expectNear(interrupted([1, 4], [1, 0.5], 4)[0].meanWaitingTime, mmc({ arrivalRate: 1, serviceRate: 1, servers: 4 }).meanWaitingTime, 1e-15);
    for (const solve of [finished, interrupted]) {
      expect(solve([1, 4], [1, 0.5], 4)[1]).toMatchObject({ meanWaitingTime: Infinity, meanSojournTime: Infinity, growthRate: 2.5, load: 2.25 });
      expect(solve([1, 1.5], [1, 0.5], 4)[1]).toMatchObject({ meanWaitingTime: Infinity, growthRate: 0 });
      expect(growths(solve([5, 1], [1, 1], 4))).toEqual([1, 1]);
      expect(growths(solve([4, 1], [1, 1], 4))).toEqual([0, 1]);
    }
  });

  it('let the second class wait longer with more of either', () => {
    for (const solve of [finished, interrupted]) {
      const seconds = [[0.5, 0.5], [1, 0.5], [1.5, 0.5], [1.5, 0.6], [1.5, 0.7]].map((arrivals) => waits(solve(arrivals, [1, 0.5], 3))[1]!);
      expect(seconds).toEqual([...seconds].sort((a, b) => a - b));
    }
  });

  it('refuse what is impossible or too large by name', () => {
    expect(() => finished([1], [1, 1], 2)).toThrow(/^arrivalRates is a list of 1;/);
    expect(() => interrupted([1, 1], [1, 1, 1], 2)).toThrow(/^serviceRates is a list of 3;/);
    expect(() => finished([1, 1], [1, 0], 2)).toThrow(/^serviceRates\.1/);
    expect(() => finished([1, 1], [1, 1], 25)).toThrow(/^servers is 25; a whole number from 1 to 24 is wanted/);
    expect(() => interrupted([1, 1], [1, 1], 101)).toThrow(/^servers is 101/);
  });
});
