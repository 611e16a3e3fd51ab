/**
 * Brokers with one bug each, the guarantee that must catch it, and the scenario in which it must: one in which the healthy
 * broker keeps that guarantee, and has to work for it.
 */
import type { CauseId } from '../models/causes.ts';
import type { BrokerModels } from '../models/brokers/index.ts';
import { brokerModels } from '../models/brokers/index.ts';
import type { Subscription, WorkQueueState } from '../models/brokers/work-queue/parts.ts';
import { WorkQueue } from '../models/brokers/work-queue/work-queue.ts';
import type { ClaimName } from '../models/invariants/index.ts';
import { type AttemptId, type CopyId, type DeliveryId, none, type QueueId } from '../models/message.ts';
import { reply, type Reply } from '../models/protocol.ts';
import type { ScenarioSettings } from '../scenarios/define.ts';

type Queue = NonNullable<Extract<ScenarioSettings['brokers'][string], { kind: 'work-queue' }>['queues'][string]>;
type Consumer = NonNullable<ScenarioSettings['consumers']>[string];
type Producer = NonNullable<ScenarioSettings['producers']>[string];

interface Setting {
  readonly storage?: Extract<ScenarioSettings['brokers'][string], { kind: 'work-queue' }>['storage'];
  readonly jobs?: Queue;
  readonly dead?: Queue;
  readonly other?: Queue;
  readonly producer?: Partial<Producer>;
  readonly consumer?: Partial<Consumer>;
  readonly faults?: ScenarioSettings['faults'];
  /** With its parameters. */
  readonly claim?: NonNullable<ScenarioSettings['claims']>[number];
}

export interface PlantedBug {
  readonly name: string;
  readonly claim: ClaimName;
  readonly broker: typeof WorkQueue;
  readonly setting: Setting;
}

/** Forty messages with four keys through one queue to two workers, of whom one dies on the way. */
export function scenarioOf({ claim, setting }: PlantedBug): ScenarioSettings {
  const { storage, jobs = {}, dead, other, producer, consumer, faults = [workerDies] } = setting;
  return {
    faultline: 1,
    name: 'planted bug',
    seed: 7,
    phases: { measure: '10s', drain: '100s' },
    network: { default: { latency: '1ms' }, connection: { heartbeat: '1s', reconnect: { fixed: { delay: '100ms' } } } },
    brokers: {
      mq: { kind: 'work-queue', recovery: '100ms', ...(storage && { storage }), queues: { jobs, ...(dead && { dead }), ...(other && { other }) } },
    },
    producers: {
      web: {
        publish: 'mq/jobs', arrivals: { constant: { rate: '50/s' } }, messages: 40, key: { uniform: { keys: 4 } },
        confirm: { timeout: '1s' }, retry: { fixed: { delay: '200ms' } }, ...producer,
      },
    },
    consumers: { workers: { count: 2, subscribe: 'mq/jobs', prefetch: 3, service: '20ms', idempotency: {}, ...consumer } },
    faults,
    claims: [setting.claim ?? claim],
  };
}

const workerDies = { kind: 'crash', target: 'consumers.workers.0', at: '400ms', for: '500ms' } as const;
const hostDies = { kind: 'crash', target: 'mq', scope: 'host', at: '405ms', for: '500ms' } as const;

export function modelsWith(broker: typeof WorkQueue): BrokerModels {
  return { ...brokerModels, 'work-queue': { ...brokerModels['work-queue'], build: (world, name, spec) => new broker(world, name, spec) } };
}

/** True for each seventh message of a producer. */
function isSeventh(world: WorkQueue['world'], message: number): boolean {
  return world.messages.ordinal[message]! % 7 === 0;
}

class LosesSilently extends WorkQueue {
  protected override deliver(subscription: Subscription, copy: CopyId, state: WorkQueueState): void {
    if (isSeventh(this.world, this.world.copies.messageOf(copy))) state.ready.remove(copy);
    else super.deliver(subscription, copy, state);
  }
}

