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
    nodes.crash(node, 'application', this.reason, causes.of('stop', this.strategy));
  }

  /** Once it has booted it runs, unless something else keeps its machine down. */
  start(node: NodeId): void {
    this.world.nodes.restart(node, this.reason);
  }

  /** Its machine runs, without RabbitMQ: stopped here, or by an operator. */
  isStopped(node: NodeId): boolean {
    return !this.world.nodes.isUp(node) && this.world.nodes.hasProcess(node);
  }

  /** A node takes another one's machine for alive, without asking: it is connected to it. */
  sees(node: NodeId, peer: NodeId): boolean {
    return this.peers.isConnected(node, peer) || (this.isStopped(peer) && this.reaches(node, peer));
  }

  /** A node that asks another one's machine is answered. */
  reaches(node: NodeId, peer: NodeId): boolean {
    const { nodes, sim } = this.world;
    return node === peer || (nodes.hasProcess(peer) && nodes.pausedUntil(peer) <= sim.now && this.peers.isWayOpen(node, peer));
  }
}
