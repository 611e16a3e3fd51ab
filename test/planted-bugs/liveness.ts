/** Work queues with a bug each that keeps them, or their publishers, from getting on. */
import type { Subscription, WorkQueueState } from '../../models/brokers/work-queue/parts.ts';
import { WorkQueue } from '../../models/brokers/work-queue/work-queue.ts';
import type { AttemptId, CopyId } from '../../models/message.ts';
import type { PlantedBug } from '../planted-bugs.ts';

class NeverConfirms extends WorkQueue {
  protected override onConfirmable(attempt: AttemptId): void {
    this.world.attempts.release(attempt);
  }
}

class StopsForGood extends WorkQueue {
  protected override deliver(subscription: Subscription, copy: CopyId, state: WorkQueueState): void {
    if (this.world.sim.now < 400e6) super.deliver(subscription, copy, state);
    else state.ready.remove(copy);
  }
}

type Arguments = ConstructorParameters<typeof WorkQueue>;

class DeliversSixtyTimes extends WorkQueue {
  constructor(world: Arguments[0], name: string, spec: Arguments[2]) {
    const queues = Object.fromEntries(Object.entries(spec.queues).map(([queue, settings]) => [queue, { ...settings, deliveryLimit: 60 }]));
    super(world, name, { ...spec, queues });
  }
}

class CountsTwoForOne extends WorkQueue {
  protected override deliver(subscription: Subscription, copy: CopyId, state: WorkQueueState): void {
    super.deliver(subscription, copy, state);
    if (this.world.messages.ordinal[this.world.copies.messageOf(copy)]! % 7 === 0) subscription.credit++;
  }
}

/** It promises a length, and looks at none. */
class HasRoomForAll extends WorkQueue {
  private readonly promised: Arguments[2];
  constructor(world: Arguments[0], name: string, spec: Arguments[2]) {
    super(world, name, { ...spec, queues: Object.fromEntries(Object.entries(spec.queues).map(([queue, settings]) => [queue, { ...settings, maxLength: undefined }])) });
    this.promised = spec;
  }
  override guarantees(): ReturnType<WorkQueue['guarantees']> {
    return super.guarantees().map((queue, index) => ({ ...queue, lengthMax: Object.values(this.promised.queues)[index]!.maxLength ?? Infinity }));
  }
}

const stalled = { kind: 'pause', target: 'mq', at: '100ms', for: '1500ms' } as const;
const threeAttempts = { retry: { fixed: { delay: '200ms' }, attempts: 3 } } as const;

export const livenessBugs: readonly PlantedBug[] = [
  {
    name: 'never confirms, so that each message is published three times', claim: 'bounded-amplification', broker: NeverConfirms,
    setting: { producer: threeAttempts, faults: [stalled], claim: { 'bounded-amplification': { retries: 1 } } },
  },
  {
    name: 'never confirms', claim: 'bounded-unavailability', broker: NeverConfirms,
    setting: { producer: threeAttempts, claim: { 'bounded-unavailability': { within: '2s', of: 'confirms' } } },
  },
  { name: 'gives a consumer more than its prefetch', claim: 'prefetch-bound', broker: CountsTwoForOne, setting: { consumer: { service: '60ms' } } },
  { name: 'does not look at the length of a queue', claim: 'capacity-bound', broker: HasRoomForAll, setting: { jobs: { maxLength: 5 }, consumer: { service: '80ms' } } },
  {
    name: 'delivers nothing while a worker is dead', claim: 'progress-under-fault', broker: StopsForGood,
    setting: { producer: { messages: 500 }, faults: [{ kind: 'crash', target: 'consumers.workers.0', at: '300ms', for: '5s' }], claim: { 'progress-under-fault': { within: '1s', effects: 10 } } },
  },
  {
    name: 'delivers nothing any more once a worker has died', claim: 'recovers-from-trigger', broker: StopsForGood,
    setting: { producer: { messages: 500 }, claim: { 'recovers-from-trigger': { within: '1s', window: '1s', share: 0.8 } } },
  },
  {
    name: 'delivers a poison message sixty times', claim: 'no-livelock', broker: DeliversSixtyTimes,
    setting: {
      jobs: { deliveryLimit: 5 }, consumer: { count: 1, prefetch: 1, failure: { poison: { nth: 1 } } }, faults: [], claim: { 'no-livelock': { over: '500ms', redeliveries: 10 } },
    },
  },
];
