/**
 * What all queues of RabbitMQ have in common: who waits, whose turn it is, and why a message leaves. How a message gets in, and
 * what a crash leaves of it, is the business of each type.
 */
import type { EventHandle } from '../../../sim/event-list.ts';
import type { EventType } from '../../../sim/simulation.ts';
import type { Bytes } from '../../../sim/units.ts';
import type { CauseId } from '../../causes.ts';
import { type AttemptId, type ConnectionId, type CopyId, type DeliveryId, type MessageId, none, type QueueId } from '../../message.ts';
import type { NodeId } from '../../node.ts';
import { type DestinationId, type Reply, settlement, type Settlement } from '../../protocol.ts';
import { ReadyQueue } from '../../ready-queue.ts';
import type { World } from '../../world.ts';
import type { QueueDisk } from './backups/queue-disk.ts';
import type { Consumer } from './consumer.ts';
import type { DeathReason, RabbitCopies } from './copies.ts';
import type { Flow } from './flow.ts';
import { HeadExpiry } from './head-expiry.ts';
import type { LetterBox, LetterId } from './letter.ts';
import { operation, type Operation } from './mailbox.ts';
import { Orders } from './orders.ts';
import type { QueueRules } from './routing/queue-rules.ts';
import { Turns } from './turns.ts';

/** What a queue needs of the broker that it is a part of. */
export interface QueueHost {
  readonly world: World;
  readonly copies: RabbitCopies;
  readonly letters: LetterBox;
  readonly nodes: readonly NodeId[];
  readonly pressure: { readonly flow: Flow };
  consumer(id: number): Consumer | undefined;
  /** Nobody will ask for that consumer again. */
  forget(consumer: Consumer): void;
  /** Its channel is closed with an error, and its client comes again. */
  cancel(consumer: Consumer, cause: CauseId): void;
  /** One queue's answer to a publish, or to a dead letter that another one waits to hear of; the publisher is answered when all queues of its route have answered. */
  answer(waiting: AttemptId | LetterId, answer: Reply, from: NodeId): void;
  /** A publish that this queue will never store or answer. */
  abandon(attempt: AttemptId): void;
  /** The node that a client of that connection talks to. */
  serverOf(connection: ConnectionId): NodeId;
  /** A consumer's channel on that node is gone, and the queue did not hear of it. */
  consumerGone(queue: RabbitQueue, consumer: number, channel: NodeId): void;
  /** A queue has a leader, perhaps another than before. */
  onLeaderOf(queue: RabbitQueue, node: NodeId): void;
  readonly carriage: {
    /** Passes something on to a queue that lives on one node. */
    carry(queue: RabbitQueue, from: NodeId, to: NodeId | undefined, kind: Operation, a: number, b: number): void;
    /** A consumer that wanted nothing more has got all that was sent to it. */
    cancelOk(consumer: Consumer, from: NodeId): void;
  };
  sendDelivery(consumer: Consumer, delivery: DeliveryId, from: NodeId): void;
  /** The copy is in no line of its queue any more: it is published to the dead-letter exchange, or dropped. */
  deadLetterOrDrop(queue: RabbitQueue, copy: CopyId, reason: DeathReason): void;
}

export abstract class RabbitQueue {
  readonly id: QueueId;
  readonly name: string;
  rules: QueueRules;
  readonly ready: ReadyQueue;
  readonly turns: Turns;
  inFlight = 0;
  /** Dead letters that are on their way to it. */
  coming = 0;
  protected readonly host: QueueHost;
  protected readonly world: World;
  /** Copies that came so far: the next one's place. */
  private positions = 0;
  private readonly expiry: HeadExpiry;
  readonly orders: Orders;

  constructor(host: QueueHost, id: QueueId, name: string, rules: QueueRules, levels: number) {
    this.host = host;
    this.world = host.world;
    this.id = id;
    this.name = name;
    this.rules = rules;
    this.ready = new ReadyQueue(host.world.copies, levels);
    this.turns = new Turns((consumer) => host.consumer(consumer), rules.singleActiveConsumer);
    this.orders = new Orders(host, this, () => this.takeHead());
    this.expiry = new HeadExpiry(host.world, { fronts: () => this.fronts(), askToExpire: (after) => this.askToExpire(after), leave: (copy) => this.leaveExpired(copy), ahead: () => host.world.clocks.ahead(this.leader, rules.type === 'classic' ? 'system' : 'erlang') });
  }

