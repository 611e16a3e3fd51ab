/**
 * Message, attempt, copy and delivery: four identities.
 *
 * A message is what a producer means. An attempt is one publish of it. Brokers handle copies: a message retried or
 * dead-lettered has several. A delivery is one hand-over of a copy to a worker.
 */
import { type EventHandle, noEvent } from '../sim/event-list.ts';
import { longer, SlotStore } from '../sim/slot-store.ts';
import type { Bytes, Id, Nanos } from '../sim/units.ts';

export type MessageId = Id<'message'>;
export type AttemptId = Id<'attempt'>;
export type CopyId = Id<'copy'>;
export type DeliveryId = Id<'delivery'>;
export type PublisherId = Id<'publisher'>;
export type WorkerId = Id<'worker'>;
export type QueueId = Id<'queue'>;
export type ConnectionId = Id<'connection'>;

export const none = -1;
/** In a copy's `attempt`: no publish brought it, a backup did. */
export const broughtBack = -2;

export class Messages extends SlotStore<MessageId> {
  publisher = new Int32Array(64);
  /** nth of its publisher, from 1; and of its publisher's group. */
  ordinal = new Float64Array(64);
  groupOrdinal = new Float64Array(64);
  key = new Int32Array(64);
  size = new Float64Array(64);
  priority = new Uint8Array(64);
  poison = new Uint8Array(64);
  ttl = new Float64Array(64);
  createdAt = new Float64Array(64);
  attempts = new Int32Array(64);
  /** Attempts besides those that failed for want of a connection. */
  unsent = new Int32Array(64);
  /** The delivery whose handler published it, while that waits for the outcome. */
  parent = new Int32Array(64);
  /** 1 once an attempt ended without an answer, or with one that does not say whether it was stored. */
  uncertain = new Uint8Array(64);
  /** 1 when its application published it twice. */
  publishedTwice = new Uint8Array(64);
  /** The wait before its last retry: what decorrelated jitter starts from. */
  lastBackoff = new Float64Array(64);
  /** Messages made so far. */
  count = 0;
  /** Nothing can happen to a message any more. */
  onClosed: (message: MessageId) => void = () => {};

  constructor() {
    super('message');
  }

  create(publisher: PublisherId, ordinal: number, groupOrdinal: number, key: number, size: Bytes, priority: number, now: Nanos): MessageId {
    const message = this.take();
    this.publisher[message] = publisher;
    this.ordinal[message] = ordinal;
    this.groupOrdinal[message] = groupOrdinal;
    this.key[message] = key;
    this.size[message] = size;
    this.priority[message] = priority;
    this.poison[message] = 0;
    this.ttl[message] = Infinity;
    this.createdAt[message] = now;
    this.attempts[message] = 0;
    this.unsent[message] = 0;
    this.parent[message] = none;
    this.uncertain[message] = 0;
    this.publishedTwice[message] = 0;
    this.lastBackoff[message] = 0;
    this.count++;
    return message;
  }

  protected override freed(message: MessageId): void {
    this.onClosed(message);
  }

  protected override grow(length: number): void {
    this.publisher = longer(this.publisher, length);
    this.ordinal = longer(this.ordinal, length);
    this.groupOrdinal = longer(this.groupOrdinal, length);
    this.key = longer(this.key, length);
    this.size = longer(this.size, length);
    this.priority = longer(this.priority, length);
    this.poison = longer(this.poison, length);
    this.ttl = longer(this.ttl, length);
    this.createdAt = longer(this.createdAt, length);
    this.attempts = longer(this.attempts, length);
    this.unsent = longer(this.unsent, length);
    this.parent = longer(this.parent, length);
    this.uncertain = longer(this.uncertain, length);
    this.publishedTwice = longer(this.publishedTwice, length);
    this.lastBackoff = longer(this.lastBackoff, length);
  }
}

export class Attempts extends SlotStore<AttemptId> {
  message = new Int32Array(64);
  number = new Int32Array(64);
  connection = new Int32Array(64);
  /** Which life of that connection's id it was sent in. */
  session = new Int32Array(64);
  /** Its confirm deadline, and its neighbours among the open attempts of its publisher: set when it is opened. */
  deadline = new Float64Array(64);
  /** 1 while its publisher waits for the outcome. */
  open = new Uint8Array(64);
  /** 1 when its publisher wants to hear whether it was stored. */
  wantsConfirm = new Uint8Array(64);
  /** Position in the broker's log that stored it, while its confirm waits for the sync. */
  storedInLog = new Float64Array(64);
  /** Of one that a shovel makes of a delivery: the branch that it goes on, and the event by which it is answered; `none` of a publisher's own. */
  origin = new Int32Array(64);
  answered = new Int32Array(64);
  next = new Int32Array(64);
  previous = new Int32Array(64);

