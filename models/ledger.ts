/**
 * The ledger watches from outside. It hears what clients and queues can see, keeps one account per message, and puts
 * every copy of every message in exactly one bucket. Whatever leaves without being handled has a cause.
 *
 * A publish may be routed to several queues: each is a branch of the message, with effects and losses of its own.
 *
 * An account closes when nothing of its message is left anywhere; then the guarantees judge it, and its memory is used
 * again. Accounts that went the ordinary way (confirmed, one effect on each branch) need no judge.
 */
import type { Simulation } from '../sim/simulation.ts';
import { lengthFor } from '../sim/slot-store.ts';
import { AttemptFates } from './attempt-fates.ts';
import { Branches, marks } from './branches.ts';
import { type CauseId, type Causes, countOne } from './causes.ts';
import type { Judge } from './judge.ts';
import { Judges } from './judges.ts';
import { Duplicates } from './duplicates.ts';
import type { History, HistoryEvent } from './history.ts';
import { type Attempts, type AttemptId, type Copies, type CopyId, type Deliveries, type DeliveryId, type MessageId, type Messages, none, type PublisherId, type QueueId } from './message.ts';
import { acknowledged, bucketNames, Buckets, deadLettered, dropped, inFlight, ready } from './buckets.ts';
import { flags, type Outcome, Outcomes } from './outcomes.ts';
import { QueueAccount } from './queue-account.ts';
import { noTotals } from './totals.ts';
import { Unstored } from './unstored.ts';

export class Ledger {
  readonly totals = noTotals();
  readonly buckets: Buckets;
  readonly branches: Branches;
  readonly abandonedBy = new Map<CauseId, number>();
  readonly unstored = new Unstored();
  readonly duplicates: Duplicates;
  /** Narrates, when somebody listens. */
  history: History | undefined;

  readonly fates = new AttemptFates(this.totals);
  private readonly outcomes = new Outcomes(this.totals);

  private readonly judges = new Judges();
  private readonly sim: Simulation;
  readonly messages: Messages;
  readonly attempts: Attempts;
  readonly copies: Copies;
  readonly deliveries: Deliveries;
  readonly causes: Causes;

  constructor(sim: Simulation, messages: Messages, attempts: Attempts, copies: Copies, deliveries: Deliveries, causes: Causes) {
    this.sim = sim;
    this.messages = messages;
    this.attempts = attempts;
    this.copies = copies;
    this.deliveries = deliveries;
    this.causes = causes;
    this.buckets = new Buckets(sim, copies);
    this.branches = new Branches(copies);
    this.duplicates = new Duplicates(attempts, copies, causes);
    messages.onClosed = (message) => this.close(message, false);
  }

  judgedBy(judges: readonly Judge[]): void {
    this.judges.call(judges);
    this.buckets.watchers = this.judges.moved;
  }

  /** A queue of a broker; its account has the same number. */
  openQueue(name: string): QueueId {
    return (this.buckets.queues.push(new QueueAccount(name)) - 1) as QueueId;
  }

  /** Publishes that no queue ever had, by cause. */
  get attemptsLost(): ReadonlyMap<CauseId, number> {
    return this.fates.lost;
  }

  get queues(): readonly QueueAccount[] {
    return this.buckets.queues;
  }

  // ---- publishing

  published(message: MessageId): void {
    if (message >= this.outcomes.length) this.growMessages(message);
    this.outcomes.open(message);
    this.branches.open(message);
    this.duplicates.published(message);
    this.totals.published++;
    for (const hear of this.judges.published) hear(message);
    if (this.history !== undefined) this.note('published', message);
  }

  sent(attempt: AttemptId): void {
    const message = this.attempts.messageOf(attempt);
    this.totals.sent++;
    this.fates.begin(attempt);
    this.outcomes.mark(message, flags.sent);
    for (const hear of this.judges.sent) hear(attempt);
    if (this.history !== undefined) this.note(this.attempts.origin[attempt] === none ? 'sent' : 'shovelled', message, { attempt: this.attempts.number[attempt]! });
  }

  /** A publish is to reach this queue. Storing says so too; said before that, a queue that never gets it is missed. */
  routed(attempt: AttemptId, queue: QueueId): void {
    if (this.branches.begin(this.attempts.messageOf(attempt), queue)) this.totals.handled--;
  }

  /** An exchange routes a publish to these queues, whether they will have it or not. */
  routes(attempt: AttemptId, queues: readonly { readonly id: QueueId }[]): void {
    for (const hear of this.judges.routed) hear(attempt, queues.map(({ id }) => id));
  }

