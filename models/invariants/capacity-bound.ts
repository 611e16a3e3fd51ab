import type { QueueGuarantees } from '../broker.ts';
import { nowhere, ready } from '../buckets.ts';
import type { CopyId, QueueId } from '../message.ts';
import { invariant, seconds, Violations } from './invariant.ts';

/** What waits in a queue for the first time. */
interface Fresh {
  /** As they are configured now. */
  readonly limits: Pick<QueueGuarantees, 'lengthMax' | 'bytesMax'>;
  count: number;
  bytes: number;
}

/**
 * B7. After every event, of each queue with a length or size: ready <= max-length, bytes(ready) <= max-length-bytes, over messages that were
 * never delivered. What comes back from a consumer may be on top of that: it had its place before. (As `max_length` of rabbit_fifo_prop_SUITE.)
 */
export const capacityBound = invariant({
  claim: 'capacity-bound',
  id: 'B7',
  means: 'No queue has more messages waiting than its length or size allows, those left out that came back from a consumer.',
  judge(world) {
    const { copies, ledger } = world;
    const violations = new Violations(world);
    const queues = new Map<QueueId, Fresh>();
    for (const broker of world.brokers.values()) {
      for (const limits of broker.guarantees()) if (limits.lengthMax < Infinity || limits.bytesMax < Infinity) queues.set(limits.queue, { limits, count: 0, bytes: 0 });
    }
    if (queues.size === 0) return { verdict: () => ({ verdict: 'unknown', reason: 'no queue has a length or a size' }) };
    const isFresh: boolean[] = [];
    /** The last that came, and when: in the midst of an event a queue may be too full. */
    let last: { readonly copy: CopyId; readonly queue: QueueId; readonly event: number } | undefined;
    let wasFull = false;
    const look = (): void => {
      if (last === undefined || last.event === world.sim.count) return;
      const { limits: { lengthMax, bytesMax }, count, bytes } = queues.get(last.queue)!;
      if (count >= lengthMax || bytes >= bytesMax) wasFull = true;
      if (count > lengthMax || bytes > bytesMax) {
        const over = count > lengthMax ? `${count} messages waiting, where ${lengthMax} may` : `${bytes} bytes waiting, where ${bytesMax} may`;
        violations.add(copies.messageOf(last.copy), `It came to ${ledger.queues[last.queue]!.name}, which had ${over}, at ${seconds(copies.storedAt[last.copy]!)}.`);
      }
      last = undefined;
    };
    return {
      moved(copy, from, to) {
        look();
        const queue = copies.queue[copy] as QueueId;
        const fresh = queues.get(queue);
        if (fresh === undefined) return;
        if (from === nowhere && to === ready) {
          isFresh[copy] = true;
          fresh.count++;
          fresh.bytes += copies.size[copy]!;
          last = { copy, queue, event: world.sim.count };
        } else if (isFresh[copy] === true && from === ready) {
          isFresh[copy] = false;
          fresh.count--;
          fresh.bytes -= copies.size[copy]!;
          if (fresh.count + 1 >= fresh.limits.lengthMax) wasFull = true;
        }
      },
      verdict() {
        if (violations.count > 0) return violations.finding('message came to a queue that was full', 'messages came to queues that were full');
        return wasFull ? { verdict: 'pass' } : { verdict: 'unknown', reason: 'no queue was ever full' };
      },
    };
  },
});
