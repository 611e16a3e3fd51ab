/** Users of RabbitMQ: who is let in, what each may do, and when a change is noticed. Sources: models/brokers/rabbitmq/access/. */
import { describe, expect, it } from 'vitest';
import { Channel } from '../../../models/brokers/rabbitmq/access/channel.ts';
import { Permissions } from '../../../models/brokers/rabbitmq/access/permissions.ts';
import { User } from '../../../models/brokers/rabbitmq/access/user.ts';
import { type Version } from '../../../models/brokers/rabbitmq/versions.ts';
import { faults as faultsPanel } from '../../../reports/panels/faults.ts';
import { summarise } from '../../../reports/summary.ts';
import { createScenario, type ScenarioSettings } from '../../../scenarios/define.ts';
import { explainMessage } from '../../../scenarios/explain.ts';
import { runScenario } from '../../../scenarios/run.ts';
import { type ClusterParts, clusterSystem, order, told } from './cluster-system.ts';

type Users = NonNullable<Extract<ScenarioSettings['brokers'][string], { kind: 'rabbitmq' }>['users']>;
const all = { configure: '.*', write: '.*', read: '.*' };
const everything = { permissions: all };

const scenarioOf = (parts: ClusterParts) => createScenario(clusterSystem(parts));
const resultOf = (parts: ClusterParts) => runScenario(scenarioOf(parts));
/** `guest could not log in: why (F1), 3 times, 50 to 250 ms`. */
const refusals = (parts: ClusterParts) => resultOf(parts).refusals.map(({ user, what, why, by, count, first, last }) =>
  `${user} could not ${what}: ${why}${by === '' ? '' : ` (${by})`}, ${count} times, ${Math.round(first * 1000)} to ${Math.round(last * 1000)} ms`);
const users = (listed: Users, more: ClusterParts['broker'] = {}) => ({ users: listed, ...more });

describe('permissions', () => {
  const may = (write: string, name: string) => new Permissions('app', { permissions: { configure: '', write, read: '' }, topic_permissions: {} }).has('write', name);
  // rabbit_auth_backend_internal: re:run, unanchored; the empty pattern is ^$; rabbit_access_control: amq.default.
  it.each<[string, string, boolean]>([
    ['', 'orders', false], ['', '', false], ['.*', 'orders', true], ['orders', 'my-orders-2', true], ['^orders$', 'my-orders', false],
    ['^(orders|mail)$', 'mail', true], [String.raw`^amq\.default$`, '', true], ['^$', '', false], ['ORDERS', 'orders', false],
  ])('write %s on "%s": %s', (pattern, name, expected) => {
    expect(may(pattern, name)).toBe(expected);
  });

  it.each<[string, string, boolean]>([['^a', 'a.b', true], ['^a', 'b.a', false], ['', 'a', false], ['^{username}\\.', 'app.x.in', true], ['^{username}\\.', 'app-x.in', false]])('topic %s with the key %s: %s', (write, key, expected) => {
    const permissions = new Permissions('app.x', { permissions: all, topic_permissions: { events: { write } } });
    expect(permissions.hasTopic('events', key)).toBe(expected);
    expect(permissions.hasTopic('others', key)).toBe(true);
  });

  it('are remembered twelve at a time, until the channel hibernates (MAX_PERMISSION_CACHE_SIZE, HIBERNATE_AFTER_MIN)', () => {
    const channel = new Channel(new User('app', { permissions: all, topic_permissions: {} }), 1, 0, Infinity, 60e9);
    for (let permission = 0; permission < 13; permission++) channel.note(permission);
    expect([0, 1, 12].map((permission) => channel.knows(permission))).toEqual([false, true, true]);
    channel.wake(1e9);
    expect(channel.knows(12)).toBe(true);
    channel.wake(2e9 + 1);
    expect(channel.knows(12)).toBe(false);
  });
});

