/** A connection between a client and a server: two ends, a link in each direction, and how its server keeps it. */
import type { Sampler } from '../sim/distribution.ts';
import { type EventHandle, noEvent } from '../sim/event-list.ts';
import { Fifo } from '../sim/fifo.ts';
import type { Nanos } from '../sim/units.ts';
import type { CauseId } from './causes.ts';
import type { Link } from './link.ts';
import type { ConnectionId } from './message.ts';
import type { NodeId } from './node.ts';

export type Side = 'client' | 'server';
/** greeting: TCP has answered, and the application's handshake is not through. */
type End = 'closed' | 'connecting' | 'greeting' | 'open';

/** How a server keeps its connections. */
export interface ConnectionPolicy {
  /** How often peers say something; 0: they need not, and silence is never noticed. */
  readonly heartbeat: Nanos;
  /**
   * two-silent-intervals: silence is noticed after two heartbeats. ticks: each side checks at whole heartbeats of the
   * connection's age, and the second check in a row before which no byte came ends it (RabbitMQ's rabbit_heartbeat).
   */
  readonly detection: 'two-silent-intervals' | 'ticks';
  /** Round trips of the application's handshake, after TCP's: TLS, authentication, opening. */
  readonly roundTrips: number;
  /** How long the node works on each new connection; it takes them one after another. */
  readonly accept: Sampler | undefined;
  /** How long the server waits until that work is done, where it waits for that apart from the rest (TLS before AMQP). */
  readonly acceptTimeout?: Nanos | undefined;
  /** How long each side waits for the handshake, once TCP has answered; where there is an `acceptTimeout`, the server from the end of its work on, and the client both times together. */
  readonly handshakeTimeout: Nanos;
  /** Asked when something of the handshake comes from the client: why the connection ends here, or undefined. */
  readonly admit?: ((connection: ConnectionId, roundsLeft: number) => CauseId | undefined) | undefined;
}

/** What a client says of itself when it connects. */
export interface Login {
  /** undefined: it comes from inside of the broker, which asks it for nothing. */
  readonly user: string | undefined;
  /** What it declares when it is connected. */
  readonly declares: string | undefined;
}

/** Who says nothing. */
export const anybody: Login = { user: 'guest', declares: undefined };

export interface ClientPolicy {
  readonly heartbeat: Nanos;
}

/** The shorter of two heartbeats is taken; where one is none, the other one. */
export function agreed(server: ConnectionPolicy, client: ClientPolicy | undefined): ConnectionPolicy {
  if (client === undefined) return server;
  const heartbeats = [server.heartbeat, client.heartbeat].filter((each) => each > 0);
  return { ...server, heartbeat: heartbeats.length === 0 ? 0 : Math.min(...heartbeats) };
}

export class Connection {
  readonly client: NodeId;
  readonly server: NodeId;
  readonly toServer: Link;
  readonly toClient: Link;
  readonly policy: ConnectionPolicy;
  /** Counts the lives of this id. */
  session = 0;
  login: Login = anybody;
  clientEnd: End = 'closed';
  serverEnd: End = 'closed';
  clientOpenedAt: Nanos = 0;
  serverOpenedAt: Nanos = 0;
  /** Since when its server looks for silence, and the grid of its checks begins. */
  serverChecksFrom: Nanos = 0;
  /** The server reads what comes. While it does not, that waits: of each frame its event and two operands. */
  isRead = true;
  readonly unread = new Fifo();
  /** Timers that notice silence, and those that give up connecting. */
  clientSilence: EventHandle = noEvent;
  serverSilence: EventHandle = noEvent;
  connectDeadline: EventHandle = noEvent;
  handshakeDeadline: EventHandle = noEvent;
  /** What made it silent last. */
  trouble: CauseId;

  constructor(client: NodeId, server: NodeId, toServer: Link, toClient: Link, policy: ConnectionPolicy, trouble: CauseId) {
    this.client = client;
    this.server = server;
    this.toServer = toServer;
    this.toClient = toClient;
    this.policy = policy;
    this.trouble = trouble;
  }
}

/** A frame that carries nothing but what it is. */
export const frameBytes = 64;