class DropsWhatItConfirmed extends WorkQueue {
  protected override deliver(subscription: Subscription, copy: CopyId, state: WorkQueueState): void {
    if (!isSeventh(this.world, this.world.copies.messageOf(copy))) {
      super.deliver(subscription, copy, state);
      return;
    }
    state.ready.remove(copy);
    this.world.ledger.dropped(copy, this.world.causes.of('maxlen'));
    this.retire(copy);
  }
}

class ConfirmsBeforeTheAppend extends WorkQueue {
  protected override onPublishArrived(attempt: AttemptId, queue: QueueId): void {
    this.world.attempts.hold(attempt);
    this.answer(attempt, reply.confirmed);
    super.onPublishArrived(attempt, queue);
  }
  protected override onConfirmable(attempt: AttemptId): void {
    this.world.attempts.release(attempt);
  }
}

class ConfirmsBeforeTheSync extends WorkQueue {
  protected override onAppended(attempt: AttemptId, queue: QueueId): void {
    this.world.attempts.hold(attempt);
    super.onAppended(attempt, queue);
    this.answer(attempt, reply.confirmed);
  }
  protected override onConfirmable(attempt: AttemptId): void {
    this.world.attempts.release(attempt);
  }
}

class AcknowledgesForTheWorker extends WorkQueue {
  protected override returnUnsettled(subscription: Subscription): void {
    for (const delivery of subscription.unsettled(this.world.deliveries)) {
      const copy = this.world.deliveries.copyOf(delivery);
      this.subscriptions.closeDelivery(delivery);
      this.acknowledge(copy, subscription.queue);
    }
  }
}

class StoresTwice extends WorkQueue {
  protected override store(attempt: AttemptId, state: WorkQueueState): CopyId {
    if (isSeventh(this.world, this.world.attempts.messageOf(attempt))) state.ready.add(super.store(attempt, state));
    return super.store(attempt, state);
  }
}

class DeliversToTwoWorkers extends WorkQueue {
  protected override deliver(subscription: Subscription, copy: CopyId, state: WorkQueueState): void {
    super.deliver(subscription, copy, state);
    const { copies, messages, deliveries, network, protocol } = this.world;
    if (!isSeventh(this.world, copies.messageOf(copy)) || messages.attempts[copies.messageOf(copy)]! > 1) return;
    const second = deliveries.create(copy, subscription.worker, 1, subscription.connection, subscription.life, this.world.sim.now);
    deliveries.open[second] = 0;
    network.sendToClient(subscription.connection, 64, protocol.deliveryArrived, subscription.worker, second);
  }
}

class LosesConfirms extends WorkQueue {
  protected override answer(attempt: AttemptId, answer: Reply): void {
    const { attempts } = this.world;
    if (isSeventh(this.world, attempts.messageOf(attempt)) && attempts.number[attempt] === 1) attempts.release(attempt);
    else super.answer(attempt, answer);
  }
}

class RefusesWhatItStored extends WorkQueue {
  protected override answer(attempt: AttemptId, answer: Reply): void {
    super.answer(attempt, isSeventh(this.world, this.world.attempts.messageOf(attempt)) ? reply.full : answer);
  }
}

class InventsMessages extends WorkQueue {
  protected override onAppended(attempt: AttemptId, queue: QueueId): void {
    super.onAppended(attempt, queue);
    const { attempts, messages, copies, ledger, sim } = this.world;
    const published = attempts.messageOf(attempt);
    if (!isSeventh(this.world, published)) return;
    const invented = messages.create(messages.publisher[published] as never, 1_000_000 + messages.ordinal[published]!, 0, none, 1000, 0, sim.now);
    const copy = copies.create(invented, none, queue, 1000, 0, sim.now);
    copies.expiresAt[copy] = Infinity;
    messages.release(invented);
    ledger.stored(copy, none);
    const state = this.stateOf(copy);
    state.ready.add(copy);
    this.dispatch(state);
  }
}