describe('a login', () => {
  const slow = (broker: ClusterParts['broker']): ClusterParts => ({ broker, producer: { messages: 1 } });
  const refusedAt = (broker: ClusterParts['broker'], fault: NonNullable<ClusterParts['faults']> = []) => {
    const settings = clusterSystem({ ...slow(broker), faults: fault });
    return runScenario(createScenario({ ...settings, network: { default: { latency: '10ms' }, connection: { reconnect: { fixed: { delay: '100ms' } } } } }))
      .refusals.map(({ what, first, count }) => `${Math.round(first * 1000)} ${what} ×${count}`);
  };
  const rotation = [{ kind: 'rotate-credentials', user: 'mq/guest', at: '0', for: '350ms' }] as const;

  it.each<[string, ClusterParts['broker'], NonNullable<ClusterParts['faults']>, string[]]>([
    // TCP's packet 10 ms, the header 20 after it, start-ok 20 after that; back 10, wait 100: at 50, 210 and 370, which is too late.
    ['is refused at start-ok', users({ guest: everything }), [...rotation], ['50 log in ×2']],
    ['with TLS 1.3 a round trip later', users({ guest: everything }, { tls: '1.3', timing: { tls: '0' } }), [...rotation], ['70 log in ×2']],
    ['without permissions gets as far as the virtual host', users({ guest: {} }), [], ['70 enter the virtual host ×1667']],
    ['needs no more than an entry', users({ guest: { permissions: { write: '.*' } } }), [], []],
  ])('%s (rabbit_reader)', (_, broker, faults, expected) => {
    expect(refusedAt(broker, faults).map((line) => line.replace(/×\d{4,}/, '×1667'))).toEqual(expected);
  });

  it('does not ask open connections again when the password changes', () => {
    const producer = { messages: 300 };
    const broker = users({ guest: everything });
    const rotated = { kind: 'rotate-credentials', user: 'mq/guest', at: '1s', for: '2s' } as const;
    expect(refusals({ broker, producer, faults: [rotated] })).toEqual([]);
    expect(resultOf({ broker, producer, faults: [rotated] }).warnings).toEqual(['F1 (credentials rotated mq/guest) changed nothing']);
    // A node that dies and is back at 1.4 s: those that come again are refused until clients know the new password.
    const crashed = { kind: 'crash', target: 'mq.0', at: '1.1s', for: '100ms' } as const;
    expect(refusals({ broker, producer, faults: [rotated, crashed] })).toEqual([expect.stringMatching(/^guest could not log in: its credential is no longer accepted \(F1\), 16 times, 14\d\d to 29\d\d ms$/)]);
  });

  it('that all may do everything with costs no event', () => {
    const producer = { messages: 100 };
    const consumers = { workers: { subscribe: 'mq/jobs', service: '1ms', prefetch: 5 } } as const;
    const [without, withUsers] = [resultOf({ producer, consumers }), resultOf({ producer, consumers, broker: users({ guest: everything }) })];
    expect([withUsers.events, withUsers.refusals]).toEqual([without.events, []]);
  });
});

describe('a publish', () => {
  const revoke = { kind: 'revoke-permissions', user: 'mq/guest', write: '^other$', at: '15ms', for: '2s' } as const;
  const events = ['stored', 'publish-lost', 'outcome-unknown', 'refusal-received'] as const;
  const why = 'guest could not publish to the default exchange: it has no permission';

  it('without write is refused, and its publisher connects again for the next', () => {
    const result = resultOf({ broker: users({ guest: { permissions: { ...all, write: '^jobs$' } } }), producer: { arrivals: { constant: { rate: '1/s' } } } });
    // A pattern on the queue's name is not one on the default exchange.
    expect(result.attempts).toMatchObject({ sent: 3, stored: 0, lost: { [`access-refused(${why})`]: 3 } });
    expect(result.messages).toMatchObject({ unknown: 3 });
  });

  // Three within 2 ms, on a link of 10 ms: the first is refused, and the others are lost with their channel.
  it.each<[string, Partial<NonNullable<ClusterParts['producer']>>, string[]]>([
    ['waits for nothing without confirms', { confirm: 'none' }, ['publish-lost 1', 'publish-lost 2', 'publish-lost 3']],
    ['is not known to be lost with them', {}, ['publish-lost 1', 'publish-lost 2', 'publish-lost 3', 'outcome-unknown 1', 'outcome-unknown 2', 'outcome-unknown 3']],
  ])('%s', (_, producer, expected) => {
    const settings = clusterSystem({ broker: users({ guest: { permissions: { write: 'x' } } }), producer: { ...producer, arrivals: { constant: { rate: '1000/s' } } } });
    const lines: string[] = [];
    runScenario(createScenario({ ...settings, network: { default: { latency: '10ms' }, connection: { reconnect: 'none' } } }), {
      history: ({ what, message }) => lines.push(`${what} ${message.replace('web.0-', '')}`), historyOf: undefined,
    });
    expect(lines.filter((line) => line.startsWith('publish-lost') || line.startsWith('outcome-unknown'))).toEqual(expected);
  });

  it('that was allowed a moment ago is not asked about again: a revoked permission is noticed by a channel that was idle', () => {
    const parts = (rate: string): ClusterParts => ({ broker: users({ guest: everything }), producer: { arrivals: { constant: { rate } } }, faults: [{ ...revoke, at: '1.55s', for: '100s' }] });
    expect(refusals(parts('75/min'))).toEqual([]);
    expect(refusals(parts('40/min'))).toEqual([`${why} (F1), 2 times, 3000 to 4500 ms`]);
  });

  it('to a topic exchange needs its routing key as well, and the permissions of a fault are not its own', () => {
    const topics: Users = { guest: { permissions: all, topic_permissions: { events: { write: '^order\\.' } } } };
    const to = (routingKey: string): ClusterParts => ({
      broker: users(topics, { exchanges: { events: { type: 'topic' } }, bindings: [{ source: 'events', destination: 'jobs', routing_key: '#' }] }), producer: { publish: 'mq/events', routingKey, messages: 1 },
    });
    expect(refusals(to('order.new'))).toEqual([]);
    expect(refusals(to('mail.new'))).toEqual([expect.stringContaining('guest could not publish to events with the routing key mail.new: it has no permission, 1 times')]);
    expect(told({ broker: users({ guest: everything }), producer: { messages: 1 }, faults: [{ kind: 'revoke-permissions', user: 'mq/guest', at: '5ms', for: '1s' }] }, ...events))
      .toEqual([expect.stringContaining(`publish-lost 1 (access-refused(F1: ${why}))`), expect.stringContaining(`outcome-unknown 1 (access-refused(F1: ${why}))`)]);
  });
});

