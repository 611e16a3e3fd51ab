/**
 * RabbitMQ 3.10, 3.13 and 4.0 to 4.3.
 *
 * Clients connect to a node; its channels route what they publish and pass it on to the queues, each of which lives on a node
 * of its own choice. Timings come from recordings of 3.10.8 on one host and are settings (`timing`); rules come from the code
 * and the documentation, as each file says. What is left out stands in docs/brokers/rabbitmq.md.
 *
 * Functions stand in the order of a message's life.
 */
import type { EventType } from '../../../sim/simulation.ts';
import type { Bytes } from '../../../sim/units.ts';
import type { Broker, BrokerDisk, QueueGuarantees } from '../../broker.ts';
import type { CauseId } from '../../causes.ts';
import { type AttemptId, type ConnectionId, type CopyId, type DeliveryId, none, type QueueId, type WorkerId } from '../../message.ts';
import { type CancelledEvent, type CrashScope, isInOrder, type NodeId } from '../../node.ts';
import { type BrokerPort, type DestinationId, reply, type Reply, type Settlement } from '../../protocol.ts';
import type { World } from '../../world.ts';
import { RabbitBackups } from './backups/rabbit-backups.ts';
import { Carriage } from './carriage.ts';
import { Access } from './access/access.ts';
import type { ClassicQueue } from './classic-queue.ts';
import { Cluster, type ClusterHost } from './cluster.ts';
import { Confirms } from './confirms.ts';
import { ConsumerTimeouts } from './consumer-timeouts.ts';
import { Consumers } from './consumers.ts';
import { type DeathReason, RabbitCopies } from './copies.ts';
import { withDefects } from './defects.ts';
import { DeadLetters } from './dead-letters.ts';
import { Destinations } from './destinations.ts';
import { isLetter, type LetterId } from './letter.ts';
import { Letters } from './letters.ts';
import { RabbitMaintenance } from './maintenance.ts';
import { operation } from './mailbox.ts';
import { RabbitOperator } from './operator.ts';
import { addMoments, createPort, guaranteesOf } from './port.ts';
import { Pressure } from './pressure.ts';
import { createQueues, type QueueTypes, queueTypes } from './queue-factory.ts';
import { createRabbitNode, type RabbitNode } from './rabbit-node.ts';
import type { QueueHost, RabbitQueue } from './queue.ts';
import { ReplicatedQueue } from './replicated-queue.ts';
import { Router } from './routing/router.ts';
import type { RabbitmqSpec } from './settings.ts';
import type { Consumer } from './consumer.ts';
import { rulesOf, type VersionRules } from './versions.ts';
import { strategyOf } from './partitions/partition-handling.ts';

export class RabbitMQ implements Broker, QueueHost {
  readonly world: World;
  readonly port: BrokerPort;
  readonly nodes: readonly NodeId[];
  readonly queues: readonly QueueId[];
  readonly copies = new RabbitCopies();
  protected readonly spec: RabbitmqSpec;
  protected readonly rules: VersionRules;
  private readonly here = new Map<NodeId, RabbitNode>();
  private readonly cluster: Cluster;
  readonly carriage: Carriage;
  readonly lines: RabbitQueue[] = [];
  private readonly byQueue: RabbitQueue[] = [];
  private readonly consumers: Consumers;
  private readonly confirms: Confirms;
  private readonly destinations: Destinations;
  private readonly deadLetters: DeadLetters;
  readonly letters: Letters;
  private readonly timeouts: ConsumerTimeouts;
  readonly pressure: Pressure;
  readonly restorable: RabbitBackups;
  readonly operator: RabbitOperator;
  readonly users: Access | undefined;
  readonly maintenance: RabbitMaintenance;
  private readonly messageSizeMax: Bytes;
  /** Told of each node that takes connections again. */
  readonly onBoot: (() => void)[] = [];
  /** The node at the other end of each connection. */
  private readonly servers: NodeId[] = [];
  private readonly booted: EventType<NodeId, number>;

