import type { DeliveryId, QueueId, WorkerId } from '../message.ts';
import { invariant, nothingHappened, seconds, Violations, wasThreatened } from './invariant.ts';

/**
 * B5. In a queue with a single active consumer no two workers handle at the same time: the intervals from the beginning of a handling to its end
 * do not overlap across workers. The broker serves one at a time; whether the one before has ended when the next begins, it cannot know.
 */
export const singleActiveConsumer = invariant({
  claim: 'single-active-consumer',
  id: 'B5',
  means: 'Of a queue with a single active consumer, no two workers handle messages at the same time.',
  judge(world) {
    const { copies, deliveries, subscribers, nodes } = world;
    const violations = new Violations(world);
    const queues = new Map<QueueId, Map<WorkerId, number>>();
    for (const broker of world.brokers.values()) for (const { queue, isExclusive } of broker.guarantees()) if (isExclusive) queues.set(queue, new Map());
    if (queues.size === 0) return { verdict: () => ({ verdict: 'unknown', reason: 'no queue has a single active consumer' }) };
    const workers = new Set<WorkerId>();
    const workOf = (delivery: DeliveryId): Map<WorkerId, number> | undefined => queues.get(copies.queue[deliveries.copyOf(delivery)] as QueueId);
    const ended = (delivery: DeliveryId): void => {
      const [work, worker] = [workOf(delivery), deliveries.worker[delivery] as WorkerId];
      if (work?.has(worker) === true) work.set(worker, work.get(worker)! - 1);
    };
    return {
      handlingBegan(delivery) {
        const [work, worker] = [workOf(delivery), deliveries.worker[delivery] as WorkerId];
        if (work === undefined) return;
        workers.add(worker);
        for (const [other, count] of work) {
          if (other === worker || count <= 0) continue;
          const [here, there] = [worker, other].map((each) => nodes.name(subscribers[each]!.node));
          violations.add(copies.messageOf(deliveries.copyOf(delivery)), `${here} began to handle it at ${seconds(world.sim.now)}, when ${there} was still at work on its queue.`);
        }
        work.set(worker, (work.get(worker) ?? 0) + 1);
      },
      handlingEnded: ended,
      handled: ended,
      verdict() {
        if (violations.count > 0) return violations.finding('handling began while another worker was at work', 'handlings began while another worker was at work');
        if (workers.size < 2) return { verdict: 'unknown', reason: 'no worker ever took over from another' };
        return wasThreatened(world) ? { verdict: 'pass' } : { verdict: 'unknown', reason: nothingHappened };
      },
    };
  },
});
