import { type CopyId, type DeliveryId, none } from '../message.ts';
import { invariant, nothingHappened, seconds, Violations, wasThreatened } from './invariant.ts';
import { Lines } from './lines.ts';

/** O3. Over first deliveries only, the messages of a key leave a queue in the order in which they were stored there. */
export const orderPerKey = invariant({
  claim: 'order-per-key',
  id: 'O3',
  means: 'Messages of one key are first delivered in the order in which they were stored; redeliveries are exempt.',
  judge(world) {
    const { copies, messages } = world;
    const violations = new Violations(world);
    /** By copy; zero for what has none. */
    const rank: number[] = [];
    /** Rank of the youngest copy delivered so far, by queue, whoever alone may have it, and key. */
    const last = new Lines<number>();
    let stored = 0;
    let compared = 0;
    return {
      stored(copy: CopyId) {
        // What somebody reads again is a redelivery, and a copy of its own.
        const isReadAgain = copies.reader[copy] !== none && copies.attempt[copy] === none;
        rank[copy] = messages.key[copies.message[copy]!]! >= 0 && !isReadAgain ? ++stored : 0;
      },
      firstDelivered(delivery: DeliveryId) {
        const copy = world.deliveries.copyOf(delivery);
        const mine = rank[copy] ?? 0;
        if (mine === 0) return;
        rank[copy] = 0;
        const message = copies.messageOf(copy);
        const [queue, reader, key] = [copies.queue[copy]!, copies.reader[copy]!, messages.key[message]!];
        const youngest = last.get(queue, reader, key);
        if (youngest !== undefined) compared++;
        if (youngest !== undefined && mine < youngest) {
          violations.add(message, `It was delivered at ${seconds(world.sim.now)}, after a message of key ${key} that was stored later.`);
        } else {
          last.set(queue, reader, key, mine);
        }
      },
      dropped(copy) {
        rank[copy] = 0;
      },
      deadLettered(copy) {
        rank[copy] = 0;
      },
      verdict() {
        if (violations.count > 0) return violations.finding('message was delivered out of the order of its key', 'messages were delivered out of the order of their key');
        if (compared === 0) return { verdict: 'unknown', reason: 'no key had two messages delivered' };
        if (!wasThreatened(world)) return { verdict: 'unknown', reason: nothingHappened };
        return { verdict: 'pass' };
      },
    };
  },
});
