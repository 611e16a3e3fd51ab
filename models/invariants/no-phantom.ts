import type { CopyId, DeliveryId } from '../message.ts';
import { flags } from '../outcomes.ts';
import { invariant, Violations } from './invariant.ts';

/** D4. Whatever is delivered was published before, with that content. */
export const noPhantom = invariant({
  claim: 'no-phantom',
  id: 'D4',
  means: 'Nothing is delivered that nobody published, and nothing with another content.',
  isAlways: true,
  judge(world) {
    const { ledger, messages, copies, deliveries } = world;
    const violations = new Violations(world);
    return {
      stored(copy: CopyId) {
        const message = copies.messageOf(copy);
        if (!ledger.has(message, flags.sent)) violations.add(message, 'It was stored, and nobody had published it.');
      },
      altered(delivery: DeliveryId) {
        const copy = deliveries.copyOf(delivery);
        const message = copies.messageOf(copy);
        const what = copies.altered[copy] === 1 ? 'a disk gave back other bytes, which were delivered' : `delivered with ${copies.size[copy]}`;
        violations.add(message, `It was published with ${messages.size[message]} bytes, and ${what}.`);
      },
      verdict() {
        return violations.count > 0 ? violations.finding('message came from nowhere, or was altered', 'messages came from nowhere, or were altered') : { verdict: 'pass' };
      },
    };
  },
});
