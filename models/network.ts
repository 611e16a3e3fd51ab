/**
 * Connections between clients and brokers, as TCP gives them: frames arrive in order or not at all; a frame never
 * disappears from the middle of a stream. A side learns that the other is gone by a reset (its process died, its host
 * came back) or by silence (a cut link, a dead host, a process that stands still). Left out: congestion control.
 */
import type { EventType, Simulation } from '../sim/simulation.ts';
import type { Bytes, Nanos } from '../sim/units.ts';
import type { CauseId, Causes } from './causes.ts';
import { agreed, anybody, type ClientPolicy, Connection, type ConnectionPolicy, frameBytes, type Login, type Side } from './connection.ts';
import { concerns, Connections } from './connections.ts';
import { Handshakes } from './handshakes.ts';
import { Heartbeats } from './heartbeats.ts';
import { Link } from './link.ts';
import type { ConnectionId } from './message.ts';
import type { NetworkSpec } from './network-settings.ts';
import { type CrashScope, isOfHost, type NodeId, type Nodes, type NodeWatcher } from './node.ts';
import { type LinkKeeper, Paths, type Scope } from './paths.ts';
import { Severed } from './severed.ts';
import { Unread } from './unread.ts';

type Dropped = (a: number, b: number, cause: CauseId) => void;
/** As long as RabbitMQ and its clients wait unless told otherwise. */
const handshakeTimeout = 10e9;

