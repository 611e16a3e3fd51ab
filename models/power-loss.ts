/**
 * What a loss of power leaves of records that were written and not synced: how much of the page cache had reached the platter by
 * itself.
 *
 * all-lost: nothing. random-suffix: an unknown number of the last ones is missing, as when the kernel writes back in the order of the
 * file. any-subset: each is there or is not, since pages are written back in any order. corrupt-last: all are there, and the last is
 * not what was written. These are the ways in which FoundationDB's simulated disk (AsyncFileNonDurable), LazyFS and turmoil's file
 * system let go of what was not synced.
 */
import type { RandomStream } from '../sim/random.ts';

export const unsyncedModes = ['all-lost', 'random-suffix', 'any-subset', 'corrupt-last'] as const;
export type UnsyncedMode = (typeof unsyncedModes)[number];

/** How a host dies, and where that is drawn from. */
export interface PowerLoss {
  readonly mode: UnsyncedMode;
  readonly draws: RandomStream;
}

/** What is on the platter in a record's place. */
export type Remnant = 'whole' | 'missing' | 'torn' | 'corrupt';

/** The records after the last that was synced, in the order of the log, as the power's loss left them. */
export function remnantsOf(unsynced: number, loss: PowerLoss | undefined): Remnant[] {
  const mode = loss?.mode ?? 'all-lost';
  if (mode === 'all-lost' || unsynced === 0) return new Array<Remnant>(unsynced).fill('missing');
  const { draws } = loss!;
  if (mode === 'any-subset') return Array.from({ length: unsynced }, () => (draws.double() < 0.5 ? 'whole' : 'missing'));
  const left = mode === 'corrupt-last' ? unsynced : Math.floor(draws.double() * (unsynced + 1));
  const remnants = Array.from({ length: unsynced }, (_, index): Remnant => (index < left ? 'whole' : 'missing'));
  if (mode === 'corrupt-last') remnants[unsynced - 1] = 'corrupt';
  return remnants;
}
