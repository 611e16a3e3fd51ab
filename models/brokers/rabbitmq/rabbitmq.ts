/**
 * RabbitMQ 3.10, 3.13 and 4.0 to 4.3.
 *
 * Clients connect to a node; its channels route what they publish and pass it on to the queues, each of which lives on a node
 * of its own choice. Timings come from recordings of 3.10.8 on one host and are settings (`timing`); rules come from the code
 * and the documentation, as each file says. What is left out stands in docs/brokers/rabbitmq.md.
 *
 * Functions stand in the order of a message's life.
 */
import { distribution, type DistributionSpec, type Sampler } from '../../../sim/distribution.ts';
import type { EventType } from '../../../sim/simulation.ts';
import type { Broker, QueueGuarantees } from '../../broker.ts';
import type { CauseId } from '../../causes.ts';
import type { AttemptId, ConnectionId, CopyId, DeliveryId, QueueId, WorkerId } from '../../message.ts';
import type { CancelledEvent, CrashScope, NodeId } from '../../node.ts';
import { Peers, type PeerWatcher } from '../../peers.ts';
import { type BrokerPort, type DestinationId, overhead, reply, type Reply, type Settlement } from '../../protocol.ts';
import type { World } from '../../world.ts';
import { BodyStore } from './body-store.ts';
import { ClassicQueue, type ClassicParts } from './classic-queue.ts';
import { Confirms } from './confirms.ts';
import { Consumers } from './consumers.ts';
import { type DeathReason, RabbitCopies } from './copies.ts';
import { DeadLetters } from './dead-letters.ts';
import { Destinations } from './destinations.ts';
import { Frames } from './frames.ts';
import { operation } from './mailbox.ts';
import type { QueueHost, RabbitQueue } from './queue.ts';
import { Policies } from './routing/policies.ts';
import { effectiveArguments } from './routing/queue-rules.ts';
import { Router } from './routing/router.ts';
import type { RabbitmqSpec } from './settings.ts';
import type { Consumer } from './turns.ts';
import { rulesOf, type VersionRules } from './versions.ts';

interface RabbitNode {
  readonly id: NodeId;
  readonly bodies: BodyStore;
  readonly drawBoot: Sampler;
  isRefusing: boolean;
  /** Publishes that queues here will never answer, until their channels on other nodes hear of it. */
  orphans: AttemptId[];
}

export class RabbitMQ implements Broker, QueueHost, PeerWatcher {
  readonly world: World;
  readonly port: BrokerPort;
  readonly nodes: readonly NodeId[];
  readonly queues: readonly QueueId[];
  readonly copies = new RabbitCopies();
  protected readonly spec: RabbitmqSpec;
  protected readonly rules: VersionRules;
  private readonly name: string;
  private readonly here = new Map<NodeId, RabbitNode>();
  private readonly peers: Peers;
  private readonly lines: RabbitQueue[] = [];
  private readonly byQueue: RabbitQueue[] = [];
  private readonly consumers: Consumers;
  private readonly confirms: Confirms;
  private readonly destinations: Destinations;
  private readonly deadLetters: DeadLetters;
  private readonly frames = new Frames();
  /** The node at the other end of each connection. */
  private readonly servers: NodeId[] = [];
  private readonly answered: EventType<AttemptId, Reply>;
  private readonly queueReached: EventType<number, NodeId>;
  private readonly deliveryPassed: EventType<number, DeliveryId>;
  private readonly booted: EventType<NodeId, number>;

