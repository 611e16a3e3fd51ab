/** When the head of a queue expires: looked at as it becomes the head, and at its time. What expires behind it waits (rabbit_amqqueue_process `drop_expired_msgs`). */
import { type EventHandle, noEvent } from '../../../sim/event-list.ts';
import { type CopyId, none } from '../../message.ts';
import type { World } from '../../world.ts';

export interface ExpiringQueue {
  /** The copies of which one is next: the first of each level. */
  fronts(): Iterable<CopyId | typeof none>;
  /** The queue is asked to look, so long from now. */
  askToExpire(after: number): EventHandle;
  /** It is taken out of its line. */
  leave(copy: CopyId): void;
}

export class HeadExpiry {
  /** Something that expires came here at some time. */
  private hasExpiring = false;
  private timer: EventHandle = noEvent;
  private timerAt = Infinity;
  private readonly world: World;
  private readonly queue: ExpiringQueue;

  constructor(world: World, queue: ExpiringQueue) {
    this.world = world;
    this.queue = queue;
  }

  came(copy: CopyId): void {
    if (this.world.copies.expiresAt[copy]! < Infinity) this.hasExpiring = true;
  }

  /** Those that expired, each once the one before was taken out; the timer is set for the next. */
  takeEach(): void {
    if (!this.hasExpiring) return;
    for (let copy = this.expired(); copy !== none; copy = this.expired()) {
      this.world.sim.trace.reached('broker.expired');
      this.queue.leave(copy);
    }
    this.arm();
  }

  private expired(): CopyId | typeof none {
    const { copies, sim } = this.world;
    for (const copy of this.queue.fronts()) if (copy !== none && copies.expiresAt[copy]! <= sim.now) return copy;
    return none;
  }

  private arm(): void {
    const { copies, sim } = this.world;
    let earliest = Infinity;
    for (const head of this.queue.fronts()) if (head !== none) earliest = Math.min(earliest, copies.expiresAt[head]!);
    if (earliest === this.timerAt && sim.isPending(this.timer)) return;
    sim.cancel(this.timer);
    this.timerAt = earliest;
    // Erlang's timers count whole milliseconds, and round up.
    this.timer = earliest === Infinity ? noEvent : this.queue.askToExpire(Math.ceil((earliest - sim.now) / 1e6) * 1e6);
  }
}
