import { describe, expect, it } from 'vitest';
import { ImpossibleParameters } from '../../../models/theory/checks.ts';
import { mdc } from '../../../models/theory/mdc.ts';
import { mmc } from '../../../models/theory/mmc.ts';
import { expectNear } from './expect-near.ts';

const ofUnit = (arrivalRate: number, servers: number) => mdc({ arrivalRate, serviceTime: 1, servers });

describe('M/D/c', () => {
  // mpmath, 30 digits: from the c − 1 roots of z^c = e^{a(z − 1)} inside the unit circle (Lambert's W) above, from Spitzer's series
  // below; neither is how the answer is computed.
  it.each([
    [9.99, 10, 49.829839749005567, 2498.3178588630324, 0.9959980532773411],
    [999, 1000, 0.48197744364646435, 0.24960004631864048, 0.95654622560672979],
    [999.999, 1000, 499.98174081848347, 249999.83309531758, 0.99995576803031267],
    [9999.99, 10000, 49.9941908543728, 2499.9983087202941, 0.999859077199714],
    [1.999998, 2, 249999.64109420305, 62499958333.284545, 0.99999843562375218],
    [0.6, 2, 0.055259444726875154, 0.031916049301721176, 0.13358206642942487],
    [0.5, 4, 0.00037595093999944161, 0.00013150737849488547, 0.0017552278054968866],
    [900, 1000, 4.7635217826065668e-6, 7.7565220592024178e-8, 0.00055069842525391565],
    [0.001, 3, 4.1641675010695625e-11, 1.6658335720130512e-11, 1.66541716683281e-10],
    [80, 100, 0.00067575402558937227, 4.6203401088674011e-5, 0.017623447296077334],
  ])('of load %d on %d servers', (load, servers, wait, variance, waiting) => {
    const answer = ofUnit(load, servers);
    // The load itself is rounded: near saturation its last digit is worth that much of the spare capacity.
    const relative = 1e-12 + (4e-16 * servers) / (servers - load);
    expectNear(answer.meanWaitingTime, wait, relative);
    expectNear(answer.waitingTimeVariance, variance, 2 * relative);
    expectNear(answer.waitingProbability, waiting, relative);
  });

  // The chain of the numbers in the system one service time apart, solved without subtraction (numpy), then Franx' formula.
  it.each([
    [9.9, 10, [[0.05, 0.953802087416137], [0.95, 0.8013454623193104], [3.3, 0.5000510469567278], [20, 0.01752278584735]]],
    [30, 50, [[0.05, 0.00016835857658495222]]],
    [1.9, 2, [[0.3, 0.8860536466600981], [7.7, 0.19738259913535466]]],
  ])('waits longer than some time: load %d on %d servers', (load, servers, tails) => {
    const answer = ofUnit(load, servers);
    for (const [t, tail] of tails) {
      expectNear(answer.waitingTail!(t!), tail!, 2e-9);
      expect(answer.sojournTail!(t! + 1)).toBe(answer.waitingTail!(t!));
      expectNear(answer.waitingQuantile!(1 - answer.waitingTail!(t!)), t!, 1e-9);
    }
    expect(answer.sojournTail!(0.99)).toBe(1);
  });

  it('of one server is that of Pollaczek and Khinchine, at any load', () => {
    for (const load of [1e-9, 0.01, 0.29, 0.31, 0.7, 0.99, 0.999999]) {
      const answer = ofUnit(load, 1);
      const wait = load / (2 * (1 - load));
      expectNear(answer.meanWaitingTime, wait, 1e-12);
      expectNear(answer.waitingTimeVariance, wait * wait + load / (3 * (1 - load)), 1e-11);
      expectNear(answer.waitingProbability, load, 1e-13);
      // Erlang 1909, where its alternating series has few terms.
      expectNear(answer.waitingTail!(0.6), 1 - (1 - load) * Math.exp(load * 0.6), 1e-9 / load);
    }
  });

  it('is the same whichever side of the change of method: near 0.5 = c(1 − ρ)²', () => {
    for (const servers of [1, 7, 400]) {
      const edge = servers * (1 - Math.sqrt(0.5 / servers));
      const [below, above] = [ofUnit(edge * (1 - 1e-9), servers), ofUnit(edge * (1 + 1e-9), servers)];
      const growth = 3e-9 * (1 + servers);
      for (const of of [below.meanWaitingTime / above.meanWaitingTime, below.waitingTimeVariance / above.waitingTimeVariance, below.waitingTail!(0.3) / above.waitingTail!(0.3)]) {
        expect(of).toBeLessThan(1);
        expect(of).toBeGreaterThan(1 - growth);
      }
    }
  });

  it('keeps Little, its own tails and the rule that fixed service waits about half as long as exponential', () => {
    for (const [load, servers] of [[0.9, 1], [8, 10], [95, 100], [99990, 100000]] as const) {
      const answer = ofUnit(load, servers);
      expectNear(answer.meanQueueLength, load * answer.meanWaitingTime, 1e-14);
      expectNear(answer.meanNumberInSystem, load * answer.meanSojournTime, 1e-13);
      expectNear(answer.waitingTail!(0), answer.waitingProbability, 1e-11);
      const exponential = mmc({ arrivalRate: load, serviceRate: 1, servers }).meanWaitingTime;
      expect(answer.meanWaitingTime / exponential).toBeGreaterThan(0.5 - 1e-12);
      expect(answer.meanWaitingTime / exponential).toBeLessThan(0.75);
      // The area under the tail is the mean.
      const step = answer.waitingQuantile!(0.99) / 500;
      let area = 0;
      for (let t = 0; answer.waitingTail!(t) > 1e-9; t += step) area += (step / 6) * (answer.waitingTail!(t) + 4 * answer.waitingTail!(t + step / 2) + answer.waitingTail!(t + step));
      expectNear(area, answer.meanWaitingTime, 1e-5);
    }
  });

  it('scales with the unit of time', () => {
    const [seconds, days] = [mdc({ arrivalRate: 9, serviceTime: 1, servers: 10 }), mdc({ arrivalRate: 9 * 86400, serviceTime: 1 / 86400, servers: 10 })];
    expectNear(days.meanWaitingTime, seconds.meanWaitingTime / 86400, 1e-12);
    expectNear(days.waitingQuantile!(0.99), seconds.waitingQuantile!(0.99) / 86400, 1e-12);
  });

  it('that is offered too much grows', () => {
    expect(mdc({ arrivalRate: 30, serviceTime: 0.1, servers: 2 })).toMatchObject({ growthRate: 10, meanWaitingTime: Infinity, waitingProbability: 1 });
    expect(mdc({ arrivalRate: 20, serviceTime: 0.1, servers: 2 })).toMatchObject({ growthRate: 0, meanQueueLength: Infinity });
  });

  it('refuses what cannot be', () => {
    expect(() => mdc({ arrivalRate: 0, serviceTime: 1, servers: 1 })).toThrow(/arrivalRate is 0/);
    expect(() => mdc({ arrivalRate: 1, serviceTime: -1, servers: 1 })).toThrow(/serviceTime is -1/);
    expect(() => ofUnit(1, 1.5)).toThrow(ImpossibleParameters);
    expect(() => ofUnit(1, 2).waitingQuantile!(1)).toThrow(/p is 1/);
    expect(() => ofUnit(1, 2).waitingTail!(-1)).toThrow(/t is -1/);
  });
});
