/** Nodes that lose sight of each other and find each other again: what queues, channels and consumers there learn of it. */
import type { EventType } from '../../../sim/simulation.ts';
import type { CauseId } from '../../causes.ts';
import type { AttemptId } from '../../message.ts';
import type { NodeId } from '../../node.ts';
import { Peers, type PeerWatcher } from '../../peers.ts';
import { ByNode } from './by-node.ts';
import type { Confirms } from './confirms.ts';
import type { Consumers } from './consumers.ts';
import { type ConsumerKeeper, LostConsumers } from './lost-consumers.ts';
import { Orphans } from './orphans.ts';
import { PartitionHandling, type Strategy } from './partitions/partition-handling.ts';
import type { RabbitQueue } from './queue.ts';
import { raftTiming } from './raft/member.ts';
import type { Consumer } from './consumer.ts';

/** What a cluster needs of the broker that it is a part of. */
export interface ClusterHost extends ConsumerKeeper {
  readonly lines: readonly RabbitQueue[];
  readonly byQueue: readonly RabbitQueue[];
  readonly consumers: Consumers;
  readonly confirms: Confirms;
  readonly dropped: PeerWatcher['dropped'];
  readonly forgetsDurableQueues: boolean;
  /** Said before anything else is done about it. */
  readonly peerLost: PeerWatcher['peerLost'];
  readonly peerFound: PeerWatcher['peerFound'];
  channelOf(attempt: AttemptId): NodeId;
}

export class Cluster {
  readonly peers: Peers;
  readonly orphans: Orphans;
  readonly lost: LostConsumers;
  /** Consumers of queues on a node that their channels gave up while it could not be reached. */
  private readonly cancelled = new ByNode<Consumer>();
  private readonly host: ClusterHost;
  private readonly suspicionDue: EventType<NodeId, NodeId>;

  /** Undefined where nodes know no partitions. */
  private readonly handling: PartitionHandling | undefined;

  /** @param tick `net_ticktime` @param strategy undefined where nodes know no partitions */
  constructor(host: ClusterHost, name: string, tick: number, strategy: Strategy | undefined) {
    const { world, nodes, confirms, consumers, dropped } = host;
    this.host = host;
    this.suspicionDue = world.sim.declare(`${name}.suspicionDue`);
    this.peers = new Peers(world, nodes, { name, tick, reconnect: 1e9 }, {
      dropped: (type, a, b, from, to) => {
        if (this.handling?.dropped(type) !== true) dropped(type, a, b, from, to);
      },
      // Whoever pauses says nothing any more, not even to publishers that wait for that node's queues (`pause_partition_guard`).
      losing: (node, peer) => this.handling?.losing(node, peer),
      peerLost: (node, peer) => this.peerLost(node, peer),
      peerFound: (node, peer) => this.peerFound(node, peer),
      silenceBegan: (node, peer) => this.silenceBegan(node, peer),
    });
    this.handling = strategy === undefined ? undefined : new PartitionHandling(world, name, nodes, this.peers, strategy);
    this.orphans = new Orphans(world, this.peers, confirms, (attempt) => host.channelOf(attempt));
    this.lost = new LostConsumers(host, consumers, this.peers);
    world.sim.handle(this.suspicionDue, (node, peer) => this.onSuspicionDue(node, peer));
  }

  /** Channels refuse what queues there will not answer; queues here give back what consumers there held; consumers here of queues there are cancelled. */
  private peerLost(node: NodeId, peer: NodeId): void {
    const { world: { causes, network, nodes }, lines, byQueue, consumers } = this.host;
    this.host.peerLost(node, peer);
    this.orphans.missed(node, peer);
    for (const queue of lines) if (queue.leader === node) this.lost.miss(queue, node, peer);
    for (const consumer of consumers.closeWhere((each) => this.isOn(each, node) && byQueue[each.queue]!.isOn(peer))) {
      if (byQueue[consumer.queue]!.isOn(peer)) this.cancelled.add(peer, consumer);
      else this.host.tellDown(consumer, node);
      network.closeAtServer(consumer.connection, consumer.life, causes.of('connection-lost'));
    }
    for (const queue of lines) queue.suspect(node, peer, nodes.isUp(peer) ? 'silent' : 'closed');
  }

  /** The failure detector (aten) looks once a second, and suspects what was silent since the time before: 1 to 2 s after it fell silent. */
  private silenceBegan(node: NodeId, peer: NodeId): void {
    const { sim, nodes } = this.host.world;
    sim.post(2 * raftTiming.detectorPoll - (sim.now % raftTiming.detectorPoll), this.suspicionDue, node, peer, nodes.owner(node));
  }

  private onSuspicionDue(node: NodeId, peer: NodeId): void {
    if (!this.peers.hears(node, peer)) for (const queue of this.host.lines) queue.suspect(node, peer, 'silent');
  }

  /** What a queue's node held for consumers that were cancelled while it could not be reached comes back. */
  private peerFound(node: NodeId, peer: NodeId): void {
    this.host.peerFound(node, peer);
    for (const consumer of this.cancelled.take(node, (each) => this.isOn(each, peer))) this.host.tellDown(consumer, node);
    for (const queue of this.host.lines) {
      queue.peerFound(node, peer);
      if (queue.leader === node) this.lost.resume(queue, (consumer) => this.isOn(consumer, peer));
    }
    this.handling?.found(node, peer);
  }

  stopped(node: NodeId): void {
    this.handling?.stopped(node);
  }

  booted(node: NodeId): void {
    this.handling?.booted(node);
  }

  /** Those queues that channels on a node find: not those that are deleted, or that it forgot with the node that they live on. */
  known(node: NodeId, all: readonly RabbitQueue[]): readonly RabbitQueue[] {
    const queues = all.every(isDeclared) ? all : all.filter(isDeclared);
    const forgotten = this.handling?.tables.forgottenBy(node);
    if (forgotten === undefined || forgotten.size === 0) return queues;
    return queues.filter((queue) => (queue.rules.durable && !this.host.forgetsDurableQueues) || ![...forgotten].some((other) => queue.isOn(other)));
  }

  /** No queue is bound, or one that was is forgotten, or deleted, which some fault did. */
  whyUnknown(queues: readonly RabbitQueue[]): CauseId {
    const { causes } = this.host.world;
    const deletedBy = queues.find((queue) => !isDeclared(queue))?.orders.deletedBy;
    return deletedBy === undefined ? causes.of('unroutable') : causes.because('unroutable', deletedBy);
  }

  private isOn(consumer: Consumer, node: NodeId): boolean {
    return this.host.serverOf(consumer.connection) === node;
  }
}

function isDeclared({ orders }: RabbitQueue): boolean {
  return orders.deletedBy === undefined;
}
