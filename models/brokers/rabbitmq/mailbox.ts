/**
 * The process of a classic queue: one operation after another, in the order in which they came.
 *
 * A process that had nothing to do for a while is asleep, and waking it (and the client's reader and the server's writer on
 * the way) takes far longer than the operation itself: on the recorded host 0.99 ms for a publish and 0.70 ms for an
 * acknowledgement against 0.013 ms. Each of them spends that time on its way, and several may be on their way at once; what comes
 * close behind another finds everything awake.
 */
import type { Sampler } from '../../../sim/distribution.ts';
import { Fifo } from '../../../sim/fifo.ts';
import type { EventType, OwnerId, Simulation } from '../../../sim/simulation.ts';
import type { Nanos } from '../../../sim/units.ts';
import type { QueueId } from '../../message.ts';

/** What a queue's process is asked to do. */
export const operation = { publish: 0, settle: 1, subscribe: 2, down: 3, deadLetter: 4, expire: 5, letter: 6, checkOutDiscards: 7, settleDiscard: 8, resume: 9, purge: 10, delete: 11, cancel: 12 } as const;
export type Operation = (typeof operation)[keyof typeof operation];

export interface MailboxTiming {
  readonly delivery: Sampler;
  readonly turnaround: Sampler;
  readonly operation: Sampler;
  readonly awake: Nanos;
}

/** An event for each operation that a fault can hang on, and one for the others; their second operand is the queue. */
export interface MailboxEvents {
  readonly published: EventType<number, QueueId>;
  readonly settled: EventType<number, QueueId>;
  readonly other: EventType<number, QueueId>;
}

export interface Waiting {
  readonly kind: Operation;
  readonly a: number;
  readonly b: number;
}

export class Mailbox {
  private readonly kinds = new Fifo();
  private readonly first = new Fifo();
  private readonly second = new Fifo();
  /** When each of those that wait has reached the process. */
  private readonly wakes: Nanos[] = [];
  /** The operation under way. */
  private current: Waiting | undefined;
  /** Busy with something that is no operation, as a flush is. */
  private isBlocked = false;
  private lastActive: Nanos = -Infinity;
  private readonly sim: Simulation;
  private readonly owner: OwnerId;
  private readonly queue: QueueId;
  private readonly events: MailboxEvents;
  private readonly timing: MailboxTiming;
  private readonly slowness: () => number;

  constructor(sim: Simulation, owner: OwnerId, queue: QueueId, events: MailboxEvents, timing: MailboxTiming, slowness: () => number) {
    this.sim = sim;
    this.owner = owner;
    this.queue = queue;
    this.events = events;
    this.timing = timing;
    this.slowness = slowness;
  }

  get isEmpty(): boolean {
    return this.kinds.size === 0;
  }

  get isIdle(): boolean {
    return this.current === undefined && !this.isBlocked && this.isEmpty;
  }

  /** When it last did something. */
  get activeAt(): Nanos {
    return this.lastActive;
  }

  add(kind: Operation, a: number, b: number): void {
    const wakesAt = this.sim.now + this.timeToWake(kind);
    this.lastActive = this.sim.now;
    if (this.current === undefined && !this.isBlocked) {
      this.begin(kind, a, b, wakesAt);
      return;
    }
    this.kinds.push(kind);
    this.first.push(a);
    this.second.push(b);
    this.wakes.push(wakesAt);
  }

  /** The operation under way is done: what it was. Nothing else begins until `next`. */
  take(): Waiting {
    const done = this.current!;
    this.current = undefined;
    this.isBlocked = true;
    this.lastActive = this.sim.now;
    return done;
  }

  /** An idle process is busy with something else until `next`. */
  block(): void {
    this.isBlocked = true;
  }

  /** Goes on with what waits. */
  next(): void {
    this.isBlocked = false;
    this.lastActive = this.sim.now;
    if (this.kinds.size > 0) this.begin(this.kinds.shift() as Operation, this.first.shift(), this.second.shift(), this.wakes.shift()!);
  }

  /** @returns everything that was not done, the one under way first */
  crashed(): Waiting[] {
    const all: Waiting[] = this.current === undefined ? [] : [this.current];
    while (this.kinds.size > 0) all.push({ kind: this.kinds.shift() as Operation, a: this.first.shift(), b: this.second.shift() });
    this.wakes.length = 0;
    this.current = undefined;
    this.isBlocked = false;
    this.lastActive = -Infinity;
    return all;
  }

  private begin(kind: Operation, a: number, b: number, wakesAt: Nanos): void {
    const { published, settled, other } = this.events;
    const time = Math.max(this.timing.operation(), wakesAt - this.sim.now);
    this.current = { kind, a, b };
    const type = kind === operation.publish ? published : kind === operation.settle ? settled : other;
    this.sim.post(Math.round(time * this.slowness()), type, a, this.queue, this.owner);
  }

  private timeToWake(kind: Operation): number {
    if (this.sim.now - this.lastActive <= this.timing.awake) return 0;
    return kind === operation.publish ? this.timing.delivery() : kind === operation.settle ? this.timing.turnaround() : 0;
  }
}
