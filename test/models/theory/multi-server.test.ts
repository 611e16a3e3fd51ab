import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mm1AsymptoticVariance } from '../../../models/theory/asymptotic-variance.ts';
import { ImpossibleParameters } from '../../../models/theory/checks.ts';
import { erlangB, erlangBContinuous, erlangC, offeredLoadFor } from '../../../models/theory/erlang.ts';
import { evaluate } from '../../../models/theory/index.ts';
import { infiniteServers } from '../../../models/theory/infinite-servers.ts';
import { mm1BusyPeriodCdf, mm1Transient } from '../../../models/theory/mm1-transient.ts';
import { mmc } from '../../../models/theory/mmc.ts';
import { sumOf } from '../../../models/theory/numerics/sums.ts';
import { cheapestServers, halfinWhitt, leastServers, squareRootStaffing } from '../../../models/theory/staffing.ts';
import { expectNear } from './expect-near.ts';

/**
 * mpmath, 50 digits: sums over all states for M/M/c, bisection for quantiles, second moments for busy periods; the direct sum of
 * Erlang B and its incomplete gamma function between whole numbers; Bessel functions for the transient and, integrated, for the
 * busy period.
 */
const corners: readonly (readonly [model: string, params: object, metric: string, value: number])[] = [
  ['mmc', { lambda: 0.999999, mu: 1, c: 1 }, 'L_var', 999998999942.4886],
  ['mmc', { lambda: 0.999999, mu: 1, c: 1 }, 'busy_var', 1.999998999827466e18],
  ['mmc', { lambda: 0.999999, mu: 1, c: 1, p: 0.999999 }, 'W_quantile', 13815510.557538245],
  ['mmc', { lambda: 1e-9, mu: 0.001, c: 3 }, 'P_wait', 1.6666655555560186e-19],
  ['mmc', { lambda: 1e-9, mu: 0.001, c: 3 }, 'busy_var', 1000001.5000010277],
  ['mmc', { lambda: 1e-9, mu: 0.001, c: 3, n: 8 }, 'P_N_ge_n', 6.858705989942465e-52],
  ['mmc', { lambda: 9, mu: 1, c: 10, t: 20 }, 'P_W_gt_t', 2.9628321689507307e-8],
  ['mmc', { lambda: 8.999999, mu: 1, c: 10 }, 'L_var', 93.14813457741532],
  ['mmc', { lambda: 8.999999, mu: 1, c: 10 }, 'p0', 6.959699038137487e-5],
  ['mmc', { lambda: 8.999999, mu: 1, c: 10 }, 'busy_mean', 1596.3821114703524],
  ['mmc', { lambda: 8.999999, mu: 1, c: 10 }, 'busy_var', 3339512.5742394626],
  ['mmc', { lambda: 8.999999, mu: 1, c: 10, n: 5 }, 'P_N_ge_n', 0.9690032523795757],
  ['mmc', { lambda: 8.999999, mu: 1, c: 10, p: 0.99 }, 'W_quantile', 6.249873393523018],
  ['mmc', { lambda: 700, mu: 1, c: 702 }, 'p0', 1.7015694404112957e-305],
  ['mmc', { lambda: 700, mu: 1, c: 702 }, 'P_wait', 0.909377950935903],
  ['mmc', { lambda: 99999.9, mu: 1, c: 100000 }, 'P_wait', 0.9996040570866027],
  ['mmc', { lambda: 99999.9, mu: 1, c: 100000 }, 'Wq', 9.996040570284181],
  ['mmc', { lambda: 99999.9, mu: 1, c: 100000 }, 'L_var', 999999042677.3708],
  ['mmc', { lambda: 99999.9, mu: 1, c: 100000, n: 99999 }, 'P_N_ge_n', 0.9996050566916596],
  ['mmc', { lambda: 99999.9, mu: 1, c: 100000, n: 100005 }, 'P_N_ge_n', 0.9995990590763131],
  ['mmc', { lambda: 99999.9, mu: 1, c: 100000, t: 20 }, 'P_Wq_gt_t', 0.13528169817453367],
  ['mmc', { lambda: 99999.9, mu: 1, c: 100000, t: 20 }, 'P_W_gt_t', 0.15031299774456594],
  ['mmc', { lambda: 99999.9, mu: 1, c: 100000, p: 0.99 }, 'Wq_quantile', 46.047741644005676],
  ['mmc', { lambda: 99999.9, mu: 1, c: 100000, p: 0.99 }, 'W_quantile', 47.10134680058729],
  ['erlang_c', { c: 1000, a: 1 }, 'P_wait', 0],
  ['erlang_b', { c: 1000, a: 500 }, 'B', 1.652415127751342e-86],
  ['erlang_c', { c: 1000, a: 500 }, 'P_wait', 3.304830255502684e-86],
  ['erlang_b', { c: 1000, a: 1000 }, 'B', 0.02481191764616041],
  ['erlang_b', { c: 1000, a: 5000 }, 'B', 0.8000499687831533],
  ['erlang_b', { c: 100000, a: 99000 }, 'B', 8.225775598504222e-6],
  ['erlang_c', { c: 100000, a: 99000 }, 'P_wait', 0.0008219082374107954],
  ['erlang_b', { c: 100000, a: 100000 }, 'B', 0.0025188934235469062],
  ['erlang_b', { c: 100000, a: 1000000000 }, 'B', 0.9999000000001],
  ['erlang_b', { c: 10, a: 1e-9 }, 'B', 2.755731919642859e-97],
  ['erlang_b', { c: 50000, a: 50500 }, 'B', 0.011437659625042569],
  ['erlang_b_continuous', { c: 0.5, a: 2 }, 'B', 0.8259789443958747],
  ['erlang_b_continuous', { c: 0.3, a: 0.1 }, 'B', 0.5266909583836499],
  ['erlang_b_continuous', { c: 0.3, a: 0.001 }, 'B', 0.14014973031530165],
  ['erlang_b_continuous', { c: 0.999, a: 50 }, 'B', 0.9804117573145291],
  ['erlang_b_continuous', { c: 1000.25, a: 900 }, 'B', 5.774726218525604e-5],
  ['erlang_b_continuous', { c: 1000.25, a: 1100 }, 'B', 0.09841424035669602],
  ['erlang_b_continuous', { c: 2.5, a: 2.999 }, 'B', 0.43254948332005194],
  ['erlang_b_continuous', { c: 2.5, a: 3.001 }, 'B', 0.43277965909142235],
  ['erlang_b_inverse', { c: 1000, B: 1e-6 }, 'a', 868.7980959682249],
  ['erlang_b_inverse', { c: 5, B: 1e-30 }, 'a', 2.605172442081689e-6],
  ['erlang_b_inverse', { c: 10000, B: 0.001 }, 'a', 9831.867581077153],
  ['erlang_b_inverse', { c: 3, B: 0.999 }, 'a', 2998.999333111034],
  ['halfin_whitt', { beta: 1e-9 }, 'P_wait', 0.9999999987466859],
  ['halfin_whitt', { beta: 3 }, 'P_wait', 0.0014770946446142933],
  ['halfin_whitt', { beta: 30 }, 'P_wait', 4.912153782928492e-198],
  ['mm1_transient', { lambda: 0.8, mu: 1, n0: 0, n: 2, t: 5 }, 'p_n_t', 0.1737279715177074],
  ['mm1_transient', { lambda: 0.5, mu: 1, n0: 10, n: 0, t: 8 }, 'p_n_t', 0.04930063342895035],
  ['mm1_transient', { lambda: 0.5, mu: 1, n0: 10, n: 0, t: 800 }, 'p_n_t', 0.5],
  ['mm1_transient', { lambda: 0.99, mu: 1, n0: 0, n: 3, t: 100 }, 'p_n_t', 0.057922660448575566],
  ['mm1_transient', { lambda: 0.99, mu: 1, n0: 5, n: 30, t: 500 }, 'p_n_t', 0.014993035650608137],
  ['mm1_transient', { lambda: 1, mu: 1, n0: 3, n: 2, t: 50 }, 'p_n_t', 0.07308001200241496],
  ['mm1_transient', { lambda: 1.2, mu: 1, n0: 2, n: 5, t: 40 }, 'p_n_t', 0.04227127467380764],
  ['mm1_transient', { lambda: 1.2, mu: 1, n0: 20, n: 0, t: 100 }, 'p_n_t', 0.0007790342253785952],
  ['mm1_transient', { lambda: 2, mu: 1, n0: 2, n: 0, t: 30 }, 'p_n_t', 4.078045853787368e-5],
  ['mm1_transient', { lambda: 0.001, mu: 1, n0: 4, n: 0, t: 3 }, 'p_n_t', 0.3521805526879877],
  ['mm1_transient', { lambda: 0.8, mu: 1, n0: 0, n: 6, t: 0.001 }, 'p_n_t', 3.6348608035756458e-22],
  ['mm1_transient', { lambda: 0.8, mu: 1, n0: 3, n: 3, t: 1e-6 }, 'p_n_t', 0.99999820000242],
  ['mm1_transient', { lambda: 0.001, mu: 1, n0: 0, n: 1, t: 2000 }, 'p_n_t', 0.000999],
  ['mm1_busy_period', { lambda: 0.5, mu: 1, t: 3 }, 'cdf', 0.8197082804625099],
  ['mm1_busy_period', { lambda: 0.99, mu: 1, t: 100 }, 'cdf', 0.9480973696486733],
  ['mm1_busy_period', { lambda: 0.5, mu: 1, t: 0.0001 }, 'cdf', 9.99925004583099e-5],
  ['mm1_busy_period', { lambda: 1.5, mu: 1, t: 20 }, 'cdf', 0.6585517838428699],
  ['mm1_busy_period', { lambda: 1, mu: 1, t: 400 }, 'cdf', 0.9717949295876038],
  ['mm1_busy_period', { lambda: 0.1, mu: 1, t: 60 }, 'cdf', 0.9999999999999954],
  ['mm1_rare_event', { lambda: 0.999999, mu: 1, N: 1000 }, 'P_overflow_in_busy_cycle', 0.0009995005828338588],
  ['mm1_rare_event', { lambda: 1, mu: 1, N: 7 }, 'P_overflow_in_busy_cycle', 0.14285714285714285],
  ['mm1_rare_event', { lambda: 2, mu: 1, N: 50 }, 'P_overflow_in_busy_cycle', 0.5000000000000004],
  ['mm1_rare_event', { lambda: 0.1, mu: 1, N: 200 }, 'P_overflow_in_busy_cycle', 9.000000000000099e-200],
  ['mm1_rare_event', { lambda: 0.999999999, mu: 1, N: 5 }, 'P_overflow_in_busy_cycle', 0.1999999996],
  ['mminf', { lambda: 100000, mu: 1, n: 99000 }, 'p_n', 8.401271933936813e-6],
  ['mminf', { lambda: 100000, mu: 1, n: 99000 }, 'P_N_gt_n', 0.9992257991705552],
  ['mminf', { lambda: 100000, mu: 1, t: 1e-9 }, 'mean_at_t', 9.999999995e-5],
  ['mminf', { lambda: 100000, mu: 1, n: 102000 }, 'p_n', 2.938013019819311e-12],
  ['mminf', { lambda: 100000, mu: 1, n: 102000 }, 'P_N_gt_n', 1.4340706535267283e-10],
  ['mminf', { lambda: 100000, mu: 1, t: 3 }, 'mean_at_t', 95021.2931632136],
  ['mminf', { lambda: 1e-6, mu: 1, n: 2 }, 'p_n', 4.999995000002499e-13],
  ['mminf', { lambda: 1e-6, mu: 1, n: 2 }, 'P_N_gt_n', 1.6666654166671664e-19],
  ['mminf', { lambda: 1e-6, mu: 1, t: 5 }, 'mean_at_t', 9.932620530009146e-7],
];

