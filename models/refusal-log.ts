/** What brokers did not let their users do while a system ran: who, what, why, and how often. */
import type { Nanos } from '../sim/units.ts';

export interface Refusal {
  readonly broker: string;
  readonly user: string;
  /** After "could not", as in "publish to events". */
  readonly what: string;
  readonly why: string;
  /** The fault behind it; empty when there is none. */
  readonly by: string;
  readonly first: Nanos;
  last: Nanos;
  count: number;
}

export class RefusalLog {
  private readonly known = new Map<string, Refusal>();

  get all(): readonly Refusal[] {
    return [...this.known.values()];
  }

  note({ broker, user, what, why, by }: Pick<Refusal, 'broker' | 'user' | 'what' | 'why' | 'by'>, at: Nanos): void {
    const key = JSON.stringify([broker, user, what, why, by]);
    let refusal = this.known.get(key);
    if (refusal === undefined) this.known.set(key, (refusal = { broker, user, what, why, by, first: at, last: at, count: 0 }));
    refusal.last = at;
    refusal.count++;
  }
}
