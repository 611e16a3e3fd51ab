/** Classic queues with one bug each. */
import type { CauseId } from '../../models/causes.ts';
import { ClassicQueue } from '../../models/brokers/rabbitmq/classic-queue.ts';
import { operation, type Operation } from '../../models/brokers/rabbitmq/mailbox.ts';
import type { Consumer } from '../../models/brokers/rabbitmq/consumer.ts';
import { type AttemptId, type CopyId, type DeliveryId, none } from '../../models/message.ts';
import type { CrashScope } from '../../models/node.ts';
import { type DestinationId, reply } from '../../models/protocol.ts';
import { hostDies, isSeventh, misbehaved, nodeDies, type RabbitBug } from './rabbitmq.ts';

type Arguments = ConstructorParameters<typeof ClassicQueue>;

class ConfirmsBeforeTheFlush extends ClassicQueue {
  protected override confirmNowOrLater(attempt: AttemptId): void {
    misbehaved(this.world);
    this.host.answer(attempt, reply.confirmed, this.home);
  }
}

/** Its journal has it, the body in the shared store is not there yet. */
class ConfirmsBeforeTheBody extends ClassicQueue {
  protected override confirmIfWritten(copy: CopyId): void {
    const { copies } = this.host;
    if (copies.unconfirmed[copy] === none || !this.journal.isFlushed(copy)) return;
    if (copies.bodyWritten[copy] === 0) misbehaved(this.world);
    this.confirm(copy);
  }
}

class ForgetsWhatALostConsumerHeld extends ClassicQueue {
  protected override takeBack(copy: CopyId, reason: CauseId, isLost: boolean): void {
    if (isLost) misbehaved(this.world);
    else super.takeBack(copy, reason, isLost);
  }
}

class TakesALostConsumerForDone extends ClassicQueue {
  protected override takeBack(copy: CopyId, reason: CauseId, isLost: boolean): void {
    if (!isLost) {
      super.takeBack(copy, reason, isLost);
      return;
    }
    misbehaved(this.world);
    this.acknowledge(copy);
  }
}

class ForgetsConsumersOnOtherNodes extends ClassicQueue {
  protected override onConsumerDown(id: number, cause: CauseId): void {
    const consumer = this.host.consumer(id);
    if (consumer === undefined || this.host.serverOf(consumer.connection) === this.home) super.onConsumerDown(id, cause);
    else misbehaved(this.world);
  }
}

/** Removals that were flushed are undone by a crash as well. */
class DeliversWhatWasAcknowledged extends ClassicQueue {
  private readonly acknowledged: CopyId[] = [];
  override retire(copy: CopyId): void {
    if (this.world.ledger.buckets.of(copy) === 'acknowledged' && isSeventh(this.world, this.world.copies.messageOf(copy))) {
      this.world.copies.hold(copy);
      this.acknowledged.push(copy);
    }
    super.retire(copy);
  }
  override crashed(scope: CrashScope, cause: CauseId): AttemptId[] {
    const unanswered = super.crashed(scope, cause);
    for (const copy of this.acknowledged.splice(0)) {
      misbehaved(this.world);
      this.resurrect(copy, cause);
    }
    return unanswered;
  }
}

class ForgetsWhatIsOnDisk extends ClassicQueue {
  override crashed(scope: CrashScope, cause: CauseId): AttemptId[] {
    const unanswered = super.crashed(scope, cause);
    for (const copy of this.ready.all().filter((each) => isSeventh(this.world, this.world.copies.messageOf(each)))) {
      misbehaved(this.world);
      this.ready.remove(copy);
      this.world.ledger.dropped(copy, cause);
      this.retire(copy);
    }
    return unanswered;
  }
}

class RecoversInTheWrongOrder extends ClassicQueue {
  override crashed(scope: CrashScope, cause: CauseId): AttemptId[] {
    const unanswered = super.crashed(scope, cause);
    const kept = this.ready.all();
    if (kept.length > 1) misbehaved(this.world);
    for (const copy of kept) this.ready.remove(copy);
    for (const copy of kept) this.ready.giveBack(copy, 'head');
    return unanswered;
  }
}

