/**
 * Producers and consumers, of which definitions say nothing: one for each queue with bindings, to be completed. Where no queue has
 * any, all are published to by their names.
 */
import { Policies } from '../../models/brokers/rabbitmq/routing/policies.ts';
import { effectiveArguments } from '../../models/brokers/rabbitmq/routing/queue-rules.ts';
import { defaultExchange, Router } from '../../models/brokers/rabbitmq/routing/router.ts';
import type { BindingSpec, RabbitmqSpec } from '../../models/brokers/rabbitmq/settings.ts';
import { Names } from './names.ts';
import type { Notes } from './notes.ts';
import { type Deed, type ImportedUsers, whoMay } from './users.ts';

export interface Placeholder {
  readonly name: string;
  readonly settings: Readonly<Record<string, unknown>>;
  /** Stands above it. */
  readonly comment?: string;
}

export interface Placeholders {
  readonly producers: readonly Placeholder[];
  readonly consumers: readonly Placeholder[];
}

/** More would be nobody's to complete. */
const queuesMax = 200;

export function placeholdersFor(broker: string, spec: RabbitmqSpec, users: ImportedUsers, notes: Notes): Placeholders {
  const as = (deed: Deed): { readonly user?: string } => userFor(users, deed, notes);
  const bound = boundQueues(spec, notes);
  const names = new Names(bound.map(({ queue }) => queue), (name) => /^[A-Za-z_][\w-]{0,69}$/.test(name), 'queue', new Set());
  const router = new Router(spec);
  const reached = new Set<string>();
  const producers: Placeholder[] = [];
  for (const { queue, ways } of bound) {
    if (reached.has(queue)) continue;
    const { publish, routingKey, headers } = wayTo(queue, ways, spec, router);
    const queues = publish === queue ? [queue] : router.route(publish, [routingKey], headers);
    for (const each of queues) reached.add(each);
    producers.push({
      name: `to-${names.of(queue)}`,
      settings: { ...as({ permission: 'write', name: publish === queue ? defaultExchange : publish, routingKey }), publish: `${broker}/${publish}`, ...(routingKey !== '' && { routingKey }), ...(Object.keys(headers).length > 0 && { headers }), arrivals: { poisson: { rate: '1/s' } }, confirm: {} },
      comment: `to ${shortened(queues)}`,
    });
  }
  const consumers = bound.map(({ queue }): Placeholder => ({
    name: `${names.of(queue)}-workers`,
    settings: { ...as({ permission: 'read', name: queue, routingKey: '' }), count: 1, subscribe: `${broker}/${queue}`, prefetch: 10, service: { exponential: { mean: '50ms' } } },
  }));
  return { producers, consumers };
}

/** As whom it logs in, where users are listed. Somebody has to: who cannot is told of by the warnings of the scenario. */
function userFor(users: ImportedUsers, deed: Deed, notes: Notes): { readonly user?: string } {
  const [first] = Object.keys(users);
  if (first === undefined) return {};
  const user = whoMay(users, deed);
  if (user === undefined) notes.mend(`nobody may ${deed.permission === 'read' ? 'consume from' : 'publish to'} ${deed.name === defaultExchange ? 'the default exchange' : deed.name}`);
  return { user: user ?? first };
}

interface BoundQueue {
  readonly queue: string;
  /** Its bindings to exchanges that somebody publishes to. */
  readonly ways: readonly BindingSpec[];
}

/** Queues that only dead letters come to have no producers of their own, and often nobody who reads them. */
function boundQueues(spec: RabbitmqSpec, notes: Notes): BoundQueue[] {
  const bindings = new Map<string, BindingSpec[]>(Object.keys(spec.queues).map((queue) => [queue, []]));
  for (const binding of spec.bindings) if (binding.destination_type === 'queue') bindings.get(binding.destination)?.push(binding);
  const letters = deadLettersIn(spec, bindings);
  const isUnbound = [...bindings.values()].every((all) => all.length === 0);
  const bound: BoundQueue[] = [];
  for (const [queue, all] of bindings) {
    const ways = all.filter(({ source }) => !letters.exchanges.has(source));
    if (ways.length === 0 && (all.length > 0 || letters.queues.has(queue))) notes.leaveOut('placeholders for queues that dead letters come to', queue);
    else if (all.length === 0 && !isUnbound) notes.leaveOut('placeholders for queues without a binding', queue);
    else if (bound.length === queuesMax) notes.leaveOut(`placeholders for more than ${queuesMax} queues`, queue);
    else bound.push({ queue, ways });
  }
  return bound;
}

/** Exchanges that only dead letters are meant for, and queues that they go to by their names. */
function deadLettersIn(spec: RabbitmqSpec, bindings: ReadonlyMap<string, readonly BindingSpec[]>): { readonly exchanges: ReadonlySet<string>; readonly queues: ReadonlySet<string> } {
  const policies = new Policies(spec.policies);
  const rules = Object.entries(spec.queues).map(([name, queue]) => ({ name, ...effectiveArguments(queue, policies.forQueue(name, queue.arguments['x-queue-type']), spec.version) }));
  const named = new Set(rules.map(({ deadLetterExchange }) => deadLetterExchange));
  const [exchanges, queues] = [new Set<string>(), new Set<string>()];
  for (const { name, ttl, deadLetterExchange: exchange, deadLetterRoutingKey: key } of rules) {
    // A queue in which dead letters wait before they go back where everybody publishes to.
    const isDelay = ttl < Infinity && bindings.get(name)!.every(({ source }) => named.has(source));
    if (exchange === defaultExchange && key !== undefined) queues.add(key);
    else if (exchange !== undefined && !isDelay) exchanges.add(exchange);
  }
  return { exchanges, queues };
}

interface Way {
  /** An exchange, or the queue itself. */
  readonly publish: string;
  readonly routingKey: string;
  readonly headers: BindingSpec['arguments'];
}

/** By the first binding that a message can be made up for; by the queue's own name where there is none. */
function wayTo(queue: string, ways: readonly BindingSpec[], spec: RabbitmqSpec, router: Router): Way {
  const made = ways.filter(({ source }) => Object.hasOwn(spec.exchanges, source)).map((binding): Way => {
    const isHeaders = spec.exchanges[binding.source]!.type === 'headers';
    return { publish: binding.source, routingKey: keyFor(binding, spec), headers: isHeaders ? headersFor(binding) : {} };
  });
  return made.find(({ publish, routingKey, headers }) => router.route(publish, [routingKey], headers).includes(queue)) ?? { publish: queue, routingKey: '', headers: {} };
}

/** A key that matches: `*` needs a word, `#` none. */
function keyFor({ source, routing_key: key }: BindingSpec, spec: RabbitmqSpec): string {
  const { type } = spec.exchanges[source]!;
  if (type === 'direct') return key;
  if (type !== 'topic' || key === '') return '';
  return key.split('.').filter((word) => word !== '#').map((word) => (word === '*' ? 'any' : word)).join('.');
}

function headersFor({ arguments: bound }: BindingSpec): BindingSpec['arguments'] {
  return Object.fromEntries(Object.entries(bound).filter(([name]) => name !== 'x-match').map(([name, value]) => [name, value ?? true]));
}

function shortened(names: readonly string[]): string {
  const shown = names.slice(0, 10);
  return names.length > shown.length ? `${shown.join(', ')} and ${names.length - shown.length} more queues` : shown.join(', ');
}
