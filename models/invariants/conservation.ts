import type { Bucket } from '../buckets.ts';
import type { CopyId } from '../message.ts';
import { invariant, Violations } from './invariant.ts';

/**
 * B1. Every copy is in exactly one bucket after every event, moves only as the table of moves permits, leaves with a
 * cause, and what a broker holds is what the ledger counts as ready and in flight there.
 */
export const conservation = invariant({
  claim: 'conservation',
  id: 'B1',
  means: 'Stored = ready + in flight + acknowledged + dead-lettered + dropped with a cause, at every event and in every queue.',
  isAlways: true,
  judge(world) {
    const { ledger } = world;
    const violations = new Violations(world);
    return {
      forbiddenMove(copy: CopyId, from: Bucket, to: Bucket) {
        violations.add(world.copies.messageOf(copy), `A copy of it went from ${from} to ${to}, which no queue can do.`);
      },
      verdict(end) {
        for (const broker of end.brokers) {
          const counted = ledger.buckets.heldIn(broker.queues);
          if (broker.held() === counted) continue;
          violations.addWithoutMessage(broker.port.name, `The broker holds ${broker.held()} copies, and ${counted} have not left it.`);
        }
        const { stored, acknowledged, deadLettered } = ledger.totals;
        let kept = 0;
        for (const queue of ledger.queues) {
          kept += queue.ready.value + queue.inFlight.value;
          for (const count of queue.dropped.values()) kept += count;
        }
        if (stored !== kept + acknowledged + deadLettered) {
          violations.addWithoutMessage('the ledger', `${stored} copies were stored, and ${kept + acknowledged + deadLettered} are accounted for.`);
        }
        return violations.count > 0 ? violations.finding('entry does not balance', 'entries do not balance') : { verdict: 'pass' };
      },
    };
  },
});