  constructor(world: World, name: string, spec: RabbitmqSpec, types: QueueTypes = queueTypes) {
    const { sim, nodes, copies } = world;
    this.world = world;
    this.spec = spec;
    this.rules = rulesOf(spec.version);
    this.messageSizeMax = spec.config.max_message_size ?? this.rules.messageSizeMax;
    this.nodes = Array.from({ length: spec.nodes }, (_, index) => nodes.create(`${name}.${index}`, this));
    this.confirms = new Confirms(world);
    this.consumers = new Consumers(world, name, ({ queue, connection, id }, kind) => this.byQueue[queue]!.ask(this.serverOf(connection), kind, id, 0));
    const host = this.clusterHost();
    this.cluster = new Cluster(host, name, spec.config.net_ticktime, strategyOf(spec, this.rules));
    this.pressure = new Pressure(this, name, spec, this.cluster.peers);
    this.carriage = new Carriage(name, this.cluster, host);
    this.restorable = new RabbitBackups(this, (node) => this.pressure.meters.diskUsed(node));
    this.booted = sim.declare(`${name}.booted`);
    this.maintenance = new RabbitMaintenance(this);
    this.operator = new RabbitOperator(this.byQueue, spec);
    const users = (this.users = this.createUsers(name));
    const admit = users && ((connection: ConnectionId, roundsLeft: number) => users.admit(connection, roundsLeft));
    for (const node of this.nodes) this.here.set(node, createRabbitNode(world, node, spec, this.rules.syncsLargeBodies, (copy) => (this.byQueue[copies.queue[copy]!] as ClassicQueue).onBodyWritten(copy), admit));
    this.destinations = new Destinations(new Router(spec), (queue) => this.lines.find((line) => line.name === queue));
    this.deadLetters = new DeadLetters(world, this.copies, this.destinations, (into, target, from) => this.sendDeadLetter(into, target, from.leader!));
    this.letters = new Letters(world, name, this.copies, this.deadLetters, this.cluster.peers, (node, queues) => this.cluster.known(node, queues));
    for (const queue of createQueues(this, name, spec, this.rules, this.destinations, this.cluster.peers, (node) => this.here.get(node)!, withDefects(types, spec.defects))) {
      this.lines.push(queue);
      this.byQueue[queue.id] = queue;
    }
    this.queues = this.lines.map(({ id }) => id);
    const { channel_tick_interval: tick, consumer_timeout: timeout } = spec.config;
    this.timeouts = new ConsumerTimeouts(this, name, this.rules.channelTimesOut ? tick : 0, ({ queue }) => this.byQueue[queue]!.rules.consumerTimeout ?? timeout);
    this.port = createPort(sim, name, this.nodes, this.lines, this.destinations, users?.declareArrived);
    sim.handle(this.port.publishArrived, (attempt, destination) => this.onPublishArrived(attempt, destination));
    sim.handle(this.port.subscribeArrived, (worker, connection) => this.onSubscribeArrived(worker, connection));
    sim.handle(this.port.cancelArrived, (worker, connection) => this.onCancelArrived(worker, connection));
    sim.handle(this.port.settlementArrived, (delivery, verdict) => this.onSettlementArrived(delivery, verdict));
    sim.handle(this.booted, (node) => this.onBooted(node));
    addMoments(world, this.port, this.carriage.answered);
  }

  // ---- publish

  protected onPublishArrived(attempt: AttemptId, destination: DestinationId): void {
    const { ledger, sim, attempts } = this.world;
    if (this.pressure.readers.holdsPublish(attempts.connection[attempt] as ConnectionId, this.port.publishArrived, attempt, destination)) return;
    const refusal = this.refusesSize(attempt) ?? this.users?.refusesPublish(attempt, destination);
    if (refusal !== undefined) {
      ledger.attemptLost(attempt, refusal);
      this.end(attempts.connection[attempt] as ConnectionId, refusal);
      attempts.release(attempt);
      return;
    }
    const [route, node] = [this.destinations.of(destination), this.channelOf(attempt)];
    const queues = this.cluster.known(node, route.queues);
    if (queues.length < route.queues.length) {
      sim.trace.reached('cluster.forgottenQueue');
      // Those who are bound are owed it, whatever the node knows of them.
      if (queues.length > 0) for (const queue of route.queues) ledger.routed(attempt, queue.id);
    }
    if (queues.length === 0 || queues.length < route.queues.length) ledger.attemptLost(attempt, this.cluster.whyUnknown(route.queues));
    if (queues.length === 0) {
      sim.trace.reached('broker.unroutable');
      // What is dropped is confirmed all the same: a confirm says "handled", not "queued".
      this.confirms.tell(attempt, route.mandatory ? reply.unroutable : reply.confirmed);
      return;
    }
    ledger.routes(attempt, route.queues);
    this.confirms.begin(attempt, queues.length);
    for (const queue of queues) queue.ask(node, operation.publish, attempt, destination);
    this.pressure.readers.handedOn(attempts.connection[attempt] as ConnectionId);
  }

