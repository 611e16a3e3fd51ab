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
import { distribution, type Sampler } from '../../sim/distribution.ts';
import { noEvent } from '../../sim/event-list.ts';
import { Fifo } from '../../sim/fifo.ts';
import type { EventType } from '../../sim/simulation.ts';
import type { Nanos } from '../../sim/units.ts';
import type { Broker, QueueGuarantees } from '../broker.ts';
import type { CauseId } from '../causes.ts';
import { Disk } from '../disk.ts';
import { type AttemptId, type ConnectionId, type CopyId, type DeliveryId, none, type QueueId, type WorkerId } from '../message.ts';
import type { CancelledEvent, CrashScope, NodeId } from '../node.ts';
import { type BrokerPort, overhead, reply, type Reply, settlement, type Settlement } from '../protocol.ts';
import type { World } from '../world.ts';
import { Subscription, WorkQueueState } from './work-queue-parts.ts';
import type { WorkQueueSpec } from './work-queue-settings.ts';

/** Dead letters that would go round in full queues are dropped after so many steps. */
const deadLetterStepsMax = 16;

export class WorkQueue implements Broker {
  readonly port: BrokerPort;
  readonly nodes: readonly NodeId[];
  readonly queues: readonly QueueId[];
  protected readonly world: World;
  protected readonly spec: WorkQueueSpec;
  protected readonly node: NodeId;
  protected readonly disk: Disk;
  protected readonly states: WorkQueueState[] = [];
  /** The same by their number in the ledger. */
  private readonly byQueue: WorkQueueState[] = [];
  protected readonly appended: EventType<AttemptId, QueueId>;
  protected readonly confirmable: EventType<AttemptId, number>;
  private readonly expired: EventType<CopyId, number>;
  private readonly leaseExpired: EventType<DeliveryId, number>;
  private readonly recovered: EventType;
  private readonly subscriptions: Subscription[] = [];
  private readonly byConnection = new Map<ConnectionId, Subscription>();
  /** Attempts stored whose confirm waits for a sync; copies gone whose removal is not synced. Both in the order of the log. */
  private readonly awaitingSync = new Fifo();
  private readonly unsyncedRemovals = new Fifo();
  /** Publishes that backpressure holds back: attempts and their queues. */
  private readonly heldAttempts = new Fifo();
  private readonly heldQueues = new Fifo();
  private readonly drawProcessing: Sampler | undefined;
  private readonly drawRecovery: Sampler;
  private freeAt: Nanos = 0;
  private appending = 0;
  private isRefusing = false;

  constructor(world: World, name: string, spec: WorkQueueSpec) {
    const { sim, nodes, moments, attempts, copies, deliveries } = world;
    this.world = world;
    this.spec = spec;
    this.node = nodes.create(`${name}.0`, this);
    this.nodes = [this.node];
    const { storage } = spec;
    this.disk = new Disk(
      sim,
      `${name}.0`,
      nodes.owner(this.node),
      { fsync: storage.fsync, write: distribution(storage.write), sync: distribution(storage.sync), groupCommit: storage.groupCommit, writeback: storage.writeback },
      () => this.onSynced(),
    );
    const processing = distribution(spec.processing);
    this.drawProcessing = processing.mean === 0 ? undefined : processing.sampler(sim.stream(`${name}.0/processing`));
    this.drawRecovery = distribution(spec.recovery).sampler(sim.stream(`${name}.0/recovery`));
    this.queues = this.createQueues(name);
    this.appended = sim.declare(`${name}.appended`);
    this.confirmable = sim.declare(`${name}.confirmable`);
    this.expired = sim.declare(`${name}.expired`);
    this.leaseExpired = sim.declare(`${name}.leaseExpired`);
    this.recovered = sim.declare(`${name}.recovered`);
    this.port = {
      name,
      entry: this.node,
      publishArrived: sim.declare(`${name}.publishArrived`),
      settlementArrived: sim.declare(`${name}.settlementArrived`),
      subscribeArrived: sim.declare(`${name}.subscribeArrived`),
      queue: (queue) => this.states.find((state) => state.name === queue)!.id,
    };
    sim.handle(this.port.publishArrived, (attempt, queue) => this.onPublishArrived(attempt, queue));
    sim.handle(this.appended, (attempt, queue) => this.onAppended(attempt, queue));
    sim.handle(this.confirmable, (attempt) => this.onConfirmable(attempt));
    sim.handle(this.port.subscribeArrived, (worker, connection) => this.onSubscribeArrived(worker, connection));
    sim.handle(this.port.settlementArrived, (delivery, verdict) => this.onSettlementArrived(delivery, verdict));
    sim.handle(this.leaseExpired, (delivery) => this.onLeaseExpired(delivery));
    sim.handle(this.expired, (copy) => this.onExpired(copy));
    sim.handle(this.recovered, () => this.onRecovered());
    moments.add('arrived', this.port.publishArrived, (attempt) => attempts.messageOf(attempt));
    moments.add('appended', this.appended, (attempt) => attempts.messageOf(attempt));
    moments.add('confirmed', this.confirmable, (attempt) => attempts.messageOf(attempt));
    moments.add('acknowledged', this.port.settlementArrived, (delivery) => copies.messageOf(deliveries.copyOf(delivery)));
  }

