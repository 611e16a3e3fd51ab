import { z } from 'zod';
import { none } from '../message.ts';
import { count } from '../settings.ts';
import { invariant, Violations } from './invariant.ts';

/**
 * L9. Publishes stay within the messages and a budget of retries. Without a budget N retries of each message multiply the load by N + 1,
 * just when the broker can bear that least (Brooker, "Fixing retries with token buckets and circuit breakers", 2022-02-28).
 */
export const boundedAmplification = invariant({
  claim: 'bounded-amplification',
  id: 'L9',
  means: 'Retries stay within a share of the messages, so that they cannot multiply the load.',
  parameters: {
    retries: z.number().min(0).max(1000).default(0.1).describe('Retries for each message, at most: attempts are within 1 + this of the messages.'),
    burst: count(0).default(10).describe('Retries beyond that, in all: what a bucket of tokens holds at first.'),
  },
  judge(world, settings) {
    const { attempts } = world;
    const violations = new Violations(world);
    let messages = 0;
    let retries = 0;
    return {
      sent(attempt) {
        // What a shovel publishes is work of its own.
        if (attempts.origin[attempt] !== none) return;
        if (attempts.number[attempt] === 1) {
          messages++;
          return;
        }
        retries++;
        // A hair, since the share is no binary fraction.
        if (retries <= settings.retries * messages + settings.burst + 1e-9) return;
        violations.add(attempts.messageOf(attempt), `Its attempt ${attempts.number[attempt]} was retry ${retries} to ${messages} messages.`);
      },
      verdict() {
        const told = `${messages + retries} attempts at ${messages} messages`;
        if (violations.count > 0) {
          const found = violations.finding('retry was beyond the budget', 'retries were beyond the budget');
          return { ...found, reason: `${found.reason}: ${told}` };
        }
        return retries === 0 ? { verdict: 'unknown', reason: 'no publish was tried again' } : { verdict: 'pass', reason: told };
      },
    };
  },
});
