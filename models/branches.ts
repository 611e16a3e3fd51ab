/**
 * The branches of a message: one for each queue that a publish of it was routed to. Each needs an effect of its own, and an
 * effect on one repeats none on another. A copy belongs to the branch of its origin, a dead letter to that of the copy it
 * was made from. Where groups of consumers read a log, each for itself, each of them is a branch.
 *
 * Nearly every message has one branch, whose account is in columns; only a second one moves them to a table.
 */
import { longer } from '../sim/slot-store.ts';
import type { Nanos } from '../sim/units.ts';
import type { CauseId } from './causes.ts';
import { type Copies, type CopyId, type MessageId, none, type QueueId } from './message.ts';

/** What is true of a branch, as bits; `delivered` that a copy of it was; `held` and `heldDead` (a dead letter of it lies where such are kept) are of the end of a run. */
export const marks = { stored: 1, deadLettered: 2, held: 4, heldDead: 8, delivered: 16 } as const;

export interface Loss {
  readonly cause: CauseId;
  readonly at: Nanos;
}

interface Branch {
  readonly queue: QueueId;
  effects: number;
  mark: number;
  loss: Loss | undefined;
}

/** Branches that are no queues have numbers from there on. */
const firstOfReaders = 1 << 24;

/** In the column of queues: the branches are in the table. */
const several = -2;

export class Branches {
  /** Columns by message, of its only branch; its queue is none before anything is routed and when the account is closed. */
  private queue = new Int32Array(64).fill(none);
  private effectCount = new Int32Array(64);
  private mark = new Uint8Array(64);
  private lastCause = new Int32Array(64);
  private lastCauseAt = new Float64Array(64);
  private readonly table = new Map<MessageId, Branch[]>();
  /** Names of those that are no queues. */
  private readonly readers: string[] = [];
  private readonly copies: Copies;

  constructor(copies: Copies) {
    this.copies = copies;
  }

  /** A group that reads a queue for itself: the branch stands where a queue's number would. */
  addReader(name: string): QueueId {
    return (firstOfReaders + this.readers.push(name) - 1) as QueueId;
  }

  /** The name of a branch that is no queue. */
  readerName(branch: number): string | undefined {
    return this.readers[branch - firstOfReaders];
  }

  open(message: MessageId): void {
    this.effectCount[message] = 0;
    this.mark[message] = 0;
    this.lastCause[message] = none;
  }

  close(message: MessageId): void {
    if (this.queue[message] === several) this.table.delete(message);
    this.queue[message] = none;
  }

  /** A publish is routed to this queue. True when that leaves something to do of a message that was handled. */
  begin(message: MessageId, queue: QueueId): boolean {
    const only = this.queue[message]!;
    if (only === queue) return false;
    if (only === none) {
      this.queue[message] = queue;
      return false;
    }
    const branches = only === several ? this.table.get(message)! : this.tabulate(message);
    if (branches.some((branch) => branch.queue === queue)) return false;
    const wasHandled = this.isHandled(message);
    branches.push({ queue, effects: 0, mark: 0, loss: undefined });
    return wasHandled;
  }

  /** A queue has this copy of it, so whatever was lost of it before is not its end. */
  stored(copy: CopyId, mark: number): void {
    const message = this.copies.messageOf(copy);
    if (this.queue[message] === several) {
      const branch = this.find(copy);
      branch.mark |= mark;
      branch.loss = undefined;
    } else {
      this.mark[message]! |= mark;
      this.lastCause[message] = none;
    }
  }

  /** Notes a delivery. True for the first of its branch. */
  isFirstDelivery(copy: CopyId): boolean {
    const message = this.copies.messageOf(copy);
    if (this.queue[message] !== several) {
      const before = this.mark[message]!;
      this.mark[message] = before | marks.delivered;
      return (before & marks.delivered) === 0;
    }
    const branch = this.find(copy);
    const isFirst = (branch.mark & marks.delivered) === 0;
    branch.mark |= marks.delivered;
    return isFirst;
  }

  set(copy: CopyId, mark: number): void {
    const message = this.copies.messageOf(copy);
    if (this.queue[message] === several) this.find(copy).mark |= mark;
    else this.mark[message]! |= mark;
  }