  private readonly messages: Messages;

  constructor(messages: Messages) {
    super('attempt');
    this.messages = messages;
  }

  create(message: MessageId, number: number, connection: ConnectionId, session: number): AttemptId {
    const attempt = this.take();
    this.messages.hold(message);
    this.message[attempt] = message;
    this.number[attempt] = number;
    this.connection[attempt] = connection;
    this.session[attempt] = session;
    this.open[attempt] = 0;
    this.wantsConfirm[attempt] = 0;
    this.origin[attempt] = none;
    return attempt;
  }

  /** Of a message that its application published twice. */
  isOfApplication(attempt: number): boolean {
    return this.messages.publishedTwice[this.message[attempt]!] === 1;
  }

  messageOf(attempt: AttemptId): MessageId {
    return this.message[attempt] as MessageId;
  }

  protected override freed(id: AttemptId): void {
    this.messages.release(this.message[id] as MessageId);
  }

  protected override grow(length: number): void {
    this.message = longer(this.message, length);
    this.number = longer(this.number, length);
    this.connection = longer(this.connection, length);
    this.session = longer(this.session, length);
    this.storedInLog = longer(this.storedInLog, length);
    this.wantsConfirm = longer(this.wantsConfirm, length);
    this.origin = longer(this.origin, length);
    this.answered = longer(this.answered, length);
    this.deadline = longer(this.deadline, length);
    this.open = longer(this.open, length);
    this.next = longer(this.next, length);
    this.previous = longer(this.previous, length);
  }
}

export class Copies extends SlotStore<CopyId> {
  message = new Int32Array(64);
  /** The publish that brought it; `none` for one that a broker made itself by dead-lettering, `broughtBack` for one out of a backup. */
  attempt = new Int32Array(64);
  queue = new Int32Array(64);
  /**
   * The queue that its message was routed to: its own, or that of the copy it was made from by dead-lettering. The ledger says
   * so when it hears of that; a broker that can deliver the dead letter before sets it itself.
   */
  origin = new Int32Array(64);
  /** The worker that alone may have it, where each reads for itself; `none` where any may. */
  reader = new Int32Array(64);
  /** The recovery in which it came back from a backup; `none` for all others. */
  recovery = new Int32Array(64);
  size = new Float64Array(64);
  priority = new Uint8Array(64);
  storedAt = new Float64Array(64);
  expiresAt = new Float64Array(64);
  expiry = new Float64Array(64);
  /** Deliveries so far, as the broker counts them. */
  deliveries = new Int32Array(64);
  /** Place in its queue's order of arrival; position in the log that stored it, and that removed it. */
  position = new Float64Array(64);
  storedInLog = new Float64Array(64);
  removedInLog = new Float64Array(64);
  /** 1 when a disk gave back something else than was written. */
  altered = new Uint8Array(64);
  /** Neighbours in its ready queue. */
  next = new Int32Array(64);
  previous = new Int32Array(64);

  private readonly messages: Messages;

  constructor(messages: Messages) {
    super('copy');
    this.messages = messages;
  }

  create(message: MessageId, attempt: AttemptId | typeof none | typeof broughtBack, queue: QueueId, size: Bytes, priority: number, now: Nanos): CopyId {
    const copy = this.take();
    this.messages.hold(message);
    this.message[copy] = message;
    this.attempt[copy] = attempt;
    this.queue[copy] = queue;
    this.origin[copy] = queue;
    this.reader[copy] = none;
    this.recovery[copy] = none;
    this.size[copy] = size;
    this.priority[copy] = priority;
    this.storedAt[copy] = now;
    this.expiresAt[copy] = Infinity;
    this.expiry[copy] = noEvent;
    this.deliveries[copy] = 0;
    this.position[copy] = 0;
    this.storedInLog[copy] = 0;
    this.altered[copy] = 0;
    return copy;
  }

  messageOf(copy: CopyId): MessageId {
    return this.message[copy] as MessageId;
  }

