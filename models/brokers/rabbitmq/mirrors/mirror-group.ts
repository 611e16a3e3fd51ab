/** The mirrors of one queue: who is a member, what each has been told, and whose confirms are missing. */
import type { EventType } from '../../../../sim/simulation.ts';
import type { Sampler } from '../../../../sim/distribution.ts';
import type { CopyId, QueueId } from '../../../message.ts';
import type { NodeId } from '../../../node.ts';
import type { Peers } from '../../../peers.ts';
import { overhead } from '../../../protocol.ts';
import type { ClassicParts } from '../classic-parts.ts';
import type { QueueHost } from '../queue.ts';
import type { MirrorRules } from '../routing/queue-rules.ts';
import { Mirror } from './mirror.ts';

/** Addresses are a queue and the place of a node: up to 99 nodes. */
const placesPerQueue = 128;
export const queueAt = (address: number): QueueId => Math.floor(address / placesPerQueue) as QueueId;

export interface MirrorEvents {
  readonly stored: EventType<CopyId, number>;
  readonly flushed: EventType<number, number>;
  readonly confirmed: EventType<CopyId, number>;
  readonly syncArrived: EventType<number, number>;
  readonly syncTaken: EventType<number, number>;
  readonly syncTold: EventType<number, number>;
}

export interface MirrorParts {
  readonly mirrors: MirrorRules;
  readonly events: MirrorEvents;
  readonly peers: Peers;
  readonly drawFlush: (node: NodeId) => number;
  readonly drawOperation: Sampler;
  partsAt(node: NodeId): ClassicParts;
}

/** What the leader's side of the group is asked. */
export interface MirroredLeader {
  readonly id: QueueId;
  readonly home: NodeId;
  /** The leader and all mirrors have it that were waited for. */
  confirmedByAll(copy: CopyId): void;
}

export class MirrorGroup {
  /** Copies in the queue, ready or not. */
  readonly all = new Set<CopyId>();
  private readonly mirrors = new Map<NodeId, Mirror>();
  /** By copy: mirrors that have not confirmed it; and those that the leader has. */
  private readonly awaited = new Map<CopyId, Set<Mirror>>();
  private readonly doneHere = new Set<CopyId>();
  /** Those that channels sent to the mirrors themselves, too, and not through the leader alone. */
  private readonly sentToAll = new Set<CopyId>();
  private joined = 0;
  private readonly host: QueueHost;
  private readonly leader: MirroredLeader;
  private readonly parts: MirrorParts;

  constructor(host: QueueHost, leader: MirroredLeader, parts: MirrorParts) {
    this.host = host;
    this.leader = leader;
    this.parts = parts;
    const { nodes } = parts.mirrors;
    for (const node of nodes === undefined ? host.nodes : nodes.map((place) => host.nodes[place]!)) this.mirrors.set(node, new Mirror(node));
  }

  /** Those that are the longest in the group come first. */
  members(): Mirror[] {
    return [...this.mirrors.values()].filter(({ isIn }) => isIn).sort((a, b) => a.rank - b.rank);
  }

  on(node: NodeId): Mirror | undefined {
    return this.mirrors.get(node);
  }

  at(address: number): Mirror {
    return this.mirrors.get(this.host.nodes[address % placesPerQueue]!)!;
  }

  addressOf(mirror: Mirror): number {
    return this.leader.id * placesPerQueue + this.host.nodes.indexOf(mirror.node);
  }

  /** Nodes that may have a mirror get one, as long as members are missing; those that follow the leader come first. */
  fill(isReachable: (node: NodeId) => boolean): void {
    const { nodes } = this.host;
    const first = nodes.indexOf(this.leader.home);
    for (let step = 1; step < nodes.length; step++) {
      const node = nodes[(first + step) % nodes.length]!;
      const mirror = this.mirrors.get(node);
      if (mirror === undefined || mirror.isIn || this.members().length + 1 >= this.parts.mirrors.size || !isReachable(node)) continue;
      mirror.join(this.joined++, this.all);
      if (!mirror.isSynchronised) this.host.world.sim.trace.reached('mirror.unsynchronised');
    }
  }

  /** A mirror is not there any more: nobody waits for it. */
  left(mirror: Mirror): void {
    for (const copy of mirror.leave()) this.host.world.copies.release(copy);
    for (const copy of this.awaited.keys()) this.confirmedBy(copy, mirror);
  }

