import { describe, expect, it } from 'vitest';
import type { LawSpec } from '../../../models/theory/laws/law-spec.ts';
import { gimc } from '../../../models/theory/gimc.ts';
import { mmc } from '../../../models/theory/mmc.ts';
import { expectNear } from './expect-near.ts';

describe('GI/M/c', () => {
  // Takács' sum in mpmath with 60 digits, σ by bisection, transforms in closed form (Pareto: exponential integral).
  it.each([
    [{ type: 'deterministic', value: 1 / 999 }, 1000, 0.9980006668889926, 0.944953780498153, 0.4726344876177453],
    [{ type: 'hyperexp2_balanced', mean: 0.0100001, scv: 400 }, 100, 0.9999999501246908, 0.9999968693953577, 200499.3822938875],
    [{ type: 'erlang', k: 2, mean: 1 / 3 }, 4, 0.6771243444677047, 0.4260750939394583, 0.3299064877135345],
    [{ type: 'pareto', alpha: 1.5, xm: 1 / 30 }, 12, 0.9432815838358219, 0.7596729551531647, 1.116146815751169],
    [{ type: 'pareto', alpha: 1.5, xm: 0.333334 }, 1, 0.9999999999914057, 0.9999999999914057, 116355814930.9927],
    [{ type: 'uniform', min: 0, max: 2 / 9 }, 10, 0.8538668570946851, 0.5875608197924827, 0.4020722528175453],
    [{ type: 'erlang', k: 3, mean: 2 }, 5, 0.01265550331250373, 2.25708525711586e-7, 4.572031878818985e-8],
  ] satisfies [LawSpec, number, number, number, number][])('of %j on %d servers', (interarrival, servers, sigma, waiting, wait) => {
    const answer = gimc({ interarrival, serviceRate: 1, servers });
    expectNear(answer.sigma, sigma, 1e-13);
    expectNear(answer.waitingProbability, waiting, 1e-11);
    expectNear(answer.meanWaitingTime, wait, 1e-10);
  });

  it('with Poisson arrivals is M/M/c, also where c(1 − σ) is a whole number and where it nearly is', () => {
    for (const [load, servers] of [[3, 4], [3 - 1e-9, 4], [0.5, 1], [90, 100], [99.9999, 100], [99900, 100000], [1e-9, 1], [0.001, 3], [0.3, 5], [75, 100]] as const) {
      const answer = gimc({ interarrival: { type: 'exponential', mean: 1 / load }, serviceRate: 1, servers });
      const known = mmc({ arrivalRate: load, serviceRate: 1, servers });
      const relative = 1e-12 + (3e-16 * servers) / (servers - load);
      expectNear(answer.waitingProbability, known.waitingProbability, relative, `${load}`);
      expectNear(answer.meanWaitingTime, known.meanWaitingTime, relative, `${load}`);
      expectNear(answer.waitingTimeVariance, known.waitingTimeVariance, 3 * relative);
      expectNear(answer.sojournTail!(2), known.sojournTail!(2), relative);
      expectNear(answer.sojournQuantile!(0.999), known.sojournQuantile!(0.999), relative);
      expectNear(answer.waitingTail!(0.2), known.waitingTail!(0.2), relative * 10);
      expectNear(answer.waitingQuantile!(0.99), known.waitingQuantile!(0.99), relative * 10);
    }
  });

  it('passes smoothly over a whole c(1 − σ) with other laws', () => {
    // For Erlang-2 gaps on 4 servers c(1 − σ) is 1 at this mean, 2(1/√0.75 − 1), and neighbours lie on either side.
    const waits = [-2, -1, 0, 1, 2].map((step) => gimc({ interarrival: { type: 'erlang', k: 2, mean: 0.30940107675850304 + step * 1e-5 }, serviceRate: 1, servers: 4 }));
    const second = (values: number[]) => values.slice(2).map((value, index) => value - 2 * values[index + 1]! + values[index]!);
    for (const bend of second(waits.map(({ meanWaitingTime }) => meanWaitingTime))) expect(Math.abs(bend)).toBeLessThan(1e-7);
    expect(waits.map(({ sigma }) => Math.sign(4 * (1 - sigma) - 1))).toEqual([-1, -1, expect.any(Number), 1, 1]);
  });

  it('waits less the more regular the gaps', () => {
    const wait = (interarrival: LawSpec) => gimc({ interarrival, serviceRate: 1, servers: 3 }).meanWaitingTime;
    const mean = 0.4;
    const waits = [
      wait({ type: 'deterministic', value: mean }), wait({ type: 'erlang', k: 4, mean }), wait({ type: 'gamma', mean, scv: 0.5 }), wait({ type: 'exponential', mean }),
      wait({ type: 'hyperexp2_balanced', mean, scv: 4 }), wait({ type: 'hyperexp2_balanced', mean, scv: 40 }),
    ];
    expect([...waits].sort((a, b) => a - b)).toEqual(waits);
  });

  it('near saturation waits as heavy traffic says', () => {
    const scv = 0.25;
    const answer = gimc({ interarrival: { type: 'erlang', k: 4, mean: 1 / 0.999999 }, serviceRate: 1, servers: 1 });
    expectNear(answer.meanWaitingTime, (1 + scv) / (2 * 1e-6), 1e-5);
    expectNear(gimc({ interarrival: { type: 'lognormal', mean: 1 / 999.999, scv: 4 }, serviceRate: 1, servers: 1000 }).meanWaitingTime, 5 / (2 * 1e-3), 1e-2);
  });

  it('with hardly any load keeps its digits, until nobody waits', () => {
    // σ = A*(μ) nearly, and one server is found busy with probability σ: e^{−20} for fixed gaps.
    expectNear(gimc({ interarrival: { type: 'deterministic', value: 20 }, serviceRate: 1, servers: 1 }).waitingProbability, Math.exp(-20 * (1 - Math.exp(-20))), 1e-12);
    expect(gimc({ interarrival: { type: 'deterministic', value: 1000 }, serviceRate: 1, servers: 2 })).toMatchObject({ waitingProbability: 0, meanWaitingTime: 0 });
  });

  it('that is offered too much grows', () => {
    const over = gimc({ interarrival: { type: 'uniform', min: 0, max: 0.5 }, serviceRate: 1, servers: 2 });
    expect(over).toMatchObject({ growthRate: 2, meanWaitingTime: Infinity, sigma: 1 });
    expect(gimc({ interarrival: { type: 'deterministic', value: 0.5 }, serviceRate: 1, servers: 2 })).toMatchObject({ growthRate: 0, meanQueueLength: Infinity });
  });

  it('refuses what cannot be, by name', () => {
    expect(() => gimc({ interarrival: { type: 'pareto', alpha: 1, xm: 1 }, serviceRate: 1, servers: 2 })).toThrow(/interarrival is a law with mean Infinity;/);
    expect(() => gimc({ interarrival: { type: 'exponential', mean: 1 }, serviceRate: 0, servers: 2 })).toThrow(/serviceRate is 0/);
    expect(() => gimc({ interarrival: { type: 'exponential', mean: 1 }, serviceRate: 1, servers: 0 })).toThrow(/servers is 0/);
  });
});
