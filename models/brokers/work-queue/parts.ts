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
import type { QueueChange, QueueSpec, WorkQueueSpec } from './settings.ts';

export type Subscription = AnySubscription<WorkQueueState>;

export class WorkQueueState {
  readonly id: QueueId;
  readonly name: string;
  spec: QueueSpec;
  readonly isDurable: boolean;
  readonly ready: ReadyQueue;
  /** Subscriptions with credit left, in the order of their turns. */
  readonly available = new Fifo();
  leaseLane: LaneId | undefined;
  ttlLane: LaneId | undefined;
  /** The loosest limits that it had so far. */
  readonly loosest: { deliveryLimit: number; maxLength: number; maxBytes: Bytes };
  private readonly declared: QueueSpec;
  /** By who changed them. */
  private readonly changes = new Map<string, QueueChange>();
  private readonly world: World;
  deadLetter: WorkQueueState | undefined;
  inFlight = 0;
  /** Copies that came so far: the next one's place. */
  positions = 0;

  constructor(world: World, id: QueueId, name: string, spec: QueueSpec, isDurable: boolean) {
    this.world = world;
    this.id = id;
    this.name = name;
    this.spec = spec;
    this.declared = spec;
    this.loosest = limitsOf(spec);
    this.isDurable = isDurable;
    this.ready = new ReadyQueue(world.copies, spec.priorities);
    this.leaseLane = spec.lease === undefined ? undefined : world.sim.lane(spec.lease);
    this.ttlLane = spec.ttl === undefined ? undefined : world.sim.lane(spec.ttl);
  }

  /** What is in hand keeps its lease, and what waits its time to live. */
  configure(by: string, change: QueueChange | undefined): void {
    if (change === undefined) this.changes.delete(by);
    else this.changes.set(by, change);
    this.spec = Object.assign({}, this.declared, ...this.changes.values()) as QueueSpec;
    const { lease, ttl } = this.spec;
    this.leaseLane = lease === undefined ? undefined : this.world.sim.lane(lease);
    this.ttlLane = ttl === undefined ? undefined : this.world.sim.lane(ttl);
    for (const [limit, value] of Object.entries(limitsOf(this.spec)) as [keyof WorkQueueState['loosest'], number][]) this.loosest[limit] = Math.max(this.loosest[limit], value);
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

function limitsOf({ deliveryLimit = Infinity, maxLength = Infinity, maxBytes = Infinity }: QueueSpec): WorkQueueState['loosest'] {
  return { deliveryLimit, maxLength, maxBytes };
}

/** What a queue promises. */
export function guaranteesOf({ id, spec, loosest, deadLetter }: WorkQueueState, durability: { holding(copy: CopyId): Holding }): QueueGuarantees {
  return {
    queue: id, isExclusive: false, deadLetter: deadLetter?.id, expires: spec.ttl !== undefined && deadLetter !== undefined,
    get deliveriesMax() {
      return loosest.deliveryLimit;
    },
    get lengthMax() {
      return loosest.maxLength;
    },
    get bytesMax() {
      return loosest.maxBytes;
    },
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
