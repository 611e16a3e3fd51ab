/** The last events, for whoever has to understand a failure; and counters of rare paths, to know that they were taken. */
import type { Nanos } from './units.ts';

export interface TracedEvent {
  readonly time: Nanos;
  readonly name: string;
  readonly a: number;
  readonly b: number;
}

const length = 64;

export class Trace {
  private readonly times = new Float64Array(length);
  private readonly kinds = new Int32Array(length);
  private readonly as = new Int32Array(length);
  private readonly bs = new Int32Array(length);
  private next = 0;
  private readonly paths = new Map<string, number>();

  note(time: Nanos, kind: number, a: number, b: number): void {
    const at = this.next++ & (length - 1);
    this.times[at] = time;
    this.kinds[at] = kind;
    this.as[at] = a;
    this.bs[at] = b;
  }

  get events(): number {
    return this.next;
  }

  /** The last `count` events (at most 64), oldest first. */
  last(count: number, names: readonly string[]): TracedEvent[] {
    const events: TracedEvent[] = [];
    for (let index = Math.max(0, this.next - Math.min(count, length)); index < this.next; index++) {
      const at = index & (length - 1);
      events.push({ time: this.times[at]!, name: names[this.kinds[at]!]!, a: this.as[at]!, b: this.bs[at]! });
    }
    return events;
  }

  /** Counts that a rare path was taken. Not for hot paths. */
  reached(path: string, times = 1): void {
    this.paths.set(path, (this.paths.get(path) ?? 0) + times);
  }

  /** Rare paths by name, in the order of the alphabet. */
  get reachedPaths(): Record<string, number> {
    return Object.fromEntries([...this.paths].sort(([one], [other]) => (one < other ? -1 : 1)));
  }
}
