import { type Invariant, nothingHappened, Violations, wasThreatened } from './invariant.ts';

/** D2. No message has more than one effect. */
export const atMostOnce: Invariant = {
  claim: 'at-most-once',
  id: 'D2',
  means: 'No message takes effect twice; it may be lost.',
  judge(world) {
    const { ledger } = world;
    const violations = new Violations(world);
    return {
      closed(message) {
        const effects = ledger.effects(message);
        if (effects > 1) violations.add(message, `It took effect ${effects} times.`);
      },
      verdict() {
        if (violations.count > 0) return violations.finding('message took effect more than once', 'messages took effect more than once');
        if (ledger.totals.effects === 0) return { verdict: 'unknown', reason: 'no message took effect' };
        if (!wasThreatened(world)) return { verdict: 'unknown', reason: nothingHappened };
        return { verdict: 'pass' };
      },
    };
  },
};
