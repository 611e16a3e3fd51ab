/** Mirrored classic queues with one bug each. */
import { MirroredQueue } from '../../models/brokers/rabbitmq/mirrored-queue.ts';
import type { Mirror } from '../../models/brokers/rabbitmq/mirrors/mirror.ts';
import type { CopyId } from '../../models/message.ts';
import { type CrashScope, isInOrder } from '../../models/node.ts';
import { misbehaved, type RabbitBug, type RabbitSetting } from './rabbitmq.ts';

/** Whoever joined last leads, which has the least. */
class PromotesTheYoungest extends MirroredQueue {
  protected override heirs(scope: CrashScope): Mirror[] {
    const heirs = super.heirs(scope);
    if (heirs[0]?.isSynchronised === true && heirs.at(-1)?.isSynchronised === false) misbehaved(this.world);
    return heirs.reverse();
  }
}

class PromotesUnsynchronisedAfterAFailure extends MirroredQueue {
  protected override heirs(scope: CrashScope): Mirror[] {
    const heirs = super.heirs(scope);
    if (isInOrder(scope) || heirs.length > 0 || this.mirrors.members().length === 0) return heirs;
    misbehaved(this.world);
    return this.mirrors.members();
  }
}

class PromotesUnsynchronisedAfterAStop extends MirroredQueue {
  protected override heirs(scope: CrashScope): Mirror[] {
    const heirs = super.heirs(scope);
    if (!isInOrder(scope) || heirs.length > 0 || this.mirrors.members().length === 0) return heirs;
    misbehaved(this.world);
    return this.mirrors.members();
  }
}

class ConfirmsBeforeItsMirrors extends MirroredQueue {
  protected override confirm(copy: CopyId): void {
    if (this.mirrors.isAwaited(copy)) misbehaved(this.world);
    this.confirmedByAll(copy);
  }
}

/** They count as synchronised, and have nothing. */
class SynchronisesNobody extends MirroredQueue {
  protected override goOn(): void {
    for (const mirror of this.synchronisation.wanting()) {
      misbehaved(this.world);
      mirror.lacks.clear();
    }
    super.goOn();
  }
}

const mirrored = (nodes: number, definition: object = {}): RabbitSetting['broker'] => ({ nodes, policies: [{ name: 'ha', pattern: '^jobs$', definition: { 'ha-mode': 'all', ...definition } }] });
const backlog = { service: '200ms' } as const;
const mirrorRestarts = { kind: 'crash', target: 'mq.1', at: '200ms', for: '50ms' } as const;
const leaderDies = { kind: 'crash', target: 'mq.0', at: '1700ms', for: '2s' } as const;
/** What the leader tells its mirror goes nowhere. */
const mirrorHearsNothing: NonNullable<RabbitSetting['faults']>[number] = { kind: 'partition', between: ['mq.0', 'mq.1'], direction: 'one', at: '300ms', for: '5s' };
const leaderStops = { ...leaderDies, kind: 'stop', scope: 'process' } as const;

export const mirrorBugs: readonly RabbitBug[] = [
  {
    name: 'promotes an unsynchronised mirror though one is synchronised', claim: 'at-least-once', types: { mirrored: PromotesTheYoungest }, tried: ['mirror.unsynchronised', 'mirror.promoted'],
    setting: { broker: mirrored(3), consumer: backlog, faults: [mirrorRestarts, leaderDies] },
  },
  {
    name: 'promotes an unsynchronised mirror after a crash where only synchronised ones may lead', claim: 'at-least-once', types: { mirrored: PromotesUnsynchronisedAfterAFailure },
    tried: ['mirror.unsynchronised', 'node.crashed.process'],
    setting: { broker: mirrored(2, { 'ha-promote-on-failure': 'when-synced' }), consumer: backlog, faults: [mirrorRestarts, leaderDies] },
  },
  {
    name: 'promotes an unsynchronised mirror after a stop', claim: 'at-least-once', types: { mirrored: PromotesUnsynchronisedAfterAStop }, tried: ['mirror.unsynchronised', 'node.crashed.stop'],
    setting: { broker: mirrored(2), consumer: backlog, faults: [mirrorRestarts, leaderStops] },
  },
  {
    name: 'confirms before its mirrors have it', claim: 'confirm-means-durable', types: { mirrored: ConfirmsBeforeItsMirrors }, tried: ['mirror.promoted'],
    setting: { broker: mirrored(2), consumer: backlog, faults: [mirrorHearsNothing, { ...leaderDies, at: '700ms' }] },
  },
  {
    name: 'confirms before its mirrors have it', claim: 'at-least-once', types: { mirrored: ConfirmsBeforeItsMirrors }, tried: ['mirror.promoted', 'mirror.lost'],
    setting: { broker: mirrored(2), consumer: backlog, faults: [mirrorHearsNothing, { ...leaderDies, at: '700ms' }] },
  },
  {
    name: 'takes mirrors for synchronised that have nothing', claim: 'at-least-once', types: { mirrored: SynchronisesNobody }, tried: ['mirror.synchronising', 'mirror.promoted'],
    setting: { broker: mirrored(2, { 'ha-sync-mode': 'automatic', 'ha-promote-on-failure': 'when-synced' }), consumer: backlog, faults: [mirrorRestarts, leaderDies] },
  },
];
