/**
 * Whoever publishes: producers, and workers that publish onward. Attempts, confirms with a deadline, retries with a
 * budget, a bounded buffer for what cannot be sent now. As in the publisher-confirm mode of AMQP clients: several
 * messages may be unconfirmed at a time, each answered on its own, and an answer that does not come is not a failure.
 */
import type { EventType } from '../sim/simulation.ts';
import { backoffDelay } from './backoff.ts';
import type { CauseId } from './causes.ts';
import { type AttemptId, type ConnectionId, type MessageId, none, type PublisherId, type QueueId } from './message.ts';
import type { CancelledEvent, NodeId } from './node.ts';
import { flags, type Outcome } from './outcomes.ts';
import { overhead, reply, type Reply } from './protocol.ts';
import { Publisher, type PublisherGroup } from './publisher-group.ts';
import type { RetrySpec } from './retry.ts';
import type { Session, Sessions } from './sessions.ts';
import type { World } from './world.ts';

export class Publishers {
  readonly timedOut: EventType<PublisherId, AttemptId>;
  private readonly retryDue: EventType<PublisherId, MessageId>;
  private readonly serialised: EventType<PublisherId, MessageId>;
  private readonly publishers: (Publisher | undefined)[] = [];
  private readonly fullBuffer: CauseId;
  private readonly timeout: CauseId;
  /** Why an answer is a refusal, by the answer. */
  private readonly refusals: readonly CauseId[];
  private readonly notConnected: CauseId;
  private readonly world: World;
  private readonly sessions: Sessions;

  constructor(world: World, sessions: Sessions) {
    const { sim, protocol, network, causes } = world;
    this.world = world;
    this.sessions = sessions;
    this.notConnected = causes.of('not-connected');
    this.fullBuffer = causes.of('producer-buffer-full');
    this.timeout = causes.of('timeout');
    this.refusals = (['confirmed', 'full', 'unroutable', 'unavailable'] as const).map((each) => causes.of(each));
    this.timedOut = sim.declare('publisher.confirmTimedOut');
    this.retryDue = sim.declare('publisher.retryDue');
    this.serialised = sim.declare('publisher.serialised');
    sim.handle(this.timedOut, (_publisher, attempt) => this.unanswered(attempt, this.timeout));
    sim.handle(this.retryDue, (publisher, message) => this.onRetryDue(publisher, message));
    sim.handle(this.serialised, (publisher, message) => this.onSerialised(publisher, message));
    sim.handle(protocol.replyArrived, (attempt, answer) => this.onReplyArrived(attempt, answer));
    network.onDropped(protocol.replyArrived, (attempt, _answer, cause) => {
      world.ledger.confirmLost(attempt, cause);
      world.attempts.release(attempt);
    });
    const nodeOf = (attempt: AttemptId): NodeId => network.nodeAt(world.attempts.connection[attempt] as ConnectionId, 'client');
    world.moments.add('confirm-received', protocol.replyArrived, (attempt) => world.attempts.messageOf(attempt), nodeOf);
  }

  create(name: string, group: PublisherGroup, session: Session): PublisherId {
    const id = this.world.namePublisher(name);
    const jitter = this.world.sim.stream(`${name}/publish/retry`);
    this.publishers[id] = new Publisher(id, group, session, jitter);
    this.world.network.onDropped(session.port.publishArrived, (attempt, _destination, cause) => this.onPublishDropped(attempt, cause));
    return id;
  }

  /** Whoever publishes to a queue. */
  to(queue: QueueId): readonly { readonly id: PublisherId; readonly group: PublisherGroup }[] {
    return this.publishers.filter((publisher) => publisher !== undefined && publisher.group.queues.includes(queue)) as Publisher[];
  }

  /** Publishes a message, now or when it can be sent. False when the buffer is full and the source has to wait. */
  publish(id: PublisherId, message: MessageId): boolean {
    const publisher = this.publishers[id]!;
    if (publisher.buffer.size === 0 && this.canSend(publisher)) {
      this.begin(publisher, message);
      return true;
    }
    if (this.failsUnconnected(publisher, message)) return true;
    const { capacity, overflow } = publisher.group.spec.buffer;
    if (publisher.buffer.size >= capacity) {
      if (overflow === 'block') return false;
      this.abandon(publisher, overflow === 'drop-newest' ? message : (publisher.buffer.shift() as MessageId));
      if (overflow === 'drop-newest') return true;
    }
    publisher.buffer.push(message);
    return true;
  }