class AltersMessages extends WorkQueue {
  protected override deliver(subscription: Subscription, copy: CopyId, state: WorkQueueState): void {
    const { copies } = this.world;
    if (isSeventh(this.world, copies.messageOf(copy))) copies.size[copy] = 500;
    super.deliver(subscription, copy, state);
  }
}

class Reorders extends WorkQueue {
  protected override dispatch(state: WorkQueueState): void {
    while (state.ready.size > 0) {
      const subscription = this.subscriptions.next(state);
      if (subscription === undefined) return;
      this.deliver(subscription, state.ready.all().at(-1)!, state);
      this.subscriptions.standInLine(subscription);
    }
  }
}

class KeepsWhatItDeadLetters extends WorkQueue {
  protected override retire(copy: CopyId): void {
    if (this.world.ledger.buckets.of(copy) !== 'deadLettered') {
      super.retire(copy);
      return;
    }
    const state = this.stateOf(copy);
    if (this.world.copies.deliveries[copy]! < 10) state.ready.giveBack(copy, 'tail');
  }
}

class DeliversWhatWasAcknowledged extends WorkQueue {
  protected override retire(copy: CopyId): void {
    const { copies, ledger } = this.world;
    const state = this.stateOf(copy);
    const isChosen = isSeventh(this.world, copies.messageOf(copy)) && ledger.buckets.of(copy) === 'acknowledged' && copies.deliveries[copy] === 1;
    if (isChosen) state.ready.giveBack(copy, 'tail');
    else super.retire(copy);
  }
}

class DeliversBeyondTheLimit extends WorkQueue {
  protected override giveBack(copy: CopyId, state: WorkQueueState, reason: CauseId): void {
    const { copies } = this.world;
    const counted = copies.deliveries[copy]!;
    copies.deliveries[copy] = counted < 20 ? 0 : counted;
    super.giveBack(copy, state, reason);
    copies.deliveries[copy] = counted;
  }
}

class DropsInsteadOfDeadLettering extends WorkQueue {
  protected override deadLetterOrDrop(copy: CopyId, reason: string, steps: number): void {
    const state = this.stateOf(copy);
    const { deadLetter } = state;
    if (isSeventh(this.world, this.world.copies.messageOf(copy))) state.deadLetter = undefined;
    super.deadLetterOrDrop(copy, reason, steps);
    state.deadLetter = deadLetter;
  }
}

class DeadLettersIntoAnotherQueue extends WorkQueue {
  protected override deadLetterOrDrop(copy: CopyId, reason: string, steps: number): void {
    const state = this.stateOf(copy);
    const { deadLetter } = state;
    if (isSeventh(this.world, this.world.copies.messageOf(copy))) state.deadLetter = this.states.find((other) => other.name === 'other');
    super.deadLetterOrDrop(copy, reason, steps);
    state.deadLetter = deadLetter;
  }
}

class ForgetsWhatADeadWorkerHeld extends WorkQueue {
  protected override returnUnsettled(subscription: Subscription): void {
    for (const delivery of subscription.unsettled(this.world.deliveries)) this.subscriptions.closeDelivery(delivery);
  }
}

class ForgetsLeases extends WorkQueue {
  protected override onLeaseExpired(delivery: DeliveryId): void {
    this.subscriptions.closeDelivery(delivery);
  }
}

class ForgetsAcknowledgements extends WorkQueue {
  protected override acknowledge(copy: CopyId, state: WorkQueueState): void {
    if (!isSeventh(this.world, this.world.copies.messageOf(copy))) super.acknowledge(copy, state);
  }
}

class DispatchesOnlyWhatComes extends WorkQueue {
  protected override onSubscribeArrived(...[worker, connection]: Parameters<WorkQueue['onSubscribeArrived']>): void {
    const { dispatch } = this;
    this.dispatch = () => {};
    super.onSubscribeArrived(worker, connection);
    this.dispatch = dispatch;
  }
}

