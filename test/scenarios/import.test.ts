/** Definitions of RabbitMQ as a scenario: what is taken over, what is told, and what is refused. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Router } from '../../models/brokers/rabbitmq/routing/router.ts';
import { rabbitmqSchema } from '../../models/brokers/rabbitmq/settings.ts';
import { importDefinitions, type ImportOptions } from '../../scenarios/import/import.ts';
import { formatNote } from '../../scenarios/import/notes.ts';
import { ImportProblems } from '../../scenarios/import/problems.ts';
import { rabbitmqProblems } from '../../scenarios/rabbitmq-checks.ts';
import { binding, definitions, exchange, policy, queue, readAgain } from './definitions.ts';

const runs = (usual: number) => Math.max(usual, Number(process.env.FAULTLINE_RUNS ?? 0));
const source = 'definitions.json';

function imported(sections: Parameters<typeof definitions>[0], options: Partial<ImportOptions> = {}) {
  const { text, notes, version, virtualHost } = importDefinitions(definitions(sections), { source, ...options });
  const told = notes.map((note) => `${note.kind} ${formatNote(note)}`).filter((line) => !line.startsWith('left-out sections that are not modelled') && !line.startsWith('left-out placeholders'));
  return { text, told, version, virtualHost, placeholders: notes.filter(({ what }) => what.startsWith('placeholders')).map(formatNote), ...readAgain(text) };
}

function refused(text: string, options: Partial<ImportOptions> = {}): string {
  try {
    importDefinitions(text, { source, ...options });
  } catch (error) {
    if (error instanceof ImportProblems) return error.message;
    throw error;
  }
  return 'nothing is wrong';
}

const shop = {
  queues: [
    queue('orders', { 'x-queue-type': 'quorum', 'x-delivery-limit': 5, 'x-dead-letter-exchange': 'dlx', 'x-overflow': 'reject-publish', 'x-dead-letter-strategy': 'at-most-once' }),
    queue('mail', { 'x-message-ttl': 60_000, 'x-max-length': 1000, 'x-max-length-bytes': 1_000_000, 'x-max-priority': 9, 'x-single-active-consumer': true }), queue('orders.dead'), queue('audit', {}, { durable: false }),
  ],
  exchanges: [exchange('events', 'topic', { 'alternate-exchange': 'rest' }), exchange('dlx', 'fanout'), exchange('rest', 'fanout'), exchange('by-size', 'headers')],
  bindings: [
    binding('events', 'orders', 'order.*.eu'), binding('events', 'mail', 'mail.#'), binding('dlx', 'orders.dead'), binding('events', 'by-size', '#', { destination_type: 'exchange' }),
    binding('by-size', 'audit', '', { arguments: { 'x-match': 'any', big: true, weight: null } }),
  ],
  policies: [policy('ttl', '^mail$', { 'message-ttl': 30_000 }, { 'apply-to': 'queues', priority: 3 })],
};

describe('users', () => {
  const guest = { user: 'guest', vhost: '/', configure: '.*', write: '.*', read: '.*' };
  const shopUser = { user: 'shop', vhost: '/', configure: '', write: '^(events|amq\\.default)$', read: '' };
  const billing = { user: 'billing team', vhost: '/', configure: '', write: '', read: '^orders' };
  const keys = { user: 'shop', vhost: '/', exchange: 'events', write: '^order\\.', read: '.*' };

  it('are left alone where guest is the only one', () => {
    expect(imported({ queues: [queue('a')], permissions: [guest] })).toMatchObject({ broker: { users: {} }, told: [] });
    expect(imported({ queues: [queue('a')], permissions: [guest, { ...billing, vhost: 'other' }] })).toMatchObject({ broker: { users: {} } });
  });

  it('come with their permissions, and placeholders log in as those who may', () => {
    const { broker, producers, consumers, told, text } = imported({ ...shop, permissions: [billing, shopUser, { ...guest, vhost: 'other' }], topic_permissions: [keys] });
    expect(broker.users).toMatchObject({
      'billing-team': { permissions: { configure: '', write: '', read: '^orders' } },
      shop: { permissions: { write: '^(events|amq\\.default)$' }, topic_permissions: { events: { write: '^order\\.' } } },
    });
    expect(Object.values(producers).map(({ publish, user }) => [publish, user])).toContainEqual(['rabbitmq/events', 'shop']);
    expect(consumers['orders-workers']!.user).toBe('billing-team');
    expect(told).toEqual(expect.arrayContaining(['changed users with other names: "billing team" is billing-team', 'left-out passwords and tags of users', 'to-mend nobody may consume from audit']));
    expect(text).not.toContain('password_hash');
  });

  it('with a pattern that is not known are still to be mended', () => {
    expect(imported({ queues: [queue('a')], permissions: [guest, { ...billing, user: 'b', read: '(?i)a' }] }).told.join()).toMatch(/to-mend users\.b\.permissions\.read/);
    expect(refused(definitions({ queues: [queue('a')], permissions: [{ user: 'b', vhost: '/' }] }))).toContain('permissions[0].configure: this is missing');
  });
});

describe('a virtual host', () => {
  it('is taken over under its own names', () => {
    const { broker, told, version, virtualHost } = imported(shop);
    expect(told).toEqual([]);
    expect({ version, virtualHost }).toEqual({ version: '3.13', virtualHost: '/' });
    const wanted = rabbitmqSchema.parse({
      kind: 'rabbitmq', version: '3.13', nodes: 3,
      exchanges: { events: { type: 'topic', arguments: { 'alternate-exchange': 'rest' } }, dlx: { type: 'fanout' }, rest: { type: 'fanout' }, 'by-size': { type: 'headers' } },
      queues: {
        orders: { arguments: shop.queues[0]!.arguments }, mail: { arguments: shop.queues[1]!.arguments }, 'orders.dead': {}, audit: { durable: false },
      },
      bindings: shop.bindings.map((each) => Object.fromEntries(Object.entries(each).filter(([key]) => key !== 'vhost'))),
      policies: [{ name: 'ttl', pattern: '^mail$', 'apply-to': 'queues', priority: 3, definition: { 'message-ttl': 30_000 } }],
    });
    expect(broker).toEqual(wanted);
    expect(rabbitmqProblems(broker)).toEqual([]);
  });

  it('is told in the scenario, with what is to be completed', () => {
    const { text } = imported(shop);
    expect(text.split('\n')[0]).toBe('# Imported from "definitions.json": RabbitMQ "3.13.7", virtual host "/", 4 queues, 4 exchanges, 5 bindings, 1 policies.');
    expect(text).toContain('sections that are not modelled: "global_parameters" (1)');
    for (const section of ['nodes', 'producers', 'consumers']) expect(text).toMatch(new RegExp(`# complete: [^\\n]+\\n *${section}:`));
    expect(text).toContain('# to mail\n  to-mail: { publish: rabbitmq/events, routingKey: mail,');
  });

  it('gets a producer and a group for each queue with bindings, but not for dead letters', () => {
    const { producers, consumers, broker, placeholders } = imported(shop);
    expect(Object.keys(consumers)).toEqual(['orders-workers', 'mail-workers', 'audit-workers']);
    const router = new Router(broker);
    const reached = Object.values(producers).flatMap(({ publish, routingKey, headers }) => router.route(publish.replace('rabbitmq/', ''), [routingKey], headers));
    expect(reached.sort()).toEqual(['audit', 'mail', 'orders']);
    expect(placeholders).toEqual(['placeholders for queues that dead letters come to: orders.dead']);
  });

  it('is the one that is told, or the only one with queues, or /', () => {
    const hosts = { vhosts: [{ name: '/' }, { name: 'shop' }, { name: 'empty' }], queues: [queue('a', {}, { vhost: 'shop' })] };
    expect(imported(hosts)).toMatchObject({ virtualHost: 'shop', told: ['left-out other virtual hosts: "/", "empty"'] });
    const both = { ...hosts, queues: [...hosts.queues, queue('b')] };
    expect([imported(both), imported(both, { vhost: 'shop' })].map(({ virtualHost, broker }) => [virtualHost, Object.keys(broker.queues)])).toEqual([['/', ['b']], ['shop', ['a']]]);
    expect(refused(definitions(both), { vhost: 'shpo' })).toBe('vhosts: there is no virtual host "shpo"\n  wanted: one of "/", "shop", "empty"\n  hint:   did you mean "shop"?');
    expect(refused(definitions({ queues: [queue('a', {}, { vhost: 'x' }), queue('b', {}, { vhost: 'y' })] }))).toContain('several virtual hosts have queues\n  found:  one of "x", "y"');
  });

  it('exported alone names none in its entries', () => {
    const entry = { name: 'a', durable: true, auto_delete: false, arguments: [] };
    const { broker, virtualHost } = imported({ vhosts: undefined, queues: [entry], bindings: [{ source: 'amq.topic', destination: 'a', destination_type: 'queue', routing_key: 'k', arguments: {} }] }, { vhost: 'shop' });
    expect({ virtualHost, queues: Object.keys(broker.queues), bindings: broker.bindings.length }).toEqual({ virtualHost: 'shop', queues: ['a'], bindings: 1 });
  });
});

describe('the version', () => {
  it.each([
    ['3.13.7', '3.13', []], ['4.2.0-rc.1', '4.2', []], ['3.12.14', '3.13', [expect.stringContaining('RabbitMQ 3.12 is not modelled, 3.13 stands for it')]],
    ['3.11.1', '3.10', [expect.any(String)]], ['3.6.9', '3.10', [expect.any(String)]], ['2.8.7', '3.10', [expect.any(String)]], ['4.9.0', '4.3', [expect.any(String)]], ['5.0.0', '4.3', [expect.any(String)]],
  ])('of a file by %s is %s', (release, expected, told) => {
    expect(imported({ rabbit_version: release, rabbitmq_version: release })).toMatchObject({ version: expected, told });
  });

  it('may be told, and then is', () => {
    expect(imported({ rabbitmq_version: 'nonsense' }, { version: '4.0' })).toMatchObject({ version: '4.0', told: [] });
    expect(refused(definitions({ rabbitmq_version: 'nonsense' }))).toContain('the file does not say which RabbitMQ wrote it\n  found:  "nonsense"');
  });
});

describe('what a scenario does not have', () => {
  it.each<[string, Parameters<typeof definitions>[0], string[]]>([
    ['types of queues', { queues: [queue('log', { 'x-queue-type': 'x-jms-queue' }), queue('other', {}, { type: 'x-jms-queue' })] }, ['left-out queues of the type "x-jms-queue": "log", "other"']],
    ['arguments', { queues: [queue('a', { 'x-expires': 5, 'x-queue-mode': 'lazy' }), queue('b', { 'x-expires': 5 })] }, ['left-out x-expires: queue "a", queue "b"', 'left-out x-queue-mode: queue "a"']],
    ['numbers', { queues: [queue('a', { 'x-max-priority': 0, 'x-max-length': 5e12 })] }, ['left-out x-max-priority 0 (at least 1 is wanted): queue "a"', 'left-out x-max-length 5000000000000 (at most 1000000000 is wanted): queue "a"']],
    ['types of exchanges, and their bindings', { queues: [queue('a')], exchanges: [exchange('late', 'x-delayed-message')], bindings: [binding('late', 'a', 'k')] },
      ['left-out exchanges of the type "x-delayed-message": "late"', 'left-out bindings of exchanges that were left out or are not in the file: "late" to "a" by "k"']],
    ['bindings to nowhere', { exchanges: [exchange('x', 'fanout')], bindings: [binding('x', 'gone')] }, ['left-out bindings to queues or exchanges that were left out or are not in the file: "x" to "gone"']],
    ['bindings of the default exchange', { queues: [queue('a')], bindings: [binding('', 'a', 'a')] }, ['left-out bindings of the default exchange, which every queue has: "" to "a" by "a"']],
    ['headers that cannot be named or compared', { queues: [queue('a')], bindings: [binding('amq.headers', 'a', '', { arguments: { constructor: 1 } }), binding('amq.headers', 'a', 'k', { arguments: { list: [1] } }), binding('amq.headers', 'a', 'l', { arguments: { '<<': 1 } })] },
      ['left-out bindings by headers that a scenario cannot name or compare: "amq.headers" to "a", "amq.headers" to "a" by "k", "amq.headers" to "a" by "l"']],
    ['what happens to unused ones', { queues: [queue('a', {}, { auto_delete: true })], exchanges: [exchange('x', 'fanout', {}, { auto_delete: true, internal: true, durable: false })] },
      ['left-out that exchanges are gone after a restart: "x"', 'left-out auto_delete of exchanges: "x"', 'left-out that clients cannot publish to internal exchanges: "x"', 'left-out auto_delete of queues: "a"']],
    ['parameters', { parameters: [{ vhost: '/', component: 'federation-upstream', name: 'up', value: {} }, { vhost: '/', component: 'operator_policy', name: 'most', value: {} }] },
      ['left-out parameters of "federation-upstream": "up"', 'left-out operator policies: "most"']],
    ['policies for other things', { policies: [policy('s', '', { 'max-length': 1 }, { 'apply-to': 'jms_queues' })] }, ['left-out policies for what is not modelled: "s"']],
    ['patterns', { policies: [policy('p', '(a)\\1', { 'max-length': 1 }), policy('q', 'a'.repeat(1001), { 'max-length': 1 })] },
      [expect.stringMatching(/^left-out policies whose pattern is too long or not one of those that are modelled: "p" with "\(a\)\\\\1", "q" with "a+…"$/)]],
  ])('%s is told', (_, sections, expected) => {
    expect(imported(sections).told).toEqual(expected);
  });

  it('in a policy leaves the policy in force, where RabbitMQ has it in force', () => {
    const mirrored = policy('ha', '^(c|q)$', { 'ha-mode': 'all', 'message-ttl': 5000 }, { priority: 9 });
    const queues = [queue('c'), queue('q', { 'x-queue-type': 'quorum' })];
    expect(imported({ queues, policies: [mirrored] }, { version: '3.13' })).toMatchObject({ broker: { policies: [{ 'apply-to': 'all', definition: { 'ha-mode': 'all', 'message-ttl': 5e9 } }] } });
    const removed = imported({ queues, policies: [mirrored] }, { version: '4.2' });
    expect(removed).toMatchObject({ broker: { policies: [{ 'apply-to': 'classic_queues', definition: { 'message-ttl': 5e9 } }] }, told: ['changed policies for a part of what they say, because of settings that were left out: "ha" for classic_queues', 'left-out ha-mode: policy "ha"'] });
    const named = policy('ha', '', { 'ha-mode': 'nodes', 'ha-params': ['rabbit@a'] });
    expect(imported({ queues: [queues[0]!], policies: [named] }, { version: '3.13' })).toMatchObject({ broker: { policies: [{ definition: {} }] }, told: ['left-out ha-mode: policy "ha"', 'left-out ha-params: policy "ha"'] });
    expect(imported({ queues, policies: [policy('old', '', { 'max-in-memory-length': 1, 'max-priority': 1 })] })).toMatchObject({ broker: { policies: [] }, told: ['left-out policies that RabbitMQ does not apply to queues of any modelled type: "old"'] });
    const lazy = policy('lazy', '', { 'max-in-memory-length': 1, 'queue-mode': 'lazy' });
    expect(imported({ queues: [...queues, queue('s', { 'x-queue-type': 'stream' })], policies: [{ ...mirrored, pattern: '' }] }, { version: '4.2' }).told[0]).toBe('changed policies for a part of what they say, because of settings that were left out: "ha" for classic_queues');
    expect(imported({ queues, policies: [lazy] }).broker.policies).toEqual([]);
  });

  it('is not what a stream is', () => {
    const log = queue('log', { 'x-queue-type': 'stream', 'x-max-age': '7D', 'x-queue-leader-locator': 'balanced' });
    const kept = policy('keep', '', { 'max-age': '1D', 'max-length-bytes': 5000 }, { 'apply-to': 'streams' });
    expect(imported({ queues: [log], policies: [kept] })).toMatchObject({
      broker: { queues: { log: { arguments: { 'x-queue-type': 'stream', 'x-max-age': 7 * 86_400e9 } } }, policies: [{ 'apply-to': 'streams', definition: { 'max-age': 86_400e9, 'max-length-bytes': 5000 } }] },
      told: ['left-out x-queue-leader-locator: queue "log"'],
    });
  });

  it('is what the checks refuse, which is told', () => {
    expect(imported({ queues: [queue('a', {}, { durable: false })] }, { version: '4.3' }).told).toEqual(['to-mend queues.a.durable: RabbitMQ 4.3 refuses queues that are not durable']);
  });
});

describe('names', () => {
  it('that a scenario cannot have are mapped, wherever they stand', () => {
    const { broker, told, text } = imported({
      queues: [queue('a b', { 'x-dead-letter-exchange': '', 'x-dead-letter-routing-key': 'a/b' }), queue('a/b', { 'x-dead-letter-exchange': 'e.x' }), queue('1\n2'), queue('constructor'), queue('ok.name'), queue('q'.repeat(200))],
      exchanges: [exchange('e.x', 'fanout', { 'alternate-exchange': 'ok.name' }), exchange('ok.name', 'fanout')],
      bindings: [binding('e.x', '1\n2'), binding('ok.name', 'e.x', '', { destination_type: 'exchange' })],
    });
    expect(Object.keys(broker.queues)).toEqual(['a-b', 'a-b-queue', 'queue-1-2', 'constructor-queue', 'ok.name', 'q'.repeat(80)]);
    expect(broker.queues['a-b']!.arguments).toMatchObject({ 'x-dead-letter-exchange': '', 'x-dead-letter-routing-key': 'a-b-queue' });
    const [ex, other] = Object.keys(broker.exchanges);
    expect(broker.queues['a-b-queue']!.arguments['x-dead-letter-exchange']).toBe(ex);
    expect(broker.exchanges[ex!]!.arguments['alternate-exchange']).toBe(other);
    expect(broker.bindings.map(({ source: from, destination }) => [from, destination])).toEqual([[ex, 'queue-1-2'], [other, ex]]);
    expect(other).not.toBe('ok.name');
    expect(told[0]).toContain('"1\\n2" is queue-1-2');
    expect(text).not.toMatch(/^2/m);
  });

  it('with a dollar are no parameters', () => {
    const key = '$load.${a}.$$.$';
    const { broker } = imported({ queues: [queue('a')], bindings: [binding('amq.headers', 'a', key, { arguments: { $x: '$x', y: 'a$$' } })], policies: [policy('$p', '^a$', { 'max-length': 1 })] });
    expect(broker.bindings[0]).toMatchObject({ routing_key: key, arguments: { $x: '$x', y: 'a$$' } });
    expect(broker.policies[0]).toMatchObject({ name: '$p', pattern: '^a$' });
  });

  it('of queues are mapped in routing keys only where these name a queue', () => {
    const { broker } = imported({ queues: [queue('a b', { 'x-dead-letter-exchange': 'amq.direct', 'x-dead-letter-routing-key': 'a b' })], bindings: [binding('amq.direct', 'a b', 'a b')] });
    expect([broker.queues['a-b']!.arguments['x-dead-letter-routing-key'], broker.bindings[0]!.routing_key]).toEqual(['a b', 'a b']);
  });

  it('and keys keep every character, however it is written', () => {
    const keys = ['\u007f', '\u2028', '\ufeff', '\u0085x', '\u0000', 'a\nb', '\t', ' ', '~', 'null', '# no', 'a: b', '"', "'", '\\u2028', '🐇', '- a', '{', '<<', '%a', '1e3'];
    const { broker } = imported({ queues: [queue('a')], bindings: keys.map((key) => binding('amq.direct', 'a', key, { arguments: { header: key } })), policies: keys.map((key) => policy(key, '^a$', { 'max-length': 1 })) });
    expect(broker.bindings.map(({ routing_key: key, arguments: given }) => [key, given.header])).toEqual(keys.map((key) => [key, key]));
    expect(broker.policies.map(({ name: called }) => called)).toEqual(keys);
  });

  it('that lead to another policy are told', () => {
    const { told } = imported({ queues: [queue('a b'), queue('c d')], policies: [policy('spaced', '^a b$', { 'max-length': 1 }), policy('dashed', '^c-d$', { 'max-length': 1 })] });
    expect(told).toEqual(expect.arrayContaining([
      'to-mend the queue "a b" has the policy "spaced" in RabbitMQ, and no policy under its new name', 'to-mend the queue "c d" has no policy in RabbitMQ, and the policy "dashed" under its new name',
    ]));
  });
});

describe('placeholders', () => {
  it('of producers are one for all queues that a message goes to', () => {
    const { producers, consumers, text } = imported({
      queues: ['a', 'b', 'c'].map((each) => queue(each)), exchanges: [exchange('news', 'fanout'), exchange('jobs', 'direct')], bindings: [binding('news', 'a'), binding('news', 'b'), binding('jobs', 'c', 'k')],
    });
    expect(Object.entries(producers).map(([called, { publish, routingKey }]) => [called, publish, routingKey])).toEqual([['to-a', 'rabbitmq/news', ''], ['to-c', 'rabbitmq/jobs', 'k']]);
    expect(Object.keys(consumers)).toEqual(['a-workers', 'b-workers', 'c-workers']);
    expect(text).toContain('# to a, b\n');
  });

  it('are by name where nothing is bound', () => {
    const { producers, consumers } = imported({ queues: [queue('jobs', { 'x-dead-letter-exchange': '', 'x-dead-letter-routing-key': 'dead' }), queue('dead')] });
    expect([Object.values(producers).map(({ publish }) => publish), Object.keys(consumers)]).toEqual([['rabbitmq/jobs'], ['jobs-workers']]);
  });

  it('leave out queues in which dead letters wait to go back', () => {
    const { consumers } = imported({
      queues: [queue('jobs', { 'x-dead-letter-exchange': 'retry' }), queue('waiting', { 'x-dead-letter-exchange': 'jobs-in', 'x-message-ttl': 5000 })],
      exchanges: [exchange('jobs-in', 'direct'), exchange('retry', 'fanout')], bindings: [binding('jobs-in', 'jobs', 'k'), binding('retry', 'waiting')],
    });
    expect(Object.keys(consumers)).toEqual(['jobs-workers']);
  });

  it('are few where there are many queues', () => {
    const many = Array.from({ length: 500 }, (_, index) => `q${index}`);
    const { consumers, placeholders } = imported({ queues: many.map((name) => queue(name)), bindings: many.map((name) => binding('amq.direct', name, name)) });
    expect(Object.keys(consumers)).toHaveLength(200);
    expect(placeholders).toEqual([expect.stringMatching(/^placeholders for more than 200 queues: q200, .* and 260 more$/)]);
  });
});

describe('a file that is none', () => {
  const deep = `{"queues":${'['.repeat(100_000)}${']'.repeat(100_000)}}`;
  it.each([
    ['hello', 'the file is not JSON'],
    ['', 'the file is not JSON'],
    ['[]', 'definitions are one JSON object\n  found:  a list of 0'],
    ['null', 'definitions are one JSON object\n  found:  null'],
    ['{}', 'these are no definitions of RabbitMQ'],
    [deep, 'values are nested more than 64 levels deep'],
    [definitions().replace('"users"', '"__proto__"'), 'a key is called __proto__'],
    [definitions().replace('"queues":[]', '"queues":[{"name":"a","arguments":{"__proto__":{"x":1}}}]'), 'queues[0].arguments: a key is called __proto__'],
    [definitions({ queues: {} }), 'queues: this is not what is wanted here\n  found:  a map\n  wanted: a list'],
    [definitions({ queues: [queue('a'), { durable: true }] }), 'queues[1].name: this is missing\n  wanted: text'],
    [definitions({ queues: [queue('a', {}, { durable: 'yes' })] }), 'queues[0].durable: this is not what is wanted here\n  found:  "yes"\n  wanted: true or false'],
    [definitions({ queues: [queue('a', {}, { arguments: [1] })] }), 'queues[0].arguments: this is not what is wanted here\n  found:  a list of 1\n  wanted: a map'],
    [definitions({ queues: [queue('a b', { 'x-max-length': 'many' })] }), 'queues["a b"].arguments.x-max-length: this is not what is wanted here\n  found:  "many"\n  wanted: a number'],
    [definitions({ queues: [queue('a', { 'x-message-ttl': true })] }), 'queues.a.arguments.x-message-ttl: this is not what is wanted here\n  found:  true\n  wanted: a whole number of ms or a duration'],
    [definitions({ bindings: [binding('a', 'b', 'c', { destination_type: 'mail' })] }), 'bindings[0].destination_type: this is not what is wanted here\n  found:  "mail"\n  wanted: one of queue, exchange'],
    [definitions({ policies: [policy('p', 'a', { overflow: 'explode' })] }), 'policies.p.definition.overflow: this is not what is wanted here\n  found:  "explode"'],
    [definitions({ queues: [queue('a'), queue('a')] }), 'queues: "a" stands here a second time'],
    [definitions({ queues: [queue('\u001b[2J\u2028\u009b', { 'x-max-length': '\u001b[2J' })] }), 'found:  "\\u001b[2J"'],
    [definitions({ queues: [queue('x'.repeat(256))] }), 'queues[0].name'],
  ])('%# is refused with its place', (text, message) => {
    const told = refused(text);
    expect(told).toContain(message);
    expect(told).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028]/);
  });

  it('is refused where its scenario would be too large to load', () => {
    const many = Array.from({ length: 30_000 }, (_, index) => queue(`queue-with-a-rather-long-name-${index}`));
    expect(refused(definitions({ queues: many }))).toContain('the scenario could not be loaded: the file is larger than 1 MB');
    expect(refused(definitions({ queues: [...many, ...many] }))).toContain('60000 queues, exchanges, bindings and policies are more than a scenario holds');
  });

  it('is refused where its patterns would be matched for hours', () => {
    const queues = Array.from({ length: 5000 }, (_, index) => queue(`a-queue-of-that-name-${index}`));
    const policies = Array.from({ length: 1000 }, (_, index) => policy(`p${index}`, `(?=.*x)(.*q)*${index}$`, { 'max-length': 1 }));
    expect(refused(definitions({ queues, policies }))).toContain('policies: 1000 patterns are too many for the names of 5000 queues');
  });

  it('tells a hundred problems at most', () => {
    expect(refused(definitions({ queues: Array.from({ length: 5000 }, () => ({})) })).match(/^queues/gm)).toHaveLength(100);
  });
});

/** Names as somebody would choose them, and as nobody should. */
const name = fc.oneof(fc.constantFrom('a', 'b.c', 'a b', 'A-1', '1', 'é', '__proto__', 'constructor', '<<', '', '$x', '# no', '"', "'", ': ', '\n', '\u2028', '\u007f', '🐇', 'null', '1e3', '~'), fc.string({ unit: 'binary', maxLength: 6 }));

