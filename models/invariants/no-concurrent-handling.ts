import type { DeliveryId } from '../message.ts';
import { invariant, nothingHappened, seconds, Violations, wasThreatened } from './invariant.ts';

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
    const underWay = new Map<string, Set<DeliveryId>>();
    let compared = 0;
    const lineOf = (delivery: DeliveryId): string | undefined => {
      const copy = deliveries.copyOf(delivery);
      const key = messages.key[copies.messageOf(copy)]!;
      return key < 0 ? undefined : `${copies.origin[copy]}/${key}`;
    };
    const ended = (delivery: DeliveryId): void => {
      const line = lineOf(delivery);
      if (line !== undefined) underWay.get(line)?.delete(delivery);
    };
    return {
      handlingBegan(delivery) {
        const line = lineOf(delivery);
        if (line === undefined) return;
        const others = underWay.get(line);
        if (others === undefined) {
          underWay.set(line, new Set([delivery]));
          return;
        }
        compared++;
        const [other] = others;
        if (other !== undefined) {
          const message = copies.messageOf(deliveries.copyOf(delivery));
          const rival = copies.messageOf(deliveries.copyOf(other));
          const who = rival === message ? 'the same message' : world.nameOf(rival);
          violations.add(message, `Its handling began at ${seconds(world.sim.now)}, when ${who}, of key ${messages.key[message]} too, was still being handled.`);
        }
        others.add(delivery);
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
