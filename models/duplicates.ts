/**
 * Why something happened again: each delivery and each effect beyond the first of its branch has one cause, by where its copy comes from.
 *
 * A copy that was delivered before came back for a reason. One that was not is there because its publish was repeated, because a shovel, a
 * dead letter or a backup made another copy of its message, or because somebody reads a log for himself or again. The first copy itself
 * is second when what came later was quicker: then the cause is that of the later one.
 */
import { longer, lengthFor } from '../sim/slot-store.ts';
import { type CauseId, type Causes, countOne } from './causes.ts';
import { type Attempts, broughtBack, type Copies, type CopyId, type DeliveryId, type MessageId, none } from './message.ts';

export const duplicateCauses = [
  'producer-retry', 'published-twice', 'stored-twice', 'shovel', 'dead-letter', 'backup', 'another-reader', 'read-again',
  'lease-expired', 'given-back', 'settlement-lost', 'connection-lost', 'crash', 'settlement-undone',
] as const;
export type DuplicateCause = (typeof duplicateCauses)[number];

/** Why copies come back, in a word of the above; whatever else it is has closed a channel or a connection. */
const returns: Readonly<Record<string, DuplicateCause>> = {
  'lease-expired': 'lease-expired', 'consumer-timeout': 'lease-expired', requeued: 'given-back', crash: 'crash', stop: 'crash',
};

export class Duplicates {
  readonly effects = new Map<CauseId, number>();
  readonly deliveries = new Map<CauseId, number>();
  /** By delivery: why its copy had come back; `none` of a first one. */
  private cameAgain = new Int32Array(64).fill(none);
  /** By copy: how often it was delivered; why there is one, as a place in the above, from 1, or 0 of what a first publish stored; why it came back last; and whether a settlement of it was swallowed since it was delivered. */
  private count = new Int32Array(64);
  private made = new Uint8Array(64);
  private returnedFor = new Int32Array(64).fill(none);
  private unsettled = new Int32Array(64).fill(none);
  /** By message: what last made it possible that it is delivered once more. */
  private doubledBy = new Int32Array(64).fill(none);
  private readonly attempts: Attempts;
  private readonly copies: Copies;
  private readonly causes: Causes;

  constructor(attempts: Attempts, copies: Copies, causes: Causes) {
    this.attempts = attempts;
    this.copies = copies;
    this.causes = causes;
  }

  published(message: MessageId): void {
    if (message >= this.doubledBy.length) this.doubledBy = grown(this.doubledBy, message);
    this.doubledBy[message] = none;
  }

  /** A queue has that copy now. */
  stored(copy: CopyId): void {
    if (copy >= this.returnedFor.length) {
      this.count = longer(this.count, lengthFor(copy));
      this.made = longer(this.made, lengthFor(copy));
      this.returnedFor = grown(this.returnedFor, copy);
      this.unsettled = grown(this.unsettled, copy);
    }
    this.count[copy] = 0;
    this.returnedFor[copy] = none;
    this.unsettled[copy] = none;
    const lineage = this.lineage(copy);
    this.made[copy] = lineage === undefined ? 0 : duplicateCauses.indexOf(lineage) + 1;
    if (lineage !== undefined) this.doubledBy[this.copies.messageOf(copy)] = this.causes.of(lineage);
  }

  /** @returns how often that copy was delivered with this time */
  delivered(delivery: DeliveryId, copy: CopyId): number {
    if (delivery >= this.cameAgain.length) this.cameAgain = grown(this.cameAgain, delivery);
    const count = ++this.count[copy]!;
    this.cameAgain[delivery] = count > 1 ? this.returnedFor[copy]! : none;
    return count;
  }

  times(copy: CopyId): number {
    return this.count[copy]!;
  }

  settlementLost(copy: CopyId, cause: CauseId): void {
    this.unsettled[copy] = cause;
  }

  returned(copy: CopyId, reason: CauseId): void {
    const lost = this.unsettled[copy]!;
    const why = lost === none ? (returns[this.causes.what(reason)] ?? 'connection-lost') : 'settlement-lost';
    this.cameBack(copy, why, lost === none ? reason : (lost as CauseId));
    this.unsettled[copy] = none;
  }

  /** A crash undid what had settled it. */
  rewound(copy: CopyId, reason: CauseId): void {
    this.cameBack(copy, 'settlement-undone', reason);
  }

  private cameBack(copy: CopyId, why: DuplicateCause, reason: CauseId): void {
    const cause = this.causes.because(why, reason);
    this.returnedFor[copy] = cause;
    this.doubledBy[this.copies.messageOf(copy)] = cause;
  }

  /** That delivery is not the first of its branch. @returns its cause */
  deliveredAgain(delivery: DeliveryId, copy: CopyId): CauseId {
    return this.attribute(this.deliveries, delivery, copy);
  }

  /** The effect of that delivery is not the first of its branch. @returns its cause */
  tookEffectAgain(delivery: DeliveryId, copy: CopyId): CauseId {
    return this.attribute(this.effects, delivery, copy);
  }

  private attribute(counts: Map<CauseId, number>, delivery: DeliveryId, copy: CopyId): CauseId {
    const cause = this.why(delivery, copy);
    countOne(counts, cause);
    return cause;
  }

  private why(delivery: DeliveryId, copy: CopyId): CauseId {
    const cameAgain = this.cameAgain[delivery] ?? none;
    if (cameAgain !== none) return cameAgain as CauseId;
    const made = this.made[copy]!;
    if (made > 0) return this.causes.of(duplicateCauses[made - 1]!);
    const doubledBy = this.doubledBy[this.copies.messageOf(copy)]!;
    return doubledBy === none ? this.causes.of('stored-twice') : (doubledBy as CauseId);
  }

  /** Why there is that copy, while its publish is known; undefined of what a first publish stored for whoever comes. */
  private lineage(copy: CopyId): DuplicateCause | undefined {
    const attempt = this.copies.attempt[copy]!;
    const isRead = this.copies.reader[copy] !== none;
    if (attempt === broughtBack) return 'backup';
    if (attempt === none) return isRead ? 'read-again' : 'dead-letter';
    if (this.attempts.origin[attempt] !== none) return 'shovel';
    if (this.attempts.number[attempt]! > 1) return this.attempts.isOfApplication(attempt) ? 'published-twice' : 'producer-retry';
    return isRead ? 'another-reader' : undefined;
  }
}

function grown(column: Int32Array<ArrayBuffer>, index: number): Int32Array<ArrayBuffer> {
  return longer(column, lengthFor(index)).fill(none, column.length);
}
