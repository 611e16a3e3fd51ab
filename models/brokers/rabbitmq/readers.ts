/**
 * Readers of connections: each takes what its client sends, one after another, until there is a reason to stop: an alarm, or that it has
 * no credit at its channel (`flow.ts`). A connection is blocked when it publishes while its node knows of an alarm; the publish that showed it waits with all that comes after it, be it
 * settlements, and the client's own close. A connection that does not publish is left alone (rabbit_reader `publish_received`
 * and `control_throttle` at 3.10.8 and 4.3.5).
 *
 * Left out: `connection.blocked`, which the client is told; nothing here acts on it.
 */
import type { EventType } from '../../../sim/simulation.ts';
import type { ConnectionId } from '../../message.ts';
import type { NodeId } from '../../node.ts';
import type { World } from '../../world.ts';
import type { Alarms } from './alarms.ts';
import type { Flow } from './flow.ts';

export interface ReaderHost {
  readonly world: World;
  serverOf(connection: ConnectionId): NodeId;
  /** Takes a frame that waited until its connection was read again. */
  read(type: EventType, a: number, b: number): void;
}

export class Readers {
  private readonly blocked = new Set<ConnectionId>();
  private readonly host: ReaderHost;
  private readonly alarms: Alarms;
  private readonly flow: Flow;

  constructor(host: ReaderHost, alarms: Alarms, flow: Flow) {
    this.host = host;
    this.alarms = alarms;
    this.flow = flow;
    flow.onFree = (connection) => this.review(connection);
  }

  /** A publish came. True when it has to wait. */
  holdsPublish<A extends number, B extends number>(connection: ConnectionId, type: EventType<A, B>, a: A, b: B): boolean {
    const { world } = this.host;
    const { unread } = world.network;
    if (unread.holds(connection, type, a, b)) return true;
    if (this.alarms.isAlarmed(this.host.serverOf(connection))) {
      world.sim.trace.reached('broker.connectionBlocked');
      world.alarms.connectionBlocked();
      this.block(connection);
      return unread.holds(connection, type, a, b);
    }
    this.flow.took(connection);
    return false;
  }

  /** Its channel has passed the publish on. A reader that has no credit left reads no more until it has. */
  handedOn(connection: ConnectionId): void {
    if (!this.flow.isExhausted(connection)) return;
    this.host.world.sim.trace.reached('broker.connectionInFlow');
    this.block(connection);
  }

  /** The reader goes on where nothing holds it back any more. */
  review(connection: ConnectionId): void {
    if (!this.blocked.has(connection) || this.alarms.isAlarmed(this.host.serverOf(connection)) || this.flow.isExhausted(connection)) return;
    this.blocked.delete(connection);
    this.host.world.network.unread.resume(connection, (type, a, b) => this.host.read(type, a, b));
  }

  reviewAll(node: NodeId): void {
    // What is read may block its connection again.
    const here = [...this.blocked].filter((connection) => this.host.serverOf(connection) === node);
    for (const connection of here) this.review(connection);
  }

  /** A new life of the connection, which nothing blocks. */
  opened(connection: ConnectionId): void {
    this.blocked.delete(connection);
    this.flow.opened(connection);
  }

  private block(connection: ConnectionId): void {
    this.blocked.add(connection);
    this.host.world.network.unread.stop(connection);
  }
}
