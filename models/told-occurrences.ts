/** Tells of occurrences whose nodes and copies others keep: the ledger hears of copies, the nodes of nodes. */
import type { Judge } from './judge.ts';
import type { CopyId, QueueId } from './message.ts';
import type { NodeId } from './node.ts';
import type { OccurrenceName } from './occurrences.ts';
import type { World } from './world.ts';

/** What is listened for only when a fault waits for it: other runs are called by nobody. */
export function copyOccurrences(world: World, awaited: ReadonlySet<OccurrenceName>): Judge[] {
  const tell = (name: OccurrenceName, copy: CopyId): void => {
    const queue = world.copies.queue[copy] as QueueId;
    world.occurrences.tell(name, { queue, message: world.copies.messageOf(copy), node: leaderOf(world, queue) });
  };
  const judge: Judge = {
    ...(awaited.has('stored') && { stored: (copy: CopyId) => tell('stored', copy) }),
    ...(awaited.has('redelivered') && { redelivered: (delivery) => tell('redelivered', world.deliveries.copyOf(delivery)) } satisfies Judge),
    ...(awaited.has('dead-lettered') && { deadLettered: (copy: CopyId) => tell('dead-lettered', copy) }),
    ...(awaited.has('dropped') && { dropped: (copy: CopyId) => tell('dropped', copy) }),
  };
  return Object.keys(judge).length === 0 ? [] : [judge];
}

export function tellOfNodes({ nodes, occurrences }: World): void {
  nodes.watchedBy({
    crashed: (node: NodeId) => occurrences.tell('node-down', { node }),
    restarted: (node: NodeId) => occurrences.tell('node-up', { node }),
    paused() {},
  });
}

function leaderOf({ brokers }: World, queue: QueueId): NodeId | undefined {
  const broker = [...brokers.values()].find(({ queues }) => queues.includes(queue))!;
  return broker.port.placement(queue).leader;
}
