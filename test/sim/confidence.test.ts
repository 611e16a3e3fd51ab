import { describe, expect, it } from 'vitest';
import { batchedMeanInterval, meanInterval, normalQuantile, proportionInterval, studentQuantile } from '../../sim/confidence.ts';
import { RandomStreams } from '../../sim/random.ts';
import { incompleteBeta, logGamma, normalCumulative } from '../../sim/special-functions.ts';
import { countError, zMax } from './statistics.ts';

describe('studentQuantile', () => {
  // NIST/SEMATECH e-Handbook of Statistical Methods, section 1.3.6.7.2: upper critical values, three decimals.
  const levels = [0.9, 0.95, 0.975, 0.99, 0.995, 0.999];
  it.each([
    [1, 3.078, 6.314, 12.706, 31.821, 63.657, 318.313],
    [2, 1.886, 2.92, 4.303, 6.965, 9.925, 22.327],
    [5, 1.476, 2.015, 2.571, 3.365, 4.032, 5.893],
    [10, 1.372, 1.812, 2.228, 2.764, 3.169, 4.143],
    [19, 1.328, 1.729, 2.093, 2.539, 2.861, 3.579],
    [30, 1.31, 1.697, 2.042, 2.457, 2.75, 3.385],
    [100, 1.29, 1.66, 1.984, 2.364, 2.626, 3.174],
    [Infinity, 1.282, 1.645, 1.96, 2.326, 2.576, 3.09],
  ])('has the tabulated values of %d degrees of freedom', (degreesOfFreedom, ...critical) => {
    // The table gives 318.313 where the exact value is 318.30884.
    levels.forEach((p, index) => expect(Math.abs(studentQuantile(p, degreesOfFreedom) / critical[index] - 1)).toBeLessThan(5e-4));
  });

  it.each([0.5, 0.6, 0.9, 0.975, 0.9999, 0.999999, 0.025, 0.001])('solves the closed forms of 1, 2 and 4 degrees at %d', (p) => {
    expectClose(studentQuantile(p, 1), Math.tan(Math.PI * (p - 0.5)));
    const alpha = 4 * p * (1 - p);
    expectClose(studentQuantile(p, 2), (2 * (p - 0.5)) * Math.sqrt(2 / alpha));
    const q = Math.cos(Math.acos(Math.sqrt(alpha)) / 3) / Math.sqrt(alpha);
    expectClose(studentQuantile(p, 4), Math.sign(p - 0.5) * 2 * Math.sqrt(q - 1));
  });

  it.each([3, 7, 19, 50, 199, 1000, 1e6])('is undone by integrating the density, with %d degrees of freedom', (degreesOfFreedom) => {
    for (const p of [0.6, 0.9, 0.975, 0.999]) {
      expect(Math.abs(0.5 + studentIntegral(studentQuantile(p, degreesOfFreedom), degreesOfFreedom) - p)).toBeLessThan(1e-8);
    }
  });

  it('is the normal one in the end', () => {
    expectClose(normalQuantile(0.975), 1.959963984540054);
    expectClose(normalQuantile(0.0001), -3.719016485455709);
    expect(Math.abs(studentQuantile(0.975, 1e8) - normalQuantile(0.975))).toBeLessThan(1e-6);
  });

  it.each([[0, 5], [1, 5], [Number.NaN, 5], [0.9, 0], [0.9, -1], [0.9, Number.NaN]])('refuses p = %d with %d degrees', (p, degreesOfFreedom) => {
    expect(() => studentQuantile(p, degreesOfFreedom)).toThrow(RangeError);
  });
});

describe('batchedMeanInterval', () => {
  it('is the interval of the means when batches are of equal size', () => {
    const [low, high] = batchedMeanInterval([1, 2, 3, 4, 5].map((mean) => ({ sum: mean * 40, count: 40 })))!;
    const [wantedLow, wantedHigh] = meanInterval([1, 2, 3, 4, 5])!;
    expectClose(low, wantedLow);
    expectClose(high, wantedHigh);
  });

  it('lies about the mean of all observations, however unequal the batches are', () => {
    // A burst: one batch has most of the messages, and all of the waiting.
    const batches = [...Array.from({ length: 19 }, () => ({ sum: 1, count: 100 })), { sum: 90_000, count: 9000 }];
    const [low, high] = batchedMeanInterval(batches)!;
    expectClose((low + high) / 2, 90_019 / 10_900);
    expect(meanInterval(batches.map(({ sum, count }) => sum / count))![1]).toBeLessThan(90_019 / 10_900);
  });

  it('covers the true mean about as often as it says, with batches whose size is random', () => {
    const stream = new RandomStreams(1).stream('values');
    let covered = 0;
    for (let run = 0; run < 2000; run++) {
      const batches = Array.from({ length: 20 }, () => {
        const count = 50 + stream.below(100);
        let sum = 0;
        for (let index = 0; index < count; index++) sum += stream.exponential();
        return { sum, count };
      });
      const [low, high] = batchedMeanInterval(batches)!;
      if (low <= 1 && high >= 1) covered++;
    }
    expect(covered / 2000).toBeGreaterThan(0.93);
    expect(covered / 2000).toBeLessThan(0.97);
  });

  it('says nothing of fewer than five batches', () => {
    expect(batchedMeanInterval([1, 2, 3, 4].map((sum) => ({ sum, count: 1 })))).toBeNull();
  });
});

