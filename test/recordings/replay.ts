/** A scenario with recorded times in it, and what was seen when it ran. Times are in milliseconds here, as in the recordings. */
import type { BrokerModels } from '../../models/brokers/index.ts';
import type { Death } from '../../models/brokers/rabbitmq/copies.ts';
import { RabbitMQ } from '../../models/brokers/rabbitmq/rabbitmq.ts';
import type { System } from '../../models/build.ts';
import type { HistoryEvent } from '../../models/history.ts';
import { createScenario, type ScenarioSettings } from '../../scenarios/define.ts';
import type { Scenario } from '../../scenarios/scenario.ts';
import type { DeliveryId, MessageId } from '../../models/message.ts';
import { driveToQuiet } from '../models/driven.ts';

type AnyBroker = ScenarioSettings['brokers'][string];
export type RabbitSettings = Extract<AnyBroker, { kind: 'rabbitmq' }>;

/** What recordings are compared with: the model and its timings as they are, unless a test wants to see something fail. */
export interface Model {
  readonly timing?: RabbitSettings['timing'];
  readonly brokers?: BrokerModels;
}

export interface Parts extends Omit<ScenarioSettings, 'faultline' | 'name' | 'brokers' | 'phases'> {
  readonly broker: Omit<RabbitSettings, 'kind' | 'version'>;
  readonly others?: ScenarioSettings['brokers'];
  /** How long producers are at work and faults last. */
  readonly lasts: number;
  /** How long what is left may take afterwards. */
  readonly drain?: number;
  readonly times?: RecordedTimes;
}

/** By producer group: when each message is published, and with which priority. By consumer group: service of the nth message. */
export interface RecordedTimes {
  readonly arrivals?: Readonly<Record<string, readonly number[]>>;
  readonly priorities?: Readonly<Record<string, readonly number[]>>;
  readonly services?: Readonly<Record<string, readonly number[]>>;
}

/** Producers and consumers whose times are recorded say this, and are given them afterwards. */
export const recordedArrivals = { constant: { rate: '1/s' } } as const;
export const recordedService = 0;

/** What happened to a message. */
export interface Told {
  readonly at: number;
  readonly what: HistoryEvent;
  /** `web.0`, and which of its messages, from 0. */
  readonly producer: string;
  readonly nth: number;
  readonly queue: string | undefined;
  readonly worker: number | undefined;
  readonly cause: string | undefined;
}

/** What a client saw of a delivery that reached it. */
export interface Delivered {
  readonly at: number;
  readonly producer: string;
  readonly nth: number;
  readonly queue: string;
  readonly worker: number;
  readonly isRedelivered: boolean;
  /** `x-delivery-count`; null where it is absent. */
  readonly returns: number | null;
  readonly deaths: readonly Death[];
}

/** Something done by hand at a time. */
export interface Act {
  readonly at: number;
  readonly does: (system: System) => void;
}

export interface Replay {
  readonly told: readonly Told[];
  readonly delivered: readonly Delivered[];
}

export const toNanos = (milliseconds: number): number => Math.round(milliseconds * 1e6);
export const time = (milliseconds: number): string => `${toNanos(milliseconds)}ns`;

export function replay(parts: Parts, model: Model, acts: readonly Act[] = []): Replay {
  const told: Told[] = [];
  const delivered: Delivered[] = [];
  driveToQuiet(scenarioOf(parts, model), {
    ...(model.brokers !== undefined && { brokerModels: model.brokers }),
    eventsMax: Infinity,
    built: (system) => {
      tell(system, told, delivered);
      schedule(system, acts);
    },
  });
  return { told, delivered };
}

function scenarioOf({ broker, others, lasts, drain = 3_600_000, times, ...rest }: Parts, { timing }: Model): Scenario {
  const scenario = createScenario({
    faultline: 1,
    name: 'replay',
    phases: { measure: time(lasts), drain: time(drain) },
    brokers: { mq: { kind: 'rabbitmq', version: '3.10', ...(timing && { timing }), ...broker }, ...others },
    ...rest,
  });
  return times === undefined ? scenario : withTimes(scenario, times);
}

function withTimes(scenario: Scenario, { arrivals = {}, priorities = {}, services = {} }: RecordedTimes): Scenario {
  const source = { file: 'recording', columns: {} };
  const producers = Object.entries(arrivals).map(([name, times]) => {
    const recorded = { kind: 'recorded' as const, ...source, times: times.map(toNanos), ...(priorities[name] && { priorities: priorities[name] }) };
    return [name, { ...scenario.producers[name]!, arrivals: recorded }] as const;
  });
  const consumers = Object.entries(services).map(([name, values]) => {
    return [name, { ...scenario.consumers[name]!, service: { kind: 'recorded' as const, ...source, values: values.map(toNanos) } }] as const;
  });
  return { ...scenario, producers: { ...scenario.producers, ...Object.fromEntries(producers) }, consumers: { ...scenario.consumers, ...Object.fromEntries(consumers) } };
}

function tell({ world }: System, told: Told[], delivered: Delivered[]): void {
  const { sim, messages, copies, deliveries, causes, ledger, publisherNames, protocol } = world;
  const named = (message: MessageId) => ({ producer: publisherNames[messages.publisher[message]!]!, nth: messages.ordinal[message]! - 1 });
  ledger.history = (what, message, { queue, worker, cause }) => {
    told.push({ at: sim.now / 1e6, what, ...named(message), queue, worker, cause: cause === undefined ? undefined : causes.what(cause) });
  };
  sim.watch(protocol.deliveryArrived as never, 'before', (_type, worker, id) => {
    const delivery = id as DeliveryId;
    const copy = deliveries.copyOf(delivery);
    const broker = world.brokers.get('mq');
    const returns = broker instanceof RabbitMQ ? broker.copies.returns[copy]! : 0;
    const deaths = broker instanceof RabbitMQ ? broker.copies.deaths(copy) : [];
    delivered.push({ at: sim.now / 1e6, ...named(copies.messageOf(copy)), queue: ledger.queues[copies.queue[copy]!]!.name, worker, isRedelivered: deliveries.redelivered[delivery] === 1, returns: returns > 0 ? returns : null, deaths });
  });
}

function schedule(system: System, acts: readonly Act[]): void {
  const { sim } = system.world;
  const due = sim.declare('replay.actDue');
  sim.handle(due, (index) => acts[index]!.does(system));
  acts.forEach(({ at }, index) => sim.after(toNanos(at), due, index, 0));
}
