import { type DeliveryId, none } from '../message.ts';
import { invariant, nothingHappened, seconds, Violations, wasThreatened } from './invariant.ts';
import { Lines } from './lines.ts';

/**
 * O5. The intervals from the beginning of a handling to its end do not overlap for messages of one key, in one queue (or one group of
 * consumers of a stream), whichever workers handle them. A handling ends with its effect, its failure, or its worker.
 */
export const noConcurrentHandling = invariant({
  claim: 'no-concurrent-handling',
  id: 'O5',
  means: 'No two messages of one key are handled at the same time.',
  judge(world) {
    const { copies, messages, deliveries } = world;
    const violations = new Violations(world);
    const underWay = new Lines<DeliveryId[]>();
    let compared = 0;
    const ended = (delivery: DeliveryId): void => {
      const copy = deliveries.copyOf(delivery);
      const key = messages.key[copies.messageOf(copy)]!;
      const line = key < 0 ? undefined : underWay.get(copies.origin[copy]!, none, key);
      const place = line?.indexOf(delivery) ?? -1;
      if (place >= 0) line!.splice(place, 1);
    };
    return {
      handlingBegan(delivery) {
        const copy = deliveries.copyOf(delivery);
        const message = copies.messageOf(copy);
        const key = messages.key[message]!;
        if (key < 0) return;
        const others = underWay.get(copies.origin[copy]!, none, key);
        if (others === undefined) {
          underWay.set(copies.origin[copy]!, none, key, [delivery]);
          return;
        }
        compared++;
        const [other] = others;
        if (other !== undefined) {
          const rival = copies.messageOf(deliveries.copyOf(other));
          const who = rival === message ? 'the same message' : world.nameOf(rival);
          violations.add(message, `Its handling began at ${seconds(world.sim.now)}, when ${who}, of key ${key} too, was still being handled.`);
        }
        others.push(delivery);
      },
      handlingEnded: ended,
      handled: ended,
      verdict() {
        if (violations.count > 0) return violations.finding('handling overlapped another of its key', 'handlings overlapped another of their key');
        if (compared === 0) return { verdict: 'unknown', reason: 'no key had two handlings' };
        if (!wasThreatened(world)) return { verdict: 'unknown', reason: nothingHappened };
        return { verdict: 'pass' };
      },
    };
  },
});