  /** An attempt that a queue, or all of them, will never have: swallowed by a connection, or by a broker that died first. */
  attemptLost(attempt: AttemptId, cause: CauseId): void {
    const message = this.attempts.messageOf(attempt);
    this.fates.lostTo(attempt, cause);
    // What is stored already, by an attempt before or in another queue, is not lost with this one.
    this.branches.blameAll(message, cause, this.sim.now, marks.stored, this.attempts.origin[attempt]!);
    if (this.history !== undefined) this.note('publish-lost', message, { attempt: this.attempts.number[attempt]!, cause });
  }

  /** By the broker, or by one of the queues that it was routed to. */
  attemptRefused(attempt: AttemptId, reason: CauseId): void {
    this.fates.refused(attempt);
    if (this.history !== undefined) this.note('refused', this.attempts.messageOf(attempt), { attempt: this.attempts.number[attempt]!, cause: reason });
  }

  /** The answer that a publisher got, or that it did not get one. */
  replied(attempt: AttemptId, outcome: Outcome, reason?: CauseId): void {
    if (outcome === 'confirmed') for (const hear of this.judges.confirmReceived) hear(attempt, this.attempts.open[attempt] === 1);
    if (this.history === undefined) return;
    const event = outcome === 'confirmed' ? 'confirm-received' : outcome === 'refused' ? 'refusal-received' : 'outcome-unknown';
    this.note(event, this.attempts.messageOf(attempt), { attempt: this.attempts.number[attempt]!, ...(reason !== undefined && { cause: reason }) });
  }

  confirmSent(attempt: AttemptId): void {
    for (const hear of this.judges.confirming) hear(attempt);
    if (this.history !== undefined) this.note('confirmed', this.attempts.messageOf(attempt), { attempt: this.attempts.number[attempt]! });
  }

  /** Stored, and its publisher will not learn of that from this answer. */
  confirmLost(attempt: AttemptId, cause: CauseId): void {
    this.sim.trace.reached('ledger.confirmLost');
    if (this.history !== undefined) this.note('confirm-lost', this.attempts.messageOf(attempt), { attempt: this.attempts.number[attempt]!, cause });
  }

  /** The last word of a publisher about a message; a confirm that comes later overrules it. */
  outcome(message: MessageId, outcome: Outcome): void {
    this.outcomes.outcome(message, outcome);
  }

  /** A message that never left its producer's buffer. */
  abandoned(message: MessageId, cause: CauseId): void {
    countOne(this.abandonedBy, cause);
    this.branches.blameAll(message, cause, this.sim.now);
    if (this.history !== undefined) this.note('abandoned', message, { cause });
  }

  isConfirmed(message: MessageId): boolean {
    return this.outcomes.has(message, flags.confirmed);
  }

  has(message: MessageId, flag: number): boolean {
    return this.outcomes.has(message, flag);
  }

  // ---- copies

  /** A queue has a copy now. `attempt` is -1 for one that came by dead-lettering: its branch is told with that. */
  stored(copy: CopyId, attempt: AttemptId | -1): void {
    const message = this.copies.messageOf(copy);
    if (message >= this.outcomes.length) this.growMessages(message);
    this.countStored(copy);
    this.outcomes.mark(message, flags.stored);
    if (attempt >= 0) {
      this.fates.stored(attempt as AttemptId);
      this.routed(attempt as AttemptId, this.copies.origin[copy] as QueueId);
      this.branches.stored(copy, marks.stored);
    }
    for (const hear of this.judges.stored) hear(copy);
    this.buckets.open(copy);
    if (this.history !== undefined) this.note('stored', message, { copy, queue: this.queueOf(copy).name, ...(attempt >= 0 && { attempt: this.attempts.number[attempt]! }) });
  }

  private countStored(copy: CopyId): void {
    this.duplicates.stored(copy);
    this.totals.stored++;
    this.queueOf(copy).stored++;
  }

  delivered(delivery: DeliveryId): void {
    const copy = this.deliveries.copyOf(delivery);
    const count = this.duplicates.delivered(delivery, copy);
    const queue = this.queueOf(copy);
    this.totals.deliveries++;
    if (count > 1) {
      this.totals.redelivered++;
      queue.redelivered++;
    }
    this.move(copy, inFlight);
    if (!this.branches.isFirstDelivery(copy)) this.repeated('delivery', delivery, this.duplicates.deliveredAgain(delivery, copy));
    if (this.copies.altered[copy] === 1 || this.copies.size[copy] !== this.messages.size[this.copies.messageOf(copy)]) for (const hear of this.judges.altered) hear(delivery);
    if (count > 1) for (const hear of this.judges.redelivered) hear(delivery, count);
    else for (const hear of this.judges.firstDelivered) hear(delivery);
    if (this.history !== undefined) this.note('delivered', this.copies.messageOf(copy), { copy, delivery: count, queue: queue.name, worker: this.deliveries.worker[delivery]! });
  }

