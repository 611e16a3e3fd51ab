/**
 * What nodes know of each other in Mnesia, up to 4.1: whom each one misses, from whom it is partitioned, and whose queues it has
 * forgotten.
 *
 * Two nodes that both ran and both lost sight of each other are partitioned when they meet again, and stay so until one of them
 * starts anew. A node that misses another one deletes what it had of its queues (rabbit_amqqueue `on_node_down`): those that are
 * not durable, and in 3.10 the durable ones as well. What is published to them is routed nowhere then, and confirmed; a consumer
 * is told that there is no such queue. They come back when one of the two nodes starts anew, and not because both see each other.
 * Recorded at 3.10.8 on two nodes: after a kill of the queue's node one publish was refused and all others confirmed and dropped (or
 * returned, NO_ROUTE, when mandatory) until it had booted; after a node had stood still for two net ticks, until the other restarted.
 */
import type { NodeId } from '../../../node.ts';

export class Tables {
  private readonly nodes: readonly NodeId[];
  private readonly running: Set<NodeId>;
  private readonly missed = new Map<NodeId, Set<NodeId>>();
  private readonly partitioned = new Map<NodeId, Set<NodeId>>();
  private readonly forgotten = new Map<NodeId, Set<NodeId>>();

  constructor(nodes: readonly NodeId[]) {
    this.nodes = nodes;
    this.running = new Set(nodes);
    for (const of of [this.missed, this.partitioned, this.forgotten]) for (const node of nodes) of.set(node, new Set());
  }

  isRunning(node: NodeId): boolean {
    return this.running.has(node);
  }

  /** Nodes that it found again after each had missed the other. */
  partitionsOf(node: NodeId): ReadonlySet<NodeId> {
    return this.partitioned.get(node)!;
  }

  /** Nodes whose queues it has forgotten. */
  forgottenBy(node: NodeId): ReadonlySet<NodeId> {
    return this.forgotten.get(node)!;
  }

  lost(node: NodeId, peer: NodeId): void {
    this.missed.get(node)!.add(peer);
    this.forgotten.get(node)!.add(peer);
  }

  /** Both see each other again. True when they are partitioned from now on. */
  found(node: NodeId, peer: NodeId): boolean {
    const [mine, its] = [this.missed.get(node)!, this.missed.get(peer)!];
    const areBoth = mine.delete(peer) && its.delete(node);
    if (areBoth) {
      this.partitioned.get(node)!.add(peer);
      this.partitioned.get(peer)!.add(node);
    } else if (this.isRunning(node) && this.isRunning(peer) && !this.partitionsOf(node).has(peer)) {
      this.join(node, peer);
    }
    return areBoth;
  }

  /** Who starts anew knows nothing of what was. */
  stopped(node: NodeId): void {
    this.running.delete(node);
    this.missed.get(node)!.clear();
    this.partitioned.get(node)!.clear();
    for (const other of this.nodes) this.partitioned.get(other)!.delete(node);
  }

  /** It takes the tables of a node that it reaches, and says which queues it has. */
  started(node: NodeId, reached: readonly NodeId[]): void {
    const source = reached.find((each) => this.isRunning(each));
    this.running.add(node);
    const unknown = source === undefined ? this.nodes.filter((each) => each !== node && !reached.includes(each)) : [...this.forgotten.get(source)!];
    this.forgotten.set(node, new Set(unknown.filter((each) => each !== node)));
    for (const other of reached) if (this.isRunning(other)) this.join(node, other);
  }

  private join(node: NodeId, other: NodeId): void {
    for (const [one, peer] of [[node, other], [other, node]] as const) {
      this.missed.get(one)!.delete(peer);
      this.forgotten.get(one)!.delete(peer);
    }
  }
}
