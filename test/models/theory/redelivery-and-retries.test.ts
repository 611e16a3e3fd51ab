import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evaluate } from '../../../models/theory/index.ts';
import { steadyStateOfRates } from '../../../models/theory/markov/steady-state.ts';
import { mmc } from '../../../models/theory/mmc.ts';
import { openNetwork } from '../../../models/theory/networks/open-network.ts';
import { backoff, type BackoffParameters } from '../../../models/theory/retries/backoff.ts';
import { redelivery } from '../../../models/theory/retries/redelivery.ts';
import { retryStorm } from '../../../models/theory/retries/retry-storm.ts';
import { expectNear } from './expect-near.ts';

describe('redelivery', () => {
  const station = { serviceRate: 1, servers: 4 };

  // mpmath, 80 digits: closed forms, Erlang B by its recursion.
  it.each([
    [0.0009, 1, 0.999, 1_000_000, 0.89999999999999917601, 9999.9999999999087188],
    [1e-7, 1, 0.999999999, 1000, 9.999995005001802485e-5, 1000.0995104012654678],
    [3, 4, 1e-12, 5, 3.000000000003, 1.5094339622684478462],
    [0.49999975, 1, 0.5, Infinity, 0.99999950000000004113, 4000000.0003290665518],
    [2e-9, 3, 0.3, 2, 2.6e-9, 1.29999999999999998889777],
  ])('%d per second, %d servers, failing with %d, at most %d times', (arrivalRate, servers, failureProbability, deliveryLimit, effective, time) => {
    const answer = redelivery({ arrivalRate, serviceRate: 1, servers, failureProbability, deliveryLimit });
    expectNear(answer.effectiveArrivalRate, effective, 1e-14);
    expectNear(answer.meanTotalTime, time, 2e-10);
  });

  it('is the feedback of a network with one station', () => {
    const wanted = openNetwork({ externalArrivals: [2], routing: [[0.3]], stations: [station] });
    const found = redelivery({ arrivalRate: 2, ...station, failureProbability: 0.3 });
    expectNear(found.meanTotalTime, wanted.meanTotalTime, 1e-13);
    expectNear(found.meanNumberInSystem, wanted.meanNumberInSystem, 1e-13);
  });

  it('with a limit is a network in which each delivery has its place; with a delay one more', () => {
    const found = redelivery({ arrivalRate: 2, ...station, failureProbability: 0.3, deliveryLimit: 3, delay: 5 });
    const visits = [1, 0.3, 0.09];
    const each = mmc({ arrivalRate: 2 * 1.39, ...station }).meanSojournTime;
    expectNear(found.meanTotalTime, visits.reduce((sum, visit, index) => sum + visit * (each + (index === 0 ? 0 : 5)), 0), 1e-13);
    expectNear(found.deadLetterRate, 2 * 0.027, 1e-13);
    expectNear(found.meanNumberInDelay, 2 * 0.39 * 5, 1e-13);
    expectNear(found.meanNumberInSystem, 2 * found.meanTotalTime, 1e-13);
  });

  it('without failures is M/M/c, and one delivery is never made again', () => {
    const plain = mmc({ arrivalRate: 3, ...station });
    for (const answer of [redelivery({ arrivalRate: 3, ...station, failureProbability: 0 }), redelivery({ arrivalRate: 3, ...station, failureProbability: 0.7, deliveryLimit: 1, delay: 9 })]) {
      expectNear(answer.meanTotalTime, plain.meanSojournTime, 1e-14);
      expect(answer.meanNumberInDelay).toBe(0);
    }
  });

  it('of messages that always fail ends at the limit, or never', () => {
    expect(redelivery({ arrivalRate: 1, ...station, failureProbability: 1, deliveryLimit: 3 })).toMatchObject({ meanDeliveries: 3, deadLetterRate: 1, growthRate: 0 });
    const never = evaluate('mmc_redelivery', { lambda: 1, mu: 1, c: 4, pFail: 1, maxDeliveries: null });
    expect(never).toMatchObject({ L: Infinity, mean_total_time: Infinity, effective_arrival_rate: Infinity, dead_letter_rate: 0, growth_rate: 1, P_wait: 1 });
  });

  it('overloads a station that was fast enough, and its backlog grows by what is not made', () => {
    expectNear(redelivery({ arrivalRate: 5, ...station, failureProbability: 0.9 }).growthRate, 5 - 0.4, 1e-14);
    const limited = redelivery({ arrivalRate: 5, ...station, failureProbability: 0.9, deliveryLimit: 3 });
    // What arrives is A = λ(1 + ps + p²s²) with s = 4/A.
    const arriving = 4 + limited.growthRate;
    const again = (0.9 * 4) / arriving;
    expectNear(5 * (1 + again + again * again), arriving, 1e-13);
    expect(limited.meanTotalTime).toBe(Infinity);
    expectNear(redelivery({ arrivalRate: 5, ...station, failureProbability: 0.9, deliveryLimit: 1 }).growthRate, 1, 1e-13);
  });

  it('on the brink is unstable without growth', () => {
    expect(redelivery({ arrivalRate: 700, serviceRate: 1, servers: 1000, failureProbability: 0.3 })).toMatchObject({ meanTotalTime: Infinity, growthRate: 0 });
  });
});

