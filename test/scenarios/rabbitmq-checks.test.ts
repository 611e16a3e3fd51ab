/** What is told about a topology of RabbitMQ before anything runs: one line for each rule, and what must be left alone. */
import { describe, expect, it } from 'vitest';
import { type Version, versions } from '../../models/brokers/rabbitmq/versions.ts';
import { rabbitmqProblems } from '../../scenarios/rabbitmq-checks.ts';
import { bindings, broker } from '../models/rabbitmq/topology.ts';

type Written = NonNullable<Parameters<typeof broker>[0]>;
type Arguments = NonNullable<NonNullable<NonNullable<Written['queues']>[string]>['arguments']>;
type Policy = NonNullable<Written['policies']>[number];

/** `error queues.a.durable: message`, without the hint. */
function told(settings: Written, version: Version = '3.13'): string[] {
  return rabbitmqProblems(broker(settings, version)).map(({ severity, path, finding }) => `${severity} ${path.join('.')}: ${finding.message}`);
}
const hints = (settings: Written) => rabbitmqProblems(broker(settings)).map(({ finding }) => finding.hint);

const queue = (given: Arguments, version: Version = '3.13', more: Written = {}) => told({ ...more, queues: { q: { arguments: given }, other: {} } }, version);
const quorum = (given: Arguments = {}, version: Version = '3.13', more: Written = {}) => queue({ 'x-queue-type': 'quorum', ...given }, version, more);
const policy = (definition: Policy['definition'], more: Partial<Policy> = {}): Policy => ({ name: 'p', pattern: '^q$', definition, ...more });

const complete: Written = {
  nodes: 3,
  exchanges: { in: { type: 'topic', arguments: { 'alternate-exchange': 'unrouted' } }, unrouted: { type: 'fanout' }, dlx: { type: 'direct' }, heads: { type: 'headers' } },
  queues: {
    orders: { arguments: { 'x-queue-type': 'quorum', 'x-overflow': 'reject-publish', 'x-dead-letter-exchange': 'dlx', 'x-dead-letter-strategy': 'at-most-once', 'x-delivery-limit': 3 }, node: 2 },
    classic: { arguments: { 'x-max-priority': 9, 'x-dead-letter-exchange': '', 'x-dead-letter-routing-key': 'rest' } }, rest: null,
  },
  bindings: [
    ...bindings('in -orders.#-> orders', 'in -#=> heads', 'unrouted --> rest', 'dlx -orders-> rest', 'amq.topic -a-> classic'),
    { source: 'heads', destination: 'rest', arguments: { 'x-match': 'any', big: true } },
  ],
  policies: [{ name: 'ttl', pattern: '^(rest|classic)$', 'apply-to': 'queues', definition: { 'message-ttl': '1h' } }],
};

describe('a topology with nothing wrong', () => {
  it.each(versions)('is left alone in %s', (version) => {
    expect(told(complete, version)).toEqual([]);
  });
});