describe('a consumer', () => {
  const consumers = (user = 'app', more = {}) => ({ workers: { subscribe: 'mq/jobs', service: '1ms', user, ...more } }) as const;
  const reader: Users = { guest: everything, app: { permissions: { read: '^jobs$' } } };
  const noReader: Users = { guest: everything, app: { permissions: { read: '^other$' } } };

  it('needs read on its queue', () => {
    expect(order(told({ broker: users(reader), consumers: consumers() }, 'effect'))).toEqual(['effect 1', 'effect 2', 'effect 3']);
    expect(refusals({ broker: users(noReader), consumers: consumers() })).toEqual([expect.stringMatching(/^app could not consume from jobs: it has no permission, \d{4} times/)]);
  });

  it('is asked once: it goes on when the permission is gone', () => {
    const revoke = { kind: 'revoke-permissions', user: 'mq/app', read: '', at: '5ms', for: '10s' } as const;
    expect(refusals({ broker: users(reader), consumers: consumers(), producer: { messages: 300 }, faults: [revoke] })).toEqual([]);
  });

  it('that publishes by the connection it consumes by loses both', () => {
    const broker = users({ guest: everything, app: { permissions: { read: '.*' } } }, { queues: { jobs: {}, done: {} } });
    const result = resultOf({ broker, producer: { messages: 1 }, consumers: consumers('app', { publish: [{ to: 'mq/done', size: '1kB' }], failure: { probability: 0 } }) });
    expect(result.refusals).toMatchObject([{ what: 'publish to the default exchange' }]);
    expect(result.groups['workers']!.redelivered).toBeGreaterThan(0);
  });
});

describe('a declaration', () => {
  const declaring = (configure: string): ClusterParts => ({ broker: users({ guest: { permissions: { ...all, configure } } }), producer: { messages: 1, declare: true, arrivals: { constant: { rate: '10/s' } } } });
  it('needs configure (rabbit_channel queue.declare)', () => {
    expect(refusals(declaring('^jobs$'))).toEqual([]);
    expect(refusals(declaring('^job$'))).toEqual([expect.stringMatching(/^guest could not declare jobs: it has no permission, \d+ times/)]);
  });
});