export class Network implements NodeWatcher, LinkKeeper {
  /** Links between nodes of one cluster go the same ways. */
  readonly paths: Paths;
  readonly book = new Connections();
  private readonly connections: readonly Connection[] = this.book.all;
  private readonly policies = new Map<NodeId, ConnectionPolicy>();
  private readonly asked = new Map<NodeId, ClientPolicy>();
  private readonly standard: ConnectionPolicy;
  private readonly heartbeats: Heartbeats;
  private readonly handshakes: Handshakes;
  /** Connections that their servers do not read for a while. */
  readonly unread: Unread;
  private readonly severed: Severed;
  private readonly dropped = new Map<EventType, Dropped>();
  private readonly synArrived: EventType;
  private readonly acceptArrived: EventType;
  private readonly refusalArrived: EventType;
  private readonly resetArrived: EventType;
  private readonly connectTimedOut: EventType;
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
    this.paths.watchedBy(this);
    this.standard = { heartbeat: spec.connection.heartbeat, detection: 'two-silent-intervals', roundTrips: 0, accept: undefined, handshakeTimeout };
    this.heartbeats = new Heartbeats(sim, nodes, (id, side) => this.onSilenceNoticed(id, side));
    this.handshakes = new Handshakes(sim, nodes, this.connections, {
      opened: (id, side) => this.open(id, side),
      refused: (id, cause) => this.closeEnd(id, this.connections[id]!, 'server', cause, true),
      timedOut: (id) => this.loseEnd(id, 'server'),
    });
    this.unread = new Unread(sim, nodes, this.connections, {
      changed: (id) => this.heartbeats.update(id, this.connections[id]!),
      lost: (id) => this.loseEnd(id, 'server'),
    });
    this.severed = new Severed(sim, nodes, (id, side) => this.loseEnd(id, side));
    this.lost = causes.of('connection-lost');
    this.synArrived = this.declare('network.synArrived', (connection, session) => this.onSynArrived(connection, session));
    this.acceptArrived = this.declare('network.acceptArrived', (connection, session) => this.onAcceptArrived(connection, session));
    this.refusalArrived = this.declare('network.refusalArrived', (connection, session) => this.onRefusalArrived(connection, session));
    this.resetArrived = this.declare('network.resetArrived', (connection, side) => this.onResetArrived(connection, side));
    this.connectTimedOut = this.declare('network.connectTimedOut', (connection, session) => this.onRefusalArrived(connection, session));
    this.nodeResumes = this.declare('network.nodeResumes', (node) => this.book.eachOf(node as NodeId, (id, connection) => this.heartbeats.update(id, connection)));
    nodes.watchedBy(this);
  }

  /** How a server keeps its connections, said before anybody connects; what is not said follows the network's settings. */
  serve(node: NodeId, policy: Partial<ConnectionPolicy>): void {
    this.policies.set(node, { ...this.standard, ...policy });
  }

  /** What a client asks of all its connections, said before it connects. */
  dial(client: NodeId, asks: ClientPolicy): void {
    this.asked.set(client, asks);
  }

  /** `handler` hears of each frame of this type that a closing connection swallowed. */
  onDropped<A extends number, B extends number>(type: EventType<A, B>, handler: (a: A, b: B, cause: CauseId) => void): void {
    this.dropped.set(type as unknown as EventType, handler as Dropped);
  }

  /** A client sets out to connect; `connected` or `refused` of its resident is the answer. */
  connect(client: NodeId, server: NodeId, login: Login = anybody): ConnectionId {
    const id = this.book.takeIdle(client, server) ?? this.create(client, server);
    const connection = this.connections[id]!;
    connection.session++;
    connection.login = login;
    connection.clientEnd = 'connecting';
    connection.trouble = this.lost;
    connection.toServer.begin(this.nodes.pausedUntil(server));
    connection.toClient.begin(this.nodes.pausedUntil(client));
    connection.connectDeadline = this.sim.after(this.spec.connection.connectTimeout, this.connectTimedOut, id, connection.session, this.nodes.owner(client));
    if (!this.isUnreachable(connection.toServer)) connection.toServer.send(frameBytes, this.synArrived, id, connection.session);
    return id;
  }

  session(connection: ConnectionId): number {
    return this.connections[connection]!.session;
  }

  loginOf(connection: ConnectionId): Login {
    return this.connections[connection]!.login;
  }

  /** The node at one end. */
  nodeAt(connection: ConnectionId, side: Side): NodeId {
    return this.connections[connection]![side];
  }

  /** The client's end is still open in that life of the connection. */
  isOpenAtClient(connection: ConnectionId, session: number): boolean {
    const it = this.connections[connection]!;
    return it.session === session && it.clientEnd === 'open';
  }

  /** The server's end is still open in that life of the connection. */
  isOpenAtServer(connection: ConnectionId, session: number): boolean {
    const it = this.connections[connection]!;
    return it.session === session && it.serverEnd === 'open';
  }

  /** The server closes a connection that is open in that life; its client hears of it by a reset. */
  closeAtServer(id: ConnectionId, session: number, cause: CauseId): void {
    if (this.isOpenAtServer(id, session)) this.closeEnd(id, this.connections[id]!, 'server', cause, true);
  }

  /** The same, and the client hears why. */
  refuseAtServer(id: ConnectionId, session: number, cause: CauseId): void {
    if (this.isOpenAtServer(id, session)) this.connections[id]!.trouble = cause;
    this.closeAtServer(id, session, cause);
  }

  /** The client closes its end in that life, or gives up connecting; its server hears of it by a reset. */
  closeAtClient(id: ConnectionId, session: number, cause: CauseId): void {
    const connection = this.connections[id]!;
    if (connection.session !== session) return;
    connection.trouble = cause;
    this.closeEnd(id, connection, 'client', cause, true);
  }

  /** Frames of the client that a cut keeps from getting out. */
  unsent(id: ConnectionId): number {
    return this.connections[id]!.toServer.held.length;
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

  disturbed(scope: Scope, by: string): number {
    let concerned = 0;
    this.connections.forEach((connection, id) => {
      if (!concerns(scope, connection)) return;
      concerned++;
      connection.trouble = this.causes.of('connection-lost', by);
      connection.toServer.disturbed(this.nodes.pausedUntil(connection.server));
      connection.toClient.disturbed(this.nodes.pausedUntil(connection.client));
      this.heartbeats.update(id as ConnectionId, connection);
    });
    return concerned;
  }

  mended(scope: Scope): void {
    this.connections.forEach((connection, id) => {
      for (const link of [connection.toServer, connection.toClient]) {
        if (scope.covers(link.path) && !link.isCut) link.mended();
      }
      if (concerns(scope, connection)) this.pathMended(id as ConnectionId, connection);
    });
  }

  broken(scope: Scope, by: string): number {
    const open = this.book.openOn([scope]);
    for (const id of open) this.lose(id, this.causes.of('connection-lost', by));
    return open.length;
  }

  /** Both ends lose the connection at this instant. */
  lose(id: ConnectionId, cause: CauseId): void {
    this.connections[id]!.trouble = cause;
    this.loseEnd(id, 'server');
    this.loseEnd(id, 'client');
  }

  /**
   * The ways of connections that are open now swallow everything from now on; new ones pass. Who has sent something gives up
   * after so long without an answer, unless silence is noticed before. How many connections it concerns.
   */
  sever(scopes: readonly Scope[], by: string, giveUpAfter: Nanos): number {
    const open = this.book.openOn(scopes);
    for (const id of open) {
      const connection = this.connections[id]!;
      connection.trouble = this.causes.of('connection-lost', by);
      this.severed.sever(id, connection, scopes, giveUpAfter);
      this.heartbeats.update(id, connection);
    }
    return open.length;
  }

  crashed(node: NodeId, scope: CrashScope, cause: CauseId): void {
    this.handshakes.crashed(node);
    this.book.died(node);
    this.book.eachOf(node, (id, connection, side) => {
      connection.trouble = cause;
      this.closeEnd(id, connection, side, cause, !isOfHost(scope));
      this.heartbeats.update(id, connection);
    });
  }

  /** A host that is up again answers with a reset to whoever still thinks a connection is open. */
  restarted(node: NodeId): void {
    this.book.eachOf(node, (id, connection) => this.pathMended(id, connection));
  }

  paused(node: NodeId, until: Nanos): void {
    this.book.eachOf(node, (id, connection, side) => {
      (side === 'client' ? connection.toClient : connection.toServer).receiverPaused(until);
      this.heartbeats.update(id, connection);
    });
    this.sim.after(until - this.sim.now, this.nodeResumes, node, 0);
  }

  private onSynArrived(id: number, session: number): void {
    const connection = this.connections[id]!;
    if (connection.session !== session || connection.clientEnd !== 'connecting') return;
    if (this.nodes.isHostDown(connection.server)) return;
    if (!this.nodes.acceptsConnections(connection.server) || this.nodes.isFull(connection.server, () => this.book.heldAt(connection.server))) {
      connection.toClient.send(frameBytes, this.refusalArrived, id, session);
      return;
    }
    connection.toClient.send(frameBytes, this.acceptArrived, id, session);
    if (this.handshakes.isNeeded(connection.policy)) this.handshakes.begin(id as ConnectionId, connection);
    else this.open(id as ConnectionId, 'server');
  }

  private onAcceptArrived(id: number, session: number): void {
    const connection = this.connections[id]!;
    if (connection.session !== session || connection.clientEnd !== 'connecting') return;
    if (!this.handshakes.isNeeded(connection.policy)) {
      this.open(id as ConnectionId, 'client');
      return;
    }
    const { client, policy } = connection;
    connection.clientEnd = 'greeting';
    this.sim.cancel(connection.connectDeadline);
    connection.connectDeadline = this.sim.after((policy.acceptTimeout ?? 0) + policy.handshakeTimeout, this.connectTimedOut, id, session, this.nodes.owner(client));
  }

  private onRefusalArrived(id: number, session: number): void {
    const connection = this.connections[id]!;
    if (connection.session !== session) return;
    if (connection.clientEnd === 'connecting' || connection.clientEnd === 'greeting') this.giveUp(id as ConnectionId, connection);
  }

  /** One side has its connection. */
  private open(id: ConnectionId, side: Side): void {
    const connection = this.connections[id]!;
    if (side === 'client') {
      connection.clientEnd = 'open';
      connection.clientOpenedAt = this.sim.now;
      this.sim.cancel(connection.connectDeadline);
      this.heartbeats.update(id, connection);
    } else {
      connection.serverEnd = 'open';
      connection.serverOpenedAt = this.sim.now;
      connection.serverChecksFrom = this.sim.now;
      this.sim.cancel(connection.handshakeDeadline);
    }
    this.nodes.resident(connection[side]).connected(connection[side], id);
  }

  /** A client's attempt has failed. */
  private giveUp(id: ConnectionId, connection: Connection): void {
    this.sim.trace.reached('network.connectionRefused');
    this.closeEnd(id, connection, 'client', this.lost, true);
    this.nodes.resident(connection.client).refused(connection.client, id);
  }

  private onResetArrived(id: number, side: number): void {
    if (side === 0 || !this.unread.holdsEnd(id as ConnectionId)) this.loseEnd(id as ConnectionId, side === 0 ? 'client' : 'server');
  }

  private onSilenceNoticed(id: ConnectionId, side: Side): void {
    if (!this.heartbeats.isSilent(this.connections[id]!, side)) return;
    this.sim.trace.reached('network.silenceNoticed');
    this.loseEnd(id, side);
  }

  /** One side takes the connection for lost. */
  private loseEnd(id: ConnectionId, side: Side): void {
    const connection = this.connections[id]!;
    const end = side === 'client' ? connection.clientEnd : connection.serverEnd;
    const node = connection[side];
    const cause = connection.trouble;
    if (end === 'greeting' && side === 'client') {
      this.giveUp(id, connection);
    } else if (end === 'greeting') {
      // Nobody has heard of it yet.
      this.closeEnd(id, connection, side, cause, true);
    } else if (end === 'open') {
      this.closeEnd(id, connection, side, cause, true);
      this.nodes.resident(node).disconnected(node, id, cause);
    }
  }

  /** Closes one end: what was on its way there is lost, and what it had not got out. The peer is told if it can be. */
  private closeEnd(id: ConnectionId, connection: Connection, side: Side, cause: CauseId, tellPeer: boolean): void {
    const isClient = side === 'client';
    if ((isClient ? connection.clientEnd : connection.serverEnd) === 'closed') return;
    if (isClient) connection.clientEnd = 'closed';
    else connection.serverEnd = 'closed';
    this.sim.cancel(isClient ? connection.clientSilence : connection.serverSilence);
    this.sim.cancel(isClient ? connection.connectDeadline : connection.handshakeDeadline);
    this.severed.closed(id, side);
    const inbound = isClient ? connection.toClient : connection.toServer;
    const outbound = isClient ? connection.toServer : connection.toClient;
    const unsent = [...inbound.held.splice(0), ...outbound.held.splice(0)];
    this.sim.cancelOwned(inbound.owner, (type, a, b) => this.drop(type, a, b, cause));
    for (const frame of unsent) this.drop(frame.type, frame.a, frame.b, cause);
    if (!isClient) this.unread.discard(id, (type, a, b) => this.drop(type, a, b, cause));
    const peerEnd = isClient ? connection.serverEnd : connection.clientEnd;
    if (peerEnd === 'closed') this.retire(id, connection);
    else if (tellPeer && !outbound.isCut) outbound.send(frameBytes, this.resetArrived, id, isClient ? 1 : 0);
    else this.heartbeats.update(id, connection);
  }

  /** Both ends are closed: the id may live again. */
  private retire(id: ConnectionId, connection: Connection): void {
    for (const link of [connection.toServer, connection.toClient]) {
      this.sim.cancelOwned(link.owner, (type, a, b) => this.drop(type, a, b, connection.trouble));
    }
    this.book.retire(id);
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
    if (clientEnd === 'closed' && serverEnd !== 'closed' && !this.isUnreachable(connection.toServer) && !this.nodes.isHostDown(connection.client)) {
      connection.toServer.send(frameBytes, this.resetArrived, id, 1);
    } else if (serverEnd === 'closed' && (clientEnd === 'greeting' || clientEnd === 'open') && !this.isUnreachable(connection.toClient) && !this.nodes.isHostDown(connection.server)) {
      connection.toClient.send(frameBytes, this.resetArrived, id, 0);
    }
    this.heartbeats.update(id, connection);
  }

  private isUnreachable(link: Link): boolean {
    return link.isCut || this.nodes.isHostDown(link.path.to);
  }

  private create(client: NodeId, server: NodeId): ConnectionId {
    const toServer = new Link(this.sim, this.paths.between(client, server));
    const toClient = new Link(this.sim, this.paths.between(server, client));
    toServer.disturbed(this.nodes.pausedUntil(server));
    toClient.disturbed(this.nodes.pausedUntil(client));
    const policy = agreed(this.policies.get(server) ?? this.standard, this.asked.get(client));
    const connection = new Connection(client, server, toServer, toClient, policy, this.lost);
    const id = this.book.add(connection);
    for (const [link, sender, receiver] of [[toServer, 'client', 'server'], [toClient, 'server', 'client']] as const) {
      link.onStall = () => this.heartbeats.restart(id, connection, receiver);
      link.onGivingUp = (after) => {
        this.severed.giveUp(id, connection, sender, after);
        this.heartbeats.restart(id, connection, receiver);
      };
    }
    return id;
  }
}
