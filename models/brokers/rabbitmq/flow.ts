/**
 * Credit flow: how publishes are slowed down to what queues take (credit_flow at 3.10.8 and 4.2.9).
 *
 * Who sends begins with 400 credits at each receiver and spends one a message; the receiver grants 200 more for each 200 that it
 * took. A reader sends to its channel, a channel to each classic queue; a quorum queue blocks the channel in a way of its own
 * (`soft-limit.ts`). A channel without credit still passes on what it has, and grants its reader nothing until it has credit again;
 * the reader is the only one that stops: it leaves its socket unread.
 *
 * Readers and channels take no time here, so that a reader is granted at once what its channel grants. A channel that still has
 * credit at a queue on another node hears of more at once, one that has none a hop later. Left out: credit between queues and the
 * store that they share (`msg_store_credit_disc_bound`).
 */
import { longer } from '../../../sim/slot-store.ts';
import type { EventType } from '../../../sim/simulation.ts';
import type { AttemptId, ConnectionId, DeliveryId, QueueId } from '../../message.ts';
import type { NodeId } from '../../node.ts';
import type { Peers } from '../../peers.ts';
import { overhead } from '../../protocol.ts';
import type { World } from '../../world.ts';

/** Whatever makes channels wait: a queue, for those that publish to it. */
export interface Brake {
  /** Where it is, as long as that does not change. */
  readonly home: NodeId | undefined;
  /** The channel hears that it may go on. */
  released(connection: ConnectionId): void;
  /** It knows nothing of that connection any more. */
  forget(connection: ConnectionId): void;
}

export interface FlowHost {
  readonly world: World;
  serverOf(connection: ConnectionId): NodeId;
}

export class Flow {
  readonly initial: number;
  readonly more: number;
  /** Told of each connection whose channel waits for nothing any more. */
  onFree: (connection: ConnectionId) => void = () => {};
  /** By connection: publishes since its channel granted credit last, and brakes that its channel waits for. */
  private taken = new Int32Array(64);
  private brakesOn = new Int32Array(64);
  private readonly brakes: Brake[] = [];
  private readonly creditGranted: EventType<ConnectionId, QueueId>;
  private readonly host: FlowHost;
  private readonly peers: Peers;

  /** @param credit `credit_flow_default_credit`; 0 is no flow control */
  constructor(host: FlowHost, name: string, [initial, more]: readonly [number, number], peers: Peers) {
    const { sim } = host.world;
    this.host = host;
    this.peers = peers;
    this.initial = initial === 0 ? Infinity : initial;
    this.more = initial === 0 ? Infinity : more;
    this.creditGranted = sim.declare(`${name}.creditGranted`);
    sim.handle(this.creditGranted, (connection, queue) => this.brakes[queue]!.released(connection));
  }

  add(queue: QueueId, brake: Brake): void {
    this.brakes[queue] = brake;
  }

  // ---- between a reader and its channel

  /** A new life of a connection. */
  opened(connection: ConnectionId): void {
    while (connection >= this.taken.length) {
      this.taken = longer(this.taken, this.taken.length * 2);
      this.brakesOn = longer(this.brakesOn, this.brakesOn.length * 2);
    }
    this.brakes.forEach((brake) => brake.forget(connection));
    this.taken[connection] = 0;
    this.brakesOn[connection] = 0;
  }

  /** A reader hands a publish to its channel. */
  took(connection: ConnectionId): void {
    if (++this.taken[connection]! >= this.more && this.brakesOn[connection] === 0) this.taken[connection] = 0;
  }

  /** The reader has no credit at its channel. */
  isExhausted(connection: ConnectionId): boolean {
    return this.taken[connection]! >= this.initial;
  }

  // ---- between a channel and queues

  block(connection: ConnectionId): void {
    this.brakesOn[connection]!++;
  }

  /** What the channel would have granted meanwhile its reader has now. */
  unblock(connection: ConnectionId): void {
    if (--this.brakesOn[connection]! > 0) return;
    this.taken[connection]! %= this.more;
    this.onFree(connection);
  }

  /** A queue lets a channel go on, which hears of it as soon as it can. @param from where the queue says so */
  release(from: NodeId, connection: ConnectionId, queue: QueueId): void {
    this.peers.send(from, this.host.serverOf(connection), overhead.reply, this.creditGranted, connection, queue);
  }

  /** Of two nodes, the one takes the other for up. */
  sees(node: NodeId, peer: NodeId): boolean {
    return this.peers.isConnected(node, peer);
  }

  /** Channels owe nothing to queues on a node that they do not see. */
  peerLost(node: NodeId, peer: NodeId): void {
    const lost = this.brakes.filter((brake) => brake.home === peer);
    if (lost.length === 0) return;
    for (let connection = 0; connection < this.taken.length; connection++) {
      if (this.host.serverOf(connection as ConnectionId) === node) for (const brake of lost) brake.forget(connection as ConnectionId);
    }
  }

  /** The connection in whose present life that was published; undefined when it was in an earlier one. */
  publisherOf(attempt: AttemptId): ConnectionId | undefined {
    const { attempts, network } = this.host.world;
    const connection = attempts.connection[attempt] as ConnectionId;
    return attempts.session[attempt] === network.session(connection) ? connection : undefined;
  }

  /** The same of a settlement. */
  settlerOf(delivery: DeliveryId): ConnectionId | undefined {
    const { deliveries, network } = this.host.world;
    const connection = deliveries.connection[delivery] as ConnectionId;
    return deliveries.session[delivery] === network.session(connection) ? connection : undefined;
  }
}
