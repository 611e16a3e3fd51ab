import { z } from 'zod';
import type { DeliveryId } from '../message.ts';
import { invariant, nothingHappened, seconds, Violations, wasThreatened } from './invariant.ts';
import { Lines } from './lines.ts';

/**
 * Strict order of deliveries, redeliveries too: no copy is delivered after one that came to its queue later (of the same key). Where
 * several messages are with consumers at a time, one that comes back breaks it by nature: that is why `order-per-key` (O3) exempts
 * redeliveries, and what a team meets that took a queue for strictly ordered.
 */
export const fifo = invariant({
  claim: 'fifo',
  id: 'O3s',
  means: 'No message is delivered after one that came to its queue later, redeliveries included.',
  parameters: { per: z.enum(['queue', 'key']).default('queue').describe('Compared are all messages of a queue, or those of a key in it.') },
  judge(world, { per }) {
    const { copies, messages, deliveries } = world;
    const violations = new Violations(world);
    /** Place of the youngest that was delivered. */
    const youngest = new Lines<number>();
    let compared = 0;
    const delivered = (delivery: DeliveryId, times: number): void => {
      const copy = deliveries.copyOf(delivery);
      const message = copies.messageOf(copy);
      const key = messages.key[message]!;
      if (per === 'key' && key < 0) return;
      const [queue, reader, of] = [copies.queue[copy]!, copies.reader[copy]!, per === 'key' ? key : 0];
      const last = youngest.get(queue, reader, of);
      const mine = copies.position[copy]!;
      if (last !== undefined) compared++;
      if (last === undefined || mine >= last) youngest.set(queue, reader, of, mine);
      else violations.add(message, `It was delivered at ${seconds(world.sim.now)}${times > 1 ? ` for the ${times}. time` : ''}, after one that came to ${world.ledger.buckets.queueOf(copy).name} later.`);
    };
    return {
      firstDelivered: (delivery) => delivered(delivery, 1),
      redelivered: delivered,
      verdict() {
        if (violations.count > 0) return violations.finding('delivery was out of order', 'deliveries were out of order');
        if (compared === 0) return { verdict: 'unknown', reason: `no ${per} had two deliveries` };
        if (!wasThreatened(world)) return { verdict: 'unknown', reason: nothingHappened };
        return { verdict: 'pass' };
      },
    };
  },
});
