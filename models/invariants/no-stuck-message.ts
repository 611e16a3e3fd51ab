import { positiveDuration } from '../settings.ts';
import { invariant, nothingHappened, seconds, Violations, wasThreatened } from './invariant.ts';

/** L2. At the end, nothing that still waits has waited without a move for longer than the time given. */
export const noStuckMessage = invariant({
  claim: 'no-stuck-message',
  id: 'L2',
  means: 'No message is left lying: whatever is ready or in flight at the end has moved lately.',
  parameters: { after: positiveDuration().default(60e9).describe('What has not moved for so long is stuck.') },
  judge(world, settings) {
    const { ledger, copies } = world;
    return {
      verdict(end) {
        if (ledger.totals.stored === 0) return { verdict: 'unknown', reason: 'nothing was ever stored' };
        const violations = new Violations(world);
        for (const copy of copies.ids()) {
          const bucket = ledger.buckets.of(copy);
          const queue = ledger.queues[copies.queue[copy]!]!;
          const still = end.now - ledger.buckets.lastMove(copy);
          if ((bucket !== 'ready' && bucket !== 'inFlight') || queue.parking || still <= settings.after) continue;
          violations.add(copies.messageOf(copy), `It has been ${bucket === 'ready' ? 'ready' : 'in flight'} in ${queue.name} for ${seconds(still)}.`, ledger.buckets.lastMove(copy));
        }
        if (violations.count > 0) return violations.finding('message is stuck', 'messages are stuck');
        return wasThreatened(world) ? { verdict: 'pass' } : { verdict: 'unknown', reason: nothingHappened };
      },
    };
  },
});
