/** Backups and restores with one bug each. */
import { ClassicDisk } from '../../models/brokers/rabbitmq/backups/classic-disk.ts';
import { QuorumDisk } from '../../models/brokers/rabbitmq/backups/quorum-disk.ts';
import type { SavedQueue } from '../../models/brokers/rabbitmq/backups/queue-disk.ts';
import { ClassicQueue } from '../../models/brokers/rabbitmq/classic-queue.ts';
import { QuorumQueue } from '../../models/brokers/rabbitmq/quorum-queue.ts';
import type { BackupKind } from '../../models/backup.ts';
import type { CopyId } from '../../models/message.ts';
import type { CrashScope } from '../../models/node.ts';
import { isSeventh, misbehaved, quorum, type RabbitBug, type RabbitSetting } from './rabbitmq.ts';

type Kind = Exclude<BackupKind, 'definitions'>;

class MissesSome extends ClassicDisk {
  override save(of: Kind): SavedQueue {
    const saved = super.save(of);
    const { world } = this.host;
    const some = saved.copies.filter(({ copy }) => !isSeventh(world, world.copies.messageOf(copy)));
    if (some.length < saved.copies.length) misbehaved(world);
    return { ...saved, copies: some };
  }
}

class RestoresInTheWrongOrder extends ClassicDisk {
  override bringBack(saved: SavedQueue, recovery: number, cause: Parameters<ClassicDisk['bringBack']>[2]) {
    const brought = super.bringBack(saved, recovery, cause);
    const all = this.queue.ready.all();
    if (all.length > 1) misbehaved(this.host.world);
    for (const copy of all) this.queue.ready.remove(copy);
    for (const copy of all) this.queue.ready.giveBack(copy, 'head');
    return brought;
  }
}

class KeepsWhatCameLater extends ClassicDisk {
  override keeps(copy: CopyId): boolean {
    if (!super.keeps(copy)) misbehaved(this.host.world);
    return true;
  }
}

const withDisk = (disk: typeof ClassicDisk): typeof ClassicQueue => class extends ClassicQueue {
  override readonly disk: ClassicDisk = new disk(this.host, this, () => this.journal);
};

/** What was acknowledged is remembered, and taken for something that a snapshot has. */
class HasWhatWasAcknowledged extends ClassicQueue {
  private readonly acknowledged: CopyId[] = [];
  override retire(copy: CopyId): void {
    if (this.world.ledger.buckets.of(copy) === 'acknowledged' && isSeventh(this.world, this.world.copies.messageOf(copy))) {
      this.world.copies.hold(copy);
      this.acknowledged.push(copy);
    }
    super.retire(copy);
  }
  override readonly disk: ClassicDisk = this.wronglyFilled();
  private wronglyFilled(): ClassicDisk {
    const { acknowledged, world } = this;
    return new (class extends ClassicDisk {
      override save(of: Kind): SavedQueue {
        const saved = super.save(of);
        const more = acknowledged.map((copy) => ({ copy, priority: 0, redelivered: 0, returns: 0, deaths: [], cameBack: false }));
        if (more.length > 0) misbehaved(world);
        return { ...saved, copies: [...saved.copies, ...more] };
      }
    })(this.host, this, () => this.journal);
  }
}

/** A snapshot of a running node has what only its process, or the kernel, has. */
class SnapshotsWhatIsInMemory extends ClassicQueue {
  override isKeptBy(copy: CopyId, scope: CrashScope): boolean {
    if (!super.isKeptBy(copy, scope)) misbehaved(this.world);
    return true;
  }
}

class ForgetsWhatConsumersHeld extends QuorumQueue {
  override readonly disk: QuorumDisk = this.forgetful();
  private forgetful(): QuorumDisk {
    const { world } = this;
    return new (class extends QuorumDisk {
      override save(): SavedQueue {
        const saved = super.save();
        const some = saved.copies.filter(({ cameBack }) => !cameBack);
        if (some.length < saved.copies.length) misbehaved(world);
        return { ...saved, copies: some };
      }
    })(this.host, this);
  }
}

const restored = (at: string, more: Partial<RabbitSetting> = {}): RabbitSetting => ({
  consumer: { service: '200ms' }, ...more, faults: [{ kind: 'backup', target: 'mq', of: 'snapshot', at }, { kind: 'restore', target: 'mq', at: '2500ms', after: '100ms' }],
});
/** All that was published is on disk by then, and half of it waits. */
const tried = ['node.crashed.disk'];

/** Caught by a guarantee that the healthy broker keeps. */
export const backupBugs: readonly RabbitBug[] = [
  { name: 'backs up only most of a queue', claim: 'at-least-once', types: { classic: withDisk(MissesSome) }, setting: restored('2400ms'), tried },
  { name: 'restores a queue in the wrong order', claim: 'order-per-key', types: { classic: withDisk(RestoresInTheWrongOrder) }, setting: restored('2400ms'), tried },
  {
    name: 'has in a backup what was acknowledged before', claim: 'at-most-once', types: { classic: HasWhatWasAcknowledged }, tried,
    setting: { consumer: { service: '5ms', idempotency: undefined }, faults: [{ kind: 'backup', target: 'mq', of: 'snapshot', at: '2s' }, { kind: 'restore', target: 'mq', at: '2500ms', after: '100ms' }] },
  },
  { name: 'backs up a quorum queue without what its consumers hold', claim: 'at-least-once', types: { quorum: ForgetsWhatConsumersHeld }, setting: { ...restored('2400ms'), queues: { jobs: quorum() } }, tried },
];

/** No guarantee is broken by a restore that has more than its backup: the model itself counts. */
export const tooGenerousRestores: readonly RabbitBug[] = [
  { name: 'restores what came after the backup', claim: 'at-least-once', types: { classic: withDisk(KeepsWhatCameLater) }, setting: restored('500ms'), tried: [] },
];

/** Seen in what a restore costs. */
export const snapshotBugs: readonly RabbitBug[] = [
  { name: 'has in a snapshot what was not synced', claim: 'at-least-once', types: { classic: SnapshotsWhatIsInMemory }, setting: { ...restored('900ms'), broker: { version: '4.2' } }, tried: [] },
];