const station = fc.record({
  serviceRate: fc.double({ min: -8, max: 8, noNaN: true }).map((exponent) => Math.exp(exponent)),
  servers: fc.integer({ min: 1, max: 400 }),
  utilisation: fc.double({ min: 1e-4, max: 0.99999, noNaN: true }),
}).map(({ serviceRate, servers, utilisation }) => ({ serviceRate, servers, arrivalRate: utilisation * servers * serviceRate }));

describe('hard corners', () => {
  it.each(corners)('%s %j: %s', (model, params, metric, wanted) => expectNear(evaluate(model, params)[metric], wanted, 1e-10));
});

describe('M/M/c', () => {
  it('obeys Little and scales with the unit of time', () => {
    fc.assert(fc.property(station, fc.double({ min: 0.001, max: 1000, noNaN: true }), (parameters, factor) => {
      const answer = mmc(parameters);
      expectNear(answer.meanNumberInSystem, parameters.arrivalRate * answer.meanSojournTime, 1e-12);
      expectNear(answer.meanQueueLength, parameters.arrivalRate * answer.meanWaitingTime, 1e-12);
      const other = mmc({ ...parameters, arrivalRate: factor * parameters.arrivalRate, serviceRate: factor * parameters.serviceRate });
      expectNear(other.meanWaitingTime * factor, answer.meanWaitingTime, 1e-9);
      expectNear(other.sojournQuantile!(0.99) * factor, answer.sojournQuantile!(0.99), 1e-9);
    }), { seed: 1, numRuns: 300 });
  });

  it('has quantiles that its tails meet, and tails that fall', () => {
    fc.assert(fc.property(station, fc.double({ min: 0, max: 0.999999, noNaN: true }), (parameters, p) => {
      const answer = mmc(parameters);
      const [wait, sojourn] = [answer.waitingQuantile!(p), answer.sojournQuantile!(p)];
      expectNear(answer.waitingTail!(wait), wait > 0 ? 1 - p : answer.waitingProbability, 1e-9);
      expect(answer.waitingTail!(wait)).toBeLessThanOrEqual((1 - p) * (1 + 1e-9));
      if (p > 0) expectNear(answer.sojournTail!(sojourn), 1 - p, 1e-9);
      expect(answer.sojournTail!(sojourn * 1.01)).toBeLessThanOrEqual(answer.sojournTail!(sojourn));
      expect(answer.sojournTail!(sojourn)).toBeGreaterThanOrEqual(answer.waitingTail!(sojourn));
    }), { seed: 2, numRuns: 300 });
  });

  it('has tails of the number that sum up to its mean and second moment, and begin with the busy system', () => {
    fc.assert(fc.property(station.filter(({ arrivalRate, serviceRate, servers }) => arrivalRate < 0.95 * servers * serviceRate && servers <= 40), (parameters) => {
      const answer = mmc(parameters);
      const tails = Array.from({ length: 1500 }, (_, n) => answer.numberTail(n + 1));
      expectNear(sumOf(tails), answer.meanNumberInSystem, 1e-11);
      const square = sumOf(tails.map((tail, n) => (2 * n + 1) * tail));
      expectNear(square - answer.meanNumberInSystem * answer.meanNumberInSystem, answer.numberInSystemVariance, 1e-10);
      expectNear(answer.numberTail(1) + answer.emptyProbability, 1, 1e-12);
      expectNear(answer.numberTail(parameters.servers), answer.waitingProbability, 1e-12);
      // Cycles of busy and idle: p0 is the share of the idle ones.
      expectNear(answer.emptyProbability * (1 + parameters.arrivalRate * answer.busyPeriod().mean), 1, 1e-11);
    }), { seed: 3, numRuns: 100 });
  });

  it('is continuous where the two exponentials of the sojourn time meet', () => {
    const tail = (arrivalRate: number): number => mmc({ arrivalRate, serviceRate: 1, servers: 10 }).sojournTail!(3);
    for (const nearby of [1e-13, 1e-10, 1e-7]) expectNear((tail(9 - nearby) + tail(9 + nearby)) / 2, tail(9), 1e-12);
  });

  it('with one server is M/M/1', () => {
    const answer = mmc({ arrivalRate: 0.9, serviceRate: 1, servers: 1 });
    expect(answer.model).toBe('M/M/1');
    expectNear(answer.numberInSystemVariance, 90, 1e-13);
    expectNear(answer.busyPeriod().variance, 1900, 1e-13);
    expectNear(answer.sojournTail!(7), Math.exp(-0.7), 1e-13);
    expectNear(answer.numberTail(20), Math.exp(20 * Math.log(0.9)), 1e-13);
  });

  it('is an answer when it is unstable', () => {
    const over = evaluate('mmc', { lambda: 12, mu: 1, c: 10, p: 0.5, t: 3, n: 4 });
    expect(over).toMatchObject({ growth_rate: 2, P_wait: 1, p0: 0, Wq: Infinity, L: Infinity, L_var: Infinity, W_quantile: Infinity, P_Wq_gt_t: 1, P_N_ge_n: 1, busy_mean: Infinity });
    expectNear(over['utilization'], 1.2, 1e-15);
    expect(evaluate('mm1', { lambda: 1, mu: 1 })).toMatchObject({ growth_rate: 0, Wq: Infinity, P_wait: 1 });
    expect(Object.values(over).every((value) => !Number.isNaN(value))).toBe(true);
  });

  it('leaves out what was not asked', () => {
    expect(Object.keys(evaluate('mmc', { lambda: 1, mu: 1, c: 2 }))).not.toEqual(expect.arrayContaining(['Wq_quantile']));
    expect(Object.keys(evaluate('mm1', { lambda: 1, mu: 2, p: 0.5 }))).toEqual(expect.arrayContaining(['Wq_quantile', 'W_quantile']));
  });

  it.each([[{ mu: 1, c: 2 }, 'lambda is missing'], [{ lambda: -1, mu: 1, c: 2 }, 'in 1/s'], [{ lambda: 1, mu: 1, c: 1.5 }, 'c is 1.5'], [{ lambda: 1, mu: 1, c: 2, p: 1 }, 'p is 1'], [{ lambda: 1, mu: 1, c: 2, t: -1 }, 't is -1']])('refuses %j', (params, message) => {
    expect(() => evaluate('mmc', params)).toThrow(message);
    expect(() => mmc({ arrivalRate: 1, serviceRate: 1, servers: 0 })).toThrow(ImpossibleParameters);
  });
});

