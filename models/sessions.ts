/** How clients keep a connection to a broker: connect, notice its loss, wait, connect again, to its next node where there are several. */
import type { EventType } from '../sim/simulation.ts';
import type { Nanos } from '../sim/units.ts';
import { backoffDelay } from './backoff.ts';
import type { CauseId } from './causes.ts';
import type { Login } from './connection.ts';
import { type ConnectionId, none } from './message.ts';
import type { CancelledEvent, CrashScope, NodeId, Resident } from './node.ts';
import { type BrokerPort, overhead } from './protocol.ts';
import type { RetrySpec } from './retry.ts';
import type { RandomStream } from '../sim/random.ts';
import type { World } from './world.ts';

/** What a client does with its connections. */
export interface Application {
  sessionOpened(session: Session): void;
  sessionClosed(session: Session, cause: CauseId): void;
  /** What the client asked for by `demand` is not to be had: each of the broker's entries refused. */
  demandRefused?(session: Session): void;
  /** The process died, and its connections with it; `sessionClosed` is not called. */
  crashed(node: NodeId, scope: CrashScope, cause: CauseId, cancelled: readonly CancelledEvent[]): void;
  restarted(node: NodeId): void;
}

/** When a client connects again; undefined: never; on-demand: when it has something to say. */
export type ReconnectPolicy = RetrySpec | 'on-demand' | undefined;

export class Session {
  readonly id: number;
  readonly node: NodeId;
  readonly port: BrokerPort;
  readonly application: Application;
  readonly jitter: RandomStream;
  readonly login: Login;
  readonly policy: ReconnectPolicy;
  /** Which of the broker's entries it turns to. */
  entry: number;
  private readonly firstEntry: number;
  connection: ConnectionId | typeof none = none;
  /** Which life of the connection it is. */
  life = 0;
  isOpen = false;
  /** It lost a connection, or did not get the first one. */
  wasRefused = false;
  failures = 0;
  lastBackoff: Nanos = 0;

  constructor(id: number, node: NodeId, port: BrokerPort, firstEntry: number, application: Application, jitter: RandomStream, login: Login, policy: ReconnectPolicy) {
    this.id = id;
    this.node = node;
    this.port = port;
    this.application = application;
    this.jitter = jitter;
    this.login = login;
    this.policy = policy;
    this.firstEntry = firstEntry;
    this.entry = firstEntry;
  }

  turnToNextEntry(): void {
    this.entry = (this.entry + 1) % this.port.entries.length;
  }

  /** A process that starts again knows nothing of its attempts before. */
  forget(): void {
    this.isOpen = false;
    this.wasRefused = false;
    this.connection = none;
    this.failures = 0;
    this.lastBackoff = 0;
    this.entry = this.firstEntry;
  }
}

export interface SessionSettings {
  readonly login: Login;
  /** The client's own rule for connecting again, if it has one. */
  readonly reconnect: { readonly policy: ReconnectPolicy } | undefined;
  /** Tells further sessions of a node with one broker apart. */
  readonly use?: string;
}

export class Sessions {
  private readonly sessions: Session[] = [];
  /** Sessions of each broker. */
  private readonly clients = new Map<BrokerPort, number>();
  private readonly reconnectDue: EventType;
  private readonly policy: RetrySpec | undefined;
  private readonly world: World;

  constructor(world: World, reconnect: RetrySpec | undefined) {
    this.world = world;
    this.policy = reconnect;
    this.reconnectDue = world.sim.declare('session.reconnectDue');
    world.sim.mayBeLate(this.reconnectDue);
    world.sim.handle(this.reconnectDue, (session) => this.connect(this.sessions[session]!));
  }

  /** A session of a client's node; `connect` begins it. */
  create(node: NodeId, port: BrokerPort, application: Application, { login, reconnect, use = '' }: SessionSettings): Session {
    const jitter = this.world.sim.stream(`${this.world.nodes.name(node)}/reconnect/${port.name}${use}`);
    const number = this.clients.get(port) ?? 0;
    this.clients.set(port, number + 1);
    const session = new Session(this.sessions.length, node, port, number % port.entries.length, application, jitter, login, reconnect === undefined ? this.policy : reconnect.policy);
    this.sessions.push(session);
    return session;
  }

