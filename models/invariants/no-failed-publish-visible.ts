import { marks } from '../branches.ts';
import { flags } from '../outcomes.ts';
import { forBranch, invariant, Violations, type WrongIn } from './invariant.ts';

/**
 * D5. A message of which every attempt was refused is delivered to nobody: m in FAIL => D(m) is empty (an aborted read, G1a). Refused is
 * what its publisher knows to be so; where a node went away that may have stored it, the outcome is unknown instead.
 */
export const noFailedPublishVisible = invariant({
  claim: 'no-failed-publish-visible',
  id: 'D5',
  means: 'A message that was refused for good is never delivered.',
  judge(world) {
    const { ledger } = world;
    const violations = new Violations(world);
    const seenIn: WrongIn = (message, branch) => {
      if (!ledger.branches.has(message, branch, marks.delivered)) return undefined;
      return { summary: `It was refused, and delivered all the same${forBranch(world, message, branch)}.` };
    };
    return {
      closed(message) {
        if (ledger.has(message, flags.refused)) violations.judge(message, seenIn);
      },
      verdict() {
        if (violations.count > 0) return violations.finding('refused message was delivered', 'refused messages were delivered');
        return ledger.totals.refused === 0 ? { verdict: 'unknown', reason: 'no message was refused' } : { verdict: 'pass' };
      },
    };
  },
});