  expiryOf(copy: CopyId): EventHandle {
    return this.expiry[copy]!;
  }

  protected override freed(id: CopyId): void {
    this.messages.release(this.message[id] as MessageId);
  }

  protected override grow(length: number): void {
    this.message = longer(this.message, length);
    this.attempt = longer(this.attempt, length);
    this.queue = longer(this.queue, length);
    this.origin = longer(this.origin, length);
    this.reader = longer(this.reader, length);
    this.recovery = longer(this.recovery, length);
    this.size = longer(this.size, length);
    this.priority = longer(this.priority, length);
    this.storedAt = longer(this.storedAt, length);
    this.expiresAt = longer(this.expiresAt, length);
    this.expiry = longer(this.expiry, length);
    this.deliveries = longer(this.deliveries, length);
    this.position = longer(this.position, length);
    this.storedInLog = longer(this.storedInLog, length);
    this.removedInLog = longer(this.removedInLog, length);
    this.altered = longer(this.altered, length);
    this.next = longer(this.next, length);
    this.previous = longer(this.previous, length);
  }
}

export class Deliveries extends SlotStore<DeliveryId> {
  copy = new Int32Array(64);
  worker = new Int32Array(64);
  /** The broker's number for who it was sent to. */
  subscription = new Int32Array(64);
  /** nth delivery of its copy, from 1. */
  number = new Int32Array(64);
  connection = new Int32Array(64);
  session = new Int32Array(64);
  /** 1 while the broker waits for its settlement. */
  open = new Uint8Array(64);
  /** 1 when the broker tells the worker that it may have been delivered before. */
  redelivered = new Uint8Array(64);
  lease = new Float64Array(64);
  sentAt = new Float64Array(64);
  startedAt = new Float64Array(64);
  /** What its worker will say of it (a settlement), and onward publishes whose outcome that waits for. */
  verdict = new Uint8Array(64);
  awaiting = new Int32Array(64);
  /** The one before it of those that the same frame acknowledges, or none. */
  earlier = new Int32Array(64);
  /** Neighbours among the open deliveries of its subscription, set when it joins them. */
  next = new Int32Array(64);
  previous = new Int32Array(64);

  private readonly copies: Copies;

  constructor(copies: Copies) {
    super('delivery');
    this.copies = copies;
  }

  create(copy: CopyId, worker: WorkerId, number: number, connection: ConnectionId, session: number, now: Nanos): DeliveryId {
    const delivery = this.take();
    this.copies.hold(copy);
    this.copy[delivery] = copy;
    this.worker[delivery] = worker;
    this.number[delivery] = number;
    this.connection[delivery] = connection;
    this.session[delivery] = session;
    this.open[delivery] = 1;
    this.redelivered[delivery] = number > 1 ? 1 : 0;
    this.lease[delivery] = noEvent;
    this.sentAt[delivery] = now;
    this.awaiting[delivery] = 0;
    this.verdict[delivery] = 0;
    this.earlier[delivery] = none;
    return delivery;
  }

  /** What the frame acknowledges that carries this one: those before it first. */
  together(delivery: DeliveryId): readonly DeliveryId[] {
    const all: DeliveryId[] = [];
    for (let each: number = delivery; each !== none; each = this.earlier[each]!) all.push(each as DeliveryId);
    return all.reverse();
  }

  copyOf(delivery: DeliveryId): CopyId {
    return this.copy[delivery] as CopyId;
  }

  protected override freed(id: DeliveryId): void {
    this.copies.release(this.copy[id] as CopyId);
  }

  protected override grow(length: number): void {
    this.copy = longer(this.copy, length);
    this.worker = longer(this.worker, length);
    this.subscription = longer(this.subscription, length);
    this.number = longer(this.number, length);
    this.connection = longer(this.connection, length);
    this.session = longer(this.session, length);
    this.open = longer(this.open, length);
    this.redelivered = longer(this.redelivered, length);
    this.lease = longer(this.lease, length);
    this.sentAt = longer(this.sentAt, length);
    this.startedAt = longer(this.startedAt, length);
    this.awaiting = longer(this.awaiting, length);
    this.verdict = longer(this.verdict, length);
    this.earlier = longer(this.earlier, length);
    this.next = longer(this.next, length);
    this.previous = longer(this.previous, length);
  }
}
