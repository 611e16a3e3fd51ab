/** Queues that shovels take from, and those that they publish to, as `broker/queue`. */
import { viewOf } from '../models/brokers/index.ts';
import { destinationOf } from '../models/brokers/rabbitmq/shovel/create-shovels.ts';
import type { Scenario } from './scenario.ts';

export function shovelledQueues(scenario: Pick<Scenario, 'brokers'>): { readonly from: readonly string[]; readonly to: readonly string[] } {
  const from: string[] = [];
  const to: string[] = [];
  for (const [name, spec] of Object.entries(scenario.brokers)) {
    if (spec.kind !== 'rabbitmq') continue;
    for (const shovel of Object.values(spec.shovels)) {
      const [source, target] = [shovel['src-uri'], shovel['dest-uri']].map(({ broker }) => (broker === '' ? name : broker)) as [string, string];
      const routes = viewOf(scenario.brokers[target]!).routes({ ...destinationOf(shovel), headers: {}, mandatory: false, persistent: true });
      from.push(`${source}/${shovel['src-queue']}`);
      to.push(...routes.map((queue) => `${target}/${queue}`));
    }
  }
  return { from, to };
}
