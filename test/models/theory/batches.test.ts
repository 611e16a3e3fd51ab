import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { batchArrivals, batchArrivalsGeneral } from '../../../models/theory/batches/batch-arrivals.ts';
import { bulkService } from '../../../models/theory/batches/bulk-service.ts';
import { evaluate } from '../../../models/theory/index.ts';
import { mmc } from '../../../models/theory/mmc.ts';
import { expectNear } from './expect-near.ts';

/** mpmath, 40 digits: the flow across each level until what is left is below 1e-30, and bisection for the root of bulk service. */
const corners: readonly (readonly [model: string, params: object, metric: string, value: number])[] = [
  ['mxm1', { lambda: 1e-6, mu: 1, batch: { type: 'fixed', size: 1 } }, 'Lq', 1.000001000001e-12],
  ['mxm1', { lambda: 0.199, mu: 1, batch: { type: 'geometric', mean: 5 } }, 'Lq', 994.0050000000102],
  ['mxmc', { lambda: 0.5, mu: 1, batch: { type: 'fixed', size: 6 }, c: 4 }, 'Lq', 8.1],
  ['mxmc', { lambda: 0.5, mu: 1, batch: { type: 'fixed', size: 6 }, c: 4 }, 'p0', 0.1523809523809524],
  ['mxmc', { lambda: 0.5, mu: 1, batch: { type: 'fixed', size: 7 }, c: 4 }, 'Lq', 25.1],
  ['mxmc', { lambda: 0.5, mu: 1, batch: { type: 'fixed', size: 7 }, c: 4 }, 'p0', 0.0761904761904762],
  ['mxmc', { lambda: 2, mu: 1, batch: { type: 'geometric', mean: 4.5 }, c: 10 }, 'Lq', 35.19927337375348],
  ['mxmc', { lambda: 2, mu: 1, batch: { type: 'geometric', mean: 4.5 }, c: 10 }, 'p0', 0.0068179379318751],
  ['mxmc', { lambda: 1e-6, mu: 1, batch: { type: 'fixed', size: 3 }, c: 10 }, 'Lq', 4.6296504301704815e-27],
  ['mxmc', { lambda: 1e-6, mu: 1, batch: { type: 'fixed', size: 3 }, c: 10 }, 'p0', 0.9999981666683472],
  ['mxmc', { lambda: 1e-6, mu: 1, batch: { type: 'fixed', size: 30 }, c: 10 }, 'Lq', 2.1000137250419626e-5],
  ['mxmc', { lambda: 1e-6, mu: 1, batch: { type: 'fixed', size: 30 }, c: 10 }, 'p0', 0.9999950710396682],
  ['mxmc', { lambda: 0.01, mu: 1, batch: { type: 'pmf', p: { 1: 0.5, 7: 0.5 } }, c: 30 }, 'Lq', 5.989284937376381e-16],
  ['mxmc', { lambda: 0.01, mu: 1, batch: { type: 'pmf', p: { 1: 0.5, 7: 0.5 } }, c: 30 }, 'p0', 0.9821961101644134],
  ['mxmc', { lambda: 30, mu: 1, batch: { type: 'fixed', size: 3 }, c: 100 }, 'Lq', 6.619795296426186],
  ['mxmc', { lambda: 30, mu: 1, batch: { type: 'fixed', size: 3 }, c: 100 }, 'p0', 1.0960150598967554e-24],
  ['mxmc', { lambda: 900, mu: 1, batch: { type: 'fixed', size: 1 }, c: 1000 }, 'Lq', 0.005334029697409031],
  ['mxmc', { lambda: 900, mu: 1, batch: { type: 'fixed', size: 1 }, c: 1000 }, 'p0', 0],
  ['mxmc', { lambda: 88, mu: 1, batch: { type: 'pmf', p: { 1: 0.25, 2: 0.25, 5: 0.5 } }, c: 300 }, 'Lq', 27.25330095424209],
  ['mxmc', { lambda: 88, mu: 1, batch: { type: 'pmf', p: { 1: 0.25, 2: 0.25, 5: 0.5 } }, c: 300 }, 'p0', 2.186840908308752e-68],
  ['mxmc', { lambda: 1.98, mu: 1, batch: { type: 'geometric', mean: 10 }, c: 20 }, 'Lq', 977.9592327179772],
  ['mxmc', { lambda: 1.98, mu: 1, batch: { type: 'geometric', mean: 10 }, c: 20 }, 'p0', 0.0002285026994352821],
  ['mxmc', { lambda: 0.9, mu: 1, batch: { type: 'geometric', mean: 1 }, c: 5 }, 'Lq', 0.000535512388230112],
  ['mxmc', { lambda: 0.9, mu: 1, batch: { type: 'geometric', mean: 1 }, c: 5 }, 'p0', 0.4065307680580843],
  ['mxmc', { lambda: 3.9, mu: 1, batch: { type: 'fixed', size: 1 }, c: 4 }, 'Lq', 36.85945240400521],
  ['mxmc', { lambda: 3.9, mu: 1, batch: { type: 'fixed', size: 1 }, c: 4 }, 'p0', 0.002451190665865947],
  ['mxmc', { lambda: 740, mu: 1, batch: { type: 'pmf', p: { 1: 0.25, 2: 0.25, 5: 0.5 } }, c: 2500 }, 'Lq', 10.655148199551714],
  ['mxmc', { lambda: 740, mu: 1, batch: { type: 'pmf', p: { 1: 0.25, 2: 0.25, 5: 0.5 } }, c: 2500 }, 'p0', 0],
  ['mxmc', { lambda: 0.5, mu: 1, batch: { type: 'fixed', size: 60 }, c: 40 }, 'Lq', 69.3],
  ['mxmc', { lambda: 0.5, mu: 1, batch: { type: 'fixed', size: 60 }, c: 40 }, 'p0', 0.05206049771410979],
  ['mxmc', { lambda: 0.095, mu: 1, batch: { type: 'fixed', size: 100 }, c: 10 }, 'Lq', 950.4081145584728],
  ['mxmc', { lambda: 0.095, mu: 1, batch: { type: 'fixed', size: 100 }, c: 10 }, 'p0', 0.04172902836999563],
  ['mmb1', { lambda: 200, mu: 20, b: 25 }, 'Lq', 1.3890852701147773],
  ['mmb1', { lambda: 200, mu: 20, b: 25 }, 'r', 0.9192837906756343],
  ['mmb1', { lambda: 1, mu: 1, b: 2 }, 'Lq', 0.6180339887498949],
  ['mmb1', { lambda: 1, mu: 1, b: 2 }, 'r', 0.6180339887498949],
  ['mmb1', { lambda: 1.9999, mu: 1, b: 2 }, 'Lq', 29996.666762966186],
  ['mmb1', { lambda: 1.9999, mu: 1, b: 2 }, 'r', 0.999966666296288],
  ['mmb1', { lambda: 0.001, mu: 1, b: 5 }, 'Lq', 9.950149650698804e-19],
  ['mmb1', { lambda: 0.001, mu: 1, b: 5 }, 'r', 0.000999000999001],
  ['mmb1', { lambda: 0.5, mu: 1, b: 1 }, 'Lq', 0.5],
  ['mmb1', { lambda: 0.5, mu: 1, b: 1 }, 'r', 0.5],
  ['mmb1', { lambda: 999, mu: 1, b: 1000 }, 'Lq', 499166.94441492093],
  ['mmb1', { lambda: 999, mu: 1, b: 1000 }, 'r', 0.9999980006675547],
  ['mmb1', { lambda: 1e-6, mu: 1, b: 3 }, 'Lq', 9.999970000060005e-25],
  ['mmb1', { lambda: 1e-6, mu: 1, b: 3 }, 'r', 9.999990000009998e-7],
];

