/**
 * Nodes: a process on a host. Every producer, every worker and every broker node is one.
 *
 * A process crash keeps what the operating system was given; a host crash loses what was not synced; a process that is stopped
 * writes what it has and closes what it holds before it goes. A pause leaves everything as it is: what arrives waits, and timers
 * are all due when it ends, in the order in which they were due. Stops, crashes and pauses may overlap: a node is up again when
 * the last reason for its being down is gone.
 */
import type { EventType, OwnerId, Simulation } from '../sim/simulation.ts';
import { type Id, type Nanos } from '../sim/units.ts';
import type { CauseId } from './causes.ts';
import type { ConnectionId } from './message.ts';
import { Slowness } from './slowness.ts';

export type NodeId = Id<'node'>;
/**
 * application: what runs in the process was stopped in order, and the process stays; stop: the process ended in order, by its own doing;
 * disk: its host is gone, and all that was on its disk.
 */
export type CrashScope = 'application' | 'stop' | 'process' | 'host' | 'disk';

export function isInOrder(scope: CrashScope): boolean {
  return scope === 'application' || scope === 'stop';
}

/** Not even its operating system is there to say so. */
export function isOfHost(scope: CrashScope): boolean {
  return scope === 'host' || scope === 'disk';
}

/** What runs on a node. */
export interface Resident {
  /** The process died, or was stopped. `cancelled` are the events it had pending. */
  crashed(node: NodeId, scope: CrashScope, cause: CauseId, cancelled: readonly CancelledEvent[]): void;
  /** It runs again. `scope` is how it had gone that kept it down last. */
  restarted(node: NodeId, scope: CrashScope): void;
  /** A connection of this node is open; for a client the answer to its `connect`, for a server a client that came. */
  connected(node: NodeId, connection: ConnectionId): void;
  /** This side of a connection is closed: reset by the peer, or given up after silence. */
  disconnected(node: NodeId, connection: ConnectionId, cause: CauseId): void;
  /** A client's attempt to connect failed. */
  refused(node: NodeId, connection: ConnectionId): void;
}

export interface CancelledEvent {
  readonly type: EventType;
  readonly a: number;
  readonly b: number;
}

/** Hears of nodes that come and go, before their residents do; the network does. */
export interface NodeWatcher {
  crashed(node: NodeId, scope: CrashScope, cause: CauseId): void;
  restarted(node: NodeId): void;
  paused(node: NodeId, until: Nanos): void;
}

interface NodeState {
  readonly name: string;
  readonly owner: OwnerId;
  readonly resident: Resident;
  readonly reasonsDown: Map<string, CrashScope>;
  pausedUntil: Nanos;
  refusals: number;
  readonly limits: Map<string, { readonly limit: number; readonly onRefused: () => void }>;
  readonly slowness: Slowness;
}

export class Nodes {
  private readonly states: NodeState[] = [];
  private readonly byName = new Map<string, NodeId>();
  private readonly watchers: NodeWatcher[] = [];
  private readonly sim: Simulation;

  constructor(sim: Simulation) {
    this.sim = sim;
  }

  watchedBy(watcher: NodeWatcher): void {
    this.watchers.push(watcher);
  }

  create(name: string, resident: Resident): NodeId {
    const owner = this.sim.createOwner();
    const node = (this.states.push({ name, owner, resident, reasonsDown: new Map(), pausedUntil: 0, refusals: 0, limits: new Map(), slowness: new Slowness() }) - 1) as NodeId;
    this.byName.set(name, node);
    return node;
  }

  all(): NodeId[] {
    return [...this.states.keys()] as NodeId[];
  }

  name(node: NodeId): string {
    return this.states[node]!.name;
  }

  owner(node: NodeId): OwnerId {
    return this.states[node]!.owner;
  }

  resident(node: NodeId): Resident {
    return this.states[node]!.resident;
  }