describe('Erlang', () => {
  it('B obeys its recurrence, C lies above B and both fall with servers', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 3000 }), fc.double({ min: 1e-3, max: 4000, noNaN: true }), (c, a) => {
      const [loss, fewer] = [erlangB(c, a), erlangB(c - 1, a)];
      expectNear(loss, (a * fewer) / (c + a * fewer), 1e-12);
      expectNear(erlangBContinuous(c + 0.37, a), (a * erlangBContinuous(c - 0.63, a)) / (c + 0.37 + a * erlangBContinuous(c - 0.63, a)), 1e-12);
      expect(loss).toBeLessThanOrEqual(fewer);
      expect(erlangC(c, a)).toBeGreaterThanOrEqual(loss);
      expect(erlangC(c, a)).toBeGreaterThanOrEqual(erlangC(c + 1, a));
    }), { seed: 4, numRuns: 300 });
  });

  it('is solved for the load', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 500 }), fc.double({ min: 1e-12, max: 0.99, noNaN: true }), (c, loss) => {
      expectNear(erlangB(c, offeredLoadFor(c, loss)), loss, 1e-11);
    }), { seed: 5, numRuns: 200 });
  });

  it('knows its ends', () => {
    expect([erlangB(0, 5), erlangB(3, 0), erlangB(1000, 1e-9), erlangC(3, 3), erlangC(1000, 1e-9), erlangBContinuous(0, 2), erlangBContinuous(0.5, 0)]).toEqual([1, 0, 0, 1, 0, 1, 0]);
    expect(() => evaluate('erlang_b_inverse', { c: 3, B: 1 })).toThrow('B is 1');
    expect(() => offeredLoadFor(3, 1)).toThrow('below 1');
    expect(evaluate('erlang_c', { c: 3, a: 4 })).toEqual({ P_wait: 1, growth_rate: 1 });
  });
});

