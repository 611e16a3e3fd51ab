/**
 * Classic queues: one process on one node (with mirrors: `mirrored-queue.ts`).
 * A message is confirmed when its queue's process took it in (transient) or when its journal entry, and the body in the shared
 * store if it is large, were flushed (persistent). Delivery does not wait for that. What comes back goes to where it stood.
 *
 * Functions stand in the order of a message's life. Sources: rabbit_amqqueue_process, rabbit_variable_queue and
 * rabbit_queue_consumers at 3.10.8, 3.13.7 and 4.2.9; recordings of 3.10.8.
 */
import type { EventHandle } from '../../../sim/event-list.ts';
import type { CauseId } from '../../causes.ts';
import { type AttemptId, type ConnectionId, type CopyId, type DeliveryId, none, type QueueId } from '../../message.ts';
import { type CrashScope, isInOrder, type NodeId } from '../../node.ts';
import { type DestinationId, reply } from '../../protocol.ts';
import { ClassicDisk } from './backups/classic-disk.ts';
import type { ClassicParts } from './classic-parts.ts';
import { isLetter, type LetterId } from './letter.ts';
import { Journal } from './journal.ts';
import { Mailbox, operation, type Operation } from './mailbox.ts';
import { QueueCredit } from './queue-credit.ts';
import { type QueueHost, RabbitQueue } from './queue.ts';
import type { QueueRules } from './routing/queue-rules.ts';
import type { Consumer } from './consumer.ts';

/** `queue_index_embed_msgs_below`: larger bodies go to the shared store. */
const embeddedBelow = 4096;

export class ClassicQueue extends RabbitQueue {
  home: NodeId;
  readonly disk: ClassicDisk;
  protected parts: ClassicParts;
  protected mailbox: Mailbox;
  protected journal: Journal;
  private readonly credit: QueueCredit;
  protected isUp = true;
  private isFlushing = false;
  private isIdleTimerSet = false;
  private isWritebackAwaited = false;

  constructor(host: QueueHost, id: QueueId, name: string, rules: QueueRules, home: NodeId, parts: ClassicParts) {
    super(host, id, name, rules, rules.maxPriority + 1);
    this.home = home;
    this.parts = parts;
    this.credit = new QueueCredit(id, home, host.pressure.flow);
    this.mailbox = this.createMailbox();
    this.journal = this.createJournal();
    this.disk = new ClassicDisk(host, this, () => this.journal);
    this.orders.onTurnedAway = (attempt) => this.credit.took(attempt);
  }

  private createMailbox(): Mailbox {
    const { world: { sim, nodes }, home, parts } = this;
    return new Mailbox(sim, nodes.owner(home), this.id, parts.events, parts.timing, () => nodes.slowness(home));
  }

  private createJournal(): Journal {
    return new Journal(this.world, this.host.copies, this.rules.storeVersion, this.parts.syncsBodies);
  }

  /** A process on another node takes over, with an empty mailbox and nothing written. */
  protected moveTo(home: NodeId, parts: ClassicParts): void {
    this.home = home;
    this.parts = parts;
    this.credit.moveTo(home);
    this.mailbox = this.createMailbox();
    this.journal = this.createJournal();
    this.isUp = true;
    this.isFlushing = false;
    this.isIdleTimerSet = false;
    this.isWritebackAwaited = false;
  }

  get leader(): NodeId | undefined {
    return this.isUp ? this.home : undefined;
  }

  ask(from: NodeId, kind: Operation, a: number, b: number): void {
    if (kind === operation.publish && this.isUp) this.credit.sent(this.world.attempts.connection[a] as ConnectionId, from);
    this.host.carriage.carry(this, from, this.leader, kind, a, b);
  }

  /** It reached the queue's process. */
  arrive(kind: Operation, a: number, b: number): void {
    this.mailbox.add(kind, a, b);
  }

  /** The process is done with the operation under way. */
  onOperationDone(): void {
    const { kind, a, b } = this.mailbox.take();
    this.perform(kind, a, b);
    this.goOn();
  }

