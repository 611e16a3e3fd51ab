/**
 * What `rabbitmqctl export_definitions` and the management plugin write (rabbit_definitions, 3.6 to 4.3), as far as it is read. An
 * export of one virtual host alone names none in its entries.
 */
import { z } from 'zod';
import { wantedBy } from '../messages.ts';
import { limits } from '../yaml.ts';
import { parsePlainJson } from './plain-json.ts';
import { type ImportProblem, ImportProblems, pathOf, quoted } from './problems.ts';

const name = z.string().max(255);
/** Erlang's empty list may be an empty table. */
const table = z.union([z.record(z.string(), z.unknown()), z.tuple([]).transform((): Record<string, unknown> => ({}))], { error: 'a map is wanted' });
const ofVirtualHost = { vhost: name.optional() };

const queue = z.object({
  ...ofVirtualHost, name, durable: z.boolean().default(true), auto_delete: z.boolean().default(false), type: z.string().optional(), arguments: table.default({}),
});
const exchange = z.object({
  ...ofVirtualHost, name, type: z.string().max(255), durable: z.boolean().default(true), auto_delete: z.boolean().default(false), internal: z.boolean().default(false), arguments: table.default({}),
});
const binding = z.object({
  ...ofVirtualHost, source: name, destination: name, destination_type: z.enum(['queue', 'exchange']), routing_key: z.string().max(255).default(''), arguments: table.default({}),
});
const policy = z.object({
  ...ofVirtualHost, name, pattern: z.string(), 'apply-to': z.string().default('all'), priority: z.number().default(0), definition: table,
});
const parameter = z.object({ ...ofVirtualHost, component: z.string(), name: z.string() });

const permission = z.object({ ...ofVirtualHost, user: name, configure: z.string(), write: z.string(), read: z.string() });
const topicPermission = z.object({ ...ofVirtualHost, user: name, exchange: name, write: z.string() });

const definitionsSchema = z.object({
  rabbit_version: z.string().optional(),
  rabbitmq_version: z.string().optional(),
  vhosts: z.array(z.object({ name })).default([]),
  queues: z.array(queue).default([]),
  exchanges: z.array(exchange).default([]),
  bindings: z.array(binding).default([]),
  policies: z.array(policy).default([]),
  parameters: z.array(parameter).default([]),
  users: z.array(z.object({ name })).default([]),
  permissions: z.array(permission).default([]),
  topic_permissions: z.array(topicPermission).default([]),
});
type Read = z.output<typeof definitionsSchema>;

export type DefinedQueue = Read['queues'][number];
export type DefinedExchange = Read['exchanges'][number];
export type DefinedBinding = Read['bindings'][number];
export type DefinedPolicy = Read['policies'][number];
export type DefinedPermission = Read['permissions'][number];
export type DefinedTopicPermission = Read['topic_permissions'][number];

export interface Definitions extends Omit<Read, 'rabbit_version' | 'rabbitmq_version'> {
  readonly release: string | undefined;
  /** Lists and maps that are not read, and how many entries they have. */
  readonly others: ReadonlyMap<string, number>;
}

/** @throws ImportProblems */
export function readDefinitions(text: string): Definitions {
  const written = parsePlainJson(text);
  if (typeof written !== 'object' || written === null || Array.isArray(written)) throw new ImportProblems([{ path: '', message: 'definitions are one JSON object', found: shown(written) }]);
  const parsed = definitionsSchema.safeParse(written);
  if (!parsed.success) throw new ImportProblems(parsed.error.issues.slice(0, limits.problemsMax).map((issue) => problemOf(issue, written)));
  if (!['queues', 'exchanges', 'bindings', 'vhosts'].some((section) => Object.hasOwn(written, section))) {
    throw new ImportProblems([{ path: '', message: 'these are no definitions of RabbitMQ', wanted: 'queues, exchanges, bindings', hint: 'rabbitmqctl export_definitions FILE writes them' }]);
  }
  const { rabbit_version: release, rabbitmq_version: newer, ...sections } = parsed.data;
  const others = Object.entries(written).filter(([key]) => !Object.hasOwn(definitionsSchema.shape, key)).map(([key, value]): [string, number] => [key, sizeOf(value)]);
  return { ...sections, release: newer ?? release, others: new Map(others) };
}

function problemOf(issue: z.core.$ZodIssue, written: object): ImportProblem {
  const wanted = wantedBy(issue) ?? issue.message;
  const value = valueAt(written, issue.path);
  return { path: pathOf(issue.path), message: value === undefined ? 'this is missing' : 'this is not what is wanted here', found: value === undefined ? undefined : shown(value), wanted };
}

function valueAt(written: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((value, part) => (typeof value === 'object' && value !== null ? (value as Record<PropertyKey, unknown>)[part] : undefined), written);
}

function sizeOf(value: unknown): number {
  return typeof value === 'object' && value !== null ? Object.keys(value).length : 0;
}

export function shown(value: unknown): string {
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === 'object' && value !== null) return 'a map';
  return typeof value === 'string' ? quoted(value) : String(value);
}
