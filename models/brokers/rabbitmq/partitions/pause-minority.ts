/**
 * pause_minority: a node that sees half of the cluster or less stops its applications, looks once a second whether it is with
 * more than half again, and then starts them (rabbit_node_monitor `handle_dead_node`, `await_cluster_recovery`, at 3.13.7). It
 * counts virtual machines, not RabbitMQs: others that have paused as well count. The look that is due at once comes first, so
 * that a node whose link was dropped and can be opened again pauses for as long as it needs to start.
 *
 * Recorded at 3.10.8: 18 ms after one of two was killed the other one began to stop, and started when the first one's machine was
 * there, seven seconds before its RabbitMQ was. Left out: the time that a machine takes until others can reach it.
 *
 * A node that learns that it lost only a part of what another one still sees pauses until it reaches all (`partial_partition`).
 */
import type { EventType } from '../../../../sim/simulation.ts';
import type { Nanos } from '../../../../sim/units.ts';
import type { NodeId } from '../../../node.ts';
import type { World } from '../../../world.ts';
import type { Applications } from './applications.ts';

/** `RABBIT_DOWN_PING_INTERVAL`. */
const lookEvery: Nanos = 1e9;

export class PauseMinority {
  private readonly world: World;
  private readonly nodes: readonly NodeId[];
  private readonly applications: Applications;
  /** The second operand: how many nodes it has to reach, itself among them. */
  private readonly looked: EventType<NodeId, number>;

  constructor(world: World, name: string, nodes: readonly NodeId[], applications: Applications) {
    this.world = world;
    this.nodes = nodes;
    this.applications = applications;
    this.looked = world.sim.declare(`${name}.pausedNodeLooks`);
    world.sim.handle(this.looked, (node, wanted) => this.onLooked(node, wanted));
  }

  /** `node` takes the machine of `peer` for gone. */
  lost(node: NodeId, peer: NodeId): void {
    const seen = this.nodes.filter((other) => other === node || (other !== peer && this.applications.sees(node, other)));
    if (!this.isMajority(seen.length)) this.pause(node, this.majority);
  }

  partial(node: NodeId): void {
    this.pause(node, this.nodes.length);
  }

  private pause(node: NodeId, wanted: number): void {
    this.applications.stop(node);
    this.world.sim.after(0, this.looked, node, wanted);
  }

  private onLooked(node: NodeId, wanted: number): void {
    // Where the machine died meanwhile, its next one boots as any.
    const isThere = this.applications.isStopped(node);
    if (!isThere || this.nodes.filter((other) => this.applications.reaches(node, other)).length >= wanted) this.applications.start(node);
    else this.world.sim.after(lookEvery, this.looked, node, wanted);
  }

  private get majority(): number {
    return Math.floor(this.nodes.length / 2) + 1;
  }

  private isMajority(count: number): boolean {
    return count >= this.majority;
  }
}
