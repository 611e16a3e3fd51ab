/** What publishers know of their messages, and what became of these so far: an account's flags. */
import { longer } from '../sim/slot-store.ts';
import type { MessageId } from './message.ts';

/** What an account remembers besides its counts. */
export const flags = {
  sent: 1, stored: 2, confirmed: 4, refused: 8, unknown: 16,
} as const;

export type Outcome = 'confirmed' | 'refused' | 'unknown';

export class Outcomes {
  /** By message. */
  private flag = new Int32Array(64);
  private readonly totals: Record<Outcome, number>;

  constructor(totals: Record<Outcome, number>) {
    this.totals = totals;
  }

  get length(): number {
    return this.flag.length;
  }

  open(message: MessageId): void {
    this.flag[message] = 0;
  }

  mark(message: MessageId, flag: number): void {
    this.flag[message]! |= flag;
  }

  has(message: MessageId, flag: number): boolean {
    return (this.flag[message]! & flag) !== 0;
  }

  /** The last word of a publisher about a message; a confirm that comes later overrules it. */
  outcome(message: MessageId, outcome: Outcome): void {
    const before = this.flag[message]!;
    if ((before & flags.confirmed) !== 0) return;
    if ((before & flags.refused) !== 0) this.totals.refused--;
    if ((before & flags.unknown) !== 0) this.totals.unknown--;
    this.flag[message] = (before & ~(flags.refused | flags.unknown)) | flags[outcome];
    this.totals[outcome]++;
  }

  grow(length: number): void {
    this.flag = longer(this.flag, length);
  }
}