  deliveryLost(delivery: DeliveryId, cause: CauseId): void {
    this.totals.deliveriesLost++;
    this.blameUnlessGone(delivery, cause);
    if (this.history !== undefined) this.noteDelivery('delivery-lost', delivery, { cause });
  }

  /** The frame that should have settled a delivery was swallowed. */
  settlementLost(delivery: DeliveryId, cause: CauseId): void {
    this.duplicates.settlementLost(this.deliveries.copyOf(delivery), cause);
    if (this.history !== undefined) this.noteDelivery('settlement-lost', delivery, { cause });
  }

  settlementLate(delivery: DeliveryId): void {
    this.totals.lateAcknowledgements++;
    if (this.history !== undefined) this.noteDelivery('settlement-late', delivery);
  }

  acknowledged(copy: CopyId): void {
    const queue = this.queueOf(copy);
    this.totals.acknowledged++;
    queue.acknowledged++;
    this.move(copy, acknowledged);
    if (this.history !== undefined) this.note('acknowledged', this.copies.messageOf(copy), { copy, queue: queue.name });
  }

  /** A delivered copy is ready again. */
  requeued(copy: CopyId, reason: CauseId): void {
    const queue = this.queueOf(copy);
    this.move(copy, ready);
    this.duplicates.returned(copy, reason);
    if (this.causes.what(reason) === 'lease-expired') this.totals.leasesExpired++;
    if (this.history !== undefined) this.note('requeued', this.copies.messageOf(copy), { copy, queue: queue.name, cause: reason });
  }

  /** `into` is the copy in the dead-letter queue, stored by then. It is of the branch that `copy` is of. */
  deadLettered(copy: CopyId, into: CopyId, reason: CauseId): void {
    const queue = this.queueOf(copy);
    this.totals.deadLettered++;
    queue.deadLettered++;
    this.copies.origin[into] = this.copies.origin[copy]!;
    this.branches.stored(copy, marks.deadLettered);
    this.move(copy, deadLettered);
    for (const hear of this.judges.deadLettered) hear(copy, into, reason);
    if (this.history !== undefined) this.note('dead-lettered', this.copies.messageOf(copy), { copy, queue: this.queueOf(into).name, from: queue.name, cause: reason });
  }

  dropped(copy: CopyId, cause: CauseId): void {
    const queue = this.queueOf(copy);
    const message = this.copies.messageOf(copy);
    const from = this.buckets.numberOf(copy);
    if (from === acknowledged) this.totals.acknowledged--;
    if (from === acknowledged) queue.acknowledged--;
    if (from === deadLettered) this.totals.deadLettered--;
    if (from === deadLettered) queue.deadLettered--;
    countOne(queue.dropped, cause);
    this.branches.blame(copy, cause, this.sim.now);
    this.move(copy, dropped);
    for (const hear of this.judges.dropped) hear(copy, cause);
    if (this.history !== undefined) this.note('dropped', message, { copy, queue: queue.name, cause });
  }

  /** A host crash undid a settlement or a dead-lettering that was not on disk: the copy is ready again. */
  rewound(copy: CopyId, cause: CauseId): void {
    const queue = this.queueOf(copy);
    const wasAcknowledged = this.buckets.numberOf(copy) === acknowledged;
    this.totals[wasAcknowledged ? 'acknowledged' : 'deadLettered']--;
    queue[wasAcknowledged ? 'acknowledged' : 'deadLettered']--;
    this.totals.rewound++;
    if (!wasAcknowledged) this.branches.clear(copy, marks.deadLettered);
    this.duplicates.rewound(copy, cause);
    this.sim.trace.reached('ledger.rewound');
    this.move(copy, ready);
    if (this.history !== undefined) this.note('rewound', this.copies.messageOf(copy), { copy, queue: queue.name, cause });
  }

  /** A backup brought it back, a copy of its own: what it is a copy of had left its queue, or was lost with the disks. */
  broughtBack(copy: CopyId, from: CopyId, cause: CauseId): void {
    this.countStored(copy);
    if (this.buckets.numberOf(from) === deadLettered) this.branches.clear(copy, marks.deadLettered);
    this.branches.stored(copy, marks.stored);
    this.buckets.open(copy);
    this.sim.trace.reached('ledger.broughtBack');
    if (this.history !== undefined) this.note('brought-back', this.copies.messageOf(copy), { copy, queue: this.queueOf(copy).name, cause });
  }

  /** The disks were lost, and it was on a backup: it is still there. */
  keptByBackup(copy: CopyId, cause: CauseId): void {
    if (this.history !== undefined) this.note('kept-by-backup', this.copies.messageOf(copy), { copy, queue: this.queueOf(copy).name, cause });
  }

  // ---- handling

  workStarted(delivery: DeliveryId): void {
    for (const hear of this.judges.handlingBegan) hear(delivery);
    if (this.history !== undefined) this.noteDelivery('work-started', delivery);
  }

