/** What a work queue is made of: queues with their lines of consumers. */
import type { LaneId } from '../../../sim/event-list.ts';
import { Fifo } from '../../../sim/fifo.ts';
import type { Bytes } from '../../../sim/units.ts';
import type { Holding, QueueGuarantees } from '../../broker.ts';
import type { CopyId, QueueId } from '../../message.ts';
import type { NodeId } from '../../node.ts';
import type { BrokerPort, DestinationId } from '../../protocol.ts';
import { ReadyQueue } from '../../ready-queue.ts';
import type { Subscription as AnySubscription } from '../../subscription.ts';
import type { World } from '../../world.ts';
import type { QueueSpec, WorkQueueSpec } from './settings.ts';

export type Subscription = AnySubscription<WorkQueueState>;

export class WorkQueueState {
  readonly id: QueueId;
  readonly name: string;
  readonly spec: QueueSpec;
  readonly isDurable: boolean;
  readonly ready: ReadyQueue;
  /** Subscriptions with credit left, in the order of their turns. */
  readonly available = new Fifo();
  readonly leaseLane: LaneId | undefined;
  readonly ttlLane: LaneId | undefined;
  deadLetter: WorkQueueState | undefined;
  inFlight = 0;
  /** Copies that came so far: the next one's place. */
  positions = 0;

  constructor(world: World, id: QueueId, name: string, spec: QueueSpec, isDurable: boolean) {
    this.id = id;
    this.name = name;
    this.spec = spec;
    this.isDurable = isDurable;
    this.ready = new ReadyQueue(world.copies, spec.priorities);
    this.leaseLane = spec.lease === undefined ? undefined : world.sim.lane(spec.lease);
    this.ttlLane = spec.ttl === undefined ? undefined : world.sim.lane(spec.ttl);
  }

  get held(): number {
    return this.ready.size + this.inFlight;
  }

  /** A copy of that size would not fit. */
  isFull(bytes: Bytes): boolean {
    const { maxLength, maxBytes } = this.spec;
    return (maxLength !== undefined && this.ready.size >= maxLength) || (maxBytes !== undefined && this.ready.bytes + bytes > maxBytes);
  }

  /** More waits than may. */
  isOverfull(): boolean {
    const { maxLength, maxBytes } = this.spec;
    return (maxLength !== undefined && this.ready.size > maxLength) || (maxBytes !== undefined && this.ready.bytes > maxBytes);
  }
}

/** What a queue promises. */
export function guaranteesOf({ id, spec, deadLetter }: WorkQueueState, durability: { holding(copy: CopyId): Holding }): QueueGuarantees {
  const { deliveryLimit = Infinity, maxLength = Infinity, maxBytes = Infinity, ttl } = spec;
  return {
    queue: id, deliveriesMax: deliveryLimit, lengthMax: maxLength, bytesMax: maxBytes, isExclusive: false, deadLetter: deadLetter?.id, expires: ttl !== undefined && deadLetter !== undefined,
    holding: (copy) => durability.holding(copy),
  };
}

/** The queues of a broker, each with an account in the ledger. */
export function createStates(world: World, broker: string, spec: WorkQueueSpec): WorkQueueState[] {
  const states = Object.entries(spec.queues).map(([name, queue]) => {
    const id = world.ledger.openQueue(`${broker}/${name}`);
    return new WorkQueueState(world, id, name, queue, queue.durable ?? spec.storage.durable);
  });
  for (const state of states) state.deadLetter = states.find((other) => other.name === state.spec.deadLetter);
  return states;
}

/** What clients know of a broker with these queues. */
export function createPort({ sim }: World, name: string, entry: NodeId, states: readonly WorkQueueState[]): BrokerPort {
  const queue = (of: string): QueueId => states.find((state) => state.name === of)!.id;
  return {
    name,
    entries: [entry],
    publishArrived: sim.declare(`${name}.publishArrived`),
    settlementArrived: sim.declare(`${name}.settlementArrived`),
    subscribeArrived: sim.declare(`${name}.subscribeArrived`),
    cancelArrived: sim.declare(`${name}.cancelArrived`),
    queue,
    placement: () => ({ leader: entry, members: [entry] }),
    destination: ({ to }) => queue(to) as number as DestinationId,
    queuesOf: (destination) => [destination as number as QueueId],
  };
}