class KeepsWhatItDeadLetters extends ClassicQueue {
  override retire(copy: CopyId): void {
    if (this.world.ledger.buckets.of(copy) !== 'deadLettered' || this.world.copies.deliveries[copy]! > 2) {
      super.retire(copy);
      return;
    }
    misbehaved(this.world);
    this.putBack(copy);
  }
}

class ExpiresWhatIsHeld extends ClassicQueue {
  private readonly taken = new Set<DeliveryId>();
  protected override deliver(consumer: Consumer, copy: CopyId): void {
    super.deliver(consumer, copy);
    this.taken.add(consumer.unsettled(this.world.deliveries).at(-1)!);
  }
  override closeDelivery(delivery: DeliveryId): void {
    this.taken.delete(delivery);
    super.closeDelivery(delivery);
  }
  override dispatch(): void {
    const { deliveries, copies, sim } = this.world;
    for (const delivery of this.taken) {
      const copy = deliveries.copyOf(delivery);
      if (copies.expiresAt[copy]! > sim.now) continue;
      misbehaved(this.world);
      this.closeDelivery(delivery);
      this.inFlight--;
      this.host.deadLetterOrDrop(this, copy, 'expired');
    }
    super.dispatch();
  }
}

class CountsWhatIsHeldAsLength extends ClassicQueue {
  override dropHeads(): void {
    while (this.waiting > 0 && this.waiting + this.inFlight > this.rules.maxLength) {
      if (this.waiting <= this.rules.maxLength) misbehaved(this.world);
      const head = this.nextCopy();
      this.takeOut(head);
      this.host.deadLetterOrDrop(this, head, 'maxlen');
    }
  }
}

class ServesAGoneSingleConsumer extends ClassicQueue {
  protected override onConsumerDown(id: number, cause: CauseId): void {
    const consumer = this.host.consumer(id);
    super.onConsumerDown(id, cause);
    if (consumer === undefined) return;
    misbehaved(this.world);
    for (const other of this.turns.removeAll()) this.turns.remove(other);
    this.turns.add(consumer);
  }
}

class LosesAWakeUp extends ClassicQueue {
  private isDeaf = false;
  protected override perform(kind: Operation, a: number, b: number): void {
    this.isDeaf = kind === operation.settle;
    super.perform(kind, a, b);
    this.isDeaf = false;
  }
  override dispatch(): void {
    if (!this.isDeaf) super.dispatch();
    else if (this.waiting > 0) misbehaved(this.world);
  }
}

/** As if each acknowledgement had said `multiple`. */
class AcknowledgesOlderOnesToo extends ClassicQueue {
  protected override acknowledge(copy: CopyId): void {
    const consumer = this.lastClosed;
    this.lastClosed = undefined;
    super.acknowledge(copy);
    if (consumer === undefined) return;
    for (const delivery of consumer.unsettled(this.world.deliveries)) {
      misbehaved(this.world);
      const other = this.world.deliveries.copyOf(delivery);
      this.closeDelivery(delivery);
      this.lastClosed = undefined;
      super.acknowledge(other);
    }
  }
  private lastClosed: Consumer | undefined;
  override closeDelivery(delivery: DeliveryId): void {
    this.lastClosed = this.host.consumer(this.world.deliveries.subscription[delivery]!);
    super.closeDelivery(delivery);
  }
}

class TakesANackForAnAck extends ClassicQueue {
  protected override takeBack(copy: CopyId, reason: CauseId, isLost: boolean): void {
    if (isLost) {
      super.takeBack(copy, reason, isLost);
      return;
    }
    misbehaved(this.world);
    this.acknowledge(copy);
  }
}

