/**
 * Consumers: workers take deliveries, handle them, settle them.
 *
 * A handler works for its service time; then its effect takes place; then, in an event of its own, it records, publishes
 * onward and settles. What can die in between is the process: before the work, during it, or after the effect.
 */
import type { EventType } from '../sim/simulation.ts';
import type { CauseId } from './causes.ts';
import type { Login } from './connection.ts';
import { ConsumerGroup, Worker } from './consumer-group.ts';
import type { ConsumerSpec } from './consumer-settings.ts';
import { HandlerDeaths } from './handler-deaths.ts';
import { HandlerFailures } from './handler-failures.ts';
import { GracefulStops } from './graceful-stops.ts';
import { HandlerTroubles } from './handler-troubles.ts';
import { type ConnectionId, type DeliveryId, type MessageId, none, type WorkerId } from './message.ts';
import type { CancelledEvent, CrashScope, NodeId } from './node.ts';
import { MultipleAcks } from './multiple-acks.ts';
import type { Outcome } from './outcomes.ts';
import { Onward } from './onward.ts';
import { type BrokerPort, overhead, settlement, type Settlement } from './protocol.ts';
import type { Publishers } from './publishers.ts';
import { type Application, ClientNode, loginOf, type Session, type Sessions } from './sessions.ts';
import type { World } from './world.ts';

/** Besides the settlements: nobody waits for one any more. */
const forgotten = 3;

export class Consumers implements Application {
  readonly groups: ConsumerGroup[] = [];
  private readonly workers: Worker[] = [];
  /** Several, where their groups share channels. */
  private readonly byNode = new Map<NodeId, WorkerId[]>();
  private readonly workDone: EventType<WorkerId, DeliveryId>;
  private readonly settles: EventType<WorkerId, DeliveryId>;
  /** What faults do to handlings. */
  readonly troubles: HandlerTroubles;
  readonly deaths: HandlerDeaths;
  readonly stops: GracefulStops;
  private readonly failures: HandlerFailures;
  private readonly onward: Onward;
  private readonly multipleAcks: MultipleAcks;
  private readonly world: World;
  private readonly sessions: Sessions;

  constructor(world: World, publishers: Publishers, sessions: Sessions) {
    const { sim, protocol, network, deliveries, moments } = world;
    this.world = world;
    this.sessions = sessions;
    this.onward = new Onward(world, publishers, (delivery, outcome) => this.onOnwardFinished(delivery, outcome));
    this.multipleAcks = new MultipleAcks(world, this.workers, (worker, last) => this.send(worker, last, settlement.acknowledge));
    this.failures = new HandlerFailures(world, (worker, delivery) => this.work(worker, delivery));
    this.workDone = sim.declare('consumer.workDone');
    this.settles = sim.declare('consumer.settles');
    sim.mayBeLate(this.workDone);
    this.deaths = new HandlerDeaths(world, this.workers);
    this.troubles = new HandlerTroubles(world, this.deaths);
    this.stops = new GracefulStops(world, this.workers, (node) => this.byNode.get(node)!, (worker) => this.multipleAcks.flush(worker));
    sim.handle(protocol.deliveryArrived, (worker, delivery) => this.onDeliveryArrived(worker, delivery));
    sim.handle(this.workDone, (worker, delivery) => this.onWorkDone(worker, delivery));
    sim.handle(this.settles, (worker, delivery) => this.onSettles(worker, delivery));
    network.onDropped(protocol.deliveryArrived, (_worker, delivery, cause) => this.onDeliveryDropped(delivery, cause));
    const messageOf = (_worker: WorkerId, delivery: DeliveryId): MessageId => world.copies.messageOf(deliveries.copyOf(delivery));
    const nodeOf = (worker: WorkerId): NodeId => world.subscribers[worker]!.node;
    moments.add('delivered', protocol.deliveryArrived, messageOf, nodeOf);
    moments.add('effect', this.workDone, messageOf, nodeOf);
    moments.add('settled', this.settles, messageOf, nodeOf);
  }

