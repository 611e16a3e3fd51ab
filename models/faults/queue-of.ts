/** The queue that a fault names, and who gives orders to it. */
import type { Operator } from '../broker.ts';
import type { QueueId } from '../message.ts';
import type { World } from '../world.ts';

export function queueOf({ brokers }: World, { queue: path }: { readonly queue: string }): { readonly operator: Operator; readonly queue: QueueId } {
  const [name, queue] = path.split('/') as [string, string];
  const { operator, port } = brokers.get(name)!;
  return { operator, queue: port.queue(queue) };
}