  /** Counts a message as one that its publisher means, whatever becomes of it. */
  announce(id: PublisherId, message: MessageId): void {
    const { group } = this.publishers[id]!;
    group.published++;
    this.world.ledger.published(message);
    const { retry } = group.spec;
    if (retry?.budget !== undefined) {
      const publisher = this.publishers[id]!;
      publisher.tokens = Math.min(retry.budget.capacity, publisher.tokens + retry.budget.tokensPerMessage);
    }
  }

  onRoom(id: PublisherId, handler: () => void): void {
    this.publishers[id]!.onRoom = handler;
  }

  sessionOpened(id: PublisherId): void {
    this.pump(this.publishers[id]!);
  }

  /** What was sent and not answered has an unknown outcome now. */
  sessionClosed(id: PublisherId, cause: CauseId): void {
    const publisher = this.publishers[id]!;
    for (const attempt of this.openAttempts(publisher)) this.unanswered(attempt, cause);
    this.failBuffered(publisher);
  }

  /** No connection is to be had: whatever waited for one failed. */
  demandRefused(id: PublisherId): void {
    this.failBuffered(this.publishers[id]!);
  }

  /** The process died: nobody waits for answers any more, and what was only in memory is gone. What is in an outbox is in a buffer when it starts. */
  crashed(id: PublisherId, cause: CauseId, cancelled: readonly CancelledEvent[]): void {
    const publisher = this.publishers[id]!;
    const { outbox } = publisher.group.spec;
    const left: MessageId[] = [];
    for (const attempt of this.openAttempts(publisher)) {
      const message = this.world.attempts.messageOf(attempt);
      this.world.ledger.replied(attempt, 'unknown', cause);
      this.closeAttempt(publisher, attempt);
      this.world.messages.uncertain[message] = 1;
      if (outbox) left.push(message);
      else this.finish(publisher, message);
    }
    for (const event of cancelled) {
      const isOurs = event.type === (this.retryDue as number) || event.type === (this.serialised as number);
      if (isOurs && event.a === id) left.push(event.b as MessageId);
    }
    left.push(...(publisher.buffer.drain() as MessageId[]));
    for (const message of left) this.keepOrForget(publisher, message, cause);
    publisher.isSerialising = false;
    publisher.unconfirmed = 0;
  }

  /** Its process dies before it has published that. */
  diedBefore(id: PublisherId, message: MessageId, cause: CauseId): void {
    this.keepOrForget(this.publishers[id]!, message, cause);
  }

  private keepOrForget(publisher: Publisher, message: MessageId, cause: CauseId): void {
    if (publisher.group.spec.outbox) publisher.buffer.push(message);
    else this.forget(publisher, message, cause);
  }

  /** Nothing waits to be sent, to be answered or to be tried again. */
  isIdle(): boolean {
    return this.publishers.every((publisher) => publisher === undefined || (publisher.buffer.size === 0 && publisher.unconfirmed === 0 && !publisher.isSerialising));
  }

  private canSend(publisher: Publisher): boolean {
    const { session, group, unconfirmed, isSerialising } = publisher;
    return session.isOpen && !isSerialising && (group.spec.maxUnconfirmed === undefined || unconfirmed < group.spec.maxUnconfirmed);
  }

  private begin(publisher: Publisher, message: MessageId): void {
    const { serialise } = publisher.group.spec;
    const { sim, messages, nodes } = this.world;
    const { node } = publisher.session;
    const time = serialise === undefined ? 0 : Math.round((serialise.perMessage + serialise.perByte * messages.size[message]!) * nodes.slowness(node));
    if (time === 0) {
      this.send(publisher, message);
      return;
    }
    publisher.isSerialising = true;
    sim.after(time, this.serialised, publisher.id, message, nodes.owner(node));
  }

  private onSerialised(id: PublisherId, message: MessageId): void {
    const publisher = this.publishers[id]!;
    publisher.isSerialising = false;
    if (publisher.session.isOpen) this.send(publisher, message);
    else if (!this.failsUnconnected(publisher, message)) publisher.buffer.push(message);
    this.pump(publisher);
  }

  /** With `unconnected: fail`, when there is no connection: true when the publish is over, false when it is to wait. */
  private failsUnconnected(publisher: Publisher, message: MessageId): boolean {
    const { group, session } = publisher;
    const isToWait = session.isOpen || this.sessions.demand(session);
    if (isToWait || group.spec.unconnected === 'wait') return false;
    this.failUnsent(publisher, message);
    return true;
  }

