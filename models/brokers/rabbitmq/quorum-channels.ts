/**
 * The channels' side of a quorum queue (rabbit_fifo_client), node by node: what they asked for is kept until it was applied, and
 * goes out again, all of it and in order, whenever they turn to another leader.
 */
import type { NodeId } from '../../node.ts';
import type { CommandId, Commands } from './raft/commands.ts';

interface ChannelParts {
  readonly nodes: readonly NodeId[];
  /** Nodes that have a member of the group. */
  readonly members: readonly NodeId[];
  readonly commands: Commands;
  isConnected(node: NodeId, peer: NodeId): boolean;
  /** The frame holds the command. */
  send(from: NodeId, command: CommandId, leader: NodeId): void;
}

export class QuorumChannels {
  private readonly parts: ChannelParts;
  /** By node: the commands that wait, and whom they went to. */
  private readonly pending = new Map<NodeId, Set<CommandId>>();
  private readonly sentTo = new Map<NodeId, NodeId | undefined>();
  /** By member: whom it takes for the leader. */
  private readonly known = new Map<NodeId, NodeId | undefined>();

  constructor(parts: ChannelParts) {
    this.parts = parts;
    for (const member of parts.members) this.known.set(member, parts.members[0]);
  }

  /** The channels have the command, which is held, until it was applied. */
  ask(from: NodeId, command: CommandId): void {
    this.review(from);
    this.pendingAt(from).add(command);
    const leader = this.sentTo.get(from);
    if (leader !== undefined) this.send(from, command, leader);
  }

  /** Sent once, and lost where nobody takes it; the command is given away. */
  tell(from: NodeId, command: CommandId): void {
    this.review(from);
    const leader = this.sentTo.get(from);
    if (leader !== undefined) this.send(from, command, leader);
    this.parts.commands.release(command);
  }

  applied(command: CommandId): void {
    const { commands } = this.parts;
    if (this.pendingAt(commands.origin[command] as NodeId).delete(command)) commands.release(command);
  }

  /** A command that overtook another, which was lost on its way to a leader, waits for both to be sent again (enqueue sequence numbers). */
  isInOrder(command: CommandId): boolean {
    const pending = this.pendingAt(this.parts.commands.origin[command] as NodeId);
    const [first] = pending;
    return first === command || !pending.has(command);
  }

  leaderKnown(member: NodeId, leader: NodeId | undefined): void {
    if (this.known.has(member) && this.known.get(member) === leader) return;
    this.known.set(member, leader);
    this.reviewAll();
  }

  /** Who leads may have been sent commands before it did, which are lost. */
  elected(leader: NodeId): void {
    this.known.set(leader, leader);
    for (const node of this.parts.nodes) if (this.leaderFor(node) === leader) this.turnTo(node, leader);
  }

  /** Who can be reached may be another by now. */
  reviewAll(): void {
    for (const node of this.parts.nodes) this.review(node);
  }

  /** Its channels ask the others, as those of a node without a member do. */
  memberStopped(member: NodeId): void {
    this.known.delete(member);
    this.reviewAll();
  }

  /** The channels died: what they asked for goes on only as far as a log has it. */
  crashed(node: NodeId): void {
    if (this.parts.members.includes(node)) this.known.set(node, undefined);
    this.sentTo.delete(node);
    const pending = this.pendingAt(node);
    this.pending.delete(node);
    for (const command of pending) this.parts.commands.release(command);
  }

  get isIdle(): boolean {
    return [...this.pending.values()].every(({ size }) => size === 0);
  }

  private review(node: NodeId): void {
    const leader = this.leaderFor(node);
    if (leader !== this.sentTo.get(node)) this.turnTo(node, leader);
  }

  private turnTo(node: NodeId, leader: NodeId | undefined): void {
    this.sentTo.set(node, leader);
    if (leader !== undefined) this.pendingAt(node).forEach((command) => this.send(node, command, leader));
  }

  private send(from: NodeId, command: CommandId, leader: NodeId): void {
    this.parts.commands.hold(command);
    this.parts.send(from, command, leader);
  }

  /** A node without a member asks those that have one. */
  private leaderFor(node: NodeId): NodeId | undefined {
    const { members, isConnected } = this.parts;
    if (this.known.has(node)) return this.known.get(node);
    return members.map((member) => this.known.get(member)).find((leader) => leader !== undefined && isConnected(node, leader));
  }

  private pendingAt(node: NodeId): Set<CommandId> {
    let pending = this.pending.get(node);
    if (pending === undefined) this.pending.set(node, (pending = new Set()));
    return pending;
  }
}
