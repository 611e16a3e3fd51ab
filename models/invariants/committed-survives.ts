import type { AttemptId, CopyId, MessageId } from '../message.ts';
import { LossLocations } from './loss-location.ts';
import { invariant, nothingHappened, Violations, wasThreatened } from './invariant.ts';

/** Losses that are somebody's will. */
const wanted = ['purged', 'deleted'];

/**
 * B2. What a broker has confirmed it has until its own rules let it go: no copy of a confirmed publish is taken by a fault, whoever leads
 * afterwards, and whether somebody was handling it or not. It is judged at the loss. (ConsistentCommittedData of Kafka's raft simulation.)
 */
export const committedSurvives = invariant({
  claim: 'committed-survives',
  id: 'B2',
  means: 'What the broker has confirmed no fault takes from it: not a crash, not an election, not a disk.',
  judge(world) {
    const { attempts, copies, causes } = world;
    const violations = new Violations(world);
    const locations = new LossLocations(world);
    const confirmed = new Set<MessageId>();
    return {
      confirming(attempt: AttemptId) {
        confirmed.add(attempts.messageOf(attempt));
      },
      published(message) {
        confirmed.delete(message);
      },
      dropped(copy: CopyId, cause) {
        if (!causes.isOfFault(cause) || wanted.includes(causes.what(cause)) || !confirmed.has(copies.messageOf(copy))) return;
        violations.add(copies.messageOf(copy), `It was confirmed, and ${world.ledger.buckets.queueOf(copy).name} lost it to ${causes.text(cause)}, on ${locations.holdersOf(copy)}.`);
      },
      verdict() {
        if (violations.count > 0) return violations.finding('confirmed message was taken from a queue', 'confirmed messages were taken from their queues');
        if (world.ledger.totals.confirmed === 0) return { verdict: 'unknown', reason: 'no publish was confirmed' };
        return wasThreatened(world) ? { verdict: 'pass' } : { verdict: 'unknown', reason: nothingHappened };
      },
    };
  },
});
