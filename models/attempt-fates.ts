/**
 * What publishes came to. Each counts once, however many queues have their say about it: as stored when one of them stored it,
 * otherwise by what was said first.
 */
import { longer } from '../sim/slot-store.ts';
import type { CauseId } from './causes.ts';
import type { AttemptId } from './message.ts';

const [underWay, stored, refused, lost] = [0, 1, 2, 3];

export class AttemptFates {
  readonly lost = new Map<CauseId, number>();
  /** By attempt; what was lost to cause 2 has `lost + 2`. */
  private fate = new Int32Array(64);
  private readonly totals: { attemptsStored: number; attemptsRefused: number };

  constructor(totals: { attemptsStored: number; attemptsRefused: number }) {
    this.totals = totals;
  }

  begin(attempt: AttemptId): void {
    while (attempt >= this.fate.length) this.fate = longer(this.fate, this.fate.length * 2);
    this.fate[attempt] = underWay;
  }

  /** Nothing is known of it yet but that it was sent. */
  isUnderWay(attempt: AttemptId): boolean {
    return this.fate[attempt] === underWay;
  }

  stored(attempt: AttemptId): void {
    this.count(this.fate[attempt]!, -1);
    this.count(stored, 1);
    this.fate[attempt] = stored;
  }

  refused(attempt: AttemptId): void {
    this.endUnstored(attempt, refused);
  }

  lostTo(attempt: AttemptId, cause: CauseId): void {
    this.endUnstored(attempt, lost + cause);
  }

  private endUnstored(attempt: AttemptId, fate: number): void {
    if (this.fate[attempt] !== underWay) return;
    this.fate[attempt] = fate;
    this.count(fate, 1);
  }

  private count(fate: number, by: 1 | -1): void {
    if (fate === stored) this.totals.attemptsStored += by;
    else if (fate === refused) this.totals.attemptsRefused += by;
    else if (fate >= lost) this.countLost((fate - lost) as CauseId, by);
  }

  private countLost(cause: CauseId, by: 1 | -1): void {
    const now = (this.lost.get(cause) ?? 0) + by;
    if (now === 0) this.lost.delete(cause);
    else this.lost.set(cause, now);
  }
}
