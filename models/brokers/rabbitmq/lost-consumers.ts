/** Consumers whose channels are gone, or cannot be seen, until the queues that they are of have heard of it; and back again. */
import type { NodeId } from '../../node.ts';
import type { Peers } from '../../peers.ts';
import type { World } from '../../world.ts';
import { ByNode } from './by-node.ts';
import type { Consumers } from './consumers.ts';
import type { RabbitQueue } from './queue.ts';
import type { Consumer } from './consumer.ts';

export interface ConsumerKeeper {
  readonly world: World;
  readonly nodes: readonly NodeId[];
  serverOf(connection: Consumer['connection']): NodeId;
  /** The queue is told, at that node, that a consumer is gone. */
  tellDown(consumer: Consumer, at: NodeId): void;
  subscribe(consumer: Consumer): void;
}

export class LostConsumers {
  private readonly gone = new ByNode<Consumer>();
  private readonly keeper: ConsumerKeeper;
  private readonly consumers: Consumers;
  private readonly peers: Peers;

  constructor(keeper: ConsumerKeeper, consumers: Consumers, peers: Peers) {
    this.keeper = keeper;
    this.consumers = consumers;
    this.peers = peers;
  }

  add(node: NodeId, consumer: Consumer): void {
    this.gone.add(node, consumer);
  }

  /** A new leader learns whose channels are gone, and who of those taken for gone is there. A node that died it may not miss yet. */
  leaderChanged(queue: RabbitQueue, node: NodeId): void {
    for (const other of this.keeper.nodes) {
      this.tellGone(queue, node, other);
      if (!this.peers.isConnected(node, other)) this.miss(queue, node, other);
    }
    this.resume(queue, ({ connection }) => this.peers.isConnected(node, this.keeper.serverOf(connection)));
  }

  tellGone(queue: RabbitQueue, leader: NodeId, channels: NodeId): void {
    if (!this.keeper.world.nodes.isUp(channels) && this.peers.isConnected(leader, channels)) return;
    for (const consumer of this.gone.take(channels, (each) => each.queue === queue.id)) this.keeper.tellDown(consumer, leader);
  }

  /** A leader does not see that node: it takes back what consumers there hold. */
  miss(queue: RabbitQueue, leader: NodeId, channels: NodeId): void {
    if (queue.isReadLocally) return;
    const isThere = (consumer: Consumer): boolean => consumer.queue === queue.id && this.keeper.serverOf(consumer.connection) === channels;
    for (const consumer of [...this.consumers.suspendWhere(isThere), ...this.gone.take(channels, isThere)]) this.keeper.tellDown(consumer, leader);
  }

  /** Consumers whose node was out of sight of their queue's leader, and whose channels never were closed, go on. */
  resume(queue: RabbitQueue, isMeant: (consumer: Consumer) => boolean): void {
    for (const consumer of this.consumers.suspendedOf(queue.id).filter(isMeant)) this.keeper.subscribe(consumer);
  }
}
