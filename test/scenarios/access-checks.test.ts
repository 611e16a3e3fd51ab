/** Users of RabbitMQ in a scenario: what is told before anything runs. */
import { describe, expect, it } from 'vitest';
import { parseScenario } from '../../scenarios/load.ts';

interface Parts {
  readonly users?: string;
  readonly publish?: string;
  readonly producer?: string;
  readonly consumer?: string;
  readonly faults?: string;
}

function told({ users = 'guest: { permissions: { write: .*, read: .* } }', publish = 'mq/jobs', producer = '', consumer = '', faults = '' }: Parts): string[] {
  const loaded = parseScenario(`faultline: 1
name: users
brokers:
  mq: { kind: rabbitmq, version: '4.2', exchanges: { events: { type: topic }, all: { type: fanout } }, queues: { jobs: {}, done: {} }, bindings: [{ source: events, destination: jobs, routing_key: '#' }], users: { ${users} } }
  other: { kind: work-queue, queues: { jobs: {} } }
producers: { web: { publish: ${publish}, arrivals: { poisson: { rate: 1/s } }, confirm: {}, ${producer} }, more: { publish: other/jobs, arrivals: { poisson: { rate: 1/s } }, confirm: {} } }
consumers: { w: { subscribe: mq/jobs, service: 1ms, ${consumer} }, d: { subscribe: mq/done, service: 1ms }, o: { subscribe: other/jobs, service: 1ms } }
faults: [${faults}]
`, 'test.yaml');
  return (loaded.ok ? loaded.warnings : loaded.problems).map(({ severity, path, message }) => `${severity} ${path}: ${message}`);
}

const app = 'guest: { permissions: { write: .*, read: .* } }, app:';

describe('users', () => {
  it('with nothing wrong are left alone', () => {
    expect(told({})).toEqual([]);
    expect(told({ users: '' })).toEqual([]);
    expect(told({ users: `${app} { permissions: { write: '^amq\\.default$', configure: jobs } }`, producer: 'user: app, declare: true,' })).toEqual([]);
  });

  it.each<[string, Parts, string[]]>([
    ['a pattern that is none', { users: `${app} { permissions: { read: '(' } }` }, ['error brokers.mq.users.app.permissions.read: this bracket is never closed, at character 1']],
    ['a pattern that is not known', { users: `${app} { permissions: { read: '(?i)jobs' } }` }, ['error brokers.mq.users.app.permissions.read: this kind of group is not supported, at character 1']],
    ['nothing allowed', { users: `${app} { permissions: {} }` }, ['warning brokers.mq.users.app.permissions: permissions that allow nothing let the user in, and nothing else']],
    ['topics of an exchange that is not there', { users: `${app} { topic_permissions: { evnts: { write: x } } }` }, ['error brokers.mq.users.app.topic_permissions.evnts: no exchange is called "evnts"']],
    ['topics of another type', { users: `${app} { topic_permissions: { all: { write: x } } }` }, ['warning brokers.mq.users.app.topic_permissions.all: this changes nothing: all is a fanout exchange']],
    ['a variable that is not modelled', { users: `${app} { topic_permissions: { events: { write: '{vhost}' } } }` }, ['error brokers.mq.users.app.topic_permissions.events.write: {vhost} is not modelled: a broker here is one virtual host without a name']],
    ['a renewal that comes too late', { users: `${app} { permissions: { read: x }, token: { lifetime: 10m, refresh: 10m } }` }, ['warning brokers.mq.users.app.token.refresh: the token is renewed each 10 min and expires after 10 min']],
    ['a password', { users: `${app} { password: x }` }, ['error brokers.mq.users.app.password: the key "password" is not known here']],
    ['tags', { users: `${app} { tags: administrator }` }, ['error brokers.mq.users.app.tags: the key "tags" is not known here']],
  ])('%s', (_, parts, expected) => {
    expect(told(parts)).toEqual(expected);
  });
});

describe('a client', () => {
  it.each<[string, Parts, string[]]>([
    ['of an unknown user', { producer: 'user: gest,' }, ['error producers.web.user: no user of mq is called "gest"']],
    ['of none, where they are listed', { users: 'app: { permissions: { read: .* } }', consumer: 'user: app,' }, ['error producers.web.user: no user of mq is called "guest"', 'error consumers.d.user: no user of mq is called "guest"']],
    ['of one, where none is listed', { users: '', consumer: 'user: app,' }, ['error consumers.w.user: mq lists no users, so that everybody may do everything']],
    ['that declares, where none is listed', { users: '', producer: 'declare: true,' }, ['warning producers.web.declare: this changes nothing: everybody may declare everything']],
    ['of a work queue', { publish: 'other/jobs', producer: 'user: app, declare: true,' }, ['error producers.web.user: user says nothing to this broker', 'error producers.web.declare: declare says nothing to this broker']],
    ['that can never publish', { users: `${app} { permissions: { write: '^jobs$' } }`, producer: 'user: app,' }, ["warning producers.web.publish: app can never publish to the default exchange: write is '^jobs$'"]],
    ['that can never publish with its key', { users: `${app} { permissions: { write: .* }, topic_permissions: { events: { write: '^a' } } }`, publish: 'mq/events', producer: 'routingKey: b, user: app,' }, ['warning producers.web.publish: app can never publish to events with the routing key "b"']],
    ['that can never consume', { users: `${app} { permissions: { read: '^job$' } }`, consumer: 'user: app,' }, ["warning consumers.w.subscribe: app can never consume from jobs: read is '^job$'"]],
    ['that can never publish onward', { users: `${app} { permissions: { read: .* } }`, consumer: 'user: app, publish: [{ to: mq/done, confirm: {} }],' }, ["warning consumers.w.publish.0.to: app can never publish to the default exchange: write is ''"]],
    ['that can never declare', { users: `${app} { permissions: { read: .* } }`, consumer: 'user: app, declare: true,' }, ["warning consumers.w.declare: app can never declare jobs: configure is ''"]],
    ['that can never come in', { users: `${app} {}`, producer: 'user: app,' }, ['warning producers.web.user: app can never enter the virtual host: it has no permissions']],
  ])('%s', (_, parts, expected) => {
    expect(told(parts)).toEqual(expected);
  });
});

describe('a fault', () => {
  it.each<[string, string, string[]]>([
    ['strikes a user', '{ kind: rotate-credentials, user: mq/guest, at: 1s }, { kind: revoke-permissions, user: mq/guest, write: x, at: 1s }', []],
    ['of nobody', '{ kind: rotate-credentials, user: mq/gest, at: 1s }', ['error faults.0.user: no user of mq is called "gest"']],
    ['of an unknown broker', '{ kind: rotate-credentials, user: mqq/guest, at: 1s }', ['error faults.0.user: no broker is called "mqq"']],
    ['of another broker', '{ kind: revoke-permissions, user: other/guest, at: 1s }', ['error faults.0.user: users of other are not modelled']],
    ['with a pattern that is none', "{ kind: revoke-permissions, user: mq/guest, read: '[', at: 1s }", ['error faults.0.read: this bracket is never closed, at character 1']],
  ])('%s', (_, faults, expected) => {
    expect(told({ faults })).toEqual(expected);
  });
});
