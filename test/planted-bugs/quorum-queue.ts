/** Quorum queues with one bug each. */
import type { EventType } from '../../sim/simulation.ts';
import type { CauseId } from '../../models/causes.ts';
import { operation } from '../../models/brokers/rabbitmq/mailbox.ts';
import { QuorumQueue } from '../../models/brokers/rabbitmq/quorum-queue.ts';
import type { CommandId } from '../../models/brokers/rabbitmq/raft/commands.ts';
import type { AttemptId, CopyId } from '../../models/message.ts';
import type { NodeId } from '../../models/node.ts';
import { reply } from '../../models/protocol.ts';
import { misbehaved, quorum, type RabbitBug, type RabbitSetting } from './rabbitmq.ts';

type Arguments = ConstructorParameters<typeof QuorumQueue>;

/** Confirms what reaches a leader before a majority has it. */
class ConfirmsBeforeAMajority extends QuorumQueue {
  private readonly early = new Set<AttemptId>();
  override onCommandArrived(command: CommandId, member: number): void {
    const attempt = this.commands.a[command]! as AttemptId;
    if (this.commands.kind[command] === operation.publish && !this.early.has(attempt) && this.isEarly(this.group.nodeOf(member))) {
      misbehaved(this.world);
      this.early.add(attempt);
      this.world.attempts.hold(attempt);
      this.host.answer(attempt, reply.confirmed, this.group.nodeOf(member));
    }
    super.onCommandArrived(command, member);
  }
  protected isEarly(_at: NodeId): boolean {
    return true;
  }
  protected override confirm(attempt: AttemptId): void {
    if (this.early.delete(attempt)) this.world.attempts.release(attempt);
    else super.confirm(attempt);
  }
  protected override lost(command: CommandId, cause: CauseId): void {
    const attempt = this.commands.a[command]! as AttemptId;
    if (this.commands.kind[command] !== operation.publish || !this.early.delete(attempt)) {
      super.lost(command, cause);
      return;
    }
    this.world.ledger.attemptLost(attempt, cause);
    this.world.attempts.release(attempt);
  }
}

/** Only once it knows that it has no majority. */
class ConfirmsWithoutAMajority extends ConfirmsBeforeAMajority {
  private readonly peers: Arguments[4]['peers'];
  constructor(...args: Arguments) {
    super(...args);
    this.peers = args[4].peers;
  }
  protected override isEarly(at: NodeId): boolean {
    return this.host.nodes.filter((node) => node === at || this.peers.isConnected(at, node)).length < 2;
  }
}

class NeverCountsReturns extends QuorumQueue {
  protected override cameTooOften(copy: CopyId, isLost: boolean): boolean {
    if (super.cameTooOften(copy, isLost)) misbehaved(this.world);
    return false;
  }
}

class CountsReturnsTwice extends QuorumQueue {
  protected override cameTooOften(copy: CopyId, isLost: boolean): boolean {
    misbehaved(this.world);
    return super.cameTooOften(copy, isLost) || super.cameTooOften(copy, isLost);
  }
}

/** What a lost link swallowed is not told again by the next leader. */
class LosesConfirmsAtAnElection extends QuorumQueue {
  private readonly appliedTold: EventType;
  constructor(...args: Arguments) {
    super(...args);
    this.appliedTold = args[4].events.appliedTold as unknown as EventType;
  }
  override hasLost(type: EventType, a: number, b: number, from: NodeId): boolean {
    if (type !== this.appliedTold || b !== this.id) return super.hasLost(type, a, b, from);
    misbehaved(this.world);
    return true;
  }
}

class ForgetsConsumersAtAnElection extends QuorumQueue {
  override onLeader(node: NodeId): void {
    super.onLeader(node);
    for (const consumer of this.turns.removeAll()) {
      misbehaved(this.world);
      consumer.isOpen = false;
    }
  }
}

