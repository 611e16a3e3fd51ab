/** What planted bugs of RabbitMQ have in common: a small scenario, a broker with a bug, and how it is seen that the bug's place was reached. */
import { brokerModels, type BrokerModels } from '../../models/brokers/index.ts';
import { type QueueTypes, queueTypes } from '../../models/brokers/rabbitmq/queue-factory.ts';
import { RabbitMQ } from '../../models/brokers/rabbitmq/rabbitmq.ts';
import type { ClaimName } from '../../models/invariants/index.ts';
import type { World } from '../../models/world.ts';
import type { ScenarioSettings } from '../../scenarios/define.ts';

type Broker = Extract<ScenarioSettings['brokers'][string], { kind: 'rabbitmq' }>;
type Producer = NonNullable<ScenarioSettings['producers']>[string];
type Consumer = NonNullable<ScenarioSettings['consumers']>[string];

export interface RabbitSetting {
  readonly broker?: Partial<Omit<Broker, 'kind' | 'queues'>>;
  readonly queues?: Broker['queues'];
  readonly producer?: Partial<Producer>;
  /** Besides `web`. */
  readonly producers?: Readonly<Record<string, Producer>>;
  readonly consumer?: Partial<Consumer>;
  readonly consumers?: Readonly<Record<string, Consumer>>;
  readonly faults?: ScenarioSettings['faults'];
  readonly latency?: string;
}

export interface RabbitBug {
  readonly name: string;
  readonly claim: ClaimName;
  readonly types?: Partial<QueueTypes>;
  readonly broker?: typeof RabbitMQ;
  readonly setting: RabbitSetting;
  /** Rare paths that the healthy broker must have gone as well: what it had to work for. */
  readonly tried: readonly string[];
}

/** A bug did something that a healthy broker would not have done. */
export const bugReached = 'planted.bug';
export function misbehaved(world: World): void {
  world.sim.trace.reached(bugReached);
}

/** True for each seventh message of a producer. */
export function isSeventh(world: World, message: number): boolean {
  return world.messages.ordinal[message]! % 7 === 0;
}

/** Forty messages with four keys, 50 a second, through one queue to two workers. */
export function scenarioOf({ claim, setting }: Pick<RabbitBug, 'claim' | 'setting'>): ScenarioSettings {
  const { broker, queues = { jobs: {} }, producer, producers, consumer, consumers, faults = [workerDies], latency = '1ms' } = setting;
  return {
    faultline: 1,
    name: 'planted bug',
    seed: 7,
    phases: { measure: '10s', drain: '100s' },
    network: { default: { latency }, connection: { reconnect: { fixed: { delay: '100ms' } } } },
    brokers: { mq: { kind: 'rabbitmq', version: '3.13', ...broker, timing: { boot: '200ms', start: '100ms', ...broker?.timing }, queues } },
    producers: {
      web: {
        publish: 'mq/jobs', arrivals: { constant: { rate: '50/s' } }, messages: 40, key: { uniform: { keys: 4 } },
        confirm: { timeout: '2s' }, retry: { fixed: { delay: '200ms' } }, ...producer,
      },
      ...producers,
    },
    consumers: consumers ?? { workers: { count: 2, subscribe: 'mq/jobs', prefetch: 3, service: '20ms', idempotency: {}, ...consumer } },
    faults,
    claims: [claim],
  };
}

export const workerDies = { kind: 'crash', target: 'consumers.workers.0', at: '400ms', for: '500ms' } as const;
export const nodeDies = { kind: 'crash', target: 'mq.0', at: '405ms', for: '500ms' } as const;
export const hostDies = { ...nodeDies, scope: 'host' } as const;
export const quorum = (args: object = {}) => ({ arguments: { 'x-queue-type': 'quorum' as const, ...args } });

export function modelsWith(types: Partial<QueueTypes> = {}, broker = RabbitMQ): BrokerModels {
  return { ...brokerModels, rabbitmq: { ...brokerModels.rabbitmq, build: (world, name, spec) => new broker(world, name, spec, { ...queueTypes, ...types }) } };
}