  /** PRECONDITION_FAILED, 406, which closes the channel (rabbit_channel `check_msg_size`). */
  private refusesSize(attempt: AttemptId): CauseId | undefined {
    const { messages, attempts, causes } = this.world;
    if (messages.size[attempts.messageOf(attempt)]! <= this.messageSizeMax) return undefined;
    this.world.sim.trace.reached('broker.messageTooLarge');
    return causes.of('message-too-large');
  }

  answer(attempt: AttemptId | LetterId, answer: Reply, from: NodeId): void {
    if (isLetter(attempt)) this.letters.answer(attempt, answer, from);
    else this.carriage.answer(attempt, answer, from);
  }

  // ---- delivery

  protected onSubscribeArrived(worker: WorkerId, connection: ConnectionId): void {
    if (this.world.network.unread.holds(connection, this.port.subscribeArrived, worker, connection)) return;
    const queue = this.byQueue[this.world.subscribers[worker]!.queue]!;
    const refusal = this.users?.refusesConsume(connection, queue.name);
    if (refusal === undefined) this.subscribe(worker, connection);
    else this.end(connection, refusal);
  }

  private subscribe(worker: WorkerId, connection: ConnectionId): void {
    const queue = this.byQueue[this.world.subscribers[worker]!.queue]!;
    if (this.cluster.known(this.serverOf(connection), [queue]).length === 0) {
      const unavailable = this.world.causes.of('unavailable');
      this.world.network.closeAtServer(connection, this.world.network.session(connection), unavailable);
      this.disconnected(this.serverOf(connection), connection, unavailable);
      return;
    }
    const consumer = this.consumers.open(worker, queue.id, connection, queue.mostHeld);
    this.timeouts.opened(consumer);
    queue.ask(this.serverOf(connection), operation.subscribe, consumer.id, 0);
  }

  private onCancelArrived(worker: WorkerId, connection: ConnectionId): void {
    if (this.world.network.unread.holds(connection, this.port.cancelArrived, worker, connection)) return;
    this.consumers.cancel(connection, worker);
  }

  sendDelivery(consumer: Consumer, delivery: DeliveryId, from: NodeId): void {
    if (!consumer.isAutomatic) this.timeouts.delivered(consumer);
    this.users?.used(consumer.connection);
    this.carriage.deliver(consumer, delivery, from);
  }

  // ---- settlement

  protected onSettlementArrived(delivery: DeliveryId, verdict: Settlement): void {
    const { deliveries, network } = this.world;
    const connection = deliveries.connection[delivery] as ConnectionId;
    if (network.unread.holds(connection, this.port.settlementArrived, delivery, verdict)) return;
    this.users?.used(connection);
    const node = this.serverOf(connection);
    const isAlone = deliveries.earlier[delivery] === none;
    const together = isAlone ? undefined : deliveries.together(delivery);
    if (together === undefined) this.queueOf(delivery).ask(node, operation.settle, delivery, verdict);
    else for (const each of together) this.queueOf(each).ask(node, operation.settle, each, verdict);
    this.consumers.settled(connection, together?.length ?? 1);
  }

  /** A connection that was not read is read again: what waited comes, in order. */
  read(type: EventType, a: number, b: number): void {
    if (type === (this.port.publishArrived as number)) this.onPublishArrived(a as AttemptId, b as DestinationId);
    else if (type === (this.port.settlementArrived as number)) this.onSettlementArrived(a as DeliveryId, b as Settlement);
    else if (type === (this.port.subscribeArrived as number)) this.onSubscribeArrived(a as WorkerId, b as ConnectionId);
    else if (type === (this.port.cancelArrived as number)) this.onCancelArrived(a as WorkerId, b as ConnectionId);
    else this.users!.read(type, a as ConnectionId, b);
  }