/** Each seventh publish waits for the next one. */
class TakesPublishesOutOfTurn extends WorkQueue {
  private waiting: (() => void) | undefined;
  protected override onPublishArrived(attempt: AttemptId, queue: QueueId): void {
    if (isSeventh(this.world, this.world.attempts.messageOf(attempt))) {
      this.waiting = () => super.onPublishArrived(attempt, queue);
      return;
    }
    super.onPublishArrived(attempt, queue);
    this.waiting?.();
    this.waiting = undefined;
  }
}

class DeliversToTwoWorkersAtOnce extends WorkQueue {
  protected override deliver(subscription: Subscription, copy: CopyId, state: WorkQueueState): void {
    super.deliver(subscription, copy, state);
    const other = isSeventh(this.world, this.world.copies.messageOf(copy)) ? this.subscriptions.next(state) : undefined;
    if (other === undefined) return;
    const { deliveries, network, protocol, sim } = this.world;
    const second = deliveries.create(copy, other.worker, 1, other.connection, other.life, sim.now);
    deliveries.open[second] = 0;
    network.sendToClient(other.connection, 64, protocol.deliveryArrived, other.worker, second);
    this.subscriptions.standInLine(other);
  }
}

const oneByOne = { count: 1, prefetch: 1, service: '25ms' } as const;
const slowSync = { fsync: 'always', sync: '50ms' } as const;
const poison = { failure: { poison: { every: 7 } } } as const;