describe('meanInterval', () => {
  it('is what a textbook computes', () => {
    // Mean 3, deviation sqrt(2.5), t(0.975, 4) = 2.776445: 3 ± 2.776445 × sqrt(0.5).
    const [low, high] = meanInterval([1, 2, 3, 4, 5])!;
    expect(low).toBeCloseTo(1.0367568, 6);
    expect(high).toBeCloseTo(4.9632432, 6);
    const [wideLow, wideHigh] = meanInterval([1, 2, 3, 4, 5], 0.99)!;
    expect(wideHigh - wideLow).toBeCloseTo(2 * 4.604095 * Math.sqrt(0.5), 5);
  });

  it('says nothing of fewer than five values', () => {
    expect(meanInterval([1, 2, 3, 4])).toBeNull();
    expect(meanInterval([])).toBeNull();
    expect(meanInterval([7, 7, 7, 7, 7])).toEqual([7, 7]);
  });

  it('covers the mean as often as it says', () => {
    const stream = new RandomStreams(1).stream('coverage');
    const trials = 20_000;
    let covered = 0;
    for (let trial = 0; trial < trials; trial++) {
      const [low, high] = meanInterval(Array.from({ length: 10 }, () => 5 + 2 * stream.normal()))!;
      if (low <= 5 && 5 <= high) covered++;
    }
    expect(Math.abs(countError(covered, 0.95, trials))).toBeLessThan(zMax);
  });
});

describe('proportionInterval', () => {
  // Newcombe 1998, Statistics in Medicine 17:857, table I, method 3.
  it.each([
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ])('is the published one of %d of %d', (successes, trials, low, high) => {
    const interval = proportionInterval(successes, trials)!;
    expect(interval[0]).toBeCloseTo(low, 4);
    expect(interval[1]).toBeCloseTo(high, 4);
    const mirrored = proportionInterval(trials - successes, trials)!;
    expect(mirrored[0]).toBeCloseTo(1 - interval[1], 12);
    expect(mirrored[1]).toBeCloseTo(1 - interval[0], 12);
  });

  it('says nothing without trials', () => {
    expect(proportionInterval(0, 0)).toBeNull();
  });
});

describe('special functions', () => {
  it('know factorials, and the gamma function at one half', () => {
    let factorial = 1;
    for (let n = 1; n <= 150; n++) {
      factorial *= n;
      expect(Math.abs(logGamma(n + 1) - Math.log(factorial))).toBeLessThan(1e-13 * Math.max(1, Math.log(factorial)));
    }
    expect(logGamma(0.5)).toBeCloseTo(Math.log(Math.PI) / 2, 13);
    expect(logGamma(1e-3)).toBeCloseTo(6.907178885383854, 12);
  });

  it('know the normal law', () => {
    // Abramowitz and Stegun 1964, table 26.1, fifteen decimals.
    expect(normalCumulative(1)).toBeCloseTo(0.841344746068543, 14);
    expect(normalCumulative(2)).toBeCloseTo(0.977249868051821, 14);
    expect(normalCumulative(3)).toBeCloseTo(0.998650101968370, 14);
    expect(1 - normalCumulative(5)).toBeCloseTo(2.866515719e-7, 15);
    expect(normalCumulative(-1)).toBeCloseTo(0.158655253931457, 14);
    expect([normalCumulative(0), normalCumulative(12), normalCumulative(-12)]).toEqual([0.5, 1, 0]);
  });

  it('know the incomplete beta function where it is a binomial tail', () => {
    // I_x(a, n - a + 1) is the probability of a or more successes in n trials of probability x.
    for (const x of [0.01, 0.3, 0.5, 0.9]) {
      for (const a of [1, 3, 7, 10]) expect(incompleteBeta(x, a, 11 - a)).toBeCloseTo(binomialTail(10, a, x), 13);
    }
    expect([incompleteBeta(0, 2, 3), incompleteBeta(1, 2, 3)]).toEqual([0, 1]);
  });
});

function expectClose(found: number, wanted: number): void {
  expect(Math.abs(found - wanted)).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(wanted)));
}

/** The integral from 0 to t of the density divided by its integral over everything, by Simpson's rule in the angle. */
function studentIntegral(t: number, degreesOfFreedom: number): number {
  // With t = sqrt(n) tan(angle) the density becomes cos(angle)^(n - 1).
  const power = (angle: number) => Math.exp((degreesOfFreedom - 1) * Math.log(Math.cos(angle)));
  const all = simpson(power, Math.min(Math.PI / 2 - 1e-12, 40 / Math.sqrt(degreesOfFreedom)));
  return simpson(power, Math.atan(t / Math.sqrt(degreesOfFreedom))) / (2 * all);
}

function simpson(f: (x: number) => number, to: number): number {
  const steps = 4000;
  let sum = f(0) + f(to);
  for (let step = 1; step < steps; step++) sum += (step % 2 === 0 ? 2 : 4) * f((to * step) / steps);
  return (sum * to) / steps / 3;
}

function binomialTail(trials: number, from: number, probability: number): number {
  let sum = 0;
  for (let successes = from; successes <= trials; successes++) {
    let ways = 1;
    for (let i = 0; i < successes; i++) ways = (ways * (trials - i)) / (i + 1);
    sum += ways * probability ** successes * (1 - probability) ** (trials - successes);
  }
  return sum;
}
