import { invariant, nothingHappened, seconds, Violations, wasThreatened } from './invariant.ts';
import { Lines } from './lines.ts';

/**
 * O4. The effects of one key take place in the order in which their messages came to the queue: none after that of a later message, which
 * it would overwrite. Each group of consumers of a stream has an order of its own; a dead letter stands where it came to its queue.
 */
export const effectOrderPerKey = invariant({
  claim: 'effect-order-per-key',
  id: 'O4',
  means: 'Messages of one key take effect in the order in which they were stored; no stale effect follows a later one.',
  judge(world) {
    const { copies, messages, deliveries } = world;
    const violations = new Violations(world);
    const latest = new Lines<number>();
    let compared = 0;
    return {
      handled(delivery, effects) {
        const copy = deliveries.copyOf(delivery);
        const message = copies.messageOf(copy);
        const key = messages.key[message]!;
        if (effects === 0 || key < 0) return;
        const [queue, origin] = [copies.queue[copy]!, copies.origin[copy]!];
        const last = latest.get(queue, origin, key);
        const mine = copies.position[copy]!;
        if (last !== undefined) compared++;
        if (last === undefined || mine >= last) latest.set(queue, origin, key, mine);
        else violations.add(message, `It took effect at ${seconds(world.sim.now)}, after a message of key ${key} that was stored later.`);
      },
      verdict() {
        if (violations.count > 0) return violations.finding('effect was stale', 'effects were stale');
        if (compared === 0) return { verdict: 'unknown', reason: 'no key had two effects' };
        if (!wasThreatened(world)) return { verdict: 'unknown', reason: nothingHappened };
        return { verdict: 'pass' };
      },
    };
  },
});