  // ---- publish

  protected onPublishArrived(attempt: AttemptId, queue: QueueId): void {
    if (this.heldAttempts.size > 0 || this.isPressed()) {
      this.world.sim.trace.reached('broker.backpressure');
      this.heldAttempts.push(attempt);
      this.heldQueues.push(queue);
      return;
    }
    this.accept(attempt, queue);
  }

  /** One thread takes messages in, one after another; then the record is written. */
  private accept(attempt: AttemptId, queue: QueueId): void {
    const { sim, nodes } = this.world;
    let ready = sim.now;
    if (this.drawProcessing !== undefined) {
      ready = Math.max(sim.now, this.freeAt) + Math.round(this.drawProcessing() * nodes.slowness(this.node));
      this.freeAt = ready;
    }
    const delay = this.byQueue[queue]!.isDurable ? this.disk.writeDelay(ready) : ready - sim.now;
    this.appending++;
    sim.after(delay, this.appended, attempt, queue, nodes.owner(this.node));
  }

  protected onAppended(attempt: AttemptId, queue: QueueId): void {
    const { attempts, messages, ledger, sim } = this.world;
    const state = this.byQueue[queue]!;
    const message = attempts.messageOf(attempt);
    const bytes = messages.size[message]!;
    const mustRefuse = state.spec.overflow !== 'drop-head' && state.isFull(bytes);
    this.appending--;
    if (mustRefuse && state.spec.overflow === 'reject') {
      ledger.attemptRefused(attempt, this.world.causes.of('full'));
      this.answer(attempt, reply.full);
      return;
    }
    const copy = this.store(attempt, state);
    if (mustRefuse) {
      this.deadLetterOrDrop(copy, 'maxlen', 0);
      this.answer(attempt, reply.full);
      return;
    }
    if (attempts.wantsConfirm[attempt] === 0) attempts.release(attempt);
    else if (state.isDurable && this.spec.storage.confirm === 'after-sync') this.confirmWhenSynced(attempt, copy);
    else sim.after(0, this.confirmable, attempt, 0, this.world.nodes.owner(this.node));
    this.makeReady(copy, state);
    this.dispatch(state);
    this.dropHeads(state, 0);
  }

  protected store(attempt: AttemptId, state: WorkQueueState): CopyId {
    const { attempts, messages, copies, ledger, sim } = this.world;
    const message = attempts.messageOf(attempt);
    const copy = copies.create(message, attempt, state.id, messages.size[message]!, messages.priority[message]!, sim.now);
    copies.position[copy] = state.positions++;
    copies.expiresAt[copy] = sim.now + Math.min(state.spec.ttl ?? Infinity, messages.ttl[message]!);
    if (state.isDurable) copies.storedInLog[copy] = this.disk.append();
    ledger.stored(copy, attempt);
    return copy;
  }

