/** Queues as they are named outside their broker: `orders-mq/orders`. */
import * as say from './messages.ts';
import type { Parts } from './parts.ts';
import type { Finding } from './problem.ts';
import { nearest } from './suggest.ts';

export function queuesOf(parts: Parts): string[] {
  return [...(parts.brokers ?? [])].flatMap(([broker, { queues }]) => queues.map((queue) => `${broker}/${queue}`));
}

/** Why there is no such queue; undefined where there is one, or where no broker can be read. */
export function unknownQueueOf(queue: string, parts: Parts): Finding | undefined {
  if (parts.brokers === undefined) return undefined;
  const known = queuesOf(parts);
  if (known.includes(queue)) return undefined;
  const [broker] = queue.split('/');
  const near = nearest(queue, known);
  return parts.brokers.has(broker!) ? say.unknownQueue(queue, near, known) : say.unknownBroker(broker!, near, [...parts.brokers.keys()]);
}
