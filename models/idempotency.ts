/**
 * A store of what was done already. An entry is kept for a time, or until so many came after it.
 *
 * A message's number is used again when nothing of it is left, so the store need not be searched: it has a column of the
 * time and rank at which each number was entered, and of which message that was. No run keeps more than what is alive.
 */
import { longer } from '../sim/slot-store.ts';
import type { Nanos } from '../sim/units.ts';
import type { MessageId, Messages } from './message.ts';

export class IdempotencyStore {
  private enteredAt = new Float64Array(64);
  private rank = new Float64Array(64);
  /** Publisher and ordinal of the message that was entered: two messages of one number differ in them. */
  private publisher = new Int32Array(64);
  private ordinal = new Float64Array(64).fill(-1);
  private entered = 0;
  private forgotten = 0;
  private readonly window: Nanos;
  private readonly entries: number;
  private readonly messages: Messages;

  constructor(messages: Messages, window: Nanos, entries: number) {
    this.messages = messages;
    this.window = window;
    this.entries = entries;
  }

  has(message: MessageId, now: Nanos): boolean {
    if (message >= this.ordinal.length || this.ordinal[message] !== this.messages.ordinal[message]) return false;
    if (this.publisher[message] !== this.messages.publisher[message]) return false;
    return now - this.enteredAt[message]! <= this.window && this.entered - this.rank[message]! <= this.entries;
  }

  enter(message: MessageId, now: Nanos): void {
    if (message >= this.ordinal.length) this.grow(message);
    this.enteredAt[message] = now;
    this.rank[message] = this.entered++;
    this.publisher[message] = this.messages.publisher[message]!;
    this.ordinal[message] = this.messages.ordinal[message]!;
  }

  /** All that it knows is gone. @returns how many entries had been made since it knew nothing */
  forget(): number {
    const entries = this.entered - this.forgotten;
    this.forgotten = this.entered;
    this.ordinal.fill(-1);
    return entries;
  }

  private grow(message: number): void {
    let length = this.ordinal.length;
    const before = length;
    while (length <= message) length *= 2;
    this.enteredAt = longer(this.enteredAt, length);
    this.rank = longer(this.rank, length);
    this.publisher = longer(this.publisher, length);
    this.ordinal = longer(this.ordinal, length);
    this.ordinal.fill(-1, before);
  }
}
