/**
 * Quorum queues: a state machine (rabbit_fifo) over a replicated log (`raft/`). A publish, a settlement, a new consumer and a lost
 * one are commands; each takes effect when it is committed, and then for good. Channels keep their commands until they were
 * applied and send them again to a new leader.
 *
 * Functions stand in the order of a message's life. Sources: rabbit_fifo and rabbit_fifo_client at 3.10.8, 3.13.7, 4.0.9, 4.2.9
 * and 4.3.5; recordings of 3.10.8. Left out: single active consumer by priority, delayed retry, the time that reading a message
 * from disk takes.
 */
import type { EventHandle } from '../../../sim/event-list.ts';
import type { Bytes } from '../../../sim/units.ts';
import type { CauseId } from '../../causes.ts';
import { type AttemptId, type ConnectionId, type CopyId, type DeliveryId, none, type QueueId } from '../../message.ts';
import type { CrashScope, NodeId } from '../../node.ts';
import { type DestinationId, reply } from '../../protocol.ts';
import { ReadyQueue } from '../../ready-queue.ts';
import { QuorumDisk, type QuorumLine } from './backups/quorum-disk.ts';
import type { DeathReason } from './copies.ts';
import type { LetterId } from './letter.ts';
import { operation, type Operation } from './mailbox.ts';
import { QuorumDeadLetters } from './quorum-dead-letters.ts';
import type { QueueHost } from './queue.ts';
import type { QuorumParts } from './quorum-parts.ts';
import { QuorumRefusals } from './quorum-refusals.ts';
import type { CommandId } from './raft/commands.ts';
import { ReplicatedQueue } from './replicated-queue.ts';
import type { QueueRules } from './routing/queue-rules.ts';
import { SoftLimit } from './soft-limit.ts';

/** `UNLIMITED_PREFETCH_COUNT` of rabbit_fifo_client: what no limit comes to. */
const unlimitedPrefetch = 2000;

export class QuorumQueue extends ReplicatedQueue {
  readonly disk: QuorumDisk;
  private readonly parts: QuorumParts;
  /** What came back: served before everything else, in the order in which it did. */
  private readonly returns: ReadyQueue;
  private readonly isReturned = new Set<CopyId>();
  readonly refusals: QuorumRefusals;
  private readonly softLimit: SoftLimit;
  /** Undefined where dead letters go at most once. */
  readonly deadLetters: QuorumDeadLetters | undefined;
  /** High priorities served in a row, for the two levels of 4.0 to 4.2. */
  private servedHigh = 0;

  constructor(host: QueueHost, id: QueueId, name: string, rules: QueueRules, parts: QuorumParts) {
    super(host, id, name, rules, parts.version.quorumPriorities, parts);
    this.parts = parts;
    this.disk = new QuorumDisk(host, this);
    this.returns = new ReadyQueue(host.world.copies, 1);
    this.softLimit = new SoftLimit(id, host.pressure.flow, parts.softLimit, (connection) => host.serverOf(connection));
    this.refusals = new QuorumRefusals(this, parts.peers, parts.events.refusalTold);
    this.deadLetters = rules.deadLetterStrategy === 'at-least-once' ? new QuorumDeadLetters(host, this, parts.deadLetters, parts.nodes[0]!) : undefined;
    if (this.deadLetters !== undefined) this.orders.takeDiscards = () => this.deadLetters!.takeAll();
  }

  override get mostHeld(): number {
    return unlimitedPrefetch;
  }

  // ---- commands

  override ask(from: NodeId, kind: Operation, a: number, b: number): void {
    if (kind === operation.publish && this.refusals.isRefusedAt(from)) {
      this.world.ledger.attemptRefused(a as AttemptId, this.world.causes.of('full'));
      this.host.answer(a as AttemptId, reply.full, from);
      return;
    }
    if (kind === operation.letter && this.refusals.isRefusedAt(from)) {
      this.host.answer(a as LetterId, reply.full, from);
      return;
    }
    if (kind === operation.publish) this.softLimit.published(this.world.attempts.connection[a] as ConnectionId);
    else if (kind === operation.settle) this.softLimit.asked(this.world.deliveries.connection[a] as ConnectionId);
    super.ask(from, kind, a, b);
  }

