import type { NodeId } from '../node.ts';
import type { QueueId } from '../message.ts';
import { invariant, Violations } from './invariant.ts';

/** B4. In a term at most one member of a replicated log leads, and terms never go back. (SingleLeader and MonotonicEpoch of Kafka's raft simulation.) */
export const oneLeaderPerTerm = invariant({
  claim: 'one-leader-per-term',
  id: 'B4',
  means: 'A replicated log has at most one leader in each term, and terms never go back.',
  judge(world) {
    const violations = new Violations(world);
    const last = new Map<QueueId, { readonly term: number; readonly node: NodeId }>();
    let elections = 0;
    for (const { queues, port } of world.brokers.values()) {
      for (const queue of queues) {
        const { leader, term } = port.placement(queue);
        if (leader !== undefined && term !== undefined) last.set(queue, { term, node: leader });
      }
    }
    world.occurrences.listen('leader-elected', ({ queue, node, term }) => {
      if (term === undefined) return;
      elections++;
      const before = last.get(queue!);
      last.set(queue!, { term, node: node! });
      if (before === undefined || term > before.term) return;
      const [now, then] = [node!, before.node].map((each) => world.nodes.name(each));
      violations.addWithoutMessage(world.ledger.queues[queue!]!.name, term < before.term ? `${now} leads in term ${term}, after ${then} had led in term ${before.term}.` : `${now} leads in term ${term}, in which ${then} led.`);
    });
    return {
      verdict() {
        if (violations.count > 0) return violations.finding('leader too many', 'leaders too many');
        return elections === 0 ? { verdict: 'unknown', reason: 'no replicated log had another leader' } : { verdict: 'pass' };
      },
    };
  },
});
