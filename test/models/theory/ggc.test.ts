import { describe, expect, it } from 'vitest';
import { ggc } from '../../../models/theory/ggc.ts';
import { gimc } from '../../../models/theory/gimc.ts';
import { evaluate } from '../../../models/theory/index.ts';
import { mdc } from '../../../models/theory/mdc.ts';
import { mg1 } from '../../../models/theory/mg1.ts';
import { mmc } from '../../../models/theory/mmc.ts';
import { expectNear } from './expect-near.ts';

const names = (params: object) => Object.keys(evaluate('ggc_approx', params)).filter((name) => name.startsWith('Wq_') && name !== 'Wq_var');

describe('two-moment formulas', () => {
  it('are exact for Poisson arrivals and exponential service', () => {
    for (const c of [1, 4, 100]) {
      const found = evaluate('ggc_approx', { lambda: 0.9 * c, meanService: 1, ca2: 1, cs2: 1, c });
      const known = mmc({ arrivalRate: 0.9 * c, serviceRate: 1, servers: c }).meanWaitingTime;
      for (const name of ['Wq_lee_longton', 'Wq_allen_cunneen', 'Wq_cosmetatos', 'Wq_kimura', 'Wq_whitt93']) expectNear(found[name], known, 1e-12, name);
      if (c === 1) for (const name of ['Wq_kingman', 'Wq_klb']) expectNear(found[name], known, 1e-12, name);
    }
  });

  it('but for Whitt’s are exact for M/G/1', () => {
    const found = evaluate('ggc_approx', { lambda: 0.6, meanService: 1, ca2: 1, cs2: 2.5, c: 1 });
    const known = mg1({ arrivalRate: 0.6, service: { type: 'gamma', mean: 1, scv: 2.5 } }).meanWaitingTime;
    for (const name of ['Wq_kingman', 'Wq_klb', 'Wq_lee_longton', 'Wq_allen_cunneen', 'Wq_sakasegawa', 'Wq_cosmetatos', 'Wq_kimura']) expectNear(found[name], known, 1e-12, name);
  });

  it('bound each other: Marchal, the truth, Daley, Kingman', () => {
    for (const [lambda, scv] of [[0.3, 0], [0.8, 0.25], [0.95, 3]] as const) {
      const found = evaluate('ggc_approx', { lambda, meanService: 1, ca2: scv, cs2: 1, c: 1 });
      const truth = gimc({
        interarrival: scv === 0 ? { type: 'deterministic', value: 1 / lambda } : scv < 1 ? { type: 'erlang', k: 4, mean: 1 / lambda } : { type: 'hyperexp2_balanced', mean: 1 / lambda, scv },
        serviceRate: 1, servers: 1,
      }).meanWaitingTime;
      const chain = [found['Wq_marchal_lower_bound']!, truth, found['Wq_daley_upper_bound']!, found['Wq_kingman_upper_bound']!];
      expect([...chain].sort((a, b) => a - b)).toEqual(chain);
    }
  });

  // The table of measured errors: exact values of M/D/c, and of E2/M/1, D/M/1 and H2/M/1.
  it('stay within their envelopes of exact values', () => {
    for (const [lambda, c] of [[1.6, 2], [9, 10], [95, 100], [4, 5]] as const) {
      const exact = mdc({ arrivalRate: lambda, serviceTime: 1, servers: c }).meanWaitingTime;
      const found = evaluate('ggc_approx', { lambda, meanService: 1, ca2: 1, cs2: 0, c });
      expectNear(found['Wq_whitt93'], exact, 0.05);
      expectNear(found['Wq_cosmetatos_mdc'], exact, 0.05);
      expectNear(found['Wq_allen_cunneen'], exact, 0.15);
    }
    for (const scv of [0.25, 0.5, 4]) {
      const interarrival = scv < 1 ? ({ type: 'erlang', k: 1 / scv, mean: 1.25 } as const) : ({ type: 'hyperexp2_balanced', mean: 1.25, scv } as const);
      const exact = gimc({ interarrival, serviceRate: 1, servers: 1 }).meanWaitingTime;
      expectNear(evaluate('ggc_approx', { lambda: 0.8, meanService: 1, ca2: scv, cs2: 1, c: 1 })['Wq_klb'], exact, scv > 1 ? 0.06 : 0.03);
    }
  });

  it('are given where they were made for the station', () => {
    const all = { lambda: 0.8, meanService: 1, ca2: 1, cs2: 0, c: 1 };
    expect(names(all)).toHaveLength(12);
    expect(names({ ...all, ca2: 2, cs2: 1, c: 2 })).toEqual(['Wq_allen_cunneen', 'Wq_sakasegawa', 'Wq_whitt93']);
    expect(names({ ...all, cs2: 1, c: 2 })).toEqual(['Wq_lee_longton', 'Wq_allen_cunneen', 'Wq_sakasegawa', 'Wq_cosmetatos', 'Wq_kimura', 'Wq_whitt93']);
    expect(names({ ...all, ca2: 2 })).toContain('Wq_klb');
  });

  it('without any variability wait for nothing', () => {
    const found = evaluate('ggc_approx', { lambda: 0.8, meanService: 1, ca2: 0, cs2: 0, c: 1, t: 0.1, p: 0.9 });
    expect(found).toMatchObject({ Wq_whitt93: 0, Wq_klb: 0, Wq_kingman: 0, Wq_quantile: 0, P_Wq_gt_t: 0, Wq_var: 0 });
  });

  it('are infinite when the station is offered too much', () => {
    expect(evaluate('ggc_approx', { lambda: 3, meanService: 1, ca2: 1, cs2: 2, c: 2, p: 0.5 })).toMatchObject({ Wq_whitt93: Infinity, Wq_sakasegawa: Infinity, growth_rate: 1, Wq_quantile: Infinity });
  });
});

