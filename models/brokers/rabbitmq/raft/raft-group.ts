/**
 * A replicated log after Raft, as RabbitMQ's ra runs it (ra 2.x to 3.1: ra_server, ra_log): the leader appends and sends at
 * once, counts itself only after its own sync, commits what a majority has synced, and applies.
 *
 * No heartbeats: a leader that dies is noticed by its closed links, one that is silent by the failure detector (aten), which
 * looks once a second. Then a follower waits for a random time, asks for votes before it asks for them in earnest (pre-vote), and
 * commits a command of its own term before anything else. Members that were away are given what they lack, or a snapshot.
 *
 * What was committed and applied is one state for the whole group, since every leader that is elected has it; a leader that has
 * not is a defect of this file, and is said so. Where logs are written and not synced (streams), a loss of power can take what
 * was committed: then the machine is told to go back.
 *
 * Left out: changes of membership, the time that snapshots take to be written and sent.
 */
import { assert } from '../../../../sim/assert.ts';
import type { CrashScope, NodeId } from '../../../node.ts';
import { entryBytes, frameBytes, termsTold } from './addresses.ts';
import type { CommandId } from './commands.ts';
import { Elections } from './elections.ts';
import { type Holders, holdersOf } from './holders.ts';
import { agreement } from './log.ts';
import { leader, majorityOf, type Member, raftTiming, syncedAt } from './member.ts';

/** A command without a meaning: what a new leader commits first. */
export const noop = 255;
/** A member that lacks more than this is given a snapshot. */
const keptMax = 16_384;

export class RaftGroup extends Elections {
  private applied = 0;
  /** Term of the leader that committed last. */
  private appliedIn = 0;

  /** The leader that answers; undefined while there is none that has committed something of its own. */
  get leaderNode(): NodeId | undefined {
    return this.ready < 0 ? undefined : this.members[this.ready]!.node;
  }

  /** Of the leader, or of the one that committed last. */
  get term(): number {
    return this.members[this.ready]?.term ?? this.appliedIn;
  }

  /** Up to which place no log keeps anything any more. */
  get forgotten(): number {
    return Math.min(...this.members.map(({ log }) => log.base));
  }

  /** Up to which place everything was committed; up to which a majority has it on disk. */
  get committed(): number {
    return this.applied;
  }
  get durable(): number {
    return this.members.map((member) => member.durable(this.sim.now)).sort((one, other) => other - one)[this.members.length >> 1]!;
  }

  readonly holders = (index: number): Holders => holdersOf(this.members, this.members[this.ready], index, this.sim.now);

  /** All members are down and get new disks, on which one state stands for all that was committed: no log has anything any more. */
  beginAnew(): void {
    for (const member of this.members) {
      member.replaced(this.applied, this.appliedIn);
      member.term = Math.max(member.term, this.appliedIn);
      member.isNew = false;
    }
  }

  /** Nothing is on its way to being committed. */
  get isIdle(): boolean {
    const at = this.members[this.ready];
    return at !== undefined && at.log.last === this.applied;
  }

  /** Appends to a node's log if it leads, or thinks it does. False when it does not. */
  append(node: NodeId, batch: readonly CommandId[]): boolean {
    const member = this.byNode.get(node);
    if (member === undefined || member.role !== leader) return false;
    for (const command of batch) {
      this.commands.term[command] = member.term;
      member.log.push(command, member.term);
    }
    member.wal.append(member, member.log.last);
    for (const other of this.members) if (other !== member) this.replicate(member, other);
    return true;
  }

  // ---- replication

  private replicate(from: Member, to: Member): void {
    if (from.sent[to.index]! < 0 || !this.peers.isConnected(from.node, to.node)) return;
    const bytes = frameBytes + (from.log.last - from.sent[to.index]!) * entryBytes;
    from.sent[to.index] = from.log.last;
    this.peers.send(from.node, to.node, bytes, this.events.appendArrived, this.address(from, to), from.log.last);
  }

  /** The leader's log, up to an index, reached a member. */
  onAppendArrived(address: number, last: number): void {
    const { from, to, term } = this.read(address);
    if (!to.isUp || from.role !== leader || term !== from.term % termsTold || last > from.log.last) return;
    if (from.term < to.term) {
      // A leader of another time learns so, and leads no more.
      this.tellSynced(to, from);
      return;
    }
    this.follow(to, from);
    const agreed = agreement(from.log, to.log);
    if (agreed < from.log.base) {
      this.installSnapshot(from, to);
    } else if (last > agreed) {
      if (to.log.last > agreed) this.truncate(to, agreed);
      for (let index = agreed + 1; index <= last; index++) to.log.push(from.log.at(index), from.log.termAt(index));
      to.wal.append(to, last);
      return;
    }
    // It has all of that already: nothing has to be written.
    if (to.synced >= Math.min(last, to.log.last)) this.tellSynced(to, from);
  }

  private installSnapshot(from: Member, to: Member): void {
    this.sim.trace.reached('raft.snapshot');
    to.replaced(from.log.base, from.log.termAt(from.log.base));
    from.sent[to.index] = to.log.last;
    this.tellSynced(to, from);
  }

  /** What a leader of another time gave it, which was never committed. */
  private truncate(member: Member, index: number): void {
    this.sim.trace.reached('raft.truncated');
    member.cut(index);
  }

  protected onMemberSynced(member: Member): void {
    if (member.role === leader) {
      this.commit(member);
    } else if (member.leads >= 0) {
      this.tellSynced(member, this.members[member.leads]!);
    }
  }