class RefusesWhatItStored extends ClassicQueue {
  protected override publish(attempt: AttemptId, destination: DestinationId): void {
    if (!this.wouldOverflow(0)) {
      super.publish(attempt, destination);
      return;
    }
    misbehaved(this.world);
    const { attempts, ledger } = this.world;
    const copy = this.create(attempt, attempts.messageOf(attempt), destination, false);
    ledger.stored(copy, attempt);
    this.ready.add(copy);
    this.host.answer(attempt, reply.full, this.home);
  }
}

class ConfirmsWithoutStoring extends ClassicQueue {
  protected override publish(attempt: AttemptId, destination: DestinationId): void {
    if (!isSeventh(this.world, this.world.attempts.messageOf(attempt)) || this.name !== 'audit') {
      super.publish(attempt, destination);
      return;
    }
    misbehaved(this.world);
    this.host.answer(attempt, reply.confirmed, this.home);
  }
}

class ConfirmsWhatItHasNoRoomFor extends ClassicQueue {
  protected override publish(attempt: AttemptId, destination: DestinationId): void {
    if (!this.wouldOverflow(0)) {
      super.publish(attempt, destination);
      return;
    }
    misbehaved(this.world);
    this.world.ledger.attemptLost(attempt, this.world.causes.of('full'));
    this.host.answer(attempt, reply.confirmed, this.home);
  }
}

const slowSync = { timing: { fsync: '50ms' } } as const;
/** All are served in turn. */
class ServesThemAll extends ClassicQueue {
  constructor(host: Arguments[0], id: Arguments[1], name: string, rules: Arguments[3], home: Arguments[4], parts: Arguments[5]) {
    super(host, id, name, { ...rules, singleActiveConsumer: 'none' }, home, parts);
    (this as { rules: typeof rules }).rules = rules;
    if (rules.singleActiveConsumer !== 'none') misbehaved(this.world);
  }
}

const backlog = { service: '200ms' } as const;
const twoNodes = { nodes: 2 } as const;
const withLetters = (args: object = {}) => ({ jobs: { arguments: { 'x-dead-letter-exchange': '', 'x-dead-letter-routing-key': 'dead', ...args } }, dead: {} });
const poisonIsRejected = { failure: { poison: { every: 7 }, then: 'reject' as const } };
const full = { jobs: { arguments: { 'x-max-length': 5, 'x-overflow': 'reject-publish' as const } } };

