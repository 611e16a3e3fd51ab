/** What passes between the nodes of a cluster: requests to queues, their answers, their deliveries, and what becomes of those that never arrive. */
import type { EventType } from '../../../sim/simulation.ts';
import type { CauseId } from '../../causes.ts';
import { type AttemptId, type DeliveryId } from '../../message.ts';
import type { NodeId } from '../../node.ts';
import { overhead, reply, type Reply } from '../../protocol.ts';
import type { ClassicQueue } from './classic-queue.ts';
import type { Cluster, ClusterHost } from './cluster.ts';
import { bytesOf, type Frame, Frames } from './frames.ts';
import { operation, type Operation } from './mailbox.ts';
import type { RabbitQueue } from './queue.ts';
import { ReplicatedQueue } from './replicated-queue.ts';
import type { Consumer } from './consumer.ts';

export class Carriage {
  /** A queue's answer has reached the channel. */
  readonly answered: EventType<AttemptId, Reply>;
  private readonly queueReached: EventType<number, NodeId>;
  private readonly deliveryPassed: EventType<number, DeliveryId>;
  private readonly cancelPassed: EventType<number, number>;
  private readonly frames = new Frames();
  private readonly cluster: Cluster;
  private readonly host: ClusterHost;

  constructor(name: string, cluster: Cluster, host: ClusterHost) {
    const { sim } = host.world;
    this.cluster = cluster;
    this.host = host;
    this.answered = sim.declare(`${name}.answered`);
    this.queueReached = sim.declare(`${name}.queueReached`);
    this.deliveryPassed = sim.declare(`${name}.deliveryPassed`);
    this.cancelPassed = sim.declare(`${name}.cancelPassed`);
    sim.handle(this.cancelPassed, (consumer) => this.handOverOk(host.consumers.of(consumer)));
    sim.handle(this.answered, (attempt, answer) => host.confirms.answered(attempt, answer));
    sim.handle(this.queueReached, (frame, node) => this.onQueueReached(frame, node));
    sim.handle(this.deliveryPassed, (consumer, delivery) => this.handOver(host.consumers.of(consumer), delivery));
  }

  // ---- to a queue

  /** @param to undefined while the queue has nobody to take it */
  carry(queue: RabbitQueue, from: NodeId, to: NodeId | undefined, kind: Operation, a: number, b: number): void {
    const { world } = this.host;
    if (to === from) (queue as ClassicQueue).arrive(kind, a, b);
    else if (to === undefined) this.unreachable(queue, kind, a, from, world.causes.of('unavailable'));
    else this.cluster.peers.send(from, to, bytesOf(world, kind, a, b), this.queueReached, this.frames.create(queue.id, kind, a, b), from);
  }

  private onQueueReached(frame: number, from: NodeId): void {
    const { queue, kind, a, b } = this.frames.take(frame);
    const line = this.host.byQueue[queue]!;
    if (line.leader === undefined) this.unreachable(line, kind, a, from, this.host.world.causes.of('unavailable'));
    else (line as ClassicQueue).arrive(kind as Operation, a, b);
  }

  /** The queue has nobody to take it. */
  private unreachable(queue: RabbitQueue, kind: number, a: number, channel: NodeId, cause: CauseId): void {
    if (kind === operation.publish) {
      this.host.world.ledger.attemptLost(a as AttemptId, cause);
      this.answer(a as AttemptId, reply.unavailable, channel);
    } else if (kind === operation.subscribe) {
      const consumer = this.host.consumers.of(a);
      for (const closed of consumer === undefined ? [] : this.closeChannel(consumer, cause)) {
        if (closed === consumer) this.host.consumers.forget(closed);
        else this.host.tellDown(closed, channel);
      }
    } else {
      queue.lose(kind, a, cause);
    }
  }

  /** A consumer's channel is closed with an error, and its client comes again. Who was on it; nobody when it was closed before. */
  closeChannel({ connection, life }: Consumer, cause: CauseId): readonly Consumer[] {
    const closed = this.host.consumers.close(connection);
    if (closed.length > 0) this.host.world.network.closeAtServer(connection, life, cause);
    return closed;
  }