  /** Where publishes and settlements are taken in; undefined while nobody takes them. */
  abstract get leader(): NodeId | undefined;
  /** Somebody on that node asks something of the queue. */
  abstract ask(from: NodeId, kind: Operation, a: number, b: number): void;
  /** It lives on that node and dies with it: not so where others go on. */
  abstract isOn(node: NodeId): boolean;
  /** What of it is on the disks of its nodes. */
  abstract readonly disk: QueueDisk;
  /** Its messages are on that node, there alone or there too. */
  abstract keepsAt(node: NodeId): boolean;
  /** A node lost sight of another, or found it again. */
  abstract suspect(node: NodeId, peer: NodeId, why: 'closed' | 'silent'): void;
  abstract peerFound(node: NodeId, peer: NodeId): void;
  /** What one node said to another about the queue was dropped on its way. True when it was of this queue. */
  hasLost(_type: EventType, _a: number, _b: number, _from: NodeId): boolean {
    return false;
  }
  /** A node will never take in what a channel asked of it. True when somebody else will. */
  takesOver(_kind: Operation, _a: number, _b: number, _from: NodeId, _to: NodeId): boolean {
    return false;
  }
  /** A node runs again, and has read what is on its disk. */
  abstract nodeBooted(node: NodeId): void;
  /** A node that keeps it has died, and lost its disk. */
  wiped(_node: NodeId): void {}
  /** Nothing is under way in it, and nobody waits for it. */
  abstract isIdle(): boolean;

  get held(): number {
    return this.waiting + this.inFlight + this.coming;
  }

  /** Messages that are ready, and their bytes. */
  get waiting(): number {
    return this.ready.size;
  }

  get waitingBytes(): Bytes {
    return this.ready.bytes;
  }

  /** Consumers are served by the node that they are connected to, whoever leads. */
  get isReadLocally(): boolean {
    return false;
  }

  /** What a consumer may hold that asked for no limit. */
  get mostHeld(): number {
    return Infinity;
  }

  /** What was asked of the queue takes effect. */
  protected perform(kind: Operation, a: number, b: number): void {
    if (this.orders.turnsAway(kind)) this.orders.turnAway(kind, a);
    else if (kind === operation.publish) this.publish(a as AttemptId, b as DestinationId);
    else if (kind === operation.settle) this.settle(a as DeliveryId, b as Settlement);
    else if (kind === operation.subscribe) this.onSubscribed(a);
    else if (kind === operation.down) this.onConsumerDown(a, b as CauseId);
    else if (kind === operation.letter) this.onLetter(a as LetterId);
    else if (kind === operation.expire) this.dispatch();
    else if (kind === operation.resume) this.onResumed(a);
    else if (kind === operation.cancel) this.onCancelled(a);
    else if (kind === operation.purge || kind === operation.delete) this.orders.perform(kind, a);
    else if (kind === operation.deadLetter) {
      this.coming--;
      this.onDeadLetter(a as CopyId);
    }
  }

  protected abstract publish(attempt: AttemptId, destination: DestinationId): void;
  protected abstract onDeadLetter(copy: CopyId): void;
  /** A dead letter that the queue which it left waits to hear of. */
  protected abstract onLetter(letter: LetterId): void;

  // ---- storing

  protected create(attempt: AttemptId | typeof none, message: MessageId, destination: DestinationId, isPersistent: boolean): CopyId {
    const { copies, messages, sim, attempts } = this.world;
    const copy = copies.create(message, attempt, this.id, messages.size[message]!, messages.priority[message]!, sim.now);
    // What a shovel brings goes on the branch that it came by.
    if (attempt !== none && attempts.origin[attempt] !== none) copies.origin[copy] = attempts.origin[attempt]!;
    this.host.copies.open(copy, destination, isPersistent);
    this.place(copy, messages.ttl[message]!);
    return copy;
  }

