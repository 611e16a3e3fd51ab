/**
 * Links between the nodes of one cluster, as Erlang distribution has them: one for each pair, open from the beginning.
 *
 * A process that dies closes its links. A dead host, a cut way or a process that stands still is noticed by the net tick:
 * each node says something every quarter of it, by a clock of its own; a node that heard nothing at four checks in a row drops
 * the link, 0.75 to 1.25 times the tick after silence began (OTP, dist_util). Each side notices for itself and tells the other
 * if it can. What was on its way is lost then; a link that opens again begins anew.
 *
 * Left out: the time that opening takes beside a round trip, fragments of large messages, a sender's busy limit.
 */
import { type EventHandle, noEvent } from '../sim/event-list.ts';
import type { EventType, Simulation } from '../sim/simulation.ts';
import type { Bytes, Nanos } from '../sim/units.ts';
import { frameBytes } from './connection.ts';
import { noticedAt } from './heartbeats.ts';
import { Link } from './link.ts';
import { type CrashScope, isOfHost, type NodeId, type Nodes, type NodeWatcher } from './node.ts';
import type { LinkKeeper, Scope } from './paths.ts';
import type { World } from './world.ts';

export interface PeerSettings {
  /** What its events are named after. */
  readonly name: string;
  /** Net tick: how long a silent peer is borne, give or take a quarter. */
  readonly tick: Nanos;
  /** How often the node that comes first in the cluster tries to open a link again: each second unless told. */
  readonly reconnect?: Nanos;
}

export interface PeerWatcher {
  /** `node` is about to take `peer` for gone. A node that stops here takes its links with it, and is told nothing more. */
  losing?(node: NodeId, peer: NodeId): void;
  /** `node` takes `peer` for gone. A process that dies is not told; its links are closed before its resident hears of the crash. */
  peerLost(node: NodeId, peer: NodeId): void;
  /** Nothing comes from `peer` from now on, though the link is open: other detectors than the net tick may want to know. */
  silenceBegan(node: NodeId, peer: NodeId): void;
  /** The link is open again. Told to both. */
  peerFound(node: NodeId, peer: NodeId): void;
  /** A frame that will not arrive: nobody is there, or its link was dropped. */
  dropped(type: EventType, a: number, b: number, from: NodeId, to: NodeId): void;
}

/** A link as one of its two nodes has it. */
class PeerEnd {
  readonly id: number;
  readonly node: NodeId;
  readonly peer: NodeId;
  readonly inbound: Link;
  /** The peer's end of the same link. */
  other!: PeerEnd;
  isOpen = true;
  openedAt: Nanos = 0;
  closedAt: Nanos = 0;
  silence: EventHandle = noEvent;
  /** Opens the link again; only the end of the node that comes first has one. */
  opening: EventHandle = noEvent;

  constructor(id: number, node: NodeId, peer: NodeId, inbound: Link) {
    this.id = id;
    this.node = node;
    this.peer = peer;
    this.inbound = inbound;
  }
}

const checksPerTick = 4;

export class Peers implements NodeWatcher, LinkKeeper {
  /** By the places of node and peer in the cluster; nothing between a node and itself. */
  private readonly ends: PeerEnd[] = [];
  /** One end of each link: that of the node that comes first. */
  private readonly links: PeerEnd[] = [];
  /** Where each node stands in the cluster. */
  private readonly places: number[] = [];
  /** When in a quarter of a tick each node says something. */
  private readonly phases: Nanos[] = [];
  private readonly size: number;
  private readonly checkEvery: Nanos;
  private readonly closureArrived: EventType;
  private readonly silenceNoticed: EventType;
  private readonly linkOpens: EventType;
  private readonly nodeResumes: EventType;
  private readonly reconnect: Nanos;
  private readonly sim: Simulation;
  private readonly nodes: Nodes;
  private readonly watcher: PeerWatcher;

  constructor({ sim, nodes, network }: Pick<World, 'sim' | 'nodes' | 'network'>, cluster: readonly NodeId[], { name, tick, reconnect = 1e9 }: PeerSettings, watcher: PeerWatcher) {
    this.sim = sim;
    this.nodes = nodes;
    this.watcher = watcher;
    this.size = cluster.length;
    this.checkEvery = Math.round(tick / checksPerTick);
    this.reconnect = reconnect;
    this.closureArrived = this.declare(`${name}.peerClosureArrived`, (end) => this.lose(this.ends[end]!, false));
    this.silenceNoticed = this.declare(`${name}.peerSilenceNoticed`, (end) => this.onSilenceNoticed(this.ends[end]!));
    this.linkOpens = this.declare(`${name}.peerLinkOpens`, (end) => this.onLinkOpens(this.ends[end]!));
    this.nodeResumes = this.declare(`${name}.peerResumes`, (node) => this.updateAll(node as NodeId));
    cluster.forEach((node, place) => {
      this.places[node] = place;
      this.phases[node] = Math.floor(sim.stream(`${nodes.name(node)}/netTick`).double() * this.checkEvery);
    });
    cluster.forEach((first, place) => {
      for (const second of cluster.slice(place + 1)) this.createLink(first, second, (from, to) => new Link(sim, network.paths.between(from, to)));
    });
    nodes.watchedBy(this);
    network.paths.watchedBy(this);
  }

