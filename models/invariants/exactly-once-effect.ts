import type { MessageId } from '../message.ts';
import { flags } from '../outcomes.ts';
import { fateOf, forBranch, invariant, nothingHappened, Violations, wasThreatened, type WrongIn, wrongWith } from './invariant.ts';

/**
 * D3. A confirmed message has exactly one effect on each branch, one with an unknown outcome at most one, one that was refused
 * none. Handlers may run more often: what counts is what took effect.
 */
export const exactlyOnceEffect = invariant({
  claim: 'exactly-once-effect',
  id: 'D3',
  means: 'Every confirmed message takes effect exactly once, an unconfirmed one at most once, a refused one never.',
  judge(world) {
    const { ledger } = world;
    const violations = new Violations(world);
    const pending: MessageId[] = [];
    const tooMuchIn: WrongIn = (message, branch) => {
      const effects = ledger.branches.effects(message, branch);
      if (effects > 1) return { summary: `It took effect ${effects} times${forBranch(world, message, branch)}.` };
      if (effects === 0 || !ledger.has(message, flags.refused)) return undefined;
      return { summary: `It was refused, and took effect all the same${forBranch(world, message, branch)}.` };
    };
    const missingIn: WrongIn = (message, branch) => {
      // A dead letter has taken no effect, whoever may look at it later.
      if (!ledger.isConfirmed(message) || ledger.branches.effects(message, branch) > 0) return undefined;
      const summary = `It was confirmed and took no effect${forBranch(world, message, branch)}: ${fateOf(world, message, branch)}.`;
      return { summary, at: ledger.branches.lastLoss(message, branch)?.at };
    };
    const wrongIn: WrongIn = (message, branch) => tooMuchIn(message, branch) ?? missingIn(message, branch);
    return {
      closed(message, ended) {
        if (violations.judge(message, ended ? tooMuchIn : wrongIn)) return;
        if (ended && wrongWith(world, message, missingIn) !== undefined) pending.push(message);
      },
      verdict(end) {
        if (end.isQuiescent) for (const message of pending) violations.judge(message, missingIn);
        if (violations.count > 0) return violations.finding('message did not take effect exactly once', 'messages did not take effect exactly once');
        if (ledger.totals.effects === 0) return { verdict: 'unknown', reason: 'no message took effect' };
        if (pending.length > 0) return { verdict: 'unknown', reason: `${pending.length} confirmed messages were still in the queues at the end` };
        if (!wasThreatened(world)) return { verdict: 'unknown', reason: nothingHappened };
        return { verdict: 'pass' };
      },
    };
  },
});
