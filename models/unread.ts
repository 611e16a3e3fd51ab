/**
 * Connections that their server does not read for a while, as RabbitMQ does with those that publish when it is short of memory, of
 * disk or of credit: what arrives waits in the socket, in order, while the other direction goes on.
 *
 * A server that does not read looks for no silence. Nor does it see that its client closed the connection: it learns that when
 * it cannot send its own heartbeats any more, which it tries at each half of the interval; the first that reaches a closed socket is
 * answered by a reset, the next one fails (rabbit_reader and rabbit_heartbeat at 4.2.9). When it reads again its checks begin anew.
 *
 * Left out: that sockets hold only so much, and that a client which writes more than they hold stands still.
 */
import type { EventType, Simulation } from '../sim/simulation.ts';
import type { Connection } from './connection.ts';
import type { ConnectionId } from './message.ts';
import type { Nodes } from './node.ts';

type Reader = (type: EventType, a: number, b: number) => void;

interface UnreadKeeper {
  /** Whether its server reads a connection is not as it was. */
  changed(id: ConnectionId): void;
  /** Its server finds that the client's end is closed. */
  lost(id: ConnectionId): void;
}

/** Stands for the client's close among the frames. */
const closed = -1;

export class Unread {
  private readonly sendFails: EventType<ConnectionId, number>;
  private readonly sim: Simulation;
  private readonly nodes: Nodes;
  private readonly connections: readonly Connection[];
  private readonly keeper: UnreadKeeper;

  constructor(sim: Simulation, nodes: Nodes, connections: readonly Connection[], keeper: UnreadKeeper) {
    this.sim = sim;
    this.nodes = nodes;
    this.connections = connections;
    this.keeper = keeper;
    this.sendFails = sim.declare('network.heartbeatNotSent');
    sim.handle(this.sendFails, (id, session) => this.onSendFails(id, session));
  }

  /** The server reads the connection no more. */
  stop(id: ConnectionId): void {
    this.connections[id]!.isRead = false;
    this.keeper.changed(id);
  }

  isRead(id: ConnectionId): boolean {
    return this.connections[id]!.isRead;
  }

  /** Keeps a frame that arrived at a server. False when the server reads it. */
  holds<A extends number, B extends number>(id: ConnectionId, type: EventType<A, B>, a: A, b: B): boolean {
    const connection = this.connections[id]!;
    if (connection.isRead) return false;
    const { unread } = connection;
    unread.push(type as unknown as number);
    unread.push(a);
    unread.push(b);
    return true;
  }

  /** The client's end is closed, and its server does not see that yet. False when it does. */
  holdsEnd(id: ConnectionId): boolean {
    const { isRead, unread, policy, serverOpenedAt, server, session } = this.connections[id]!;
    if (isRead) return false;
    for (const entry of [closed, 0, 0]) unread.push(entry);
    const half = policy.heartbeat / 2;
    if (half === 0) return true;
    const age = this.sim.now - serverOpenedAt;
    this.sim.after((Math.floor(age / half) + 2) * half - age, this.sendFails, id, session, this.nodes.owner(server));
    return true;
  }

  /** The server reads the connection again, and at once all that waits, as far as `read` does not make it stop. */
  resume(id: ConnectionId, read: Reader): void {
    const connection = this.connections[id]!;
    const { unread } = connection;
    connection.isRead = true;
    connection.serverChecksFrom = this.sim.now;
    while (connection.isRead && unread.size > 0) {
      const [type, a, b] = [unread.shift(), unread.shift(), unread.shift()];
      if (type === closed) this.keeper.lost(id);
      else read(type as EventType, a, b);
    }
    this.keeper.changed(id);
  }

  /** The server's end is closed: what it had not read is lost. */
  discard(id: ConnectionId, lose: Reader): void {
    const connection = this.connections[id]!;
    const { unread } = connection;
    connection.isRead = true;
    while (unread.size > 0) {
      const [type, a, b] = [unread.shift(), unread.shift(), unread.shift()];
      if (type !== closed) lose(type as EventType, a, b);
    }
  }

  private onSendFails(id: ConnectionId, session: number): void {
    const { isRead, session: now } = this.connections[id]!;
    if (isRead || session !== now) return;
    this.sim.trace.reached('network.heartbeatNotSent');
    this.keeper.lost(id);
  }
}
