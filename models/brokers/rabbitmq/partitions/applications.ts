/**
 * Applications of nodes that partition handling stops and starts again while their virtual machine goes on
 * (rabbit_node_monitor `run_outside_applications`). Whether such a machine is seen is another question than whether RabbitMQ runs on it.
 */
import type { NodeId } from '../../../node.ts';
import type { Peers } from '../../../peers.ts';
import type { World } from '../../../world.ts';

export class Applications {
  private readonly world: World;
  private readonly peers: Peers;
  private readonly reason: string;
  private readonly strategy: string;
  private starting: NodeId | undefined;

  /** @param name of the broker @param strategy that stops them: the cause of what is lost by it */
  constructor(world: World, peers: Peers, name: string, strategy: string) {
    this.world = world;
    this.peers = peers;
    this.reason = `${name}/${strategy}`;
    this.strategy = strategy;
  }

  stop(node: NodeId): void {
    const { nodes, causes, sim } = this.world;
    sim.trace.reached(`cluster.stopped.${this.strategy}`);
    nodes.crash(node, 'stop', this.reason, causes.of('stop', this.strategy));
  }

  /** Once it has booted it runs, unless something else keeps its machine down. */
  start(node: NodeId): void {
    this.starting = node;
    this.world.nodes.restart(node, this.reason);
    this.starting = undefined;
  }

  /** Asked by whoever boots a node: its machine is there already. */
  isStarting(node: NodeId): boolean {
    return this.starting === node;
  }

  /** Its machine runs, without RabbitMQ. */
  isStopped(node: NodeId): boolean {
    return this.world.nodes.isDownOnlyFor(node, this.reason);
  }

  /** A node takes another one's machine for alive, without asking: it is connected to it. */
  sees(node: NodeId, peer: NodeId): boolean {
    return this.peers.isConnected(node, peer) || (this.isStopped(peer) && this.reaches(node, peer));
  }

  /** A node that asks another one's machine is answered. */
  reaches(node: NodeId, peer: NodeId): boolean {
    const { nodes, sim } = this.world;
    const isAlive = nodes.isUp(peer) || this.isStopped(peer);
    return node === peer || (isAlive && nodes.pausedUntil(peer) <= sim.now && this.peers.isWayOpen(node, peer));
  }
}
