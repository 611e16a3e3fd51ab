/** Queues of a virtual host as queues of a scenario. */
import { queueTypes } from '../../models/brokers/rabbitmq/settings.ts';
import type { DefinedQueue } from './definitions.ts';
import { knownSettings, queueArguments } from './known-settings.ts';
import type { Renamed } from './names.ts';
import type { Notes } from './notes.ts';
import { type ImportProblem, quoted } from './problems.ts';

export interface ImportedQueue {
  readonly durable?: false;
  readonly arguments?: Readonly<Record<string, unknown>>;
}

/** Newer files say the type beside the arguments too; older ones leave it out for classic queues. */
export function typeOf({ type, arguments: given }: DefinedQueue): unknown {
  return given['x-queue-type'] ?? type ?? 'classic';
}

const isModelledType = (type: unknown): boolean => (queueTypes as readonly unknown[]).includes(type);

export function isModelledQueue(queue: DefinedQueue, notes: Notes): boolean {
  const type = typeOf(queue);
  if (isModelledType(type)) return true;
  notes.leaveOut(`queues of the type ${quoted(String(type))}`, quoted(queue.name));
  return false;
}

export function importQueues(queues: readonly DefinedQueue[], names: Renamed, notes: Notes, problems: ImportProblem[]): Record<string, ImportedQueue> {
  const imported: Record<string, ImportedQueue> = {};
  for (const queue of queues) {
    if (queue.auto_delete) notes.leaveOut('auto_delete of queues', quoted(queue.name));
    const given = importArguments(queue, names, notes, problems);
    imported[names.queues.of(queue.name)] = { ...(!queue.durable && { durable: false as const }), ...(Object.keys(given).length > 0 && { arguments: given }) };
  }
  return imported;
}

function importArguments(queue: DefinedQueue, names: Renamed, notes: Notes, problems: ImportProblem[]): Record<string, unknown> {
  const { 'x-queue-type': _, ...others } = queue.arguments;
  const known = knownSettings(others, queueArguments, `queue ${quoted(queue.name)}`, ['queues', queue.name, 'arguments'], notes, problems);
  const type = typeOf(queue) === 'classic' ? {} : { 'x-queue-type': typeOf(queue) };
  return { ...type, ...withNewNames(known, 'x-', names) };
}

/** Dead letters that name exchanges, and queues by way of the default exchange; `prefix` is empty in policies. */
export function withNewNames(settings: Readonly<Record<string, unknown>>, prefix: '' | 'x-', { queues, exchanges }: Renamed): Record<string, unknown> {
  const [exchangeKey, routingKey, alternate] = [`${prefix}dead-letter-exchange`, `${prefix}dead-letter-routing-key`, 'alternate-exchange'];
  const isDirect = settings[exchangeKey] === '';
  return Object.fromEntries(Object.entries(settings).map(([key, value]) => {
    if (typeof value !== 'string') return [key, value];
    if (key === exchangeKey || key === alternate) return [key, exchanges.of(value)];
    return [key, key === routingKey && isDirect ? queues.of(value) : value];
  }));
}