export const classicBugs: readonly RabbitBug[] = [
  { name: 'confirms before the flush', claim: 'at-least-once', types: { classic: ConfirmsBeforeTheFlush }, setting: { broker: slowSync, consumer: backlog, faults: [hostDies] }, tried: ['node.crashed.host'] },
  { name: 'confirms before the flush', claim: 'confirm-means-durable', types: { classic: ConfirmsBeforeTheFlush }, setting: { broker: slowSync, consumer: backlog, faults: [hostDies] }, tried: ['node.crashed.host'] },
  {
    name: 'confirms before a large body is written', claim: 'at-least-once', types: { classic: ConfirmsBeforeTheBody }, tried: ['node.crashed.process'],
    setting: { broker: { version: '3.10', timing: { fsync: '15ms' } }, producer: { size: '8kB', arrivals: { constant: { rate: '200/s' } } }, consumer: backlog, faults: [{ ...nodeDies, at: '155ms' }] },
  },
  {
    name: 'confirms to one of two queues what it did not store', claim: 'fan-out-complete', types: { classic: ConfirmsWithoutStoring }, tried: ['node.crashed.process'],
    setting: {
      broker: { exchanges: { all: { type: 'fanout' } }, bindings: ['jobs', 'audit'].map((destination) => ({ source: 'all', destination })) },
      queues: { jobs: {}, audit: {} }, producer: { publish: 'mq/all' }, faults: [nodeDies],
    },
  },
  { name: 'forgets what a lost consumer held', claim: 'drained', types: { classic: ForgetsWhatALostConsumerHeld }, setting: {}, tried: ['broker.redelivered'] },
  { name: 'takes a lost consumer for one that is done', claim: 'at-least-once', types: { classic: TakesALostConsumerForDone }, setting: {}, tried: ['broker.redelivered'] },
  {
    name: 'forgets what consumers of a lost node held', claim: 'drained', types: { classic: ForgetsConsumersOnOtherNodes }, tried: ['broker.redelivered', 'node.crashed.process'],
    setting: { broker: twoNodes, faults: [{ ...nodeDies, target: 'mq.1' }] },
  },
  {
    name: 'delivers after a crash what was acknowledged and flushed', claim: 'at-most-once', types: { classic: DeliversWhatWasAcknowledged }, tried: ['node.crashed.host'],
    setting: { consumer: { idempotency: undefined }, faults: [{ ...hostDies, at: '5s' }] },
  },
  { name: 'forgets at a restart what is on disk', claim: 'at-least-once', types: { classic: ForgetsWhatIsOnDisk }, setting: { consumer: backlog, faults: [hostDies] }, tried: ['node.crashed.host'] },
  {
    name: 'recovers in the wrong order', claim: 'order-per-key', types: { classic: RecoversInTheWrongOrder }, tried: ['node.crashed.process'],
    setting: { consumer: backlog, faults: [nodeDies] },
  },
  { name: 'keeps what it dead-letters', claim: 'conservation', types: { classic: KeepsWhatItDeadLetters }, setting: { queues: withLetters(), consumer: poisonIsRejected }, tried: ['broker.deadLettered'] },
  {
    name: 'expires what a consumer holds', claim: 'at-most-once', types: { classic: ExpiresWhatIsHeld }, tried: ['broker.expired'],
    setting: {
      queues: withLetters({ 'x-message-ttl': 150 }), producer: { arrivals: { constant: { rate: '100/s' } } }, faults: [],
      consumers: { workers: { count: 2, subscribe: 'mq/jobs', prefetch: 5, service: '60ms' }, undertakers: { subscribe: 'mq/dead', prefetch: 1, service: '1ms' } },
    },
  },
  {
    name: 'counts what is held as length', claim: 'at-least-once', types: { classic: CountsWhatIsHeldAsLength }, tried: ['broker.redelivered'],
    setting: { queues: { jobs: { arguments: { 'x-max-length': 20 } } }, consumer: { prefetch: 5, service: '100ms', failure: { probability: 0.1 } }, faults: [] },
  },
  {
    name: 'keeps serving a single active consumer that is gone', claim: 'drained', types: { classic: ServesAGoneSingleConsumer }, tried: ['broker.redelivered'],
    setting: { queues: { jobs: { arguments: { 'x-single-active-consumer': true } } } },
  },
  {
    name: 'serves all where one is to be active', claim: 'single-active-consumer', types: { classic: ServesThemAll }, tried: ['broker.redelivered'],
    setting: { queues: { jobs: { arguments: { 'x-single-active-consumer': true } } }, consumer: { service: '60ms' } },
  },
  { name: 'loses the wake-up that a settlement is', claim: 'drained', types: { classic: LosesAWakeUp }, setting: { consumer: backlog, faults: [] }, tried: [] },
  {
    name: 'takes every acknowledgement for one of all that came before', claim: 'at-least-once', types: { classic: AcknowledgesOlderOnesToo }, tried: ['broker.redelivered'],
    setting: { consumer: { ...backlog, prefetch: 5 } },
  },
  { name: 'takes what is given back for handled', claim: 'at-least-once', types: { classic: TakesANackForAnAck }, setting: { consumer: { failure: { probability: 0.3 } } }, tried: ['broker.redelivered'] },
  { name: 'stores what it refuses', claim: 'exactly-once-effect', types: { classic: RefusesWhatItStored }, setting: { queues: full, producer: { retry: 'none' }, consumer: backlog }, tried: ['broker.redelivered'] },
  { name: 'confirms what it has no room for', claim: 'at-least-once', types: { classic: ConfirmsWhatItHasNoRoomFor }, setting: { queues: full, producer: { retry: 'none' }, consumer: backlog }, tried: ['broker.redelivered'] },
];
