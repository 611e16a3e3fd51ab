/**
 * What the nodes of a cluster do by themselves when they lose sight of each other, and what they do not: `cluster_partition_handling`
 * (rabbit_node_monitor and rabbit_autoheal at 3.10.8 and 3.13.7; documentation, Clustering and Network Partitions). Up to 4.1, where
 * Mnesia keeps what nodes know of each other; from 4.2 on new clusters have Khepri, which needs none of it.
 *
 * Whoever loses a node asks those that it still sees whether they see it. If one does, a partition of a part is made one of
 * the whole: the node leaves that one, too, for a second, or pauses where it is to pause (`partial_partition`).
 */
import type { EventType } from '../../../../sim/simulation.ts';
import { frameBytes } from '../../../connection.ts';
import type { NodeId } from '../../../node.ts';
import type { Peers } from '../../../peers.ts';
import type { World } from '../../../world.ts';
import type { RabbitmqSpec } from '../settings.ts';
import type { VersionRules } from '../versions.ts';
import { Applications } from './applications.ts';
import { Autoheal } from './autoheal.ts';
import { PauseMinority } from './pause-minority.ts';
import { Tables } from './tables.ts';

export type Strategy = 'ignore' | 'pause_minority' | 'autoheal';

/** What nodes of that release do as configured; undefined where they know no partitions. */
export function strategyOf({ nodes, config }: RabbitmqSpec, { hasMnesia }: VersionRules): Strategy | undefined {
  const { cluster_partition_handling: strategy } = config;
  return hasMnesia && nodes > 1 && strategy !== 'pause_if_all_down' ? strategy : undefined;
}

export class PartitionHandling {
  readonly applications: Applications;
  readonly tables: Tables;
  private readonly world: World;
  private readonly nodes: readonly NodeId[];
  private readonly peers: Peers;
  private readonly pauses: PauseMinority | undefined;
  private readonly heals: Autoheal | undefined;
  /** Who asks and who is asked, in one integer; and who was lost. */
  private readonly sightAsked: EventType<number, NodeId>;
  private readonly sightTold: EventType<number, NodeId>;

  constructor(world: World, name: string, nodes: readonly NodeId[], peers: Peers, strategy: Strategy) {
    const { sim } = world;
    this.world = world;
    this.nodes = nodes;
    this.peers = peers;
    this.tables = new Tables(nodes);
    this.applications = new Applications(world, peers, name, strategy);
    this.pauses = strategy === 'pause_minority' ? new PauseMinority(world, name, nodes, this.applications) : undefined;
    this.heals = strategy === 'autoheal' ? new Autoheal(world, name, nodes, peers, this.tables, this.applications) : undefined;
    this.sightAsked = sim.declare(`${name}.sightAsked`);
    this.sightTold = sim.declare(`${name}.sightTold`);
    sim.handle(this.sightAsked, (pair, lost) => this.onSightAsked(pair, lost));
    sim.handle(this.sightTold, (pair) => this.onSightTold(pair));
  }

  /** A node is about to miss another one. It may have stopped when this returns. */
  losing(node: NodeId, peer: NodeId): void {
    this.tables.lost(node, peer);
    // Only RabbitMQ is gone there, and its machine is not.
    if (this.applications.isStopped(peer) && this.applications.reaches(node, peer)) return;
    for (const other of this.nodes) {
      if (other !== node && other !== peer && this.peers.isConnected(node, other)) this.peers.send(node, other, frameBytes, this.sightAsked, this.pairOf(node, other), peer);
    }
    this.pauses?.lost(node, peer);
  }

  private onSightAsked(pair: number, lost: NodeId): void {
    const [asker, asked] = this.pair(pair);
    if (this.peers.hears(asked, lost) && this.tables.isRunning(lost)) this.peers.send(asked, asker, frameBytes, this.sightTold, pair, lost);
  }

  private onSightTold(pair: number): void {
    const [asker, asked] = this.pair(pair);
    this.world.sim.trace.reached('cluster.partial');
    if (this.pauses === undefined) this.peers.disconnect(asker, asked);
    else if (this.world.nodes.isUp(asker)) this.pauses.partial(asker);
  }

  /** Two nodes see each other again; told to both. */
  found(node: NodeId, peer: NodeId): void {
    if (!this.tables.found(node, peer)) return;
    this.world.sim.trace.reached('cluster.partitioned');
    this.heals?.consider(node);
    this.heals?.consider(peer);
  }

  stopped(node: NodeId): void {
    this.tables.stopped(node);
  }

  /** It takes connections again. */
  booted(node: NodeId): void {
    // Whom it is connected to, and who stands still for now, it would wait for.
    this.tables.started(node, this.nodes.filter((other) => other !== node && (this.peers.isConnected(node, other) || this.applications.reaches(node, other))));
    for (const other of this.nodes) if (this.tables.isRunning(other)) this.heals?.consider(other);
  }

  /** What was on its way to a node that is not seen any more. True when it is of no account to anybody else. */
  dropped(type: EventType): boolean {
    return type === (this.sightAsked as number) || type === (this.sightTold as number) || (this.heals?.dropped(type) ?? false);
  }

  private pairOf(one: NodeId, other: NodeId): number {
    return this.nodes.indexOf(one) * this.nodes.length + this.nodes.indexOf(other);
  }

  private pair(code: number): [NodeId, NodeId] {
    const size = this.nodes.length;
    return [this.nodes[Math.floor(code / size)]!, this.nodes[code % size]!];
  }
}