  constructor(world: World, name: string, spec: RabbitmqSpec) {
    const { sim, nodes, network, moments, attempts, copies, deliveries } = world;
    this.world = world;
    this.name = name;
    this.spec = spec;
    this.rules = rulesOf(spec.version);
    this.nodes = Array.from({ length: spec.nodes }, (_, index) => nodes.create(`${name}.${index}`, this));
    this.peers = new Peers(world, this.nodes, { name, tick: spec.config.net_ticktime, reconnect: 1e9 }, this);
    this.confirms = new Confirms(world);
    this.consumers = new Consumers(world);
    this.answered = sim.declare(`${name}.answered`);
    this.queueReached = sim.declare(`${name}.queueReached`);
    this.deliveryPassed = sim.declare(`${name}.deliveryPassed`);
    this.booted = sim.declare(`${name}.booted`);
    for (const node of this.nodes) this.here.set(node, this.createNode(node));
    this.destinations = new Destinations(new Router(spec), (queue) => this.lines.find((line) => line.name === queue));
    this.deadLetters = new DeadLetters(world, this.copies, this.destinations, (into, target, from) => this.pass(from.leader!, target, operation.deadLetter, into, 0));
    this.createQueues();
    this.queues = this.lines.map(({ id }) => id);
    this.port = this.createPort();
    for (const node of this.nodes) network.serve(node, { heartbeat: spec.config.heartbeat, detection: 'ticks' });
    sim.handle(this.port.publishArrived, (attempt, destination) => this.onPublishArrived(attempt, destination));
    sim.handle(this.port.subscribeArrived, (worker, connection) => this.onSubscribeArrived(worker, connection));
    sim.handle(this.port.settlementArrived, (delivery, verdict) => this.onSettlementArrived(delivery, verdict));
    sim.handle(this.answered, (attempt, answer) => this.confirms.answered(attempt, answer));
    sim.handle(this.queueReached, (frame, node) => this.onQueueReached(frame, node));
    sim.handle(this.deliveryPassed, (consumer, delivery) => this.handOver(this.consumers.of(consumer), delivery));
    sim.handle(this.booted, (node) => this.onBooted(node));
    moments.add('arrived', this.port.publishArrived, (attempt) => attempts.messageOf(attempt));
    moments.add('confirmed', this.answered, (attempt) => attempts.messageOf(attempt));
    moments.add('acknowledged', this.port.settlementArrived, (delivery) => copies.messageOf(deliveries.copyOf(delivery)));
  }

  // ---- publish

  protected onPublishArrived(attempt: AttemptId, destination: DestinationId): void {
    const { attempts, ledger, causes, sim } = this.world;
    const route = this.destinations.of(destination);
    if (route.queues.length === 0) {
      sim.trace.reached('broker.unroutable');
      ledger.attemptLost(attempt, causes.of('unroutable'));
      // What is dropped is confirmed all the same: a confirm says "handled", not "queued".
      this.confirms.tell(attempt, route.mandatory ? reply.unroutable : reply.confirmed);
      return;
    }
    const node = this.serverOf(attempts.connection[attempt] as ConnectionId);
    this.confirms.begin(attempt, route.queues.length);
    for (const queue of route.queues) this.pass(node, queue, operation.publish, attempt, destination);
  }

  answer(attempt: AttemptId, answer: Reply, from: NodeId): void {
    if (this.world.attempts.wantsConfirm[attempt] === 0) this.confirms.answered(attempt, answer);
    else this.peers.send(from, this.serverOf(this.world.attempts.connection[attempt] as ConnectionId), overhead.reply, this.answered, attempt, answer);
  }

  // ---- delivery

  protected onSubscribeArrived(worker: WorkerId, connection: ConnectionId): void {
    const queue = this.byQueue[this.world.subscribers[worker]!.queue]!;
    const consumer = this.consumers.open(worker, queue.id, connection, Infinity);
    this.pass(this.serverOf(connection), queue, operation.subscribe, consumer.id, 0);
  }

  sendDelivery(consumer: Consumer, delivery: DeliveryId, from: NodeId): void {
    const channel = this.serverOf(consumer.connection);
    if (channel === from) this.handOver(consumer, delivery);
    else this.peers.send(from, channel, this.world.copies.size[this.world.deliveries.copyOf(delivery)]! + overhead.delivery, this.deliveryPassed, consumer.id, delivery);
  }