describe('a token', () => {
  const token = (lifetime: string, refresh: string) => ({ guest: { permissions: all, token: { lifetime, refresh } } }) as Users;
  const steady = { messages: 1000, arrivals: { constant: { rate: '5/s' } } } as const;
  const workers = { workers: { subscribe: 'mq/jobs', service: '1ms' } } as const;
  const parts = (version: Version, lifetime: string, refresh: string, more: ClusterParts = {}): ClusterParts => ({ producer: steady, ...more, broker: users(token(lifetime, refresh), { version, ...more.broker }) });
  const publishing = 'guest could not publish to the default exchange: its token has expired';

  it.each<[Version, string[]]>([
    // Up to 4.1 a channel that publishes goes on until its tick has it forget what it knew: the first after 70 s is that at 120 s.
    ['3.10', [`${publishing}, 1 times, 120000 to 120000 ms`, 'log']], ['3.13', [`${publishing}, 1 times, 120000 to 120000 ms`, 'log']], ['4.1', [`${publishing}, 1 times, 120000 to 120000 ms`, 'log']],
    ['4.2', ['guest could not stay connected: its token has expired, 1 times, 70000 to 70000 ms', 'log']], ['4.3', ['guest could not stay connected: its token has expired, 1 times, 70000 to 70000 ms', 'log']],
  ])('of 70 s that nobody renews, in %s', (version, expected) => {
    const found = refusals(parts(version, '70s', 'never'));
    expect(found).toHaveLength(2);
    expect(found[0]!.replace(/1202\d\d/g, '120000')).toBe(expected[0]);
    expect(found[1]).toMatch(/^guest could not log in: its token has expired, \d{4} times/);
  });

  it('says nothing to a consumer that is there, up to 4.1', () => {
    const app: Users = { guest: everything, app: { permissions: all, token: { lifetime: '10s' } } };
    const consumers = { workers: { ...workers.workers, user: 'app' } };
    expect(refusals({ broker: users(app, { version: '4.1' }), producer: steady, consumers })).toEqual([]);
    expect(refusals({ broker: users(app, { version: '4.2' }), producer: steady, consumers })[0]).toBe('app could not stay connected: its token has expired, 1 times, 10000 to 10000 ms');
  });

  it.each<[string, Version, string, string[]]>([
    ['a new one for each login: closed each time', '4.3', 'on-connect', ['guest could not stay connected: its token has expired, 19 times, 20000 to 381800 ms']],
    ['a new one in time: never closed', '4.3', '15s', []],
    ['a new one in time, before 4.2', '3.13', '15s', []],
  ])('%s', (_, version, refresh, expected) => {
    expect(refusals(parts(version, '20s', refresh))).toEqual(expected);
  });

  it('is renewed on the connection (connection.update_secret), and refused when the issuer is not believed', () => {
    const more: ClusterParts = { faults: [{ kind: 'rotate-credentials', user: 'mq/guest', at: '20s', for: '30s' }] };
    const renewed = resultOf(parts('4.3', '20s', '15s')).reached;
    expect(renewed['access.tokenRenewed']).toBeGreaterThan(5);
    expect(refusals(parts('4.3', '20s', '15s', more))).toEqual(['guest could not renew its token: its credential is no longer accepted (F1), 1 times, 30000 to 30000 ms', expect.stringContaining('guest could not log in')]);
  });

  it.each<[Version, string[]]>([
    // A token holds what it was given: a permission is missed with the next one, by a consumer from 4.2 on.
    ['3.13', []],
    ['4.2', ['guest could not go on consuming from jobs: it has no permission (F1), 1 times, 30000 to 30000 ms', 'guest could not consume from jobs']],
  ])('holds permissions until it is renewed: %s', (version, expected) => {
    const faults = [{ kind: 'revoke-permissions', user: 'mq/guest', read: '', at: '16s', for: '20s' }] as const;
    const found = refusals(parts(version, '20s', '15s', { consumers: workers, faults: [...faults] }));
    expect(found.map((line, index) => (index === 0 ? line : line.split(':')[0]))).toEqual(expected);
  });

  it('that a blocked connection sends is not read, and expires', () => {
    const full: ClusterParts = { faults: [{ kind: 'disk-full', target: 'mq.0.disk', at: '10s', for: '60s' }] };
    const { reached } = resultOf(parts('4.3', '20s', '15s', full));
    expect(reached['broker.connectionBlocked']).toBeGreaterThan(0);
    expect(reached['access.tokenExpired']).toBeGreaterThan(0);
  });
});

describe('what is told of refusals', () => {
  const parts: ClusterParts = { broker: users({ guest: { permissions: { ...all, write: '^other$' } } }), producer: { messages: 1 } };
  it('is in the summary, in the report and in a message\'s life', () => {
    const result = resultOf(parts);
    expect(summarise(result, { colour: false, width: 200 })).toContain('guest of mq could not publish to the default exchange, 1 time, at 0.01 s: it has no permission');
    expect(JSON.stringify(faultsPanel.render(result))).toContain('publish to the default exchange');
    expect(explainMessage(scenarioOf(parts), 'web.0-1').life.map(({ text }) => text)).toContain('publish lost before it was stored: access-refused(guest could not publish to the default exchange: it has no permission)');
  });
});
