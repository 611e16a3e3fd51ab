/**
 * What the leader of a quorum queue tells channels on other nodes. When a lost link swallows it, whoever leads tells it again:
 * channels ask for what was applied and for deliveries that they miss (rabbit_fifo_client). Left out: that they notice a missing
 * delivery only by the next one.
 */
import type { EventType } from '../../../sim/simulation.ts';
import type { AttemptId, ConnectionId, DeliveryId, QueueId } from '../../message.ts';
import type { NodeId } from '../../node.ts';
import type { Peers } from '../../peers.ts';
import { overhead, reply } from '../../protocol.ts';
import type { QueueHost } from './queue.ts';

export class QuorumReplies {
  private readonly confirms = new Set<AttemptId>();
  private readonly deliveries = new Set<DeliveryId>();
  private readonly host: QueueHost;
  private readonly queue: QueueId;
  private readonly peers: Peers;
  private readonly appliedTold: EventType<AttemptId, QueueId>;

  constructor(host: QueueHost, queue: QueueId, peers: Peers, appliedTold: EventType<AttemptId, QueueId>) {
    this.host = host;
    this.queue = queue;
    this.peers = peers;
    this.appliedTold = appliedTold;
  }

  /** A publish was applied. */
  confirm(attempt: AttemptId, leader: NodeId): void {
    const channel = this.channelOf(attempt);
    const isLocal = channel === leader || this.host.world.attempts.wantsConfirm[attempt] === 0;
    if (isLocal) this.host.answer(attempt, reply.confirmed, channel);
    else this.peers.send(leader, channel, overhead.reply, this.appliedTold, attempt, this.queue);
  }

  confirmMissed(attempt: AttemptId): void {
    if (this.host.world.nodes.isUp(this.channelOf(attempt))) this.confirms.add(attempt);
    else this.host.abandon(attempt);
  }

  /** The frame's hold on the delivery is kept. */
  deliveryMissed(delivery: DeliveryId): void {
    this.deliveries.add(delivery);
  }

  /** The queue does not wait for that delivery's settlement any more. */
  deliveryClosed(delivery: DeliveryId): void {
    if (!this.deliveries.delete(delivery)) return;
    const { ledger, causes, deliveries } = this.host.world;
    ledger.deliveryLost(delivery, causes.of('connection-lost'));
    deliveries.release(delivery);
  }

  /** Tells what was missed, where the leader can be heard. */
  tellAgain(leader: NodeId): void {
    const { deliveries } = this.host.world;
    const isHeard = (channel: NodeId): boolean => this.peers.isConnected(leader, channel) && this.peers.isConnected(channel, leader);
    for (const attempt of [...this.confirms].filter((each) => isHeard(this.channelOf(each)))) {
      this.confirms.delete(attempt);
      this.confirm(attempt, leader);
    }
    for (const delivery of [...this.deliveries].filter((each) => isHeard(this.host.serverOf(deliveries.connection[each] as ConnectionId)))) {
      this.deliveries.delete(delivery);
      this.host.sendDelivery(this.host.consumer(deliveries.subscription[delivery]!)!, delivery, leader);
    }
  }

  /** Channels on that node died. */
  crashed(node: NodeId): void {
    for (const attempt of [...this.confirms].filter((each) => this.channelOf(each) === node)) {
      this.confirms.delete(attempt);
      this.host.abandon(attempt);
    }
  }

  private channelOf(attempt: AttemptId): NodeId {
    return this.host.serverOf(this.host.world.attempts.connection[attempt] as ConnectionId);
  }
}
