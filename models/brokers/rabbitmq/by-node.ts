import type { NodeId } from '../../node.ts';

/** What somebody has to be told about a node, kept until it can be. */
export class ByNode<T> {
  private readonly kept = new Map<NodeId, T[]>();

  add(node: NodeId, what: T): void {
    const kept = this.kept.get(node);
    if (kept === undefined) this.kept.set(node, [what]);
    else kept.push(what);
  }

  /** Takes those that a condition holds for, in the order in which they were added. */
  take(node: NodeId, isMeant: (what: T) => boolean): T[] {
    const kept = this.kept.get(node) ?? [];
    const taken = kept.filter(isMeant);
    this.kept.set(node, kept.filter((what) => !taken.includes(what)));
    return taken;
  }
}
