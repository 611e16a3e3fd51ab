/**
 * Connections between clients and brokers, as TCP gives them: frames arrive in order or not at all; a frame never
 * disappears from the middle of a stream. A side learns that the other is gone by a reset (its process died, its host
 * came back) or by silence for two heartbeat intervals (a cut link, a dead host, a process that stands still).
 *
 * Left out: congestion control, loss of single packets, connections between brokers.
 */
import { type EventHandle, noEvent } from '../sim/event-list.ts';
import type { EventType, Simulation } from '../sim/simulation.ts';
import type { Bytes, Nanos } from '../sim/units.ts';
import type { DistributionSpec } from '../sim/distribution.ts';
import type { CauseId, Causes } from './causes.ts';
import { Link, type Path } from './link.ts';
import type { ConnectionId } from './message.ts';
import type { NetworkSpec } from './network-settings.ts';
import type { CrashScope, NodeId, Nodes, NodeWatcher } from './node.ts';
import { pairOf, Paths, Scope } from './paths.ts';

type Side = 'client' | 'server';
type End = 'connecting' | 'open' | 'closed';
type Dropped = (a: number, b: number, cause: CauseId) => void;

class Connection {
  readonly client: NodeId;
  readonly server: NodeId;
  readonly toServer: Link;
  readonly toClient: Link;
  /** Counts the lives of this id. */
  session = 0;
  clientEnd: End = 'closed';
  serverEnd: End = 'closed';
  /** Timers that notice silence, and the one that gives up connecting. */
  clientSilence: EventHandle = noEvent;
  serverSilence: EventHandle = noEvent;
  connectDeadline: EventHandle = noEvent;
  /** What made it silent last. */
  trouble: CauseId;

  constructor(client: NodeId, server: NodeId, toServer: Link, toClient: Link, trouble: CauseId) {
    this.client = client;
    this.server = server;
    this.toServer = toServer;
    this.toClient = toClient;
    this.trouble = trouble;
  }
}

const frameBytes = 64;

export class Network implements NodeWatcher {
  private readonly connections: Connection[] = [];
  private readonly idle = new Map<number, ConnectionId[]>();
  private readonly paths: Paths;
  private readonly dropped = new Map<EventType, Dropped>();
  private readonly synArrived: EventType;
  private readonly acceptArrived: EventType;
  private readonly refusalArrived: EventType;
  private readonly resetArrived: EventType;
  private readonly connectTimedOut: EventType;
  private readonly silenceNoticed: EventType;
  private readonly nodeResumes: EventType;
  private readonly lost: CauseId;
  private readonly sim: Simulation;
  private readonly nodes: Nodes;
  private readonly causes: Causes;
  private readonly spec: NetworkSpec;

  constructor(sim: Simulation, nodes: Nodes, causes: Causes, spec: NetworkSpec) {
    this.sim = sim;
    this.nodes = nodes;
    this.causes = causes;
    this.spec = spec;
    this.paths = new Paths(sim, nodes, spec);
    this.lost = causes.of('connection-lost');
    this.synArrived = this.declare('network.synArrived', (connection, session) => this.onSynArrived(connection, session));
    this.acceptArrived = this.declare('network.acceptArrived', (connection, session) => this.onAcceptArrived(connection, session));
    this.refusalArrived = this.declare('network.refusalArrived', (connection, session) => this.onRefusalArrived(connection, session));
    this.resetArrived = this.declare('network.resetArrived', (connection, side) => this.onResetArrived(connection, side));
    this.connectTimedOut = this.declare('network.connectTimedOut', (connection, session) => this.onRefusalArrived(connection, session));
    this.silenceNoticed = this.declare('network.silenceNoticed', (connection, side) => this.onSilenceNoticed(connection, side));
    this.nodeResumes = this.declare('network.nodeResumes', (node) => this.onNodeResumes(node as NodeId));
    nodes.watchedBy(this);
  }

  /** `handler` hears of each frame of this type that a closing connection swallowed. */
  onDropped<A extends number, B extends number>(type: EventType<A, B>, handler: (a: A, b: B, cause: CauseId) => void): void {
    this.dropped.set(type as unknown as EventType, handler as Dropped);
  }

