/** Whom a strike hits: asked once, so that its end undoes what its begin did. */
import type { NodeId } from '../node.ts';
import type { World } from '../world.ts';

export function targetsOf({ nodes }: World): (target: string) => readonly NodeId[] {
  const known = new Map<string, readonly NodeId[]>();
  return (target) => {
    const before = known.get(target);
    if (before !== undefined) return before;
    const all = nodes.resolve(target.replace(/\.disk$/, ''));
    known.set(target, all);
    return all;
  };
}
