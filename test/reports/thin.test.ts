import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { drawnIndices, printedIndices } from '../../reports/thin.ts';

const series = fc.array(fc.oneof(fc.integer({ min: 0, max: 1000 }), fc.constant(null)), { minLength: 1, maxLength: 3000 });

describe('drawnIndices', () => {
  it('draws everything that fits', () => {
    expect(drawnIndices([[1, 2, 3]], 3, 500)).toEqual([0, 1, 2]);
  });

  it('keeps the first, the last, the highest and the lowest point, and stays small', () => {
    fc.assert(fc.property(series, fc.integer({ min: 0, max: 1000 }), (rest, first) => {
      const values = [first, ...rest];
      const kept = drawnIndices([values], values.length, 20);
      const shown = kept.map((index) => values[index]!).filter((value) => value !== null);
      const all = values.filter((value) => value !== null);
      expect(kept[0]).toBe(0);
      expect(kept.at(-1)).toBe(values.length - 1);
      expect(kept.length).toBeLessThanOrEqual(80);
      expect(kept).toEqual([...kept].sort((a, b) => a - b));
      expect([Math.max(...shown), Math.min(...shown)]).toEqual([Math.max(...all), Math.min(...all)]);
    }), { seed: 3 });
  });
});

describe('printedIndices', () => {
  it('prints all of a short series', () => {
    expect(printedIndices([[5, 6]], 2, 96)).toEqual({ step: 1, indices: [0, 1] });
  });

  it('prints about a hundred rows of a long one, with its peak', () => {
    const values = Array.from({ length: 1000 }, (_, index) => (index === 501 ? 99 : 1));
    const { step, indices } = printedIndices([values], 1000, 96);
    expect(step).toBe(11);
    expect(indices).toContain(501);
    expect(indices.length).toBeLessThanOrEqual(97);
  });
});