describe('any topology', () => {
  const names = fc.uniqueArray(name.filter((each) => each !== '' && !each.startsWith('amq.')), { minLength: 1, maxLength: 6 });
  const key = fc.oneof(fc.constantFrom('a.b', '#', '*.b', ''), name);
  const topology = fc.record({ queues: names, exchanges: names }).chain(({ queues, exchanges }) => fc.record({
    queues: fc.constant(queues), exchanges: fc.constant(exchanges), types: fc.array(fc.constantFrom('direct', 'fanout', 'topic', 'headers'), { minLength: exchanges.length, maxLength: exchanges.length }),
    bindings: fc.array(fc.record({
      source: fc.constantFrom(...exchanges), isToQueue: fc.boolean(), queue: fc.constantFrom(...queues), exchange: fc.constantFrom(...exchanges), key,
      arguments: fc.dictionary(name.filter((each) => !(each in Object.prototype) && each !== '' && each !== '<<'), fc.oneof(name, fc.integer(), fc.boolean(), fc.constant(null)), { maxKeys: 2, noNullPrototype: true }),
    }), { maxLength: 8 }),
    asked: fc.record({ exchange: fc.nat({ max: exchanges.length - 1 }), key }),
  }));

  it('routes as the original does, whatever its names are', () => {
    fc.assert(fc.property(topology, ({ queues, exchanges, types, bindings, asked }) => {
      const bound = bindings.map(({ source: from, isToQueue, queue: toQueue, exchange: toExchange, key: by, arguments: given }) =>
        binding(from, isToQueue ? toQueue : toExchange, by, { destination_type: isToQueue ? 'queue' : 'exchange', arguments: given }));
      const { broker } = imported({ queues: queues.map((each) => queue(each)), exchanges: exchanges.map((each, index) => exchange(each, types[index]!)), bindings: bound });
      const [nowQueues, nowExchanges] = [Object.keys(broker.queues), Object.keys(broker.exchanges)];
      expect([nowQueues.length, nowExchanges.length]).toEqual([queues.length, exchanges.length]);
      // The original with its places for names, which the router takes as they are.
      const place = { queue: (each: string) => `q${queues.indexOf(each)}`, exchange: (each: string) => `x${exchanges.indexOf(each)}` };
      const original = new Router(rabbitmqSchema.parse({
        kind: 'rabbitmq', version: '3.13', queues: Object.fromEntries(queues.map((each) => [place.queue(each), {}])), exchanges: Object.fromEntries(exchanges.map((each, index) => [place.exchange(each), { type: types[index] }])),
        bindings: bindings.map((each) => ({ source: place.exchange(each.source), destination: each.isToQueue ? place.queue(each.queue) : place.exchange(each.exchange), destination_type: each.isToQueue ? 'queue' : 'exchange', routing_key: each.key, arguments: each.arguments })),
      }));
      const [before, now] = [original.route(`x${asked.exchange}`, [asked.key]), new Router(broker).route(nowExchanges[asked.exchange]!, [asked.key])];
      expect(now.map((each) => nowQueues.indexOf(each))).toEqual(before.map((each) => Number(each.slice(1))));
    }), { numRuns: runs(150) });
  });
});

