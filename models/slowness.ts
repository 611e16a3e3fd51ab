/** How much longer something takes now: by a product of factors that come and go, and until it goes on at all. */
import type { Nanos } from '../sim/units.ts';

export class Slowness {
  factor = 1;
  /** Nothing that is begun before then is done before then. */
  private stalledUntil: Nanos = 0;

  stall(until: Nanos): void {
    this.stalledUntil = Math.max(this.stalledUntil, until);
  }

  /** What takes that long otherwise, if it is begun now. */
  of(time: number, now: Nanos): number {
    return time * this.factor + (now < this.stalledUntil ? this.stalledUntil - now : 0);
  }

  slow(factor: number): void {
    this.factor *= factor;
  }

  /** Turns `slow` back; exact, since a product of factors would leave a rest. */
  unslow(factor: number): void {
    const left = this.factor / factor;
    this.factor = Math.abs(left - 1) < 1e-9 ? 1 : left;
  }
}
