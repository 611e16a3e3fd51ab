/** A publish that is routed to several queues, told to the ledger by hand: there is no broker, and no time passes. */
import type { Broker } from '../../models/broker.ts';
import { asWritten, judgeOf } from '../../models/invariants/claims.ts';
import { type ClaimName, claimNames } from '../../models/invariants/index.ts';
import type { Finding, RunningJudge } from '../../models/invariants/invariant.ts';
import { type AttemptId, type CopyId, type DeliveryId, type MessageId, none, type QueueId, type WorkerId } from '../../models/message.ts';
import { connectionSchema } from '../../models/network-settings.ts';
import type { Totals } from '../../models/totals.ts';
import { World } from '../../models/world.ts';

/** Two queues that a publish is routed to, a dead-letter queue of both, and all guarantees. */
export class FanOut {
  readonly world = new World({ seed: 1 }, { measureFrom: 0, healAt: 100e9, end: 200e9 }, { default: {}, links: [], connection: connectionSchema.parse({}) });
  readonly orders = this.world.ledger.openQueue('mq/orders');
  readonly audit = this.world.ledger.openQueue('mq/audit');
  readonly dead = this.world.ledger.openQueue('mq/dead');
  private readonly publisher = this.world.namePublisher('web.0');
  private readonly broker: Broker;
  private readonly judges: ReadonlyMap<ClaimName, RunningJudge>;
  private published = 0;

  constructor(allow: readonly string[] = []) {
    const { world } = this;
    world.ledger.queues[this.dead]!.parking = true;
    const queues = [this.orders, this.audit, this.dead];
    this.broker = {
      queues, held: () => world.ledger.buckets.heldIn(queues), isIdle: () => true, port: { placement: () => ({ leader: undefined, members: [] }) } as unknown as Broker['port'],
      guarantees: () => [this.orders, this.audit].map((queue) => ({
        queue, lengthMax: Infinity, bytesMax: Infinity, isExclusive: false, deliveriesMax: 3, deadLetter: this.dead, expires: false, holding: () => ({ synced: [], unsynced: [], claimed: { disks: 0, nodes: 0 } }),
      })),
    } as Partial<Broker> as Broker;
    world.brokers.set('mq', this.broker);
    this.judges = new Map(claimNames.map((claim) => [claim, judgeOf(world, claim === 'at-least-once' ? { claim, settings: { allow } } : asWritten(claim))]));
    world.ledger.judgedBy([...this.judges.values()]);
    world.sim.trace.reached('publisher.retried');
  }

  publish(): MessageId {
    const { messages, ledger, sim } = this.world;
    const message = messages.create(this.publisher, ++this.published, this.published, none, 100, 0, sim.now);
    ledger.published(message);
    return message;
  }

  /** An attempt that reaches these queues; its publisher waits for a confirm. */
  send(message: MessageId, ...queues: QueueId[]): CopyId[] {
    const attempt = this.attempt(message);
    const copies = queues.map((queue) => this.store(attempt, queue));
    this.world.attempts.release(attempt);
    return copies;
  }

  attempt(message: MessageId): AttemptId {
    const { attempts, messages, ledger } = this.world;
    const attempt = attempts.create(message, ++messages.attempts[message]!, 0 as never, 0);
    ledger.sent(attempt);
    return attempt;
  }

  store(attempt: AttemptId, queue: QueueId): CopyId {
    const { attempts, copies, ledger } = this.world;
    const copy = copies.create(attempts.messageOf(attempt), attempt, queue, 100, 0, this.world.sim.now);
    ledger.stored(copy, attempt);
    return copy;
  }

  deliver(copy: CopyId): DeliveryId {
    const { copies, deliveries, ledger, sim } = this.world;
    const delivery = deliveries.create(copy, 0 as WorkerId, ++copies.deliveries[copy]!, 0 as never, 0, sim.now);
    ledger.delivered(delivery);
    return delivery;
  }

  /** Delivered and worked on, and not settled yet. */
  handle(copy: CopyId): boolean {
    const delivery = this.deliver(copy);
    const isFirst = this.world.ledger.effect(delivery);
    this.world.deliveries.release(delivery);
    return isFirst;
  }

  acknowledge(copy: CopyId): void {
    this.world.ledger.acknowledged(copy);
    this.world.copies.release(copy);
  }

  /** Acknowledged by a worker that did nothing. */
  forget(copy: CopyId): void {
    this.world.deliveries.release(this.deliver(copy));
    this.acknowledge(copy);
  }

  /** From beginning to end. */
  take(...copies: CopyId[]): void {
    for (const copy of copies) {
      this.handle(copy);
      this.acknowledge(copy);
    }
  }

  drop(copy: CopyId, cause = 'expired'): void {
    this.world.ledger.dropped(copy, this.world.causes.of(cause));
    this.world.copies.release(copy);
  }

  bury(copy: CopyId): CopyId {
    const { copies, ledger, causes, sim } = this.world;
    const into = copies.create(copies.messageOf(copy), none, this.dead, 100, 0, sim.now);
    ledger.stored(into, none);
    ledger.deadLettered(copy, into, causes.of('rejected'));
    copies.release(copy);
    return into;
  }

  confirm(...messages: MessageId[]): void {
    for (const message of messages) this.world.ledger.outcome(message, 'confirmed');
  }

  /** The publisher is done with a message: when nothing else is left of it, its account closes. */
  finish(...messages: MessageId[]): void {
    for (const message of messages) this.world.messages.release(message);
  }

  get totals(): Totals {
    return this.world.ledger.totals;
  }

  /** The end of the run. */
  verdicts(isQuiescent = true): Readonly<Record<ClaimName, string>> {
    this.world.ledger.closeAll();
    const end = { now: this.world.sim.now, isQuiescent, isDrained: isQuiescent, healedAt: 0, brokers: [this.broker], strikes: [] };
    return Object.fromEntries([...this.judges].map(([claim, judge]) => [claim, inWords(judge.verdict(end))])) as Record<ClaimName, string>;
  }
}

function inWords(finding: Finding): string {
  return finding.verdict === 'fail' ? finding.witnesses.map(({ message, summary }) => `${message}: ${summary}`).join(' | ') : finding.verdict;
}

/** A confirmed message in both queues. */
export function confirmedInBoth(allow?: readonly string[]): { system: FanOut; message: MessageId; inOrders: CopyId; inAudit: CopyId } {
  const system = new FanOut(allow);
  const message = system.publish();
  const [inOrders, inAudit] = system.send(message, system.orders, system.audit) as [CopyId, CopyId];
  system.confirm(message);
  return { system, message, inOrders, inAudit };
}
