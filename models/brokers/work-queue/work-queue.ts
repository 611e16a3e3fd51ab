/**
 * A generic work queue on one node, honest about storage.
 *
 * It stands for no product. Its rules are those that brokers of this kind share: a message is stored, confirmed when its
 * publisher may rely on that, delivered to one consumer with credit at a time, and kept until it is settled. Where the
 * products differ, it has a setting. Left out: replication, exchanges, consumer priorities, streams.
 *
 * The log holds a record for each message stored and for each removed. A process crash keeps every record written; a
 * host crash keeps those synced, so an acknowledgement that was not synced is undone, and the message comes again.
 *
 * Functions stand in the order of a message's life.
 */
import { distribution, type Sampler } from '../../../sim/distribution.ts';
import type { EventType } from '../../../sim/simulation.ts';
import type { Bytes } from '../../../sim/units.ts';
import type { Broker, BrokerDisk, Operator, QueueGuarantees } from '../../broker.ts';
import type { CauseId } from '../../causes.ts';
import { type AttemptId, type ConnectionId, type CopyId, type DeliveryId, none, type QueueId, type WorkerId } from '../../message.ts';
import type { CancelledEvent, CrashScope, NodeId } from '../../node.ts';
import { type BrokerPort, overhead, reply, type Reply, settlement, type Settlement } from '../../protocol.ts';
import type { World } from '../../world.ts';
import { WorkQueueBackups } from './backups.ts';
import { Durability } from './durability.ts';
import { Expiry } from './expiry.ts';
import { Intake } from './intake.ts';
import { createOperator } from './operator.ts';
import { inReturnOrder, Outage } from './outage.ts';
import { createPort, createStates, guaranteesOf, type Subscription, type WorkQueueState } from './parts.ts';
import type { WorkQueueSpec } from './settings.ts';
import { Subscriptions } from './subscriptions.ts';

/** Dead letters that would go round in full queues are dropped after so many steps. */
const deadLetterStepsMax = 16;

export class WorkQueue implements Broker {
  readonly port: BrokerPort;
  readonly nodes: readonly NodeId[];
  readonly queues: readonly QueueId[];
  protected readonly world: World;
  protected readonly spec: WorkQueueSpec;
  protected readonly node: NodeId;
  protected readonly durability: Durability;
  protected readonly states: readonly WorkQueueState[];
  /** The same by their number in the ledger. */
  private readonly byQueue: WorkQueueState[] = [];
  protected readonly appended: EventType<AttemptId, QueueId>;
  protected readonly confirmable: EventType<AttemptId, number>;
  private readonly leaseExpired: EventType<DeliveryId, number>;
  private readonly recovered: EventType;
  protected readonly subscriptions: Subscriptions;
  private readonly outage: Outage;
  readonly restorable: WorkQueueBackups;
  readonly operator: Operator;
  private readonly expiry: Expiry;
  private readonly intake: Intake;
  private readonly drawRecovery: Sampler;
  private isRefusing = false;

  constructor(world: World, name: string, spec: WorkQueueSpec) {
    const { sim, nodes, moments, attempts, copies, deliveries } = world;
    this.world = world;
    this.spec = spec;
    this.node = nodes.create(`${name}.0`, this);
    this.nodes = [this.node];
    this.drawRecovery = distribution(spec.recovery).sampler(sim.stream(`${name}.0/recovery`));
    this.states = createStates(world, name, spec);
    for (const state of this.states) this.byQueue[state.id] = state;
    this.queues = this.states.map((state) => state.id);
    this.appended = sim.declare(`${name}.appended`);
    this.confirmable = sim.declare(`${name}.confirmable`);
    this.durability = new Durability(world, this.node, spec.storage, this.confirmable);
    this.expiry = new Expiry(world, name, nodes.owner(this.node), (copy) => this.onExpired(copy));
    this.intake = new Intake(world, this.node, spec, this.states, this.durability, this.appended);
    this.subscriptions = new Subscriptions(world);
    this.outage = new Outage(world, this.states, this.durability, this.expiry, this.subscriptions);
    this.restorable = new WorkQueueBackups(world, this.node, this.states, { durability: this.durability, subscriptions: this.subscriptions, outage: this.outage });
    this.operator = createOperator({
      state: (queue) => this.byQueue[queue]!, isRefusing: () => this.isRefusing, purge: (state, cause) => this.outage.purge(state, cause), dropHeads: (state) => this.dropHeads(state, 0), relieve: () => this.relieve(),
    });
    this.leaseExpired = sim.declare(`${name}.leaseExpired`);
    this.recovered = sim.declare(`${name}.recovered`);
    this.port = createPort(world, name, this.node, this.states);
    sim.handle(this.port.publishArrived, (attempt, destination) => this.onPublishArrived(attempt, destination as number as QueueId));
    sim.handle(this.appended, (attempt, queue) => this.onAppended(attempt, queue));
    sim.handle(this.confirmable, (attempt) => this.onConfirmable(attempt));
    sim.handle(this.port.subscribeArrived, (worker, connection) => this.onSubscribeArrived(worker, connection));
    sim.handle(this.port.cancelArrived, (worker, connection) => this.subscriptions.cancel(worker, connection));
    sim.handle(this.port.settlementArrived, (delivery, verdict) => this.onSettlementArrived(delivery, verdict));
    sim.handle(this.leaseExpired, (delivery) => this.onLeaseExpired(delivery));
    sim.handle(this.recovered, () => this.onRecovered());
    const here = (): NodeId => this.node;
    for (const [moment, type] of [['arrived', this.port.publishArrived], ['appended', this.appended], ['confirmed', this.confirmable]] as const) moments.add<AttemptId, never>(moment, type, (attempt) => attempts.messageOf(attempt), here);
    moments.add('acknowledged', this.port.settlementArrived, (delivery) => copies.messageOf(deliveries.copyOf(delivery)), here);
  }