  // ---- to a channel

  answer(attempt: AttemptId, answer: Reply, from: NodeId): void {
    const { world, confirms, channelOf } = this.host;
    if (world.attempts.wantsConfirm[attempt] === 0) confirms.answered(attempt, answer);
    else this.cluster.peers.send(from, channelOf(attempt), overhead.reply, this.answered, attempt, answer);
  }

  deliver(consumer: Consumer, delivery: DeliveryId, from: NodeId): void {
    const { world: { copies, deliveries }, serverOf } = this.host;
    const channel = serverOf(consumer.connection);
    if (channel === from) this.handOver(consumer, delivery);
    else this.cluster.peers.send(from, channel, copies.size[deliveries.copyOf(delivery)]! + overhead.delivery, this.deliveryPassed, consumer.id, delivery);
  }

  /** Behind all that was delivered to it before. */
  cancelOk(consumer: Consumer, from: NodeId): void {
    const channel = this.host.serverOf(consumer.connection);
    if (channel === from) this.handOverOk(consumer);
    else this.cluster.peers.send(from, channel, overhead.reply, this.cancelPassed, consumer.id, 0);
  }

  private handOverOk(consumer: Consumer | undefined): void {
    const { network, protocol } = this.host.world;
    if (consumer === undefined || !network.isOpenAtServer(consumer.connection, consumer.life)) return;
    network.sendToClient(consumer.connection, overhead.reply, protocol.cancelOkArrived, consumer.worker, consumer.connection);
  }

  /** The channel writes it to its connection, if that is still there. */
  private handOver(consumer: Consumer | undefined, delivery: DeliveryId): void {
    const { network, copies, deliveries, subscribers } = this.host.world;
    if (consumer === undefined || !network.isOpenAtServer(consumer.connection, consumer.life)) this.loseDelivery(delivery);
    else network.sendToClient(consumer.connection, copies.size[deliveries.copyOf(delivery)]! + overhead.delivery, subscribers[consumer.worker]!.delivered, consumer.worker, delivery);
  }

  private loseDelivery(delivery: DeliveryId): void {
    const { ledger, causes, deliveries } = this.host.world;
    ledger.deliveryLost(delivery, causes.of('connection-lost'));
    deliveries.release(delivery);
  }

  // ---- what never arrives

  dropped(type: EventType, a: number, b: number, from: NodeId, to: NodeId): void {
    const { world: { copies, deliveries }, byQueue, lines } = this.host;
    if (type === (this.queueReached as number)) {
      this.queueNotReached(this.frames.take(a), from, to);
    } else if (type === (this.answered as number)) {
      this.cluster.orphans.add([a as AttemptId], from, undefined);
    } else if (type === (this.deliveryPassed as number)) {
      const queue = byQueue[copies.queue[deliveries.copyOf(b as DeliveryId)]!]!;
      if (!(queue instanceof ReplicatedQueue && queue.missesDelivery(b as DeliveryId, from))) this.loseDelivery(b as DeliveryId);
    } else {
      lines.some((queue) => queue.hasLost(type, a, b, from));
    }
  }

  /** Whoever thinks that the other node is there waits, until it is told that it is not. */
  private queueNotReached({ queue, kind, a, b }: Frame, channel: NodeId, to: NodeId): void {
    const { world, byQueue, consumers } = this.host;
    if (byQueue[queue]!.takesOver(kind as Operation, a, b, channel, to)) return;
    const lost = world.causes.of('connection-lost');
    if (kind === operation.publish) {
      this.cluster.orphans.add([a as AttemptId], to, lost);
    } else if (kind === operation.down) {
      const consumer = consumers.of(a);
      if (consumer !== undefined) this.cluster.lost.add(channel, consumer);
    } else if (kind !== operation.subscribe || !this.cluster.peers.isConnected(channel, to)) {
      this.unreachable(byQueue[queue]!, kind, a, channel, lost);
    }
  }
}