  /**
   * From one node of the cluster to another: an event there, in order with the others of this direction. To itself: an
   * event at this instant. The watcher is told, at once or later, if it will not arrive.
   */
  send<A extends number, B extends number>(from: NodeId, to: NodeId, bytes: Bytes, type: EventType<A, B>, a: A, b: B): void {
    if (from === to) {
      this.sim.post(0, type, a, b, this.nodes.owner(to));
      return;
    }
    const end = this.endOf(to, from);
    if (end.isOpen && end.other.isOpen) end.inbound.send(bytes, type as unknown as EventType, a, b);
    else this.watcher.dropped(type as unknown as EventType, a, b, from, to);
  }

  /** As `node` has it: its peer may see that otherwise for a while. */
  isConnected(node: NodeId, peer: NodeId): boolean {
    return node === peer || this.endOf(node, peer).isOpen;
  }

  /** Packets pass now, both ways, whatever became of the link. */
  isWayOpen(node: NodeId, peer: NodeId): boolean {
    const end = this.endOf(node, peer);
    return !end.inbound.isCut && !end.other.inbound.isCut;
  }

  /** A node leaves a peer of its own accord; the link is tried again as any. */
  disconnect(node: NodeId, peer: NodeId): void {
    this.lose(this.endOf(node, peer), true);
  }

  /** Something comes from there now. */
  hears(node: NodeId, peer: NodeId): boolean {
    const end = this.endOf(node, peer);
    return end.isOpen && !this.isSilent(end);
  }

  disturbed(scope: Scope): number {
    let concerned = 0;
    for (const link of this.links) {
      if (!concerns(scope, link)) continue;
      concerned++;
      for (const end of [link, link.other]) end.inbound.disturbed(this.nodes.pausedUntil(end.node));
      this.update(link);
    }
    return concerned;
  }

  /** As `disconnect`; whoever had not noticed is told. */
  broken(scope: Scope): number {
    const open = this.links.filter((link) => concerns(scope, link) && (link.isOpen || link.other.isOpen));
    for (const link of open) {
      this.lose(link, false);
      this.lose(link.other, false);
    }
    return open.length;
  }

  mended(scope: Scope): void {
    for (const link of this.links) {
      for (const end of [link, link.other]) if (scope.covers(end.inbound.path) && !end.inbound.isCut) end.inbound.mended();
      if (concerns(scope, link)) this.tellClosures(link);
    }
  }

  crashed(node: NodeId, scope: CrashScope): void {
    for (const end of this.endsOf(node)) {
      if (end.isOpen) this.close(end, !isOfHost(scope));
      else this.update(end);
    }
  }

  restarted(node: NodeId): void {
    for (const end of this.endsOf(node)) this.tellClosures(end);
  }

  paused(node: NodeId, until: Nanos): void {
    for (const end of this.endsOf(node)) end.inbound.receiverPaused(until);
    this.updateAll(node);
    this.sim.after(until - this.sim.now, this.nodeResumes, node, 0);
  }

  private onSilenceNoticed(end: PeerEnd): void {
    if (!this.isSilent(end)) return;
    this.sim.trace.reached('peers.silenceNoticed');
    this.lose(end, true);
  }

  private onLinkOpens(first: PeerEnd): void {
    const second = first.other;
    // It may not have noticed yet that the link before was dropped; and who hears of it may stop.
    this.lose(second, false);
    if (!this.canOpen(first)) return;
    for (const end of [first, second]) {
      end.isOpen = true;
      end.openedAt = this.sim.now;
      end.inbound.begin(this.nodes.pausedUntil(end.node));
    }
    this.update(first);
    this.watcher.peerFound(first.node, second.node);
    this.watcher.peerFound(second.node, first.node);
  }

  private lose(end: PeerEnd, tellPeer: boolean): void {
    if (!end.isOpen) return;
    this.watcher.losing?.(end.node, end.peer);
    if (!end.isOpen) return;
    this.sim.trace.reached('peers.lost');
    this.close(end, tellPeer);
    this.watcher.peerLost(end.node, end.peer);
  }

  /** Closes one end: what was on its way there is lost, and what it had not got out. The peer is told if it can be. */
  private close(end: PeerEnd, tellPeer: boolean): void {
    const { other, inbound } = end;
    const outbound = other.inbound;
    end.isOpen = false;
    end.closedAt = this.sim.now;
    const unsent = outbound.held.splice(0);
    const unheard = inbound.held.splice(0);
    this.sim.cancelOwned(inbound.owner, (type, a, b) => this.drop(type, a, b, end.peer, end.node));
    for (const { type, a, b } of unheard) this.drop(type, a, b, end.peer, end.node);
    for (const { type, a, b } of unsent) this.drop(type, a, b, end.node, end.peer);
    if (other.isOpen && tellPeer && !outbound.isCut) outbound.send(frameBytes, this.closureArrived, other.id, 0);
    this.update(end);
  }

