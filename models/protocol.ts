/** The events by which clients and brokers reach each other. */
import type { EventType, Simulation } from '../sim/simulation.ts';
import type { Id } from '../sim/units.ts';
import type { AttemptId, ConnectionId, DeliveryId, QueueId, WorkerId } from './message.ts';
import type { NodeId } from './node.ts';

/** What a broker answers to a publish: stored; no room; no queue takes it; a queue that should take it is not there. */
export const reply = { confirmed: 0, full: 1, unroutable: 2, unavailable: 3 } as const;
export type Reply = (typeof reply)[keyof typeof reply];

/** What a worker says about a delivery. */
export const settlement = { acknowledge: 0, requeue: 1, reject: 2 } as const;
export type Settlement = (typeof settlement)[keyof typeof settlement];

/** Where a publish is to go, as the broker knows it: a queue, or an exchange with what it routes by. */
export type DestinationId = Id<'destination'>;

/** How a publisher names a destination. */
export interface Destination {
  /** A queue of the broker, or an exchange. */
  readonly to: string;
  readonly routingKey: string;
  readonly headers: Readonly<Record<string, string | number | boolean | null>>;
  /** What no queue takes comes back, and is not dropped. */
  readonly mandatory: boolean;
  /** To be written to disk by queues that do so. */
  readonly persistent: boolean;
}

/** Where a queue is at this instant. */
export interface Placement {
  /** Undefined while nobody leads it. */
  readonly leader: NodeId | undefined;
  /** All that have it, the leader among them. */
  readonly members: readonly NodeId[];
  /** Of a leader of a replicated log. */
  readonly term?: number | undefined;
}

/** What clients know of a broker: where to connect, and the events that reach it. */
export interface BrokerPort {
  readonly name: string;
  /** Nodes that take clients, the first for the first of them; who fails at one turns to the next. */
  readonly entries: readonly NodeId[];
  readonly publishArrived: EventType<AttemptId, DestinationId>;
  readonly settlementArrived: EventType<DeliveryId, Settlement>;
  readonly subscribeArrived: EventType<WorkerId, ConnectionId>;
  /** A worker wants no more deliveries; what it has it will settle. */
  readonly cancelArrived: EventType<WorkerId, ConnectionId>;
  /** A client declares what it publishes to or consumes from; undefined where nobody looks at that. */
  readonly declareArrived?: EventType<ConnectionId, number> | undefined;
  queue(name: string): QueueId;
  placement(queue: QueueId): Placement;
  destination(of: Destination): DestinationId;
  /** The queues that a publish there is routed to. */
  queuesOf(destination: DestinationId): readonly QueueId[];
}

/** What clients are reached by. */
export class Protocol {
  readonly replyArrived: EventType<AttemptId, Reply>;
  readonly deliveryArrived: EventType<WorkerId, DeliveryId>;
  /** The broker sends no more deliveries: what it had sent before has arrived. */
  readonly cancelOkArrived: EventType<WorkerId, ConnectionId>;

  constructor(sim: Simulation) {
    this.replyArrived = sim.declare('protocol.replyArrived');
    this.deliveryArrived = sim.declare('protocol.deliveryArrived');
    this.cancelOkArrived = sim.declare('protocol.cancelOkArrived');
  }
}

/** Bytes on the wire besides a message's own. */
export const overhead = { publish: 64, delivery: 64, settlement: 64, reply: 64, subscribe: 64 } as const;
