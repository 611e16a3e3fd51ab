import type { MessageId } from '../message.ts';
import { fateOf, type Invariant, nothingHappened, Violations, wasThreatened } from './invariant.ts';

/**
 * D1. At quiescence every confirmed message has had an effect, or lies in a dead-letter queue, or was dropped for a cause
 * that the claim allows. What was not confirmed may be lost.
 */
export const atLeastOnce: Invariant = {
  claim: 'at-least-once',
  id: 'D1',
  means: 'No confirmed message is lost: each is handled, or lies in a dead-letter queue.',
  judge(world, claim) {
    const { ledger, causes } = world;
    const violations = new Violations(world);
    const pending: MessageId[] = [];
    const isAllowed = (message: MessageId): boolean => {
      const loss = ledger.lastLoss(message);
      return loss !== undefined && claim.allow.includes(causes.what(loss.cause));
    };
    const lose = (message: MessageId): void => violations.add(message, `It was confirmed and never handled: ${fateOf(world, message)}.`, ledger.lastLoss(message)?.at);
    return {
      closed(message, ended) {
        if (!ledger.isConfirmed(message) || ledger.effects(message) > 0) return;
        if (ended && ledger.isDeadLetter(message)) return;
        if (ended) pending.push(message);
        else if (!isAllowed(message)) lose(message);
      },
      verdict(end) {
        if (end.isQuiescent) for (const message of pending) lose(message);
        if (violations.count > 0) return violations.finding('confirmed message was never handled', 'confirmed messages were never handled');
        if (ledger.totals.confirmed === 0) return { verdict: 'unknown', reason: 'no publish was confirmed, so nothing was promised' };
        if (pending.length > 0) return { verdict: 'unknown', reason: `${pending.length} confirmed messages were still in the queues at the end` };
        if (!wasThreatened(world)) return { verdict: 'unknown', reason: nothingHappened };
        return { verdict: 'pass' };
      },
    };
  },
};