  /** Whose channel asked for that; undefined where nobody's does, or that of an earlier life of a connection. */
  private channelOf(kind: number, a: number): ConnectionId | undefined {
    const { flow } = this.host.pressure;
    if (kind === operation.publish) return flow.publisherOf(a as AttemptId);
    return kind === operation.settle ? flow.settlerOf(a as DeliveryId) : undefined;
  }

  override apply(command: CommandId, index: number): void {
    const connection = this.channelOf(this.commands.kind[command]!, this.commands.a[command]!);
    super.apply(command, index);
    if (connection !== undefined) this.softLimit.applied(connection);
    this.deadLetters?.serve();
    this.refusals.look(this.leaderNow, this.host.nodes);
  }

  protected override perform(kind: Operation, a: number, b: number): void {
    if (kind === operation.checkOutDiscards) this.deadLetters!.onCheckedOut(a);
    else if (kind === operation.settleDiscard) this.deadLetters!.onSettled(a as CopyId);
    else super.perform(kind, a, b);
  }

  // ---- publish

  protected publish(attempt: AttemptId, destination: DestinationId): void {
    const { attempts, ledger } = this.world;
    const copy = this.create(attempt, attempts.messageOf(attempt), destination, true);
    this.world.copies.storedInLog[copy] = this.index;
    ledger.stored(copy, attempt);
    this.confirm(attempt);
    this.makeReady(copy);
  }

  protected onDeadLetter(copy: CopyId): void {
    this.place(copy, Infinity);
    this.makeReady(copy);
  }

  protected onLetter(letter: LetterId): void {
    const copy = this.host.letters.open(letter);
    this.place(copy, Infinity);
    this.host.answer(letter, reply.confirmed, this.leaderNow);
    this.makeReady(copy);
  }

  private makeReady(copy: CopyId): void {
    const { quorumPriorities } = this.parts.version;
    // Two levels: above 4 is high. 32: as they are.
    if (quorumPriorities === 2) this.world.copies.priority[copy] = this.world.copies.priority[copy]! > 4 ? 1 : 0;
    this.ready.add(copy);
    this.dispatch();
    if (this.rules.overflow === 'drop-head') this.dropHeads();
  }

  // ---- delivery

  override get waiting(): number {
    return this.ready.size + this.returns.size;
  }

  override get waitingBytes(): number {
    return this.ready.bytes + this.returns.bytes;
  }

  override get held(): number {
    return super.held + (this.deadLetters?.discards.size ?? 0);
  }

  override isIdle(): boolean {
    return super.isIdle() && (this.deadLetters?.discards.size ?? 0) === 0;
  }

  /** What waits to be dead-lettered counts towards the limit. */
  get counted(): number {
    return this.waiting + (this.deadLetters?.discards.size ?? 0);
  }

  get countedBytes(): Bytes {
    return this.waitingBytes + (this.deadLetters?.discards.bytes ?? 0);
  }

  protected override *fronts(): Iterable<CopyId | typeof none> {
    if (this.returns.size > 0) yield this.returns.first();
    else yield* this.ready.heads() as Iterable<number> as Iterable<CopyId | typeof none>;
  }

  /** Two levels: an older high one always goes first, and otherwise two high ones to one normal. */
  protected override nextCopy(): CopyId {
    if (this.returns.size > 0) return this.returns.first() as CopyId;
    if (this.parts.version.quorumPriorities !== 2) return super.nextCopy();
    const [normal, high] = this.ready.heads() as unknown as [number, number];
    if (high === none || normal === none) return super.nextCopy();
    const { position } = this.world.copies;
    const isHigh = position[high]! < position[normal]! || this.servedHigh < 2;
    this.servedHigh = isHigh ? this.servedHigh + 1 : 0;
    return (isHigh ? high : normal) as CopyId;
  }

