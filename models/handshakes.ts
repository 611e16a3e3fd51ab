/**
 * What lies between TCP's answer and an open connection: the node works on each new connection, one after another, and then
 * the two sides go back and forth (TLS, authentication, opening). Many clients at once make a line here: a reconnect storm.
 */
import { Fifo } from '../sim/fifo.ts';
import type { EventType, Simulation } from '../sim/simulation.ts';
import type { Nanos } from '../sim/units.ts';
import type { CauseId } from './causes.ts';
import { type Connection, type ConnectionPolicy, frameBytes, type Side } from './connection.ts';
import type { ConnectionId } from './message.ts';
import type { NodeId, Nodes } from './node.ts';

/** New connections of a node, in the order in which they came. */
class AcceptLine {
  readonly connections = new Fifo();
  readonly sessions = new Fifo();
  isBusy = false;
}

/** What becomes of a handshake. */
export interface HandshakeWatcher {
  /** It is through at that side. */
  opened(id: ConnectionId, side: Side): void;
  /** The server does not let it in. */
  refused(id: ConnectionId, cause: CauseId): void;
  /** The server waits no longer. */
  timedOut(id: ConnectionId): void;
}

export class Handshakes {
  private readonly lines = new Map<NodeId, AcceptLine>();
  private readonly accepted: EventType;
  private readonly timedOut: EventType;
  private readonly toServerArrived: EventType;
  private readonly toClientArrived: EventType;
  private readonly sim: Simulation;
  private readonly nodes: Nodes;
  private readonly connections: readonly Connection[];
  private readonly watcher: HandshakeWatcher;

  constructor(sim: Simulation, nodes: Nodes, connections: readonly Connection[], watcher: HandshakeWatcher) {
    this.sim = sim;
    this.nodes = nodes;
    this.connections = connections;
    this.watcher = watcher;
    this.accepted = sim.declare('network.accepted');
    this.timedOut = sim.declare('network.handshakeTimedOut');
    this.toServerArrived = sim.declare('network.handshakeToServerArrived');
    this.toClientArrived = sim.declare('network.handshakeToClientArrived');
    sim.handle(this.accepted, (id, session) => this.onAccepted(id, session));
    sim.handle(this.timedOut, (id) => watcher.timedOut(id as ConnectionId));
    sim.handle(this.toServerArrived, (id, rounds) => this.onToServerArrived(id, rounds));
    sim.handle(this.toClientArrived, (id, rounds) => this.onToClientArrived(id, rounds));
  }

  isNeeded(policy: ConnectionPolicy): boolean {
    return policy.accept !== undefined || policy.roundTrips > 0;
  }

  /** TCP has answered a client. */
  begin(id: ConnectionId, connection: Connection): void {
    const { server, session, policy } = connection;
    connection.serverEnd = 'greeting';
    this.arm(id, connection, policy.accept === undefined ? policy.handshakeTimeout : (policy.acceptTimeout ?? policy.handshakeTimeout));
    if (policy.accept === undefined) {
      this.greet(id, connection, policy.roundTrips);
      return;
    }
    const line = this.lines.get(server) ?? new AcceptLine();
    this.lines.set(server, line);
    line.connections.push(id);
    line.sessions.push(session);
    if (!line.isBusy) this.serveNext(line);
  }

  private arm(id: ConnectionId, connection: Connection, time: Nanos): void {
    this.sim.cancel(connection.handshakeDeadline);
    connection.handshakeDeadline = this.sim.after(time, this.timedOut, id, connection.session, this.nodes.owner(connection.server));
  }

  /** The process died, and with it what it had not begun to work on. */
  crashed(node: NodeId): void {
    this.lines.delete(node);
  }

  private serveNext(line: AcceptLine): void {
    line.isBusy = false;
    while (line.connections.size > 0 && !line.isBusy) {
      const id = line.connections.shift();
      const session = line.sessions.shift();
      if (!this.isGreeting(id, session)) continue;
      const { policy, server } = this.connections[id]!;
      line.isBusy = true;
      this.sim.post(Math.round(policy.accept!() * this.nodes.slowness(server)), this.accepted, id, session, this.nodes.owner(server));
    }
  }

  private onAccepted(id: number, session: number): void {
    const connection = this.connections[id]!;
    if (this.isGreeting(id, session)) {
      const { acceptTimeout, handshakeTimeout, roundTrips } = connection.policy;
      if (acceptTimeout !== undefined) this.arm(id as ConnectionId, connection, handshakeTimeout);
      this.greet(id as ConnectionId, connection, roundTrips);
    }
    this.serveNext(this.lines.get(connection.server)!);
  }

  /** A client that gave up while it waited is worked on no more. */
  private isGreeting(id: number, session: number): boolean {
    const connection = this.connections[id]!;
    return connection.session === session && connection.serverEnd === 'greeting';
  }

  /** The server speaks; with no rounds left it has nothing to wait for. */
  private greet(id: ConnectionId, connection: Connection, rounds: number): void {
    if (connection.clientEnd === 'closed') return;
    connection.toClient.send(frameBytes, this.toClientArrived, id, rounds);
    if (rounds === 0) this.watcher.opened(id, 'server');
  }

  private onToClientArrived(id: number, rounds: number): void {
    const connection = this.connections[id]!;
    if (rounds === 0) this.watcher.opened(id as ConnectionId, 'client');
    else if (connection.serverEnd === 'greeting') connection.toServer.send(frameBytes, this.toServerArrived, id, rounds - 1);
  }

  private onToServerArrived(id: number, rounds: number): void {
    const connection = this.connections[id]!;
    const refusal = connection.policy.admit?.(id as ConnectionId, rounds);
    if (refusal === undefined) this.greet(id as ConnectionId, connection, rounds);
    else this.watcher.refused(id as ConnectionId, refusal);
  }
}