  protected confirmWhenSynced(attempt: AttemptId, copy: CopyId): void {
    this.world.attempts.storedInLog[attempt] = this.world.copies.storedInLog[copy]!;
    this.awaitingSync.push(attempt);
  }

  protected onSynced(): void {
    const { attempts, copies, sim, nodes } = this.world;
    while (this.awaitingSync.size > 0 && attempts.storedInLog[this.awaitingSync.first()]! <= this.disk.synced) {
      sim.after(0, this.confirmable, this.awaitingSync.shift() as AttemptId, 0, nodes.owner(this.node));
    }
    while (this.unsyncedRemovals.size > 0 && copies.removedInLog[this.unsyncedRemovals.first()]! <= this.disk.synced) {
      copies.release(this.unsyncedRemovals.shift() as CopyId);
    }
  }

  protected onConfirmable(attempt: AttemptId): void {
    this.world.ledger.confirmSent(attempt);
    this.answer(attempt, reply.confirmed);
  }

  protected answer(attempt: AttemptId, answer: Reply): void {
    const { attempts, network, protocol, ledger, causes } = this.world;
    const connection = attempts.connection[attempt] as ConnectionId;
    if (attempts.wantsConfirm[attempt] === 1 && network.isOpenAtServer(connection, attempts.session[attempt]!)) {
      network.sendToClient(connection, overhead.reply, protocol.replyArrived, attempt, answer);
      return;
    }
    if (attempts.wantsConfirm[attempt] === 1 && answer === reply.confirmed) ledger.confirmLost(attempt, causes.of('connection-lost'));
    attempts.release(attempt);
  }

  // ---- delivery

  protected onSubscribeArrived(worker: WorkerId, connection: ConnectionId): void {
    const { network, subscribers } = this.world;
    const { prefetch, automatic, queue } = subscribers[worker]!;
    const state = this.byQueue[queue]!;
    const subscription = new Subscription(this.subscriptions.length, worker, state, connection, network.session(connection), automatic ? Infinity : prefetch, automatic);
    this.subscriptions.push(subscription);
    this.byConnection.set(connection, subscription);
    this.standInLine(subscription);
    this.dispatch(state);
  }

  /** Gives ready copies to subscriptions with credit, in turn. */
  protected dispatch(state: WorkQueueState): void {
    const { available, ready } = state;
    while (ready.size > 0 && available.size > 0) {
      const subscription = this.subscriptions[available.shift()]!;
      subscription.isInLine = false;
      if (!subscription.isOpen || subscription.credit <= 0) continue;
      this.deliver(subscription, ready.first() as CopyId, state);
      this.standInLine(subscription);
    }
  }

  protected deliver(subscription: Subscription, copy: CopyId, state: WorkQueueState): void {
    const { sim, copies, deliveries, ledger, network, protocol, nodes } = this.world;
    state.ready.remove(copy);
    state.inFlight++;
    this.disarmExpiry(copy);
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
    const { deliveries, ledger } = this.world;
    if (deliveries.open[delivery] === 0) {
      this.world.sim.trace.reached('broker.settlementLate');
      ledger.settlementLate(delivery);
    } else {
      const copy = deliveries.copyOf(delivery);
      const state = this.stateOf(copy);
      this.closeDelivery(delivery);
      if (verdict === settlement.acknowledge) this.acknowledge(copy, state);
      else if (verdict === settlement.requeue) this.giveBack(copy, state, this.world.causes.of('requeued'));
      else this.reject(copy, state);
      this.dispatch(state);
      this.relieve();
    }
    deliveries.release(delivery);
  }

