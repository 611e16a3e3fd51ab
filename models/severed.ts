/**
 * Connections that are dead and look open: somebody between the two ends has forgotten them (a NAT, a firewall, a load balancer), or
 * an end is gone without a word. What is sent stays in the socket's buffer; TCP sends it again until it gives up.
 */
import type { EventHandle } from '../sim/event-list.ts';
import type { EventType, Simulation } from '../sim/simulation.ts';
import type { Nanos } from '../sim/units.ts';
import type { Connection, Side } from './connection.ts';
import type { ConnectionId } from './message.ts';
import type { Nodes } from './node.ts';
import type { Scope } from './paths.ts';

export class Severed {
  private readonly givesUp: EventType<ConnectionId, number>;
  /** Timers of TCP, by end of a connection. */
  private readonly armed = new Map<number, EventHandle>();
  private readonly sim: Simulation;
  private readonly nodes: Nodes;
  private readonly lose: (id: ConnectionId, side: Side) => void;

  constructor(sim: Simulation, nodes: Nodes, lose: (id: ConnectionId, side: Side) => void) {
    this.sim = sim;
    this.nodes = nodes;
    this.lose = lose;
    this.givesUp = sim.declare('network.sendGivenUp');
    sim.handle(this.givesUp, (id, side) => this.onGivesUp(id, side));
  }

  /** Its ways that a scope covers are dead from now on. */
  sever(id: ConnectionId, connection: Connection, scopes: readonly Scope[], giveUpAfter: Nanos): void {
    for (const [link, side] of [[connection.toServer, 'client'], [connection.toClient, 'server']] as const) {
      if (!scopes.some((scope) => scope.covers(link.path))) continue;
      link.disturbed(this.nodes.pausedUntil(link.path.to));
      link.isDead = true;
      link.onStuck = () => this.giveUp(id, connection, side, giveUpAfter);
    }
  }

  /** That side has sent something on a dead way, and loses its connection so long from now unless silence is noticed before. */
  giveUp(id: ConnectionId, connection: Connection, side: Side, after: Nanos): void {
    this.armed.set(endOf(id, side), this.sim.after(after, this.givesUp, id, side === 'client' ? 0 : 1, this.nodes.owner(connection[side])));
  }

  /** That side waits for nothing any more. */
  closed(id: ConnectionId, side: Side): void {
    const end = endOf(id, side);
    const timer = this.armed.get(end);
    if (timer === undefined) return;
    this.sim.cancel(timer);
    this.armed.delete(end);
  }

  private onGivesUp(id: ConnectionId, sideNumber: number): void {
    this.sim.trace.reached('network.sendGivenUp');
    this.lose(id, sideNumber === 0 ? 'client' : 'server');
  }
}

function endOf(id: ConnectionId, side: Side): number {
  return id * 2 + (side === 'client' ? 0 : 1);
}
