import type { NodeId } from '../node.ts';
import type { World } from '../world.ts';

/** Whose disk is meant by `orders-mq.0.disk`. */
export function nodesOfDisk({ nodes }: World, { target }: { readonly target: string }): NodeId[] {
  return nodes.resolve(target.replace(/\.disk$/, ''));
}