describe('hard corners', () => {
  it.each(corners)('%s %j: %s', (model, params, metric, wanted) => expectNear(evaluate(model, params)[metric], wanted, 1e-11));
});

describe('batches of arrivals', () => {
  const sizes = fc.oneof(
    fc.integer({ min: 1, max: 40 }).map((size) => ({ batch: { type: 'fixed', size } as const, mean: size })),
    fc.double({ min: 1, max: 40, noNaN: true }).map((mean) => ({ batch: { type: 'geometric', mean } as const, mean })),
    fc.double({ min: 0, max: 1, noNaN: true }).map((share) => ({ batch: { type: 'pmf', p: { 2: share, 9: 1 - share } } as const, mean: 9 - 7 * share })),
  );

  it('obey Little, and wait longer than single messages', () => {
    fc.assert(fc.property(sizes, fc.integer({ min: 1, max: 200 }), fc.double({ min: 0.01, max: 0.9999, noNaN: true }), ({ batch, mean }, servers, utilisation) => {
      const messageRate = utilisation * servers;
      const answer = batchArrivals({ arrivalRate: messageRate / mean, serviceRate: 1, servers, batch });
      expectNear(answer.meanNumberInSystem, messageRate * answer.meanSojournTime, 1e-12);
      expectNear(answer.meanQueueLength, messageRate * answer.meanWaitingTime, 1e-12);
      expect(answer.meanWaitingTime).toBeGreaterThanOrEqual(mmc({ arrivalRate: messageRate, serviceRate: 1, servers }).meanWaitingTime * (1 - 1e-12));
    }), { seed: 1, numRuns: 200 });
  });

  it('of one message are M/M/c, however they are written', () => {
    for (const [arrivalRate, servers] of [[0.9, 1], [9.99, 10], [9_999, 10_000], [50, 5_000]] as const) {
      const single = mmc({ arrivalRate, serviceRate: 1, servers });
      for (const batch of [{ type: 'fixed', size: 1 }, { type: 'geometric', mean: 1 }, { type: 'pmf', p: { 1: 1 } }] as const) {
        const answer = batchArrivals({ arrivalRate, serviceRate: 1, servers, batch });
        expectNear(answer.meanQueueLength + 1e-250, single.meanQueueLength + 1e-250, 1e-10);
        expectNear(answer.emptyProbability + 1e-250, single.emptyProbability + 1e-250, 1e-10);
      }
    }
  });

  it('agree with the general formula for one server and exponential service', () => {
    const batch = { type: 'geometric', mean: 5 } as const;
    const general = batchArrivalsGeneral({ arrivalRate: 0.19, serviceMean: 1, serviceSecondMoment: 2, batchMean: 5, batchSecondMoment: 45 });
    expectNear(batchArrivals({ arrivalRate: 0.19, serviceRate: 1, servers: 1, batch }).meanWaitingTime, general.meanWaitingTime, 1e-12);
    // Geometric batches: L = mρ/(1 − ρ).
    expectNear(general.meanNumberInSystem, (5 * 0.95) / 0.05, 1e-12);
  });

  it('tend to a whole batch on idle servers when they are rare', () => {
    // Six on four servers: two wait, for the first and the second of four departures, at rate 4.
    expectNear(batchArrivals({ arrivalRate: 1e-9, serviceRate: 1, servers: 4, batch: { type: 'fixed', size: 6 } }).meanWaitingTime, (0.25 + 0.5) / 6, 1e-7);
  });

  it('are an answer when there are too many, and infinite where the service has no second moment', () => {
    expect(evaluate('mxmc', { lambda: 2, mu: 1, c: 4, batch: { type: 'fixed', size: 3 } })).toMatchObject({ growth_rate: 2, Wq: Infinity, L: Infinity, p0: 0, utilization: 1.5 });
    expect(evaluate('mxm1', { lambda: 0.5, mu: 1, batch: { type: 'fixed', size: 2 } })).toMatchObject({ growth_rate: 0, W: Infinity });
    expect(evaluate('mxg1', { lambda: 0.4, service: { type: 'deterministic', value: 1 }, batchMean: 3, batchSecondMoment: 9 })['Wq']).toBe(Infinity);
    expect(evaluate('mxg1', { lambda: 0.1, service: { type: 'pareto', alpha: 1.5, xm: 0.1 }, batchMean: 3, batchSecondMoment: 9 })).toMatchObject({ growth_rate: 0, Wq: Infinity });
  });

  it.each([
    [{ type: 'fixed', size: 0 }, 'batch.size is 0'], [{ type: 'geometric', mean: 0.5 }, 'batch.mean is 0.5; a mean of 1 or above'], [{ type: 'pmf', p: { 1: 0.5, 2: 0.4 } }, 'with the sum 1'],
    [{ type: 'pmf', p: { 1.5: 1 } }, 'batch.p'], [{ type: 'pmf', p: { 1: 1.5, 2: -0.5 } }, 'a probability from 0 to 1'], [{ type: 'pmf', p: { 1: 'x' } }, 'batch.p.1'],
    [{ type: 'pmf', p: [1] }, 'probabilities by size'], [{ type: 'other' }, 'fixed, geometric or pmf'], ['three', 'fixed, geometric or pmf'], [{ type: 'fixed', size: 2, mean: 3 }, 'batch.mean is not a parameter'],
  ])('refuse %j', (batch, message) => {
    expect(() => evaluate('mxmc', { lambda: 1, mu: 1, c: 2, batch })).toThrow(message);
  });

  it('refuse moments that no batch has', () => {
    const service = { type: 'exponential', mean: 1 };
    expect(() => evaluate('mxg1', { lambda: 0.1, service, batchMean: 3, batchSecondMoment: 8 })).toThrow('batchSecondMoment is 8');
    expect(() => evaluate('mxg1', { lambda: 0.1, service, batchMean: 0.5, batchSecondMoment: 8 })).toThrow('batchMean is 0.5');
    expect(() => batchArrivalsGeneral({ arrivalRate: 1, serviceMean: 1, serviceSecondMoment: 0.5, batchMean: 1, batchSecondMoment: 1 })).toThrow('serviceSecondMoment is 0.5');
  });
});

