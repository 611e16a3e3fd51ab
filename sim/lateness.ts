/**
 * Events that may come late: at a quarter of the places that say so, drawn for the run, a quarter of the times, drawn each time, something
 * takes up to five times as long. Both levels are those of FoundationDB's BUGGIFY: a place that is never late in one run is often late in
 * another, so that what hangs on an unlikely order of timers is met.
 */
import type { RandomStream } from './random.ts';
import type { Nanos } from './units.ts';

const activeShare = 0.25;
const lateShare = 0.25;
const mostTimes = 4;
/** What takes no time may take as much. */
const least: Nanos = 1e6;

export class Lateness {
  /** By number of the event; undefined where it is never late. */
  private readonly active: (RandomStream | undefined)[] = [];

  /** @param stream of that place, from which both levels are drawn */
  mayBeLate(event: number, stream: RandomStream): void {
    if (stream.double() < activeShare) this.active[event] = stream;
  }

  /** How long it takes instead. */
  of(event: number, delay: Nanos): Nanos {
    const stream = this.active[event];
    if (stream === undefined || stream.double() >= lateShare) return delay;
    return delay + Math.floor(stream.double() * mostTimes * Math.max(delay, least));
  }
}
