/**
 * Which queues a message goes to: exchanges, their bindings and alternates, in one step (rabbit_exchange:route, 3.10 to 4.3).
 * Left out: exchange types of plugins, and routing by sender-selected distribution, which the caller gives as further keys.
 */
import { assert } from '../../../../sim/assert.ts';
import type { BindingSpec, RabbitmqSpec } from '../settings.ts';
import { type Headers, matchesHeaders } from './headers.ts';
import { Policies } from './policies.ts';
import { matchesTopic, wordsOf } from './topic.ts';

export type Topology = Pick<RabbitmqSpec, 'exchanges' | 'queues' | 'bindings' | 'policies'>;
export type ExchangeType = RabbitmqSpec['exchanges'][string]['type'];

/** The one without a name, to which every queue is bound by its own name; nothing else can be bound to it. */
export const defaultExchange = '';

/** What every virtual host has without declaring it. */
export const predeclaredExchanges: ReadonlyMap<string, ExchangeType> = new Map([
  ['amq.direct', 'direct'], ['amq.fanout', 'fanout'], ['amq.topic', 'topic'], ['amq.headers', 'headers'], ['amq.match', 'headers'],
]);

interface Exchange {
  readonly type: ExchangeType;
  readonly alternate: string | undefined;
  readonly bindings: Binding[];
}
interface Binding {
  readonly to: BindingSpec;
  /** Of its key, for topic exchanges. */
  readonly words: readonly string[];
}

export class Router {
  private readonly exchanges = new Map<string, Exchange>();
  /** Position in the order of declaration. */
  private readonly queues: ReadonlyMap<string, number>;

  constructor({ exchanges, queues, bindings, policies }: Topology) {
    this.queues = new Map(Object.keys(queues).map((queue, position) => [queue, position]));
    const rules = new Policies(policies);
    const add = (name: string, type: ExchangeType, alternate?: string): void => {
      this.exchanges.set(name, { type, alternate: alternate ?? rules.forExchange(name)?.definition['alternate-exchange'], bindings: [] });
    };
    for (const [name, type] of predeclaredExchanges) add(name, type);
    for (const [name, { type, arguments: given }] of Object.entries(exchanges)) add(name, type, given['alternate-exchange']);
    for (const to of bindings) this.exchanges.get(to.source)?.bindings.push({ to, words: wordsOf(to.routing_key) });
  }

  /** Publishing to an exchange that does not exist closes the channel, and dead letters to it are dropped: callers ask first. */
  hasExchange(name: string): boolean {
    return name === defaultExchange || this.exchanges.has(name);
  }

  /** The default exchange is a direct one. */
  typeOf(exchange: string): ExchangeType {
    return this.exchanges.get(exchange)?.type ?? 'direct';
  }

  /**
   * Every queue once, in the order of declaration. There is more than one key where the sender gave further ones, and for
   * dead letters that keep theirs.
   */
  route(exchange: string, routingKeys: readonly string[], headers: Headers = {}): readonly string[] {
    assert(this.hasExchange(exchange), `there is no exchange "${exchange}"`);
    if (exchange === defaultExchange) return this.inOrder(new Set(routingKeys));
    const key = { words: routingKeys.map(wordsOf), routingKeys, headers };
    const found = new Set<string>();
    const seen = new Set([exchange]);
    // What was seen is not looked at again, so circles of bindings and of alternates end.
    for (const name of seen) {
      // An alternate may not exist; the default exchange as one leads nowhere, since its bindings are stored nowhere.
      const at = this.exchanges.get(name);
      if (at === undefined) continue;
      const bound = at.bindings.filter((binding) => matches(at.type, binding, key));
      for (const { to } of bound) (to.destination_type === 'queue' ? found : seen).add(to.destination);
      // Asked for each exchange on the way, and only where no binding matched: one that leads to nothing is enough.
      if (bound.length === 0 && at.alternate !== undefined) seen.add(at.alternate);
    }
    return this.inOrder(found);
  }

  private inOrder(names: ReadonlySet<string>): readonly string[] {
    return [...names].filter((name) => this.queues.has(name)).sort((a, b) => this.queues.get(a)! - this.queues.get(b)!);
  }
}

interface Key {
  readonly routingKeys: readonly string[];
  readonly words: readonly (readonly string[])[];
  readonly headers: Headers;
}

function matches(type: ExchangeType, { to, words }: Binding, key: Key): boolean {
  switch (type) {
    case 'fanout': return true;
    case 'direct': return key.routingKeys.includes(to.routing_key);
    case 'topic': return key.words.some((each) => matchesTopic(words, each));
    case 'headers': return matchesHeaders(to.arguments, key.headers);
  }
}