  /** A client sets out to connect; `connected` or `refused` of its resident is the answer. */
  connect(client: NodeId, server: NodeId): ConnectionId {
    const id = this.idle.get(pairOf(client, server))?.pop() ?? this.create(client, server);
    const connection = this.connections[id]!;
    connection.session++;
    connection.clientEnd = 'connecting';
    connection.trouble = this.lost;
    connection.toServer.begin(this.nodes.pausedUntil(server));
    connection.toClient.begin(this.nodes.pausedUntil(client));
    connection.connectDeadline = this.sim.after(this.spec.connection.connectTimeout, this.connectTimedOut, id, connection.session, this.nodes.owner(client));
    if (!this.isUnreachable(connection.toServer.path)) connection.toServer.send(frameBytes, this.synArrived, id, connection.session);
    return id;
  }

  session(connection: ConnectionId): number {
    return this.connections[connection]!.session;
  }

  /** The server's end is still open in that life of the connection. */
  isOpenAtServer(connection: ConnectionId, session: number): boolean {
    const it = this.connections[connection]!;
    return it.session === session && it.serverEnd === 'open';
  }

  /** From the client, whose end must be open. */
  sendToServer<A extends number, B extends number>(id: ConnectionId, bytes: Bytes, type: EventType<A, B>, a: A, b: B): void {
    const connection = this.connections[id]!;
    if (connection.serverEnd === 'open') connection.toServer.send(bytes, type as unknown as EventType, a, b);
    else this.drop(type as unknown as EventType, a, b, connection.trouble);
  }

  /** From the server, whose end must be open. */
  sendToClient<A extends number, B extends number>(id: ConnectionId, bytes: Bytes, type: EventType<A, B>, a: A, b: B): void {
    const connection = this.connections[id]!;
    if (connection.clientEnd !== 'closed') connection.toClient.send(bytes, type as unknown as EventType, a, b);
    else this.drop(type as unknown as EventType, a, b, connection.trouble);
  }

  /** Cuts the paths from one set of nodes to another, under a name by which they are mended. `by` is the fault. How many connections it concerns. */
  cut(name: string, by: string, from: readonly NodeId[], to: readonly NodeId[]): number {
    const scope = new Scope(from, to);
    this.paths.cut(name, scope);
    return this.disturb(scope, by);
  }

  mend(name: string): void {
    const scope = this.paths.mend(name);
    if (scope === undefined) return;
    this.connections.forEach((connection, id) => {
      for (const link of [connection.toServer, connection.toClient]) {
        if (scope.covers(link.path) && link.path.cuts === 0) link.mended(this.spec.connection.retransmit);
      }
      if (concerns(scope, connection)) this.pathMended(id as ConnectionId, connection);
    });
  }

  /** Adds a latency to each frame from one set of nodes to another, under a name by which it is taken away. How many connections it concerns. */
  delay(name: string, by: string, from: readonly NodeId[], to: readonly NodeId[], spec: DistributionSpec): number {
    const scope = new Scope(from, to);
    this.paths.delay(name, scope, spec);
    return this.disturb(scope, by);
  }

  undelay(name: string): void {
    this.paths.undelay(name);
  }

  crashed(node: NodeId, scope: CrashScope, cause: CauseId): void {
    this.eachOf(node, (id, connection, side) => {
      connection.trouble = cause;
      this.closeEnd(id, connection, side, cause, scope === 'process');
      this.updateSilence(id, connection);
    });
  }

  /** A host that is up again answers with a reset to whoever still thinks a connection is open. */
  restarted(node: NodeId): void {
    this.eachOf(node, (id, connection) => this.pathMended(id, connection));
  }

  paused(node: NodeId, until: Nanos): void {
    this.eachOf(node, (id, connection, side) => {
      (side === 'client' ? connection.toClient : connection.toServer).receiverPaused(until);
      this.updateSilence(id, connection);
    });
    this.sim.after(until - this.sim.now, this.nodeResumes, node, 0);
  }

  private onNodeResumes(node: NodeId): void {
    this.eachOf(node, (id, connection) => this.updateSilence(id, connection));
  }