describe('retrials', () => {
  it('are a chain of those who were turned away', () => {
    const [λ, μ, θ, size] = [0.5, 1, 2, 90];
    const rates = Array.from({ length: 2 * size }, () => new Array<number>(2 * size).fill(0));
    for (let orbit = 0; orbit < size; orbit++) {
      const [free, busy] = [2 * orbit, 2 * orbit + 1];
      rates[free]![busy] = λ;
      if (orbit > 0) rates[free]![busy - 2] = orbit * θ;
      rates[busy]![free] = μ;
      if (orbit + 1 < size) rates[busy]![busy + 2] = λ;
    }
    const orbit = steadyStateOfRates(rates).reduce((sum, mass, index) => sum + mass * Math.floor(index / 2), 0);
    expectNear(evaluate('mm1_retrial', { lambda: λ, mu: μ, retrialRate: θ }).orbit_mean, orbit, 1e-12);
  });

  it('without pause are a line, whatever the law of service', () => {
    const service = { type: 'gamma', mean: 0.7, scv: 3 };
    expectNear(evaluate('mg1_retrial', { lambda: 1.2, service, retrialRate: 1e15 }).W, evaluate('mg1', { lambda: 1.2, service }).W!, 1e-12);
    expectNear(evaluate('mg1_retrial', { lambda: 0.999999, service: { type: 'exponential', mean: 1 }, retrialRate: 3 }).W, evaluate('mm1_retrial', { lambda: 0.999999, mu: 1, retrialRate: 3 }).W!, 1e-12);
  });

  it('overloaded never end', () => {
    expect(evaluate('mm1_retrial', { lambda: 3, mu: 1, retrialRate: 2 })).toMatchObject({ orbit_mean: Infinity, W: Infinity, P_blocked: 1, growth_rate: 2 });
    expect(evaluate('mm1_retrial', { lambda: 1, mu: 1, retrialRate: 2 })).toMatchObject({ W: Infinity, growth_rate: 0 });
  });
});

