/**
 * What of a work queue is on disk: a record for each copy stored and for each removed, in one log.
 *
 * A process crash keeps every record written; a host crash keeps those synced. So a confirm may have to wait for a sync,
 * and a copy that was removed is remembered until its removal is synced: a host crash before that brings it back.
 */
import { distribution } from '../../../sim/distribution.ts';
import { Fifo } from '../../../sim/fifo.ts';
import type { EventType } from '../../../sim/simulation.ts';
import type { Nanos } from '../../../sim/units.ts';
import type { CauseId } from '../../causes.ts';
import type { BrokerDisk, Holding } from '../../broker.ts';
import { Disk } from '../../disk.ts';
import type { DiskCondition } from '../../disk-condition.ts';
import type { AttemptId, CopyId } from '../../message.ts';
import type { CrashScope, NodeId } from '../../node.ts';
import type { Slowness } from '../../slowness.ts';
import type { World } from '../../world.ts';
import type { WorkQueueSpec } from './settings.ts';

const nowhere: readonly NodeId[] = [];

export class Durability implements BrokerDisk {
  private readonly disk: Disk;
  private readonly condition: DiskCondition;
  /** Attempts stored whose confirm waits for a sync; copies gone whose removal is not synced. Both in the order of the log. */
  private readonly awaitingSync = new Fifo();
  private readonly unsyncedRemovals = new Fifo();
  private readonly world: World;
  private readonly here: readonly [NodeId];
  private readonly claimed = { durable: { disks: 1, nodes: 1 }, transient: { disks: 0, nodes: 1 } } as const;
  private readonly confirmable: EventType<AttemptId, number>;
  private readonly hasChecksums: boolean;

  constructor(world: World, node: NodeId, storage: WorkQueueSpec['storage'], confirmable: EventType<AttemptId, number>) {
    this.world = world;
    this.here = [node];
    this.confirmable = confirmable;
    this.hasChecksums = storage.checksum;
    const spec = {
      fsync: storage.fsync, write: distribution(storage.write), sync: distribution(storage.sync), groupCommit: storage.groupCommit, writeback: storage.writeback,
      checksum: storage.checksum, onSyncError: storage.onSyncError,
    };
    this.condition = world.disks.of(node);
    this.disk = new Disk(world.sim, world.nodes.name(node), world.nodes.owner(node), spec, this.condition, () => this.onSynced());
  }

  /** How long a write takes; undefined where it takes no time. */
  get writeTime(): (() => Nanos) | undefined {
    return this.disk.writeTime;
  }

  /** A copy's record is written. */
  store(copy: CopyId): void {
    this.world.copies.storedInLog[copy] = this.disk.append();
  }

  isDurable(copy: CopyId): boolean {
    return this.world.copies.storedInLog[copy] !== 0;
  }

  /** A host crash now would leave it. */
  isSynced(copy: CopyId): boolean {
    return this.isDurable(copy) && this.world.copies.storedInLog[copy]! <= this.disk.safe;
  }

  /** On one node; whoever confirms before the sync claims no less of a durable queue. */
  holding(copy: CopyId): Holding {
    const { here, claimed } = this;
    return this.isSynced(copy) ? { synced: here, unsynced: nowhere, claimed: claimed.durable } : { synced: nowhere, unsynced: here, claimed: this.isDurable(copy) ? claimed.durable : claimed.transient };
  }

  confirmWhenSynced(attempt: AttemptId, copy: CopyId): void {
    this.world.attempts.storedInLog[attempt] = this.world.copies.storedInLog[copy]!;
    this.awaitingSync.push(attempt);
  }

  /** The broker is done with a copy; a durable one is remembered until its removal is on disk. */
  remove(copy: CopyId): void {
    if (!this.isDurable(copy)) {
      this.world.copies.release(copy);
      return;
    }
    this.world.copies.removedInLog[copy] = this.disk.append();
    this.unsyncedRemovals.push(copy);
  }

