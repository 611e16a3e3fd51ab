import type { CauseId } from '../causes.ts';
import type { CopyId, QueueId } from '../message.ts';
import { invariant, Violations } from './invariant.ts';

const reasons = ['rejected', 'expired', 'maxlen', 'delivery-limit', 'dead-letter-queue-full', 'dead-letter-cycle'];

/** B9. What leaves a queue that has a dead-letter queue, for a reason that sends it there, is there: once, and in the right one. */
export const deadLetterComplete = invariant({
  claim: 'dead-letter-complete',
  id: 'B9',
  means: 'Whatever is rejected, expired, crowded out or delivered too often lands in the dead-letter queue, once.',
  judge(world) {
    const { copies, ledger, causes } = world;
    const violations = new Violations(world);
    const targets = new Map<QueueId, QueueId>();
    for (const broker of world.brokers.values()) {
      for (const { queue, deadLetter } of broker.guarantees()) if (deadLetter !== undefined) targets.set(queue, deadLetter);
    }
    return {
      dropped(copy: CopyId, cause: CauseId) {
        if (!targets.has(copies.queue[copy] as QueueId) || !reasons.includes(causes.what(cause))) return;
        violations.add(copies.messageOf(copy), `It was dropped (${causes.text(cause)}), though its queue has a dead-letter queue.`);
      },
      deadLettered(copy: CopyId, into: CopyId) {
        const wanted = targets.get(copies.queue[copy] as QueueId);
        if (wanted === copies.queue[into] && !['nowhere', 'dropped'].includes(ledger.buckets.of(into))) return;
        violations.add(copies.messageOf(copy), `It was said to be dead-lettered, and is not in ${wanted === undefined ? 'any' : ledger.queues[wanted]!.name}.`);
      },
      verdict() {
        if (violations.count > 0) return violations.finding('message did not reach its dead-letter queue', 'messages did not reach their dead-letter queue');
        if (ledger.totals.deadLettered === 0) return { verdict: 'unknown', reason: 'no message was dead-lettered' };
        return { verdict: 'pass' };
      },
    };
  },
});
