import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LawSpec } from '../../../models/theory/laws/law-spec.ts';
import { mg1, mg1ProcessorSharing } from '../../../models/theory/mg1.ts';
import { mmc } from '../../../models/theory/mmc.ts';
import { panels } from '../../../models/theory/numerics/quadrature.ts';
import { expectNear } from './expect-near.ts';

const lognormal = (scv: number): LawSpec => ({ type: 'lognormal', mean: 1, scv });
const weibull = (shape: number): LawSpec => ({ type: 'weibull', shape, mean: 1 });
const pareto: LawSpec = { type: 'pareto', alpha: 1.5, xm: 1 / 3 };

describe('waits of M/G/1', () => {
  // mpmath, 50 digits: Euler inversion of the Pollaczek–Khinchine transform with A = 60, the transforms of the laws by other
  // formulas or rules than ours. The uniform law: the renewal equation of the density of the wait, extrapolated twice (numpy).
  it.each([
    ['waiting', 0.8, lognormal(4), 5, 0.4576683786715874],
    ['sojourn', 0.8, lognormal(4), 5, 0.506990231771561],
    ['waiting', 0.8, lognormal(4), 300, 6.950079220649597e-5],
    ['sojourn', 0.8, lognormal(4), 0.01, 0.9997255951682734],
    ['waiting', 0.8, lognormal(4), 2000, 3.240601215987092e-8],
    ['waiting', 0.99, lognormal(400), 1000, 0.8599702685585592],
    ['waiting', 0.99, lognormal(400), 1340003.3775759612, 0.0001000000003442149],
    ['waiting', 0.7, weibull(0.5), 10, 0.2404153537398552],
    ['waiting', 0.7, weibull(0.5), 100, 0.000281806124920116],
    ['waiting', 0.99, weibull(0.3), 14217.136154766522, 9.999999960302777e-5],
    ['waiting', 0.5, pareto, 10, 0.1173188986987574],
    ['waiting', 0.5, pareto, 1000, 0.01216675677183816],
    ['sojourn', 0.5, pareto, 10, 0.1282508401186004],
    ['waiting', 0.9, { type: 'gamma', mean: 1, scv: 0.25 }, 3, 0.5634804188329634],
    ['sojourn', 0.9, { type: 'erlang', mean: 1, k: 4 }, 3, 0.6657869608572159],
    ['waiting', 0.5, { type: 'uniform', min: 0, max: 2 }, 3.3, 0.03265916924069],
    ['sojourn', 0.5, { type: 'uniform', min: 0, max: 2 }, 3.3, 0.09153475122789],
  ] as const)('%s time, load %d, %j, above %d', (which, arrivalRate, service, t, wanted) => {
    const answer = mg1({ arrivalRate, service });
    const tail = which === 'waiting' ? answer.waitingTail! : answer.sojournTail!;
    expectNear(tail(t), wanted, wanted < 1e-6 ? 1e-6 : wanted < 1e-3 ? 3e-8 : 1e-9);
  });

  it.each([
    [{ type: 'exponential', mean: 1 }, 1e-12], [{ type: 'erlang', k: 5, mean: 1 }, 1e-12], [{ type: 'hyperexp2_balanced', mean: 1, scv: 3 }, 1e-6], [{ type: 'deterministic', value: 1 }, 1e-6],
    [{ type: 'mixture', parts: [{ weight: 9, of: { type: 'erlang', k: 2, mean: 0.5 } }, { weight: 1, of: { type: 'exponential', mean: 3 } }] }, 1e-6],
    // Inverted: fewer places, and kinks between them.
    [{ type: 'triangular', min: 0, mode: 1, max: 2 }, 1e-3], [{ type: 'truncated_normal', mean: 1, deviation: 0.3 }, 1e-3], [weibull(2), 1e-3],
    [{ type: 'shifted', by: 0.5, of: { type: 'exponential', mean: 0.5 } }, 5e-3], [{ type: 'bounded_pareto', min: 0.3, max: 5, alpha: 1.1 }, 1e-3],
  ] satisfies [LawSpec, number][])('the areas under the tails are the means: %j', (service, relative) => {
    const answer = mg1({ arrivalRate: 0.6, service });
    const places = relative < 1e-5 ? panels(0, 200, 400) : panels(0, 24, 4);
    const area = (tail: (t: number) => number) => places.reduce((sum, { x, weight }) => sum + weight * tail(x), 0);
    expectNear(area(answer.waitingTail!), answer.meanWaitingTime, relative);
    expectNear(area(answer.sojournTail!), answer.meanSojournTime, relative);
    expect(answer.waitingTail!(0)).toBeCloseTo(answer.waitingProbability, 12);
    for (const p of [0.3, 0.41, 0.9999]) {
      const [wait, sojourn] = [answer.waitingQuantile!(p), answer.sojournQuantile!(p)];
      // In the atom at zero the quantile is zero, and the tail there is below what is asked for.
      expect(wait > 0).toBe(answer.waitingTail!(0) > 1 - p);
      if (wait > 0) expectNear(answer.waitingTail!(wait), 1 - p, 1e-7);
      expect(sojourn).toBeGreaterThan(wait);
      if (service.type !== 'deterministic') expectNear(answer.sojournTail!(sojourn), 1 - p, 1e-7);
    }
  });

  it('with few values of the service know that nobody is served sooner', () => {
    const answer = mg1({ arrivalRate: 0.6, service: { type: 'empirical', values: [0.5, 0.5, 2] } });
    expect(answer.sojournTail!(0.4)).toBeCloseTo(1, 7);
    // Of the shorter ones two in three that need not wait are served by 0.5, and by then nobody else.
    expectNear(answer.sojournTail!(0.501), 1 - 0.4 * (2 / 3) * Math.exp(0.6 * 0.001), 1e-6);
    const area = panels(0, 24, 8).reduce((sum, { x, weight }) => sum + weight * answer.waitingTail!(x), 0);
    expectNear(area, answer.meanWaitingTime, 1e-3);
  });

  it('of exponential service are those of M/M/1, however it is written and computed', () => {
    for (const load of [1e-9, 0.3, 0.9, 0.999999]) {
      const known = mmc({ arrivalRate: load, serviceRate: 1, servers: 1 });
      const same: [LawSpec, number][] = [
        [{ type: 'exponential', mean: 1 }, 1e-12], [{ type: 'erlang', k: 1, mean: 1 }, 1e-12], [{ type: 'hyperexp2', p: 0.4, rate1: 1, rate2: 1 }, 1e-12],
        [{ type: 'hyperexp2_balanced', mean: 1, scv: 1 }, 1e-12], [{ type: 'mixture', parts: [{ weight: 2, of: { type: 'exponential', mean: 1 } }] }, 1e-12],
        [{ type: 'gamma', mean: 1, scv: 1 }, 2e-8], [weibull(1), 2e-8],
      ];
      for (const [service, relative] of same) {
        const answer = mg1({ arrivalRate: load, service });
        const t = answer.meanSojournTime;
        expectNear(answer.meanWaitingTime, known.meanWaitingTime, 1e-12, service.type);
        expectNear(answer.waitingTimeVariance, known.waitingTimeVariance, 1e-12, service.type);
        expectNear(answer.waitingTail!(t), known.waitingTail!(t), relative, `waits ${JSON.stringify(service)}`);
        expectNear(answer.sojournTail!(t), known.sojournTail!(t), relative, `stays ${JSON.stringify(service)}`);
        expectNear(answer.sojournQuantile!(0.9999), known.sojournQuantile!(0.9999), relative, service.type);
        expectNear(answer.busyPeriodMean, known.busyPeriod().mean, 1e-12);
        expectNear(answer.busyPeriodVariance, known.busyPeriod().variance, 1e-12);
        expectNear(answer.numberInSystemVariance, known.numberInSystemVariance, 1e-12);
      }
    }
  });

  it('with rates twelve decades apart keep their digits', () => {
    const answer = mg1({ arrivalRate: 0.9, service: { type: 'hyperexp2', p: 0.999999, rate1: 1e6, rate2: 1e-6 } });
    // The tail beyond a millisecond is that of the rare long services alone.
    expect(answer.waitingTail!(1e-3)).toBeLessThan(answer.waitingProbability);
    expectNear(answer.waitingTail!(answer.waitingQuantile!(0.95)), 0.05, 1e-11);
    expectNear(answer.meanWaitingTime, (0.9 * 2 * (0.999999e-12 + 1e-6 * 1e12)) / (2 * (1 - 0.9 * (0.999999e-6 + 1))), 1e-8);
  });

  it('rise with load, with spread and with time', () => {
    const loads = fc.double({ min: 0.05, max: 0.9, noNaN: true });
    const spreads = fc.double({ min: 0.1, max: 20, noNaN: true });
    fc.assert(fc.property(loads, spreads, fc.double({ min: 0.1, max: 20, noNaN: true }), (load, scv, t) => {
      const of = (arrivalRate: number, spread: number) => mg1({ arrivalRate, service: lognormal(spread) });
      const [here, busier, wilder] = [of(load, scv), of(load * 1.1, scv), of(load, scv * 1.1)];
      // Below 1e-14 an inverted tail is rounding.
      const tail = here.waitingTail!(t) - 1e-14;
      expect(here.waitingTail!(t / 1.1)).toBeGreaterThan(tail);
      expect(here.sojournTail!(t)).toBeGreaterThan(tail);
      expect(busier.waitingTail!(t)).toBeGreaterThan(tail);
      expect(wilder.meanWaitingTime).toBeGreaterThan(here.meanWaitingTime);
      expectNear(here.meanNumberInSystem, load * here.meanSojournTime, 1e-13);
    }), { numRuns: 40, seed: 7 });
  });
});

