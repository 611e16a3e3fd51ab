/**
 * The disks of a quorum queue's members, all of one instant: what is committed is on a majority of them, in a snapshot and in what was
 * stopped. All members begin anew with that state. Left out: of what was being committed at that instant, a snapshot may have some.
 */
import type { LossCauses } from '../../../backup.ts';
import type { Holding } from '../../../broker.ts';
import type { CauseId } from '../../../causes.ts';
import type { CopyId } from '../../../message.ts';
import type { DeathReason } from '../copies.ts';
import type { Holders } from '../raft/holders.ts';
import { type BroughtBack, type DiskHost, heldBy, isThere, type OnDisk, type QueueDisk, type SavedCopy, type SavedQueue, saveCopy, savedCopies, takeOver } from './queue-disk.ts';

/** What stands in its lines, and dead letters that stay until they arrived. */
export interface QuorumLine {
  readonly cameBack: readonly CopyId[];
  readonly ready: readonly CopyId[];
  readonly discarded: ReadonlyMap<CopyId, DeathReason>;
}

interface QuorumLines extends OnDisk {
  /** Which nodes have the place of the log where that copy was stored. */
  holdersOf(copy: CopyId): Holders;
  readonly group: { beginAnew(): void };
  /** What came back, in the order in which it is served. */
  readonly cameBack: CopyId[];
  readonly discarded: ReadonlyMap<CopyId, DeathReason>;
  /** Nobody judges: what consumers held is in line again. */
  returnAll(cause: CauseId): void;
  /** Nothing is in its lines but these. */
  lineUp(line: QuorumLine): void;
  retire(copy: CopyId): void;
}

export class QuorumDisk implements QueueDisk {
  private readonly host: DiskHost;
  private readonly queue: QuorumLines;
  private saved: readonly SavedCopy[] = [];
  private causes: LossCauses | undefined;

  constructor(host: DiskHost, queue: QuorumLines) {
    this.host = host;
    this.queue = queue;
  }

  /** Who held what is gone when it is restored, and each of those counts as one return. */
  save(): SavedQueue {
    const { host, queue } = this;
    return savedCopies(host, [
      ...queue.cameBack.map((copy) => saveCopy(host, copy, true)),
      ...heldBy(host, queue).map((copy) => saveCopy(host, copy, true)).map((each) => ({ ...each, redelivered: 1, returns: each.returns + 1 })),
      ...queue.ready.all().map((copy) => saveCopy(host, copy)),
      ...[...queue.discarded].map(([copy, discarded]) => ({ ...saveCopy(host, copy), discarded })),
    ]);
  }

  /** A majority has synced it (rabbitmq.com/docs/quorum-queues). */
  holding(copy: CopyId): Holding {
    const { synced, unsynced, majority } = this.queue.holdersOf(copy);
    return { synced, unsynced, claimed: { disks: majority, nodes: majority } };
  }

  losing(saved: SavedQueue | undefined, causes: LossCauses): void {
    this.saved = saved?.copies ?? [];
    this.causes = causes;
  }

  lost(): number {
    const { queue, host: { world: { ledger } } } = this;
    const { loss, crash } = this.causes!;
    queue.returnAll(crash);
    queue.group.beginAnew();
    const kept = new Set(this.saved.map(({ copy }) => copy));
    // Rejected, and held by nobody: as the ledger has it, it was in flight until its dead letter arrived.
    for (const copy of queue.discarded.keys()) if (ledger.buckets.of(copy) === 'inFlight') ledger.requeued(copy, crash);
    const gone = [...queue.cameBack, ...queue.ready.all(), ...queue.discarded.keys()].filter((copy) => !kept.has(copy));
    this.lineUp(this.saved.filter((each) => isThere(this.host, each)).map((each) => ({ ...each, is: each.copy })));
    for (const copy of gone) {
      ledger.dropped(copy, loss);
      queue.retire(copy);
    }
    return gone.length;
  }

  bringBack({ copies }: SavedQueue, recovery: number, cause: CauseId): BroughtBack {
    const { host, queue } = this;
    const kept = copies.filter((each) => isThere(host, each)).length;
    this.lineUp(copies.map((each) => ({ ...each, is: takeOver(host, queue.id, each, recovery, cause) })));
    return { again: copies.length - kept, kept };
  }

  private lineUp(copies: readonly (SavedCopy & { readonly is: CopyId })[]): void {
    const inLine = copies.filter(({ discarded }) => discarded === undefined);
    this.queue.lineUp({
      cameBack: inLine.filter(({ cameBack }) => cameBack).map(({ is }) => is), ready: inLine.filter(({ cameBack }) => !cameBack).map(({ is }) => is),
      discarded: new Map(copies.filter((each) => each.discarded !== undefined).map(({ is, discarded }) => [is, discarded!])),
    });
  }
}