  /** It came to the queue now: its place, and when it expires. */
  protected place(copy: CopyId, ttl: number): void {
    this.world.copies.position[copy] = this.positions++;
    this.expiry.came(copy, Math.min(this.rules.ttl, ttl));
  }

  /** One more of that size would be too much. */
  protected wouldOverflow(bytes: Bytes): boolean {
    return this.waiting + 1 > this.rules.maxLength || this.waitingBytes + bytes > this.rules.maxBytes;
  }

  // ---- delivery

  /** Gives ready copies to consumers with room, in turn; what expired at the head goes first. */
  dispatch(): void {
    for (;;) {
      this.expiry.takeEach();
      if (this.waiting === 0) return;
      const consumer = this.turns.next();
      if (consumer === undefined) return;
      this.deliver(consumer, this.nextCopy());
      this.turns.standInLine(consumer);
    }
  }

  protected nextCopy(): CopyId {
    return this.ready.first() as CopyId;
  }

  protected deliver(consumer: Consumer, copy: CopyId): void {
    const { sim, copies, deliveries, ledger } = this.world;
    this.takeOut(copy);
    this.inFlight++;
    const number = ++copies.deliveries[copy]!;
    if (number > 1) sim.trace.reached('broker.redelivered');
    const delivery = deliveries.create(copy, consumer.worker, number, consumer.connection, consumer.life, sim.now);
    deliveries.subscription[delivery] = consumer.id;
    deliveries.redelivered[delivery] = this.host.copies.redelivered[copy]!;
    ledger.delivered(delivery);
    deliveries.hold(delivery);
    if (consumer.isAutomatic) {
      deliveries.open[delivery] = 0;
      this.acknowledge(copy);
    } else {
      consumer.credit--;
      consumer.limit?.sent();
      consumer.add(delivery, deliveries);
    }
    this.host.sendDelivery(consumer, delivery, this.servedFrom(consumer));
    if (consumer.isAutomatic) deliveries.release(delivery);
  }

  /** The node that gives a consumer its deliveries. */
  protected servedFrom(_consumer: Consumer): NodeId {
    return this.leader!;
  }

  protected onSubscribed(id: number): void {
    const consumer = this.host.consumer(id);
    if (consumer === undefined) return;
    if (consumer.isOpen) this.turns.add(consumer);
    this.dispatch();
  }

  private onCancelled(id: number): void {
    const consumer = this.host.consumer(id);
    if (consumer === undefined) return;
    this.turns.cancel(consumer);
    this.host.carriage.cancelOk(consumer, this.servedFrom(consumer));
    this.dispatch();
  }

  /** Its channel has room again. */
  private onResumed(id: number): void {
    const consumer = this.host.consumer(id);
    if (consumer === undefined) return;
    consumer.isSuspended = false;
    this.turns.standInLine(consumer);
    this.dispatch();
  }

  /** Its channel is closed: all that it had not settled comes back, flagged. */
  protected onConsumerDown(id: number, cause: CauseId): void {
    const consumer = this.host.consumer(id);
    if (consumer === undefined) return;
    this.turns.remove(consumer);
    for (const delivery of this.inReturnOrder(consumer.unsettled(this.world.deliveries))) {
      const copy = this.world.deliveries.copyOf(delivery);
      this.closeDelivery(delivery);
      this.takeBack(copy, cause, true);
    }
    if (!consumer.hasUnsettled) this.host.forget(consumer);
    this.dispatch();
    this.returned();
  }

  /** From the oldest to the newest, unless where they go makes another order quicker. */
  protected inReturnOrder(unsettled: DeliveryId[]): DeliveryId[] {
    return unsettled;
  }

  // ---- settlement

  /** The consumer has that room back. */
  closeDelivery(delivery: DeliveryId): void {
    const { deliveries } = this.world;
    const consumer = this.host.consumer(deliveries.subscription[delivery]!)!;
    deliveries.open[delivery] = 0;
    consumer.remove(delivery, deliveries);
    consumer.credit++;
    this.turns.standInLine(consumer);
    if (!consumer.isOpen && !consumer.hasUnsettled) this.host.forget(consumer);
    deliveries.release(delivery);
  }

