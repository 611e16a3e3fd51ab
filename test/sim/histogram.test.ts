import * as fc from 'fast-check';
import { build } from 'hdr-histogram-js';
import { describe, expect, it } from 'vitest';
import { Histogram } from '../../sim/histogram.ts';
import { RandomStreams } from '../../sim/random.ts';

/** Whole numbers of every magnitude, and zeros. */
const value = fc.oneof(
  fc.constant(0), fc.integer({ min: 1, max: 300 }), fc.integer({ min: 0, max: 2 ** 52 }),
  fc.tuple(fc.integer({ min: 0, max: 51 }), fc.double({ min: 1, max: 2, noNaN: true })).map(([octave, x]) => Math.floor(x * 2 ** octave)),
);
const values = fc.array(value, { maxLength: 300 });
const quantiles = [0, 0.001, 0.25, 0.5, 0.9, 0.99, 0.9999, 1];
const statedError = 1 / 256;

function histogramOf(recorded: Iterable<number>): Histogram {
  const histogram = new Histogram();
  for (const one of recorded) histogram.record(one);
  return histogram;
}

function stateOf(histogram: Histogram) {
  const { count, sum, min, max } = histogram;
  return { count, sum, min, max, buckets: histogram.buckets(), quantiles: quantiles.map((q) => histogram.quantile(q)) };
}

/** The greatest relative error of the quantiles, found by sorting. */
function quantileError(recorded: readonly number[], quantile: (q: number) => number): number {
  const sorted = [...recorded].sort((a, b) => a - b);
  const errors = quantiles.map((q) => {
    const exact = sorted[Math.max(1, Math.ceil(q * sorted.length)) - 1];
    return Math.abs(quantile(q) - exact) / Math.max(1, exact);
  });
  return Math.max(...errors);
}

describe('Histogram', () => {
  it('finds quantiles within the stated error of sorting', () => {
    fc.assert(fc.property(values.filter((some) => some.length > 0), (some) => {
      const histogram = histogramOf(some);
      expect(quantileError(some, (q) => histogram.quantile(q))).toBeLessThanOrEqual(statedError);
    }), { seed: 1, numRuns: 1000 });
  });

  it('would not be allowed an error of one in a hundred', () => {
    const some = Array.from({ length: 1000 }, (_, index) => 1000 + 7 * index);
    const histogram = histogramOf(some);
    expect(quantileError(some, (q) => 1.01 * histogram.quantile(q))).toBeGreaterThan(statedError);
  });

  it('agrees with HdrHistogram', () => {
    const stream = new RandomStreams(1).stream('latency');
    const other = build({ numberOfSignificantValueDigits: 3, highestTrackableValue: 1e12, bitBucketSize: 64 });
    const histogram = new Histogram();
    for (let i = 0; i < 100_000; i++) {
      const latency = Math.round(35e6 * stream.exponential());
      histogram.record(latency);
      other.recordValue(latency);
    }
    for (const q of [0.1, 0.5, 0.9, 0.99, 0.999]) {
      expect(Math.abs(histogram.quantile(q) / other.getValueAtPercentile(100 * q) - 1)).toBeLessThan(statedError + 1e-3);
    }
    expect(histogram.mean / other.mean).toBeCloseTo(1, 3);
  });

  it('merges into exactly what one histogram would have seen', () => {
    fc.assert(fc.property(values, values, (some, more) => {
      const merged = histogramOf(some);
      merged.merge(histogramOf(more));
      expect(stateOf(merged)).toEqual(stateOf(histogramOf([...some, ...more])));
    }), { seed: 2, numRuns: 500 });
  });

  it('goes on recording after a merge, and leaves the other alone', () => {
    const other = histogramOf([5, 1e9]);
    const histogram = histogramOf([100]);
    histogram.merge(other);
    histogram.record(7);
    expect(stateOf(histogram)).toEqual(stateOf(histogramOf([100, 5, 1e9, 7])));
    expect(stateOf(other)).toEqual(stateOf(histogramOf([5, 1e9])));
  });

  it('is as new when cleared', () => {
    const histogram = histogramOf([0, 3, 1e6]);
    histogram.clear();
    expect(stateOf(histogram)).toEqual(stateOf(new Histogram()));
    histogram.record(12);
    expect(stateOf(histogram)).toEqual(stateOf(histogramOf([12])));
  });

  it('lists its buckets in order, each value in the first that reaches it', () => {
    fc.assert(fc.property(values, (some) => {
      const buckets = histogramOf(some).buckets();
      expect(buckets.reduce((sum, { count }) => sum + count, 0)).toBe(some.length);
      expect(buckets.every(({ upTo }, index) => index === 0 || upTo > buckets[index - 1].upTo)).toBe(true);
      let below = 0;
      for (const { upTo, count } of buckets) {
        below += count;
        expect(some.filter((one) => one === 0 || one < upTo).length).toBe(below);
      }
    }), { seed: 3, numRuns: 300 });
  });

  it('keeps whole numbers below 256 apart', () => {
    const all = Array.from({ length: 256 }, (_, index) => index);
    expect(histogramOf(all).buckets().map(({ count }) => count)).toEqual(new Array(256).fill(1));
    expect(histogramOf([0, 0, 5]).buckets()[0]).toEqual({ upTo: 0, count: 2 });
  });

  it('adds up whole numbers exactly, beyond what a double holds', () => {
    const large = new Array<number>(1001).fill(2 ** 52 - 1);
    const exact = Number(1001n * (2n ** 52n - 1n));
    expect(histogramOf(large).sum).toBe(exact);
    expect(large.reduce((sum, one) => sum + one)).not.toBe(exact);
    const merged = new Histogram();
    for (const one of large) merged.merge(histogramOf([one]));
    expect(merged.sum).toBe(exact);
  });

  it('says nothing of nothing', () => {
    const { count, sum, mean, min, max } = new Histogram();
    expect({ count, sum, mean, min, max, p50: new Histogram().quantile(0.5) }).toEqual({ count: 0, sum: 0, mean: NaN, min: NaN, max: NaN, p50: NaN });
    expect(new Histogram().buckets()).toEqual([]);
  });

  it.each([-1, NaN, Infinity, -Infinity, 2 ** 64])('refuses %d and stays as it was', (bad) => {
    const histogram = histogramOf([1, 2]);
    expect(() => histogram.record(bad)).toThrow(RangeError);
    expect(stateOf(histogram)).toEqual(stateOf(histogramOf([1, 2])));
  });
});