describe('G/G/c', () => {
  it('names its formula and its error', () => {
    const one = ggc({ arrivalRate: 0.8, interarrivalScv: 2, meanServiceTime: 1, serviceScv: 2, servers: 1 });
    const several = ggc({ arrivalRate: 1.6, interarrivalScv: 2, meanServiceTime: 1, serviceScv: 2, servers: 2 });
    expect([one.model, several.model]).toEqual(['G/G/1 (Krämer & Langenbach-Belz 1976)', 'G/G/c (Whitt 1993)']);
    expect(one.knownError).toMatch(/5 %.*15 %/);
    expectNear(several.meanNumberInSystem, 1.6 * several.meanSojournTime, 1e-14);
  });

  it('has the wait of M/G/1 in mean, probability and, for fixed and exponential service, variance', () => {
    for (const [scv, service] of [[0, { type: 'deterministic', value: 1 }], [1, { type: 'exponential', mean: 1 }]] as const) {
      for (const load of [0.2, 0.7, 0.95]) {
        const found = ggc({ arrivalRate: load, interarrivalScv: 1, meanServiceTime: 1, serviceScv: scv, servers: 1 });
        const known = mg1({ arrivalRate: load, service });
        expectNear(found.meanWaitingTime, known.meanWaitingTime, 1e-12);
        expectNear(found.waitingProbability, load, 1e-12);
        expectNear(found.waitingTimeVariance, known.waitingTimeVariance, 1e-11);
        if (load > 0.5) expectNear(found.waitingQuantile!(0.99), known.waitingQuantile!(0.99), 0.02);
      }
    }
  });

  it('waits with nearly the right probability before one server with other arrivals', () => {
    // D/M/1 at 0.8: σ is 0.62863.
    const found = ggc({ arrivalRate: 0.8, interarrivalScv: 0, meanServiceTime: 1, serviceScv: 1, servers: 1 });
    expectNear(found.waitingProbability, gimc({ interarrival: { type: 'deterministic', value: 1.25 }, serviceRate: 1, servers: 1 }).waitingProbability, 0.01);
  });

  it('has a distribution that belongs to its mean', () => {
    for (const scv of [0.3, 1, 6]) {
      const found = ggc({ arrivalRate: 4.5, interarrivalScv: 1.5, meanServiceTime: 1, serviceScv: scv, servers: 5 });
      let area = 0;
      const step = found.meanWaitingTime / 500;
      for (let t = 0; found.waitingTail!(t) > 1e-10; t += step) area += (step / 6) * (found.waitingTail!(t) + 4 * found.waitingTail!(t + step / 2) + found.waitingTail!(t + step));
      expectNear(area, found.meanWaitingTime, 1e-6);
      expectNear(found.waitingTail!(found.waitingQuantile!(0.97)), 0.03, 1e-9);
      expect(found.waitingQuantile!(0)).toBe(0);
    }
  });

  it('refuses what cannot be, by name', () => {
    const station = { arrivalRate: 1, interarrivalScv: 1, meanServiceTime: 0.5, serviceScv: 1, servers: 1 };
    expect(() => ggc({ ...station, serviceScv: -1 })).toThrow(/serviceScv is -1/);
    expect(() => ggc({ ...station, interarrivalScv: Infinity })).toThrow(/interarrivalScv is Infinity/);
    expect(() => ggc({ ...station, meanServiceTime: 0 })).toThrow(/meanServiceTime is 0/);
  });
});