  // ---- publish

  protected onPublishArrived(attempt: AttemptId, queue: QueueId): void {
    if (!this.intake.holdsBack(attempt, queue)) this.intake.begin(attempt, queue);
  }

  protected onAppended(attempt: AttemptId, queue: QueueId): void {
    const { attempts, messages, ledger, sim } = this.world;
    const state = this.byQueue[queue]!;
    const message = attempts.messageOf(attempt);
    const bytes = messages.size[message]!;
    const mustRefuse = state.spec.overflow !== 'drop-head' && state.isFull(bytes);
    this.intake.end(attempt, queue);
    if (mustRefuse) {
      if (state.spec.overflow === 'reject') ledger.attemptRefused(attempt, this.world.causes.of('full'));
      else this.deadLetterOrDrop(this.store(attempt, state), 'maxlen', 0);
      this.answer(attempt, reply.full);
      this.relieve();
      return;
    }
    const copy = this.store(attempt, state);
    if (attempts.wantsConfirm[attempt] === 0) attempts.release(attempt);
    else if (state.isDurable && this.spec.storage.confirm === 'after-sync') this.durability.confirmWhenSynced(attempt, copy);
    else sim.post(0, this.confirmable, attempt, 0, this.world.nodes.owner(this.node));
    this.makeReady(copy, state);
    this.dispatch(state);
    this.dropHeads(state, 0);
    this.relieve();
  }

  protected store(attempt: AttemptId, state: WorkQueueState): CopyId {
    const { attempts, messages, copies, ledger, sim } = this.world;
    const message = attempts.messageOf(attempt);
    const copy = copies.create(message, attempt, state.id, messages.size[message]!, messages.priority[message]!, sim.now);
    copies.position[copy] = state.positions++;
    copies.expiresAt[copy] = sim.now + Math.min(state.spec.ttl ?? Infinity, messages.ttl[message]!);
    if (state.isDurable) this.durability.store(copy);
    ledger.stored(copy, attempt);
    return copy;
  }

  protected onConfirmable(attempt: AttemptId): void {
    this.answer(attempt, reply.confirmed);
  }

  protected answer(attempt: AttemptId, answer: Reply): void {
    const { attempts, network, protocol, ledger, causes } = this.world;
    const connection = attempts.connection[attempt] as ConnectionId;
    if (answer === reply.confirmed) ledger.confirmSent(attempt);
    if (attempts.wantsConfirm[attempt] === 1 && network.isOpenAtServer(connection, attempts.session[attempt]!)) {
      network.sendToClient(connection, overhead.reply, protocol.replyArrived, attempt, answer);
      return;
    }
    if (attempts.wantsConfirm[attempt] === 1 && answer === reply.confirmed) ledger.confirmLost(attempt, causes.of('connection-lost'));
    attempts.release(attempt);
  }

  // ---- delivery

  protected onSubscribeArrived(worker: WorkerId, connection: ConnectionId): void {
    const state = this.byQueue[this.world.subscribers[worker]!.queue]!;
    this.subscriptions.open(worker, state, connection);
    this.dispatch(state);
    this.relieve();
  }