  /** Flushes when it is time to, or works off what waits. */
  protected goOn(): void {
    if (this.journal.mustFlush(!this.mailbox.isEmpty)) {
      this.flush();
      return;
    }
    this.mailbox.next();
    if (this.journal.isDirty && !this.isIdleTimerSet) this.setIdleTimer(this.journal.idleFlushAfter);
  }

  private flush(): void {
    const { sim, nodes } = this.world;
    this.isFlushing = true;
    this.journal.beginFlush();
    sim.post(Math.round(this.parts.timing.flush()), this.parts.events.flushed, this.id, 0, nodes.owner(this.home));
  }

  onFlushed(): void {
    this.isFlushing = false;
    for (const copy of this.journal.endFlush()) this.confirmIfWritten(copy);
    this.awaitWriteback();
    this.goOn();
  }

  /** Removals are remembered until the kernel has written them back, and no longer. */
  private awaitWriteback(): void {
    const { sim, nodes } = this.world;
    const at = this.journal.writtenBackAt;
    if (at === undefined || this.isWritebackAwaited) return;
    this.isWritebackAwaited = true;
    sim.post(at - sim.now, this.parts.events.writtenBack, this.id, 0, nodes.owner(this.home));
  }

  onWrittenBack(): void {
    this.isWritebackAwaited = false;
    this.journal.forgetRemovals();
    this.awaitWriteback();
  }

  onBodyWritten(copy: CopyId): void {
    this.host.copies.bodyWritten[copy] = 1;
    this.confirmIfWritten(copy);
  }

  /** Nothing came for so long: what is buffered is flushed, whoever waits or not. */
  onIdle(): void {
    this.isIdleTimerSet = false;
    if (!this.journal.isDirty) return;
    const left = this.mailbox.activeAt + this.journal.idleFlushAfter - this.world.sim.now;
    if (left > 0 || !this.mailbox.isIdle) {
      this.setIdleTimer(Math.max(left, 1e6));
      return;
    }
    this.mailbox.block();
    this.flush();
  }

  private setIdleTimer(after: number): void {
    this.isIdleTimerSet = true;
    this.world.sim.post(after, this.parts.events.idle, this.id, 0, this.world.nodes.owner(this.home));
  }

  // ---- publish

  protected publish(attempt: AttemptId, destination: DestinationId): void {
    const { attempts, messages, ledger, causes } = this.world;
    this.credit.took(attempt);
    const message = attempts.messageOf(attempt);
    const mustRefuse = this.rules.overflow !== 'drop-head' && this.wouldOverflow(messages.size[message]!);
    if (mustRefuse && this.rules.overflow === 'reject-publish') {
      ledger.attemptRefused(attempt, causes.of('full'));
      this.host.answer(attempt, reply.full, this.home);
      return;
    }
    const copy = this.create(attempt, message, destination, this.rules.durable && this.parts.isPersistent(destination));
    ledger.stored(copy, attempt);
    if (mustRefuse) {
      this.host.deadLetterOrDrop(this, copy, 'maxlen');
      this.host.answer(attempt, reply.full, this.home);
      return;
    }
    this.takeIn(copy, attempt);
  }

  /** @param waiting who is to hear of it */
  private takeIn(copy: CopyId, waiting: AttemptId | LetterId | typeof none): void {
    this.store(copy);
    if (waiting !== none) this.confirmNowOrLater(waiting, copy);
    // Where nothing waits it goes to whoever has room at once, though its time may be over: TTL 0 (rabbit_amqqueue_process `attempt_delivery`).
    const consumer = this.waiting === 0 ? this.turns.next() : undefined;
    this.ready.add(copy);
    if (consumer === undefined) {
      this.dispatch();
      this.dropHeads();
      return;
    }
    this.deliver(consumer, copy);
    this.turns.standInLine(consumer);
  }

  protected store(copy: CopyId): void {
    const { copies } = this.host;
    if (copies.persistent[copy] === 0) return;
    this.journal.store(copy);
    if (this.world.copies.size[copy]! < embeddedBelow) return;
    copies.isLarge[copy] = 1;
    copies.bodyWritten[copy] = 0;
    this.world.copies.hold(copy);
    this.parts.bodies.add(copy);
  }