  /** The channel writes it to its connection, if that is still there. */
  private handOver(consumer: Consumer | undefined, delivery: DeliveryId): void {
    const { network, copies, deliveries, protocol, ledger, causes } = this.world;
    if (consumer !== undefined && network.isOpenAtServer(consumer.connection, consumer.life)) {
      network.sendToClient(consumer.connection, copies.size[deliveries.copyOf(delivery)]! + overhead.delivery, protocol.deliveryArrived, consumer.worker, delivery);
      return;
    }
    ledger.deliveryLost(delivery, causes.of('connection-lost'));
    deliveries.release(delivery);
  }

  // ---- settlement

  protected onSettlementArrived(delivery: DeliveryId, verdict: Settlement): void {
    const { deliveries, copies } = this.world;
    const queue = this.byQueue[copies.queue[deliveries.copyOf(delivery)]!]!;
    this.pass(this.serverOf(deliveries.connection[delivery] as ConnectionId), queue, operation.settle, delivery, verdict);
  }

  deadLetterOrDrop(queue: RabbitQueue, copy: CopyId, reason: DeathReason): void {
    this.deadLetters.deadLetterOrDrop(queue, copy, reason);
  }

  // ---- between nodes

  /** A channel, or another queue, asks something of a queue. */
  private pass(from: NodeId, queue: RabbitQueue, kind: number, a: number, b: number): void {
    const to = queue.leader;
    if (to === from) queue.arrive(kind as never, a, b);
    else if (to === undefined) this.unreachable(queue, kind, a, from, this.world.causes.of('unavailable'));
    else this.peers.send(from, to, this.bytesOf(kind, a), this.queueReached, this.frames.create(queue.id, kind, a, b), from);
  }

  private onQueueReached(frame: number, from: NodeId): void {
    const { queue, kind, a, b } = this.frames.take(frame);
    const line = this.byQueue[queue]!;
    if (line.leader === undefined) this.unreachable(line, kind, a, from, this.world.causes.of('unavailable'));
    else line.arrive(kind as never, a, b);
  }

  /** The queue has nobody to take it. */
  private unreachable(queue: RabbitQueue, kind: number, a: number, channel: NodeId, cause: CauseId): void {
    const { ledger, deliveries, copies } = this.world;
    if (kind === operation.publish) {
      ledger.attemptLost(a as AttemptId, cause);
      this.answer(a as AttemptId, reply.unavailable, channel);
    } else if (kind === operation.settle) {
      ledger.settlementLost(a as DeliveryId, cause);
      deliveries.release(a as DeliveryId);
    } else if (kind === operation.deadLetter) {
      queue.coming--;
      ledger.dropped(a as CopyId, cause);
      copies.release(a as CopyId);
    }
  }

  dropped(type: EventType, a: number, b: number, from: NodeId): void {
    const { causes, deliveries, ledger } = this.world;
    if (type === (this.queueReached as number)) {
      const { queue, kind, a: what } = this.frames.take(a);
      if (kind === operation.publish) this.orphan([what as AttemptId], from, causes.of('connection-lost'));
      else this.unreachable(this.byQueue[queue]!, kind, what, from, causes.of('connection-lost'));
    } else if (type === (this.answered as number)) {
      this.orphan([a as AttemptId], from, undefined);
    } else if (type === (this.deliveryPassed as number)) {
      ledger.deliveryLost(b as DeliveryId, causes.of('connection-lost'));
      deliveries.release(b as DeliveryId);
    }
  }

  /** A channel learns that a queue's node is gone: what it waited for there is refused. */
  peerLost(node: NodeId, peer: NodeId): void {
    const { orphans } = this.here.get(peer)!;
    this.here.get(peer)!.orphans = [];
    for (const attempt of orphans) {
      if (this.serverOf(this.world.attempts.connection[attempt] as ConnectionId) === node) this.confirms.answered(attempt, reply.unavailable);
      else this.here.get(peer)!.orphans.push(attempt);
    }
    for (const consumer of this.consumers.closeAt(peer, (connection) => this.serverOf(connection))) this.tellDown(consumer, node, this.world.causes.of('connection-lost'));
  }

  peerFound(): void {}

  // ---- connections and crashes

  connected(node: NodeId, connection: ConnectionId): void {
    this.servers[connection] = node;
  }

