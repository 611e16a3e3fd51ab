import { inFlight } from '../buckets.ts';
import type { CopyId, DeliveryId, WorkerId } from '../message.ts';
import { invariant, Violations } from './invariant.ts';

/** Connections of a worker that are told apart. */
const sessionsTold = 1 << 20;

/**
 * B6. At every event, for each consumer k that has to settle: unacked(k) <= prefetch(k), over the deliveries of its present connection. One that
 * the broker still takes for open, after its worker has come by another, has a bound of its own. (As `simple_prefetch` of RabbitMQ's rabbit_fifo_prop_SUITE.)
 */
export const prefetchBound = invariant({
  claim: 'prefetch-bound',
  id: 'B6',
  means: 'No consumer holds more unsettled messages than its prefetch allows.',
  judge(world) {
    const { deliveries, copies, subscribers } = world;
    const violations = new Violations(world);
    /** By copy in flight: the subscription that holds it. By subscription: how many it holds. */
    const holders: number[] = [];
    const held = new Map<number, number>();
    let fullest = 0;
    const took = (delivery: DeliveryId): void => {
      const worker = deliveries.worker[delivery] as WorkerId;
      const subscriber = subscribers[worker];
      const copy = deliveries.copyOf(delivery);
      holders[copy] = -1;
      // A shovel is no consumer of the scenario; who settles nothing has no bound.
      if (subscriber === undefined || subscriber.automatic || subscriber.prefetch === Infinity) return;
      const holder = worker * sessionsTold + (deliveries.session[delivery]! % sessionsTold);
      const count = (held.get(holder) ?? 0) + 1;
      held.set(holder, count);
      holders[copy] = holder;
      fullest = Math.max(fullest, count / subscriber.prefetch);
      if (count <= subscriber.prefetch) return;
      violations.add(copies.messageOf(copy), `It was given to ${world.nodes.name(subscriber.node)}, which held ${count - 1} with a prefetch of ${subscriber.prefetch}.`);
    };
    return {
      firstDelivered: took,
      redelivered: took,
      moved(copy: CopyId, from: number) {
        const holder = holders[copy] ?? -1;
        if (from !== inFlight || holder < 0) return;
        holders[copy] = -1;
        held.set(holder, held.get(holder)! - 1);
      },
      verdict() {
        if (violations.count > 0) return violations.finding('message was given to a consumer that was full', 'messages were given to consumers that were full');
        if (fullest < 1) return { verdict: 'unknown', reason: 'no consumer that settles ever held as many as its prefetch allows' };
        return { verdict: 'pass' };
      },
    };
  },
});
