import { invariant, Violations } from './invariant.ts';

/**
 * B3. The end of what is committed in a replicated log never goes back, whoever leads. It does where what a majority had was in page caches
 * alone, and all of them lost their power. (MonotonicHighWatermark of Kafka's raft simulation.)
 */
export const highWatermarkMonotone = invariant({
  claim: 'high-watermark-monotone',
  id: 'B3',
  means: 'The committed end of a replicated log never goes back.',
  judge(world) {
    const violations = new Violations(world);
    let elections = 0;
    world.occurrences.listen('log-rolled-back', ({ queue, entries }) => {
      violations.addWithoutMessage(world.ledger.queues[queue!]!.name, `Its committed end went back by ${entries} ${entries === 1 ? 'entry' : 'entries'}: the new leader lacks them.`);
    });
    world.occurrences.listen('leader-elected', ({ term }) => {
      if (term !== undefined) elections++;
    });
    return {
      verdict() {
        if (violations.count > 0) return violations.finding('log went back', 'logs went back');
        return elections === 0 ? { verdict: 'unknown', reason: 'no replicated log had another leader' } : { verdict: 'pass' };
      },
    };
  },
});
