/** What must hold after every event, whatever the broker, and what must be left when nothing moves any more. */
import type { System } from '../../models/build.ts';
import type { CauseId } from '../../models/causes.ts';
import type { HistoryDetail, HistoryEvent } from '../../models/history.ts';
import type { Judge } from '../../models/judge.ts';
import { type AttemptId, type CopyId, type DeliveryId, type MessageId, none, type QueueId } from '../../models/message.ts';
import { settlement } from '../../models/protocol.ts';
import { Line } from './line.ts';
import { Settlements } from './settlements.ts';
import type { QueueTraits, Subject } from './subjects.ts';

export class Watch {
  readonly settlements: Settlements;
  private readonly system: System;
  private readonly subject: Subject;
  private readonly work: QueueTraits;
  /** The queue whose order is watched: dead letters are told of as stored when they set out. */
  private readonly queue: QueueId;
  private readonly line: Line;
  /** When each attempt was sent, and the youngest that each queue has of a channel. */
  private readonly sentAs = new Map<string, number>();
  private readonly youngest = new Map<string, number>();
  /** Deliveries that were taken from a queue, and whether not for the first time. */
  private readonly sentOut = new Map<DeliveryId, boolean>();
  private sent = 0;
  private checked = 0;

  constructor(system: System, subject: Subject, work: QueueTraits) {
    const { ledger, brokers } = system.world;
    this.system = system;
    this.subject = subject;
    this.work = work;
    this.queue = brokers.get('mq')!.port.queue('work');
    this.line = new Line(subject.levels(work));
    this.settlements = new Settlements(system.world);
    ledger.history = (event, message, detail) => this.onHistory(event, message, detail);
    const judge: Judge = {
      stored: (copy) => this.checkStoredInOrder(copy),
      firstDelivered: (delivery) => this.onDelivered(delivery, false),
      redelivered: (delivery) => this.onDelivered(delivery, true),
    };
    system.world.sim.watch(system.world.protocol.deliveryArrived as never, 'before', (_type, _worker, delivery) => this.checkArrived(delivery as DeliveryId));
    ledger.judgedBy([...system.judged.map((each) => each.judge), judge]);
  }

  afterEvent(): void {
    const { sim, ledger } = this.system.world;
    if (!Number.isInteger(sim.now)) throw new Error(`it is ${sim.now} ns, which is not whole`);
    this.checkBalance();
    if (ledger.totals.deliveries === this.checked) return;
    this.checked = ledger.totals.deliveries;
    this.checkPrefetch();
  }

  /** The two sides of the balance, and that every copy of a queue is in one bucket of it. */
  private checkBalance(): void {
    const { brokers, ledger } = this.system.world;
    for (const broker of brokers.values()) {
      const counted = ledger.buckets.heldIn(broker.queues);
      if (broker.held() !== counted) throw new Error(`${broker.port.name} holds ${broker.held()} copies, the ledger counts ${counted}`);
      for (const queue of broker.queues) this.checkQueue(queue);
    }
  }

  private checkQueue(queue: QueueId): void {
    const { name, stored, acknowledged, deadLettered, dropped, ready, inFlight } = this.system.world.ledger.queues[queue]!;
    let sum = ready.value + inFlight.value + acknowledged + deadLettered;
    for (const count of dropped.values()) sum += count;
    if (sum !== stored) throw new Error(`${name} stored ${stored} copies, and ${sum} are in its buckets`);
  }

  /** No consumer holds more than it asked for. */
  private checkPrefetch(): void {
    const { deliveries, subscribers } = this.system.world;
    const held = new Map<number, number>();
    for (const delivery of deliveries.ids()) {
      if (deliveries.open[delivery] === 0) continue;
      const subscription = deliveries.subscription[delivery]!;
      const count = (held.get(subscription) ?? 0) + 1;
      held.set(subscription, count);
      const { prefetch } = subscribers[deliveries.worker[delivery]!]!;
      if (count > prefetch) throw new Error(`a consumer holds ${count} deliveries and asked for ${prefetch}`);
    }
  }

  private onHistory(event: HistoryEvent, message: MessageId, { attempt, copy, cause }: HistoryDetail): void {
    if (event === 'sent') this.sentAs.set(`${this.system.world.nameOf(message)}#${attempt}`, ++this.sent);
    if (copy === undefined) return;
    this.settle(event, copy as CopyId, cause);
    if (this.system.world.copies.queue[copy] === this.queue) this.keepLine(event, message, copy as CopyId, cause);
  }

