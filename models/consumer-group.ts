/** Workers of one description, and what is measured of them together. */
import { distribution, type Sampler } from '../sim/distribution.ts';
import { type EventHandle, noEvent } from '../sim/event-list.ts';
import { Fifo } from '../sim/fifo.ts';
import { LatencyRecorder, Level } from '../sim/metrics.ts';
import type { RandomStream } from '../sim/random.ts';
import type { Nanos } from '../sim/units.ts';
import type { ConsumerSpec } from './consumer-settings.ts';
import { IdempotencyStore } from './idempotency.ts';
import type { DeliveryId, PublisherId, QueueId } from './message.ts';
import type { NodeId } from './node.ts';
import type { BrokerPort } from './protocol.ts';
import type { ClientNode, Session } from './sessions.ts';
import type { World } from './world.ts';

export class ConsumerGroup {
  readonly name: string;
  readonly spec: ConsumerSpec;
  readonly port: BrokerPort;
  readonly queue: QueueId;
  readonly store: IdempotencyStore | undefined;
  /** Service times replayed in the order of the messages, where they were recorded. */
  readonly recordedService: readonly number[] | undefined;
  /** Servers that are busy; deliveries sent to the group and not handled to the end. */
  readonly busy = new Level();
  readonly inHand = new Level();
  readonly waiting: LatencyRecorder;
  readonly service: LatencyRecorder;
  readonly sojourn: LatencyRecorder;
  /** Time that deliveries spent on their way, within the measured phase. */
  transit: Nanos = 0;
  /** In the order of their numbers. */
  readonly workers: Worker[] = [];
  handled = 0;
  failed = 0;
  deliveries = 0;
  redelivered = 0;

  constructor(world: World, name: string, spec: ConsumerSpec, port: BrokerPort, queue: QueueId) {
    this.name = name;
    this.spec = spec;
    this.port = port;
    this.queue = queue;
    const { idempotency } = spec;
    this.store = idempotency && new IdempotencyStore(world.messages, idempotency.window ?? Infinity, idempotency.entries ?? Infinity);
    this.recordedService = spec.service.kind === 'recorded' ? spec.service.values : undefined;
    const { measureFrom, healAt } = world.phases;
    this.waiting = new LatencyRecorder(measureFrom, healAt);
    this.service = new LatencyRecorder(measureFrom, healAt);
    this.sojourn = new LatencyRecorder(measureFrom, healAt);
  }

  get servers(): number {
    return this.spec.count * this.spec.concurrency;
  }
}

/** One process: c servers and a line. */
export class Worker {
  readonly group: ConsumerGroup;
  /** Its process, with others of groups that share their channel. */
  readonly client: ClientNode;
  readonly node: NodeId;
  readonly session: Session;
  readonly drawService: Sampler;
  readonly failures: RandomStream;
  readonly crashes: RandomStream;
  /** Jitter of its own retries. */
  readonly retries: RandomStream | undefined;
  readonly line = new Fifo();
  /** Deliveries whose work is done and that wait for what they published onward; at most `concurrency`. */
  readonly awaiting = new Set<DeliveryId>();
  /** Done, and to be acknowledged with others by one frame. */
  readonly unacknowledged: DeliveryId[] = [];
  acknowledgeTimer: EventHandle = noEvent;
  /** One for each queue it publishes onward to. */
  readonly onward: PublisherId[] = [];
  readonly onwardDraws: RandomStream | undefined;
  /** By who says so. */
  private readonly prefetches = new Map<string, number>();
  published = 0;
  busy = 0;

  /** @param index its number in its group */
  constructor(world: World, group: ConsumerGroup, index: number, client: ClientNode, node: NodeId, session: Session) {
    const name = `consumers.${group.name}.${index}`;
    this.group = group;
    this.client = client;
    this.node = node;
    this.session = session;
    this.drawService = distribution(group.spec.service).sampler(world.sim.stream(`${name}/service`));
    this.failures = world.sim.stream(`${name}/failure`);
    this.crashes = world.sim.stream(`${name}/crash`);
    this.retries = group.spec.failure?.retry === undefined ? undefined : world.sim.stream(`${name}/retry`);
    this.onwardDraws = group.spec.publish.length > 0 ? world.sim.stream(`${name}/onward`) : undefined;
  }

  /** What it asks for from now on, as the last one says who does not take it back. */
  prefetchOf(by: string, prefetch: number | undefined): number {
    this.prefetches.delete(by);
    if (prefetch !== undefined) this.prefetches.set(by, prefetch);
    return [...this.prefetches.values()].at(-1) ?? this.group.spec.prefetch;
  }
}