  /** Copies that were acknowledged or dead-lettered, and that a loss of power now would bring back. */
  removedInVain(): CopyId[] {
    const { buckets } = this.world.ledger;
    return (this.unsyncedRemovals.all() as CopyId[]).filter((copy) => this.isSynced(copy) && ['acknowledged', 'deadLettered'].includes(buckets.of(copy)));
  }

  /** A copy out of a backup is on the new disk. */
  restore(copy: CopyId): void {
    this.world.copies.storedInLog[copy] = this.disk.restore();
  }

  /** Nothing that a publisher waits for is unsynced. */
  isIdle(): boolean {
    return this.awaitingSync.size === 0;
  }

  get slowness(): Slowness {
    return this.disk.slowness;
  }

  /** A bit of the record of a copy is not what was written; what a recovery finds there it finds. False of one that is not on the disk. */
  flip(copy: CopyId, cause: CauseId): boolean {
    return this.isSynced(copy) && this.disk.flip(this.world.copies.storedInLog[copy]!, cause);
  }

  /** @returns attempts that will not be confirmed, and removals that a host crash undid, the last first */
  crashed(scope: CrashScope): { unconfirmed: AttemptId[]; undone: CopyId[] } {
    const unconfirmed = this.awaitingSync.drain() as AttemptId[];
    if (scope === 'process') {
      this.disk.processCrashed();
      return { unconfirmed, undone: [] };
    }
    this.disk.hostCrashed();
    const undone: CopyId[] = [];
    for (const copy of this.unsyncedRemovals.drain().reverse() as CopyId[]) {
      // Had its own record been lost as well, there is nothing to come back.
      if (scope !== 'disk' && this.isSynced(copy) && !this.isRemovalLeft(copy)) undone.push(copy);
      else this.world.copies.release(copy);
    }
    return { unconfirmed, undone };
  }

  private isRemovalLeft(copy: CopyId): boolean {
    const removed = this.world.copies.removedInLog[copy]!;
    return removed <= this.disk.safe && this.disk.remnantOf(removed) === 'whole';
  }

  /** It is on the disk, and a recovery can tell that it is not what was written: so that is none. */
  isRefused(copy: CopyId): boolean {
    return this.hasChecksums && this.disk.isFlipped(this.world.copies.storedInLog[copy]!);
  }

  /** The loss of power that just happened left something else in its place than was written. */
  isAltered(copy: CopyId): boolean {
    const position = this.world.copies.storedInLog[copy]!;
    return this.disk.remnantOf(position) !== 'whole' || this.disk.isFlipped(position);
  }

  /** Why a copy's record, or that of its removal, is not there after a crash. */
  whyLost(copy: CopyId, by: string): CauseId {
    return this.isDurable(copy) ? this.whyMissing(this.world.copies.storedInLog[copy]!, by) : this.world.causes.of('transient', by);
  }
  whyUndone(copy: CopyId, by: string): CauseId {
    return this.whyMissing(this.world.copies.removedInLog[copy]!, by);
  }

  private whyMissing(position: number, by: string): CauseId {
    const { causes } = this.world;
    const damage = this.disk.damageAt(position);
    if (damage !== undefined) return damage;
    switch (this.disk.remnantOf(position)) {
      case 'missing':
        return causes.of('unsynced', by);
      case 'torn':
        return [...this.condition.tears.values()][0]!.cause;
      case 'corrupt':
        return causes.of('corruption', by);
      case 'whole':
        return causes.of('truncated', by);
    }
  }

  restarted(): void {
    this.disk.restarted();
  }

  private onSynced(): void {
    const { attempts, copies, sim, nodes } = this.world;
    while (this.awaitingSync.size > 0 && attempts.storedInLog[this.awaitingSync.first()]! <= this.disk.synced) {
      sim.post(0, this.confirmable, this.awaitingSync.shift() as AttemptId, 0, nodes.owner(this.here[0]));
    }
    while (this.unsyncedRemovals.size > 0 && copies.removedInLog[this.unsyncedRemovals.first()]! <= this.disk.safe) {
      copies.release(this.unsyncedRemovals.shift() as CopyId);
    }
  }
}
