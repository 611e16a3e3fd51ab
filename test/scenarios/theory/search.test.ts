import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { leastReal, leastWhole, mostReal, mostWhole, type Trial } from '../../../scenarios/theory/search.ts';

const max = 1_000_000;

/** Holds from an edge on; impossible below `first` and above `last`. */
const rising = (edge: number, first = 1, last = max) => (value: number): Trial => (value < first || value > last ? 'impossible' : value >= edge ? 'holds' : 'fails');
const falling = (edge: number, first = 1, last = max) => (value: number): Trial => (value < first || value > last ? 'impossible' : value <= edge ? 'holds' : 'fails');

describe('the least whole number', () => {
  it('is the edge, wherever it lies and whatever is impossible around it', () => {
    // Doubling would step over all that is possible where that is less than a doubling.
    const possible = fc.integer({ min: 1, max: max / 2 }).chain((first) => fc.integer({ min: 2 * first, max }).map((last) => [first, last] as const));
    fc.assert(fc.property(fc.integer({ min: 1, max }), possible, (edge, [first, last]) => {
      const least = Math.max(edge, first);
      expect(leastWhole(rising(edge, first, last), max).value).toBe(least > last ? undefined : least);
    }), { seed: 11, numRuns: 500 });
  });

  it('says why there is none, and where it ended', () => {
    expect(leastWhole(rising(200, 1, 100), max)).toEqual({ value: undefined, tried: 100, end: 'bounded' });
    expect(leastWhole(() => 'fails', max)).toEqual({ value: undefined, tried: max, end: 'far' });
    expect(leastWhole((value) => (value >= 64 ? 'settled' : 'fails'), max)).toEqual({ value: undefined, tried: 64, end: 'settled' });
  });
});

describe('the greatest whole number', () => {
  it('is the edge, or the last that is possible', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: max - 1 }), fc.integer({ min: 1, max: max - 1 }), (edge, last) => {
      expect(mostWhole(falling(edge, 1, last), max).value).toBe(Math.min(edge, last));
    }), { seed: 12, numRuns: 500 });
  });

  it('is none where none holds, and none where all do', () => {
    expect(mostWhole(() => 'fails', max).value).toBeUndefined();
    expect(mostWhole(() => 'holds', max)).toEqual({ value: undefined, tried: max, end: 'far' });
  });
});

describe('a real number', () => {
  const edges = fc.double({ min: -12, max: 12, noNaN: true }).map((power) => Math.exp(power * Math.LN10));

  it('is the greatest that holds, to six digits, and holds', () => {
    fc.assert(fc.property(edges, edges, (edge, start) => {
      const { value } = mostReal(falling(edge, 0, Infinity), start);
      expect(value!).toBeLessThanOrEqual(edge);
      expect(value! / edge).toBeGreaterThan(1 - 1.001e-5);
      expect(Number(value!.toPrecision(6))).toBe(value);
    }), { seed: 13, numRuns: 500 });
  });

  it('is the least that holds, to six digits, and holds', () => {
    fc.assert(fc.property(edges, edges, (edge, start) => {
      const { value } = leastReal(rising(edge, 0, Infinity), start);
      expect(value!).toBeGreaterThanOrEqual(edge);
      expect(value! / edge).toBeLessThan(1 + 1.001e-5);
      expect(Number(value!.toPrecision(6))).toBe(value);
    }), { seed: 14, numRuns: 500 });
  });

  it('is exactly the edge where that is a short number', () => {
    expect(mostReal(falling(0.3, 0, Infinity), 1).value).toBe(0.3);
    expect(leastReal(rising(120, 0, Infinity), 1).value).toBe(120);
  });

  it('is none, or without end', () => {
    expect(mostReal(() => 'fails', 1).value).toBeUndefined();
    expect(mostReal(() => 'holds', 1).value).toBe(Infinity);
    expect(leastReal(() => 'holds', 1).value).toBe(0);
    expect(mostReal((value) => (value > 0.1 ? 'fails' : 'settled'), 1)).toEqual({ value: undefined, tried: 0.0625, end: 'settled' });
  });
});
