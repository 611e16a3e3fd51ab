/** Publishers of one description, what is counted of them together, and what each has under way. */
import type { LaneId } from '../sim/event-list.ts';
import { Fifo } from '../sim/fifo.ts';
import { LatencyRecorder } from '../sim/metrics.ts';
import type { RandomStream } from '../sim/random.ts';
import type { Nanos } from '../sim/units.ts';
import { type MessageId, none, type PublisherId, type QueueId } from './message.ts';
import type { Outcome } from './outcomes.ts';
import type { PublisherSettings } from './producer-settings.ts';
import type { BrokerPort, Destination, DestinationId } from './protocol.ts';
import type { RetrySpec } from './retry.ts';
import type { Session } from './sessions.ts';
import type { World } from './world.ts';

export interface PublishSpec {
  readonly destination: Destination;
  readonly confirm: { readonly timeout: Nanos } | undefined;
  readonly retry: RetrySpec | undefined;
  readonly serialise: { readonly perMessage: Nanos; readonly perByte: Nanos } | undefined;
  readonly maxUnconfirmed: number | undefined;
  readonly buffer: { readonly capacity: number; readonly overflow: 'block' | 'drop-newest' | 'drop-oldest' };
  readonly unconnected: 'wait' | 'fail';
  /** What is not confirmed outlives the process. */
  readonly outbox: boolean;
}

/** @param path where it publishes, as in `orders-mq/orders` */
export function publishSpecOf(spec: PublisherSettings, path: string, outbox = false): PublishSpec {
  const { confirm, retry, serialise, maxUnconfirmed, buffer, unconnected, routingKey, headers, mandatory, deliveryMode } = spec;
  const to = path.slice(path.indexOf('/') + 1);
  return { destination: { to, routingKey, headers, mandatory, persistent: deliveryMode === 'persistent' }, confirm, retry, serialise, maxUnconfirmed, buffer, unconnected, outbox };
}

/** Publishers of one description, and what is counted of them together. */
export class PublisherGroup {
  readonly spec: PublishSpec;
  readonly destination: DestinationId;
  /** Where that is routed to. */
  readonly queues: readonly QueueId[];
  readonly deadlineLane: LaneId | undefined;
  readonly confirmLatency: LatencyRecorder;
  readonly onFinished: (publisher: PublisherId, message: MessageId, outcome: Outcome) => void;
  published = 0;
  confirmed = 0;
  refused = 0;
  attempts = 0;
  firstAttempts = 0;

  constructor(world: World, spec: PublishSpec, port: BrokerPort, onFinished: PublisherGroup['onFinished']) {
    this.spec = spec;
    this.destination = port.destination(spec.destination);
    this.queues = port.queuesOf(this.destination);
    this.onFinished = onFinished;
    this.deadlineLane = spec.confirm === undefined ? undefined : world.sim.lane(spec.confirm.timeout);
    this.confirmLatency = new LatencyRecorder(world.phases.measureFrom, world.phases.healAt);
  }
}

/** One of them. */
export class Publisher {
  readonly id: PublisherId;
  readonly group: PublisherGroup;
  readonly session: Session;
  readonly jitter: RandomStream;
  readonly buffer = new Fifo();
  /** Called when there is room in a buffer that was full. */
  onRoom: (() => void) | undefined;
  unconfirmed = 0;
  firstOpen: number = none;
  lastOpen: number = none;
  isSerialising = false;
  tokens: number;

  constructor(id: PublisherId, group: PublisherGroup, session: Session, jitter: RandomStream) {
    this.id = id;
    this.group = group;
    this.session = session;
    this.jitter = jitter;
    this.tokens = group.spec.retry?.budget?.capacity ?? 0;
  }
}
