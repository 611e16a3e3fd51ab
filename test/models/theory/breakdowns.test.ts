import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type BreakdownAnswer, type Breakdowns, mmcBreakdown } from '../../../models/theory/breakdowns.ts';
import { ImpossibleParameters } from '../../../models/theory/checks.ts';
import { mmc } from '../../../models/theory/mmc.ts';
import { expectNear } from './expect-near.ts';

const usual: Breakdowns = { arrivalRate: 2, serviceRate: 1, servers: 4, failureRate: 0.1, repairRate: 0.4, repairCrews: 1, failMode: 'always' };
const ask = (changes: Partial<Breakdowns>) => mmcBreakdown({ ...usual, ...changes });
const rates = fc.double({ min: -6, max: 6, noNaN: true }).map((exponent) => Math.exp(exponent * Math.LN10));

describe('servers that break down', () => {
  it('are, when there is one, what closed formulas say, over twelve decades', () => {
    fc.assert(fc.property(rates, rates, rates, fc.double({ min: 1e-6, max: 0.9999, noNaN: true }), (μ, ξ, η, load) => {
      const λ = (load * μ * η) / (ξ + η);
      const one = { arrivalRate: λ, serviceRate: μ, servers: 1, failureRate: ξ, repairRate: η, repairCrews: 1 };
      // White & Christie 1958; Gaver 1962: Pollaczek & Khinchine with the time to completion, repairs included.
      const always = (λ * ((ξ + η) * (ξ + η) + ξ * μ)) / ((ξ + η) * (η * μ - λ * (ξ + η)));
      expectNear(ask({ ...one, failMode: 'always' }).meanNumberInSystem, always, 1e-11);
      const completion = (1 + ξ / η) / μ;
      const square = 2 * completion * completion + (2 * ξ) / (μ * η * η);
      expectNear(ask({ ...one, failMode: 'busy' }).meanSojournTime, completion + (λ * square) / (2 * (1 - λ * completion)), 1e-11);
    }), { seed: 1, numRuns: 200 });
  });

  it('are M/M/c when they never fail', () => {
    const plain = mmc({ arrivalRate: 2, serviceRate: 1, servers: 4 });
    for (const failMode of ['always', 'busy'] as const) {
      const answer = ask({ failureRate: 0, failMode });
      expectNear(answer.meanNumberInSystem, plain.meanNumberInSystem, 1e-14);
      expectNear(answer.meanWaitingTime, plain.meanWaitingTime, 1e-14);
      expectNear(answer.waitingProbability, plain.waitingProbability, 1e-14);
      expectNear(answer.decayRate, 0.5, 1e-15);
    }
    expectNear(ask({ failureRate: 1e-14, repairRate: 1 }).meanWaitingTime, plain.meanWaitingTime, 1e-12);
  });

  // Another route: R by logarithmic reduction, all states of the boundary at once, mpmath with 80 digits.
  it.each<[Partial<Breakdowns>, Partial<BreakdownAnswer>]>([
    [{ arrivalRate: 1.5, servers: 3, failureRate: 1e-9, repairRate: 1.01e-9, repairCrews: 3, failMode: 'always' },
      { meanNumberInSystem: 49431536962.4934384, meanWaitingTime: 32954357973.9956256, waitingProbability: 0.995662702860982136, decayRate: 0.99999999998, meanOperativeServers: 1.50746268656716415 }],
    [{ arrivalRate: 1.5, servers: 3, failureRate: 1e-6, repairRate: 1e-5, repairCrews: 2, failMode: 'busy' },
      { meanNumberInSystem: 682.328934570345304, meanWaitingTime: 453.885956380230203, waitingProbability: 0.30082882219046841, decayRate: 0.999987735484879656, meanOperativeServers: 2.84950664326965438 }],
    [{ arrivalRate: 1.5, servers: 3, failureRate: 2e6, repairRate: 3e6, repairCrews: 3, failMode: 'busy' },
      { meanNumberInSystem: 5.53292963932910133, meanWaitingTime: 2.68861975955273422, waitingProbability: 0.752484968968101253, decayRate: 0.833333344444443926, meanOperativeServers: 2 }],
    [{ arrivalRate: 1.5, servers: 3, failureRate: 1e-12, repairRate: 1e-6, repairCrews: 2, failMode: 'busy' },
      { meanNumberInSystem: 1.73684514284980302, meanWaitingTime: 0.157896761899868677, waitingProbability: 0.2368427142858773, decayRate: 0.999998666669444441, meanOperativeServers: 2.9999985 }],
    [{ arrivalRate: 3.16, servers: 4, failureRate: 0.05, repairRate: 0.2, repairCrews: 2, failMode: 'busy' },
      { meanNumberInSystem: 2962.69133747984013, meanWaitingTime: 936.560549835392403, waitingProbability: 0.998531208387140395, decayRate: 0.999663101171729738, meanOperativeServers: 3.1628001251898223 }],
  ])('of %o', (changes, wanted) => {
    const answer = ask(changes);
    for (const [metric, value] of Object.entries(wanted)) expectNear(answer[metric as keyof BreakdownAnswer], value, 1e-13, metric);
  });

  it('serve as many as arrive, and obey Little', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: 8 }), fc.double({ min: 0.01, max: 0.99, noNaN: true }), fc.constantFrom('always', 'busy'), (servers, repairCrews, load, failMode) => {
      const { capacity } = ask({ servers, repairCrews, failMode });
      const answer = ask({ servers, repairCrews, failMode, arrivalRate: load * capacity });
      expectNear(answer.meanNumberInSystem, load * capacity * answer.meanSojournTime, 1e-14);
      expectNear(answer.meanSojournTime, answer.meanWaitingTime + 1, 1e-12);
      expectNear(answer.utilisation, load, 1e-14);
      // Where only those that serve fail, as many fail as are busy: a number that does not depend on how.
      if (failMode === 'busy' && repairCrews >= servers) expectNear(answer.meanOperativeServers, servers - 0.25 * load * capacity, 1e-12);
    }), { seed: 2, numRuns: 40 });
  });

  it('wait longer with more failures, fewer crews and more arrivals', () => {
    const waits = (all: readonly Partial<Breakdowns>[]) => all.map((changes) => ask(changes).meanWaitingTime);
    const rising = (all: readonly number[]) => expect(all).toEqual([...all].sort((a, b) => a - b));
    rising(waits([{ failureRate: 0.01 }, { failureRate: 0.05 }, { failureRate: 0.1 }, { failureRate: 0.15 }]));
    rising(waits([{ repairCrews: 4 }, { repairCrews: 2 }, { repairCrews: 1 }]));
    rising(waits([{ arrivalRate: 0.1 }, { arrivalRate: 1 }, { arrivalRate: 2.5 }, { arrivalRate: 2.7 }]));
    rising(waits([{ failMode: 'busy' }, { failMode: 'always' }]));
    expect(ask({ repairCrews: 4 })).toEqual(ask({ repairCrews: 400 }));
  });

  it('may be a hundred', () => {
    // Repairs are quick: nearly M/M/80, the spread of the servers that work included only in the first digits.
    const quick = ask({ servers: 100, arrivalRate: 75, failureRate: 1e5, repairRate: 4e5, repairCrews: 100 });
    const plain = mmc({ arrivalRate: 75, serviceRate: 1, servers: 80 });
    expect(quick.meanWaitingTime / plain.meanWaitingTime).toBeGreaterThan(0.9);
    expect(quick.meanWaitingTime / plain.meanWaitingTime).toBeLessThan(2);
    expectNear(quick.decayRate, 75 / 80, 1e-5);
    expectNear(ask({ servers: 100, arrivalRate: 75, failureRate: 1e-12, repairRate: 1e-3, repairCrews: 1 }).meanWaitingTime, mmc({ arrivalRate: 75, serviceRate: 1, servers: 100 }).meanWaitingTime, 1e-5);
  });

  it('without a steady state say how fast the backlog grows', () => {
    expect(ask({ servers: 1, arrivalRate: 1 })).toEqual({
      capacity: 0.8, utilisation: 1.25, growthRate: expect.closeTo(0.2, 14), meanNumberInSystem: Infinity, meanSojournTime: Infinity, meanWaitingTime: Infinity,
      waitingProbability: 1, decayRate: 1, meanOperativeServers: 0.8,
    });
    expect(ask({ servers: 1, arrivalRate: 0.8 })).toMatchObject({ growthRate: 0, meanNumberInSystem: Infinity });
  });

  it('refuse what is impossible by name', () => {
    const refused = (changes: Partial<Breakdowns>, name: string) => expect(() => ask(changes)).toThrow(new RegExp(`^${name} is .* is wanted$`));
    refused({ arrivalRate: 0 }, 'arrivalRate');
    refused({ serviceRate: Infinity }, 'serviceRate');
    refused({ servers: 0 }, 'servers');
    refused({ servers: 401 }, 'servers');
    refused({ failureRate: -1 }, 'failureRate');
    refused({ repairRate: 0 }, 'repairRate');
    refused({ repairCrews: 1.5 }, 'repairCrews');
    expect(() => ask({ arrivalRate: NaN })).toThrow(ImpossibleParameters);
  });
});