  private failBuffered(publisher: Publisher): void {
    if (publisher.group.spec.unconnected === 'wait') return;
    const waiting = [...publisher.buffer.drain()] as MessageId[];
    for (const message of waiting) this.failUnsent(publisher, message);
    publisher.onRoom?.();
  }

  /** An attempt that never left: its outcome is known, unless that of one before it is not. */
  private failUnsent(publisher: Publisher, message: MessageId): void {
    const { messages, sim } = this.world;
    sim.trace.reached('publisher.failedUnconnected');
    messages.unsent[message]!++;
    this.retryOrFinish(publisher, message, this.notConnected);
  }

  private send(publisher: Publisher, message: MessageId): void {
    const { sim, messages, attempts, network, ledger, nodes } = this.world;
    const { session, group } = publisher;
    const connection = session.connection as ConnectionId;
    const attempt = attempts.create(message, ++messages.attempts[message]!, connection, session.life);
    group.attempts++;
    if (messages.attempts[message] === 1) group.firstAttempts++;
    ledger.sent(attempt);
    attempts.hold(attempt);
    if (group.deadlineLane === undefined) {
      messages.uncertain[message] = 1;
      attempts.release(attempt);
      this.finish(publisher, message);
    } else {
      attempts.wantsConfirm[attempt] = 1;
      this.openAttempt(publisher, attempt);
      attempts.deadline[attempt] = sim.afterLane(group.deadlineLane, this.timedOut, publisher.id, attempt, nodes.owner(session.node));
    }
    network.sendToServer(connection, messages.size[message]! + overhead.publish, session.port.publishArrived, attempt, group.destination);
  }

  private onPublishDropped(attempt: AttemptId, cause: CauseId): void {
    this.world.ledger.attemptLost(attempt, cause);
    this.world.attempts.release(attempt);
  }

  private onReplyArrived(attempt: AttemptId, answer: Reply): void {
    const { attempts, messages, ledger, sim } = this.world;
    const message = attempts.messageOf(attempt);
    const publisher = this.publishers[messages.publisher[message]!]!;
    const confirmed = answer === reply.confirmed;
    ledger.replied(attempt, confirmed ? 'confirmed' : 'refused', confirmed ? undefined : this.refusals[answer]);
    if (confirmed && !ledger.isConfirmed(message)) {
      publisher.group.confirmed++;
      publisher.group.confirmLatency.record(sim.now, messages.createdAt[message]!, sim.now - messages.createdAt[message]!);
      if (ledger.has(message, flags.refused)) publisher.group.refused--;
      ledger.outcome(message, 'confirmed');
    }
    if (attempts.open[attempt] === 1) {
      this.closeAttempt(publisher, attempt);
      // A queue that died may have stored it before, and has it again when it is back.
      if (answer === reply.unavailable) messages.uncertain[message] = 1;
      if (confirmed) this.finish(publisher, message);
      else this.retryOrFinish(publisher, message, this.refusals[answer]!);
      this.pump(publisher);
    }
    attempts.release(attempt);
  }

  /** No answer in time, or no connection on which one could come. */
  private unanswered(attempt: AttemptId, reason: CauseId): void {
    const { attempts, messages, ledger, sim } = this.world;
    const message = attempts.messageOf(attempt);
    const publisher = this.publishers[messages.publisher[message]!]!;
    sim.trace.reached('publisher.outcomeUnknown');
    ledger.replied(attempt, 'unknown', reason);
    messages.uncertain[message] = 1;
    this.closeAttempt(publisher, attempt);
    this.retryOrFinish(publisher, message, reason);
    this.pump(publisher);
  }

  /** @param reason why the attempt before failed: what a message is given up for that was never sent */
  private retryOrFinish(publisher: Publisher, message: MessageId, reason: CauseId): void {
    const { sim, messages, nodes } = this.world;
    const { retry } = publisher.group.spec;
    const made = messages.attempts[message]! + messages.unsent[message]!;
    if (retry === undefined || made >= retry.attempts || !this.spendToken(publisher, retry)) {
      this.forget(publisher, message, reason);
      return;
    }
    const wait = backoffDelay(retry.backoff, made, messages.lastBackoff[message]!, publisher.jitter);
    messages.lastBackoff[message] = wait;
    if (sim.now + wait - messages.createdAt[message]! > retry.deadline) {
      this.forget(publisher, message, reason);
      return;
    }
    publisher.unconfirmed++;
    sim.after(wait, this.retryDue, publisher.id, message, nodes.owner(publisher.session.node));
  }

