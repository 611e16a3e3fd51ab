import type { DeliveryId, WorkerId } from '../message.ts';
import { invariant, nothingHappened, Violations, wasThreatened } from './invariant.ts';

/**
 * B11. The offset that a reader of a stream has stored is at most that up to which it has handled everything. Whoever stores the highest that
 * it is through with passes over the lower ones that it has still in hand: a crash loses them.
 */
export const offsetSafety = invariant({
  claim: 'offset-safety',
  id: 'B11',
  means: 'A reader of a stream stores no offset beyond what it has not handled yet.',
  judge(world) {
    const { copies, deliveries, subscribers } = world;
    const stores = subscribers.map(({ offset }) => offset === 'stored');
    if (!stores.includes(true)) return { verdict: () => ({ verdict: 'unknown', reason: 'no reader of a stream stores its offset: offset: stored' }) };
    const violations = new Violations(world);
    /** It is still in hand, or was given up, and its reader would begin behind it. */
    const look = (delivery: DeliveryId): void => {
      const worker = deliveries.worker[delivery] as WorkerId;
      if (stores[worker] !== true) return;
      const subscriber = subscribers[worker]!;
      const copy = deliveries.copyOf(delivery);
      const position = copies.position[copy]!;
      if (position > subscriber.handledUpTo) return;
      violations.add(copies.messageOf(copy), `Offset ${subscriber.handledUpTo} was stored at ${world.nodes.name(subscriber.node)} while it, at ${position}, was not handled.`);
    };
    return {
      handled: look,
      handlingEnded: look,
      verdict() {
        if (violations.count > 0) return violations.finding('message was passed over by an offset', 'messages were passed over by offsets');
        return wasThreatened(world) ? { verdict: 'pass' } : { verdict: 'unknown', reason: nothingHappened };
      },
    };
  },
});