describe('staffing', () => {
  it.each(['P_wait', 'Wq', 'P_Wq_gt_t'])('finds the least number for %s', (constraint) => {
    fc.assert(fc.property(fc.double({ min: 0.01, max: 500, noNaN: true }), fc.double({ min: 1e-9, max: 0.9, noNaN: true }), (load, target) => {
      const { c } = evaluate('min_servers', { lambda: load, mu: 1, constraint, target, t: 0.1 });
      const measured = (servers: number): number => evaluate('mmc', { lambda: load, mu: 1, c: servers, t: 0.1 })[constraint === 'P_Wq_gt_t' ? 'P_Wq_gt_t' : constraint]!;
      expect(measured(c!)).toBeLessThanOrEqual(target);
      expect(c! - 1 > load ? measured(c! - 1) : Infinity).toBeGreaterThan(target);
    }), { seed: 6, numRuns: 150 });
  });

  // The direct sum of Erlang B, mpmath, 25 digits: one server less gives 0.05034 and 0.50005.
  it('is quick for loads of 100,000 erlangs and of a hundred million', () => {
    expect(evaluate('min_servers', { lambda: 1e5, mu: 1, constraint: 'P_wait', target: 0.05 })['c']).toBe(100551);
    expect(leastServers({ arrivalRate: 1e8, serviceRate: 1, meets: ({ waitingProbability }) => waitingProbability <= 0.5 })).toBe(100005061);
  });

  it('skips what is unstable and says when nothing will do', () => {
    expect(evaluate('min_servers', { lambda: 10, mu: 1, constraint: 'P_wait', target: 1 })['c']).toBe(11);
    expect(leastServers({ arrivalRate: 10, serviceRate: 1, meets: () => false })).toBeUndefined();
    expect(leastServers({ arrivalRate: 10, serviceRate: 1, meets: ({ waitingProbability }) => waitingProbability < 1e-3, serversMax: 12 })).toBeUndefined();
    for (const target of [0, -0.1]) expect(() => evaluate('min_servers', { lambda: 10, mu: 1, constraint: 'P_wait', target })).toThrow('a number above zero');
    expect(() => evaluate('min_servers', { lambda: 10, mu: 1, constraint: 'P_Wq_gt_t', target: 0.1 })).toThrow('t is missing');
  });

  it('finds what is cheapest of all', () => {
    fc.assert(fc.property(fc.double({ min: 0.1, max: 60, noNaN: true }), fc.double({ min: 0.01, max: 100, noNaN: true }), (arrivalRate, holdingCost) => {
      const cost = (servers: number): number => servers + holdingCost * mmc({ arrivalRate, serviceRate: 1, servers }).meanNumberInSystem;
      const { servers, cost: least } = cheapestServers({ arrivalRate, serviceRate: 1, serverCost: 1, holdingCost });
      const all = Array.from({ length: 200 }, (_, more) => cost(Math.floor(arrivalRate) + 1 + more));
      expectNear(least, Math.min(...all), 1e-13);
      expectNear(cost(servers), least, 1e-13);
    }), { seed: 7, numRuns: 100 });
    expect(cheapestServers({ arrivalRate: 10, serviceRate: 1, serverCost: 1, holdingCost: 0 })).toMatchObject({ servers: 11 });
  });

  it('by the square root is near the exact one, and nearer the more servers there are', () => {
    const miss = (load: number): number => Math.abs(halfinWhitt(1) / mmc({ arrivalRate: load, serviceRate: 1, servers: Math.round(load + Math.sqrt(load)) }).waitingProbability - 1);
    expect(miss(1e6)).toBeLessThan(miss(1e4));
    expect(miss(1e6)).toBeLessThan(1e-3);
    const exact = leastServers({ arrivalRate: 1e4, serviceRate: 1, meets: ({ waitingProbability }) => waitingProbability <= 0.2 })!;
    expect(Math.abs(squareRootStaffing({ offeredLoad: 1e4, waitingProbability: 0.2 }).servers - exact)).toBeLessThanOrEqual(1);
    expect(() => squareRootStaffing({ offeredLoad: 1, waitingProbability: 1 })).toThrow('below 1');
  });
});

