import { flags } from '../ledger.ts';
import type { MessageId } from '../message.ts';
import { fateOf, type Invariant, nothingHappened, Violations, wasThreatened } from './invariant.ts';

/**
 * D3. A confirmed message has exactly one effect, one with an unknown outcome at most one, one that was refused none.
 * Handlers may run more often: what counts is what took effect.
 */
export const exactlyOnceEffect: Invariant = {
  claim: 'exactly-once-effect',
  id: 'D3',
  means: 'Every confirmed message takes effect exactly once, an unconfirmed one at most once, a refused one never.',
  judge(world) {
    const { ledger } = world;
    const violations = new Violations(world);
    const pending: MessageId[] = [];
    const lose = (message: MessageId): void =>
      violations.add(message, `It was confirmed and took no effect: ${fateOf(world, message)}.`, ledger.lastLoss(message)?.at);
    return {
      closed(message, ended) {
        const effects = ledger.effects(message);
        if (effects > 1) violations.add(message, `It took effect ${effects} times.`);
        else if (effects === 1 && ledger.has(message, flags.refused)) violations.add(message, 'It was refused, and took effect all the same.');
        else if (effects === 0 && ledger.isConfirmed(message)) {
          if (!ended) lose(message);
          else if (!ledger.isDeadLetter(message)) pending.push(message);
        }
      },
      verdict(end) {
        if (end.isQuiescent) for (const message of pending) lose(message);
        if (violations.count > 0) return violations.finding('message did not take effect exactly once', 'messages did not take effect exactly once');
        if (ledger.totals.effects === 0) return { verdict: 'unknown', reason: 'no message took effect' };
        if (pending.length > 0) return { verdict: 'unknown', reason: `${pending.length} confirmed messages were still in the queues at the end` };
        if (!wasThreatened(world)) return { verdict: 'unknown', reason: nothingHappened };
        return { verdict: 'pass' };
      },
    };
  },
};