  /** Gives ready copies to subscriptions with credit, in turn. */
  protected dispatch(state: WorkQueueState): void {
    while (state.ready.size > 0) {
      const subscription = this.subscriptions.next(state);
      if (subscription === undefined) return;
      this.deliver(subscription, state.ready.first() as CopyId, state);
      this.subscriptions.standInLine(subscription);
    }
  }

  protected deliver(subscription: Subscription, copy: CopyId, state: WorkQueueState): void {
    const { sim, copies, deliveries, ledger, network, protocol, nodes } = this.world;
    state.ready.remove(copy);
    state.inFlight++;
    this.expiry.disarm(copy);
    const number = ++copies.deliveries[copy]!;
    if (number > 1) sim.trace.reached('broker.redelivered');
    const delivery = deliveries.create(copy, subscription.worker, number, subscription.connection, subscription.life, sim.now);
    deliveries.subscription[delivery] = subscription.id;
    ledger.delivered(delivery);
    deliveries.hold(delivery);
    if (subscription.isAutomatic) {
      deliveries.open[delivery] = 0;
      this.acknowledge(copy, state);
    } else {
      subscription.credit--;
      subscription.add(delivery, deliveries);
      if (state.leaseLane !== undefined) deliveries.lease[delivery] = sim.afterLane(state.leaseLane, this.leaseExpired, delivery, 0, nodes.owner(this.node));
    }
    network.sendToClient(subscription.connection, copies.size[copy]! + overhead.delivery, protocol.deliveryArrived, subscription.worker, delivery);
    if (subscription.isAutomatic) deliveries.release(delivery);
  }

  // ---- settlement

  protected onSettlementArrived(delivery: DeliveryId, verdict: Settlement): void {
    const { deliveries, ledger, sim } = this.world;
    const meant = this.subscriptions.meantBy(delivery, verdict, this.stateOf(deliveries.copyOf(delivery)));
    if (meant !== delivery) {
      sim.trace.reached('broker.settlementLate');
      ledger.settlementLate(delivery);
    }
    if (meant !== undefined) this.settle(meant, verdict);
    deliveries.release(delivery);
  }

  private settle(delivery: DeliveryId, verdict: Settlement): void {
    const copy = this.world.deliveries.copyOf(delivery);
    const state = this.stateOf(copy);
    this.subscriptions.closeDelivery(delivery);
    switch (verdict) {
      case settlement.acknowledge:
        this.acknowledge(copy, state);
        break;
      case settlement.requeue:
        this.giveBack(copy, state, this.world.causes.of('requeued'));
        break;
      case settlement.reject:
        state.inFlight--;
        this.deadLetterOrDrop(copy, 'rejected', 0);
    }
    this.dispatch(state);
    this.relieve();
  }

  protected acknowledge(copy: CopyId, state: WorkQueueState): void {
    state.inFlight--;
    this.world.ledger.acknowledged(copy);
    this.retire(copy);
  }

  /** A delivered copy comes back, unless it was delivered too often or lived too long. */
  protected giveBack(copy: CopyId, state: WorkQueueState, reason: CauseId): void {
    const { copies, ledger, sim } = this.world;
    const { deliveryLimit, requeue } = state.spec;
    state.inFlight--;
    if (deliveryLimit !== undefined && copies.deliveries[copy]! >= deliveryLimit) {
      sim.trace.reached('broker.deliveryLimit');
      this.deadLetterOrDrop(copy, 'delivery-limit', 0);
      return;
    }
    if (copies.expiresAt[copy]! <= sim.now) {
      sim.trace.reached('broker.expired');
      this.deadLetterOrDrop(copy, 'expired', 0);
      return;
    }
    ledger.requeued(copy, reason);
    state.ready.giveBack(copy, requeue);
    this.expiry.arm(copy, state);
  }

  protected onLeaseExpired(delivery: DeliveryId): void {
    const { deliveries, sim, causes } = this.world;
    const copy = deliveries.copyOf(delivery);
    const state = this.stateOf(copy);
    sim.trace.reached('broker.leaseExpired');
    this.subscriptions.closeDelivery(delivery);
    this.giveBack(copy, state, causes.of('lease-expired'));
    this.dispatch(state);
    this.relieve();
  }

  // ---- leaving

  private onExpired(copy: CopyId): void {
    const state = this.stateOf(copy);
    state.ready.remove(copy);
    this.world.sim.trace.reached('broker.expired');
    this.deadLetterOrDrop(copy, 'expired', 0);
    this.relieve();
  }

  private dropHeads(state: WorkQueueState, steps: number): void {
    while (state.isOverfull()) {
      const head = state.ready.first() as CopyId;
      state.ready.remove(head);
      this.expiry.disarm(head);
      this.deadLetterOrDrop(head, 'maxlen', steps);
    }
  }