describe('M/M/1 in time', () => {
  const rates = fc.record({ arrivalRate: fc.double({ min: 0.01, max: 2, noNaN: true }), serviceRate: fc.constant(1), initialNumber: fc.nat(20), time: fc.double({ min: 0, max: 60, noNaN: true }) });

  it('is a law at each time, with the mean that is told', () => {
    fc.assert(fc.property(rates, (parameters) => {
      const answer = mm1Transient(parameters);
      const law = Array.from({ length: 500 }, (_, n) => answer.probability(n));
      expectNear(sumOf(law), 1, 1e-11);
      expectNear(sumOf(law.map((p, n) => n * p)), answer.meanNumberInSystem(), 1e-9);
      expect(Math.min(...law)).toBeGreaterThanOrEqual(-1e-14);
    }), { seed: 8, numRuns: 60 });
  });

  it('tends to the steady state, and begins where it began', () => {
    const late = mm1Transient({ arrivalRate: 0.8, serviceRate: 1, initialNumber: 7, time: 20_000 });
    expectNear(late.meanNumberInSystem(), 4, 1e-11);
    expectNear(late.probability(3), 0.2 * 0.512, 1e-11);
    expect(mm1Transient({ arrivalRate: 1, serviceRate: 1, initialNumber: 4, time: 0 }).probability(4)).toBe(1);
    expectNear(mm1Transient({ arrivalRate: 3, serviceRate: 1, initialNumber: 0, time: 1e5 }).meanNumberInSystem(), 2e5, 1e-5);
  });

  it('has a busy period with the mean and variance of M/M/1', () => {
    const tail = (time: number): number => 1 - mm1BusyPeriodCdf({ arrivalRate: 0.5, serviceRate: 1, time });
    const step = 0.05;
    const tails = Array.from({ length: 6000 }, (_, k) => tail((k + 0.5) * step));
    expectNear(sumOf(tails) * step, 2, 1e-4);
    expectNear(2 * sumOf(tails.map((value, k) => value * (k + 0.5) * step)) * step - 4, 12, 1e-4);
    expectNear(mm1BusyPeriodCdf({ arrivalRate: 2, serviceRate: 1, time: 1e4 }), 0.5, 1e-12);
    expect(mm1BusyPeriodCdf({ arrivalRate: 2, serviceRate: 1, time: 0 })).toBe(0);
  });

  it('has infinite variances of averages without a steady state', () => {
    expect(mm1AsymptoticVariance({ arrivalRate: 1, serviceRate: 1 })).toEqual({ numberInSystem: Infinity, waitingTime: Infinity });
    // Published by Whitt 1989 for a mean service of 1: ρ = 0.5 and 0.8.
    expectNear(mm1AsymptoticVariance({ arrivalRate: 0.5, serviceRate: 1 }).waitingTime, 29, 1e-13);
    expectNear(mm1AsymptoticVariance({ arrivalRate: 8, serviceRate: 10 }).waitingTime, 19.76, 1e-13);
    // Burman's sum over the states of a birth–death chain.
    const ρ = 0.6;
    const p = Array.from({ length: 400 }, (_, n) => (1 - ρ) * Math.exp(n * Math.log(ρ)));
    const burman = 2 * sumOf(p.map((mass, j) => {
      const beyond = sumOf(p.slice(j + 1).map((other, i) => (j + 1 + i - ρ / (1 - ρ)) * other));
      return (beyond * beyond) / (ρ * mass);
    }));
    expectNear(mm1AsymptoticVariance({ arrivalRate: ρ, serviceRate: 1 }).numberInSystem, burman, 1e-9);
  });
});

describe('M/M/∞', () => {
  it('has quantiles that its tails meet', () => {
    fc.assert(fc.property(fc.double({ min: 1e-3, max: 1e6, noNaN: true }), fc.double({ min: 0, max: 0.999999, noNaN: true }), (load, p) => {
      const answer = infiniteServers({ arrivalRate: load, serviceRate: 1 });
      const n = answer.numberQuantile(p);
      expect(answer.numberTail(n)).toBeLessThanOrEqual((1 - p) * (1 + 1e-9));
      expect(n > 0 ? answer.numberTail(n - 1) : 1).toBeGreaterThanOrEqual((1 - p) * (1 - 1e-9));
    }), { seed: 9, numRuns: 300 });
  });
});
