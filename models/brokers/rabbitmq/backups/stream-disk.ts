/**
 * The disks of a stream's replicas, all of one instant. A snapshot has what a majority had on disk, which nobody syncs; a restored stream
 * ends there, and its readers begin where they say. Left out: what retention has removed since does not come back.
 */
import type { BackupKind, LossCauses } from '../../../backup.ts';
import type { Holding } from '../../../broker.ts';
import type { CauseId } from '../../../causes.ts';
import type { CopyId } from '../../../message.ts';
import type { Holders } from '../raft/holders.ts';
import type { BroughtBack, QueueDisk, SavedQueue } from './queue-disk.ts';

interface StreamEnd {
  /** Which nodes have the place of the log where that copy was stored. */
  holdersOf(copy: CopyId): Holders;
  readonly group: { readonly committed: number; readonly durable: number; beginAnew(): void };
  messagesUpTo(index: number): number;
  /** @returns copies that readers had not read */
  endAt(index: number, cause: CauseId): number;
}

export class StreamDisk implements QueueDisk {
  private readonly queue: StreamEnd;
  /** Where backups end that are kept: up to there the log may have to go back. */
  private readonly ends: number[] = [];
  private end = 0;
  private causes: LossCauses | undefined;

  constructor(queue: StreamEnd) {
    this.queue = queue;
  }

  /** A majority has written it, and nobody syncs (rabbitmq.com/docs/streams). */
  holding(copy: CopyId): Holding {
    const { synced, unsynced, majority } = this.queue.holdersOf(copy);
    return { synced, unsynced, claimed: { disks: 0, nodes: majority } };
  }

  /** Entries that come later are remembered. */
  get rememberedFrom(): number {
    return Math.min(...this.ends);
  }

  save(of: Exclude<BackupKind, 'definitions'>): SavedQueue {
    const { committed, durable } = this.queue.group;
    const index = of === 'stopped' ? committed : Math.min(committed, durable);
    this.ends.push(index);
    return { copies: [], messages: this.queue.messagesUpTo(index), index, release: () => { this.ends.splice(this.ends.indexOf(index), 1); } };
  }

  losing(saved: SavedQueue | undefined, causes: LossCauses): void {
    this.end = saved?.index ?? 0;
    this.causes = causes;
  }

  lost(): number {
    this.queue.group.beginAnew();
    return this.queue.endAt(this.end, this.causes!.loss);
  }

  bringBack(): BroughtBack {
    return { again: 0, kept: 0 };
  }
}
