import { z } from 'zod';
import { positiveDuration } from '../settings.ts';
import { invariant, isUnhandled, seconds, Violations } from './invariant.ts';

/** L5. The longest interval in which nothing succeeded stays within what the claim gives. */
export const boundedUnavailability = invariant({
  claim: 'bounded-unavailability',
  id: 'L5',
  means: 'Never for longer than the time given does nothing succeed: no effect, or no confirm that comes in time.',
  parameters: {
    within: positiveDuration().default(30e9).describe('The longest interval without a success.'),
    of: z.enum(['effects', 'confirms']).default('effects').describe('What counts as a success.'),
  },
  judge(world, settings) {
    const { sim } = world;
    let last = -1;
    /** Something was asked for, or what was asked for came to an end. */
    let lastBusy = -1;
    /** One came to nothing since the last success: nobody knows that the next would not. */
    let hasFailed = false;
    let longest = { from: 0, took: 0 };
    let successes = 0;
    const ends = (now: number): void => {
      if (now - last > longest.took) longest = { from: last, took: now - last };
      last = now;
    };
    const succeeded = (): void => {
      successes++;
      hasFailed = false;
      ends(sim.now);
    };
    return {
      published() {
        // Where it is the only message there is nobody was kept waiting until now.
        if (last < 0 || (world.messages.alive === 1 && !hasFailed)) last = sim.now;
      },
      // Who was confirmed and handled once is not told of, and was a success.
      closed(message, ended) {
        if (!ended) lastBusy = sim.now;
        const isServed = settings.of === 'effects' ? !isUnhandled(world, message, 0) : world.ledger.isConfirmed(message);
        hasFailed ||= !isServed;
      },
      sent() {
        lastBusy = sim.now;
      },
      ...(settings.of === 'effects' ? { handled: (_delivery, effects) => effects > 0 && succeeded() } : { confirmReceived: (_attempt, inTime) => (inTime ? succeeded() : void (hasFailed = true)) }),
      verdict(end) {
        if (last < 0) return { verdict: 'unknown', reason: 'nothing was published' };
        // Who publishes no more asks for nothing, unless something of it is still to be done.
        const until = end.isDrained ? Math.max(last, lastBusy) : end.now;
        if (until > last) ends(until);
        const told = `nothing succeeded for ${seconds(longest.took)} from ${seconds(longest.from)} on`;
        if (longest.took > settings.within) {
          const violations = new Violations(world);
          violations.addWithoutMessage(settings.of, `${told}; ${seconds(settings.within)} are allowed.`, longest.from);
          return { ...violations.finding('interval', 'intervals'), reason: told };
        }
        if (end.strikes.length === 0) return { verdict: 'unknown', reason: 'no fault struck' };
        return successes === 0 ? { verdict: 'unknown', reason: 'nothing succeeded' } : { verdict: 'pass', reason: `at most ${seconds(longest.took)} passed without a success` };
      },
    };
  },
});
