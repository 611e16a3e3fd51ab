import type { CopyId, PublisherId } from '../message.ts';
import { invariant, nothingHappened, seconds, Violations, wasThreatened } from './invariant.ts';
import { Lines } from './lines.ts';

/**
 * O2. What one producer publishes to one queue is stored there in the order in which it was published: for the first copies of two of its
 * messages, ordinal(m1) < ordinal(m2) => stored(m1) < stored(m2). A second copy of a message is exempt: that is a duplicate.
 *
 * As Jepsen's `nonmonotonic-send` of its Kafka workload. A retry that overtakes nothing any more is what breaks it in practice.
 */
export const producerOrder = invariant({
  claim: 'producer-order',
  id: 'O2',
  means: 'What one producer publishes to one queue is stored there in the order of publishing.',
  judge(world) {
    const { copies, messages } = world;
    const violations = new Violations(world);
    /** By queue (and whoever reads it for itself) and producer: the last ordinal stored, and those below it that were not. */
    const lines = new Lines<{ last: number; readonly missing: Set<number> }>();
    let compared = 0;
    return {
      stored(copy: CopyId) {
        if (copies.attempt[copy]! < 0) return;
        const message = copies.messageOf(copy);
        const publisher = messages.publisher[message]! as PublisherId;
        const ordinal = messages.ordinal[message]!;
        const [queue, reader] = [copies.queue[copy]!, copies.reader[copy]!];
        const line = lines.get(queue, reader, publisher);
        if (line === undefined) {
          lines.set(queue, reader, publisher, { last: ordinal, missing: new Set(Array.from({ length: ordinal - 1 }, (_, index) => index + 1)) });
          return;
        }
        compared++;
        for (let between = line.last + 1; between < ordinal; between++) line.missing.add(between);
        if (ordinal > line.last) line.last = ordinal;
        else if (line.missing.delete(ordinal)) violations.add(message, `It was stored at ${seconds(world.sim.now)}, after number ${line.last} of the same producer, which was published later.`);
      },
      verdict() {
        if (violations.count > 0) return violations.finding('message was stored after a later one of its producer', 'messages were stored after a later one of their producer');
        if (compared === 0) return { verdict: 'unknown', reason: 'no producer had two messages stored in a queue' };
        if (!wasThreatened(world)) return { verdict: 'unknown', reason: nothingHappened };
        return { verdict: 'pass' };
      },
    };
  },
});
