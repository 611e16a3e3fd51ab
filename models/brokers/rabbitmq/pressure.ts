/** What a broker does about its limits: nodes look at what they use, tell each other what they are short of, and stop to read who publishes. */
import type { NodeId } from '../../node.ts';
import type { Peers } from '../../peers.ts';
import { Alarms } from './alarms.ts';
import { Flow } from './flow.ts';
import { limitsOf } from './limits.ts';
import { NodeMeters } from './meters.ts';
import { Monitors } from './monitors.ts';
import type { RabbitQueue } from './queue.ts';
import { type ReaderHost, Readers } from './readers.ts';
import type { RabbitmqSpec } from './settings.ts';
import { rulesOf } from './versions.ts';

interface PressureHost extends ReaderHost {
  readonly nodes: readonly NodeId[];
  readonly lines: readonly RabbitQueue[];
}

export class Pressure {
  readonly flow: Flow;
  readonly alarms: Alarms;
  readonly monitors: Monitors;
  readonly readers: Readers;
  readonly meters: NodeMeters;

  constructor(host: PressureHost, name: string, spec: RabbitmqSpec, peers: Peers) {
    const { world, nodes, lines } = host;
    this.alarms = new Alarms(world, name, nodes, peers, (node) => this.readers.reviewAll(node));
    this.flow = new Flow(host, name, spec.config.credit_flow_default_credit, peers);
    this.readers = new Readers(host, this.alarms, this.flow);
    this.meters = new NodeMeters(world, lines, spec.resources, spec.config.raft.wal_max_size_bytes, rulesOf(spec.version).classicInMemory);
    this.monitors = new Monitors(world, name, nodes, limitsOf(spec), this.meters, this.alarms);
    for (const node of nodes) this.booted(node);
  }

  booted(node: NodeId): void {
    this.meters.booted(node);
    this.monitors.booted(node);
  }

  peerLost(node: NodeId, peer: NodeId): void {
    this.alarms.peerLost(node, peer);
    this.flow.peerLost(node, peer);
  }

  crashed(node: NodeId): void {
    this.alarms.crashed(node);
    this.monitors.crashed(node);
  }
}
