/**
 * How the two sides of a connection notice silence. Heartbeats are no events: while the way is open and the peer runs, bytes
 * come often enough, so all that matters is when silence begins and whether it ends before it is noticed.
 */
import { type EventHandle, noEvent } from '../sim/event-list.ts';
import type { EventType, Simulation } from '../sim/simulation.ts';
import type { Nanos } from '../sim/units.ts';
import type { Connection, Side } from './connection.ts';
import type { ConnectionId } from './message.ts';
import type { Nodes } from './node.ts';

/** Checks for bytes, in ages of a connection. */
export interface Checks {
  /** They come at whole multiples of this. */
  readonly every: Nanos;
  /** So many in a row, before each of which no byte came since the last check, end the connection. */
  readonly misses: number;
  /** An idle peer says something that often. */
  readonly byteEvery: Nanos;
  /** An age at which such a byte comes, as others do before and after. */
  readonly byteAt: Nanos;
}

/** At which age silence is noticed that begins at `age`. */
export function noticedAt(age: Nanos, { every, misses, byteEvery, byteAt }: Checks): Nanos {
  // What opened the connection came at age 0.
  const lastByte = Math.max(0, byteAt + (Math.ceil((age - byteAt) / byteEvery) - 1) * byteEvery);
  return (Math.floor(lastByte / every) + 1 + misses) * every;
}

export class Heartbeats {
  private readonly silenceNoticed: EventType;
  private readonly sim: Simulation;
  private readonly nodes: Nodes;

  /** @param noticed whether it is silent still is for the caller to ask */
  constructor(sim: Simulation, nodes: Nodes, noticed: (id: ConnectionId, side: Side) => void) {
    this.sim = sim;
    this.nodes = nodes;
    this.silenceNoticed = sim.declare('network.silenceNoticed');
    sim.handle(this.silenceNoticed, (id, side) => noticed(id as ConnectionId, side === 0 ? 'client' : 'server'));
  }

  /** Arms or disarms the timers by which the two sides notice silence. */
  update(id: ConnectionId, connection: Connection): void {
    connection.clientSilence = this.timer(id, connection, 'client', connection.clientSilence);
    connection.serverSilence = this.timer(id, connection, 'server', connection.serverSilence);
  }

  /** Silence begins anew at that side, whatever it waited for. */
  restart(id: ConnectionId, connection: Connection, side: Side): void {
    this.sim.cancel(side === 'client' ? connection.clientSilence : connection.serverSilence);
    this.update(id, connection);
  }

  /** Nothing comes from the peer now. A server that does not read looks for nothing. */
  isSilent(connection: Connection, side: Side): boolean {
    const isClient = side === 'client';
    if (!isClient && !connection.isRead) return false;
    const peer = isClient ? connection.server : connection.client;
    const inbound = isClient ? connection.toClient : connection.toServer;
    const peerEnd = isClient ? connection.serverEnd : connection.clientEnd;
    return inbound.isCut || inbound.isStalled || peerEnd === 'closed' || this.nodes.isHostDown(peer) || this.nodes.pausedUntil(peer) > this.sim.now;
  }

  private timer(id: ConnectionId, connection: Connection, side: Side, armed: EventHandle): EventHandle {
    const isClient = side === 'client';
    const isOpen = (isClient ? connection.clientEnd : connection.serverEnd) === 'open';
    if (!isOpen || connection.policy.heartbeat === 0 || !this.isSilent(connection, side)) {
      this.sim.cancel(armed);
      return noEvent;
    }
    const isOfStallBefore = (isClient ? connection.toClient : connection.toServer).takeEndedStall();
    if (this.sim.isPending(armed) && !isOfStallBefore) return armed;
    this.sim.cancel(armed);
    const node = isClient ? connection.client : connection.server;
    return this.sim.after(this.timeToNotice(connection, isClient), this.silenceNoticed, id, isClient ? 0 : 1, this.nodes.owner(node));
  }

  /** How long silence that begins now goes unnoticed. */
  private timeToNotice(connection: Connection, isClient: boolean): Nanos {
    const { policy, clientOpenedAt, serverChecksFrom, toClient, toServer } = connection;
    const { heartbeat } = policy;
    if (policy.detection === 'two-silent-intervals') return 2 * heartbeat;
    const age = this.sim.now - (isClient ? clientOpenedAt : serverChecksFrom);
    const { latency } = (isClient ? toClient : toServer).path;
    const due = noticedAt(age, { every: heartbeat, misses: 2, byteEvery: heartbeat / 2, byteAt: latency });
    // Who stands still checks nothing before it goes on.
    const node = isClient ? connection.client : connection.server;
    return Math.max(due - age, this.nodes.pausedUntil(node) - this.sim.now);
  }
}