  protected isAwaited(waiting: AttemptId | LetterId): boolean {
    return isLetter(waiting) || this.world.attempts.wantsConfirm[waiting] === 1;
  }

  protected confirmNowOrLater(attempt: AttemptId | LetterId, copy: CopyId): void {
    if (this.host.copies.persistent[copy] === 0 || !this.isAwaited(attempt)) {
      this.host.answer(attempt, reply.confirmed, this.home);
      return;
    }
    this.host.copies.unconfirmed[copy] = attempt;
    this.journal.await(copy);
  }

  protected confirmIfWritten(copy: CopyId): void {
    const { copies } = this.host;
    if (copies.unconfirmed[copy] === none || !this.journal.isFlushed(copy) || copies.bodyWritten[copy] === 0) return;
    this.confirm(copy);
  }

  protected confirm(copy: CopyId): void {
    const attempt = this.host.copies.unconfirmed[copy] as AttemptId | LetterId;
    this.host.copies.unconfirmed[copy] = none;
    this.host.answer(attempt, reply.confirmed, this.home);
  }

  protected onDeadLetter(copy: CopyId): void {
    const { copies, ledger, causes } = this.world;
    if (this.rules.overflow !== 'drop-head' && this.wouldOverflow(copies.size[copy]!)) {
      ledger.dropped(copy, causes.of('dead-letter-queue-full'));
      this.retire(copy);
      return;
    }
    this.place(copy, Infinity);
    this.takeIn(copy, none);
  }

  protected onLetter(letter: LetterId): void {
    const { letters } = this.host;
    const mustRefuse = this.rules.overflow !== 'drop-head' && this.wouldOverflow(letters.sizeOf(letter));
    if (mustRefuse && this.rules.overflow === 'reject-publish') {
      this.host.answer(letter, reply.full, this.home);
      return;
    }
    const copy = letters.open(letter);
    this.place(copy, Infinity);
    if (mustRefuse) {
      this.host.deadLetterOrDrop(this, copy, 'maxlen');
      this.host.answer(letter, reply.full, this.home);
      return;
    }
    this.takeIn(copy, letter);
  }

  // ---- settlement

  /** The newest first, each goes in front of the one before, so that no place has to be searched. */
  protected override inReturnOrder(unsettled: DeliveryId[]): DeliveryId[] {
    return unsettled.reverse();
  }

  protected putBack(copy: CopyId): void {
    this.ready.giveBack(copy, 'original');
  }

  /** What was unacknowledged comes back on top of a full queue; where the oldest is dropped, that is looked at again. */
  protected override returned(): void {
    if (this.rules.overflow === 'drop-head') this.dropHeads();
  }

  retire(copy: CopyId): void {
    // Acknowledged before it was written: confirmed all the same, and never written (rabbit_msg_store's "flying" messages).
    if (this.host.copies.unconfirmed[copy] !== none) this.confirm(copy);
    this.host.copies.close(copy);
    if (this.host.copies.stored[copy] === 0) this.world.copies.release(copy);
    else this.journal.remove(copy);
  }

  protected askToExpire(after: number): EventHandle {
    return this.world.sim.after(after, this.parts.events.headDue, this.id, 0, this.world.nodes.owner(this.home));
  }

  isIdle(): boolean {
    return this.mailbox.isIdle && !this.isFlushing && !this.journal.isAwaited && this.coming === 0;
  }

  // ---- stops and crashes

  /**
   * The node is being stopped. Its connections went first (the listeners' supervisor is the last to start), so that what they had
   * sent is taken in; then the process writes all that is to survive, with who holds what, and ends (rabbit_variable_queue `terminate`).
   */
  finish(cause: CauseId): void {
    const consumers = this.turns.removeAll();
    for (const consumer of consumers) consumer.isOpen = false;
    // Whoever came last is served by nobody.
    for (const { kind, a, b } of this.mailbox.crashed()) if (kind !== operation.subscribe) this.perform(kind, a, b);
    for (const consumer of consumers) this.returnUnsettled(consumer, cause);
    this.journal.closed();
  }

