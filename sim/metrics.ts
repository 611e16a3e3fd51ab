/** What a run measures: levels over time, observations one by one, latencies of a group. */
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
  /** Of the present window, whenever its messages were published. */
  private readonly window = new Histogram();
  private readonly parts: readonly Histogram[];
  private readonly from: Nanos;
  private readonly until: Nanos;

  constructor(measureFrom: Nanos, measureUntil: Nanos, batches = 20) {
    this.from = measureFrom;
    this.until = measureUntil;
    this.parts = Array.from({ length: batches }, () => new Histogram());
  }

  record(_now: Nanos, publishedAt: Nanos, value: Nanos): void {
    this.window.record(value);
    if (publishedAt < this.from || publishedAt >= this.until) return;
    this.parts[Math.floor(((publishedAt - this.from) * this.parts.length) / (this.until - this.from))]!.record(value);
  }

  /** Percentiles of the window, null where it was empty; the next window begins. */
  closeWindow(): WindowLatency {
    const { window } = this;
    if (window.count === 0) return nothingObserved;
    const closed = { p50: window.quantile(0.5), p90: window.quantile(0.9), p99: window.quantile(0.99), max: window.max };
    window.clear();
    return closed;
  }

  /** Every message published in the measured phase. */
  total(): Histogram {
    const total = new Histogram();
    for (const part of this.parts) total.merge(part);
    return total;
  }

  /** The same by the twentieth of the phase in which they were published, in order; some may be empty. */
  batches(): readonly Histogram[] {
    return this.parts;
  }
}
