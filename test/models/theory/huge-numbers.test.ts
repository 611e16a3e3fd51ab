/** Far more servers, room and time than anybody has: answered by formulas that do not walk through them one by one, or refused by name. */
import { describe, expect, it } from 'vitest';
import { ImpossibleParameters } from '../../../models/theory/checks.ts';
import { gimc } from '../../../models/theory/gimc.ts';
import { evaluate, theoryModels } from '../../../models/theory/index.ts';
import { mmc } from '../../../models/theory/mmc.ts';
import { expectNear } from './expect-near.ts';

/** From every server down to the first. */
function wholeLadder({ arrivalRate, serviceRate, servers }: Parameters<typeof mmc>[0]): { mean: number; variance: number } {
  const spare = servers * serviceRate - arrivalRate;
  let [mean, second] = [1 / spare, (2 * servers * serviceRate) / (spare * spare * spare)];
  for (let n = servers - 1; n >= 1; n--) {
    const [up, all] = [arrivalRate, arrivalRate + n * serviceRate];
    // The next event; when it is an arrival, down from n + 1 and from n again.
    const share = up / all;
    const down = (1 / all + share * mean) / (1 - share);
    second = (2 / (all * all) + share * (second + 2 * mean * down + (2 * (mean + down)) / all)) / (1 - share);
    mean = down;
  }
  return { mean, variance: second - mean * mean };
}

describe('a thousand million servers', () => {
  it('have the answers of the square-root rule', () => {
    for (const beta of [0.1, 0.5, 2]) {
      const answer = evaluate('mmc', { lambda: 1e9 - beta * Math.sqrt(1e9), mu: 1, c: 1e9, p: 0.99, t: 1e-6, n: 999_990_000 });
      expectNear(answer['P_wait']!, evaluate('halfin_whitt', { beta })['P_wait']!, 1e-4);
      expectNear(answer['Wq']!, answer['P_wait']! / (beta * Math.sqrt(1e9)), 1e-4);
      expect(answer['busy_mean']).toBe(Infinity);
    }
  });

  it('are found as the least number for a load of as many erlangs', () => {
    const { c, achieved } = evaluate('min_servers', { lambda: 9.9e8, mu: 1, constraint: 'P_wait', target: 0.5 });
    expectNear(c!, 9.9e8 + 0.506 * Math.sqrt(9.9e8), 1e-7);
    expect(achieved).toBeLessThanOrEqual(0.5);
  });

  it('have busy periods as the whole ladder has them, as long as those are numbers', () => {
    for (const arrivalRate of [0.5, 20, 300, 600]) {
      for (const servers of [610, 1000, 30_000]) {
        const station = { arrivalRate, serviceRate: 1, servers };
        const [found, wanted] = [mmc(station).busyPeriod(), wholeLadder(station)];
        expectNear(found.mean, wanted.mean, 1e-11);
        if (wanted.variance < Infinity) expectNear(found.variance, wanted.variance, 1e-9);
      }
    }
  });
});

describe('a million servers', () => {
  it('are the same by general arrivals that are exponential', () => {
    for (const [servers, beta] of [[100_000, 1], [1_000_000, 0.3], [1_000_000, 5]] as const) {
      const arrivalRate = servers - beta * Math.sqrt(servers);
      const general = gimc({ interarrival: { type: 'exponential', mean: 1 / arrivalRate }, serviceRate: 1, servers });
      expectNear(general.waitingProbability, mmc({ arrivalRate, serviceRate: 1, servers }).waitingProbability, 1e-7);
    }
  });

  it('never let a message wait where few are busy', () => {
    const light = { interarrival: { type: 'lognormal', mean: 1 / 90, scv: 4 }, serviceRate: 100, servers: 1_000_000 } as const;
    expect(gimc(light)).toMatchObject({ waitingProbability: 0, meanWaitingTime: 0 });
  });
});

describe('much room, and much time', () => {
  it('make waits that go from none to the longest', () => {
    const answer = evaluate('mmck', { lambda: 1000, mu: 100, c: 10, K: 1_000_000_000, p: 0.99, t: 1e5 });
    expectNear(answer['Wq_quantile']!, 0.99e6, 1e-6);
    expectNear(answer['P_Wq_gt_t']!, 0.9, 1e-6);
    const overloaded = evaluate('mmck', { lambda: 1001, mu: 100, c: 10, K: 100_000_000, p: 0.999999, t: 2e5 });
    expectNear(overloaded['Wq_quantile']!, 1e5, 1e-2);
    expect(overloaded['P_Wq_gt_t']).toBe(0);
  });

  it('end in the steady state, and in an emptied or an endless backlog', () => {
    const late = evaluate('mm1_transient', { lambda: 80, mu: 100, n0: 10, n: 2, t: 5e6 });
    expectNear(late['L_t']!, 4, 1e-9);
    expectNear(late['p_n_t']!, 0.2 * 0.64, 1e-9);
    expectNear(evaluate('mm1_transient', { lambda: 100, mu: 80, n0: 10, n: 2, t: 5e6 })['L_t']!, 20 * 5e6, 1e-6);
    expect(evaluate('mm1_busy_period', { lambda: 80, mu: 100, t: 5e6 })['cdf']).toBe(1);
    expectNear(evaluate('mm1_busy_period', { lambda: 100, mu: 80, t: 5e6 })['cdf']!, 0.8, 1e-11);
    expect(() => evaluate('mm1_busy_period', { lambda: 100, mu: 80, t: 5e7 })).toThrow(/^t is 50000000; a time \(s\) in which up to 1000000000 messages come and go/);
  });
});

describe('more than is answered', () => {
  const bounded = [...theoryModels.values()].flatMap(({ name, parameters }) =>
    Object.entries(parameters).filter(([, { quantity, wanted }]) => quantity === 'count' && / to \d+$/.test(wanted)).map(([parameter, { wanted }]) => [name, parameter, Number(/\d+$/.exec(wanted)![0])] as const));

  it.each(bounded)('%s refuses %s beyond %d by its name and the limit', (name, parameter, most) => {
    const problems = (): ImpossibleParameters['problems'] => {
      try {
        evaluate(name, { [parameter]: most + 1 });
      } catch (error) {
        if (error instanceof ImpossibleParameters) return error.problems;
      }
      return [];
    };
    expect(problems()).toContainEqual({ parameter, found: String(most + 1), wanted: expect.stringMatching(`to ${most}$`) });
  });

  it('is said of every number of servers', () => {
    const withServers = [...theoryModels.values()].filter(({ parameters }) => parameters['c']?.quantity === 'count');
    expect(withServers.length).toBeGreaterThan(10);
    expect(withServers.map(({ name }) => name).filter((name) => !bounded.some(([model, parameter]) => model === name && parameter === 'c'))).toEqual([]);
  });
});