describe('backoff', () => {
  // mpmath, 80 digits: the sums term by term.
  it.each([
    [{ failureProbability: 1e-12, base: 1, factor: 2, cap: 60, retriesMax: 5 }, 1.000000000001000000000001, 1.000000000001999979886652e-12, 9.999999999999998793e-73, 1.000000000001999979886652e-12],
    [{ failureProbability: 0.999999999, base: 0.1, factor: 2, cap: 30, retriesMax: 1000, jitter: 'full' }, 1000.999499500180821555687, 14890.54249297286231039916, 0.9999989990005288100184, 7391.01842805349866654059],
    [{ failureProbability: 0.5, base: 0.1, factor: 2, retriesMax: 60, jitter: 'equal' }, 1.999999999999999999132638, 2.25000000000000012490009, 4.336808689942017736e-19, 2.212500000000000123810467],
    [{ failureProbability: 0.9, base: 0.01, factor: 1.5, cap: 10, retriesMax: 20_000 }, 10.00000000000000222, 19.18683941867504156456, 0, 19.18683941867504156456],
    [{ failureProbability: 0.999999, base: 0.01, factor: 1, retriesMax: 30_000 }, 29555.4514536907288304586, 295.5445145369072944568421, 0.9704445485454593845229, 149.2499608762290233001399],
    [{ failureProbability: 0.3, base: 0.1, factor: 3, cap: 0.05, retriesMax: 7, jitter: 'full' }, 1.428477699999999977371623, 0.01071194250000000002892284, 0.00006560999999999998057553796, 0.01070116285329480470361349],
    [{ failureProbability: 0.7, base: 1, factor: 0.5, retriesMax: 8 }, 3.198821309999999603, 1.076680567265624895, 0.04035360699999997696, 1.038183046471693889],
    [{ failureProbability: 0.7, base: 8, factor: 0.5, cap: 1, retriesMax: 8 }, 3.198821309999999603, 1.900444538124999723, 0.04035360699999997696, 1.772734848973167344],
  ] satisfies [BackoffParameters, number, number, number, number][])('%j', (parameters, attempts, delay, exhausted, givenSuccess) => {
    const answer = backoff(parameters);
    expectNear(answer.meanAttempts, attempts, 1e-13);
    expectNear(answer.meanTotalDelay, delay, 1e-12);
    expectNear(answer.exhaustedProbability, exhausted, 1e-12);
    expectNear(answer.meanDelayGivenSuccess, givenSuccess, 1e-12);
  });

  it('shares its delay between those that succeed and those that do not', () => {
    const parameters = fc.record({ failureProbability: fc.double({ min: 0.01, max: 0.99, noNaN: true }), base: fc.double({ min: 0.01, max: 2, noNaN: true }), factor: fc.double({ min: 0.5, max: 3, noNaN: true }), cap: fc.constantFrom(0.1, 1, 7, Infinity), retriesMax: fc.integer({ min: 0, max: 12 }) });
    fc.assert(fc.property(parameters, (given) => {
      const { meanTotalDelay, exhaustedProbability, meanDelayGivenSuccess, meanAttempts } = backoff(given);
      let all = 0;
      for (let i = 0, delay = given.base; i < given.retriesMax; i++, delay *= given.factor) all += Math.min(given.cap, delay);
      expectNear(1 + exhaustedProbability * all + (1 - exhaustedProbability) * meanDelayGivenSuccess, 1 + meanTotalDelay, 1e-12);
      expectNear(meanAttempts * (1 - given.failureProbability), 1 - exhaustedProbability, 1e-12);
    }), { seed: 11, numRuns: 200 });
  });

  it('without end is finite as long as delays grow slower than hope fades', () => {
    expectNear(backoff({ failureProbability: 0.499999999, base: 1, factor: 2 }).meanTotalDelay, 249999992.6926952434, 1e-13);
    expect(backoff({ failureProbability: 0.5, base: 1, factor: 2 })).toMatchObject({ meanAttempts: 2, meanTotalDelay: Infinity, exhaustedProbability: 0, meanDelayGivenSuccess: Infinity });
    expectNear(backoff({ failureProbability: 0.6, base: 1, factor: 2, cap: 1 }).meanTotalDelay, 1.5, 1e-14);
    expect(backoff({ failureProbability: 1, base: 1, factor: 2, cap: 1 })).toMatchObject({ meanAttempts: Infinity, meanTotalDelay: Infinity, exhaustedProbability: 0 });
  });

  it('that is certain to fail takes all retries', () => {
    expect(evaluate('retry_backoff', { pFail: 1, base: 0.5, factor: 1, maxRetries: 1_000_000, lambda: 2 })).toMatchObject({ mean_attempts: 1_000_001, mean_total_delay: 500_000, P_exhausted: 1, attempt_rate: 2_000_002 });
    expect(backoff({ failureProbability: 0, base: 1, factor: 2, retriesMax: 3 })).toMatchObject({ meanAttempts: 1, meanTotalDelay: 0, exhaustedProbability: 0, meanDelayGivenSuccess: 0 });
  });
});

