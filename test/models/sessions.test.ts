import { describe, expect, it } from 'vitest';
import { anybody } from '../../models/connection.ts';
import { networkSchema } from '../../models/network-settings.ts';
import type { NodeId, Resident } from '../../models/node.ts';
import { Scope } from '../../models/paths.ts';
import type { BrokerPort } from '../../models/protocol.ts';
import { type Application, ClientNode, type Session, Sessions } from '../../models/sessions.ts';
import { World } from '../../models/world.ts';

/** Clients of a broker with several nodes, who try again 100 ms after each failure. */
class Clients implements Application {
  /** `3 0>1`: client 0 has a connection to node 1 at 3 ms; `0/1` when it lost that. */
  readonly told: string[] = [];
  readonly world: World;
  readonly entries: readonly NodeId[];
  readonly nodes: readonly NodeId[];
  private readonly sessions: Sessions;
  private readonly port: BrokerPort;

  constructor(count: number, entries: number) {
    const network = networkSchema.parse({ default: { latency: '1ms' }, connection: { connectTimeout: '50ms', heartbeat: '1h', reconnect: { fixed: { delay: '100ms' } } } });
    this.world = new World({ seed: 1 }, { measureFrom: 0, healAt: 1e12, end: 1e12 }, network);
    const silent: Resident = { crashed() {}, restarted() {}, connected() {}, disconnected() {}, refused() {} };
    this.entries = Array.from({ length: entries }, (_, index) => this.world.nodes.create(`mq.${index}`, silent));
    this.sessions = new Sessions(this.world, network.connection.reconnect);
    this.port = { name: 'mq', entries: this.entries } as unknown as BrokerPort;
    this.nodes = Array.from({ length: count }, (_, index) => this.create(`client.${index}`));
  }

  create(name: string, port = this.port): NodeId {
    const client = new ClientNode(this.sessions, this);
    const node = this.world.nodes.create(name, client);
    const session = this.sessions.create(node, port, this, { login: anybody, reconnect: undefined });
    client.sessions.push(session);
    this.sessions.connect(session);
    return node;
  }

  sessionOpened(session: Session): void {
    this.note(`${session.id}>${session.entry}`);
  }

  /** It has turned to none yet. */
  sessionClosed(session: Session): void {
    this.note(`${session.id}/${session.entry}`);
  }

  crashed(): void {}

  restarted(): void {}

  crash(node: NodeId): void {
    this.world.nodes.crash(node, 'process', 'test', this.world.causes.of('crash'));
  }

  until(millisecond: number): string[] {
    const from = this.told.length;
    this.world.sim.runUntil(millisecond * 1e6);
    return this.told.slice(from);
  }

  private note(what: string): void {
    this.told.push(`${this.world.sim.now / 1e6} ${what}`);
  }
}

describe('clients of a broker with several entries', () => {
  it('begin with one after another, those of each broker for themselves', () => {
    const clients = new Clients(4, 3);
    const other = { name: 'other', entries: [...clients.entries].reverse() } as unknown as BrokerPort;
    clients.create('client.other', other);
    clients.create('client.last');
    expect(clients.until(10)).toEqual(['2 0>0', '2 1>1', '2 2>2', '2 3>0', '2 4>0', '2 5>1']);
  });

  it('turn to the next when their connection is lost, and to the next again when that refuses', () => {
    const clients = new Clients(3, 3);
    clients.until(10);
    clients.crash(clients.entries[0]!);
    // Client 0 goes to node 1; client 2, when its node dies too, past node 0 to node 1.
    expect(clients.until(200)).toEqual(['11 0/0', '113 0>1']);
    clients.crash(clients.entries[2]!);
    expect(clients.until(1000)).toEqual(['201 2/2', '405 2>1']);
  });

  it('turn to the next when nobody answers', () => {
    const clients = new Clients(1, 2);
    clients.world.network.paths.cut('cut', 'F1', new Scope([clients.nodes[0]!], [clients.entries[0]!]));
    // The first packet was on its way already; the answer of node 0 comes, and so does its loss.
    expect(clients.until(10)).toEqual(['2 0>0']);
    clients.crash(clients.entries[0]!);
    clients.crash(clients.entries[1]!);
    clients.until(300);
    clients.world.nodes.restart(clients.entries[1]!, 'test');
    // Refused by node 1 at 113; unanswered by node 0 from 213 to 263; node 1 at 363.
    expect(clients.until(1000)).toEqual(['365 0>1']);
  });

  it('begin with their own again when their process starts again', () => {
    const clients = new Clients(2, 2);
    clients.until(10);
    clients.crash(clients.entries[1]!);
    expect(clients.until(200)).toEqual(['11 1/1', '113 1>0']);
    clients.world.nodes.restart(clients.entries[1]!, 'test');
    clients.crash(clients.nodes[1]!);
    clients.world.nodes.restart(clients.nodes[1]!, 'test');
    expect(clients.until(300)).toEqual(['202 1>1']);
  });

  it('have no other with one', () => {
    const clients = new Clients(2, 1);
    clients.until(10);
    clients.crash(clients.entries[0]!);
    clients.until(20);
    clients.world.nodes.restart(clients.entries[0]!, 'test');
    expect(clients.until(1000)).toEqual(['113 0>0', '113 1>0']);
  });
});