  // ---- storing and confirming

  /** The leader took it in. @param wasSentToAll by a channel on another node, which does not die with the leader */
  store(copy: CopyId, wasSentToAll: boolean): void {
    const { copies } = this.host.world;
    const members = this.members();
    this.all.add(copy);
    if (wasSentToAll && members.length > 0) this.sentToAll.add(copy);
    if (members.length > 0) this.awaited.set(copy, new Set(members));
    for (const mirror of members) {
      copies.hold(copy);
      this.parts.peers.send(this.leader.home, mirror.node, copies.size[copy]! + overhead.publish, this.parts.events.stored, copy, this.addressOf(mirror));
    }
  }

  isAwaited(copy: CopyId): boolean {
    return this.awaited.has(copy);
  }

  /** The leader would confirm it, and mirrors would not. */
  doneAtLeader(copy: CopyId): void {
    this.doneHere.add(copy);
  }

  /** It reached a mirror. */
  onStored(copy: CopyId, address: number): void {
    const mirror = this.at(address);
    if (!mirror.isIn) {
      this.host.world.copies.release(copy);
      return;
    }
    if (this.all.has(copy)) mirror.add(copy);
    if (this.host.copies.persistent[copy] === 0) {
      this.tellConfirmed(copy, mirror);
      return;
    }
    mirror.unflushed.push(copy);
    if (mirror.covered === 0) this.flush(mirror);
  }

  private flush(mirror: Mirror): void {
    const { sim, nodes } = this.host.world;
    mirror.covered = mirror.unflushed.length;
    sim.post(Math.round(this.parts.drawFlush(mirror.node)), this.parts.events.flushed, this.addressOf(mirror), mirror.rank, nodes.owner(mirror.node));
  }

  onFlushed(address: number, rank: number): void {
    const mirror = this.at(address);
    // It left meanwhile, and may have joined again.
    if (!mirror.isIn || mirror.rank !== rank) return;
    const done = mirror.unflushed.splice(0, mirror.covered);
    mirror.covered = 0;
    for (const copy of done) this.tellConfirmed(copy, mirror);
    if (mirror.unflushed.length > 0) this.flush(mirror);
  }

  private tellConfirmed(copy: CopyId, mirror: Mirror): void {
    this.parts.peers.send(mirror.node, this.leader.home, overhead.reply, this.parts.events.confirmed, copy, this.addressOf(mirror));
  }

  onConfirmed(copy: CopyId, address: number): void {
    this.confirmedBy(copy, this.at(address));
    this.host.world.copies.release(copy);
  }

  private confirmedBy(copy: CopyId, mirror: Mirror): void {
    const waiting = this.awaited.get(copy);
    if (waiting === undefined || !waiting.delete(mirror) || waiting.size > 0) return;
    this.awaited.delete(copy);
    if (this.doneHere.delete(copy)) this.leader.confirmedByAll(copy);
  }

  /** The queue is done with it. True when its confirm waited for mirrors alone. */
  forget(copy: CopyId): boolean {
    this.all.delete(copy);
    this.sentToAll.delete(copy);
    this.awaited.delete(copy);
    for (const mirror of this.mirrors.values()) mirror.forget(copy);
    return this.doneHere.delete(copy);
  }

  /** Nothing is there but what the leader's disk has. */
  beginAnew(copies: Iterable<CopyId>): void {
    this.all.clear();
    this.sentToAll.clear();
    this.awaited.clear();
    this.doneHere.clear();
    for (const copy of copies) this.all.add(copy);
  }

  /** A frame will not arrive. A mirror that neither the leader nor the channel could tell lacks it; one that could not tell is not waited for. */
  lost(copy: CopyId, address: number, isConfirm: boolean): void {
    const mirror = this.at(address);
    if (!isConfirm && this.sentToAll.has(copy)) {
      this.host.world.sim.trace.reached('mirror.toldByChannel');
      this.onStored(copy, address);
      return;
    }
    if (!isConfirm && mirror.isIn && this.all.has(copy)) mirror.lacks.add(copy);
    this.onConfirmed(copy, address);
  }

  get isIdle(): boolean {
    return this.awaited.size === 0 && [...this.mirrors.values()].every(({ unflushed }) => unflushed.length === 0);
  }
}