describe('a retry storm', () => {
  const station = { serviceRate: 100, servers: 10, timeout: 0.05 };

  it('feeds on itself once it has begun', () => {
    const { calm, storm, isMetastable } = retryStorm({ arrivalRate: 700, ...station, retriesMax: 3 });
    expect(isMetastable).toBe(true);
    expect(storm).toEqual({ load: 2800, timeoutProbability: 1, goodput: 0 });
    const p = mmc({ arrivalRate: calm.load, serviceRate: 100, servers: 10 }).sojournTail!(0.05);
    expectNear(calm.load, 700 * (1 + p + p * p + p * p * p), 1e-9);
    expectNear(calm.timeoutProbability, p, 1e-12);
    expectNear(calm.goodput, 700 * (1 - p * p * p * p), 1e-12);
  });

  it('does not begin where all retries fit', () => {
    const { calm, storm, isMetastable } = retryStorm({ arrivalRate: 240, ...station, retriesMax: 3 });
    expect(isMetastable).toBe(false);
    expectNear(storm.load, calm.load, 1e-9);
  });

  it('cannot be avoided near saturation, and never ends where retries do not', () => {
    expect(retryStorm({ arrivalRate: 995, ...station, retriesMax: 3 }).calm.load).toBe(3980);
    expect(retryStorm({ arrivalRate: 300, ...station }).storm).toEqual({ load: Infinity, timeoutProbability: 1, goodput: 0 });
    expect(evaluate('retry_storm', { lambda: 700, mu: 100, c: 10, timeout: 0.05, maxRetries: 3 })).toMatchObject({ metastable: 1, growth_rate: 0, growth_rate_storm: 1800 });
  });

  it('without retries is the station itself', () => {
    const { calm, storm } = retryStorm({ arrivalRate: 900, ...station, retriesMax: 0 });
    expect([calm.load, storm.load]).toEqual([900, 900]);
  });
});

describe('what is refused', () => {
  it.each([
    ['mmc_redelivery', { lambda: 1, mu: 1, c: 1, pFail: 1.1 }, 'pFail is 1.1; a probability from 0 to 1 is wanted'],
    ['mmc_redelivery', { lambda: 1, mu: 1, c: 1, pFail: 0.1, maxDeliveries: 0 }, 'maxDeliveries is 0'],
    ['mmc_redelivery_delayed', { lambda: 1, mu: 1, c: 1, pFail: 0.1 }, 'redeliveryDelay is missing; a time of zero or above in s is wanted'],
    ['mm1_retrial', { lambda: 1, mu: 1, retrialRate: 0 }, 'retrialRate is 0; a rate above zero in 1/s is wanted'],
    ['retry_backoff', { pFail: 0.1, base: 1, jitter: 'some' }, 'jitter is "some"; one of none, full, equal is wanted'],
    ['retry_backoff', { pFail: 0.1, base: 1, factor: 0 }, 'factor is 0'],
    ['retry_storm', { lambda: 1, mu: 1, c: 1, timeout: 0 }, 'timeout is 0; a time above zero in s is wanted'],
  ])('%s %j', (model, params, message) => {
    expect(() => evaluate(model, params)).toThrow(message);
  });
});
