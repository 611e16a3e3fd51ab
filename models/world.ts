/** What every model is handed: the simulation, the stores, the network, the ledger. */
import { type EventType, Simulation, type SimulationOptions } from '../sim/simulation.ts';
import type { Nanos } from '../sim/units.ts';
import { AlarmLog } from './alarm-log.ts';
import type { Broker } from './broker.ts';
import { Causes } from './causes.ts';
import { DiskConditions } from './disk-condition.ts';
import { Ledger } from './ledger.ts';
import { Attempts, Copies, Deliveries, type DeliveryId, type MessageId, Messages, type PublisherId, type QueueId, type WorkerId } from './message.ts';
import { Moments } from './moments.ts';
import type { NetworkSpec } from './network-settings.ts';
import { Network } from './network.ts';
import { type NodeId, Nodes } from './node.ts';
import { Occurrences } from './occurrences.ts';
import type { OffsetSpec } from './offset.ts';
import { Protocol } from './protocol.ts';
import { Clocks } from './clocks.ts';
import { Recoveries } from './recoveries.ts';
import { RefusalLog } from './refusal-log.ts';

/** When the parts of a run begin and end. */
export interface PhaseTimes {
  readonly measureFrom: Nanos;
  /** Faults are healed and producers stop. */
  readonly healAt: Nanos;
  readonly end: Nanos;
}

export interface Subscriber {
  readonly node: NodeId;
  /** The event by which a delivery reaches it. */
  readonly delivered: EventType<WorkerId, DeliveryId>;
  readonly group: string;
  readonly queue: QueueId;
  prefetch: number;
  /** Of all that it consumes with the same connection together; Infinity is none. */
  readonly channelPrefetch: number;
  readonly automatic: boolean;
  readonly priority: number;
  /** Where it begins to read a log; undefined when it does not say. */
  readonly offset: OffsetSpec | undefined;
  /** Place of the last message that it acknowledged, as its application keeps it; -1 before the first. */
  handledUpTo: number;
}

export class World {
  readonly seed: number;
  readonly sim: Simulation;
  readonly phases: PhaseTimes;
  readonly causes = new Causes();
  readonly nodes: Nodes;
  readonly disks = new DiskConditions();
  readonly network: Network;
  readonly messages = new Messages();
  readonly attempts = new Attempts(this.messages);
  readonly copies = new Copies(this.messages);
  readonly deliveries = new Deliveries(this.copies);
  readonly ledger: Ledger;
  readonly moments = new Moments();
  readonly occurrences = new Occurrences();
  readonly alarms = new AlarmLog();
  readonly refusals = new RefusalLog();
  readonly protocol: Protocol;
  readonly recoveries: Recoveries;
  readonly clocks: Clocks;
  readonly brokers = new Map<string, Broker>();
  /** What each worker asks for when it subscribes, by worker. */
  readonly subscribers: Subscriber[] = [];
  /** A message of which everything is to be known: of what it broke too. */
  watched: string | undefined;
  /** Names of publishers, as they stand in a message's name. */
  readonly publisherNames: string[] = [];

  constructor(options: SimulationOptions, phases: PhaseTimes, network: NetworkSpec) {
    this.seed = options.seed;
    this.sim = new Simulation(options);
    this.phases = phases;
    this.nodes = new Nodes(this.sim);
    this.network = new Network(this.sim, this.nodes, this.causes, network);
    this.ledger = new Ledger(this.sim, this.messages, this.attempts, this.copies, this.deliveries, this.causes);
    this.protocol = new Protocol(this.sim);
    this.clocks = new Clocks(this.sim, this.nodes);
    this.recoveries = new Recoveries(this.sim, this.ledger, this.brokers);
  }

  /** The broker that a node is one of. */
  brokerAt(node: NodeId): Broker | undefined {
    for (const broker of this.brokers.values()) if (broker.nodes.includes(node)) return broker;
    return undefined;
  }

  namePublisher(name: string): PublisherId {
    return (this.publisherNames.push(name) - 1) as PublisherId;
  }

  /** `web.0-17`: the 17th message of producer web.0. The same in every run of a seed, whatever the faults. */
  nameOf(message: MessageId): string {
    return `${this.publisherNames[this.messages.publisher[message]!]}-${this.messages.ordinal[message]}`;
  }
}