export const plantedBugs: readonly PlantedBug[] = [
  { name: 'loses a copy and says nothing', claim: 'at-least-once', broker: LosesSilently, setting: {} },
  { name: 'loses a copy and says nothing', claim: 'conservation', broker: LosesSilently, setting: {} },
  { name: 'loses a copy and says nothing', claim: 'exactly-once-effect', broker: LosesSilently, setting: {} },
  { name: 'drops what it confirmed, and says why', claim: 'at-least-once', broker: DropsWhatItConfirmed, setting: {} },
  {
    name: 'confirms before the append', claim: 'at-least-once', broker: ConfirmsBeforeTheAppend,
    setting: { storage: { write: '5ms' }, faults: [{ kind: 'crash', target: 'mq', on: { before: 'appended', message: 20 }, for: '500ms' }] },
  },
  { name: 'confirms before the sync', claim: 'at-least-once', broker: ConfirmsBeforeTheSync, setting: { storage: slowSync, consumer: { service: '100ms' }, faults: [hostDies] } },
  { name: 'confirms before the append', claim: 'confirm-means-durable', broker: ConfirmsBeforeTheAppend, setting: { storage: { write: '5ms' }, faults: [hostDies] } },
  { name: 'confirms before the sync', claim: 'confirm-means-durable', broker: ConfirmsBeforeTheSync, setting: { storage: slowSync, faults: [hostDies] } },
  { name: 'takes a worker that dies for one that is done', claim: 'at-least-once', broker: AcknowledgesForTheWorker, setting: {} },
  { name: 'stores a message twice', claim: 'at-most-once', broker: StoresTwice, setting: { consumer: { idempotency: undefined } } },
  { name: 'hands a copy out twice', claim: 'at-most-once', broker: DeliversToTwoWorkers, setting: { consumer: { idempotency: undefined } } },
  { name: 'loses confirms, so that producers repeat themselves', claim: 'exactly-once-effect', broker: LosesConfirms, setting: { consumer: { idempotency: undefined } } },
  { name: 'refuses what it stored', claim: 'exactly-once-effect', broker: RefusesWhatItStored, setting: { producer: { retry: 'none' } } },
  { name: 'invents messages', claim: 'no-phantom', broker: InventsMessages, setting: {} },
  { name: 'alters messages', claim: 'no-phantom', broker: AltersMessages, setting: {} },
  { name: 'delivers the youngest first', claim: 'order-per-key', broker: Reorders, setting: { consumer: { service: '60ms' } } },
  { name: 'delivers the youngest first', claim: 'fifo', broker: Reorders, setting: { consumer: oneByOne } },
  { name: 'delivers the youngest first', claim: 'effect-order-per-key', broker: Reorders, setting: { consumer: oneByOne } },
  { name: 'delivers the youngest first', claim: 'no-starvation', broker: Reorders, setting: { consumer: { service: '60ms' }, claim: { 'no-starvation': { overtakes: 5 } } } },
  { name: 'confirms before the sync', claim: 'committed-survives', broker: ConfirmsBeforeTheSync, setting: { storage: slowSync, consumer: { service: '100ms' }, faults: [hostDies] } },
  { name: 'takes publishes out of turn', claim: 'producer-order', broker: TakesPublishesOutOfTurn, setting: {} },
  {
    name: 'hands a copy out to two workers', claim: 'no-concurrent-handling', broker: DeliversToTwoWorkersAtOnce,
    setting: { producer: { arrivals: { constant: { rate: '10/s' } } } },
  },
  {
    name: 'refuses what it stored', claim: 'no-failed-publish-visible', broker: RefusesWhatItStored,
    setting: { jobs: { maxLength: 2, overflow: 'reject' }, producer: { retry: 'none' }, consumer: { service: '80ms' } },
  },
  { name: 'keeps what it dead-letters', claim: 'conservation', broker: KeepsWhatItDeadLetters, setting: { jobs: { deliveryLimit: 2, deadLetter: 'dead' }, dead: {}, consumer: poison } },
  { name: 'delivers what was acknowledged', claim: 'conservation', broker: DeliversWhatWasAcknowledged, setting: {} },
  { name: 'delivers what was acknowledged', claim: 'at-most-once', broker: DeliversWhatWasAcknowledged, setting: { consumer: { idempotency: undefined } } },
  { name: 'delivers what was acknowledged', claim: 'bounded-duplicates', broker: DeliversWhatWasAcknowledged, setting: { claim: { 'bounded-duplicates': { budget: 3 } } } },
  { name: 'stores a message twice', claim: 'bounded-duplicates', broker: StoresTwice, setting: { claim: { 'bounded-duplicates': { by: { 'stored-twice': 0 } } } } },
  { name: 'delivers beyond the limit', claim: 'bounded-redelivery', broker: DeliversBeyondTheLimit, setting: { jobs: { deliveryLimit: 3 }, consumer: poison } },
  {
    name: 'drops instead of dead-lettering', claim: 'dead-letter-complete', broker: DropsInsteadOfDeadLettering,
    setting: { jobs: { deliveryLimit: 2, deadLetter: 'dead' }, dead: {}, consumer: poison },
  },
  {
    name: 'dead-letters into another queue', claim: 'dead-letter-complete', broker: DeadLettersIntoAnotherQueue,
    setting: { jobs: { deliveryLimit: 2, deadLetter: 'dead' }, dead: {}, other: {}, consumer: poison },
  },
  { name: 'forgets what a dead worker held', claim: 'drained', broker: ForgetsWhatADeadWorkerHeld, setting: {} },
  { name: 'forgets what a dead worker held', claim: 'no-stuck-message', broker: ForgetsWhatADeadWorkerHeld, setting: {} },
  {
    name: 'forgets leases', claim: 'no-stuck-message', broker: ForgetsLeases,
    setting: { jobs: { lease: '1s' }, faults: [{ kind: 'slow', target: 'consumers.workers.0', factor: 100_000, at: '300ms', for: '200ms' }] },
  },
  { name: 'forgets acknowledgements', claim: 'drained', broker: ForgetsAcknowledgements, setting: {} },
  {
    name: 'does not see who comes to read', claim: 'drained', broker: DispatchesOnlyWhatComes,
    setting: { faults: [{ kind: 'crash', target: 'consumers.workers', at: '700ms', for: '500ms' }] },
  },
];
