import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ExactSum } from '../../sim/exact-sum.ts';

const whole = fc.oneof(
  fc.maxSafeInteger(), fc.integer({ min: -1000, max: 1000 }), fc.constantFrom(2 ** 53, -(2 ** 53), 2 ** 53 - 1, 1, -1, 2 ** 52, 0),
);
const step = fc.oneof(
  whole.map((x) => ({ x, times: 1 })),
  fc.record({ x: whole, times: whole }),
);

function sumOf(steps: readonly { x: number; times: number }[]): ExactSum {
  const sum = new ExactSum();
  for (const { x, times } of steps) {
    if (times === 1) sum.add(x);
    else sum.addProduct(x, times);
  }
  return sum;
}

describe('ExactSum', () => {
  it('adds as big integers do', () => {
    fc.assert(fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const exact = steps.reduce((sum, { x, times }) => sum + BigInt(x) * BigInt(times), 0n);
      expect(sumOf(steps).toString()).toBe(exact.toString());
      expect(sumOf(steps).value).toBe(Number(exact));
    }), { seed: 1, numRuns: 2000 });
  });

  it('equals a sum of the same in another order, and none that is one more', () => {
    fc.assert(fc.property(fc.array(step, { maxLength: 20 }), (steps) => {
      const reversed = sumOf([...steps].reverse());
      expect(sumOf(steps).equals(reversed)).toBe(true);
      reversed.add(1);
      expect(sumOf(steps).equals(reversed)).toBe(false);
    }), { seed: 2, numRuns: 500 });
  });

  it('keeps what a double would lose', () => {
    const sum = new ExactSum();
    sum.add(2 ** 53);
    sum.add(1);
    sum.addProduct(2 ** 53, 2 ** 53);
    expect(2 ** 53 + 1).toBe(2 ** 53);
    expect(sum.toString()).toBe((2n ** 106n + 2n ** 53n + 1n).toString());
  });
});
