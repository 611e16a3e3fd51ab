/**
 * autoheal: once nodes that were partitioned all see each other, the partition with the most client connections wins, of those
 * with as many the one with more nodes, and then the one whose nodes come last by name; all others start their applications
 * anew (rabbit_autoheal at 3.13.7). The first node of the cluster decides, as soon as any node asks it to and all see all.
 * Recorded at 3.10.8 on two nodes: it decided 20 ms after they met; the loser stopped within 0.1 s and took 1.3 s to start; two
 * connections won against one, and of one and one the last name.
 *
 * Left out: that losers wait for each other's stop before they start, which is a round trip; a healing that is given up halfway.
 */
import type { EventType } from '../../../../sim/simulation.ts';
import { frameBytes } from '../../../connection.ts';
import type { NodeId } from '../../../node.ts';
import type { Peers } from '../../../peers.ts';
import type { World } from '../../../world.ts';
import type { Applications } from './applications.ts';
import type { Tables } from './tables.ts';

export class Autoheal {
  private readonly world: World;
  private readonly nodes: readonly NodeId[];
  private readonly peers: Peers;
  private readonly tables: Tables;
  private readonly applications: Applications;
  /** Somebody asks the first node to decide; the first node names a winner; the winner tells a loser. */
  private readonly asked: EventType<NodeId, number>;
  private readonly won: EventType<NodeId, number>;
  private readonly loserTold: EventType<NodeId, number>;
  /** Losers that have not been told yet; nobody decides again before they were. */
  private losers: NodeId[] = [];

  constructor(world: World, name: string, nodes: readonly NodeId[], peers: Peers, tables: Tables, applications: Applications) {
    const { sim } = world;
    this.world = world;
    this.nodes = nodes;
    this.peers = peers;
    this.tables = tables;
    this.applications = applications;
    this.asked = sim.declare(`${name}.autohealAsked`);
    this.won = sim.declare(`${name}.autohealWon`);
    this.loserTold = sim.declare(`${name}.autohealLoserTold`);
    sim.handle(this.asked, () => this.onAsked());
    sim.handle(this.won, (winner) => this.onWon(winner));
    sim.handle(this.loserTold, (loser) => this.onLoserTold(loser));
  }

  /** A node found another one, partitioned or newly started. */
  consider(node: NodeId): void {
    if (this.tables.partitionsOf(node).size === 0 || !this.nodes.every((other) => this.applications.sees(node, other))) return;
    const [first] = this.nodes;
    this.peers.send(node, first!, frameBytes, this.asked, node, 0);
  }

  /** What was on its way to a node that is not seen any more. True when it was this. */
  dropped(type: EventType): boolean {
    if (![this.asked, this.won, this.loserTold].includes(type as EventType<NodeId, number>)) return false;
    if (type !== (this.asked as number)) this.losers = [];
    return true;
  }

  private onAsked(): void {
    const [first] = this.nodes;
    if (this.losers.length > 0 || this.tables.partitionsOf(first!).size === 0 || !this.allSeeAll()) return;
    const partitions = this.partitions();
    const [winners] = partitions;
    this.world.sim.trace.reached('cluster.healed');
    this.losers = partitions.slice(1).flat();
    this.peers.send(first!, winners![0]!, frameBytes, this.won, winners![0]!, 0);
  }

  private onWon(winner: NodeId): void {
    for (const loser of this.losers) this.peers.send(winner, loser, frameBytes, this.loserTold, loser, 0);
  }

  private onLoserTold(loser: NodeId): void {
    this.losers = this.losers.filter((each) => each !== loser);
    this.applications.stop(loser);
    this.applications.start(loser);
  }

  private allSeeAll(): boolean {
    return this.nodes.every((node) => this.tables.isRunning(node) && this.nodes.every((other) => this.peers.isConnected(node, other)));
  }

  /** Each node divides what it is among into those that it is with and those that it is partitioned from. The winner comes first. */
  private partitions(): NodeId[][] {
    let partitions: NodeId[][] = [[...this.nodes]];
    for (const node of this.nodes) {
      const apart = this.tables.partitionsOf(node);
      const among = partitions.find((each) => each.includes(node))!;
      const rest = among.filter((each) => apart.has(each));
      if (rest.length > 0) partitions = [among.filter((each) => !apart.has(each)), rest, ...partitions.filter((each) => each !== among)];
    }
    const value = (partition: readonly NodeId[]): number[] => [partition.reduce((sum, node) => sum + this.world.network.book.openAt(node).length, 0), partition.length];
    return partitions.map((partition) => ({ partition, value: value(partition) })).sort((one, other) => order(other, one)).map(({ partition }) => partition);
  }
}

interface Valued {
  readonly partition: readonly NodeId[];
  /** Connections, nodes. */
  readonly value: readonly number[];
}

/** As Erlang orders terms: by value, then node by node. */
function order(one: Valued, other: Valued): number {
  const [left, right] = [[...one.value, ...one.partition], [...other.value, ...other.partition]];
  for (let index = 0; index < Math.min(left.length, right.length); index++) if (left[index] !== right[index]) return left[index]! - right[index]!;
  return left.length - right.length;
}
