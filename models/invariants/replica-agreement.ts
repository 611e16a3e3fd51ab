import { ready } from '../buckets.ts';
import type { NodeId } from '../node.ts';
import { invariant, seconds, Violations } from './invariant.ts';

/** What is younger is on its way, and so is what a member missed that is back for less. A judgement: replication takes milliseconds. */
const settles = 10e9;

/**
 * B10. At the end, when brokers are at rest, every node that runs and is a member of a queue has every message that waits in it. (As the
 * storage checker of TigerBeetle's simulator, and `lost-on-node` of Jepsen's NATS tests.)
 */
export const replicaAgreement = invariant({
  claim: 'replica-agreement',
  id: 'B10',
  means: 'When brokers are at rest, all members of a queue have the same messages.',
  judge(world) {
    const { copies, ledger, nodes } = world;
    return {
      verdict(end) {
        const violations = new Violations(world);
        let compared = 0;
        for (const { port, guarantees, queues } of end.brokers.map((broker) => ({ port: broker.port, queues: broker.queues, guarantees: broker.guarantees() }))) {
          for (const { queue, holding } of guarantees) {
            const members: readonly NodeId[] = queues.includes(queue) ? port.placement(queue).members.filter((node) => nodes.isUp(node)) : [];
            if (members.length < 2) continue;
            for (const copy of copies.ids()) {
              if (copies.queue[copy] !== queue || ledger.buckets.numberOf(copy) !== ready || end.now - copies.storedAt[copy]! < settles) continue;
              const { synced, unsynced } = holding(copy);
              const lacking = members.filter((node) => !synced.includes(node) && !unsynced.includes(node));
              compared++;
              if (lacking.length === 0) continue;
              violations.add(copies.messageOf(copy), `It is in ${ledger.queues[queue]!.name}, stored at ${seconds(copies.storedAt[copy]!)}, and ${lacking.map((node) => nodes.name(node)).join(' and ')} did not have it at the end.`);
            }
          }
        }
        if (compared === 0) return { verdict: 'unknown', reason: 'no queue with several members had a message left at the end' };
        if (end.now - end.healedAt < settles || !end.brokers.every((broker) => broker.isIdle())) return { verdict: 'unknown', reason: `brokers were not at rest at the end, ${seconds(settles)} after all was healed` };
        return violations.count > 0 ? violations.finding('message is not on all members of its queue', 'messages are not on all members of their queues') : { verdict: 'pass' };
      },
    };
  },
});