  /** A copy that is in no line any more goes to the dead-letter queue, or is dropped with its cause. */
  protected deadLetterOrDrop(copy: CopyId, reason: string, steps: number): void {
    const { copies, ledger, causes, sim } = this.world;
    const target = this.stateOf(copy).deadLetter;
    const bytes = copies.size[copy]!;
    const refused = target !== undefined && target.spec.overflow !== 'drop-head' && target.isFull(bytes);
    if (target === undefined || refused || steps >= deadLetterStepsMax) {
      ledger.dropped(copy, causes.of(target === undefined ? reason : refused ? 'dead-letter-queue-full' : 'dead-letter-cycle'));
      this.retire(copy);
      return;
    }
    sim.trace.reached('broker.deadLettered');
    const into = copies.create(copies.messageOf(copy), none, target.id, bytes, copies.priority[copy]!, sim.now);
    copies.position[into] = target.positions++;
    copies.altered[into] = copies.altered[copy]!;
    copies.expiresAt[into] = sim.now + (target.spec.ttl ?? Infinity);
    if (target.isDurable) this.durability.store(into);
    ledger.stored(into, none);
    ledger.deadLettered(copy, into, causes.of(reason));
    this.retire(copy);
    this.makeReady(into, target);
    this.dispatch(target);
    this.dropHeads(target, steps + 1);
  }

  /** The broker is done with a copy. */
  protected retire(copy: CopyId): void {
    this.durability.remove(copy);
  }

  // ---- connections and crashes

  connected(): void {}
  refused(): void {}

  /** Everything that the consumer held goes back where it was. */
  disconnected(_node: NodeId, connection: ConnectionId, cause: CauseId): void {
    const subscription = this.subscriptions.close(connection);
    if (subscription === undefined) return;
    this.returnUnsettled(subscription, cause);
    this.dispatch(subscription.queue);
    this.relieve();
  }

  protected returnUnsettled(subscription: Subscription, cause: CauseId): void {
    for (const delivery of inReturnOrder(subscription, this.world)) {
      const copy = this.world.deliveries.copyOf(delivery);
      this.subscriptions.closeDelivery(delivery);
      this.giveBack(copy, subscription.queue, cause);
    }
  }

  crashed(_node: NodeId, scope: CrashScope, cause: CauseId, cancelled: readonly CancelledEvent[]): void {
    const { nodes } = this.world;
    if (!this.isRefusing) nodes.refuse(this.node);
    this.isRefusing = true;
    for (const event of cancelled) {
      if (event.type === (this.appended as number)) this.outage.loseAttempt(event.a as AttemptId, cause);
      else if (event.type === (this.confirmable as number)) this.outage.loseConfirm(event.a as AttemptId, cause);
    }
    for (const attempt of this.intake.crashed(cancelled)) this.outage.loseAttempt(attempt, cause);
    for (const subscription of this.subscriptions.closeAll()) this.outage.returnUnsettled(subscription, cause);
    this.outage.loseFromStorage(scope, cause);
  }

  restarted(): void {
    const { sim, nodes } = this.world;
    sim.after(Math.round(this.drawRecovery()), this.recovered, 0, 0, nodes.owner(this.node));
  }

  guarantees(): readonly QueueGuarantees[] {
    return this.states.map((state) => guaranteesOf(state, this.durability));
  }

  held(): number {
    return this.states.reduce((held, state) => held + state.held, 0);
  }

  isIdle(): boolean {
    return this.durability.isIdle() && this.intake.isIdle();
  }

  memoryUsed(): Bytes {
    return this.states.reduce((bytes, state) => bytes + state.ready.bytes + this.subscriptions.unsettledBytes(state), 0);
  }

  /** It looks at no free space. */
  diskOf(): BrokerDisk {
    return this.durability;
  }

  /** The log was read again: lines stand as before, and clients may come. */
  private onRecovered(): void {
    this.isRefusing = false;
    this.world.nodes.accept(this.node);
    this.restorable.onServing();
    this.outage.recover((copy) => this.deadLetterOrDrop(copy, 'delivery-limit', 0));
  }

  private makeReady(copy: CopyId, state: WorkQueueState): void {
    state.ready.add(copy);
    this.expiry.arm(copy, state);
  }

  private relieve(): void {
    this.intake.relieve((attempt, cause) => this.outage.loseAttempt(attempt, cause));
  }

  protected stateOf(copy: CopyId): WorkQueueState {
    return this.byQueue[this.world.copies.queue[copy]!]!;
  }
}