describe('bulk service', () => {
  it('of one is M/M/1, and its root solves its equation', () => {
    expectNear(bulkService({ arrivalRate: 0.7, serviceRate: 1, batchMax: 1 }).meanQueueLength, 0.49 / 0.3, 1e-12);
    fc.assert(fc.property(fc.integer({ min: 1, max: 50 }), fc.double({ min: 0.01, max: 0.999, noNaN: true }), (batchMax, utilisation) => {
      const load = utilisation * batchMax;
      const { decay, meanNumberInSystem, meanQueueLength } = bulkService({ arrivalRate: load, serviceRate: 1, batchMax });
      const power = Math.exp((batchMax + 1) * Math.log(decay));
      expectNear(power + load, (load + 1) * decay, 1e-12);
      expectNear(meanNumberInSystem - meanQueueLength, load, 1e-9);
    }), { seed: 2, numRuns: 200 });
  });

  it('grows without end when it is offered too much', () => {
    expect(evaluate('mmb1', { lambda: 600, mu: 20, b: 25 })).toMatchObject({ growth_rate: 100, L: Infinity, r: 1, p0: 0, utilization: 1.2 });
    expect(() => evaluate('mmb1', { lambda: 1, mu: 1, b: 0 })).toThrow('b is 0');
  });
});