  /** The nodes a target names: one, or all whose name goes on after it (`producers.web` → `producers.web.0`, …). */
  resolve(target: string): NodeId[] {
    const one = this.byName.get(target);
    if (one !== undefined) return [one];
    const all: NodeId[] = [];
    for (const [name, node] of this.byName) if (name.startsWith(`${target}.`)) all.push(node);
    return all;
  }

  isUp(node: NodeId): boolean {
    return this.states[node]!.reasonsDown.size === 0;
  }

  /** Its process is there, though its application may be stopped. */
  hasProcess(node: NodeId): boolean {
    for (const scope of this.states[node]!.reasonsDown.values()) if (scope !== 'application') return false;
    return true;
  }

  /** Down with its host: not even its operating system answers. */
  isHostDown(node: NodeId): boolean {
    for (const scope of this.states[node]!.reasonsDown.values()) if (isOfHost(scope)) return true;
    return false;
  }

  pausedUntil(node: NodeId): Nanos {
    return this.states[node]!.pausedUntil;
  }

  acceptsConnections(node: NodeId): boolean {
    return this.isUp(node) && this.states[node]!.refusals === 0;
  }

  /** No more connections than that, by whoever says so, until undefined takes it back. @param onRefused told of each that is refused */
  limitConnections(node: NodeId, by: string, limit: number | undefined, onRefused: () => void): void {
    const { limits } = this.states[node]!;
    if (limit === undefined) limits.delete(by);
    else limits.set(by, { limit, onRefused });
  }

  /** One more is too many. @param count how many there are */
  isFull(node: NodeId, count: () => number): boolean {
    for (const { limit, onRefused } of this.states[node]!.limits.values()) {
      if (count() < limit) continue;
      this.sim.trace.reached('node.connectionLimit');
      onRefused();
      return true;
    }
    return false;
  }

  /** How many times longer its work takes now. */
  slowness(node: NodeId): number {
    return this.states[node]!.slowness.factor;
  }

  /** @param reason who keeps it down; `restart` with the same reason lets go. False when it kept it down already. */
  crash(node: NodeId, scope: CrashScope, reason: string, cause: CauseId): boolean {
    const state = this.states[node]!;
    if (state.reasonsDown.has(reason)) return false;
    const wasUp = state.reasonsDown.size === 0;
    const hostWasDown = this.isHostDown(node);
    state.reasonsDown.set(reason, scope);
    // A dead process can still lose its host: what was in the page cache goes then. A dead host can still lose its disk.
    if (!wasUp && scope !== 'disk' && !(scope === 'host' && !hostWasDown)) return true;
    this.sim.trace.reached(`node.crashed.${scope}`);
    const cancelled: CancelledEvent[] = [];
    this.sim.cancelOwned(state.owner, (type, a, b) => cancelled.push({ type, a, b }));
    state.pausedUntil = 0;
    for (const watcher of this.watchers) watcher.crashed(node, scope, cause);
    state.resident.crashed(node, scope, cause, cancelled);
    return true;
  }

  restart(node: NodeId, reason: string): void {
    const state = this.states[node]!;
    const scope = state.reasonsDown.get(reason);
    if (scope === undefined) return;
    state.reasonsDown.delete(reason);
    if (state.reasonsDown.size > 0) return;
    for (const watcher of this.watchers) watcher.restarted(node);
    state.resident.restarted(node, scope);
  }

  /** The process stands still until then. */
  pause(node: NodeId, until: Nanos): void {
    const state = this.states[node]!;
    if (!this.isUp(node) || until <= state.pausedUntil) return;
    this.sim.trace.reached('node.paused');
    state.pausedUntil = until;
    this.sim.postponeOwned(state.owner, until);
    for (const watcher of this.watchers) watcher.paused(node, until);
  }

  slow(node: NodeId, factor: number): void {
    this.states[node]!.slowness.slow(factor);
  }

  unslow(node: NodeId, factor: number): void {
    this.states[node]!.slowness.unslow(factor);
  }

  /** New connections are refused until as many `accept` came. */
  refuse(node: NodeId): void {
    this.states[node]!.refusals++;
  }

  accept(node: NodeId): void {
    this.states[node]!.refusals--;
  }
}
