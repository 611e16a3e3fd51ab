import { z } from 'zod';
import type { Holding, QueueGuarantees } from '../broker.ts';
import { type AttemptId, type CopyId, none, type QueueId } from '../message.ts';
import { count } from '../settings.ts';
import type { World } from '../world.ts';
import { invariant, seconds, Violations } from './invariant.ts';

/**
 * D11. When the broker says that it has a publish, every queue that the publish was stored in holds its copy where the claim says, or
 * the queue itself: |{n: synced(c, n)}| >= k, or |{n: stored(c, n)}| >= k. What consumers have settled by then needs no disk any more.
 *
 * It is judged at the instant of the promise, before anything is lost of it. As a database's simulation checks it inside
 * (FoundationDB: sim2, TigerBeetle: VOPR), of a queue from outside.
 */
export const confirmMeansDurable = invariant({
  claim: 'confirm-means-durable',
  id: 'D11',
  means: 'At the instant of a confirm the message is where that promises it to be: on so many disks, or on so many nodes.',
  parameters: {
    copies: count(1).optional().describe('Nodes that have to hold it, instead of as many as its queue claims.'),
    on: z.enum(['disk', 'nodes']).optional().describe('disk: synced there; nodes: there at all, also in memory. On disk unless told, if copies are; otherwise what its queue claims.'),
  },
  judge(world, { copies: wanted, on }) {
    const violations = new Violations(world);
    const publishes = new CopiesOfPublishes(world);
    const queues = new Map<QueueId, QueueGuarantees>();
    for (const broker of world.brokers.values()) for (const queue of broker.guarantees()) queues.set(queue.queue, queue);
    let judged = 0;

    const shortfall = ({ synced, unsynced, claimed }: Holding): string | undefined => {
      const nodes = wanted ?? Math.max(claimed.disks, claimed.nodes);
      const disks = on === undefined && wanted === undefined ? claimed.disks : on === 'nodes' ? 0 : nodes;
      if (synced.length < disks) return `synced on ${namesOf(world, synced)}, where ${disks} had to have synced it${unsynced.length === 0 ? '' : ` (only in memory on ${namesOf(world, unsynced)})`}`;
      if (disks === nodes || synced.length + unsynced.length >= nodes) return undefined;
      return `on ${namesOf(world, [...synced, ...unsynced])}, where ${nodes} nodes had to have it`;
    };
    const judgeCopy = (copy: CopyId, attempt: AttemptId): void => {
      const bucket = world.ledger.buckets.of(copy);
      const loss = bucket === 'dropped' ? lossBefore(world, copy) : undefined;
      if (bucket !== 'ready' && bucket !== 'inFlight' && loss === undefined) return;
      judged++;
      const wrong = loss ?? shortfall(queues.get(world.copies.queue[copy] as QueueId)!.holding(copy));
      if (wrong === undefined) return;
      const queue = world.ledger.buckets.queueOf(copy).name;
      violations.add(world.attempts.messageOf(attempt), `It was confirmed at ${seconds(world.sim.now)}, and ${queue} had it ${wrong}.`);
    };
    return {
      sent: (attempt) => publishes.sent(attempt),
      stored: (copy) => publishes.stored(copy),
      confirming(attempt) {
        publishes.take(attempt, (copy) => judgeCopy(copy, attempt));
        if (!world.ledger.fates.isUnderWay(attempt)) return;
        judged++;
        violations.add(world.attempts.messageOf(attempt), `It was confirmed at ${seconds(world.sim.now)}, and no queue had it.`);
      },
      verdict() {
        if (violations.count > 0) return violations.finding('confirm promised more than was so', 'confirms promised more than was so');
        if (judged === 0) return { verdict: 'unknown', reason: 'no confirm was sent for a message that was still in a queue' };
        return { verdict: 'pass' };
      },
    };
  },
});

/** What queues stored of publishes that are not confirmed yet. Most have one copy. */
class CopiesOfPublishes {
  private readonly first: number[] = [];
  private readonly others = new Map<AttemptId, CopyId[]>();
  private readonly world: World;

  constructor(world: World) {
    this.world = world;
  }

  /** Its number may have been that of another before. */
  sent(attempt: AttemptId): void {
    this.first[attempt] = none;
    if (this.others.size > 0) this.others.delete(attempt);
  }

  stored(copy: CopyId): void {
    const attempt = this.world.copies.attempt[copy]! as AttemptId;
    if (attempt < 0) return;
    if (this.first[attempt] === none) {
      this.first[attempt] = copy;
      return;
    }
    const others = this.others.get(attempt);
    if (others === undefined) this.others.set(attempt, [copy]);
    else others.push(copy);
  }

  take(attempt: AttemptId, visit: (copy: CopyId) => void): void {
    const first = this.first[attempt] ?? none;
    if (first === none) return;
    const others = this.others.size > 0 ? (this.others.get(attempt) ?? []) : [];
    this.sent(attempt);
    // A number that is another copy's now says that this one was settled.
    for (const copy of [first as CopyId, ...others]) if (this.world.copies.attempt[copy] === attempt) visit(copy);
  }
}

/** A fault took it before its confirm was sent: not what a queue drops by its own rules. */
function lossBefore({ ledger, copies, causes }: World, copy: CopyId): string | undefined {
  const message = copies.messageOf(copy);
  const { branches } = ledger;
  for (let branch = 0; branch < branches.count(message); branch++) {
    const loss = branches.queueOf(message, branch) === copies.origin[copy] ? branches.lastLoss(message, branch) : undefined;
    if (loss !== undefined && causes.by(loss.cause) !== '') return `lost by then, to ${causes.text(loss.cause)}`;
  }
  return undefined;
}

function namesOf({ nodes }: World, which: Holding['synced']): string {
  return which.length === 0 ? 'no node' : which.map((node) => nodes.name(node)).join(', ');
}
