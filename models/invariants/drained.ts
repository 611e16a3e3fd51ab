import { positiveDuration } from '../settings.ts';
import { invariant, seconds, Violations } from './invariant.ts';

/** L1. Once the faults are healed and producers have stopped, every queue empties within the time given. */
export const drained = invariant({
  claim: 'drained',
  id: 'L1',
  means: 'After the faults are healed and producers stop, the queues empty in time; dead-letter queues that nobody reads keep theirs.',
  parameters: { within: positiveDuration().optional().describe('Of the healing; the whole drain phase unless told.') },
  judge(world, settings) {
    const { ledger, copies } = world;
    return {
      verdict(end) {
        if (ledger.totals.stored === 0) return { verdict: 'unknown', reason: 'nothing was ever stored' };
        const took = Math.max(0, ledger.buckets.emptiedAt - end.healedAt);
        if (end.isDrained && took <= (settings.within ?? Infinity)) return { verdict: 'pass', reason: `empty ${seconds(took)} after the heal` };
        const violations = new Violations(world);
        for (const copy of copies.ids()) {
          const bucket = ledger.buckets.of(copy);
          const isWork = (bucket === 'ready' || bucket === 'inFlight') && !ledger.queues[copies.queue[copy]!]!.parking;
          if (isWork) violations.add(copies.messageOf(copy), `It was still ${bucket === 'ready' ? 'ready' : 'in flight'} in ${ledger.queues[copies.queue[copy]!]!.name}.`, ledger.buckets.lastMove(copy));
        }
        if (violations.count === 0) violations.addWithoutMessage('the queues', `They emptied ${seconds(took)} after the heal, or somebody still waits for an answer.`);
        return violations.finding('message was left when the time was over', 'messages were left when the time was over');
      },
    };
  },
});