describe('exchanges and bindings', () => {
  it.each<[string, Written, string[]]>([
    ['a queue of the same name', { queues: { a: null }, exchanges: { a: { type: 'fanout' } } }, ['error exchanges.a: a queue is called "a" too']],
    ['an alternate that is not there', { exchanges: { a: { type: 'fanout', arguments: { 'alternate-exchange': 'b' } } } }, ['warning exchanges.a.arguments.alternate-exchange: there is no exchange "b": what no binding matches is dropped all the same']],
    ['the default exchange as an alternate', { exchanges: { a: { type: 'fanout', arguments: { 'alternate-exchange': '' } } } }, ['warning exchanges.a.arguments.alternate-exchange: the default exchange as an alternate routes nothing']],
    ['a binding from nowhere', { queues: { a: null }, bindings: bindings('nowhere --> a') }, ['error bindings.0.source: no exchange is called "nowhere"']],
    ['a binding from a queue', { queues: { a: null }, bindings: bindings('a --> a') }, ['error bindings.0.source: no exchange is called "a"']],
    ['a binding to nowhere', { exchanges: { a: { type: 'fanout' } }, bindings: bindings('a --> b', 'a -=> c') }, ['error bindings.0.destination: no queue is called "b"', 'error bindings.1.destination: no exchange is called "c"']],
    ['a binding from the default exchange', { queues: { a: null }, bindings: [{ source: '', destination: 'a', routing_key: 'a' }] }, ['error bindings.0.source: nothing can be bound to the default exchange, nor it to anything']],
    ['a binding to it', { exchanges: { a: { type: 'fanout' } }, bindings: [{ source: 'a', destination: '', destination_type: 'exchange' }] }, ['error bindings.0.destination: nothing can be bound to the default exchange, nor it to anything']],
    ['an unknown way to match', { queues: { a: null }, bindings: [{ source: 'amq.headers', destination: 'a', arguments: { 'x-match': 'some' } }] }, ['error bindings.0.arguments.x-match: there is no such way to match headers']],
    ['any of nothing', { queues: { a: null }, bindings: [{ source: 'amq.match', destination: 'a', arguments: { 'x-match': 'any', 'x-a': 1 } }] }, ['warning bindings.0.arguments: the binding never matches: any of no headers is asked for']],
    ['which other exchanges do not ask', { queues: { a: null }, bindings: [{ source: 'amq.topic', destination: 'a', arguments: { 'x-match': 'some' } }] }, []],
  ])('%s', (_, settings, expected) => {
    expect(told(settings)).toEqual(expected);
  });

  it('are told which name is near', () => {
    expect(hints({ queues: { orders: null }, exchanges: { events: { type: 'fanout' } }, bindings: bindings('evnts --> ordres', 'amq.topc --> orders') }))
      .toEqual(['did you mean events?', 'did you mean orders?', 'did you mean amq.topic?']);
  });
});

describe('queues', () => {
  it.each<[string, string[], string[]]>([
    ['what streams have', queue({ 'x-max-age': '1D' }), ['error queues.q.arguments.x-max-age: classic queues do not take x-max-age']],
    ['a delivery limit', queue({ 'x-delivery-limit': 3 }), ['error queues.q.arguments.x-delivery-limit: classic queues do not take x-delivery-limit']],
    ['a strategy', queue({ 'x-dead-letter-strategy': 'at-most-once' }), ['error queues.q.arguments.x-dead-letter-strategy: classic queues do not take x-dead-letter-strategy']],
    ['members', queue({ 'x-quorum-initial-group-size': 1 }), ['error queues.q.arguments.x-quorum-initial-group-size: classic queues do not take x-quorum-initial-group-size']],
    ['priorities', quorum({ 'x-max-priority': 5 }, '4.3'), ['error queues.q.arguments.x-max-priority: quorum queues do not take x-max-priority']],
    ['a storage version', quorum({ 'x-queue-version': 2 }), ['error queues.q.arguments.x-queue-version: quorum queues do not take x-queue-version']],
    ['a timeout of classic queues before 4.3', queue({ 'x-consumer-timeout': 5000 }, '4.2'), []],
    ['and from then on', queue({ 'x-consumer-timeout': 5000 }, '4.3'), ['error queues.q.arguments.x-consumer-timeout: classic queues do not take x-consumer-timeout']],
    ['a timeout of quorum queues', quorum({ 'x-consumer-timeout': 5000 }, '4.3'), []],
    ['a timeout before 3.12', quorum({ 'x-consumer-timeout': 5000 }, '3.10'), ['warning queues.q.arguments.x-consumer-timeout: x-consumer-timeout has no effect in RabbitMQ 3.10']],
    ['no limit before 4.0', quorum({ 'x-delivery-limit': -1 }, '3.13'), ['warning queues.q.arguments.x-delivery-limit: in RabbitMQ 3.13 a limit below 0 is exceeded by the first return']],
    ['no limit', quorum({ 'x-delivery-limit': -1 }, '4.0'), []],
    ['storage version 1', queue({ 'x-queue-version': 1 }, '3.13'), []],
    ['storage version 1 in 4.0', queue({ 'x-queue-version': 1 }, '4.0'), ['warning queues.q.arguments.x-queue-version: version 1 has no effect in RabbitMQ 4.0']],
    ['storage version 1 in 4.3', queue({ 'x-queue-version': 1 }, '4.3'), ['error queues.q.arguments.x-queue-version: RabbitMQ 4.3 does not know version 1 of classic queues']],
    ['more members than nodes', quorum({ 'x-quorum-initial-group-size': 5 }, '3.13', { nodes: 3 }), ['warning queues.q.arguments.x-quorum-initial-group-size: the queue gets only 3 of 5 members']],
    ['a node that is not there', told({ queues: { q: { node: 1 } } }), ['error queues.q.node: the broker has no node 1']],
    ['a quorum queue that is not durable', told({ queues: { q: { durable: false, arguments: { 'x-queue-type': 'quorum' } } } }), ['error queues.q.durable: a quorum queue is always durable']],
    ['a classic one before 4.3', told({ queues: { q: { durable: false } } }, '4.2'), []],
    ['and from then on', told({ queues: { q: { durable: false } } }, '4.3'), ['error queues.q.durable: RabbitMQ 4.3 refuses queues that are not durable']],
  ])('%s', (_, found, expected) => {
    expect(found).toEqual(expected);
  });
});