  private onSynArrived(id: number, session: number): void {
    const connection = this.connections[id]!;
    if (connection.session !== session || connection.clientEnd !== 'connecting') return;
    if (this.nodes.isHostDown(connection.server)) return;
    if (!this.nodes.acceptsConnections(connection.server)) {
      connection.toClient.send(frameBytes, this.refusalArrived, id, session);
      return;
    }
    connection.serverEnd = 'open';
    connection.toClient.send(frameBytes, this.acceptArrived, id, session);
    this.nodes.resident(connection.server).connected(connection.server, id as ConnectionId);
  }

  private onAcceptArrived(id: number, session: number): void {
    const connection = this.connections[id]!;
    if (connection.session !== session || connection.clientEnd !== 'connecting') return;
    this.sim.cancel(connection.connectDeadline);
    connection.clientEnd = 'open';
    this.updateSilence(id as ConnectionId, connection);
    this.nodes.resident(connection.client).connected(connection.client, id as ConnectionId);
  }

  private onRefusalArrived(id: number, session: number): void {
    const connection = this.connections[id]!;
    if (connection.session !== session || connection.clientEnd !== 'connecting') return;
    this.sim.cancel(connection.connectDeadline);
    this.sim.trace.reached('network.connectionRefused');
    this.closeEnd(id as ConnectionId, connection, 'client', this.lost, true);
    this.nodes.resident(connection.client).refused(connection.client, id as ConnectionId);
  }

  private onResetArrived(id: number, side: number): void {
    this.loseEnd(id as ConnectionId, side === 0 ? 'client' : 'server');
  }

  private onSilenceNoticed(id: number, side: number): void {
    const connection = this.connections[id]!;
    const end: Side = side === 0 ? 'client' : 'server';
    if (!this.isSilent(connection, end)) return;
    this.sim.trace.reached('network.silenceNoticed');
    this.loseEnd(id as ConnectionId, end);
  }

  /** One side takes the connection for lost. */
  private loseEnd(id: ConnectionId, side: Side): void {
    const connection = this.connections[id]!;
    if ((side === 'client' ? connection.clientEnd : connection.serverEnd) !== 'open') return;
    const node = side === 'client' ? connection.client : connection.server;
    const cause = connection.trouble;
    this.closeEnd(id, connection, side, cause, true);
    this.nodes.resident(node).disconnected(node, id, cause);
  }

  /** Closes one end: what was on its way there is lost, and what it had not got out. The peer is told if it can be. */
  private closeEnd(id: ConnectionId, connection: Connection, side: Side, cause: CauseId, tellPeer: boolean): void {
    const isClient = side === 'client';
    if ((isClient ? connection.clientEnd : connection.serverEnd) === 'closed') return;
    if (isClient) connection.clientEnd = 'closed';
    else connection.serverEnd = 'closed';
    this.sim.cancel(isClient ? connection.clientSilence : connection.serverSilence);
    if (isClient) this.sim.cancel(connection.connectDeadline);
    const inbound = isClient ? connection.toClient : connection.toServer;
    const outbound = isClient ? connection.toServer : connection.toClient;
    const unsent = [...inbound.held.splice(0), ...outbound.held.splice(0)];
    this.sim.cancelOwned(inbound.owner, (type, a, b) => this.drop(type, a, b, cause));
    for (const frame of unsent) this.drop(frame.type, frame.a, frame.b, cause);
    const peerEnd = isClient ? connection.serverEnd : connection.clientEnd;
    if (peerEnd === 'closed') this.retire(id, connection);
    else if (tellPeer && outbound.path.cuts === 0) outbound.send(frameBytes, this.resetArrived, id, isClient ? 1 : 0);
    else this.updateSilence(id, connection);
  }

  /** Both ends are closed: the id may live again. */
  private retire(id: ConnectionId, connection: Connection): void {
    for (const link of [connection.toServer, connection.toClient]) {
      this.sim.cancelOwned(link.owner, (type, a, b) => this.drop(type, a, b, connection.trouble));
    }
    const pair = pairOf(connection.client, connection.server);
    const idle = this.idle.get(pair);
    if (idle === undefined) this.idle.set(pair, [id]);
    else idle.push(id);
  }

