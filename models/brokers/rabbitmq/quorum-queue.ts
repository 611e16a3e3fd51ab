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
import type { EventType } from '../../../sim/simulation.ts';
import type { CauseId } from '../../causes.ts';
import { type AttemptId, type ConnectionId, type CopyId, type DeliveryId, none, type QueueId } from '../../message.ts';
import type { CrashScope, NodeId } from '../../node.ts';
import { type DestinationId, overhead, reply } from '../../protocol.ts';
import { ReadyQueue } from '../../ready-queue.ts';
import { operation, type Operation } from './mailbox.ts';
import { type QueueHost, RabbitQueue } from './queue.ts';
import { QuorumChannels } from './quorum-channels.ts';
import { QuorumIntake } from './quorum-intake.ts';
import type { QuorumParts } from './quorum-parts.ts';
import { QuorumRefusals } from './quorum-refusals.ts';
import { QuorumReplies } from './quorum-replies.ts';
import { type CommandId, Commands } from './raft/commands.ts';
import type { StateMachine } from './raft/member.ts';
import { groupOfMember } from './raft/addresses.ts';
import { RaftGroup } from './raft/raft-group.ts';
import type { QueueRules } from './routing/queue-rules.ts';

/** `UNLIMITED_PREFETCH_COUNT` of rabbit_fifo_client: what no limit comes to. */
const unlimitedPrefetch = 2000;

export class QuorumQueue extends RabbitQueue implements StateMachine {
  readonly group: RaftGroup;
  private readonly parts: QuorumParts;
  private readonly commands: Commands;
  /** What killed a node last: the cause of what is lost with it. */
  private lastCrash: CauseId;
  /** What came back: served before everything else, in the order in which it did. */
  private readonly returns: ReadyQueue;
  private readonly isReturned = new Set<CopyId>();
  private readonly channels: QuorumChannels;
  private readonly replies: QuorumReplies;
  private readonly intake: QuorumIntake;
  readonly refusals: QuorumRefusals;
  /** High priorities served in a row, for the two levels of 4.0 to 4.2. */
  private servedHigh = 0;

  constructor(host: QueueHost, id: QueueId, name: string, rules: QueueRules, parts: QuorumParts) {
    super(host, id, name, rules, parts.version.quorumPriorities);
    const { sim, nodes, copies, causes } = host.world;
    const { peers, raft, walOf } = parts;
    this.parts = parts;
    this.returns = new ReadyQueue(copies, 1);
    this.refusals = new QuorumRefusals(this, peers, parts.events.refusalTold);
    this.intake = new QuorumIntake(host.world, id, parts.nodes, parts.events.batchTaken, parts.drawOperation);
    this.lastCrash = causes.of('crash');
    this.commands = new Commands((command) => this.lost(command, this.lastCrash));
    this.channels = new QuorumChannels({
      nodes: host.nodes, members: parts.nodes, commands: this.commands, isConnected: (node, peer) => peers.isConnected(node, peer),
      send: (from, command, to) => this.send(from, command, to),
    });
    this.replies = new QuorumReplies(host, id, peers, parts.events.appliedTold);
    this.group = new RaftGroup({
      id, name: `${nodes.name(parts.nodes[0]!)}/${name}`, nodes: parts.nodes, commands: this.commands, machine: this, peers, events: raft, sim,
      ownerOf: (node) => nodes.owner(node), walOf,
    });
  }

  get leader(): NodeId | undefined {
    return this.group.leaderNode;
  }

  override get mostHeld(): number {
    return unlimitedPrefetch;
  }

  // ---- commands

  /** A channel on that node, or the queue itself, wants something done. */
  ask(from: NodeId, kind: Operation, a: number, b: number): void {
    if (kind === operation.publish && this.refusals.isRefusedAt(from)) {
      this.world.ledger.attemptRefused(a as AttemptId, this.world.causes.of('full'));
      this.host.answer(a as AttemptId, reply.full, from);
      return;
    }
    this.channels.ask(from, this.commands.create(kind, a, b, from));
  }

  private send(from: NodeId, command: CommandId, leader: NodeId): void {
    const member = this.group.memberAt(leader);
    if (from === leader) this.onCommandArrived(command, member);
    else this.parts.peers.send(from, leader, overhead.settlement, this.parts.events.commandArrived, command, member);
  }

  onCommandArrived(command: CommandId, member: number): void {
    this.intake.add(command, this.group.nodeOf(member));
  }

  /** What a node that does not lead is told is lost; its channel has it still, and asks whoever leads. */
  onBatchTaken(at: NodeId): void {
    const batch = this.intake.take(at);
    this.group.append(at, batch);
    for (const command of batch) this.commands.release(command);
  }