describe('what nodes do about partitions', () => {
  const handling = (cluster_partition_handling: 'ignore' | 'pause_minority' | 'pause_if_all_down' | 'autoheal', nodes: number, version: Version = '4.1') => told({ nodes, config: { cluster_partition_handling } }, version);
  const at = 'config.cluster_partition_handling:';

  it.each<[string, string[], string[]]>([
    ['nothing', handling('ignore', 2, '4.3'), []],
    ['pausing one of three', handling('pause_minority', 3), []],
    ['pausing both of two', handling('pause_minority', 2), [`warning ${at} either of two nodes stops when it loses the other one`]],
    ['pausing both halves', handling('pause_minority', 4), [`warning ${at} 4 nodes can be cut into halves, and both stop`]],
    ['healing two', handling('autoheal', 2), []],
    ['of a single one', handling('autoheal', 1), [`warning ${at} a single node has nobody to be parted from`]],
    ['what is not modelled', handling('pause_if_all_down', 3), [`error ${at} pause_if_all_down is not modelled`]],
    ['what a new cluster of 4.2 does not look at', handling('pause_minority', 2, '4.2'), [`warning ${at} cluster_partition_handling has no effect in RabbitMQ 4.2`]],
    ['nor any of 4.3', handling('autoheal', 3, '4.3'), [`warning ${at} cluster_partition_handling has no effect in RabbitMQ 4.3`]],
  ])('%s', (_, found, expected) => {
    expect(found).toEqual(expected);
  });
});

describe('a time for TLS', () => {
  const config = { ssl_handshake_timeout: '1s' };

  it('is for those who speak it', () => {
    expect(told({ config })).toEqual(['warning config.ssl_handshake_timeout: this changes nothing: no TLS is spoken']);
    expect(told({ config, tls: '1.2' })).toEqual([]);
  });
});

