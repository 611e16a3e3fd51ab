/** What RabbitMQ knows of a copy besides what every broker does: columns by copy. */
import { longer } from '../../../sim/slot-store.ts';
import { type AttemptId, type CopyId, none } from '../../message.ts';
import type { DestinationId } from '../../protocol.ts';
import type { LetterId } from './letter.ts';

/** One entry of `x-death`: how often a message left that queue for that reason. */
export interface Death {
  readonly queue: string;
  readonly reason: DeathReason;
  readonly count: number;
}
export type DeathReason = 'rejected' | 'expired' | 'maxlen' | 'delivery_limit';

export class RabbitCopies {
  /** Where it was published to: dead-lettering routes by that key, too. */
  destination = new Int32Array(64);
  /** 1 when it is to survive a restart of its queue's node. */
  persistent = new Uint8Array(64);
  /** 1 when its next delivery says `redelivered`. */
  redelivered = new Uint8Array(64);
  /** Returns that count towards the delivery limit of a quorum queue. */
  returns = new Int32Array(64);
  /** The publish, or dead letter, whose confirm waits for it to be on disk; `none` when nobody waits. */
  unconfirmed = new Int32Array(64);
  /** Entry of its queue's journal that stored it, and that removed it; 0 for none. */
  stored = new Float64Array(64);
  removed = new Float64Array(64);
  removedAt = new Float64Array(64);
  /** 1 when its body is in the node's shared store; and 1 when that has written it, as small bodies always have. */
  isLarge = new Uint8Array(64);
  bodyWritten = new Uint8Array(64);
  private readonly deathsOf = new Map<CopyId, readonly Death[]>();

  open(copy: CopyId, destination: DestinationId, isPersistent: boolean): void {
    if (copy >= this.destination.length) this.grow(copy);
    this.destination[copy] = destination;
    this.persistent[copy] = isPersistent ? 1 : 0;
    this.redelivered[copy] = 0;
    this.returns[copy] = 0;
    this.unconfirmed[copy] = none;
    this.stored[copy] = 0;
    this.removed[copy] = 0;
    this.isLarge[copy] = 0;
    this.bodyWritten[copy] = 1;
  }

  unconfirmedOf(copy: CopyId): AttemptId | LetterId | typeof none {
    return this.unconfirmed[copy] as AttemptId | LetterId | typeof none;
  }

  deaths(copy: CopyId): readonly Death[] {
    return this.deathsOf.get(copy) ?? [];
  }

  setDeaths(copy: CopyId, deaths: readonly Death[]): void {
    this.deathsOf.set(copy, deaths);
  }

  /** The broker is done with it. */
  close(copy: CopyId): void {
    this.deathsOf.delete(copy);
  }

  private grow(copy: number): void {
    let { length } = this.destination;
    while (length <= copy) length *= 2;
    this.destination = longer(this.destination, length);
    this.persistent = longer(this.persistent, length);
    this.redelivered = longer(this.redelivered, length);
    this.returns = longer(this.returns, length);
    this.unconfirmed = longer(this.unconfirmed, length);
    this.stored = longer(this.stored, length);
    this.removed = longer(this.removed, length);
    this.removedAt = longer(this.removedAt, length);
    this.isLarge = longer(this.isLarge, length);
    this.bodyWritten = longer(this.bodyWritten, length);
  }
}

/** `x-death` after another death: the latest first, one entry for each queue and reason. */
export function withDeath(deaths: readonly Death[], queue: string, reason: DeathReason): Death[] {
  const before = deaths.find((death) => death.queue === queue && death.reason === reason);
  return [{ queue, reason, count: (before?.count ?? 0) + 1 }, ...deaths.filter((death) => death !== before)];
}

/**
 * A dead letter that comes to a queue which it left before is dropped there, unless somebody rejected it on the way: only a
 * cycle that nobody takes part in goes on for ever by itself (rabbit_dead_letter `is_cycle`).
 */
export function isCycle(deaths: readonly Death[], queue: string): boolean {
  const last = deaths.findIndex((death) => death.queue === queue);
  return last >= 0 && !deaths.slice(0, last + 1).some((death) => death.reason === 'rejected');
}
