/** Messages that no queue ever had a copy of, by who published them. */
import type { PublisherId } from './message.ts';

/** refused: by the broker; lost: on the way, in a crash or in a buffer; unfinished: on the way at the end of the run. */
export type UnstoredFate = 'refused' | 'lost' | 'unfinished';
export type UnstoredCounts = Readonly<Record<UnstoredFate, number>>;

const nobody: UnstoredCounts = { refused: 0, lost: 0, unfinished: 0 };

export class Unstored {
  private readonly byPublisher = new Map<PublisherId, Record<UnstoredFate, number>>();

  add(publisher: PublisherId, fate: UnstoredFate): void {
    let counts = this.byPublisher.get(publisher);
    if (counts === undefined) this.byPublisher.set(publisher, (counts = { ...nobody }));
    counts[fate]++;
  }

  of(publisher: PublisherId): UnstoredCounts {
    return this.byPublisher.get(publisher) ?? nobody;
  }
}