describe('dead letters', () => {
  const dlx: Written = { exchanges: { dlx: { type: 'fanout' } } };
  const safe = { 'x-dead-letter-exchange': 'dlx', 'x-dead-letter-strategy': 'at-least-once', 'x-overflow': 'reject-publish' } as const;

  it.each<[string, string[], string[]]>([
    ['to an exchange that is not there', queue({ 'x-dead-letter-exchange': 'dxl' }, '3.13', dlx), ['warning queues.q.arguments.x-dead-letter-exchange: there is no exchange "dxl": dead letters are dropped']],
    ['to one that a policy names', queue({}, '3.13', { ...dlx, policies: [policy({ 'dead-letter-exchange': 'dxl' })] }), ['warning policies.0.definition.dead-letter-exchange: there is no exchange "dxl": dead letters are dropped']],
    ['that must arrive', quorum({ ...safe, 'x-dead-letter-exchange': 'dxl' }, '3.13', dlx), ['warning queues.q.arguments.x-dead-letter-exchange: there is no exchange "dxl": dead letters stay in the queue and fill it']],
    ['to a queue by its name', queue({ 'x-dead-letter-exchange': '', 'x-dead-letter-routing-key': 'other' }), []],
    ['to nobody', queue({ 'x-dead-letter-exchange': '', 'x-dead-letter-routing-key': 'othre' }), ['warning queues.q.arguments.x-dead-letter-routing-key: no queue is called "othre": dead letters are dropped']],
    ['with a key alone', queue({ 'x-dead-letter-routing-key': 'k' }), ['error queues.q.arguments.x-dead-letter-routing-key: x-dead-letter-routing-key needs x-dead-letter-exchange beside it']],
    ['with a key beside the policy\'s exchange', queue({ 'x-dead-letter-routing-key': 'k' }, '3.13', { ...dlx, policies: [policy({ 'dead-letter-exchange': 'dlx' })] }),
      ['error queues.q.arguments.x-dead-letter-routing-key: x-dead-letter-routing-key needs x-dead-letter-exchange beside it']],
    ['with a policy\'s key alone', queue({}, '3.13', { policies: [policy({ 'dead-letter-routing-key': 'k' })] }), ['warning policies.0.definition.dead-letter-routing-key: nothing is dead-lettered without an exchange to go to']],
    ['at least once', quorum(safe, '3.13', dlx), []],
    ['at least once to nobody', quorum({ ...safe, 'x-dead-letter-exchange': '', 'x-dead-letter-routing-key': 'othre' }, '3.13'),
      ['warning queues.q.arguments.x-dead-letter-routing-key: no queue is called "othre": dead letters stay in the queue and fill it']],
    ['at least once from a queue that drops', quorum({ ...safe, 'x-overflow': 'drop-head' }, '3.13', dlx), ['warning queues.q.arguments.x-dead-letter-strategy: dead letters are sent at most once all the same: the queue drops its head when it is full']],
    ['at least once by a policy', quorum({ 'x-dead-letter-exchange': 'dlx' }, '3.13', { ...dlx, policies: [policy({ 'dead-letter-strategy': 'at-least-once' })] }),
      ['warning policies.0.definition.dead-letter-strategy: dead letters are sent at most once all the same: the queue drops its head when it is full']],
    ['at least once to nowhere', quorum({ 'x-dead-letter-strategy': 'at-least-once', 'x-overflow': 'reject-publish' }), ['warning queues.q.arguments.x-dead-letter-strategy: nothing is dead-lettered without an exchange to go to']],
    ['of what quorum queues refuse', quorum({ 'x-overflow': 'reject-publish-dlx' }), ['warning queues.q.arguments.x-overflow: a quorum queue takes reject-publish-dlx for drop-head']],
    ['of what a policy makes them refuse', quorum({ 'x-overflow': 'reject-publish' }, '3.13', { policies: [policy({ overflow: 'reject-publish-dlx' })] }), ['warning policies.0.definition.overflow: a quorum queue takes reject-publish-dlx for drop-head']],
    ['of what classic queues refuse', queue({ 'x-overflow': 'reject-publish-dlx' }), []],
  ])('%s', (_, found, expected) => {
    expect(found).toEqual(expected);
  });
});

