/**
 * Who leads a replicated log: members that miss their leader wait for a random time, ask for votes before they ask for them in earnest
 * (pre-vote), and are elected by a majority to whom they do not lack anything (ra_server at ra 2.x to 3.1).
 */
import type { RandomStream } from '../../../../sim/random.ts';
import type { OwnerId, Simulation } from '../../../../sim/simulation.ts';
import type { Nanos } from '../../../../sim/units.ts';
import type { NodeId } from '../../../node.ts';
import type { Peers } from '../../../peers.ts';
import { frameBytes, membersMax, termsTold } from './addresses.ts';
import type { Commands } from './commands.ts';
import { Log } from './log.ts';
import { candidate, follower, leader, Member, type RaftEvents, type RaftParts, raftTiming, type StateMachine } from './member.ts';

export abstract class Elections {
  readonly id: number;
  protected readonly members: Member[];
  protected readonly byNode = new Map<NodeId, Member>();
  protected readonly commands: Commands;
  protected readonly machine: StateMachine;
  protected readonly peers: Peers;
  protected readonly events: RaftEvents;
  protected readonly sim: Simulation;
  private readonly ownerOf: (node: NodeId) => OwnerId;
  private readonly draws: RandomStream;
  /** The leader that has committed a command of its own term. */
  protected ready = -1;

  constructor({ id, name, nodes, commands, machine, peers, events, sim, ownerOf, walOf }: RaftParts) {
    this.id = id;
    this.commands = commands;
    this.machine = machine;
    this.peers = peers;
    this.events = events;
    this.sim = sim;
    this.ownerOf = ownerOf;
    this.draws = sim.stream(`${name}/elections`);
    this.members = nodes.map((node, index) => new Member((each) => this.onMemberSynced(each), index, node, new Log(commands), walOf(node)));
    for (const member of this.members) this.byNode.set(member.node, member);
    this.startWith(this.members[0]!);
  }

  protected abstract onMemberSynced(member: Member): void;
  /** It has the votes of a majority. */
  protected abstract beginToLead(member: Member): void;
  /** A leader asks another member what it has. */
  protected abstract probe(from: Member, to: Member): void;

  /** A member's number, among those of all groups, and its node. */
  memberAt(node: NodeId): number {
    return this.id * membersMax + this.byNode.get(node)!.index;
  }

  nodeOf(member: number): NodeId {
    return this.members[member % membersMax]!.node;
  }

  private startWith(first: Member): void {
    for (const member of this.members) {
      member.term = 1;
      member.leads = first.index;
    }
    first.role = leader;
    for (const member of this.members) {
      first.sent[member.index] = 0;
      first.matched[member.index] = 0;
    }
    this.ready = first.index;
  }

  /** A member has reason to think that its leader is gone. */
  suspect(node: NodeId, suspected: NodeId, why: 'closed' | 'silent'): void {
    const member = this.byNode.get(node);
    if (member === undefined || !member.isUp || member.role === leader) return;
    if (member.leads >= 0 && this.members[member.leads]!.node !== suspected) return;
    this.know(member, -1);
    this.awaitElection(member, why === 'closed' ? raftTiming.afterClosure : raftTiming.afterSilence);
  }

  protected awaitElection(member: Member, { least, spread }: { readonly least: Nanos; readonly spread: Nanos }): void {
    const wait = least + Math.floor(this.draws.double() * spread);
    this.sim.post(wait, this.events.electionDue, this.memberAt(member.node), ++member.timer, this.ownerOf(member.node));
  }

  onElectionDue(who: number, timer: number): void {
    const member = this.members[who % membersMax]!;
    if (timer !== member.timer || !member.isUp || member.isNew || member.role === leader || member.leads >= 0) return;
    this.sim.trace.reached('raft.election');
    member.role = candidate;
    member.isPreVoting = true;
    member.votes = 1;
    this.askForVotes(member);
    this.awaitElection(member, { least: raftTiming.voteTimeout, spread: raftTiming.afterSilence.spread });
    this.countVotes(member);
  }