  createGroup(name: string, spec: ConsumerSpec, port: BrokerPort, queue: string, portOf: (broker: string) => BrokerPort): ConsumerGroup {
    const group = new ConsumerGroup(this.world, name, spec, port, port.queue(queue));
    this.groups.push(group);
    for (let index = 0; index < spec.count; index++) this.create(group, index, portOf);
    this.world.network.onDropped(port.settlementArrived, (delivery, _settlement, cause) => this.onSettlementDropped(delivery, cause));
    return group;
  }

  /** The idempotency stores of groups that these nodes are of lose what they know. @returns how many entries that was */
  forget(nodes: readonly NodeId[]): number {
    const concerned = this.groups.filter(({ workers }) => workers.some(({ node }) => nodes.includes(node)));
    return concerned.reduce((entries, { store }) => entries + (store?.forget() ?? 0), 0);
  }

  /** Workers there ask for that prefetch from their next connection on, until undefined takes it back; of several who say so the last one holds. @returns how many they are */
  configure(nodes: readonly NodeId[], by: string, prefetch: number | undefined): number {
    const workers = nodes.flatMap((node) => this.byNode.get(node)!);
    for (const id of workers) this.world.subscribers[id]!.prefetch = this.workers[id]!.prefetchOf(by, prefetch);
    return workers.length;
  }

  /** A process of these runs there. */
  has(node: NodeId): boolean {
    return this.byNode.has(node);
  }

  /** The last of the deliveries that are done and wait for others to be acknowledged with them. */
  lastUnacknowledged(id: WorkerId): DeliveryId | undefined {
    return this.workers[id]!.unacknowledged.at(-1);
  }

  /** Nobody works, and nothing waits to be worked on. */
  isIdle(): boolean {
    return this.workers.every((worker) => worker.busy === 0 && worker.line.size === 0);
  }

  sessionOpened(session: Session): void {
    for (const id of this.byNode.get(session.node)!) {
      const worker = this.workers[id]!;
      const connection = session.connection as ConnectionId;
      if (session === worker.session && !this.stops.isStopping(worker.node)) this.world.network.sendToServer(connection, overhead.subscribe, session.port.subscribeArrived, id, connection);
      this.onward.sessionOpened(worker, session);
    }
  }

  /** What was delivered and not begun is thrown away, as client libraries do; work under way goes on. */
  sessionClosed(session: Session, cause: CauseId): void {
    for (const worker of this.workersOn(session.node)) {
      this.onward.sessionClosed(worker, session, cause);
      if (session !== worker.session) continue;
      this.discardLine(worker, cause);
      this.multipleAcks.lose(worker, cause);
    }
    this.stops.review(session.node);
  }

  crashed(node: NodeId, _scope: CrashScope, cause: CauseId, cancelled: readonly CancelledEvent[]): void {
    this.stops.died(node);
    for (const worker of this.workersOn(node)) this.died(worker, cause, cancelled.filter(({ a, type }) => !this.isOfWorker(type) || this.workers[a] === worker));
  }

  private died(worker: Worker, cause: CauseId, cancelled: readonly CancelledEvent[]): void {
    const { now } = this.world.sim;
    this.discardLine(worker, cause);
    this.multipleAcks.lose(worker, cause);
    for (const event of cancelled) {
      if (!this.isOfWorker(event.type)) continue;
      const delivery = event.b as DeliveryId;
      if (event.type !== (this.settles as number)) worker.group.inHand.add(now, -1);
      this.failures.forget(delivery);
      this.world.ledger.workerCrashed(delivery, cause);
      this.world.deliveries.release(delivery);
    }
    for (const delivery of worker.awaiting) this.world.deliveries.verdict[delivery] = forgotten;
    this.onward.crashed(worker, cause, cancelled);
    worker.group.busy.add(now, -worker.busy);
    worker.busy = 0;
  }

  restarted(): void {}

  /** What is left to do of a handling. */
  private isOfWorker(type: EventType): boolean {
    return type === (this.workDone as number) || type === (this.settles as number) || type === (this.failures.due as number);
  }

