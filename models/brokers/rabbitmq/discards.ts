/**
 * The part of a quorum queue that keeps dead letters until they arrived (rabbit_fifo_dlx, from 3.10 on). It is replicated as the queue
 * is: a change of leaders leaves it as it was, and only the worker begins anew. What it holds counts towards the queue's length.
 */
import type { Bytes } from '../../../sim/units.ts';
import type { CopyId } from '../../message.ts';
import type { World } from '../../world.ts';
import type { DeathReason } from './copies.ts';

export class Discards {
  bytes: Bytes = 0;
  /** In the order in which they died. */
  private waiting = new Map<CopyId, DeathReason>();
  private readonly checkedOut = new Map<CopyId, DeathReason>();
  /** The dead letter that each became, as the worker's settlement says; held. */
  private readonly became = new Map<CopyId, CopyId>();
  private readonly prefetch: number;
  private readonly world: World;

  /** @param prefetch `dead_letter_worker_consumer_prefetch` */
  constructor(world: World, prefetch: number) {
    this.world = world;
    this.prefetch = prefetch;
  }

  get size(): number {
    return this.waiting.size + this.checkedOut.size;
  }

  add(copy: CopyId, reason: DeathReason): void {
    this.waiting.set(copy, reason);
    this.bytes += this.world.copies.size[copy]!;
  }

  /** What the worker is given next; undefined when there is nothing, or when it has as much as it may. */
  checkOut(): readonly [CopyId, DeathReason] | undefined {
    if (this.checkedOut.size >= this.prefetch) return undefined;
    const [next] = this.waiting;
    if (next === undefined) return undefined;
    this.waiting.delete(next[0]);
    this.checkedOut.set(...next);
    return next;
  }

  /** Another worker takes over: what the one before had not settled comes first. */
  returnAll(): void {
    this.waiting = new Map([...this.checkedOut, ...this.waiting]);
    this.checkedOut.clear();
  }

  /** All of them, in the order in which they died; they are no business of this queue any more. */
  drain(): ReadonlyMap<CopyId, DeathReason> {
    this.returnAll();
    const all = this.waiting;
    this.waiting = new Map();
    this.bytes = 0;
    for (const copy of this.became.keys()) this.forget(copy);
    return all;
  }

  /** All of them, in the order in which they died. */
  get all(): ReadonlyMap<CopyId, DeathReason> {
    return new Map([...this.checkedOut, ...this.waiting]);
  }

  /** All its targets have it: what is going to be settled. */
  confirmed(copy: CopyId, into: CopyId): void {
    this.world.copies.hold(into);
    this.forget(copy);
    this.became.set(copy, into);
  }

  /** @returns why it died; undefined for what another worker has again */
  settle(copy: CopyId): { readonly reason: DeathReason; readonly into: CopyId } | undefined {
    const reason = this.checkedOut.get(copy);
    const into = this.became.get(copy);
    if (reason === undefined || into === undefined) return undefined;
    this.checkedOut.delete(copy);
    this.bytes -= this.world.copies.size[copy]!;
    return { reason, into };
  }

  /** Whoever settled it is done with the letter that it became. */
  forget(copy: CopyId): void {
    const into = this.became.get(copy);
    if (into === undefined) return;
    this.became.delete(copy);
    this.world.copies.release(into);
  }
}
