/** One queue's side of the ledger: its buckets over time, and Little's law in its exact form. */
import { ExactSum } from '../sim/exact-sum.ts';
import { Level } from '../sim/metrics.ts';
import type { Nanos } from '../sim/units.ts';
import type { CauseId } from './causes.ts';
import { Lives } from './lives.ts';

export class QueueAccount {
  readonly name: string;
  readonly ready = new Level();
  readonly inFlight = new Level();
  readonly lives = new Lives();
  stored = 0;
  acknowledged = 0;
  redelivered = 0;
  deadLettered = 0;
  readonly dropped = new Map<CauseId, number>();
  /** Takes dead letters, and nobody consumes it: what is in it is not work. */
  parking = false;
  /** Copies inside, the integral of their number over time, and the sum of the times they spent inside. */
  private inside = 0;
  private changedAt: Nanos = 0;
  private readonly integral = new ExactSum();
  private readonly sojourns = new ExactSum();

  constructor(name: string) {
    this.name = name;
  }

  enter(now: Nanos): void {
    this.advance(now);
    this.inside++;
  }

  leave(now: Nanos, enteredAt: Nanos): void {
    this.advance(now);
    this.inside--;
    this.sojourns.add(now - enteredAt);
  }

  /**
   * Little's law on this very path: the integral of the number inside is the sum of the times spent inside, to the
   * nanosecond. `stillInside` are the entry times of the copies that have not left.
   */
  littleHolds(now: Nanos, stillInside: readonly Nanos[]): boolean {
    this.advance(now);
    for (const since of stillInside) this.sojourns.add(now - since);
    const holds = this.integral.equals(this.sojourns) && stillInside.length === this.inside;
    for (const since of stillInside) this.sojourns.add(since - now);
    return holds;
  }

  private advance(now: Nanos): void {
    this.integral.addProduct(this.inside, now - this.changedAt);
    this.changedAt = now;
  }
}
