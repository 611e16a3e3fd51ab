/**
 * The parts of a scenario, each for itself: a mistake in one must not hide what is wrong between the others. What does
 * not fit its schema is known by name only.
 */
import type { z } from 'zod';
import { type BrokerSpec, brokerSpecSchema } from '../models/brokers/index.ts';
import { type ConsumerSpec, consumerSchema } from '../models/consumer-settings.ts';
import { type FaultSpec, faultSpecSchema } from '../models/faults/index.ts';
import { type NetworkSpec, networkSchema } from '../models/network-settings.ts';
import { type ProducerSpec, producerSchema } from '../models/producer-settings.ts';
import { queuePath } from '../models/settings.ts';
import { type Objective, objectiveSchema } from './objective.ts';
import type { Path } from './problem.ts';
import { type Scenario, scenarioSchema } from './scenario.ts';

export interface Parts {
  /** Undefined where the section is no map, so that nobody is told that its names do not exist. */
  readonly brokers: Named<BrokerPart> | undefined;
  readonly producers: Named<ProducerSpec | undefined> | undefined;
  readonly consumers: Named<ConsumerSpec | undefined> | undefined;
  readonly network: NetworkSpec | undefined;
  readonly phases: Scenario['phases'] | undefined;
  readonly faults: readonly (FaultSpec | undefined)[];
  readonly objectives: readonly (Objective | undefined)[];
  /** Queues named in parts that do not fit their schema otherwise: they can be looked up all the same. */
  readonly loose: readonly LooseReference[];
}
export interface LooseReference {
  readonly path: Path;
  /** `broker/queue`, as written. */
  readonly queue: string;
}
export type Named<T> = ReadonlyMap<string, T>;
export interface BrokerPart {
  readonly spec: BrokerSpec | undefined;
  readonly queues: readonly string[];
}

export function partsOfScenario(scenario: Scenario): Parts {
  return {
    ...scenario,
    brokers: new Map(Object.entries(scenario.brokers).map(([name, spec]) => [name, { spec, queues: Object.keys(spec.queues) }])),
    producers: new Map(Object.entries(scenario.producers)),
    consumers: new Map(Object.entries(scenario.consumers)),
    loose: [],
  };
}

/** Of what a file says, as far as its parts can be read. */
export function partsOf(written: unknown): Parts {
  const sections = isRecord(written) ? written : {};
  return {
    brokers: named(sections.brokers, (broker) => ({
      spec: readPart(brokerSpecSchema, broker),
      queues: isRecord(broker) && isRecord(broker.queues) ? Object.keys(broker.queues) : [],
    })),
    producers: named(sections.producers, (producer) => readPart(producerSchema, producer)),
    consumers: named(sections.consumers, (consumer) => readPart(consumerSchema, consumer)),
    network: readPart(networkSchema, sections.network ?? {}),
    phases: readPart(scenarioSchema.shape.phases, sections.phases),
    faults: listed(sections.faults, faultSpecSchema),
    objectives: listed(sections.objectives, objectiveSchema),
    loose: looseReferences(sections),
  };
}

function looseReferences(sections: Readonly<Record<string, unknown>>): LooseReference[] {
  const loose: LooseReference[] = [];
  const note = (queue: unknown, path: Path): void => {
    if (queuePath().safeParse(queue).success) loose.push({ path, queue: queue as string });
  };
  for (const [name, producer] of broken(sections.producers, producerSchema)) note(producer.publish, ['producers', name, 'publish']);
  for (const [name, consumer] of broken(sections.consumers, consumerSchema)) {
    note(consumer.subscribe, ['consumers', name, 'subscribe']);
    if (!Array.isArray(consumer.publish)) continue;
    consumer.publish.forEach((onward, index) => note(isRecord(onward) ? onward.to : undefined, ['consumers', name, 'publish', index, 'to']));
  }
  for (const [name, broker] of broken(sections.brokers, brokerSpecSchema)) {
    for (const [queue, settings] of Object.entries(isRecord(broker.queues) ? broker.queues : {})) {
      const deadLetter = isRecord(settings) ? settings.deadLetter : undefined;
      if (typeof deadLetter === 'string') note(`${name}/${deadLetter}`, ['brokers', name, 'queues', queue, 'deadLetter']);
    }
  }
  return loose;
}

/** The parts of a section that do not fit. */
function broken(section: unknown, schema: z.ZodType): [string, Readonly<Record<string, unknown>>][] {
  if (!isRecord(section)) return [];
  return Object.entries(section).filter((entry): entry is [string, Readonly<Record<string, unknown>>] => isRecord(entry[1]) && !schema.safeParse(entry[1]).success);
}

function readPart<T>(schema: z.ZodType<T>, written: unknown): T | undefined {
  const parsed = schema.safeParse(written);
  return parsed.success ? parsed.data : undefined;
}

function named<T>(section: unknown, read: (part: unknown) => T): Named<T> | undefined {
  if (section !== undefined && !isRecord(section)) return undefined;
  return new Map(Object.entries(section ?? {}).map(([name, part]) => [name, read(part)]));
}

function listed<T>(section: unknown, schema: z.ZodType<T>): (T | undefined)[] {
  return Array.isArray(section) ? section.map((part) => readPart(schema, part)) : [];
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
