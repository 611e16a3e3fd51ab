/**
 * Every copy is in exactly one bucket. The permitted moves between buckets are a table; queues count what they hold, and
 * Little's law is checked on what came and went.
 */
import type { Simulation } from '../sim/simulation.ts';
import { longer } from '../sim/slot-store.ts';
import type { Nanos } from '../sim/units.ts';
import type { Copies, CopyId, QueueId } from './message.ts';
import type { QueueAccount } from './queue-account.ts';

export type Bucket = 'nowhere' | 'ready' | 'inFlight' | 'acknowledged' | 'deadLettered' | 'dropped';
export const bucketNames: readonly Bucket[] = ['nowhere', 'ready', 'inFlight', 'acknowledged', 'deadLettered', 'dropped'];
export const [nowhere, ready, inFlight, acknowledged, deadLettered, dropped] = [0, 1, 2, 3, 4, 5];

/** The permitted moves: `moves[from]` has the bit of each bucket that may follow. */
const moves: readonly number[] = [
  bit(ready),
  bit(inFlight) | bit(dropped) | bit(deadLettered),
  bit(ready) | bit(acknowledged) | bit(dropped) | bit(deadLettered),
  // A settlement or a dead-lettering that was not synced is undone by a host crash.
  bit(ready) | bit(dropped),
  bit(ready) | bit(dropped),
  0,
];

export class Buckets {
  readonly queues: QueueAccount[] = [];
  /** Copies ready or in flight, those in queues that only keep dead letters left out. */
  work = 0;
  /** Called at each move. */
  watchers: readonly ((copy: CopyId, from: number, to: number) => void)[] = [];
  /** When `work` last became zero. */
  emptiedAt: Nanos = 0;
  /** Columns by copy. */
  private bucket = new Uint8Array(64);
  private enteredAt = new Float64Array(64);
  private movedAt = new Float64Array(64);
  private readonly sim: Simulation;
  private readonly copies: Copies;

  constructor(sim: Simulation, copies: Copies) {
    this.sim = sim;
    this.copies = copies;
  }

  of(copy: CopyId): Bucket {
    return bucketNames[this.bucket[copy]!]!;
  }

  /** The bucket's number: one of those exported here. */
  numberOf(copy: CopyId): number {
    return this.bucket[copy]!;
  }

  lastMove(copy: CopyId): Nanos {
    return this.movedAt[copy]!;
  }

  queueOf(copy: CopyId): QueueAccount {
    return this.queues[this.copies.queue[copy]!]!;
  }

  /** A new copy: it is ready in its queue. */
  open(copy: CopyId): void {
    if (copy >= this.bucket.length) this.grow(copy);
    this.bucket[copy] = nowhere;
    this.move(copy, ready);
  }

  /** Moves a copy to another bucket, also when the table does not permit that: then false, for those who judge. */
  move(copy: CopyId, to: number): boolean {
    const queue = this.queueOf(copy);
    const from = this.bucket[copy]!;
    const { now } = this.sim;
    const wasHeld = from === ready || from === inFlight;
    const isHeld = to === ready || to === inFlight;
    this.bucket[copy] = to;
    this.movedAt[copy] = now;
    if (from === ready) queue.ready.add(now, -1);
    else if (from === inFlight) queue.inFlight.add(now, -1);
    if (to === ready) queue.ready.add(now, 1);
    else if (to === inFlight) queue.inFlight.add(now, 1);
    if (wasHeld && !isHeld) this.leave(copy, queue, now);
    else if (!wasHeld && isHeld) this.enter(copy, queue, now);
    for (const watch of this.watchers) watch(copy, from, to);
    return (moves[from]! & bit(to)) !== 0;
  }

  /** Copies ready or in flight in these queues. */
  heldIn(queues: readonly QueueId[]): number {
    return queues.reduce((sum, queue) => sum + this.queues[queue]!.ready.value + this.queues[queue]!.inFlight.value, 0);
  }

  /** When each copy that is still there entered, for Little's law. */
  stillInside(visit: (queue: QueueAccount, since: Nanos) => void): void {
    for (const copy of this.copies.ids()) {
      const bucket = this.bucket[copy]!;
      if (bucket === ready || bucket === inFlight) visit(this.queueOf(copy), this.enteredAt[copy]!);
    }
  }

  private enter(copy: CopyId, queue: QueueAccount, now: Nanos): void {
    this.enteredAt[copy] = now;
    queue.enter(now);
    if (!queue.parking) this.work++;
  }

  private leave(copy: CopyId, queue: QueueAccount, now: Nanos): void {
    queue.leave(now, this.enteredAt[copy]!);
    if (!queue.parking && --this.work === 0) this.emptiedAt = now;
  }

  private grow(copy: number): void {
    let { length } = this.bucket;
    while (length <= copy) length *= 2;
    this.bucket = longer(this.bucket, length);
    this.enteredAt = longer(this.enteredAt, length);
    this.movedAt = longer(this.movedAt, length);
  }
}

function bit(bucket: number): number {
  return 1 << bucket;
}