  clear(copy: CopyId, mark: number): void {
    const message = this.copies.messageOf(copy);
    if (this.queue[message] === several) this.find(copy).mark &= ~mark;
    else this.mark[message]! &= ~mark;
  }

  /** @returns how many effects the branch has had with this one */
  effect(copy: CopyId): number {
    const message = this.copies.messageOf(copy);
    if (this.queue[message] === several) return ++this.find(copy).effects;
    return ++this.effectCount[message]!;
  }

  /** Something of the copy's branch was lost. */
  blame(copy: CopyId, cause: CauseId, at: Nanos): void {
    const message = this.copies.messageOf(copy);
    if (this.queue[message] === several) this.find(copy).loss = { cause, at };
    else this.blameOnly(message, cause, at);
  }

  /** Something of the message was lost that is of no queue: of every branch without this mark, or of that one alone. */
  blameAll(message: MessageId, cause: CauseId, at: Nanos, unless = 0, only: number = none): void {
    if (this.queue[message] === several) {
      for (const branch of this.table.get(message)!) if (only === none ? (branch.mark & unless) === 0 : branch.queue === only) branch.loss = { cause, at };
    } else if (only !== none || (this.mark[message]! & unless) === 0) {
      this.blameOnly(message, cause, at);
    }
  }

  // ---- what judges ask; branches are numbered from 0 in the order in which they began

  /** At least one: what no queue ever had counts as a branch without an effect. */
  count(message: MessageId): number {
    return this.queue[message] === several ? this.table.get(message)!.length : 1;
  }

  queueOf(message: MessageId, branch: number): QueueId | typeof none {
    return this.queue[message] === several ? this.nth(message, branch).queue : (this.queue[message] as QueueId);
  }

  effects(message: MessageId, branch: number): number {
    return this.queue[message] === several ? this.nth(message, branch).effects : this.effectCount[message]!;
  }

  has(message: MessageId, branch: number, mark: number): boolean {
    return ((this.queue[message] === several ? this.nth(message, branch).mark : this.mark[message]!) & mark) !== 0;
  }

  /** What was last lost of it, and when; undefined when nothing was. */
  lastLoss(message: MessageId, branch: number): Loss | undefined {
    if (this.queue[message] === several) return this.nth(message, branch).loss;
    const cause = this.lastCause[message]!;
    return cause === none ? undefined : { cause: cause as CauseId, at: this.lastCauseAt[message]! };
  }

  /** Every branch that it has so far took effect. */
  isHandled(message: MessageId): boolean {
    if (this.queue[message] !== several) return this.effectCount[message]! > 0;
    return this.table.get(message)!.every(({ effects }) => effects > 0);
  }

  isHandledOnce(message: MessageId): boolean {
    if (this.queue[message] !== several) return this.effectCount[message] === 1;
    return this.table.get(message)!.every(({ effects }) => effects === 1);
  }

  grow(length: number): void {
    const before = this.queue.length;
    this.queue = longer(this.queue, length).fill(none, before);
    this.effectCount = longer(this.effectCount, length);
    this.mark = longer(this.mark, length);
    this.lastCause = longer(this.lastCause, length);
    this.lastCauseAt = longer(this.lastCauseAt, length);
  }

  private blameOnly(message: MessageId, cause: CauseId, at: Nanos): void {
    this.lastCause[message] = cause;
    this.lastCauseAt[message] = at;
  }

  private tabulate(message: MessageId): Branch[] {
    const only = { queue: this.queue[message] as QueueId, effects: this.effectCount[message]!, mark: this.mark[message]!, loss: this.lastLoss(message, 0) };
    const branches: Branch[] = [only];
    this.table.set(message, branches);
    this.queue[message] = several;
    return branches;
  }

  private nth(message: MessageId, branch: number): Branch {
    return this.table.get(message)![branch]!;
  }

  /** A copy from nowhere is counted with the first, as it is where there is only one. */
  private find(copy: CopyId): Branch {
    const branches = this.table.get(this.copies.messageOf(copy))!;
    const origin = this.copies.origin[copy];
    return branches.find(({ queue }) => queue === origin) ?? branches[0]!;
  }
}