  /** A node is down. @returns publishes that nobody here answers any more */
  nodeCrashed(node: NodeId, scope: CrashScope, cause: CauseId): AttemptId[] {
    return this.isOn(node) ? this.crashed(scope, cause) : [];
  }

  /** The node is down, and the process with it. @returns publishes that nobody here answers any more */
  protected crashed(scope: CrashScope, cause: CauseId): AttemptId[] {
    const unanswered: AttemptId[] = [];
    const isKilled = this.isUp && !isInOrder(scope);
    this.isUp = false;
    this.isFlushing = false;
    this.isIdleTimerSet = false;
    this.isWritebackAwaited = false;
    for (const { kind, a } of this.mailbox.crashed()) {
      if (kind === operation.publish) {
        this.world.ledger.attemptLost(a as AttemptId, cause);
        unanswered.push(a as AttemptId);
      } else {
        this.lose(kind, a, cause);
      }
    }
    for (const consumer of this.turns.removeAll()) this.returnUnsettled(consumer, cause);
    const undone = this.journal.crashed(scope);
    for (const copy of this.ready.all()) this.keepOrLose(copy, scope, cause, unanswered);
    // Nothing on disk says which ones were delivered, so all are flagged (`next_deliver_seq_id`).
    if (isKilled) for (const copy of this.ready.all()) this.host.copies.redelivered[copy] = 1;
    for (const copy of undone) this.resurrect(copy, cause);
    return unanswered;
  }

  /** A dead process judges nothing: what was in flight is there again, if it is on disk. */
  protected returnUnsettled(consumer: Consumer, cause: CauseId): void {
    const { deliveries, ledger } = this.world;
    consumer.isOpen = false;
    for (const delivery of this.inReturnOrder(consumer.unsettled(deliveries))) {
      const copy = deliveries.copyOf(delivery);
      this.closeDelivery(delivery);
      this.inFlight--;
      this.host.copies.redelivered[copy] = 1;
      ledger.requeued(copy, cause);
      this.putBack(copy);
    }
    this.host.forget(consumer);
  }

  private keepOrLose(copy: CopyId, scope: CrashScope, cause: CauseId, unanswered: AttemptId[]): void {
    const { copies } = this.host;
    const attempt = copies.unconfirmedOf(copy);
    if (attempt !== none) {
      copies.unconfirmed[copy] = none;
      if (isLetter(attempt)) this.host.letters.lost(attempt);
      else unanswered.push(attempt);
    }
    if (scope === 'disk' ? this.disk.keeps(copy) : this.isKeptBy(copy, scope)) return;
    this.ready.remove(copy);
    this.world.ledger.dropped(copy, scope === 'disk' ? this.disk.whyLost : this.world.causes.because(this.journal.whyLost(copy), cause));
    copies.close(copy);
    this.world.copies.release(copy);
  }

  /** A crash of that scope now would leave it. */
  isKeptBy(copy: CopyId, scope: CrashScope): boolean {
    return this.rules.durable && this.host.copies.persistent[copy] === 1 && this.journal.survives(copy, scope);
  }

  /** A backup is on its disk. */
  restored(): void {}

  protected resurrect(copy: CopyId, cause: CauseId): void {
    const { ledger, copies, causes } = this.world;
    if (!['acknowledged', 'deadLettered'].includes(ledger.buckets.of(copy))) {
      copies.release(copy);
      return;
    }
    ledger.rewound(copy, causes.because(this.journal.isRemovalFlushed(copy) ? 'unsynced' : 'unflushed', cause));
    this.host.copies.removed[copy] = 0;
    this.host.copies.redelivered[copy] = 1;
    this.ready.giveBack(copy, 'original');
  }

  isOn(node: NodeId): boolean {
    return node === this.home;
  }

  keepsAt(node: NodeId): boolean {
    return this.isOn(node);
  }

  suspect(_node: NodeId, _peer: NodeId): void {}
  peerFound(_node: NodeId, _peer: NodeId): void {}

  nodeBooted(node: NodeId): void {
    if (node !== this.home) return;
    this.isUp = true;
    this.dispatch();
  }
}