  workFailed(delivery: DeliveryId, reason: CauseId): void {
    for (const hear of this.judges.handlingEnded) hear(delivery);
    this.blameUnlessGone(delivery, reason);
    if (this.history !== undefined) this.noteDelivery('work-failed', delivery, { cause: reason });
  }

  /** The worker died with this delivery in its hands. */
  workerCrashed(delivery: DeliveryId, cause: CauseId): void {
    for (const hear of this.judges.handlingEnded) hear(delivery);
    this.blameUnlessGone(delivery, cause);
    if (this.history !== undefined) this.noteDelivery('worker-crashed', delivery, { cause });
  }

  /** A handler's effect took place. True when it is the first of its branch. */
  effect(delivery: DeliveryId): boolean {
    const copy = this.deliveries.copyOf(delivery);
    const count = this.branches.effect(copy);
    this.totals.effects++;
    if (count > 1) {
      this.totals.duplicates++;
      this.repeated('effect', delivery, this.duplicates.tookEffectAgain(delivery, copy));
    } else if (this.branches.isHandled(this.copies.messageOf(copy))) this.totals.handled++;
    for (const hear of this.judges.handled) hear(delivery, count);
    if (this.history !== undefined) this.noteDelivery(count === 1 ? 'effect' : 'duplicate-effect', delivery);
    return count === 1;
  }

  private repeated(what: 'delivery' | 'effect', delivery: DeliveryId, cause: CauseId): void {
    for (const hear of this.judges.repeated) hear(what, delivery, cause);
  }

  /** An idempotency store knew the message. */
  deduplicated(delivery: DeliveryId): void {
    this.totals.deduplicated++;
    for (const hear of this.judges.handled) hear(delivery, 0);
    if (this.history !== undefined) this.noteDelivery('deduplicated', delivery);
  }

  private noteDelivery(event: HistoryEvent, delivery: DeliveryId, detail: { cause?: CauseId } = {}): void {
    const copy = this.deliveries.copyOf(delivery);
    const at = { delivery: this.deliveries.number[delivery]!, worker: this.deliveries.worker[delivery]!, queue: this.queueOf(copy).name };
    this.note(event, this.copies.messageOf(copy), { copy, ...at, ...detail });
  }

  // ---- the end of a run

  /** Judges the accounts that are still open. */
  closeAll(): void {
    for (const copy of this.copies.ids()) {
      const bucket = this.buckets.numberOf(copy);
      if (bucket !== ready && bucket !== inFlight) continue;
      const isLetter = this.copies.attempt[copy] === none && this.copies.reader[copy] === none && this.queueOf(copy).parking;
      this.branches.set(copy, isLetter ? marks.held | marks.heldDead : marks.held);
    }
    for (const message of this.messages.ids()) this.close(message, true);
  }

  private close(message: MessageId, ended: boolean): void {
    if (ended || !(this.isConfirmed(message) && this.branches.isHandledOnce(message))) for (const hear of this.judges.closed) hear(message, ended);
    if (this.has(message, flags.unknown) && this.branches.isHandled(message)) this.totals.recovered++;
    if (!this.has(message, flags.stored)) {
      const fate = ended ? 'unfinished' : this.has(message, flags.refused) ? 'refused' : 'lost';
      this.unstored.add(this.messages.publisher[message] as PublisherId, fate);
    }
    if (ended) return;
    // A number that is used again without having been published shows as what it is.
    this.outcomes.open(message);
    this.branches.close(message);
  }

  private queueOf(copy: CopyId): QueueAccount {
    return this.buckets.queueOf(copy);
  }

  /** Moves a copy to another bucket; a move that is not permitted is what the conservation guarantee judges. */
  private move(copy: CopyId, to: number): void {
    const from = this.buckets.numberOf(copy);
    this.queueOf(copy).lives.moved(from, to, this.duplicates.times(copy));
    if (this.buckets.move(copy, to)) return;
    for (const hear of this.judges.forbiddenMove) hear(copy, bucketNames[from]!, this.buckets.of(copy));
  }

  /** The last word about a message that nobody delivers again; a copy that left otherwise has a better one. */
  private blameUnlessGone(delivery: DeliveryId, cause: CauseId): void {
    const copy = this.deliveries.copyOf(delivery);
    const bucket = this.buckets.numberOf(copy);
    if (bucket !== dropped && bucket !== deadLettered) this.branches.blame(copy, cause, this.sim.now);
  }

  private note(event: HistoryEvent, message: MessageId, detail: object = {}): void {
    this.history!(event, message, detail);
  }

  private growMessages(message: number): void {
    const length = lengthFor(message);
    this.outcomes.grow(length);
    this.branches.grow(length);
  }
}