  abandon(attempt: AttemptId): void {
    this.confirms.answered(attempt, reply.unavailable);
  }

  protected sendDeadLetter(into: CopyId, target: RabbitQueue, from: NodeId): void {
    if (this.cluster.known(from, [target]).length > 0) target.ask(from, operation.deadLetter, into, 0);
    else target.lose(operation.deadLetter, into, this.cluster.whyUnknown([target]));
  }

  deadLetterOrDrop(queue: RabbitQueue, copy: CopyId, reason: DeathReason): void {
    this.deadLetters.deadLetterOrDrop(queue, copy, reason);
  }

  // ---- between nodes

  onLeaderOf(queue: RabbitQueue, node: NodeId): void {
    this.world.occurrences.tell('leader-elected', { node, queue: queue.id, term: queue instanceof ReplicatedQueue ? queue.group.term : undefined });
    this.cluster.lost.leaderChanged(queue, node);
    this.restorable.onServing();
  }

  consumerGone(queue: RabbitQueue, id: number, channel: NodeId): void {
    const consumer = this.consumers.of(id);
    if (consumer === undefined) return;
    this.cluster.lost.add(channel, consumer);
    if (queue.leader !== undefined) this.cluster.lost.tellGone(queue, queue.leader, channel);
  }

  // ---- connections and crashes

  refused(): void {}
  connected(node: NodeId, connection: ConnectionId): void {
    this.servers[connection] = node;
    this.pressure.readers.opened(connection);
    this.users?.opened(connection);
  }

  disconnected(node: NodeId, connection: ConnectionId, cause: CauseId): void {
    for (const consumer of this.consumers.close(connection)) this.tellDown(consumer, node, cause);
  }

  /** With an error that the client is told. */
  private end(connection: ConnectionId, cause: CauseId): void {
    this.world.network.refuseAtServer(connection, this.world.network.session(connection), cause);
    this.disconnected(this.serverOf(connection), connection, cause);
  }

  crashed(node: NodeId, scope: CrashScope, cause: CauseId, cancelled: readonly CancelledEvent[]): void {
    const it = this.here.get(node)!;
    if (!it.isRefusing) this.world.nodes.refuse(node);
    it.isRefusing = true;
    this.pressure.crashed(node);
    const pending = isInOrder(scope) ? [...cancelled, ...this.finish(node, cause)] : cancelled;
    for (const { type, a, b } of pending) {
      if (type === (this.carriage.answered as number)) this.confirms.answered(a as AttemptId, b as Reply);
      else if (type === (this.letters.answeredEvent as number)) this.letters.lost(a as LetterId);
    }
    for (const copy of it.bodies.crashed()) {
      if (isInOrder(scope)) this.copies.bodyWritten[copy] = 1;
      this.world.copies.release(copy);
    }
    // A queue that dies with its consumers needs nobody to tell it.
    const gone = this.consumers.closeWhere((each) => this.serverOf(each.connection) === node);
    for (const consumer of gone) if (!this.byQueue[consumer.queue]!.isOn(node)) this.cluster.lost.add(node, consumer);
    this.cluster.orphans.channelsDied(node, this.nodes);
    for (const queue of this.lines) {
      if (queue instanceof ReplicatedQueue) queue.crashed(node, scope, cause);
      else this.cluster.orphans.add((queue as ClassicQueue).nodeCrashed(node, scope, cause), node, undefined);
    }
    for (const queue of this.lines) if (queue.leader !== undefined) this.cluster.lost.tellGone(queue, queue.leader, node);
    it.wal.crashed();
    it.pages.crashed();
    this.cluster.stopped(node);
  }

