import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LatencyRecorder, Level, Tally } from '../../sim/metrics.ts';
import { Histogram } from '../../sim/histogram.ts';

type Act = { readonly kind: 'add' | 'set' | 'restart' | 'window'; readonly wait: number; readonly by: number };
const act: fc.Arbitrary<Act> = fc.record({
  kind: fc.constantFrom('add', 'add', 'set', 'restart', 'window'),
  wait: fc.integer({ min: 0, max: 20 }),
  by: fc.integer({ min: -5, max: 5 }),
});

/** The level at every single nanosecond: slow, and plainly right. */
class Recording {
  /** The value during each nanosecond. */
  private readonly during: number[] = [];
  private value = 0;
  private restart = { at: 0, max: 0 };
  private window = { at: 0, max: 0 };

  wait(nanos: number): void {
    for (let i = 0; i < nanos; i++) this.during.push(this.value);
  }
  act(kind: Act['kind'], by: number): { mean: number; max: number } | undefined {
    const ended = this.window;
    if (kind === 'add') this.value += by;
    if (kind === 'set') this.value = by;
    if (kind === 'restart') this.restart = { at: this.during.length, max: this.value };
    if (kind === 'window') this.window = { at: this.during.length, max: this.value };
    this.restart.max = Math.max(this.restart.max, this.value);
    this.window.max = Math.max(this.window.max, this.value);
    return kind === 'window' ? { mean: this.mean(ended.at), max: ended.max } : undefined;
  }
  sinceRestart() {
    const { at, max } = this.restart;
    return { value: this.value, integral: this.sum(at), mean: this.mean(at), max };
  }
  private sum(from: number): number {
    return this.during.slice(from).reduce((sum, value) => sum + value, 0);
  }
  private mean(from: number): number {
    return from === this.during.length ? this.value : this.sum(from) / (this.during.length - from);
  }
}

describe('Level', () => {
  it('integrates as adding up every nanosecond does, since the restart and over each window', () => {
    fc.assert(fc.property(fc.array(act, { maxLength: 60 }), (acts) => {
      const level = new Level();
      const recording = new Recording();
      let now = 0;
      for (const { kind, wait, by } of acts) {
        now += wait;
        recording.wait(wait);
        const window = kind === 'window' ? level.closeWindow(now) : undefined;
        if (kind === 'add') level.add(now, by);
        else if (kind === 'set') level.set(now, by);
        else if (kind === 'restart') level.restart(now);
        expect(window).toEqual(recording.act(kind, by));
        expect({ value: level.value, integral: level.integral(now), mean: level.mean(now), max: level.max }).toEqual(recording.sinceRestart());
      }
    }), { seed: 1, numRuns: 500 });
  });

  it('counts from when it was made', () => {
    const level = new Level(1000);
    level.add(1500, 4);
    expect(level.mean(2000)).toBe(2);
    expect(level.closeWindow(2000)).toEqual({ mean: 2, max: 4 });
  });

  it('sees a peak that lasted no time', () => {
    const level = new Level();
    level.add(5, 3);
    level.add(5, -3);
    expect(level.max).toBe(3);
    expect(level.integral(10)).toBe(0);
  });
});

describe('Tally', () => {
  it('has the mean and variance that the definition gives', () => {
    fc.assert(fc.property(fc.array(fc.integer({ min: -1e6, max: 1e6 }), { minLength: 2, maxLength: 50 }), (values) => {
      const tally = new Tally();
      for (const value of values) tally.add(value + 1e9);
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
      expect(tally.count).toBe(values.length);
      expect(tally.mean - 1e9).toBeCloseTo(mean, 4);
      expect(Math.abs(tally.variance - variance)).toBeLessThanOrEqual(1e-6 * variance + 1e-3);
      expect([tally.min, tally.max]).toEqual([Math.min(...values) + 1e9, Math.max(...values) + 1e9]);
    }), { seed: 2, numRuns: 300 });
  });

  it('forgets at a restart, and says nothing of nothing', () => {
    const tally = new Tally();
    tally.add(5);
    expect([tally.mean, tally.variance]).toEqual([5, NaN]);
    tally.restart();
    expect([tally.count, tally.mean, tally.variance, tally.min, tally.max]).toEqual([0, NaN, NaN, NaN, NaN]);
  });
});

describe('LatencyRecorder', () => {
  const record = fc.record({
    published: fc.integer({ min: 0, max: 999 }), value: fc.integer({ min: 0, max: 1e9 }), closes: fc.boolean(),
  });

  it('keeps windows, the measured phase and its batches apart', () => {
    fc.assert(fc.property(fc.array(record, { maxLength: 100 }), fc.integer({ min: 1, max: 30 }), (records, batches) => {
      const recorder = new LatencyRecorder(200, 700, batches);
      const measured = records.filter(({ published }) => published >= 200 && published < 700);
      let window = new Histogram();
      for (const { published, value, closes } of records) {
        recorder.record(1000, published, value);
        window.record(value);
        if (!closes) continue;
        expect(recorder.closeWindow(1000)).toEqual({
          p50: window.quantile(0.5), p90: window.quantile(0.9), p99: window.quantile(0.99), max: window.max,
        });
        window = new Histogram();
      }
      const total = new Histogram();
      for (const { value } of measured) total.record(value);
      expect(recorder.total().buckets()).toEqual(total.buckets());
      expect([recorder.total().count, recorder.total().sum]).toEqual([total.count, total.sum]);
      const wanted = Array.from({ length: batches }, (_, batch) => measured.filter(({ published }) => Math.floor(((published - 200) * batches) / 500) === batch))
        .filter((batch) => batch.length > 0)
        .map((batch) => ({ sum: batch.reduce((sum, { value }) => sum + value, 0), count: batch.length }));
      expect(recorder.batched()).toEqual(wanted);
    }), { seed: 3, numRuns: 500 });
  });

  it('has nulls for an empty window, and nothing from before the phase', () => {
    const recorder = new LatencyRecorder(100, 200);
    expect(recorder.closeWindow(1000)).toEqual({ p50: null, p90: null, p99: null, max: null });
    recorder.record(150, 99, 5);
    recorder.record(150, 200, 5);
    expect(recorder.total().count).toBe(0);
    expect(recorder.batched()).toEqual([]);
    recorder.record(5000, 199, 4801);
    expect(recorder.total().count).toBe(1);
    expect(recorder.batched()).toEqual([{ sum: 4801, count: 1 }]);
    expect(recorder.closeWindow(1000).max).toBe(4801);
    expect(recorder.total().count).toBe(1);
  });

  it('keeps what was handled in each part of the phase, and what came later with the last', () => {
    const recorder = new LatencyRecorder(100, 200, 4);
    for (const [now, value] of [[90, 1], [100, 2], [125, 3], [126, 4], [175, 5], [200, 6], [900, 7]] as const) {
      recorder.record(now, 100, value);
      recorder.closeWindow(now);
    }
    expect(recorder.sections().map(({ count, sum }) => [count, sum])).toEqual([[3, 6], [1, 4], [1, 5], [2, 13]]);
    expect([recorder.total().count, recorder.total().sum]).toEqual([7, 28]);
  });

  it('measures nothing in a phase of no length', () => {
    const recorder = new LatencyRecorder(100, 100);
    recorder.record(150, 100, 5);
    expect(recorder.total().count).toBe(0);
    expect(recorder.closeWindow(1000).max).toBe(5);
  });
});