  protected override takeOut(copy: CopyId): void {
    if (this.isReturned.delete(copy)) this.returns.remove(copy);
    else super.takeOut(copy);
  }

  // ---- settlement

  protected override cameTooOften(copy: CopyId, isLost: boolean): boolean {
    return (isLost || this.parts.version.countsNacks) && ++this.host.copies.returns[copy]! > this.rules.deliveryLimit;
  }

  /** Behind what came back before it, and before everything else; up to 4.2 without a limit, what is given back goes to the tail. */
  protected putBack(copy: CopyId, isLost: boolean): void {
    if (!isLost && this.rules.deliveryLimit === Infinity && this.parts.version.appendsRequeued) {
      this.ready.giveBack(copy, 'tail');
      return;
    }
    this.isReturned.add(copy);
    this.returns.giveBack(copy, 'tail');
  }

  override keepsDeadLetter(copy: CopyId, reason: DeathReason): boolean {
    if (this.deadLetters === undefined) return false;
    this.deadLetters.discards.add(copy, reason);
    return true;
  }

  protected askToExpire(after: number): EventHandle {
    return this.world.sim.after(after, this.parts.events.headDue, this.id, 0, this.world.nodes.owner(this.leaderNow));
  }

  /** The leader's timer: expiry is a command, too. */
  onHeadDue(): void {
    const { leader } = this;
    if (leader !== undefined) this.ask(leader, operation.expire, 0, 0);
  }

  // ---- leaders

  override onLeader(node: NodeId): void {
    super.onLeader(node);
    for (const other of this.host.nodes) this.refusals.tell(node, other);
    this.deadLetters?.onLeader(node);
    this.dispatch();
  }

  override peerFound(node: NodeId, peer: NodeId): void {
    super.peerFound(node, peer);
    if (node === this.leader) this.refusals.tell(node, peer);
    this.deadLetters?.tellAgain();
  }

  // ---- backups

  /** In the order in which it is served. */
  get cameBack(): CopyId[] {
    return this.returns.all();
  }

  /** All its members are gone, and nobody judges: what consumers held is in line again. Consumers of nodes that are none of them are cancelled. */
  returnAll(cause: CauseId): void {
    const { deliveries, ledger } = this.world;
    for (const consumer of this.turns.removeAll()) {
      consumer.isOpen = false;
      for (const delivery of consumer.unsettled(deliveries)) {
        const copy = deliveries.copyOf(delivery);
        this.closeDelivery(delivery);
        this.inFlight--;
        ledger.requeued(copy, cause);
        this.putBack(copy, true);
      }
      this.host.cancel(consumer, cause);
      this.host.forget(consumer);
    }
  }

  /** Dead letters that stay until they arrived, and why they died. */
  get discarded(): ReadonlyMap<CopyId, DeathReason> {
    return this.deadLetters?.discards.all ?? new Map();
  }

  /** Nothing is in its lines but these. */
  lineUp({ cameBack, ready, discarded }: QuorumLine): void {
    for (const copy of [...this.returns.all(), ...this.ready.all()]) this.takeOut(copy);
    this.deadLetters?.discards.drain();
    for (const copy of cameBack) this.putBack(copy, true);
    for (const copy of ready) this.ready.add(copy);
    for (const [copy, reason] of discarded) this.deadLetters!.discards.add(copy, reason);
  }

  override stopMember(node: NodeId): void {
    super.stopMember(node);
    this.deadLetters?.crashed(node);
  }

  override crashed(node: NodeId, scope: CrashScope, cause: CauseId): void {
    super.crashed(node, scope, cause);
    this.refusals.crashed(node);
    this.deadLetters?.crashed(node);
  }
}