  private declare(name: string, handler: (a: number, b: number) => void): EventType {
    const type = this.sim.declare(name);
    this.sim.handle(type, handler);
    return type;
  }

  private drop(type: EventType, a: number, b: number, cause: CauseId): void {
    this.dropped.get(type)?.(a, b, cause);
  }

  /** Something on the way between two ends is as it was. A side whose peer is closed by now gets its reset. */
  private pathMended(id: ConnectionId, connection: Connection): void {
    const { clientEnd, serverEnd } = connection;
    if (clientEnd === 'closed' && serverEnd === 'open' && !this.isUnreachable(connection.toServer.path) && !this.nodes.isHostDown(connection.client)) {
      connection.toServer.send(frameBytes, this.resetArrived, id, 1);
    } else if (serverEnd === 'closed' && clientEnd === 'open' && !this.isUnreachable(connection.toClient.path) && !this.nodes.isHostDown(connection.server)) {
      connection.toClient.send(frameBytes, this.resetArrived, id, 0);
    }
    this.updateSilence(id, connection);
  }

  /** Arms or disarms the timers by which the two sides notice silence. */
  private updateSilence(id: ConnectionId, connection: Connection): void {
    connection.clientSilence = this.silenceTimer(id, connection, 'client', connection.clientSilence);
    connection.serverSilence = this.silenceTimer(id, connection, 'server', connection.serverSilence);
  }

  private silenceTimer(id: ConnectionId, connection: Connection, side: Side, armed: EventHandle): EventHandle {
    const isOpen = (side === 'client' ? connection.clientEnd : connection.serverEnd) === 'open';
    if (!isOpen || !this.isSilent(connection, side)) {
      this.sim.cancel(armed);
      return noEvent;
    }
    if (this.sim.isPending(armed)) return armed;
    const node = side === 'client' ? connection.client : connection.server;
    return this.sim.after(2 * this.spec.connection.heartbeat, this.silenceNoticed, id, side === 'client' ? 0 : 1, this.nodes.owner(node));
  }

  /** Nothing comes from the peer now. */
  private isSilent(connection: Connection, side: Side): boolean {
    const isClient = side === 'client';
    const peer = isClient ? connection.server : connection.client;
    const inbound = isClient ? connection.toClient : connection.toServer;
    const peerEnd = isClient ? connection.serverEnd : connection.clientEnd;
    return inbound.path.cuts > 0 || peerEnd === 'closed' || this.nodes.isHostDown(peer) || this.nodes.pausedUntil(peer) > this.sim.now;
  }

  private isUnreachable(path: Path): boolean {
    return path.cuts > 0 || this.nodes.isHostDown(path.to);
  }

  /** Tells the connections that a knob was turned. How many it concerns. */
  private disturb(scope: Scope, by: string): number {
    let concerned = 0;
    this.connections.forEach((connection, id) => {
      if (!concerns(scope, connection)) return;
      concerned++;
      connection.trouble = this.causes.of('connection-lost', by);
      connection.toServer.disturbed(this.nodes.pausedUntil(connection.server));
      connection.toClient.disturbed(this.nodes.pausedUntil(connection.client));
      this.updateSilence(id as ConnectionId, connection);
    });
    return concerned;
  }

  private eachOf(node: NodeId, visit: (id: ConnectionId, connection: Connection, side: Side) => void): void {
    this.connections.forEach((connection, id) => {
      if (connection.client === node) visit(id as ConnectionId, connection, 'client');
      else if (connection.server === node) visit(id as ConnectionId, connection, 'server');
    });
  }

  private create(client: NodeId, server: NodeId): ConnectionId {
    const toServer = new Link(this.sim, this.paths.between(client, server));
    const toClient = new Link(this.sim, this.paths.between(server, client));
    toServer.disturbed(this.nodes.pausedUntil(server));
    toClient.disturbed(this.nodes.pausedUntil(client));
    return (this.connections.push(new Connection(client, server, toServer, toClient, this.lost)) - 1) as ConnectionId;
  }
}

function concerns(scope: Scope, connection: Connection): boolean {
  return scope.covers(connection.toServer.path) || scope.covers(connection.toClient.path);
}