  isInOrder(command: CommandId): boolean {
    return this.channels.isInOrder(command);
  }

  apply(command: CommandId): void {
    const { commands } = this;
    const [kind, a, b] = [commands.kind[command]!, commands.a[command]!, commands.b[command]!];
    this.channels.applied(command);
    this.perform(kind as Operation, a, b);
    this.refusals.look(this.leaderNow, this.host.nodes);
  }

  /** Nobody has that command any more. */
  private lost(command: CommandId, cause: CauseId): void {
    const [kind, a] = [this.commands.kind[command]!, this.commands.a[command]!];
    if (kind === operation.publish) {
      this.world.ledger.attemptLost(a as AttemptId, cause);
      this.host.abandon(a as AttemptId);
    } else if (kind === operation.down) {
      this.host.consumerGone(this, a, this.commands.origin[command] as NodeId);
    } else {
      this.lose(kind, a, cause);
    }
  }

  // ---- publish

  protected publish(attempt: AttemptId, destination: DestinationId): void {
    const { attempts, ledger } = this.world;
    const copy = this.create(attempt, attempts.messageOf(attempt), destination, true);
    ledger.stored(copy, attempt);
    this.confirm(attempt);
    this.makeReady(copy);
  }

  protected confirm(attempt: AttemptId): void {
    this.replies.confirm(attempt, this.leaderNow);
  }

  onAppliedTold(attempt: AttemptId): void {
    this.host.answer(attempt, reply.confirmed, this.host.serverOf(this.world.attempts.connection[attempt] as ConnectionId));
  }

  protected onDeadLetter(copy: CopyId): void {
    this.place(copy, Infinity);
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

  protected override closeDelivery(delivery: DeliveryId): void {
    this.replies.deliveryClosed(delivery);
    super.closeDelivery(delivery);
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

  retire(copy: CopyId): void {
    this.host.copies.close(copy);
    this.world.copies.release(copy);
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

  onLeader(node: NodeId): void {
    this.channels.elected(node);
    this.replies.tellAgain(node);
    for (const other of this.host.nodes) this.refusals.tell(node, other);
    this.host.onLeaderOf(this, node);
    this.dispatch();
  }

  onLeaderKnown(node: NodeId, leader: NodeId | undefined): void {
    this.channels.leaderKnown(node, leader);
  }

  isOn(): boolean {
    return false;
  }

  suspect(node: NodeId, peer: NodeId, why: 'closed' | 'silent'): void {
    this.group.suspect(node, peer, why);
    this.channels.reviewAll();
  }

  peerFound(node: NodeId, peer: NodeId): void {
    this.group.found(node, peer);
    this.channels.reviewAll();
    if (node !== this.leader) return;
    this.replies.tellAgain(node);
    this.refusals.tell(node, peer);
  }

  /** A frame will not arrive. True when it was one of this queue. */
  hasLost(type: EventType, a: number, b: number, from: NodeId): boolean {
    const { commandArrived, appliedTold } = this.parts.events;
    if (type === (commandArrived as number) && groupOfMember(b) === this.id) {
      this.commands.release(a as CommandId);
      return true;
    }
    if (type !== (appliedTold as number) || b !== this.id) return false;
    this.replies.confirmMissed(a as AttemptId);
    this.tellAgainUnless(from);
    return true;
  }

  /** True when somebody will tell the consumer again. */
  missesDelivery(delivery: DeliveryId, from: NodeId): boolean {
    if (this.world.deliveries.open[delivery] === 0) return false;
    this.replies.deliveryMissed(delivery);
    this.tellAgainUnless(from);
    return true;
  }

  /** A leader who could not say it has to wait until it can. */
  private tellAgainUnless(from: NodeId): void {
    const { leader } = this;
    if (leader !== undefined && leader !== from) this.replies.tellAgain(leader);
  }

  nodeBooted(node: NodeId): void {
    this.group.restarted(node);
  }

  private get leaderNow(): NodeId {
    return this.leader ?? this.parts.nodes[0]!;
  }

  isIdle(): boolean {
    return this.group.isIdle && this.intake.isIdle && this.coming === 0 && this.channels.isIdle;
  }

  // ---- crashes

  /** A node died: what its channels had asked for goes on only as far as a log has it. */
  crashed(node: NodeId, scope: CrashScope, cause: CauseId): void {
    this.lastCrash = cause;
    for (const command of this.intake.crashed(node)) this.commands.release(command);
    this.group.crashed(node, scope);
    this.refusals.crashed(node);
    this.channels.crashed(node);
    this.replies.crashed(node);
  }
}
