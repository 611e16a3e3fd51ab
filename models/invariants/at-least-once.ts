import { z } from 'zod';
import { marks } from '../branches.ts';
import type { MessageId } from '../message.ts';
import { LossLocations } from './loss-location.ts';
import { fateOf, forBranch, invariant, isUnhandled, nothingHappened, Violations, wasThreatened, type WrongIn, wrongWith } from './invariant.ts';

/** Causes for which a message may be given up without breaking the guarantee. */
const allowableCauses = ['expired', 'maxlen', 'rejected', 'delivery-limit', 'not-in-backup', 'purged', 'deleted', 'wiped'] as const;

/**
 * D1. At quiescence every branch of every confirmed message has had an effect, or lies in a dead-letter queue, or was dropped
 * for a cause that the claim allows. What was not confirmed may be lost.
 */
export const atLeastOnce = invariant({
  claim: 'at-least-once',
  id: 'D1',
  means: 'No confirmed message is lost: each is handled, or lies in a dead-letter queue.',
  parameters: {
    allow: z.array(z.enum(allowableCauses)).default([]).describe('Causes for which a message may be given up.'),
  },
  judge(world, settings) {
    const { ledger, causes } = world;
    const violations = new Violations(world);
    const locations = new LossLocations(world);
    const judge = (message: MessageId): void => {
      if (violations.judge(message, lostIn)) locations.wasLost(message);
    };
    const pending: MessageId[] = [];
    const allowed: ReadonlySet<string> = new Set(settings.allow);
    const isAllowed = (message: MessageId, branch: number): boolean => {
      const loss = ledger.branches.lastLoss(message, branch);
      return loss !== undefined && allowed.has(causes.what(loss.cause)) && !ledger.branches.has(message, branch, marks.held);
    };
    const lostIn: WrongIn = (message, branch) => {
      if (!isUnhandled(world, message, branch) || isAllowed(message, branch)) return undefined;
      const summary = `It was confirmed and never handled${forBranch(world, message, branch)}: ${fateOf(world, message, branch)}.`;
      return { summary, at: ledger.branches.lastLoss(message, branch)?.at };
    };
    return {
      dropped(copy, cause) {
        locations.dropped(copy, cause);
      },
      handled(delivery, effects) {
        if (effects === 1) locations.tookEffect(world.copies.messageOf(world.deliveries.copyOf(delivery)));
      },
      closed(message, ended) {
        if (!ledger.isConfirmed(message)) return;
        if (!ended) {
          judge(message);
          locations.closed(message);
        }
        else if (wrongWith(world, message, lostIn) !== undefined) pending.push(message);
      },
      verdict(end) {
        if (end.isQuiescent) for (const message of pending) judge(message);
        if (violations.count > 0) return { ...violations.finding('confirmed message was never handled', 'confirmed messages were never handled'), location: locations.all() };
        if (ledger.totals.confirmed === 0) return { verdict: 'unknown', reason: 'no publish was confirmed, so nothing was promised' };
        if (pending.length > 0) return { verdict: 'unknown', reason: `${pending.length} confirmed messages were still in the queues at the end` };
        if (!wasThreatened(world)) return { verdict: 'unknown', reason: nothingHappened };
        return { verdict: 'pass' };
      },
    };
  },
});
