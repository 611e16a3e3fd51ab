/** What a run measures: levels over time, observations one by one, latencies of a group. */
import type { Batch } from './confidence.ts';
import { Histogram } from './histogram.ts';
import type { Nanos } from './units.ts';

/**
 * A level that lasts, such as a backlog, weighted by how long it lasted.
 *
 * Every field has an initial number: one that is declared only begins as undefined, and then each store of a time
 * allocates (5 ns instead of 2).
 */
export class Level {
  value = 0;
  /** The greatest value since the restart, the one at the restart included. */
  max = 0;
  private changedAt: Nanos = 0;
  /** The integral since the beginning; restart and window remember what it was then, and take the difference. */
  private area = 0;
  private areaAtRestart = 0;
  private restartedAt: Nanos = 0;
  private areaAtWindow = 0;
  private windowFrom: Nanos = 0;
  private windowMax = 0;

  constructor(now: Nanos = 0) {
    this.changedAt = now;
    this.restartedAt = now;
    this.windowFrom = now;
  }

  add(now: Nanos, delta: number): void {
    this.set(now, this.value + delta);
  }

  set(now: Nanos, value: number): void {
    this.area += this.value * (now - this.changedAt);
    this.changedAt = now;
    this.value = value;
    if (value > this.windowMax) this.windowMax = value;
    if (value > this.max) this.max = value;
  }

  /** Value × nanoseconds since the restart. */
  integral(now: Nanos): number {
    return this.areaUntil(now) - this.areaAtRestart;
  }

  /** The time average since the restart; of no time at all, the present value. */
  mean(now: Nanos): number {
    return now > this.restartedAt ? this.integral(now) / (now - this.restartedAt) : this.value;
  }

  restart(now: Nanos): void {
    this.areaAtRestart = this.areaUntil(now);
    this.restartedAt = now;
    this.max = this.value;
  }

  /** Ends a window and begins the next; a restart in between changes nothing. */
  closeWindow(now: Nanos): { mean: number; max: number } {
    const area = this.areaUntil(now);
    const mean = now > this.windowFrom ? (area - this.areaAtWindow) / (now - this.windowFrom) : this.value;
    const max = this.windowMax;
    this.areaAtWindow = area;
    this.windowFrom = now;
    this.windowMax = this.value;
    return { mean, max };
  }

  private areaUntil(now: Nanos): number {
    return this.area + this.value * (now - this.changedAt);
  }
}

/** Mean and variance of single observations, by Welford's method. */
export class Tally {
  count = 0;
  private average = 0;
  private squares = 0;
  private smallest = Infinity;
  private largest = -Infinity;

  add(x: number): void {
    this.count++;
    const before = x - this.average;
    this.average += before / this.count;
    this.squares += before * (x - this.average);
    if (x < this.smallest) this.smallest = x;
    if (x > this.largest) this.largest = x;
  }

  /** NaN, as are the least and the greatest, when there was nothing to observe. */
  get mean(): number {
    return this.count === 0 ? NaN : this.average;
  }
  /** The unbiased estimate; NaN for fewer than two observations. */
  get variance(): number {
    return this.count < 2 ? NaN : this.squares / (this.count - 1);
  }
  get min(): number {
    return this.count === 0 ? NaN : this.smallest;
  }
  get max(): number {
    return this.count === 0 ? NaN : this.largest;
  }

  restart(): void {
    this.count = 0;
    this.average = 0;
    this.squares = 0;
    this.smallest = Infinity;
    this.largest = -Infinity;
  }
}

export interface WindowLatency {
  readonly p50: number | null;
  readonly p90: number | null;
  readonly p99: number | null;
  readonly max: number | null;
}

const nothingObserved: WindowLatency = { p50: null, p90: null, p99: null, max: null };

/**
 * One latency of one group: in windows for the charts, and over the measured phase for the verdict.
 *
 * A message belongs to the measured phase, and to one of its batches, by the time at which it was published: so a
 * latency that outlasts the phase still counts, and warm-up never leaks in.
 */
export class LatencyRecorder {
  /** The present window, in two parts, so that each value is recorded once: the measured part moves on when it closes. */
  private readonly measuredInWindow = new Histogram();
  private readonly otherInWindow = new Histogram();
  private readonly measuredBefore = new Histogram();
  /** The same by when they were handled: what percentiles of batches are read from. */
  private readonly sectioned: readonly Histogram[];
  private readonly counts: number[];
  private readonly sums: number[];
  private readonly from: Nanos;
  private readonly until: Nanos;

  constructor(measureFrom: Nanos, measureUntil: Nanos, batches = 20) {
    this.from = measureFrom;
    this.until = measureUntil;
    this.sectioned = Array.from({ length: batches }, () => new Histogram());
    this.counts = new Array<number>(batches).fill(0);
    this.sums = new Array<number>(batches).fill(0);
  }

  record(_now: Nanos, publishedAt: Nanos, value: Nanos): void {
    if (publishedAt < this.from || publishedAt >= this.until) {
      this.otherInWindow.record(value);
      return;
    }
    this.measuredInWindow.record(value);
    const batch = this.batchAt(publishedAt);
    this.counts[batch]++;
    this.sums[batch] += value;
  }

  /** Percentiles of the window, null where it was empty; the next window begins. */
  closeWindow(now: Nanos): WindowLatency {
    const window = this.otherInWindow;
    if (window.count + this.measuredInWindow.count === 0) return nothingObserved;
    window.merge(this.measuredInWindow);
    if (this.measuredInWindow.count > 0) {
      this.measuredBefore.merge(this.measuredInWindow);
      this.sectioned[this.batchAt(Math.min(this.until, Math.max(this.from + 1, now)) - 1)]!.merge(this.measuredInWindow);
      this.measuredInWindow.clear();
    }
    const closed = { p50: window.quantile(0.5), p90: window.quantile(0.9), p99: window.quantile(0.99), max: window.max };
    window.clear();
    return closed;
  }

  /** Every message published in the measured phase. */
  total(): Histogram {
    const total = new Histogram();
    total.merge(this.measuredBefore);
    total.merge(this.measuredInWindow);
    return total;
  }

  /** The batches that have a message, by when it was published. */
  batched(): Batch[] {
    return this.sums.map((sum, batch) => ({ sum, count: this.counts[batch]! })).filter(({ count }) => count > 0);
  }

  /** The same messages in as many parts, by the window in which they were handled; what came after the phase is in the last. */
  sections(): readonly Histogram[] {
    return this.sectioned;
  }

  private batchAt(time: Nanos): number {
    return Math.floor(((time - this.from) * this.counts.length) / (this.until - this.from));
  }
}