  private drop(type: EventType, a: number, b: number, from: NodeId, to: NodeId): void {
    if (type !== this.closureArrived) this.watcher.dropped(type, a, b, from, to);
  }

  /** A node whose peer closed the link is told so, now that it can be. */
  private tellClosures(link: PeerEnd): void {
    for (const end of [link, link.other]) {
      const { inbound, other } = end;
      if (end.isOpen && !other.isOpen && !inbound.isCut && !this.nodes.isHostDown(other.node)) inbound.send(frameBytes, this.closureArrived, end.id, 0);
    }
    this.update(link);
  }

  private updateAll(node: NodeId): void {
    for (const end of this.endsOf(node)) this.update(end);
  }

  /** Arms or disarms the timers of a link: those that notice silence, and the one that opens it again. */
  private update(end: PeerEnd): void {
    end.silence = this.silenceTimer(end);
    end.other.silence = this.silenceTimer(end.other);
    const first = this.places[end.node]! < this.places[end.peer]! ? end : end.other;
    first.opening = this.openingTimer(first);
  }

  private silenceTimer(end: PeerEnd): EventHandle {
    const { sim } = this;
    if (!end.isOpen || !this.isSilent(end)) {
      sim.cancel(end.silence);
      return noEvent;
    }
    const isOfStallBefore = end.inbound.takeEndedStall();
    if (sim.isPending(end.silence) && !isOfStallBefore) return end.silence;
    sim.cancel(end.silence);
    this.watcher.silenceBegan(end.node, end.peer);
    const every = this.checkEvery;
    const age = sim.now - end.openedAt;
    const byteAt = ((this.phases[end.peer]! - (end.openedAt % every) + every) % every) + end.inbound.path.latency;
    const due = noticedAt(age, { every, misses: checksPerTick, byteEvery: every, byteAt });
    // Who stands still notices nothing before it goes on.
    return sim.after(Math.max(due - age, this.nodes.pausedUntil(end.node) - sim.now), this.silenceNoticed, end.id, 0, this.nodes.owner(end.node));
  }

  private openingTimer(first: PeerEnd): EventHandle {
    const { sim } = this;
    if (!this.canOpen(first)) {
      sim.cancel(first.opening);
      return noEvent;
    }
    if (sim.isPending(first.opening)) return first.opening;
    const toTry = this.reconnect - ((sim.now - first.closedAt) % this.reconnect);
    const roundTrip = first.inbound.drawLatency() + first.other.inbound.drawLatency();
    return sim.after(toTry + roundTrip, this.linkOpens, first.id, 0, this.nodes.owner(first.node));
  }

  private canOpen(first: PeerEnd): boolean {
    if (first.isOpen) return false;
    return [first, first.other].every((end) => this.nodes.isUp(end.node) && this.nodes.pausedUntil(end.node) <= this.sim.now && end.inbound.path.cuts === 0);
  }

  /** Nothing comes from the peer now. */
  private isSilent({ inbound, other, peer }: PeerEnd): boolean {
    return inbound.isCut || inbound.isStalled || !other.isOpen || this.nodes.pausedUntil(peer) > this.sim.now;
  }

  private endsOf(node: NodeId): PeerEnd[] {
    return this.links.flatMap((link) => [link, link.other]).filter((end) => end.node === node);
  }

  private endOf(node: NodeId, peer: NodeId): PeerEnd {
    return this.ends[this.places[node]! * this.size + this.places[peer]!]!;
  }

  private createLink(first: NodeId, second: NodeId, linkBetween: (from: NodeId, to: NodeId) => Link): void {
    const one = this.createEnd(first, second, linkBetween(second, first));
    const other = this.createEnd(second, first, linkBetween(first, second));
    one.other = other;
    other.other = one;
    this.links.push(one);
  }

  private createEnd(node: NodeId, peer: NodeId, inbound: Link): PeerEnd {
    const id = this.places[node]! * this.size + this.places[peer]!;
    const end = (this.ends[id] = new PeerEnd(id, node, peer, inbound));
    inbound.onStall = inbound.onGivingUp = () => {
      this.sim.cancel(end.silence);
      this.update(end);
    };
    return end;
  }

  private declare(name: string, handler: (operand: number) => void): EventType {
    const type = this.sim.declare(name);
    this.sim.handle(type, handler);
    return type;
  }
}

function concerns(scope: Scope, link: PeerEnd): boolean {
  return scope.covers(link.inbound.path) || scope.covers(link.other.inbound.path);
}
