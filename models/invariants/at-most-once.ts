import { forBranch, invariant, nothingHappened, Violations, wasThreatened, type WrongIn } from './invariant.ts';

/** D2. No message has more than one effect on one branch. */
export const atMostOnce = invariant({
  claim: 'at-most-once',
  id: 'D2',
  means: 'No message takes effect twice; it may be lost.',
  judge(world) {
    const { ledger } = world;
    const violations = new Violations(world);
    const tooOftenIn: WrongIn = (message, branch) => {
      const effects = ledger.branches.effects(message, branch);
      return effects > 1 ? { summary: `It took effect ${effects} times${forBranch(world, message, branch)}.` } : undefined;
    };
    return {
      closed(message) {
        violations.judge(message, tooOftenIn);
      },
      verdict() {
        if (violations.count > 0) return violations.finding('message took effect more than once', 'messages took effect more than once');
        if (ledger.totals.effects === 0) return { verdict: 'unknown', reason: 'no message took effect' };
        if (!wasThreatened(world)) return { verdict: 'unknown', reason: nothingHappened };
        return { verdict: 'pass' };
      },
    };
  },
});
