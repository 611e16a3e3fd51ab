/** Replicated logs with one bug each that make a leader of somebody who lacks what was committed: the model itself notices that. */
import { QuorumQueue } from '../../models/brokers/rabbitmq/quorum-queue.ts';
import type { Member } from '../../models/brokers/rabbitmq/raft/member.ts';
import type { Consumer } from '../../models/brokers/rabbitmq/consumer.ts';
import { StreamQueue } from '../../models/brokers/rabbitmq/stream-queue.ts';
import type { CopyId } from '../../models/message.ts';
import { RaftGroup } from '../../models/brokers/rabbitmq/raft/raft-group.ts';
import type { CrashScope, NodeId } from '../../models/node.ts';
import { cluster, jobs } from './quorum-queue.ts';
import { bugReached, quorum, type RabbitBug, type RabbitSetting } from './rabbitmq.ts';

type Parts = ConstructorParameters<typeof RaftGroup>[0];

class VotesForShorterLogs extends RaftGroup {
  protected override isUpToDate(...logs: Parameters<RaftGroup['isUpToDate']>): boolean {
    if (!super.isUpToDate(...logs)) this.sim.trace.reached(bugReached);
    return true;
  }
}

class CommitsWithoutAMajority extends RaftGroup {
  protected override commit(at: Member): void {
    for (const member of this.members) {
      if (at.matched[member.index]! < at.synced) this.sim.trace.reached(bugReached);
      at.matched[member.index] = at.synced;
    }
    super.commit(at);
  }
}

/** What was committed is cut off where it was synced. */
class ForgetsItsLogInACrash extends RaftGroup {
  override crashed(node: NodeId, scope: CrashScope): void {
    super.crashed(node, scope);
    const member = this.members.find((each) => each.node === node)!;
    if (member.log.last > member.log.base) this.sim.trace.reached(bugReached);
    member.log.truncateAfter(member.log.base);
    member.synced = member.log.base;
  }
}

/** Who was away goes on with what it had. */
class TellsNobodyWhoComesBack extends RaftGroup {
  private readonly wereAway = new Set<Member>();
  override crashed(node: NodeId, scope: CrashScope): void {
    super.crashed(node, scope);
    this.wereAway.add(this.members.find((each) => each.node === node)!);
  }
  protected override probe(from: Member, to: Member): void {
    if (this.wereAway.has(to)) this.sim.trace.reached(bugReached);
    else super.probe(from, to);
  }
}

/** Its term and its vote are in no file. */
class ForgetsItsTermInACrash extends RaftGroup {
  override crashed(node: NodeId, scope: CrashScope): void {
    super.crashed(node, scope);
    const member = this.members.find((each) => each.node === node)!;
    if (member.term > 0) this.sim.trace.reached(bugReached);
    member.term = 0;
    member.votedIn = 0;
  }
}

function streamOver(Group: new (parts: Parts) => RaftGroup): typeof StreamQueue {
  return class extends StreamQueue {
    protected override createGroup(parts: Parts): RaftGroup {
      return new Group(parts);
    }
  };
}

/** The offset is stored as a message goes out, and not when its reader is through with it. */
class StoresOffsetsAtTheDelivery extends StreamQueue {
  protected override deliver(consumer: Consumer, copy: CopyId): void {
    this.world.subscribers[consumer.worker]!.handledUpTo = this.world.copies.position[copy]!;
    this.world.sim.trace.reached(bugReached);
    super.deliver(consumer, copy);
  }
}

function queueOver(Group: new (parts: Parts) => RaftGroup): typeof QuorumQueue {
  return class extends QuorumQueue {
    protected override createGroup(parts: Parts): RaftGroup {
      return new Group(parts);
    }
  };
}

export interface RaftBug {
  readonly name: string;
  readonly quorum: typeof QuorumQueue;
  readonly setting: RabbitSetting;
}

export const raftBugs: readonly RaftBug[] = [
  {
    name: 'votes for a member whose log is shorter', quorum: queueOver(VotesForShorterLogs),
    setting: { broker: cluster, queues: jobs, faults: [{ kind: 'partition', between: ['mq.2', ['mq.0', 'mq.1']], at: '100ms', for: '4s' }, { kind: 'crash', target: 'mq.0', at: '4s', for: '2s' }] },
  },
  {
    name: 'commits what only the leader has', quorum: queueOver(CommitsWithoutAMajority),
    setting: { broker: cluster, queues: { jobs: { ...quorum(), node: 2 } }, faults: [{ kind: 'partition', between: ['mq.2', ['mq.0', 'mq.1']], at: '100ms', for: '4s' }] },
  },
  {
    name: 'loses in a crash what it had synced', quorum: queueOver(ForgetsItsLogInACrash),
    setting: {
      broker: cluster, queues: jobs, consumer: { service: '1s' },
      faults: [{ kind: 'crash', target: 'mq', at: '1s', for: '500ms' }],
    },
  },
];

const stream = { jobs: { arguments: { 'x-queue-type': 'stream' } } } as const;

export const replicationBugs: readonly RabbitBug[] = [
  {
    name: 'loses of a stream in a crash what it had written', claim: 'high-watermark-monotone', types: { stream: streamOver(ForgetsItsLogInACrash) }, tried: ['raft.elected'],
    setting: { broker: cluster, queues: stream, faults: [{ kind: 'crash', target: 'mq', at: '1s', for: '500ms' }] },
  },
  {
    name: 'forgets its term in a crash', claim: 'one-leader-per-term', types: { quorum: queueOver(ForgetsItsTermInACrash) }, tried: ['raft.elected'],
    setting: {
      broker: cluster, queues: jobs, producer: { arrivals: { constant: { rate: '4/s' } } }, faults: [{ kind: 'crash', target: 'mq', at: '1s', for: '500ms' }],
    },
  },
  {
    name: 'stores the offset of a reader when it delivers', claim: 'offset-safety', types: { stream: StoresOffsetsAtTheDelivery }, tried: ['node.crashed.process'],
    setting: { broker: cluster, queues: stream, consumer: { count: 1, offset: 'stored' } },
  },
  {
    name: 'does not tell a member that was away what it missed', claim: 'replica-agreement', types: { quorum: queueOver(TellsNobodyWhoComesBack) }, tried: ['node.crashed.process'],
    setting: { broker: cluster, queues: jobs, consumers: {}, faults: [{ kind: 'crash', target: 'mq.2', at: '300ms', for: '5s' }] },
  },
];