  protected acknowledge(copy: CopyId, state: WorkQueueState): void {
    state.inFlight--;
    this.world.ledger.acknowledged(copy);
    this.retire(copy);
  }

  private reject(copy: CopyId, state: WorkQueueState): void {
    state.inFlight--;
    this.deadLetterOrDrop(copy, 'rejected', 0);
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
    ledger.requeued(copy, reason);
    state.ready.giveBack(copy, requeue);
    this.armExpiry(copy, state);
  }

  private onLeaseExpired(delivery: DeliveryId): void {
    const { deliveries, sim, causes } = this.world;
    const copy = deliveries.copyOf(delivery);
    const state = this.stateOf(copy);
    sim.trace.reached('broker.leaseExpired');
    this.closeDelivery(delivery);
    this.giveBack(copy, state, causes.of('lease-expired'));
    this.dispatch(state);
  }

  /** The broker no longer waits for a delivery's settlement: its subscription has that credit back. */
  private closeDelivery(delivery: DeliveryId): void {
    const { deliveries, sim } = this.world;
    const subscription = this.subscriptions[deliveries.subscription[delivery]!]!;
    deliveries.open[delivery] = 0;
    sim.cancel(deliveries.lease[delivery]!);
    subscription.remove(delivery, deliveries);
    subscription.credit++;
    this.standInLine(subscription);
    deliveries.release(delivery);
  }

  // ---- leaving

  private onExpired(copy: CopyId): void {
    const state = this.stateOf(copy);
    this.world.copies.expiry[copy] = noEvent;
    state.ready.remove(copy);
    this.world.sim.trace.reached('broker.expired');
    this.deadLetterOrDrop(copy, 'expired', 0);
    this.relieve();
  }