  refused(): void {}

  disconnected(node: NodeId, connection: ConnectionId, cause: CauseId): void {
    const consumer = this.consumers.close(connection);
    if (consumer !== undefined) this.tellDown(consumer, node, cause);
  }

  crashed(node: NodeId, scope: CrashScope, cause: CauseId, cancelled: readonly CancelledEvent[]): void {
    const it = this.here.get(node)!;
    if (!it.isRefusing) this.world.nodes.refuse(node);
    it.isRefusing = true;
    for (const event of cancelled) {
      if (event.type === (this.answered as number)) this.confirms.answered(event.a as AttemptId, event.b as Reply);
    }
    for (const copy of it.bodies.crashed()) this.world.copies.release(copy);
    for (const consumer of this.consumers.closeAt(node, (connection) => this.serverOf(connection))) {
      const { leader } = this.byQueue[consumer.queue]!;
      if (leader !== node) this.tellDown(consumer, leader, cause);
    }
    for (const queue of this.lines) {
      if (queue instanceof ClassicQueue && queue.home === node) this.orphan(queue.crashed(scope, cause), node, undefined);
    }
  }

  restarted(node: NodeId): void {
    const { sim, nodes } = this.world;
    sim.after(Math.round(this.here.get(node)!.drawBoot()), this.booted, node, 0, nodes.owner(node));
  }

  private onBooted(node: NodeId): void {
    this.here.get(node)!.isRefusing = false;
    this.world.nodes.accept(node);
    for (const queue of this.lines) if (queue instanceof ClassicQueue && queue.home === node) queue.recovered();
  }

  private tellDown(consumer: Consumer, at: NodeId | undefined, cause: CauseId): void {
    if (at !== undefined) this.pass(at, this.byQueue[consumer.queue]!, operation.down, consumer.id, cause);
  }

  /** Publishes that a queue on that node will not answer. A channel on the same node died with it, and its connection. */
  private orphan(attempts: readonly AttemptId[], node: NodeId, cause: CauseId | undefined): void {
    for (const attempt of attempts) {
      if (cause !== undefined) this.world.ledger.attemptLost(attempt, cause);
      const channel = this.serverOf(this.world.attempts.connection[attempt] as ConnectionId);
      if (channel === node || !this.world.nodes.isUp(channel)) this.confirms.answered(attempt, reply.unavailable);
      else this.here.get(node)!.orphans.push(attempt);
    }
  }

  // ---- what others ask

  consumer(id: number): Consumer | undefined {
    return this.consumers.of(id);
  }

  forget(consumer: Consumer): void {
    this.consumers.forget(consumer);
  }

  guarantees(): readonly QueueGuarantees[] {
    return this.lines.map((queue) => {
      const { deadLetterExchange, deadLetterRoutingKey, deliveryLimit } = queue.rules;
      const targets = deadLetterExchange === undefined ? [] : (this.destinations.through(deadLetterExchange, deadLetterRoutingKey ?? queue.name, {}) ?? []);
      return { queue: queue.id, deliveriesMax: deliveryLimit + 1, deadLetter: targets[0]?.id };
    });
  }

  held(): number {
    return this.lines.reduce((held, queue) => held + queue.held, 0);
  }

  isIdle(): boolean {
    return this.confirms.isIdle && this.lines.every((queue) => queue.isIdle());
  }

  slowDisk(): boolean {
    return false;
  }

  unslowDisk(): void {}

  // ---- building

  private createNode(node: NodeId): RabbitNode {
    const { sim, nodes } = this.world;
    const { timing } = this.spec;
    const name = nodes.name(node);
    const bodies = new BodyStore(sim, name, nodes.owner(node), this.sampler(`${name}/bodies`, this.rules.syncsLargeBodies ? [timing.write, timing.fsync] : [timing.write]), (copy) => {
      (this.byQueue[this.world.copies.queue[copy]!] as ClassicQueue).onBodyWritten(copy);
      this.world.copies.release(copy);
    });
    return { id: node, bodies, drawBoot: this.sampler(`${name}/boot`, [timing.boot]), isRefusing: false, orphans: [] };
  }

