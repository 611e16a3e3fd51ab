/** What a replicated log is made of: its events and waits, what it drives, and its members. */
import type { EventType, OwnerId, Simulation } from '../../../../sim/simulation.ts';
import type { Nanos } from '../../../../sim/units.ts';
import { type CrashScope, isOfHost, type NodeId } from '../../../node.ts';
import type { Peers } from '../../../peers.ts';
import { PageCache } from '../page-cache.ts';
import type { CommandId, Commands } from './commands.ts';
import type { Log } from './log.ts';
import type { Wal, WalWriter } from './wal.ts';

/** Events that all groups of a broker share; the first operand says whose, between whom, and in which term. */
export interface RaftEvents {
  readonly appendArrived: EventType<number, number>;
  readonly appendedArrived: EventType<number, number>;
  readonly voteAsked: EventType<number, number>;
  readonly voteGiven: EventType<number, number>;
  readonly electionDue: EventType<number, number>;
  readonly leadershipOffered: EventType<number, number>;
}

export interface RaftTiming {
  /** After a link was closed, and after the failure detector spoke: the least wait before an election, and what is drawn on top. */
  readonly afterClosure: { readonly least: Nanos; readonly spread: Nanos };
  readonly afterSilence: { readonly least: Nanos; readonly spread: Nanos };
  /** How often the failure detector looks (`raft.adaptive_failure_detector.poll_interval`). */
  readonly detectorPoll: Nanos;
  /** A candidate that hears nothing asks again. */
  readonly voteTimeout: Nanos;
}

/** ra_server_proc: broadcast time 100 ms, election multiplier 5, poll interval 1 s. */
export const raftTiming: RaftTiming = {
  afterClosure: { least: 100e6, spread: 500e6 },
  afterSilence: { least: 100e6, spread: 1000e6 },
  detectorPoll: 1000e6,
  voteTimeout: 1000e6,
};

export interface StateMachine {
  /** False for a command that came before another of its client's: that one is sent again, and this one with it. */
  isInOrder(command: CommandId): boolean;
  /** A committed command, in the order of the log, and its place there. */
  apply(command: CommandId, index: number): void;
  /** What was committed after that place is gone, so many entries, which only a log that nobody syncs can lose. */
  rolledBack?(index: number, entries: number): void;
  /** Somebody leads, and has committed a command of its own term. */
  onLeader(node: NodeId): void;
  /** A node learns who leads; undefined while it knows of nobody. */
  onLeaderKnown(node: NodeId, leader: NodeId | undefined): void;
}

/** What a group is made of. */
export interface RaftParts {
  readonly id: number;
  readonly name: string;
  readonly nodes: readonly NodeId[];
  readonly commands: Commands;
  readonly machine: StateMachine;
  readonly peers: Peers;
  readonly events: RaftEvents;
  readonly sim: Simulation;
  readonly ownerOf: (node: NodeId) => OwnerId;
  readonly walOf: (node: NodeId) => Wal;
}

export const follower = 0;
export const candidate = 1;
export const leader = 2;

/** One node's part of a group: its log, its term, and what it knows of the others. */
export class Member implements WalWriter {
  private readonly synchronised: (member: Member) => void;
  /** Where nothing is synced: what of the log is on disk all the same. */
  private readonly pages: PageCache | undefined;
  readonly index: number;
  readonly node: NodeId;
  readonly log: Log;
  readonly wal: Wal;
  role = follower;
  term = 0;
  votedIn = 0;
  /** Member that leads, as far as this one knows; -1 for nobody. */
  leads = -1;
  synced = 0;
  isUp = true;
  /** It came back with an empty disk: it has no vote until it has all that is committed. */
  isNew = false;
  votes = 0;
  isPreVoting = false;
  /** Counts the election timers, so that an older one does nothing. */
  timer = 0;
  /** What the leader knows of the others: sent, and synced there; -1 while it has to ask. */
  readonly sent: number[] = [];
  readonly matched: number[] = [];

  constructor(synchronised: (member: Member) => void, index: number, node: NodeId, log: Log, wal: Wal) {
    this.synchronised = synchronised;
    this.index = index;
    this.node = node;
    this.log = log;
    this.wal = wal;
    this.pages = wal.isSynced ? undefined : new PageCache();
  }

  /** Up to which index the log would survive a loss of power. */
  durable(now: Nanos): number {
    return this.pages === undefined ? this.synced : Math.min(this.synced, this.pages.durable(now));
  }

  /** Its node is gone: a process that died or was stopped keeps what was written, a host what is on disk. */
  crashed(scope: CrashScope, now: Nanos): void {
    const kept = isOfHost(scope) ? this.durable(now) : Math.max(this.synced, this.wal.writtenOf(this));
    this.isUp = false;
    this.role = follower;
    this.timer++;
    this.leads = -1;
    const end = Math.min(kept, this.log.last);
    if (end > this.synced) this.pages?.written(end, now);
    this.cut(end);
    this.synced = end;
  }

  /** The log ends there now. */
  cut(index: number): void {
    this.wal.truncate(this, index);
    this.log.truncateAfter(index);
    this.synced = Math.min(this.synced, index);
    this.pages?.cut(index);
  }

  /** A snapshot up to there takes the place of the log. */
  replaced(index: number, term: number): void {
    this.wal.truncate(this, 0);
    this.log.reset(index, term);
    this.synced = index;
    this.pages?.replaced(index);
  }

  /** Its disk is another one, with nothing on it. */
  wiped(): void {
    this.replaced(0, 0);
    this.isNew = true;
    this.term = 0;
    this.votedIn = 0;
  }

  /** Another member has nothing any more of what it had. */
  forget(other: Member): void {
    this.sent[other.index] = -1;
    this.matched[other.index] = 0;
  }

  /** It has all that is committed, and a vote from now on; in this term it wants nobody else. */
  admit(): void {
    this.isNew = false;
    this.votedIn = this.term;
  }

  onSynced(index: number, now: Nanos): void {
    // A snapshot may have come meanwhile, which counts for more.
    this.synced = Math.max(this.synced, Math.min(index, this.log.last));
    this.pages?.written(this.synced, now);
    this.synchronised(this);
  }
}

/** What a leader knows a member to have synced. */
export function syncedAt(leads: Member, member: Member): number {
  return member === leads ? leads.synced : leads.matched[member.index]!;
}

/** The last index that more than half of the members have synced, as far as a leader knows. Counted in place: it is asked for with every answer. */
export function majorityOf(leads: Member, members: readonly Member[]): number {
  let most = 0;
  for (const member of members) {
    const index = syncedAt(leads, member);
    if (index <= most) continue;
    let having = 0;
    for (const other of members) if (syncedAt(leads, other) >= index) having++;
    if (having > members.length >> 1) most = index;
  }
  return most;
}
