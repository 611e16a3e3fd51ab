/** All connections there are and were: by their number, by their nodes, by the ways that they go. */
import type { Connection, Side } from './connection.ts';
import type { Link } from './link.ts';
import type { ConnectionId } from './message.ts';
import type { NodeId } from './node.ts';
import { pairOf, type Scope } from './paths.ts';

export class Connections {
  readonly all: Connection[] = [];
  /** Closed at both ends, by pair of nodes: their numbers may live again. */
  private readonly idle = new Map<number, ConnectionId[]>();

  /** By server: connections that clients opened and forgot. Nothing goes by them, and they are there until an end of them dies. */
  private readonly forgotten = new Map<NodeId, Map<NodeId, number>>();

  add(connection: Connection): ConnectionId {
    return (this.all.push(connection) - 1) as ConnectionId;
  }

  /** A client opens one more and forgets it. */
  openAndForget(client: NodeId, server: NodeId): void {
    const byClient = this.forgotten.get(server) ?? new Map<NodeId, number>();
    this.forgotten.set(server, byClient.set(client, (byClient.get(client) ?? 0) + 1));
  }

  forgottenAt(server: NodeId): number {
    let count = 0;
    for (const each of this.forgotten.get(server)?.values() ?? []) count += each;
    return count;
  }

  /** A process is gone, and with it what it had open. */
  died(node: NodeId): void {
    this.forgotten.delete(node);
    for (const byClient of this.forgotten.values()) byClient.delete(node);
  }

  takeIdle(client: NodeId, server: NodeId): ConnectionId | undefined {
    return this.idle.get(pairOf(client, server))?.pop();
  }

  retire(id: ConnectionId): void {
    const { client, server } = this.all[id]!;
    const pair = pairOf(client, server);
    const idle = this.idle.get(pair);
    if (idle === undefined) this.idle.set(pair, [id]);
    else idle.push(id);
  }

  eachOf(node: NodeId, visit: (id: ConnectionId, connection: Connection, side: Side) => void): void {
    this.all.forEach((connection, id) => {
      if (connection.client === node) visit(id as ConnectionId, connection, 'client');
      else if (connection.server === node) visit(id as ConnectionId, connection, 'server');
    });
  }

  /** Those that are open at a server's end. */
  openAt(server: NodeId): ConnectionId[] {
    return this.ids().filter((id) => this.all[id]!.server === server && this.all[id]!.serverEnd === 'open');
  }

  /** How many a server has, those with it that are not through with their handshake. */
  heldAt(server: NodeId): number {
    return this.all.reduce((held, connection) => (connection.server === server && connection.serverEnd !== 'closed' ? held + 1 : held), this.forgottenAt(server));
  }

  /** Those that go one of these ways, and are open at one end at least. */
  openOn(scopes: readonly Scope[]): ConnectionId[] {
    return this.ids().filter((id) => {
      const { clientEnd, serverEnd } = this.all[id]!;
      return (clientEnd === 'open' || serverEnd === 'open') && scopes.some((scope) => concerns(scope, this.all[id]!));
    });
  }

  /** Of which that is one direction. */
  ofLink(link: Link): ConnectionId {
    return this.all.findIndex(({ toServer, toClient }) => link === toServer || link === toClient) as ConnectionId;
  }

  private ids(): ConnectionId[] {
    return [...this.all.keys()] as ConnectionId[];
  }
}

/** One of its directions goes there. */
export function concerns(scope: Scope, connection: Connection): boolean {
  return scope.covers(connection.toServer.path) || scope.covers(connection.toClient.path);
}