  private spendToken(publisher: Publisher, retry: RetrySpec): boolean {
    if (retry.budget === undefined) return true;
    if (publisher.tokens < 1) {
      this.world.sim.trace.reached('publisher.retryBudgetEmpty');
      return false;
    }
    publisher.tokens--;
    return true;
  }

  /** A retry was admitted before and needs no room in the buffer; a confirm that came meanwhile makes it needless. */
  private onRetryDue(id: PublisherId, message: MessageId): void {
    const publisher = this.publishers[id]!;
    publisher.unconfirmed--;
    this.world.sim.trace.reached('publisher.retried');
    if (this.world.ledger.isConfirmed(message)) {
      this.finish(publisher, message);
      this.pump(publisher);
    } else if (publisher.buffer.size === 0 && this.canSend(publisher)) {
      this.begin(publisher, message);
    } else if (!this.failsUnconnected(publisher, message)) {
      publisher.buffer.push(message);
      this.pump(publisher);
    }
  }

  private pump(publisher: Publisher): void {
    const { buffer } = publisher;
    if (buffer.size === 0) return;
    while (buffer.size > 0 && this.canSend(publisher)) {
      const message = buffer.shift() as MessageId;
      if (this.isTooLate(publisher, message)) this.forget(publisher, message, this.timeout);
      else this.begin(publisher, message);
    }
    if (publisher.onRoom !== undefined && buffer.size < publisher.group.spec.buffer.capacity) publisher.onRoom();
  }

  /** A retry that waited in the buffer while its message was confirmed after all, or its deadline passed. */
  private isTooLate(publisher: Publisher, message: MessageId): boolean {
    const { sim, messages, ledger } = this.world;
    if (messages.attempts[message] === 0 && messages.unsent[message] === 0) return false;
    const { retry } = publisher.group.spec;
    return ledger.isConfirmed(message) || sim.now - messages.createdAt[message]! > (retry?.deadline ?? Infinity);
  }

  /** The publisher has no more to do with a message. */
  private finish(publisher: Publisher, message: MessageId): void {
    const { ledger, messages } = this.world;
    const outcome: Outcome = ledger.isConfirmed(message) ? 'confirmed' : messages.uncertain[message] === 1 ? 'unknown' : 'refused';
    // Published twice by its application, it has two last words.
    const wasRefused = ledger.has(message, flags.refused);
    if (outcome !== 'confirmed') ledger.outcome(message, outcome);
    publisher.group.refused += Number(outcome === 'refused') - Number(wasRefused);
    publisher.group.onFinished(publisher.id, message, outcome);
    messages.release(message);
  }

  private abandon(publisher: Publisher, message: MessageId): void {
    this.world.sim.trace.reached('publisher.bufferFull');
    this.world.ledger.abandoned(message, this.fullBuffer);
    this.finish(publisher, message);
  }

  private forget(publisher: Publisher, message: MessageId, cause: CauseId): void {
    if (this.world.messages.attempts[message] === 0) this.world.ledger.abandoned(message, cause);
    this.finish(publisher, message);
  }

  private openAttempt(publisher: Publisher, attempt: AttemptId): void {
    const { attempts } = this.world;
    attempts.open[attempt] = 1;
    attempts.previous[attempt] = publisher.lastOpen;
    attempts.next[attempt] = none;
    if (publisher.lastOpen === none) publisher.firstOpen = attempt;
    else attempts.next[publisher.lastOpen] = attempt;
    publisher.lastOpen = attempt;
    publisher.unconfirmed++;
  }

  private closeAttempt(publisher: Publisher, attempt: AttemptId): void {
    const { attempts, sim } = this.world;
    const next = attempts.next[attempt]!;
    const previous = attempts.previous[attempt]!;
    if (previous === none) publisher.firstOpen = next;
    else attempts.next[previous] = next;
    if (next === none) publisher.lastOpen = previous;
    else attempts.previous[next] = previous;
    attempts.open[attempt] = 0;
    publisher.unconfirmed--;
    sim.cancel(attempts.deadline[attempt]!);
    attempts.release(attempt);
  }

  private openAttempts(publisher: Publisher): AttemptId[] {
    const open: AttemptId[] = [];
    for (let attempt = publisher.firstOpen; attempt !== none; attempt = this.world.attempts.next[attempt]!) open.push(attempt as AttemptId);
    return open;
  }
}