  private workersOn(node: NodeId): Worker[] {
    return this.byNode.get(node)!.map((id) => this.workers[id]!);
  }

  private create(group: ConsumerGroup, index: number, portOf: (broker: string) => BrokerPort): void {
    const { prefetch, acknowledge, priority, offset, channel } = group.spec;
    const host = channel?.of === undefined ? undefined : this.groups.find(({ name }) => name === channel.of)!.workers[index]!;
    const client = host?.client ?? new ClientNode(this.sessions, this);
    const node = host?.node ?? this.world.nodes.create(`consumers.${group.name}.${index}`, client);
    const sessions: Session[] = [];
    const open = (port: BrokerPort, login: Login, use = ''): Session => {
      const session = this.sessions.create(node, port, this, { login, reconnect: (host?.group ?? group).spec.reconnect, use: host === undefined ? use : `${use}/${group.name}` });
      sessions.push(session);
      return session;
    };
    const worker = new Worker(this.world, group, index, client, node, host?.session ?? open(group.port, loginOf(group.spec, group.spec.subscribe)));
    this.byNode.set(node, [...(this.byNode.get(node) ?? []), (this.workers.push(worker) - 1) as WorkerId]);
    group.workers.push(worker);
    const channelPrefetch = (host?.group.spec.channel ?? channel)?.prefetch ?? Infinity;
    this.world.subscribers.push({
      node, delivered: this.world.protocol.deliveryArrived, group: group.name, queue: group.queue, prefetch, channelPrefetch, automatic: acknowledge === 'automatic', priority, offset, handledUpTo: -1,
    });
    this.onward.create(worker, `${group.name}.${index}`, portOf, (port, use) => open(port, { user: group.spec.user, declares: undefined }, use));
    client.sessions.push(...sessions);
    for (const each of sessions) this.sessions.connect(each);
  }

  private onDeliveryArrived(id: WorkerId, delivery: DeliveryId): void {
    const worker = this.workers[id]!;
    const { group } = worker;
    const { sim, deliveries, phases } = this.world;
    const sentAt = deliveries.sentAt[delivery]!;
    if (sim.now > sentAt && sim.now > phases.measureFrom && sentAt < phases.healAt) group.transit += sim.now - Math.max(sentAt, phases.measureFrom);
    group.deliveries++;
    group.redelivered += deliveries.redelivered[delivery]!;
    group.inHand.add(sim.now, 1);
    if (group.spec.acknowledge === 'before-work') this.settle(worker, delivery, settlement.acknowledge);
    if (worker.busy < group.spec.concurrency && !this.stops.beginsNothing(worker.node)) this.start(id, worker, delivery);
    else worker.line.push(delivery);
  }

  private onDeliveryDropped(delivery: DeliveryId, cause: CauseId): void {
    this.world.ledger.deliveryLost(delivery, cause);
    this.world.deliveries.release(delivery);
  }

  private start(id: WorkerId, worker: Worker, delivery: DeliveryId): void {
    const { sim, deliveries } = this.world;
    worker.busy++;
    worker.group.busy.add(sim.now, 1);
    deliveries.startedAt[delivery] = sim.now;
    if (worker.group.spec.acknowledge === 'at-start') this.settle(worker, delivery, settlement.acknowledge);
    this.work(id, delivery);
  }

