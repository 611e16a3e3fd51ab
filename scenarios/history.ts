/** What happens to messages, as plain lines: for `--trace` and for `explain`. */
import type { CauseId } from '../models/causes.ts';
import type { HistoryDetail, HistoryEvent } from '../models/history.ts';
import type { World } from '../models/world.ts';

export interface HistoryLine {
  /** Simulated seconds, and the number of the event in the run. */
  readonly at: number;
  readonly event: number;
  readonly what: HistoryEvent;
  readonly message: string;
  /** nth publish of the message. */
  readonly attempt?: number;
  /** nth delivery of a copy. */
  readonly delivery?: number;
  readonly queue?: string;
  /** The queue that dead-lettered it into `queue`. */
  readonly from?: string;
  readonly worker?: string;
  readonly cause?: string;
  /** Lost with the disks, or back from a backup: when that was lost and taken, and when the copy was stored; in seconds. */
  readonly recovery?: { readonly lostAt: number; readonly backupAt?: number; readonly storedAt?: number };
}

/**
 * Tells `listen` of everything that happens to messages. It changes nothing in the run.
 * @param only the name of a message, when the others do not matter
 */
export function narrate(world: World, listen: (line: HistoryLine) => void, only?: string): void {
  const publisher = only === undefined ? -1 : world.publisherNames.indexOf(only.slice(0, only.lastIndexOf('-')));
  const ordinal = only === undefined ? -1 : Number(only.slice(only.lastIndexOf('-') + 1));
  world.watched = only;
  world.ledger.history = (what, message, detail) => {
    if (only !== undefined && (world.messages.publisher[message] !== publisher || world.messages.ordinal[message] !== ordinal)) return;
    listen({ at: world.sim.now / 1e9, event: world.sim.count, what, message: world.nameOf(message), ...readable(world, detail) });
  };
}

function readable(world: World, detail: HistoryDetail): Partial<HistoryLine> {
  return {
    ...(detail.attempt !== undefined && { attempt: detail.attempt }),
    ...(detail.delivery !== undefined && { delivery: detail.delivery }),
    ...(detail.queue !== undefined && { queue: detail.queue }),
    ...(detail.from !== undefined && { from: detail.from }),
    ...(detail.worker !== undefined && { worker: world.nodes.name(world.subscribers[detail.worker]!.node) }),
    ...(detail.cause !== undefined && { cause: world.causes.text(detail.cause), ...recoveryOf(world, detail.cause, detail.copy) }),
  };
}

function recoveryOf({ recoveries, copies }: World, cause: CauseId, copy: number | undefined): Pick<HistoryLine, 'recovery'> {
  const recovery = recoveries.behind(cause);
  if (recovery === undefined) return {};
  const { lostAt, backup } = recovery;
  const backupAt = backup?.saved === undefined ? {} : { backupAt: backup.takenAt / 1e9 };
  return { recovery: { lostAt: lostAt / 1e9, ...backupAt, ...(copy !== undefined && { storedAt: copies.storedAt[copy]! / 1e9 }) } };
}
