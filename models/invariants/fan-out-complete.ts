import type { AttemptId, QueueId } from '../message.ts';
import { invariant, seconds, Violations } from './invariant.ts';

/**
 * D10. When a publish is confirmed that was routed to r queues, each of the r has had a copy of it. Judged at the confirm; a publish that
 * goes to one queue alone proves nothing.
 */
export const fanOutComplete = invariant({
  claim: 'fan-out-complete',
  id: 'D10',
  means: 'A confirmed message that was routed to several queues has had a copy in each of them.',
  judge(world) {
    const violations = new Violations(world);
    const owed = new Map<AttemptId, Set<QueueId>>();
    let judged = 0;
    return {
      sent: (attempt) => owed.delete(attempt),
      routed(attempt, queues) {
        if (queues.length > 1) owed.set(attempt, new Set(queues));
      },
      stored(copy) {
        owed.get(world.copies.attempt[copy] as AttemptId)?.delete(world.copies.queue[copy] as QueueId);
      },
      confirming(attempt) {
        const missing = owed.get(attempt);
        if (missing === undefined) return;
        owed.delete(attempt);
        judged++;
        if (missing.size === 0) return;
        const names = [...missing].map((queue) => world.ledger.queues[queue]!.name).join(', ');
        violations.add(world.attempts.messageOf(attempt), `It was confirmed at ${seconds(world.sim.now)}, and never was in ${names}.`);
      },
      verdict() {
        if (violations.count > 0) return violations.finding('confirmed message missed a queue', 'confirmed messages missed a queue');
        return judged === 0 ? { verdict: 'unknown', reason: 'nothing was confirmed that was routed to several queues' } : { verdict: 'pass' };
      },
    };
  },
});
