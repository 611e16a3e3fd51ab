import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LawSpec } from '../../../models/theory/laws/law-spec.ts';
import { mg1 } from '../../../models/theory/mg1.ts';
import { mmc } from '../../../models/theory/mmc.ts';
import { mphc } from '../../../models/theory/phase-type-queue.ts';
import { expectNear } from './expect-near.ts';

const erlang = (k: number): LawSpec => ({ type: 'erlang', k, mean: 1 });
const balanced = (scv: number): LawSpec => ({ type: 'hyperexp2_balanced', mean: 1, scv });
const laws: readonly LawSpec[] = [
  erlang(2), erlang(5), balanced(4), balanced(400), { type: 'hyperexp2', p: 0.3, rate1: 0.5, rate2: 2.5 },
  { type: 'mixture', parts: [{ weight: 1, of: erlang(2) }, { weight: 2, of: { type: 'exponential', mean: 2 } }] },
];

describe('M/PH/c', () => {
  it.each(laws.map((service) => [JSON.stringify(service), service] as const))('with one server is M/G/1 with %s', (_, service) => {
    const one = mg1({ arrivalRate: 1e-6, service });
    const mean = one.meanSojournTime - one.meanWaitingTime;
    for (const load of [1e-6, 0.3, 0.9, 0.999999]) {
      const [found, wanted] = [mphc({ arrivalRate: load / mean, service, servers: 1 }), mg1({ arrivalRate: load / mean, service })];
      const precision = 1e-12 + 1e-15 / (1 - load);
      for (const metric of ['meanWaitingTime', 'meanNumberInSystem', 'meanQueueLength', 'meanSojournTime', 'waitingTimeVariance', 'waitingProbability', 'utilisation'] as const) {
        expectNear(found[metric], wanted[metric], precision, `${metric} at ${load}`);
      }
      for (const t of [0.1, 1, 5].map((means) => means * wanted.meanSojournTime)) {
        expectNear(found.waitingTail!(t), wanted.waitingTail!(t), 1e-9, `wait beyond ${t} at ${load}`);
        expectNear(found.sojournTail!(t), wanted.sojournTail!(t), 1e-9, `sojourn beyond ${t} at ${load}`);
      }
    }
  });

  it('is saturated where only roundings keep its load from one', () => {
    const service: LawSpec = { type: 'mixture', parts: [{ weight: 2, of: { type: 'exponential', mean: 0.01 } }, { weight: 1, of: { type: 'exponential', mean: 0.04 } }] };
    for (let ulps = -4; ulps <= 4; ulps++) {
      const answer = mphc({ arrivalRate: 150 * (1 + ulps * Number.EPSILON), service, servers: 3 });
      // Never NaN, never refused, never a short wait.
      expect(answer.meanWaitingTime).toBeGreaterThan(1e6);
    }
    expect(mphc({ arrivalRate: 150, service, servers: 3 }).meanWaitingTime).toBe(Infinity);
  });

  it('with exponential service is M/M/c, however it is said', () => {
    const exponential: LawSpec = { type: 'exponential', mean: 0.5 };
    const twice: LawSpec = { type: 'hyperexp2', p: 0.3, rate1: 2, rate2: 2 };
    for (const [servers, load] of [[1, 0.5], [3, 0.8], [30, 0.999999], [7, 1e-3]] as const) {
      const plain = mmc({ arrivalRate: 2 * servers * load, serviceRate: 2, servers });
      for (const service of [exponential, twice]) {
        const answer = mphc({ arrivalRate: 2 * servers * load, service, servers });
        expectNear(answer.meanWaitingTime, plain.meanWaitingTime, 1e-12);
        expectNear(answer.waitingTimeVariance, plain.waitingTimeVariance, 1e-12);
        expectNear(answer.waitingProbability, plain.waitingProbability, 1e-12);
        for (const p of [0.1, 0.9, 0.9999]) {
          expectNear(answer.waitingQuantile!(p), plain.waitingQuantile!(p), 1e-10, `wait ${p}`);
          expectNear(answer.sojournQuantile!(p), plain.sojournQuantile!(p), 1e-10, `sojourn ${p}`);
        }
        for (const t of [0, 0.01, 3, 100]) expectNear(answer.sojournTail!(t), plain.sojournTail!(t), 1e-12, `sojourn beyond ${t}`);
      }
    }
  });

  // Another route: R by logarithmic reduction and all states of the boundary at once, mpmath with 40 digits.
  it.each<[LawSpec, number, number, readonly [number, number, number]]>([
    [balanced(4), 3, 2.4, [2.5362616315595235, 0.658408100314228811, 16.66012392480725]],
    [erlang(3), 3, 2.4, [0.731351788454536924, 0.641037564273934945, 1.04831188576903694]],
    [balanced(100), 4, 3.999996, [12624961.8435682032, 0.999998061125876701, 159390937456957.969]],
    [erlang(2), 8, 7.999992, [93749.7058298524513, 0.999996672079842377, 8789060546.29659058]],
    [erlang(2), 6, 0.01, [2.06674902546440431e-16, 1.37721263223354264e-15, 5.77083888980242136e-17]],
  ])('with %o, %d servers and %d arrivals', (service, servers, arrivalRate, [wait, probability, variance]) => {
    const answer = mphc({ arrivalRate, service, servers });
    expectNear(answer.meanWaitingTime, wait, 1e-14);
    expectNear(answer.waitingProbability, probability, 1e-14);
    expectNear(answer.waitingTimeVariance, variance, 1e-14);
  });

  it('has the waits that counting departures gives', () => {
    // Uniformisation over (messages ahead, phases), 2000 levels; the sojourn by quadrature of that and the density of service.
    const [variable, steady] = [mphc({ arrivalRate: 2.4, service: balanced(4), servers: 3 }), mphc({ arrivalRate: 2.4, service: erlang(3), servers: 3 })];
    expectNear(variable.waitingTail!(2), 0.3483755036617229, 1e-13);
    expectNear(variable.waitingTail!(10), 0.06184473155977068, 1e-13);
    expectNear(variable.sojournTail!(2), 0.4611109713592837, 1e-13);
    expectNear(steady.waitingTail!(1), 0.27189217782595526, 1e-13);
    expectNear(steady.waitingTail!(4), 0.016500756253954404, 1e-13);
    expectNear(steady.sojournTail!(1), 0.7002265747078478, 1e-13);
  });

  it('has quantiles that undo its tails, and a tail with the mean as its area', () => {
    fc.assert(fc.property(fc.constantFrom(...laws.slice(0, 5)), fc.integer({ min: 1, max: 5 }), fc.double({ min: 0.3, max: 0.99, noNaN: true }), fc.double({ min: 0, max: 0.9999, noNaN: true }), (service, servers, load, p) => {
      const mean = service.type === 'hyperexp2' ? 0.3 / 0.5 + 0.7 / 2.5 : 1;
      const answer = mphc({ arrivalRate: (load * servers) / mean, service, servers });
      const t = answer.waitingQuantile!(p);
      expect(t === 0).toBe(1 - p >= answer.waitingProbability);
      expectNear(answer.waitingTail!(t), Math.min(1 - p, answer.waitingProbability), 1e-10);
      expectNear(answer.sojournTail!(answer.sojournQuantile!(p)), 1 - p, 1e-10);
      expectNear(answer.waitingTail!(0), answer.waitingProbability, 1e-13);
      expectNear(answer.meanNumberInSystem, answer.meanSojournTime * answer.throughput, 1e-13);
    }), { seed: 3, numRuns: 40 });
    const { waitingTail, meanWaitingTime } = mphc({ arrivalRate: 2.4, service: erlang(2), servers: 3 });
    const step = 0.01;
    let area = 0;
    for (let k = 0; k < 5000; k++) area += (step / 6) * (waitingTail!(k * step) + 4 * waitingTail!((k + 0.5) * step) + waitingTail!((k + 1) * step));
    expectNear(area, meanWaitingTime, 1e-8);
  });

  it('is as many times quicker as its rates are larger', () => {
    const [slow, quick] = [mphc({ arrivalRate: 3, service: erlang(2), servers: 4 }), mphc({ arrivalRate: 3e12, service: { type: 'erlang', k: 2, mean: 1e-12 }, servers: 4 })];
    expectNear(quick.meanWaitingTime * 1e12, slow.meanWaitingTime, 1e-12);
    expectNear(quick.waitingQuantile!(0.99) * 1e12, slow.waitingQuantile!(0.99), 1e-12);
  });

  it('without a steady state says how fast the backlog grows', () => {
    expect(mphc({ arrivalRate: 6, service: balanced(4), servers: 5 })).toMatchObject({ growthRate: 1, meanWaitingTime: Infinity, waitingTimeVariance: Infinity, waitingProbability: 1, throughput: 5 });
    expect(mphc({ arrivalRate: 5, service: erlang(2), servers: 5 })).toMatchObject({ growthRate: 0, meanWaitingTime: Infinity });
  });

  it('refuses laws without phases, and too many ways to be busy', () => {
    expect(() => mphc({ arrivalRate: 1, service: { type: 'lognormal', mean: 1, scv: 4 }, servers: 2 })).toThrow(/^service is a law of type lognormal; a law with few phases/);
    expect(() => mphc({ arrivalRate: 1, service: erlang(10), servers: 5 })).toThrow(/^servers is 5; .*300.*2002/);
    expect(() => mphc({ arrivalRate: 0, service: erlang(2), servers: 5 })).toThrow(/^arrivalRate/);
    expect(() => mphc({ arrivalRate: 1, service: { type: 'exponential', mean: -1 }, servers: 5 })).toThrow(/^service\.mean/);
    const answer = mphc({ arrivalRate: 1, service: erlang(2), servers: 2 });
    expect(() => answer.waitingTail!(-1)).toThrow(/^t /);
    expect(() => answer.waitingQuantile!(1)).toThrow(/^p /);
  });
});