  private createQueues(): void {
    const { sim, ledger } = this.world;
    const policies = new Policies(this.spec.policies);
    const events = {
      published: sim.declare<AttemptId, QueueId>(`${this.name}.appended`), settled: sim.declare<DeliveryId, QueueId>(`${this.name}.settled`), other: sim.declare<number, QueueId>(`${this.name}.queueTold`),
      flushed: sim.declare<QueueId, number>(`${this.name}.flushed`), idle: sim.declare<QueueId, number>(`${this.name}.queueIdle`), headDue: sim.declare<QueueId, number>(`${this.name}.headDue`),
    };
    const classic = (id: number): ClassicQueue => this.byQueue[id] as ClassicQueue;
    for (const type of [events.published, events.settled, events.other]) sim.handle(type as EventType<number, QueueId>, (_, id) => classic(id).onOperationDone());
    sim.handle(events.flushed, (id) => classic(id).onFlushed());
    sim.handle(events.idle, (id) => classic(id).onIdle());
    sim.handle(events.headDue, (id) => classic(id).arrive(operation.expire, 0, 0));
    this.world.moments.add('appended', events.published, (attempt) => this.world.attempts.messageOf(attempt));
    for (const [queue, settings] of Object.entries(this.spec.queues)) {
      const id = ledger.openQueue(`${this.name}/${queue}`);
      const rules = effectiveArguments(settings, policies.forQueue(queue, settings.arguments['x-queue-type']), this.spec.version);
      const home = this.nodes[settings.node % this.nodes.length]!;
      const line = new ClassicQueue(this, id, queue, rules, home, this.classicParts(queue, home, events as ClassicParts['events'], rules.storeVersion));
      this.lines.push(line);
      this.byQueue[id] = line;
    }
  }

  private classicParts(queue: string, home: NodeId, events: ClassicParts['events'], store: 1 | 2): ClassicParts {
    const { timing } = this.spec;
    const draw = (what: string, ...specs: DistributionSpec[]): Sampler => this.sampler(`${this.name}/${queue}/${what}`, specs);
    return {
      events,
      timing: {
        delivery: draw('delivery', timing.delivery), turnaround: draw('turnaround', timing.turnaround), operation: draw('operation', timing.operation), awake: timing.awake,
        flush: store === 1 ? draw('flush', timing.write, timing.fsync) : draw('flush', timing.write),
      },
      bodies: this.here.get(home)!.bodies,
      syncsBodies: this.rules.syncsLargeBodies,
      isPersistent: (destination) => this.destinations.of(destination).persistent,
    };
  }

  /** A sampler of a sum. */
  private sampler(stream: string, specs: readonly DistributionSpec[]): Sampler {
    const draws = specs.map((spec, index) => distribution(spec).sampler(this.world.sim.stream(index === 0 ? stream : `${stream}/${index}`)));
    return draws.length === 1 ? draws[0]! : () => draws.reduce((sum, draw) => sum + draw(), 0);
  }

  private createPort(): BrokerPort {
    const { sim } = this.world;
    return {
      name: this.name,
      entries: this.nodes,
      publishArrived: sim.declare(`${this.name}.publishArrived`),
      settlementArrived: sim.declare(`${this.name}.settlementArrived`),
      subscribeArrived: sim.declare(`${this.name}.subscribeArrived`),
      queue: (name) => this.lines.find((queue) => queue.name === name)!.id,
      destination: (of) => this.destinations.add(of),
      queuesOf: (destination) => this.destinations.queuesOf(destination),
    };
  }

  private serverOf(connection: ConnectionId): NodeId {
    return this.servers[connection]!;
  }

  private bytesOf(kind: number, a: number): number {
    const { attempts, messages, copies } = this.world;
    if (kind === operation.publish) return messages.size[attempts.messageOf(a as AttemptId)]! + overhead.publish;
    return kind === operation.deadLetter ? copies.size[a as CopyId]! + overhead.publish : overhead.settlement;
  }
}