  private dropHeads(state: WorkQueueState, steps: number): void {
    while (state.isOverfull()) {
      const head = state.ready.first() as CopyId;
      state.ready.remove(head);
      this.disarmExpiry(head);
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
    copies.expiresAt[into] = sim.now + (target.spec.ttl ?? Infinity);
    if (target.isDurable) copies.storedInLog[into] = this.disk.append();
    ledger.stored(into, none);
    ledger.deadLettered(copy, into, causes.of(reason));
    this.retire(copy);
    this.makeReady(into, target);
    this.dispatch(target);
    this.dropHeads(target, steps + 1);
  }

  /** The broker is done with a copy; a durable one is remembered until its removal is on disk. */
  protected retire(copy: CopyId): void {
    const { copies } = this.world;
    if (copies.storedInLog[copy] === 0) {
      copies.release(copy);
      return;
    }
    copies.removedInLog[copy] = this.disk.append();
    this.unsyncedRemovals.push(copy);
  }

  // ---- connections and crashes

  connected(): void {}

  refused(): void {}

  /** Everything that the consumer held goes back where it was. */
  disconnected(_node: NodeId, connection: ConnectionId, cause: CauseId): void {
    const subscription = this.byConnection.get(connection);
    if (subscription === undefined) return;
    this.byConnection.delete(connection);
    this.closeSubscription(subscription, cause);
    this.dispatch(subscription.queue);
    this.relieve();
  }

  crashed(_node: NodeId, scope: CrashScope, cause: CauseId, cancelled: readonly CancelledEvent[]): void {
    const { attempts, ledger, nodes } = this.world;
    if (!this.isRefusing) nodes.refuse(this.node);
    this.isRefusing = true;
    for (const event of cancelled) {
      if (event.type === (this.appended as number)) this.loseAttempt(event.a as AttemptId, cause);
      else if (event.type === (this.confirmable as number)) this.loseConfirm(event.a as AttemptId, cause);
    }
    for (const attempt of this.heldAttempts.drain()) this.loseAttempt(attempt as AttemptId, cause);
    for (const attempt of this.awaitingSync.drain()) {
      ledger.confirmLost(attempt as AttemptId, cause);
      attempts.release(attempt as AttemptId);
    }
    this.heldQueues.drain();
    this.appending = 0;
    this.freeAt = 0;
    for (const subscription of this.byConnection.values()) this.closeSubscription(subscription, cause);
    this.byConnection.clear();
    this.loseFromStorage(scope, cause);
  }

  restarted(): void {
    const { sim, nodes } = this.world;
    sim.after(Math.round(this.drawRecovery()), this.recovered, 0, 0, nodes.owner(this.node));
  }

  guarantees(): readonly QueueGuarantees[] {
    return this.states.map((state) => ({
      queue: state.id, deliveriesMax: state.spec.deliveryLimit ?? Infinity, deadLetter: state.deadLetter?.id,
    }));
  }

  held(): number {
    let held = 0;
    for (const state of this.states) held += state.held;
    return held;
  }

  isIdle(): boolean {
    return this.appending === 0 && this.awaitingSync.size === 0 && this.heldAttempts.size === 0;
  }

  slowDisk(_node: NodeId, factor: number): boolean {
    this.disk.slow(factor);
    return true;
  }

  unslowDisk(_node: NodeId, factor: number): void {
    this.disk.unslow(factor);
  }

  private createQueues(broker: string): QueueId[] {
    for (const [name, spec] of Object.entries(this.spec.queues)) {
      const id = this.world.ledger.openQueue(`${broker}/${name}`);
      const state = new WorkQueueState(this.world, id, name, spec, spec.durable ?? this.spec.storage.durable);
      this.states.push(state);
      this.byQueue[id] = state;
    }
    for (const state of this.states) {
      state.deadLetter = this.states.find((other) => other.name === state.spec.deadLetter);
    }
    return this.states.map((state) => state.id);
  }

  /** What was only in memory is gone; after a host crash, what was not synced too. What is left waits for the recovery. */
  private loseFromStorage(scope: CrashScope, cause: CauseId): void {
    const { copies, ledger, causes } = this.world;
    const by = causes.by(cause);
    if (scope === 'host') {
      this.disk.hostCrashed();
      for (const copy of this.unsyncedRemovals.drain().reverse() as CopyId[]) {
        const isUndone = copies.removedInLog[copy]! > this.disk.synced && copies.storedInLog[copy]! <= this.disk.synced;
        if (isUndone && ['acknowledged', 'deadLettered'].includes(ledger.bucketOf(copy))) this.resurrect(copy, cause);
        else copies.release(copy);
      }
    } else {
      this.disk.processCrashed();
    }
    for (const state of this.states) {
      for (const copy of state.ready.all()) {
        this.disarmExpiry(copy);
        const isLost = copies.storedInLog[copy] === 0 || copies.storedInLog[copy]! > this.disk.synced;
        if (scope === 'process' && copies.storedInLog[copy]! > 0) continue;
        if (!isLost) continue;
        state.ready.remove(copy);
        ledger.dropped(copy, causes.of(copies.storedInLog[copy] === 0 ? 'transient' : 'unsynced', by));
        copies.release(copy);
      }
    }
  }

  private resurrect(copy: CopyId, cause: CauseId): void {
    const state = this.stateOf(copy);
    this.world.ledger.rewound(copy, this.world.causes.of('unsynced', this.world.causes.by(cause)));
    this.world.copies.removedInLog[copy] = 0;
    state.ready.giveBack(copy, 'original');
  }

  /** The log was read again: lines stand as before, leases and expiries run again, clients may come. */
  private onRecovered(): void {
    const { copies, nodes } = this.world;
    this.isRefusing = false;
    nodes.accept(this.node);
    this.disk.restarted();
    for (const state of this.states) {
      for (const copy of state.ready.all()) {
        if (copies.deliveries[copy]! >= (state.spec.deliveryLimit ?? Infinity)) {
          state.ready.remove(copy);
          this.deadLetterOrDrop(copy, 'delivery-limit', 0);
        } else {
          this.armExpiry(copy, state);
        }
      }
    }
  }

  private closeSubscription(subscription: Subscription, cause: CauseId): void {
    const { deliveries, ledger, nodes, copies } = this.world;
    subscription.isOpen = false;
    const unsettled = subscription.unsettled(deliveries);
    // From the newest to the oldest, each goes in front of the one before: no place has to be searched.
    if (subscription.queue.spec.requeue !== 'tail') unsettled.reverse();
    for (const delivery of unsettled) {
      const copy = deliveries.copyOf(delivery);
      this.closeDelivery(delivery);
      if (nodes.isUp(this.node)) {
        this.giveBack(copy, subscription.queue, cause);
      } else {
        // A dead broker judges nothing: limits are looked at when it has recovered.
        subscription.queue.inFlight--;
        ledger.requeued(copy, cause);
        subscription.queue.ready.giveBack(copy, subscription.queue.spec.requeue);
        copies.expiry[copy] = noEvent;
      }
    }
  }

  private loseAttempt(attempt: AttemptId, cause: CauseId): void {
    this.world.ledger.attemptLost(attempt, cause);
    this.world.attempts.release(attempt);
  }

  private loseConfirm(attempt: AttemptId, cause: CauseId): void {
    this.world.ledger.confirmLost(attempt, cause);
    this.world.attempts.release(attempt);
  }

  // ---- small parts

  private makeReady(copy: CopyId, state: WorkQueueState): void {
    state.ready.add(copy);
    this.armExpiry(copy, state);
  }

  private armExpiry(copy: CopyId, state: WorkQueueState): void {
    const { sim, copies, nodes } = this.world;
    const expiresAt = copies.expiresAt[copy]!;
    if (expiresAt === Infinity) return;
    const owner = nodes.owner(this.node);
    const left = Math.max(0, expiresAt - sim.now);
    copies.expiry[copy] =
      state.ttlLane !== undefined && left === state.spec.ttl
        ? sim.afterLane(state.ttlLane, this.expired, copy, 0, owner)
        : sim.after(left, this.expired, copy, 0, owner);
  }

  private disarmExpiry(copy: CopyId): void {
    const { copies, sim } = this.world;
    if (copies.expiresAt[copy] === Infinity) return;
    sim.cancel(copies.expiryOf(copy));
    copies.expiry[copy] = noEvent;
  }

  private standInLine(subscription: Subscription): void {
    if (subscription.isInLine || !subscription.isOpen || subscription.credit <= 0) return;
    subscription.isInLine = true;
    subscription.queue.available.push(subscription.id);
  }

  private isPressed(): boolean {
    const { backpressure } = this.spec;
    if (backpressure === undefined) return false;
    return this.held() >= (backpressure.messages ?? Infinity) || this.heldBytes() >= (backpressure.bytes ?? Infinity);
  }

  /** Publishers are read again once enough has left. */
  private relieve(): void {
    const { backpressure } = this.spec;
    if (backpressure === undefined || this.heldAttempts.size === 0) return;
    const { messages = Infinity, bytes = Infinity, resume } = backpressure;
    if (this.held() > messages * resume || this.heldBytes() > bytes * resume) return;
    const { attempts, network, causes } = this.world;
    while (this.heldAttempts.size > 0 && !this.isPressed()) {
      const attempt = this.heldAttempts.shift() as AttemptId;
      const queue = this.heldQueues.shift() as QueueId;
      const isOpen = network.isOpenAtServer(attempts.connection[attempt] as ConnectionId, attempts.session[attempt]!);
      if (isOpen) this.accept(attempt, queue);
      else this.loseAttempt(attempt, causes.of('connection-lost'));
    }
  }

  private heldBytes(): number {
    let bytes = 0;
    for (const state of this.states) bytes += state.ready.bytes;
    return bytes;
  }

  private stateOf(copy: CopyId): WorkQueueState {
    return this.byQueue[this.world.copies.queue[copy]!]!;
  }
}