describe('anything', () => {
  const value: fc.Arbitrary<unknown> = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 }, name, fc.constantFrom<unknown>(null, true, 0, -1, 1.5, 1e300, 'queue', 'exchange', 'topic', 'quorum', '/', '3.13.0'), fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(fc.constantFrom('name', 'vhost', 'durable', 'type', 'arguments', 'x-queue-type', 'x-max-length', 'source', 'destination', 'destination_type', 'routing_key', 'pattern', 'definition', 'priority', 'apply-to', 'component', 'x-match', 'max-length', '__proto__', ''), tie('value'), { maxKeys: 6 }),
    ),
  })).value;
  const sections = fc.dictionary(fc.constantFrom('rabbit_version', 'vhosts', 'queues', 'exchanges', 'bindings', 'policies', 'parameters', 'users'), fc.oneof(fc.array(value, { maxLength: 3 }), value), { maxKeys: 6 });

  it('is a scenario that can be read again, or problems', () => {
    fc.assert(fc.property(sections, (written) => {
      const text = JSON.stringify({ rabbit_version: '4.0.1', queues: [], ...written });
      const told = refused(text);
      if (told === 'nothing is wrong') readAgain(importDefinitions(text, { source }).text);
      else if (told === '') throw new Error('refused without a word');
    }), { numRuns: runs(500) });
  });

  it('of text is a scenario or problems', () => {
    const whole = definitions(shop);
    fc.assert(fc.property(fc.nat({ max: whole.length }), fc.nat({ max: 5 }), fc.oneof(fc.string({ unit: 'binary', maxLength: 4 }), fc.constantFrom('"', '{', '[', ',', 'null', '1e999', '-', '\\u0000')), (at, remove, insert) => {
      const text = whole.slice(0, at) + insert + whole.slice(at + remove);
      if (refused(text) === 'nothing is wrong') readAgain(importDefinitions(text, { source }).text);
    }), { numRuns: runs(300) });
  });
});