/** A new leader takes what consumers hold for ready. */
class DeliversAgainAfterAnElection extends QuorumQueue {
  override onLeader(node: NodeId): void {
    for (const consumer of this.turns.removeAll()) {
      this.turns.add(consumer);
      for (const delivery of consumer.unsettled(this.world.deliveries)) {
        misbehaved(this.world);
        const copy = this.world.deliveries.copyOf(delivery);
        this.closeDelivery(delivery);
        this.takeBack(copy, this.world.causes.of('crash'), true);
      }
    }
    super.onLeader(node);
  }
}

export const cluster = { nodes: 3, config: { net_ticktime: 4 } } as const;
export const jobs = { jobs: quorum() };
/** The consumer talks to the first node, its producer to the second; the third leads, and dies. */
const ledElsewhere: RabbitSetting = {
  broker: cluster, queues: { jobs: { ...quorum(), node: 2 } }, producer: { confirm: { timeout: '10s' } }, consumer: { count: 1 },
  faults: [{ kind: 'crash', target: 'mq.2', at: '405ms', for: '2s' }],
};
const elected = ['raft.elected'];

export const quorumBugs: readonly RabbitBug[] = [
  {
    name: 'confirms before a majority has synced', claim: 'confirm-means-durable', types: { quorum: ConfirmsBeforeAMajority }, tried: elected,
    setting: { broker: cluster, queues: jobs, faults: [{ kind: 'crash', target: 'mq.0', at: '405ms', for: '500ms' }] },
  },
  {
    name: 'confirms before a majority has synced', claim: 'at-least-once', types: { quorum: ConfirmsBeforeAMajority }, tried: elected,
    setting: { broker: { ...cluster, timing: { fsync: '50ms' } }, queues: jobs, faults: [{ kind: 'crash', target: 'mq', scope: 'host', at: '405ms', for: '500ms' }] },
  },
  {
    name: 'goes on confirming where it has lost its majority', claim: 'at-least-once', types: { quorum: ConfirmsWithoutAMajority }, tried: elected,
    setting: {
      // Two workers talk to the first two nodes, so that the producer talks to the third, which leads.
      broker: cluster, queues: { jobs: { ...quorum(), node: 2 } }, producer: { arrivals: { constant: { rate: '5/s' } } },
      faults: [
        { kind: 'partition', between: ['mq.2', ['mq.0', 'mq.1']], at: '500ms', for: '9s' },
        { kind: 'crash', target: 'mq.2', scope: 'host', at: '7500ms', for: '500ms' },
      ],
    },
  },
  {
    name: 'never counts returns', claim: 'bounded-redelivery', types: { quorum: NeverCountsReturns }, tried: ['broker.deliveryLimit'],
    setting: { queues: { jobs: quorum({ 'x-delivery-limit': 2 }) }, consumer: { failure: { poison: { every: 7 } } }, faults: [] },
  },
  {
    name: 'counts every return twice', claim: 'at-least-once', types: { quorum: CountsReturnsTwice }, tried: ['broker.redelivered'],
    setting: { queues: { jobs: quorum({ 'x-delivery-limit': 1 }) } },
  },
  {
    name: 'loses confirms at an election', claim: 'drained', types: { quorum: LosesConfirmsAtAnElection }, tried: elected,
    setting: { ...ledElsewhere, latency: '20ms', faults: [{ kind: 'partition', between: ['mq.2', ['mq.0', 'mq.1']], at: '405ms', for: '8s' }] },
  },
  { name: 'forgets its consumers at an election', claim: 'drained', types: { quorum: ForgetsConsumersAtAnElection }, tried: elected, setting: ledElsewhere },
  {
    name: 'delivers again after an election what consumers hold', claim: 'at-most-once', types: { quorum: DeliversAgainAfterAnElection }, tried: elected,
    setting: { ...ledElsewhere, consumer: { count: 1, idempotency: undefined, service: '500ms' } },
  },
];