  /** Begins a handling, or what a worker tries again by itself. */
  private work(id: WorkerId, delivery: DeliveryId): void {
    const { sim, deliveries, ledger, copies, nodes } = this.world;
    const worker = this.workers[id]!;
    const { group } = worker;
    const message = copies.messageOf(deliveries.copyOf(delivery));
    ledger.workStarted(delivery);
    const handling = this.troubles.meet(worker.node, message);
    this.failures.doom(delivery, handling?.fails);
    const early = handling === undefined || handling.diesBefore === none ? this.deaths.at(worker, message, 'before-work') : handling.diesBefore;
    if (early !== none) {
      this.deaths.holding(id, delivery, this.workDone, early);
      return;
    }
    if (group.store !== undefined && group.store.has(message, sim.now)) {
      this.skip(id, worker, delivery);
      return;
    }
    const time = (handling?.takes ?? Math.round(this.serviceTime(worker, message) * nodes.slowness(worker.node))) + (handling?.adds ?? 0);
    if (handling !== undefined && handling.diesDuring !== none) {
      this.deaths.holding(id, delivery, this.workDone, handling.diesDuring, Math.floor(time / 2));
      return;
    }
    const midway = this.deaths.at(worker, message, 'during-work');
    if (midway !== none) {
      this.deaths.holding(id, delivery, this.workDone, midway, Math.floor(time * worker.crashes.double()));
      return;
    }
    sim.post(time, this.workDone, id, delivery, nodes.owner(worker.node));
  }

  /** The store knows the message: no effect, only a settlement. */
  private skip(id: WorkerId, worker: Worker, delivery: DeliveryId): void {
    const { sim, nodes } = this.world;
    this.holdBack(delivery);
    worker.group.inHand.add(sim.now, -1);
    this.world.deliveries.verdict[delivery] = settlement.acknowledge;
    sim.post(0, this.settles, id, delivery, nodes.owner(worker.node));
  }

  /** No effect, and nothing that follows from one. */
  private holdBack(delivery: DeliveryId): void {
    this.world.ledger.deduplicated(delivery);
    this.world.sim.trace.reached('consumer.deduplicated');
    this.world.deliveries.startedAt[delivery] = none;
  }

  private onWorkDone(id: WorkerId, delivery: DeliveryId): void {
    const worker = this.workers[id]!;
    const { sim, deliveries, copies, nodes } = this.world;
    const { group } = worker;
    const message = copies.messageOf(deliveries.copyOf(delivery));
    const failure = this.failures.of(worker, message, delivery);
    if (failure !== undefined) {
      group.failed++;
      this.world.ledger.workFailed(delivery, failure);
      if (this.failures.triesAgain(id, worker, delivery)) return;
    }
    group.inHand.add(sim.now, -1);
    if (failure !== undefined) {
      deliveries.verdict[delivery] = this.failures.verdict(worker, failure);
      deliveries.startedAt[delivery] = none;
    } else {
      deliveries.verdict[delivery] = settlement.acknowledge;
      this.applyEffect(worker, delivery, message);
      const late = this.deaths.at(worker, message, 'after-effect');
      if (late !== none) {
        this.deaths.holding(id, delivery, this.settles, late);
        return;
      }
    }
    sim.post(0, this.settles, id, delivery, nodes.owner(worker.node));
  }

  private applyEffect(worker: Worker, delivery: DeliveryId, message: MessageId): void {
    const { sim, deliveries, copies, messages, ledger } = this.world;
    const { group } = worker;
    group.handled++;
    if (group.store !== undefined && group.spec.idempotency!.atomic) {
      if (group.store.has(message, sim.now)) {
        this.holdBack(delivery);
        return;
      }
      group.store.enter(message, sim.now);
    }
    if (!ledger.effect(delivery)) return;
    const publishedAt = messages.createdAt[message]!;
    const startedAt = deliveries.startedAt[delivery]!;
    group.waiting.record(sim.now, publishedAt, startedAt - copies.storedAt[deliveries.copyOf(delivery)]!);
    group.service.record(sim.now, publishedAt, sim.now - startedAt);
    group.sojourn.record(sim.now, publishedAt, sim.now - publishedAt);
  }

  /** The handler records, publishes onward and settles. */
  private onSettles(id: WorkerId, delivery: DeliveryId): void {
    const worker = this.workers[id]!;
    const { deliveries, copies, sim } = this.world;
    const { group } = worker;
    const didWork = deliveries.verdict[delivery] === settlement.acknowledge && deliveries.startedAt[delivery] !== none;
    if (didWork) {
      const message = copies.messageOf(deliveries.copyOf(delivery));
      if (group.store !== undefined && !group.spec.idempotency!.atomic) group.store.enter(message, sim.now);
      if (group.spec.publish.length > 0) {
        this.onward.publish(worker, delivery, message);
        if (deliveries.awaiting[delivery]! > 0) {
          worker.awaiting.add(delivery);
          return;
        }
      }
    }
    this.complete(worker, delivery);
  }