  /** Those that are open at these nodes. */
  openAt(nodes: readonly NodeId[]): readonly Session[] {
    return this.of(nodes).filter(({ isOpen }) => isOpen);
  }

  /** Those of these nodes, open or not. */
  of(nodes: readonly NodeId[]): readonly Session[] {
    const wanted = new Set(nodes);
    return this.sessions.filter(({ node }) => wanted.has(node));
  }

  connect(session: Session): void {
    session.connection = this.world.network.connect(session.node, session.port.entries[session.entry]!, session.login);
    session.life = this.world.network.session(session.connection);
  }

  /** A client without a connection has something to say. True when it is to wait for what comes of that. */
  demand(session: Session): boolean {
    if (session.connection !== none) return session.policy === 'on-demand' || !session.wasRefused;
    if (session.policy !== 'on-demand') return !session.wasRefused;
    this.world.sim.trace.reached('session.demanded');
    session.failures = 0;
    this.connect(session);
    return true;
  }

  opened(session: Session): void {
    session.isOpen = true;
    session.wasRefused = false;
    session.failures = 0;
    session.lastBackoff = 0;
    const { login, port: { declareArrived }, life } = session;
    if (login.declares !== undefined && declareArrived !== undefined) this.world.network.sendToServer(session.connection as ConnectionId, overhead.subscribe, declareArrived, session.connection as ConnectionId, life);
    session.application.sessionOpened(session);
  }

  closed(session: Session, cause: CauseId): void {
    session.isOpen = false;
    session.connection = none;
    this.world.sim.trace.reached('session.lost');
    session.application.sessionClosed(session, cause);
    this.reconnectLater(session);
  }

  refused(session: Session): void {
    session.connection = none;
    this.reconnectLater(session);
    if (session.policy !== 'on-demand') return;
    // Libraries that are given several addresses try all of them before they give up.
    if (session.failures % session.port.entries.length !== 0) this.connect(session);
    else session.application.demandRefused?.(session);
  }

  private reconnectLater(session: Session): void {
    session.failures++;
    session.wasRefused = true;
    session.turnToNextEntry();
    const { policy } = session;
    if (policy === 'on-demand') return;
    if (policy === undefined || session.failures >= policy.attempts) return;
    session.lastBackoff = backoffDelay(policy.backoff, session.failures, session.lastBackoff, session.jitter);
    this.world.sim.after(session.lastBackoff, this.reconnectDue, session.id, 0, this.world.nodes.owner(session.node));
  }
}

/** The resident of a client's node: passes what happens to the node on to its sessions and its application. */
export class ClientNode implements Resident {
  readonly sessions: Session[] = [];
  private readonly keeper: Sessions;
  private readonly application: Application;

  constructor(keeper: Sessions, application: Application) {
    this.keeper = keeper;
    this.application = application;
  }

  crashed(node: NodeId, scope: CrashScope, cause: CauseId, cancelled: readonly CancelledEvent[]): void {
    for (const session of this.sessions) session.forget();
    this.application.crashed(node, scope, cause, cancelled);
  }

  restarted(node: NodeId): void {
    for (const session of this.sessions) this.keeper.connect(session);
    this.application.restarted(node);
  }

  connected(_node: NodeId, connection: ConnectionId): void {
    this.keeper.opened(this.sessionOf(connection)!);
  }

  disconnected(_node: NodeId, connection: ConnectionId, cause: CauseId): void {
    const session = this.sessionOf(connection);
    if (session !== undefined) this.keeper.closed(session, cause);
  }

  refused(_node: NodeId, connection: ConnectionId): void {
    const session = this.sessionOf(connection);
    if (session !== undefined) this.keeper.refused(session);
  }

  private sessionOf(connection: ConnectionId): Session | undefined {
    return this.sessions.find((session) => session.connection === connection);
  }
}

/** @param path what it publishes to or consumes from, as in `orders-mq/orders` */
export function loginOf({ user, declare }: { readonly user: string; readonly declare: boolean }, path: string): Login {
  return { user, declares: declare ? path.slice(path.indexOf('/') + 1) : undefined };
}
