/**
 * When the head of a queue expires: looked at as it becomes the head, and at its time. What expires behind it waits
 * (rabbit_amqqueue_process `drop_expired_msgs`). Times are those of a wall clock: of the operating system where a classic queue lives
 * (`os:system_time`), of Erlang where a quorum queue is led (ra_server `system_time`). The timer is set for what is left by it, and not
 * set anew when the clock is.
 */
import { type EventHandle, noEvent } from '../../../sim/event-list.ts';
import type { Nanos } from '../../../sim/units.ts';
import { type CopyId, none } from '../../message.ts';
import type { World } from '../../world.ts';

export interface ExpiringQueue {
  /** The copies of which one is next: the first of each level. */
  fronts(): Iterable<CopyId | typeof none>;
  /** The queue is asked to look, so long from now. */
  askToExpire(after: number): EventHandle;
  /** It is taken out of its line. */
  leave(copy: CopyId): void;
  /** How far the clock that it reads is ahead of the right time. */
  ahead(): Nanos;
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

  /** It came to the queue now, and may live for so long. */
  came(copy: CopyId, ttl: Nanos): void {
    this.world.copies.expiresAt[copy] = this.now + ttl;
    if (ttl < Infinity) this.hasExpiring = true;
  }

  isOver(copy: CopyId): boolean {
    return this.world.copies.expiresAt[copy]! <= this.now;
  }

  /** By the clock of whoever looks. */
  private get now(): Nanos {
    return this.world.sim.now + this.queue.ahead();
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
    const { now } = this;
    const { expiresAt } = this.world.copies;
    for (const copy of this.queue.fronts()) if (copy !== none && expiresAt[copy]! <= now) return copy;
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
    this.timer = earliest === Infinity ? noEvent : this.queue.askToExpire(Math.ceil((earliest - this.now) / 1e6) * 1e6);
  }
}