describe('policies', () => {
  it.each<[string, string[], string[]]>([
    ['mirrors in 4.x', queue({}, '4.2', { policies: [policy({ 'ha-mode': 'all' })] }), ['error policies.0.definition.ha-mode: RabbitMQ 4.2 has no mirrored queues: they were removed in 4.0']],
    ['mirrors without a mode', queue({}, '3.13', { policies: [policy({ 'ha-sync-mode': 'automatic' })] }), ['error policies.0.definition.ha-sync-mode: without ha-mode there are no mirrors']],
    ['no number of mirrors', queue({}, '3.13', { policies: [policy({ 'ha-mode': 'exactly' })] }), ['error policies.0.definition.ha-mode: ha-mode exactly does not take these ha-params']],
    ['mirrors on a node that is not there', queue({}, '3.13', { policies: [policy({ 'ha-mode': 'nodes', 'ha-params': [0, 7] })] }), [expect.stringMatching(/^error policies.0.definition.ha-params: the broker has no node 7/)]],
    ['a pattern that cannot be read', queue({}, '3.13', { policies: [policy({}, { pattern: '(a' })] }), ['error policies.0.pattern: this bracket is never closed, at character 1']],
    ['a pattern that fits no name', queue({}, '3.13', { policies: [policy({}, { pattern: 'nobody' })] }), ['warning policies.0.pattern: the policy applies to nothing']],
    ['one that others outrank', queue({}, '3.13', { policies: [policy({}), policy({}, { name: 'high', priority: 1 })] }), ['warning policies.0.pattern: the policy applies to nothing']],
    ['the same priority', queue({}, '3.13', { policies: [policy({}, { name: 'b' }), policy({}, { name: 'a' })] }), ['warning policies.0.priority: the policies "a" and "b" have the same priority for q', 'warning policies.0.pattern: the policy applies to nothing']],
    ['the same name', queue({}, '3.13', { policies: [policy({}), policy({}, { priority: 1 })] }), ['error policies.1.name: another policy is called "p"', 'warning policies.0.pattern: the policy applies to nothing']],
    ['what classic queues do not know', queue({}, '3.13', { policies: [policy({ 'delivery-limit': 3 })] }), ['warning policies.0.definition.delivery-limit: with delivery-limit the policy does not apply to classic queues at all, such as q']],
    ['which quorum queues know', quorum({}, '3.13', { policies: [policy({ 'delivery-limit': 3 })] }), []],
    ['and exchanges do not ask', told({ exchanges: { q: { type: 'fanout' } }, policies: [policy({ 'delivery-limit': 3 })] }), []],
    ['an alternate that is not there', told({ exchanges: { q: { type: 'fanout' } }, policies: [policy({ 'alternate-exchange': 'r' })] }), ['warning policies.0.definition.alternate-exchange: there is no exchange "r": what no binding matches is dropped all the same']],
    ['for one type, before 3.12', queue({}, '3.10', { policies: [policy({}, { 'apply-to': 'classic_queues' })] }), ['error policies.0.apply-to: RabbitMQ 3.10 does not know policies for classic_queues']],
    ['a consumer timeout before 3.12', queue({}, '3.10', { policies: [policy({ 'consumer-timeout': 5000 })] }), ['error policies.0.definition.consumer-timeout: RabbitMQ 3.10 does not know a consumer-timeout of policies']],
    ['no limit before 4.0', quorum({}, '3.13', { policies: [policy({ 'delivery-limit': -1 })] }), ['error policies.0.definition.delivery-limit: RabbitMQ 3.13 does not know a limit below 0']],
    ['storage version 1 in 4.0', queue({}, '4.0', { policies: [policy({ 'queue-version': 1 })] }), ['warning policies.0.definition.queue-version: version 1 has no effect in RabbitMQ 4.0']],
  ])('%s', (_, found, expected) => {
    expect(found).toEqual(expected);
  });
});

describe('many problems', () => {
  it('are told once for each place, and end where no more would be shown', () => {
    const queues = Object.fromEntries(Array.from({ length: 300 }, (_, index) => [`queue-${index}`, {}]));
    expect(told({ queues, policies: [{ name: 'p', pattern: 'queue', definition: { 'dead-letter-exchange': 'nowhere' } }] })).toHaveLength(1);
    const lost = Array.from({ length: 20_000 }, (_, index) => ({ source: 'amq.topic', destination: `queeu-${index}` }));
    expect(told({ queues, bindings: lost })).toHaveLength(100);
  });
});

describe('memory and disk', () => {
  it.each<[string, Written, string[]]>([
    ['a share of a memory that nobody knows', { config: { vm_memory_high_watermark: { relative: 0.5 }, disk_free_limit: { relative: 2 } } }, [
      "error config.vm_memory_high_watermark.relative: vm_memory_high_watermark.relative is a share of a node's memory, and nothing says how much that is",
      "error config.disk_free_limit.relative: disk_free_limit.relative is a share of a node's memory, and nothing says how much that is",
    ]],
    ['a share of a known one', { config: { vm_memory_high_watermark: { relative: 0.5 }, disk_free_limit: { relative: 2 }, total_memory_available_override_value: '4GB' } }, []],
    ['both, of which the absolute one wins', { config: { vm_memory_high_watermark: { relative: 0.5, absolute: '1GB' } } }, ['warning config.vm_memory_high_watermark.relative: vm_memory_high_watermark.absolute is said too, and wins']],
    ['a node that is above its limit as it is', { config: { vm_memory_high_watermark: { absolute: '50MB' } } }, ['warning config.vm_memory_high_watermark: a node without messages uses 90 MB, more than its limit of 50 MB']],
    ['a disk that is too small from the start', { resources: { disk: '40MB' } }, ['warning resources.disk: a node has 40 MB free, less than its limit of 50 MB']],
    ['enough of everything', { config: { total_memory_available_override_value: '1GB' }, resources: { disk: '1GB' } }, []],
  ])('%s', (_, settings, expected) => {
    expect(told(settings)).toEqual(expected);
  });
});