  protected acknowledge(copy: CopyId): void {
    this.inFlight--;
    this.world.ledger.acknowledged(copy);
    this.retire(copy);
  }

  private settle(delivery: DeliveryId, verdict: Settlement): void {
    const { deliveries, ledger, sim, causes } = this.world;
    if (deliveries.open[delivery] === 0) {
      sim.trace.reached('broker.settlementLate');
      ledger.settlementLate(delivery);
      deliveries.release(delivery);
      return;
    }
    const copy = deliveries.copyOf(delivery);
    this.closeDelivery(delivery);
    if (verdict === settlement.acknowledge) {
      this.acknowledge(copy);
    } else if (verdict === settlement.reject) {
      this.inFlight--;
      this.host.deadLetterOrDrop(this, copy, 'rejected');
    } else {
      this.takeBack(copy, causes.of('requeued'), false);
    }
    deliveries.release(delivery);
    this.dispatch();
    if (verdict === settlement.requeue) this.returned();
  }

  /** A delivered copy comes back, unless it did so too often or lived too long. @param isLost its consumer is gone; otherwise that gave it back */
  protected takeBack(copy: CopyId, reason: CauseId, isLost: boolean): void {
    const { ledger, sim } = this.world;
    this.inFlight--;
    this.host.copies.redelivered[copy] = 1;
    if (this.cameTooOften(copy, isLost)) {
      sim.trace.reached('broker.deliveryLimit');
      this.host.deadLetterOrDrop(this, copy, 'delivery_limit');
    } else if (this.expiry.isOver(copy)) {
      sim.trace.reached('broker.expired');
      this.host.deadLetterOrDrop(this, copy, 'expired');
    } else {
      ledger.requeued(copy, reason);
      this.putBack(copy, isLost);
    }
  }

  /** Notes a return. True when it was one too many. */
  protected cameTooOften(_copy: CopyId, _isLost: boolean): boolean {
    return false;
  }

  /** Where a copy stands that came back. */
  protected abstract putBack(copy: CopyId, isLost: boolean): void;

  /** Everything that came back is where it belongs. */
  protected returned(): void {}

  /** A settlement, or a dead letter, that will never reach the queue. */
  lose(kind: number, a: number, cause: CauseId): void {
    const { ledger, deliveries, copies } = this.world;
    if (kind === operation.settle) {
      ledger.settlementLost(a as DeliveryId, cause);
      deliveries.release(a as DeliveryId);
    } else if (kind === operation.deadLetter) {
      this.coming--;
      ledger.dropped(a as CopyId, cause);
      copies.release(a as CopyId);
    } else if (kind === operation.letter) {
      this.host.letters.lost(a as LetterId);
    }
  }

  // ---- leaving

  private leaveExpired(copy: CopyId): void {
    this.takeOut(copy);
    this.host.deadLetterOrDrop(this, copy, 'expired');
  }

  /** The copies of which one is next: the first of each level. */
  protected fronts(): Iterable<CopyId | typeof none> {
    return this.ready.heads() as Iterable<number> as Iterable<CopyId | typeof none>;
  }

  dropHeads(): void {
    while (this.waiting > this.rules.maxLength || this.waitingBytes > this.rules.maxBytes) {
      this.host.deadLetterOrDrop(this, this.takeHead(), 'maxlen');
    }
  }

  /** True where a dead letter stays until it arrived. */
  keepsDeadLetter(_copy: CopyId, _reason: DeathReason): boolean {
    return false;
  }

  private takeHead(): CopyId {
    const head = this.nextCopy();
    this.takeOut(head);
    return head;
  }

  /** The copy is not ready any more. */
  protected takeOut(copy: CopyId): void {
    this.ready.remove(copy);
  }

  /** The broker is done with a copy. */
  abstract retire(copy: CopyId): void;

  /** Expiry is looked at when the head's time is over: the queue is asked to. */
  protected abstract askToExpire(after: number): EventHandle;
}
