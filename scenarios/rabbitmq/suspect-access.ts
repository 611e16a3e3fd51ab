/** Clients whose user can never do what they are there for. */
import { destinationOf } from '../../models/brokers/rabbitmq/shovel/create-shovels.ts';
import type { RabbitmqSpec, ShovelSpec } from '../../models/brokers/rabbitmq/settings.ts';
import { Permissions } from '../../models/brokers/rabbitmq/access/permissions.ts';
import { defaultExchange, predeclaredExchanges } from '../../models/brokers/rabbitmq/routing/router.ts';
import type { Findings } from '../findings.ts';
import type { Path } from '../problem.ts';
import type { Scenario } from '../scenario.ts';
import * as say from './access-messages.ts';

export function suspectAccess({ brokers, producers, consumers }: Scenario, findings: Findings): void {
  const at = (to: string): { readonly spec: RabbitmqSpec; readonly name: string } | undefined => {
    const slash = to.indexOf('/');
    const spec = brokers[to.slice(0, slash)];
    return spec?.kind === 'rabbitmq' ? { spec, name: to.slice(slash + 1) } : undefined;
  };
  for (const [name, producer] of Object.entries(producers)) {
    const place = at(producer.publish);
    if (place !== undefined) new Suspect(place.spec, producer.user, ['producers', name], findings).publishes(place.name, producer.routingKey, producer.declare, 'publish');
  }
  for (const [name, consumer] of Object.entries(consumers)) {
    const path: Path = ['consumers', name];
    const place = at(consumer.subscribe);
    if (place !== undefined) new Suspect(place.spec, consumer.user, path, findings).consumes(place.name, consumer.declare, 'subscribe');
    consumer.publish.forEach((onward, index) => {
      const to = at(onward.to);
      if (to !== undefined) new Suspect(to.spec, consumer.user, [...path, 'publish', index], findings).publishes(to.name, onward.routingKey, false, 'to');
    });
  }
  for (const [name, spec] of Object.entries(brokers)) if (spec.kind === 'rabbitmq') suspectShovels(name, spec, brokers, findings);
}

function suspectShovels(broker: string, { shovels }: RabbitmqSpec, brokers: Scenario['brokers'], findings: Findings): void {
  for (const [name, shovel] of Object.entries(shovels)) {
    const suspect = ({ broker: host, user }: ShovelSpec['src-uri'], key: string): Suspect | undefined => {
      const spec = brokers[host === '' ? broker : host];
      return user === undefined || spec?.kind !== 'rabbitmq' ? undefined : new Suspect(spec, user, ['brokers', broker, 'shovels', name], findings, key);
    };
    const { to, routingKey } = destinationOf(shovel);
    suspect(shovel['src-uri'], 'src-uri')?.consumes(shovel['src-queue'], false, 'src-queue');
    suspect(shovel['dest-uri'], 'dest-uri')?.publishes(to, routingKey, false, shovel['dest-queue'] === undefined ? 'dest-exchange' : 'dest-queue');
  }
}

class Suspect {
  private readonly spec: RabbitmqSpec;
  private readonly user: string;
  private readonly path: Path;
  private readonly findings: Findings;
  /** Where its name is said. */
  private readonly login: string;
  private readonly permissions: Permissions | undefined;

  constructor(spec: RabbitmqSpec, user: string, path: Path, findings: Findings, login = 'user') {
    const known = Object.hasOwn(spec.users, user) ? spec.users[user] : undefined;
    this.spec = spec;
    this.user = user;
    this.path = path;
    this.findings = findings;
    this.login = login;
    this.permissions = known && new Permissions(user, known);
  }

  publishes(to: string, routingKey: string, declares: boolean, key: string): void {
    if (!this.enters()) return;
    const exchange = this.spec.queues[to] === undefined ? to : defaultExchange;
    const type = predeclaredExchanges.get(exchange) ?? this.spec.exchanges[exchange]?.type;
    if (!this.permissions!.has('write', exchange)) this.warn(key, say.neverPublishes(this.user, exchange, this.written('write')));
    else if (type === 'topic' && !this.permissions!.hasTopic(exchange, routingKey)) this.warn(key, say.neverPublishesKey(this.user, exchange, routingKey));
    if (declares) this.declares(to);
  }

  consumes(queue: string, declares: boolean, key: string): void {
    if (!this.enters()) return;
    if (!this.permissions!.has('read', queue)) this.warn(key, say.neverConsumes(this.user, queue, this.written('read')));
    if (declares) this.declares(queue);
  }

  private declares(name: string): void {
    if (!this.permissions!.has('configure', name)) this.warn('declare', say.neverDeclares(this.user, name, this.written('configure')));
  }

  private enters(): boolean {
    if (this.permissions === undefined) return false;
    if (!this.permissions.areThere) this.warn(this.login, say.neverEnters(this.user));
    return this.permissions.areThere;
  }

  private written(permission: 'configure' | 'write' | 'read'): string {
    return this.spec.users[this.user]!.permissions![permission];
  }

  private warn(key: string, finding: ReturnType<typeof say.neverEnters>): void {
    this.findings.warning([...this.path, key], finding);
  }
}