  private tellSynced(from: Member, to: Member): void {
    this.peers.send(from.node, to.node, frameBytes, this.events.appendedArrived, this.address(from, to), from.synced);
  }

  onAppendedArrived(address: number, synced: number): void {
    const { from, to, term } = this.read(address);
    if (to.role === leader && from.term > to.term) this.stepDown(to, from.term);
    if (to.role !== leader || term !== to.term % termsTold || from.term !== to.term) return;
    const asked = to.sent[from.index]! < 0;
    to.matched[from.index] = Math.max(to.matched[from.index]!, Math.min(synced, agreement(to.log, from.log)));
    if (from.isNew && to.matched[from.index]! >= this.applied) from.admit();
    if (asked) to.sent[from.index] = agreement(to.log, from.log);
    if (to.sent[from.index]! < to.log.last) this.replicate(to, from);
    this.commit(to);
  }

  /** What a majority has synced is committed, if it is of this leader's term, and all before with it. */
  protected commit(at: Member): void {
    const reached = majorityOf(at, this.members);
    if (reached <= this.applied || at.log.termAt(reached) !== at.term) return;
    const isNew = this.ready !== at.index;
    this.ready = at.index;
    this.appliedIn = at.term;
    while (this.applied < reached) this.apply(at.log.at(++this.applied), this.applied);
    if (isNew) this.machine.onLeader(at.node);
    this.forget(at);
  }

  private apply(command: CommandId, index: number): void {
    if (this.commands.kind[command] === noop) {
      this.commands.applied[command] = 1;
      return;
    }
    // Sent twice, over an election: the second one changes nothing.
    if (this.commands.applied[command] === 1 || !this.machine.isInOrder(command)) return;
    this.commands.applied[command] = 1;
    this.machine.apply(command, index);
  }

  /** What every member has, or what is so long ago that a snapshot stands for it, is not kept. */
  private forget(at: Member): void {
    let kept = this.applied;
    for (const member of this.members) kept = Math.min(kept, syncedAt(at, member));
    kept = Math.max(kept, at.log.base, this.applied - keptMax);
    // What a member has not on disk it may lose, and is given again.
    for (const member of this.members) member.log.forgetUpTo(Math.min(kept, member.durable(this.sim.now)));
  }

  // ---- leaders and nodes that come and go

  protected beginToLead(member: Member): void {
    this.sim.trace.reached('raft.elected');
    // Votes may come so late that others lead in later terms: then it leads nobody, and learns so.
    if (member.term > this.appliedIn) {
      if (member.log.last < this.applied) this.rollBack(member.log.last);
      this.ready = -1;
    }
    member.role = leader;
    member.timer++;
    this.know(member, member.index);
    for (const other of this.members) {
      member.sent[other.index] = other === member ? member.log.last : -1;
      member.matched[other.index] = 0;
    }
    const command = this.commands.create(noop, 0, 0, member.node);
    member.log.push(command, member.term);
    this.commands.release(command);
    member.wal.append(member, member.log.last);
    for (const other of this.members) if (other !== member) this.probe(member, other);
  }

  /** A log that nobody syncs can lose what was committed: all that had it lost their power. */
  private rollBack(index: number): void {
    assert(this.machine.rolledBack !== undefined, 'a leader was elected that lacks what was committed');
    this.sim.trace.reached('raft.rolledBack');
    const gone = this.applied - index;
    this.applied = index;
    this.machine.rolledBack(index, gone);
  }

  /** A new leader does not know what the others have: it asks with an empty append. */
  protected probe(from: Member, to: Member): void {
    from.sent[to.index] = -1;
    if (this.peers.isConnected(from.node, to.node)) this.peers.send(from.node, to.node, frameBytes, this.events.appendArrived, this.address(from, to), from.log.base);
  }

  crashed(node: NodeId, scope: CrashScope): void {
    const member = this.byNode.get(node);
    if (member === undefined) return;
    if (this.ready === member.index) this.ready = -1;
    member.crashed(scope, this.sim.now);
  }

  /** A node that is down lost its disk. True when nothing is left of the group. */
  wiped(node: NodeId): boolean {
    const member = this.byNode.get(node);
    if (member === undefined) return false;
    this.sim.trace.reached('raft.wiped');
    member.wiped();
    for (const other of this.members) other.forget(member);
    return this.members.every(({ isNew }) => isNew);
  }

  /** The leader hands over to the member that has the most of what it has. False when nobody leads, or nobody else is there. */
  transfer(): boolean {
    const from = this.members[this.ready];
    if (from === undefined || !from.isUp) return false;
    const others = this.members.filter((other) => other !== from && other.isUp && !other.isNew && this.peers.isConnected(from.node, other.node));
    if (others.length === 0) return false;
    const to = others.reduce((best, other) => (from.matched[other.index]! > from.matched[best.index]! ? other : best));
    this.peers.send(from.node, to.node, frameBytes, this.events.leadershipOffered, this.address(from, to), 0);
    return true;
  }

  restarted(node: NodeId): void {
    const member = this.byNode.get(node);
    if (member === undefined) return;
    member.isUp = true;
    this.know(member, -1);
    this.awaitElection(member, raftTiming.afterSilence);
    for (const other of this.members) if (other.role === leader && this.peers.isConnected(other.node, node)) this.probe(other, member);
  }

  /** Two nodes can talk again: whoever leads tells the other. */
  found(node: NodeId, peer: NodeId): void {
    const [member, other] = [this.byNode.get(node), this.byNode.get(peer)];
    if (member?.role === leader && other !== undefined) this.probe(member, other);
  }
}