describe('moments of M/G/1', () => {
  it('are infinite exactly where those of the service are', () => {
    const heavy = (alpha: number) => mg1({ arrivalRate: 0.5, service: { type: 'pareto', alpha, xm: (alpha - 1) / alpha } });
    expect(heavy(1.9)).toMatchObject({ meanWaitingTime: Infinity, waitingTimeVariance: Infinity, sojournTimeVariance: Infinity, numberInSystemVariance: Infinity, busyPeriodVariance: Infinity, growthRate: 0 });
    expectNear(heavy(1.9).busyPeriodMean, 2, 1e-12);
    expect(heavy(2).meanWaitingTime).toBe(Infinity);
    expect(heavy(2.5).meanWaitingTime).toBeLessThan(10);
    expect(heavy(2.5)).toMatchObject({ waitingTimeVariance: Infinity, sojournTimeVariance: Infinity });
    expect(heavy(2.5).busyPeriodVariance).toBeLessThan(Infinity);
    expect(heavy(3).waitingTimeVariance).toBe(Infinity);
    expect(heavy(3.5).waitingTimeVariance).toBeLessThan(Infinity);
    expect(heavy(1.5).waitingQuantile!(0.9)).toBeLessThan(Infinity);
  });

  it('of shared service need the mean alone', () => {
    const shared = mg1ProcessorSharing({ arrivalRate: 0.8, service: { type: 'pareto', alpha: 1.25, xm: 0.2 } });
    expectNear(shared.meanSojournTime, 5, 1e-12);
    expectNear(shared.meanNumberInSystem, 4, 1e-12);
    expect(mg1ProcessorSharing({ arrivalRate: 2, service: { type: 'exponential', mean: 1 } })).toMatchObject({ meanSojournTime: Infinity, growthRate: 1 });
  });
});

describe('M/G/1', () => {
  it('that is offered too much grows', () => {
    expect(mg1({ arrivalRate: 3, service: lognormal(4) })).toMatchObject({ growthRate: 2, meanWaitingTime: Infinity, waitingProbability: 1, busyPeriodMean: Infinity, serviceScv: expect.closeTo(4, 12) });
    expect(mg1({ arrivalRate: 1, service: lognormal(4) })).toMatchObject({ growthRate: 0, meanNumberInSystem: Infinity });
    expect(mg1({ arrivalRate: 1e-9, service: { type: 'pareto', alpha: 1, xm: 1 } })).toMatchObject({ meanWaitingTime: Infinity, growthRate: 1e-9 });
  });

  it('refuses what cannot be, by name', () => {
    expect(() => mg1({ arrivalRate: -1, service: lognormal(4) })).toThrow(/arrivalRate is -1/);
    expect(() => mg1({ arrivalRate: 1, service: { type: 'lognormal', mean: 1, scv: 0 } })).toThrow(/service\.scv is 0/);
    expect(() => mg1({ arrivalRate: 1, service: { type: 'deterministic', value: 0 } })).toThrow(/service is a law with mean 0;/);
  });
});
