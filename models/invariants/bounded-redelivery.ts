import type { DeliveryId, QueueId } from '../message.ts';
import { count } from '../settings.ts';
import { invariant, Violations } from './invariant.ts';

/** Without any limit, a copy delivered so often is taken to go round for ever. */
const withoutLimit = 100;

/** B8. No copy is delivered more often than its queue's limit (or the claim's) allows. */
export const boundedRedelivery = invariant({
  claim: 'bounded-redelivery',
  id: 'B8',
  means: 'No message is delivered more often than the delivery limit says, so none goes round for ever.',
  parameters: { limit: count(1).optional().describe("Deliveries of a copy, instead of the queue's own limit.") },
  judge(world, settings) {
    const { copies, deliveries } = world;
    const violations = new Violations(world);
    const limits = new Map<QueueId, { readonly deliveriesMax: number }>();
    for (const broker of world.brokers.values()) {
      for (const queue of broker.guarantees()) limits.set(queue.queue, settings.limit === undefined ? queue : { deliveriesMax: settings.limit });
    }
    let redelivered = 0;
    let unlimited = 0;
    return {
      redelivered(delivery: DeliveryId, times: number) {
        const copy = deliveries.copyOf(delivery);
        const limit = limits.get(copies.queue[copy] as QueueId)?.deliveriesMax ?? Infinity;
        redelivered++;
        if (limit === Infinity) unlimited++;
        const most = limit === Infinity ? withoutLimit : limit;
        if (times !== most + 1) return;
        violations.add(copies.messageOf(copy), `It was delivered ${times} times; ${limit === Infinity ? 'no limit bounds it' : `the limit is ${limit}`}.`);
      },
      verdict() {
        if (violations.count > 0) return violations.finding('message was delivered more often than is bounded', 'messages were delivered more often than is bounded');
        if (redelivered === 0) return { verdict: 'unknown', reason: 'no message was delivered twice' };
        if (unlimited > 0) return { verdict: 'unknown', reason: 'messages were redelivered in a queue without a delivery limit; give it one, or the claim a limit' };
        return { verdict: 'pass' };
      },
    };
  },
});
