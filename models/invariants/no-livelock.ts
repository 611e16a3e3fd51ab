import type { DeliveryId } from '../message.ts';
import { count, positiveDuration } from '../settings.ts';
import { invariant, nothingHappened, seconds, Violations, wasThreatened } from './invariant.ts';

/** L7. Redeliveries that go on while no handler gets anything done, as with a poison message that is requeued at once. */
export const noLivelock = invariant({
  claim: 'no-livelock',
  id: 'L7',
  means: 'Messages do not go round while nothing gets done: redeliveries go on only where handlers also finish something.',
  parameters: {
    over: positiveDuration().default(10e9).describe('For so long nothing was done.'),
    redeliveries: count(1).default(20).describe('And so many redeliveries took place meanwhile.'),
  },
  judge(world, settings) {
    const { sim, deliveries, copies } = world;
    const violations = new Violations(world);
    let since = -1;
    let redelivered = 0;
    let isTold = false;
    return {
      firstDelivered() {
        if (since < 0) since = sim.now;
      },
      redelivered(delivery: DeliveryId, times: number) {
        if (since < 0) since = sim.now;
        redelivered++;
        if (isTold || sim.now - since < settings.over || redelivered < settings.redeliveries) return;
        isTold = true;
        const what = `${redelivered} redeliveries in ${seconds(sim.now - since)}, and nothing was done; this was delivery ${times} of it.`;
        violations.add(copies.messageOf(deliveries.copyOf(delivery)), what);
      },
      // What an idempotency store held back is done, too.
      handled() {
        since = sim.now;
        redelivered = 0;
        isTold = false;
      },
      verdict() {
        if (violations.count > 0) return violations.finding('time messages went round and nothing was done', 'times messages went round and nothing was done');
        if (since < 0) return { verdict: 'unknown', reason: 'nothing was delivered' };
        return wasThreatened(world) ? { verdict: 'pass' } : { verdict: 'unknown', reason: nothingHappened };
      },
    };
  },
});
