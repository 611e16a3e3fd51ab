/**
 * Maintenance mode (rabbit_maintenance `drain`, read at v3.13.7, v4.2.9 and v4.3.5): a node takes no new connections, closes those
 * that it has, and stops its members of quorum queues, so that others elect a leader among themselves. Leadership is not handed
 * over: leaders are stopped like the rest (rabbit_quorum_queue `transfer_leadership`). Classic queues and streams stay where they
 * are, and are served to whoever is connected to another node. A node that starts again is in maintenance no more.
 */
import type { Maintenance } from '../../broker.ts';
import type { CauseId } from '../../causes.ts';
import type { ConnectionId } from '../../message.ts';
import type { CrashScope, NodeId, NodeWatcher } from '../../node.ts';
import type { World } from '../../world.ts';
import type { RabbitQueue } from './queue.ts';
import { QuorumQueue } from './quorum-queue.ts';

export interface MaintenanceHost {
  readonly world: World;
  readonly nodes: readonly NodeId[];
  readonly lines: readonly RabbitQueue[];
  disconnected(node: NodeId, connection: ConnectionId, cause: CauseId): void;
}

export class RabbitMaintenance implements Maintenance, NodeWatcher {
  private readonly host: MaintenanceHost;
  /** By node: who drained it. */
  private readonly drained = new Map<NodeId, Set<string>>();

  constructor(host: MaintenanceHost) {
    this.host = host;
    host.world.nodes.watchedBy(this);
  }

  drain(node: NodeId, by: string, cause: CauseId): void {
    const { nodes, network, sim } = this.host.world;
    const drainers = this.drained.get(node);
    if (drainers !== undefined) {
      drainers.add(by);
      return;
    }
    sim.trace.reached('maintenance.drained');
    this.drained.set(node, new Set([by]));
    nodes.refuse(node);
    for (const connection of network.book.openAt(node)) {
      network.refuseAtServer(connection, network.session(connection), cause);
      this.host.disconnected(node, connection, cause);
    }
    const others = this.host.nodes.filter((peer) => peer !== node);
    const hasCandidates = others.some((peer) => nodes.isUp(peer) && !this.drained.has(peer));
    for (const queue of this.quorumQueues) {
      // Where nobody runs who could lead, leaders go on (rabbit_quorum_queue `transfer_leadership`).
      if (queue.leader === node && !hasCandidates) continue;
      queue.stopMember(node);
      for (const peer of others) queue.suspect(peer, node, 'closed');
    }
  }

  revive(node: NodeId, by: string): void {
    const drainers = this.drained.get(node);
    if (drainers?.delete(by) !== true || drainers.size > 0) return;
    this.end(node);
    for (const queue of this.quorumQueues) queue.nodeBooted(node);
  }

  /** What it was told is in no memory any more. */
  crashed(node: NodeId, _scope: CrashScope): void {
    if (this.drained.has(node)) this.end(node);
  }

  restarted(): void {}
  paused(): void {}

  private end(node: NodeId): void {
    this.drained.delete(node);
    this.host.world.nodes.accept(node);
  }

  private get quorumQueues(): QuorumQueue[] {
    return this.host.lines.filter((queue) => queue instanceof QuorumQueue);
  }
}
