import { z } from 'zod';
import { type DuplicateCause, duplicateCauses } from '../duplicates.ts';
import { count } from '../settings.ts';
import { invariant, nothingHappened, Violations, wasThreatened } from './invariant.ts';

const byCause = z.strictObject(Object.fromEntries(duplicateCauses.map((cause) => [cause, count(0).optional()])) as Record<DuplicateCause, z.ZodOptional<ReturnType<typeof count>>>);

/**
 * D8. The sum over all branches of (deliveries - 1), where positive, stays within a budget, and so does what each cause contributes of it.
 * Every delivery and every effect beyond the first has exactly one cause (`models/duplicates.ts`), so the causes add up to the sum.
 */
export const boundedDuplicates = invariant({
  claim: 'bounded-duplicates',
  id: 'D8',
  means: 'Messages are delivered (or take effect) a second time no more often than a budget says, in all and for each cause.',
  parameters: {
    budget: count(0).optional().describe('Most duplicates over the whole run; without it only the causes are bounded, and without those too none may be.'),
    by: byCause.optional().describe('Most duplicates of a cause; causes that are not named have the whole budget.'),
    of: z.enum(['deliveries', 'effects']).default('deliveries').describe('What is counted: what a broker sent again, or what took effect again.'),
  },
  judge(world, { budget, by = {}, of }) {
    const violations = new Violations(world);
    const most = budget ?? (Object.keys(by).length === 0 ? 0 : Infinity);
    const counts = new Map<string, number>();
    let all = 0;
    return {
      repeated(what, delivery, cause) {
        if (what !== (of === 'effects' ? 'effect' : 'delivery')) return;
        const kind = world.causes.what(cause) as DuplicateCause;
        const ofCause = (counts.get(kind) ?? 0) + 1;
        counts.set(kind, ofCause);
        all++;
        const allowed = by[kind] ?? Infinity;
        if (all <= most && ofCause <= allowed) return;
        const copy = world.deliveries.copyOf(delivery);
        const message = world.copies.messageOf(copy);
        const which = ofCause > allowed ? `number ${ofCause} by ${kind}, of which ${allowed} are allowed` : `number ${all} of all, of which ${most} are allowed`;
        violations.add(message, `It ${of === 'effects' ? 'took effect' : 'was delivered'} again by ${world.causes.text(cause)} in ${world.ledger.buckets.queueOf(copy).name}: ${which}.`);
      },
      verdict() {
        if (violations.count > 0) return violations.finding('duplicate beyond the budget', 'duplicates beyond the budget');
        if (world.ledger.totals.deliveries === 0) return { verdict: 'unknown', reason: 'nothing was delivered' };
        if (!wasThreatened(world)) return { verdict: 'unknown', reason: nothingHappened };
        return { verdict: 'pass', reason: `${all} of ${most === Infinity ? 'what its causes allow' : most}` };
      },
    };
  },
});