  private settle(event: HistoryEvent, copy: CopyId, cause?: CauseId): void {
    const what = cause === undefined ? '' : this.system.world.causes.what(cause);
    if (event === 'acknowledged') this.settlements.ended(copy, settlement.acknowledge, true);
    else if (event === 'requeued') this.settlements.ended(copy, settlement.requeue, what === 'requeued');
    else if (event === 'dropped' || event === 'dead-lettered') this.settlements.ended(copy, what === 'rejected' ? settlement.reject : settlement.requeue, what === 'rejected');
  }

  private keepLine(event: HistoryEvent, message: MessageId, copy: CopyId, cause?: CauseId): void {
    const { world } = this.system;
    const what = cause === undefined ? '' : world.causes.what(cause);
    if (event === 'stored') this.line.came(copy, world.messages.priority[message]!);
    else if (event === 'rewound') this.line.cameBack(copy, 'original');
    else if (event === 'requeued') this.line.cameBack(copy, what === 'requeued' ? this.subject.givenBack(this.work) : this.subject.leftBehind);
    else if (event === 'delivered' && !this.line.left(copy)) throw new Error(`${world.nameOf(message)} was delivered before its turn`);
    else if (event === 'dropped' || event === 'dead-lettered') this.checkDropped(copy, what);
  }

  /** A queue that is too long loses its head. What was in flight stood in no line. */
  private checkDropped(copy: CopyId, what: string): void {
    if (!this.line.left(copy) && what === 'maxlen') throw new Error(`${this.system.world.nameOf(this.system.world.copies.messageOf(copy))} was dropped, and is not the head`);
  }

  private onDelivered(delivery: DeliveryId, isAgain: boolean): void {
    this.sentOut.set(delivery, isAgain);
    this.settlements.delivered(delivery);
  }

  /**
   * What a consumer is handed was taken from a queue for it. It is flagged when it was delivered before, and else only when a crash
   * made the broker forget whether it was.
   */
  private checkArrived(delivery: DeliveryId): void {
    const { world, faults } = this.system;
    const name = world.nameOf(world.copies.messageOf(world.deliveries.copyOf(delivery)));
    const isAgain = this.sentOut.get(delivery);
    const isFlagged = world.deliveries.redelivered[delivery] === 1;
    if (isAgain === undefined) throw new Error(`${name} is handed out, and was not taken from its queue for that`);
    if (isAgain && !isFlagged) throw new Error(`${name} is delivered again, and not flagged as redelivered`);
    const hasForgotten = this.subject.flagsWhatItTakesOver || faults.struck.some(({ kind, target }) => ['crash', 'stop'].includes(kind) && target.startsWith('mq'));
    if (!isAgain && isFlagged && !hasForgotten) throw new Error(`${name} is flagged as redelivered, and was never delivered before`);
  }

  /** What was published on one channel is stored in that order, and once. */
  private checkStoredInOrder(copy: CopyId): void {
    const { world } = this.system;
    const { copies, attempts } = world;
    const attempt = copies.attempt[copy] as AttemptId | typeof none;
    if (attempt === none) return;
    const name = world.nameOf(copies.messageOf(copy));
    const rank = this.sentAs.get(`${name}#${attempts.number[attempt]}`)!;
    const channel = `${attempts.connection[attempt]}/${attempts.session[attempt]}/${copies.queue[copy]}`;
    const youngest = this.youngest.get(channel) ?? 0;
    if (rank === youngest) throw new Error(`${name} was stored twice of one publish`);
    if (rank < youngest) throw new Error(`${name} was stored after what was published later on its channel`);
    this.youngest.set(channel, rank);
  }
}

/** Nobody works, nothing is on its way, and nothing is alive but dead letters that nobody reads. */
export function leftBehind({ world, consumers, publishers }: System): string[] {
  const brokers = [...world.brokers.values()];
  const held = brokers.reduce((sum, broker) => sum + broker.held(), 0);
  const left: string[] = [];
  const expectCount = (what: string, count: number, wanted: number): void => {
    if (count !== wanted) left.push(`${count} ${what} and not ${wanted}`);
  };
  expectCount('attempts', world.attempts.alive, 0);
  expectCount('deliveries', world.deliveries.alive, 0);
  expectCount('copies', world.copies.alive, held);
  expectCount('copies that somebody reads', world.ledger.buckets.work, 0);
  if (world.messages.alive > held) left.push(`${world.messages.alive} messages for ${held} copies`);
  if (!consumers.isIdle()) left.push('a consumer that works');
  if (!publishers.isIdle()) left.push('a publisher that waits');
  for (const broker of brokers) if (!broker.isIdle()) left.push(`${broker.port.name}, which is busy`);
  for (const { name, busy, inHand } of consumers.groups) {
    expectCount(`busy servers of ${name}`, busy.value, 0);
    expectCount(`deliveries in the hands of ${name}`, inHand.value, 0);
  }
  return left;
}
