/** Definitions as `rabbitmqctl export_definitions` writes them, and an imported scenario read again. */
import { rabbitmqSchema, type RabbitmqSpec } from '../../models/brokers/rabbitmq/settings.ts';
import { consumerSchema } from '../../models/consumer-settings.ts';
import { producerSchema } from '../../models/producer-settings.ts';
import { plain } from '../../scenarios/located.ts';
import { fillParameters } from '../../scenarios/parameters.ts';
import { Source } from '../../scenarios/source.ts';
import { parseYaml } from '../../scenarios/yaml.ts';

type Entry = Readonly<Record<string, unknown>>;

export const queue = (name: string, given: Entry = {}, more: Entry = {}): Entry => ({ name, vhost: '/', durable: true, auto_delete: false, arguments: given, ...more });
export const exchange = (name: string, type: string, given: Entry = {}, more: Entry = {}): Entry => ({ name, vhost: '/', type, durable: true, auto_delete: false, internal: false, arguments: given, ...more });
export const binding = (source: string, destination: string, key = '', more: Entry = {}): Entry => ({ source, vhost: '/', destination, destination_type: 'queue', routing_key: key, arguments: {}, ...more });
export const policy = (name: string, pattern: string, definition: Entry, more: Entry = {}): Entry => ({ vhost: '/', name, pattern, 'apply-to': 'all', priority: 0, definition, ...more });

export function definitions(sections: Entry = {}): string {
  return JSON.stringify({
    rabbit_version: '3.13.7', rabbitmq_version: '3.13.7', product_name: 'RabbitMQ', product_version: '3.13.7',
    users: [{ name: 'guest', password_hash: 'x', tags: ['administrator'] }], vhosts: [{ name: '/' }], permissions: [{ user: 'guest', vhost: '/', configure: '.*', write: '.*', read: '.*' }], topic_permissions: [], parameters: [],
    global_parameters: [{ name: 'cluster_name', value: 'rabbit@shop' }], policies: [], queues: [], exchanges: [], bindings: [], ...sections,
  });
}

export interface ReadScenario {
  readonly broker: RabbitmqSpec;
  readonly producers: Readonly<Record<string, ReturnType<typeof producerSchema.parse>>>;
  readonly consumers: Readonly<Record<string, ReturnType<typeof consumerSchema.parse>>>;
}

/** As the loader reads it: YAML with its limits, parameters, schemas. */
export function readAgain(text: string): ReadScenario {
  const parsed = parseYaml(new Source('imported.yaml', text));
  const filled = fillParameters(parsed.root as Parameters<typeof fillParameters>[0]);
  const problems = [...parsed.problems, ...filled.problems].map(({ message }) => message);
  if (problems.length > 0) throw new Error(problems.join('\n'));
  const { brokers, producers, consumers } = plain(filled.root) as Record<string, Record<string, unknown>>;
  const each = <T>(section: Record<string, unknown>, parse: (value: unknown) => T) => Object.fromEntries(Object.entries(section).map(([name, value]) => [name, parse(value)]));
  return { broker: rabbitmqSchema.parse(brokers!.rabbitmq), producers: each(producers!, (value) => producerSchema.parse(value)), consumers: each(consumers!, (value) => consumerSchema.parse(value)) };
}