  /** Its leader asks it to stand. It asks for votes at once; ra (ra_server `transfer_leadership`) has it ask for pre-votes first, which is a round more. */
  onLeadershipOffered(address: number): void {
    const { to, term } = this.read(address);
    if (!to.isUp || to.isNew || to.role !== follower || term !== to.term % termsTold) return;
    this.sim.trace.reached('raft.transferred');
    to.role = candidate;
    this.stand(to);
    this.awaitElection(to, { least: raftTiming.voteTimeout, spread: raftTiming.afterSilence.spread });
    this.countVotes(to);
  }

  private stand(member: Member): void {
    member.isPreVoting = false;
    member.term++;
    member.votedIn = member.term;
    member.votes = 1;
    this.askForVotes(member);
  }

  private askForVotes(member: Member): void {
    for (const other of this.members) {
      if (other !== member) this.peers.send(member.node, other.node, frameBytes, this.events.voteAsked, this.address(member, other), member.isPreVoting ? 1 : 0);
    }
  }

  onVoteAsked(address: number, isPreVote: number): void {
    const { from, to } = this.read(address);
    if (!to.isUp || from.role !== candidate || (from.isPreVoting ? 1 : 0) !== isPreVote) return;
    const asksFor = from.isPreVoting ? from.term + 1 : from.term;
    const isUpToDate = !to.isNew && this.isUpToDate(from.log, to.log);
    if (isPreVote === 1) {
      // Whoever still hears from a leader wants no other; a leader says that it is there.
      if (to.role === leader) this.probe(to, from);
      else if (isUpToDate && asksFor > to.term && (to.leads < 0 || to.leads === from.index)) this.giveVote(to, from, isPreVote);
      return;
    }
    if (asksFor > to.term) this.stepDown(to, asksFor);
    if (asksFor < to.term || to.votedIn >= asksFor || !isUpToDate) return;
    to.votedIn = asksFor;
    this.giveVote(to, from, isPreVote);
  }

  /** Who lacks what the other has is not elected by it. */
  protected isUpToDate(one: Log, other: Log): boolean {
    return one.lastTerm > other.lastTerm || (one.lastTerm === other.lastTerm && one.last >= other.last);
  }

  private giveVote(from: Member, to: Member, isPreVote: number): void {
    this.peers.send(from.node, to.node, frameBytes, this.events.voteGiven, this.address(to, from), isPreVote);
  }

  /** `address` is that of the candidate and whoever gave the vote, in the candidate's term. */
  onVoteGiven(address: number, isPreVote: number): void {
    const { from: member, term } = this.read(address);
    if (member.role !== candidate || term !== member.term % termsTold || (member.isPreVoting ? 1 : 0) !== isPreVote) return;
    member.votes++;
    this.countVotes(member);
  }

  private countVotes(member: Member): void {
    if (member.votes <= this.members.length >> 1) return;
    if (member.isPreVoting) {
      this.stand(member);
      this.countVotes(member);
      return;
    }
    this.beginToLead(member);
  }

  protected follow(member: Member, from: Member): void {
    if (member.term < from.term || member.role !== follower) this.stepDown(member, from.term);
    if (member.leads !== from.index) this.know(member, from.index);
    member.timer++;
  }

  protected stepDown(member: Member, term: number): void {
    if (member.role === leader && this.ready === member.index) this.ready = -1;
    member.role = follower;
    member.term = term;
    member.isPreVoting = false;
    member.timer++;
    this.know(member, -1);
    this.awaitElection(member, raftTiming.afterSilence);
  }

  protected know(member: Member, leads: number): void {
    member.leads = leads;
    this.machine.onLeaderKnown(member.node, leads < 0 ? undefined : this.members[leads]!.node);
  }

  protected address(from: Member, to: Member): number {
    const term = (from.role === follower ? to.term : from.term) % termsTold;
    return ((this.id * membersMax + from.index) * membersMax + to.index) * termsTold + term;
  }

  protected read(address: number): { from: Member; to: Member; term: number } {
    const pair = Math.floor(address / termsTold);
    return { from: this.members[Math.floor(pair / membersMax) % membersMax]!, to: this.members[pair % membersMax]!, term: address % termsTold };
  }
}