  /** Queues there do what they still can. @returns what would come of it later, and does not */
  private finish(node: NodeId, cause: CauseId): CancelledEvent[] {
    const { sim, nodes } = this.world;
    for (const queue of this.lines) if (queue.isOn(node)) (queue as ClassicQueue).finish(cause);
    const cancelled: CancelledEvent[] = [];
    sim.cancelOwned(nodes.owner(node), (type, a, b) => cancelled.push({ type, a, b }));
    return cancelled;
  }

  restarted(node: NodeId, scope: CrashScope): void {
    const { sim, nodes } = this.world;
    const { drawBoot, drawStart } = this.here.get(node)!;
    sim.after(Math.round(scope === 'application' ? drawStart() : drawBoot()), this.booted, node, 0, nodes.owner(node));
  }

  private onBooted(node: NodeId): void {
    this.here.get(node)!.isRefusing = false;
    this.world.nodes.accept(node);
    this.pressure.booted(node);
    for (const queue of this.lines) queue.nodeBooted(node);
    this.cluster.booted(node);
    this.restorable.onServing();
    for (const told of this.onBoot) told();
  }

  private tellDown(consumer: Consumer, at: NodeId, cause: CauseId): void {
    this.byQueue[consumer.queue]!.ask(at, operation.down, consumer.id, cause);
  }

  // ---- what others ask

  /** It was published as persistent, whether its queue is durable or not. */
  isPersistent(copy: CopyId): boolean {
    return this.destinations.of(this.copies.destination[copy] as DestinationId).persistent;
  }

  consumer(id: number): Consumer | undefined {
    return this.consumers.of(id);
  }

  forget(consumer: Consumer): void {
    this.consumers.forget(consumer);
  }

  cancel(consumer: Consumer, cause: CauseId): void {
    for (const closed of this.carriage.closeChannel(consumer, cause)) this.tellDown(closed, this.serverOf(closed.connection), cause);
  }

  guarantees(): readonly QueueGuarantees[] {
    return this.lines.map((queue) => guaranteesOf(queue, this.operator, this.destinations, this.rules));
  }

  held(): number {
    return this.lines.reduce((held, queue) => held + queue.held, 0);
  }

  isIdle(): boolean {
    return this.confirms.isIdle && this.letters.isIdle && this.lines.every((queue) => queue.isIdle());
  }

  memoryUsed(node: NodeId): Bytes {
    return this.pressure.meters.memoryUsed(node);
  }

  diskOf(node: NodeId): BrokerDisk {
    const { monitors } = this.pressure;
    return { slowness: this.here.get(node)!.disk, fill: (name, free) => monitors.fillDisk(node, name, free) };
  }

  private clusterHost(): ClusterHost {
    const { world, nodes, lines, byQueue, consumers, confirms } = this;
    return {
      world, nodes, lines, byQueue, consumers, confirms, forgetsDurableQueues: this.rules.forgetsDurableQueues,
      serverOf: (connection) => this.serverOf(connection),
      channelOf: (attempt) => this.channelOf(attempt),
      dropped: (type, a, b, from, to) => {
        if (!this.letters.hasLost(type, a, b)) this.carriage.dropped(type, a, b, from, to);
      },
      peerLost: (node, peer) => this.pressure.peerLost(node, peer),
      peerFound: (node, peer) => this.pressure.alarms.peerFound(node, peer),
      tellDown: (consumer, at) => this.tellDown(consumer, at, world.causes.of('connection-lost')),
      subscribe: ({ worker, connection }) => this.subscribe(worker, connection),
    };
  }

  private createUsers(name: string): Access | undefined {
    if (Object.keys(this.spec.users).length === 0) return undefined;
    return new Access({
      world: this.world, serverOf: (connection) => this.serverOf(connection), routeOf: (destination) => this.destinations.of(destination), end: (connection, cause) => this.end(connection, cause),
    }, name, this.spec, this.rules);
  }

  serverOf(connection: ConnectionId): NodeId {
    return this.servers[connection]!;
  }

  private queueOf(delivery: DeliveryId): RabbitQueue {
    return this.byQueue[this.world.copies.queue[this.world.deliveries.copyOf(delivery)]!]!;
  }

  private channelOf(attempt: AttemptId): NodeId {
    return this.serverOf(this.world.attempts.connection[attempt] as ConnectionId);
  }
}