  /** An onward publish has its outcome; without a confirm the handler has the message handled again. */
  private onOnwardFinished(delivery: DeliveryId, outcome: Outcome): void {
    const { deliveries } = this.world;
    const worker = this.workers[deliveries.worker[delivery]!]!;
    deliveries.awaiting[delivery]!--;
    if (outcome !== 'confirmed' && deliveries.verdict[delivery] === settlement.acknowledge) deliveries.verdict[delivery] = settlement.requeue;
    if (deliveries.awaiting[delivery]! > 0 || !worker.awaiting.delete(delivery)) return;
    if (deliveries.verdict[delivery] === forgotten) deliveries.release(delivery);
    else this.complete(worker, delivery);
  }

  private complete(worker: Worker, delivery: DeliveryId): void {
    const { sim, deliveries } = this.world;
    const { group } = worker;
    this.failures.forget(delivery);
    worker.busy--;
    group.busy.add(sim.now, -1);
    const id = deliveries.worker[delivery] as WorkerId;
    if (group.spec.acknowledge === 'after-work') this.settle(worker, delivery, deliveries.verdict[delivery] as Settlement);
    deliveries.release(delivery);
    while (worker.busy < group.spec.concurrency && worker.line.size > 0 && !this.stops.beginsNothing(worker.node)) this.start(id, worker, worker.line.shift() as DeliveryId);
    this.stops.review(worker.node);
  }

  /** Tells the broker, if the connection that the delivery came by is still the one. */
  private settle(worker: Worker, delivery: DeliveryId, verdict: Settlement): void {
    const { deliveries, copies, ledger, causes, subscribers } = this.world;
    const { session } = worker;
    const subscriber = subscribers[deliveries.worker[delivery]!]!;
    if (verdict === settlement.acknowledge) subscriber.handledUpTo = Math.max(subscriber.handledUpTo, copies.position[deliveries.copyOf(delivery)]!);
    if (!session.isOpen || session.connection !== deliveries.connection[delivery] || session.life !== deliveries.session[delivery]) {
      ledger.settlementLost(delivery, causes.of('connection-lost'));
      return;
    }
    deliveries.hold(delivery);
    if (worker.group.spec.multiple === undefined) {
      this.send(worker, delivery, verdict);
    } else if (verdict === settlement.acknowledge) {
      this.multipleAcks.done(deliveries.worker[delivery] as WorkerId, worker, delivery);
    } else {
      // What was done before it is acknowledged before it is given back, as Spring AMQP's containers do.
      this.multipleAcks.flush(worker);
      this.send(worker, delivery, verdict);
    }
  }

  private send({ session }: Worker, delivery: DeliveryId, verdict: Settlement): void {
    this.world.network.sendToServer(session.connection as ConnectionId, overhead.settlement, session.port.settlementArrived, delivery, verdict);
  }

  private onSettlementDropped(delivery: DeliveryId, cause: CauseId): void {
    this.world.sim.trace.reached('consumer.settlementLost');
    for (const each of this.world.deliveries.together(delivery)) {
      this.world.ledger.settlementLost(each, cause);
      this.world.deliveries.release(each);
    }
  }

  private discardLine(worker: Worker, cause: CauseId): void {
    for (const delivery of worker.line.drain()) {
      worker.group.inHand.add(this.world.sim.now, -1);
      this.onDeliveryDropped(delivery as DeliveryId, cause);
    }
  }

  private serviceTime(worker: Worker, message: MessageId): number {
    const recorded = worker.group.recordedService;
    if (recorded === undefined) return worker.drawService();
    return recorded[(this.world.messages.groupOrdinal[message]! - 1) % recorded.length]!;
  }
}
