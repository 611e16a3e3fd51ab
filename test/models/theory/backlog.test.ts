import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { drainAfterOutage, littlesLaw, timeToEmpty } from '../../../models/theory/backlog.ts';
import { evaluate } from '../../../models/theory/index.ts';
import { mmc } from '../../../models/theory/mmc.ts';
import { sumOf } from '../../../models/theory/numerics/sums.ts';
import { expectNear } from './expect-near.ts';

const outages = fc.record({
  arrivalRate: fc.double({ min: 1, max: 100, noNaN: true }), capacity: fc.double({ min: 101, max: 300, noNaN: true }), outage: fc.double({ min: 0.1, max: 50, noNaN: true }),
  capacityDuringOutage: fc.double({ min: 0, max: 150, noNaN: true }), initialBacklog: fc.double({ min: 0, max: 2000, noNaN: true }),
});

describe('the backlog of an outage', () => {
  it('is the fluid, drop by drop', () => {
    fc.assert(fc.property(outages, (parameters) => {
      const { arrivalRate, capacity, outage, capacityDuringOutage, initialBacklog } = parameters;
      const answer = drainAfterOutage(parameters);
      const steps = 20_000;
      const step = answer.timeToRecover / steps;
      let backlog = initialBacklog;
      let [peak, area] = [backlog, 0];
      for (let k = 0; k < steps; k++) {
        const next = Math.max(0, backlog + (arrivalRate - ((k + 0.5) * step < outage ? capacityDuringOutage : capacity)) * step);
        area += ((backlog + next) / 2) * step;
        backlog = next;
        peak = Math.max(peak, backlog);
      }
      expect(backlog).toBeLessThan(300 * step + 1e-6);
      expectNear(answer.peakBacklog + 1, peak + 1, 0.01);
      expectNear(answer.backlogArea + 1, area + 1, 0.01);
    }), { seed: 1, numRuns: 40 });
  });

  it.each([40, 5, 0])('delays those that arrive by what is before them, at %d/s meanwhile', (capacityDuringOutage) => {
    const parameters = { arrivalRate: 100, capacity: 150, outage: 60, capacityDuringOutage, initialBacklog: 500 };
    const answer = drainAfterOutage(parameters);
    const meanwhile = 60 * capacityDuringOutage;
    // Served until a time after the start, and the time at which so many are served.
    const servedAt = (count: number): number => (count <= meanwhile ? count / capacityDuringOutage : 60 + (count - meanwhile) / 150);
    const count = Math.round(answer.messagesAffected);
    const delays = Array.from({ length: count }, (_, k) => servedAt(500 + k + 0.5) - (k + 0.5) / 100);
    expectNear(answer.meanDelayOfAffected, sumOf(delays) / count, 1e-4);
    expectNear(answer.messagesAffected, 100 * answer.timeToRecover, 1e-13);
  });

  it('is a triangle after a complete outage', () => {
    expect(evaluate('drain', { lambda: 100, capacity: 150, outage: 600 })).toEqual({
      peak_backlog: 60_000, drain_time: 1200, total_time_to_recover: 1800, messages_affected: 180_000, mean_delay_affected: 300, backlog_area: 54_000_000, growth_rate: 0,
    });
  });

  it('never ends without spare capacity, and need not arise', () => {
    expect(evaluate('drain', { lambda: 100, capacity: 100, outage: 10 })).toMatchObject({ peak_backlog: 1000, drain_time: Infinity, backlog_area: Infinity, mean_delay_affected: Infinity, growth_rate: 0 });
    expect(evaluate('drain', { lambda: 120, capacity: 100, outage: 10 })['growth_rate']).toBe(20);
    expect(evaluate('drain', { lambda: 100, capacity: 150, outage: 10, capacityDuringOutage: 100 })).toMatchObject({ peak_backlog: 0, drain_time: 0, total_time_to_recover: 10, messages_affected: 0, mean_delay_affected: 0 });
    expect(evaluate('drain', { lambda: 0, capacity: 1, outage: 0 })).toMatchObject({ peak_backlog: 0, total_time_to_recover: 0 });
    expect(drainAfterOutage({ arrivalRate: 100, capacity: 150, outage: 60, capacityDuringOutage: 110, initialBacklog: 200 })).toMatchObject({ peakBacklog: 200, drainTime: 0, messagesAffected: 2000, backlogArea: 2000 });
    expect(() => evaluate('drain', { lambda: 100, capacity: 0, outage: -1 })).toThrow(/capacity is 0.*\noutage is -1/);
  });

  it('takes as many busy periods as there are messages', () => {
    const { mean, variance } = mmc({ arrivalRate: 0.6, serviceRate: 1, servers: 1 }).busyPeriod();
    const empty = timeToEmpty({ arrivalRate: 0.6, serviceRate: 1, messages: 30 });
    expectNear(empty.mean, 30 * mean, 1e-13);
    expectNear(empty.variance, 30 * variance, 1e-13);
    expect(timeToEmpty({ arrivalRate: 1, serviceRate: 1, messages: 0 })).toEqual({ mean: 0, variance: 0 });
    expect(evaluate('mm1_drain_stochastic', { lambda: 2, mu: 1, n: 3 })).toEqual({ mean: Infinity, variance: Infinity, growth_rate: 1 });
  });
});

describe('Little’s law', () => {
  it('gives the third of three', () => {
    expect(evaluate('little', { lambda: 100, W: 0.12 })).toEqual({ L: 12, lambda: 100, W: 0.12 });
    expect(evaluate('little', { L: 12, W: 0.12 })['lambda']).toBe(100);
    expect(littlesLaw({ arrivalRate: 100, meanNumber: 12 }).meanTime).toBe(0.12);
    for (const [params, count] of [[{ L: 1 }, 1], [{}, 0], [{ L: 1, lambda: 1, W: 1 }, 3]] as const) expect(() => evaluate('little', params)).toThrow(`the number of L, lambda and W that are given is ${count}; two`);
    expect(() => littlesLaw({ arrivalRate: 1 })).toThrow('1 of three');
  });
});
