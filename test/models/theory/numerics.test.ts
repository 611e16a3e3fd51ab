import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { geometricBeyond, geometricSum, truncatedGeometric } from '../../../models/theory/numerics/geometric-sums.ts';
import { logQuotient, productMinus } from '../../../models/theory/numerics/products.ts';
import { quantileOfLogTail, rootBetween, rootOfFalling } from '../../../models/theory/numerics/roots.ts';
import { skellam } from '../../../models/theory/numerics/skellam.ts';
import { CompensatedSum, SlidingSum, sumOf } from '../../../models/theory/numerics/sums.ts';
import { expectNear } from './expect-near.ts';

describe('sums', () => {
  it('keep what plain addition loses', () => {
    expect(sumOf([1, 1e100, 1, -1e100])).toBe(2);
    expect(sumOf(Array.from({ length: 10 }, () => 0.1))).toBe(1);
    const sum = new CompensatedSum();
    for (const value of [Infinity, 1]) sum.add(value);
    expect(sum.value).toBe(Infinity);
  });

  it('slide without a remainder', () => {
    fc.assert(fc.property(fc.array(fc.nat(1000), { maxLength: 60 }), fc.integer({ min: 1, max: 12 }), (values, length) => {
      const window = new SlidingSum(length);
      const found = values.map((value, index) => {
        if (index === 7) window.scale(1);
        return window.next(value);
      });
      expect(found).toEqual(values.map((_, index) => values.slice(Math.max(0, index + 1 - length), index + 1).reduce((a, b) => a + b, 0)));
    }), { seed: 1, numRuns: 200 });
    const window = new SlidingSum(3);
    for (const value of [1, 2, 4, 8]) window.next(value);
    window.scale(10);
    expect(window.next(5)).toBe(40 + 80 + 5);
  });
});

describe('roots', () => {
  it.each([
    ['a cosine', (x: number) => Math.cos(x) - x, 0, 1, 0.7390851332151607],
    ['a flat place', (x: number) => (x - 0.3) * (x - 0.3) * (x - 0.3), 0, 1, 0.3],
    ['an end', (x: number) => x - 2, 2, 5, 2],
    ['infinite values', (x: number) => -Math.log(x / (1 - x)) - 3, 0, 1, 0.04742587317756678],
  ])('are found at %s', (_, value, low, high, wanted) => expectNear(rootBetween(value, low, high), wanted, 1e-5));

  it('are found to the last digits, at any size', () => {
    for (const size of [1e-200, 1e-9, 1, 1e12, 1e200]) expectNear(rootOfFalling((x) => Math.log(size) - Math.log(x), 1), size, 1e-15 * 500);
    expect(rootOfFalling(() => 1, 1)).toBe(Infinity);
    expect(() => rootBetween(() => 1, 0, 1)).toThrow('no change of sign');
  });

  it('are quantiles of tails, 0 at the atom', () => {
    const logTail = (t: number): number => Math.log(0.3) - 2 * t;
    expect(quantileOfLogTail(logTail, 0.7, 1)).toBe(0);
    expect(quantileOfLogTail(logTail, 0, 1)).toBe(0);
    expectNear(quantileOfLogTail(logTail, 1 - 1e-12, 1), (Math.log(0.3) - Math.log1p(-(1 - 1e-12))) / 2, 1e-15);
  });
});

describe('differences', () => {
  it('do not see the rounding of a product', () => {
    // 0.1 · 3 as exact numbers is 0.3000000000000000166…
    expectNear(productMinus(3, 0.1, 0.3), 2.7755575615628914e-17, 1e-15);
    expect(productMinus(1e308, 10, 5)).toBe(Infinity);
  });

  it('are logarithms of quotients near and far from 1', () => {
    expectNear(logQuotient(1e-9, 1), Math.log(1e-9), 1e-15);
    expectNear(logQuotient(1, 1 + 2e-16), -2.220446049250313e-16, 1e-12);
    expectNear(logQuotient(3, 1), Math.log(3), 1e-15);
  });
});

describe('geometric laws that are cut off', () => {
  it('have the sums of their terms, on both sides of ratio 1', () => {
    fc.assert(fc.property(fc.double({ min: -3, max: 3, noNaN: true }), fc.integer({ min: -12, max: 0 }), fc.integer({ min: 1, max: 60 }), (mantissa, exponent, last) => {
      const x = mantissa * Math.exp(exponent * Math.LN10);
      const weights = Array.from({ length: last + 1 }, (_, j) => Math.exp(j * x));
      const total = sumOf(weights);
      const mean = sumOf(weights.map((weight, j) => j * weight)) / total;
      const { mean: found, variance } = truncatedGeometric(x, last);
      expectNear(geometricSum(x, last + 1), total, 1e-13);
      expectNear(found, mean, 1e-12);
      expectNear(variance, sumOf(weights.map((weight, j) => (j - mean) * (j - mean) * weight)) / total, 1e-11);
      expectNear(geometricBeyond(x, last + 1)(Math.floor(last / 2)), sumOf(weights.slice(Math.floor(last / 2))) / total, 1e-12);
    }), { seed: 3, numRuns: 1000 });
    expect(truncatedGeometric(0, 10)).toEqual({ mean: 5, variance: 10 });
    expect([geometricSum(0, 7), geometricSum(1, 0), geometricSum(1, 5000)]).toEqual([7, 0, Infinity]);
  });
});

describe('the difference of two Poisson counts', () => {
  it('is their convolution, and has their mean and variance', () => {
    const poisson = (mean: number, n: number): number => (n < 0 ? 0 : n === 0 ? Math.exp(-mean) : (poisson(mean, n - 1) * mean) / n);
    const { mass } = skellam(2.5, 1.25);
    for (const k of [-6, -1, 0, 1, 7]) expectNear(mass(k), sumOf(Array.from({ length: 60 }, (_, n) => poisson(1.25, n) * poisson(2.5, n + k))), 1e-13);
    for (const [up, down] of [[1e6, 9e5], [1e-3, 2e-3], [5e4, 2e5], [3, 1e-9]] as const) {
      const law = skellam(up, down);
      const states = Array.from({ length: law.last - law.first + 1 }, (_, index) => law.first + index);
      expectNear(sumOf(states.map((k) => law.mass(k) * k)), up - down, 1e-11);
      expectNear(sumOf(states.map((k) => law.mass(k) * (k - up + down) * (k - up + down))), up + down, 1e-11);
    }
  });
});
