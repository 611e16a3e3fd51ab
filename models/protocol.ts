/** The events by which clients and brokers reach each other. */
import type { EventType, Simulation } from '../sim/simulation.ts';
import type { AttemptId, ConnectionId, DeliveryId, QueueId, WorkerId } from './message.ts';
import type { NodeId } from './node.ts';

/** What a broker answers to a publish. */
export const reply = { confirmed: 0, full: 1 } as const;
export type Reply = (typeof reply)[keyof typeof reply];

/** What a worker says about a delivery. */
export const settlement = { acknowledge: 0, requeue: 1, reject: 2 } as const;
export type Settlement = (typeof settlement)[keyof typeof settlement];

/** What clients know of a broker: where to connect, and the events that reach it. */
export interface BrokerPort {
  readonly name: string;
  readonly entry: NodeId;
  readonly publishArrived: EventType<AttemptId, QueueId>;
  readonly settlementArrived: EventType<DeliveryId, Settlement>;
  readonly subscribeArrived: EventType<WorkerId, ConnectionId>;
  queue(name: string): QueueId;
}

/** What clients are reached by. */
export class Protocol {
  readonly replyArrived: EventType<AttemptId, Reply>;
  readonly deliveryArrived: EventType<WorkerId, DeliveryId>;

  constructor(sim: Simulation) {
    this.replyArrived = sim.declare('protocol.replyArrived');
    this.deliveryArrived = sim.declare('protocol.deliveryArrived');
  }
}

/** Bytes on the wire besides a message's own. */
export const overhead = { publish: 64, delivery: 64, settlement: 64, reply: 64, subscribe: 64 } as const;
