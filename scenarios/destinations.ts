/** Which queues a publisher's messages come to: the one that it names, or those that its exchange routes them to, each with all of them. */
import { type BrokerSpec, viewOf } from '../models/brokers/index.ts';
import type { BrokerView } from '../models/brokers/broker-view.ts';
import type { OnwardSpec } from '../models/consumer-settings.ts';
import type { ProducerSpec } from '../models/producer-settings.ts';
import type { Scenario } from './scenario.ts';

type Publisher = ProducerSpec | OnwardSpec;

/** Asked for each queue of a topology that may be large. */
const views = new WeakMap<BrokerSpec, BrokerView>();
const known = new WeakMap<Scenario['brokers'], WeakMap<Publisher, readonly string[]>>();

/** @returns `broker/queue` each */
export function destinationsOf({ brokers }: Pick<Scenario, 'brokers'>, publisher: Publisher): readonly string[] {
  const ofBrokers = known.get(brokers) ?? new WeakMap<Publisher, readonly string[]>();
  known.set(brokers, ofBrokers);
  const found = ofBrokers.get(publisher) ?? find(brokers, publisher);
  ofBrokers.set(publisher, found);
  return found;
}

export function goesTo(scenario: Pick<Scenario, 'brokers'>, publisher: Publisher, queue: string): boolean {
  return destinationsOf(scenario, publisher).includes(queue);
}

function find(brokers: Scenario['brokers'], publisher: Publisher): readonly string[] {
  const path = 'publish' in publisher ? publisher.publish : publisher.to;
  const slash = path.indexOf('/');
  const [broker, to] = [path.slice(0, slash), path.slice(slash + 1)];
  const spec = brokers[broker]!;
  const view = views.get(spec) ?? viewOf(spec);
  views.set(spec, view);
  if (Object.hasOwn(view.queues, to)) return [path];
  const { routingKey, headers, mandatory, deliveryMode } = publisher;
  return view.routes({ to, routingKey, headers, mandatory, persistent: deliveryMode === 'persistent' }).map((queue) => `${broker}/${queue}`);
}
