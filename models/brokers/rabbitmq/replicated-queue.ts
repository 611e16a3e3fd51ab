/**
 * What queues over a replicated log (`raft/`) have in common: what is asked of them is a command, which takes effect when it is
 * committed, and then for good. Channels keep their commands until they were applied and send them again to a new leader.
 */
import type { EventType } from '../../../sim/simulation.ts';
import type { Bytes } from '../../../sim/units.ts';
import type { CauseId } from '../../causes.ts';
import type { AttemptId, ConnectionId, CopyId, DeliveryId, QueueId } from '../../message.ts';
import type { CrashScope, NodeId } from '../../node.ts';
import { overhead, reply } from '../../protocol.ts';
import { bytesOf } from './frames.ts';
import { operation, type Operation } from './mailbox.ts';
import { type QueueHost, RabbitQueue } from './queue.ts';
import { QuorumChannels } from './quorum-channels.ts';
import { QuorumIntake } from './quorum-intake.ts';
import type { ReplicatedParts } from './quorum-parts.ts';
import { QuorumReplies } from './quorum-replies.ts';
import { type CommandId, Commands } from './raft/commands.ts';
import type { StateMachine } from './raft/member.ts';
import { groupOfMember } from './raft/addresses.ts';
import type { Holders } from './raft/holders.ts';
import { RaftGroup } from './raft/raft-group.ts';
import type { QueueRules } from './routing/queue-rules.ts';

export abstract class ReplicatedQueue extends RabbitQueue implements StateMachine {
  readonly group: RaftGroup;
  protected readonly commands: Commands;
  protected readonly channels: QuorumChannels;
  protected readonly replies: QuorumReplies;
  private readonly replicated: ReplicatedParts;
  private readonly intake: QuorumIntake;
  /** What killed a node last: the cause of what is lost with it. */
  protected lastCrash: CauseId;
  /** Place of the command that is being applied. */
  protected index = 0;
  /** Bytes of all commands that were applied so far. */
  logged: Bytes = 0;

  constructor(host: QueueHost, id: QueueId, name: string, rules: QueueRules, levels: number, parts: ReplicatedParts) {
    super(host, id, name, rules, levels);
    const { sim, nodes, causes } = host.world;
    const { peers, raft, walOf } = parts;
    this.replicated = parts;
    this.intake = new QuorumIntake(host.world, id, parts.nodes, parts.events.batchTaken, parts.drawOperation);
    this.lastCrash = causes.of('crash');
    this.commands = new Commands((command) => this.lost(command, this.lastCrash));
    this.channels = new QuorumChannels({
      nodes: host.nodes, members: parts.nodes, commands: this.commands, isConnected: (node, peer) => peers.isConnected(node, peer),
      send: (from, command, to) => this.send(from, command, to),
    });
    this.replies = new QuorumReplies(host, id, peers, parts.events.appliedTold);
    this.group = this.createGroup({
      id, name: `${nodes.name(parts.nodes[0]!)}/${name}`, nodes: parts.nodes, commands: this.commands, machine: this, peers, events: raft, sim,
      ownerOf: (node) => nodes.owner(node), walOf,
    });
  }

  protected createGroup(parts: ConstructorParameters<typeof RaftGroup>[0]): RaftGroup {
    return new RaftGroup(parts);
  }

  get leader(): NodeId | undefined {
    return this.group.leaderNode;
  }

  /** Who leads, or led. */
  protected get leaderNow(): NodeId {
    return this.leader ?? this.replicated.nodes[0]!;
  }

  // ---- commands

  /** A channel on that node, or the queue itself, wants something done. */
  ask(from: NodeId, kind: Operation, a: number, b: number): void {
    this.channels.ask(from, this.commands.create(kind, a, b, from));
  }

  private send(from: NodeId, command: CommandId, leader: NodeId): void {
    const member = this.group.memberAt(leader);
    if (from === leader) this.onCommandArrived(command, member);
    else this.replicated.peers.send(from, leader, overhead.settlement, this.replicated.events.commandArrived, command, member);
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

  apply(command: CommandId, index: number): void {
    this.index = index;
    const { commands } = this;
    const [kind, a, b] = [commands.kind[command]!, commands.a[command]!, commands.b[command]!];
    this.channels.applied(command);
    this.logged += bytesOf(this.world, kind, a, b);
    this.perform(kind as Operation, a, b);
  }

  /** Nobody has that command any more. */
  protected lost(command: CommandId, cause: CauseId): void {
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

  // ---- confirms and deliveries

  protected confirm(attempt: AttemptId): void {
    this.replies.confirm(attempt, this.leaderNow);
  }

  onAppliedTold(attempt: AttemptId): void {
    this.host.answer(attempt, reply.confirmed, this.host.serverOf(this.world.attempts.connection[attempt] as ConnectionId));
  }

  override closeDelivery(delivery: DeliveryId): void {
    this.replies.deliveryClosed(delivery);
    super.closeDelivery(delivery);
  }

  holdersOf(copy: CopyId): Holders {
    return this.group.holders(this.world.copies.storedInLog[copy]!);
  }

  retire(copy: CopyId): void {
    this.host.copies.close(copy);
    this.world.copies.release(copy);
  }

  // ---- leaders

  onLeader(node: NodeId): void {
    this.channels.elected(node);
    this.replies.tellAgain(node);
    this.host.onLeaderOf(this, node);
  }

  onLeaderKnown(node: NodeId, leader: NodeId | undefined): void {
    this.channels.leaderKnown(node, leader);
  }

  isOn(): boolean {
    return false;
  }

  keepsAt(node: NodeId): boolean {
    return this.replicated.nodes.includes(node);
  }

  suspect(node: NodeId, peer: NodeId, why: 'closed' | 'silent'): void {
    this.group.suspect(node, peer, why);
    this.channels.reviewAll();
  }

  peerFound(node: NodeId, peer: NodeId): void {
    this.group.found(node, peer);
    this.channels.reviewAll();
    if (node === this.leader) this.replies.tellAgain(node);
  }

  /** A frame will not arrive. True when it was one of this queue. */
  override hasLost(type: EventType, a: number, b: number, from: NodeId): boolean {
    const { commandArrived, appliedTold } = this.replicated.events;
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

  isIdle(): boolean {
    return this.group.isIdle && this.intake.isIdle && this.coming === 0 && this.channels.isIdle;
  }

  // ---- crashes

  /** Its member there is stopped, and the node goes on: its channels turn to the others. */
  stopMember(node: NodeId): void {
    for (const command of this.intake.crashed(node)) this.commands.release(command);
    this.group.crashed(node, 'stop');
    this.channels.memberStopped(node);
  }

  /** A node of which the disk is lost, too; what no member has any more is gone. */
  override wiped(node: NodeId): void {
    if (this.group.wiped(node)) this.disk.lost();
  }

  /** A node died: what its channels had asked for goes on only as far as a log has it. */
  crashed(node: NodeId, scope: CrashScope, cause: CauseId): void {
    this.lastCrash = cause;
    for (const command of this.intake.crashed(node)) this.commands.release(command);
    this.group.crashed(node, scope);
    this.channels.crashed(node);
    this.replies.crashed(node);
  }
}
