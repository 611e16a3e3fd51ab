/**
 * Whom a strike hits: asked once, so that its end undoes what its begin did, and so that `one(mq)` on one side of a partition
 * and `others(one(mq))` on the other mean the same node.
 */
import type { NodeId } from '../node.ts';
import { isOfDisk, parseTarget, type Target } from '../target.ts';
import type { World } from '../world.ts';

type NodesOf = (target: string) => readonly NodeId[];

/** @param draws what the streams of roles that are drawn are named after @param where the node where what the fault waited for happened */
export function targetsOf(world: World, draws: string, where: NodeId | undefined): NodesOf {
  const known = new Map<string, readonly NodeId[]>();
  const nodesOf: NodesOf = (text) => {
    const before = known.get(text);
    if (before !== undefined) return before;
    const all = nodesAt(world, withoutDisk(text), nodesOf, draws, where);
    known.set(text, all);
    return all;
  };
  return nodesOf;
}

function withoutDisk(text: string): string {
  return isOfDisk(text) ? text.slice(0, text.lastIndexOf('.')) : text;
}

function nodesAt(world: World, text: string, nodesOf: NodesOf, draws: string, where: NodeId | undefined): readonly NodeId[] {
  const target = parseTarget(text);
  switch (target?.of) {
    case 'names': return world.nodes.resolve(target.name);
    case 'queue': return nodesOfQueue(world, target);
    case 'there': return where === undefined ? [] : [where];
    case 'nodes': return nodesAmong(world, target, nodesOf(target.text), `${draws}/${text}`);
    case undefined: return [];
  }
}

/** Who leads and who follows is asked at the instant of the strike; nobody leads a queue that is between two leaders. */
function nodesOfQueue({ brokers }: World, { role, broker: name, queue }: Extract<Target, { of: 'queue' }>): readonly NodeId[] {
  const { port } = brokers.get(name)!;
  const { leader, members } = port.placement(port.queue(queue));
  if (role === 'members') return members;
  if (role === 'followers') return members.filter((member) => member !== leader);
  return leader === undefined ? [] : [leader];
}

function nodesAmong(world: World, { role }: Extract<Target, { of: 'nodes' }>, among: readonly NodeId[], draws: string): readonly NodeId[] {
  switch (role) {
    case 'one': return drawn(world, among, Math.min(1, among.length), draws);
    case 'minority': return drawn(world, among, (among.length - 1) >> 1, draws);
    case 'majority': return drawn(world, among, (among.length >> 1) + 1, draws);
    case 'others': return othersThan(world, among);
  }
}

/** So many of them, drawn from the seed, in their own order. */
function drawn({ sim }: World, among: readonly NodeId[], count: number, draws: string): readonly NodeId[] {
  if (count <= 0 || among.length === 0) return [];
  const stream = sim.stream(draws);
  const left = [...among];
  const chosen = new Set<NodeId>();
  while (chosen.size < count) chosen.add(left.splice(stream.below(left.length), 1)[0]!);
  return among.filter((node) => chosen.has(node));
}

/** The other nodes of their brokers, and the other processes of their groups. */
function othersThan({ nodes }: World, among: readonly NodeId[]): readonly NodeId[] {
  const groups = new Set(among.map((node) => nodes.name(node).replace(/\.\d+$/, '')));
  const all = [...groups].flatMap((group) => nodes.resolve(group));
  return all.filter((node) => !among.includes(node));
}
