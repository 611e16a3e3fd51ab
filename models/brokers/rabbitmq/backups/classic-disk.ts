/**
 * The disk of a classic queue. A snapshot has what its journal has on disk, and not what its process or the kernel buffers; a node
 * that was stopped in order has written everything that is to survive.
 */
import type { BackupKind, LossCauses } from '../../../backup.ts';
import type { Holding } from '../../../broker.ts';
import type { CauseId } from '../../../causes.ts';
import type { CopyId } from '../../../message.ts';
import type { CrashScope, NodeId } from '../../../node.ts';
import type { Journal } from '../journal.ts';
import type { Mirror } from '../mirrors/mirror.ts';
import { type BroughtBack, type DiskHost, heldBy, isThere, type OnDisk, type QueueDisk, type SavedQueue, saveCopy, savedCopies, takeOver } from './queue-disk.ts';

export interface ClassicLines extends OnDisk {
  readonly home: NodeId;
  /** Undefined without mirrors. */
  readonly mirrors?: { members(): readonly Mirror[] };
  /** A crash of that scope now would leave it. */
  isKeptBy(copy: CopyId, scope: CrashScope): boolean;
  /** A backup is on its disk. */
  restored(): void;
}

export class ClassicDisk implements QueueDisk {
  protected readonly host: DiskHost;
  protected readonly queue: ClassicLines;
  /** Another one when another node leads. */
  private readonly journal: () => Journal;
  protected kept = new Set<CopyId>();
  private loss: CauseId | undefined;
  private gone = 0;

  constructor(host: DiskHost, queue: ClassicLines, journal: () => Journal) {
    this.host = host;
    this.queue = queue;
    this.journal = journal;
  }

  save(of: Exclude<BackupKind, 'definitions'>): SavedQueue {
    const { host, queue } = this;
    const { copies } = host.world;
    const scope = of === 'stopped' ? 'stop' : 'host';
    const there = [...queue.ready.all(), ...heldBy(host, queue)].filter((copy) => queue.isKeptBy(copy, scope));
    const all = [...there, ...this.journal().removedInVain(scope)].sort((one, other) => copies.position[one]! - copies.position[other]!);
    // Nothing that was stopped in disorder knows which ones were delivered.
    return savedCopies(host, all.map((copy) => ({ ...saveCopy(host, copy), ...(of === 'snapshot' && { redelivered: 1 }) })));
  }

  /**
   * A confirm says that a persistent message of a durable queue is on disk (rabbitmq.com/docs/confirms), and that all mirrors have it that
   * are in step (rabbitmq.com/docs/3.13/ha): what storage v2 does of that is to write.
   */
  holding(copy: CopyId): Holding {
    const { queue, host: { copies } } = this;
    const isPersistent = copies.persistent[copy] === 1;
    const members = queue.mirrors?.members() ?? [];
    const [synced, unsynced]: [NodeId[], NodeId[]] = queue.isKeptBy(copy, 'host') ? [[queue.home], []] : [[], [queue.home]];
    for (const mirror of members) if (mirror.has.has(copy)) (isPersistent && mirror.isOnDisk(copy) ? synced : unsynced).push(mirror.node);
    return { synced, unsynced, claimed: { disks: isPersistent ? 1 : 0, nodes: 1 + members.filter(({ isSynchronised }) => isSynchronised).length } };
  }

  losing(saved: SavedQueue | undefined, { loss }: LossCauses): void {
    this.kept = new Set(saved?.copies.map(({ copy }) => copy));
    this.loss = loss;
    this.gone = 0;
  }

  /** The disk is lost: whether the backup has it. */
  keeps(copy: CopyId): boolean {
    if (!this.kept.has(copy)) this.gone++;
    return this.kept.has(copy);
  }

  /** Why what it does not have is gone. */
  get whyLost(): CauseId {
    return this.loss!;
  }

  lost(): number {
    return this.gone;
  }

  bringBack({ copies }: SavedQueue, recovery: number, cause: CauseId): BroughtBack {
    const { host, queue } = this;
    const kept = copies.filter((each) => isThere(host, each)).length;
    for (const saved of copies) {
      const isKept = isThere(host, saved);
      const copy = takeOver(host, queue.id, saved, recovery, cause);
      this.journal().store(copy);
      if (!isKept) queue.ready.giveBack(copy, 'original');
    }
    this.journal().closed();
    queue.restored();
    return { again: copies.length - kept, kept };
  }
}
