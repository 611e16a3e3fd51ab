/** Which policy applies, and what holds for a queue in the end. */
import { describe, expect, it } from 'vitest';
import { Policies } from '../../../models/brokers/rabbitmq/routing/policies.ts';
import { effectiveArguments } from '../../../models/brokers/rabbitmq/routing/queue-rules.ts';
import type { RabbitmqSpec } from '../../../models/brokers/rabbitmq/settings.ts';
import { type Version, versions } from '../../../models/brokers/rabbitmq/versions.ts';
import { broker } from './topology.ts';

type Written = NonNullable<Parameters<typeof broker>[0]>;
type Definition = NonNullable<Written['policies']>[number]['definition'];
type Arguments = NonNullable<NonNullable<NonNullable<Written['queues']>[string]>['arguments']>;

const policiesOf = (...policies: NonNullable<Written['policies']>): Policies => new Policies(broker({ policies }).policies);

describe('of several policies', () => {
  const limit = { 'max-length': 1 };

  it('the one with the highest priority applies alone', () => {
    const policies = policiesOf(
      { name: 'all', pattern: '.*', definition: limit }, { name: 'eu', pattern: '\\.eu$', priority: 5, definition: limit }, { name: 'orders', pattern: '^orders', priority: 3, definition: limit },
    );
    expect(['orders.eu', 'orders', 'other'].map((queue) => policies.forQueue(queue, 'classic')?.name)).toEqual(['eu', 'orders', 'all']);
    expect(policies.forExchange('orders.eu')?.name).toBe('eu');
  });

  it('and the same priority the first by name, wherever they stand', () => {
    const [a, b] = [{ name: 'a', pattern: 'q', definition: limit }, { name: 'b', pattern: 'q', definition: limit }];
    expect([policiesOf(a, b), policiesOf(b, a)].map((policies) => policies.forQueue('q', 'quorum')?.name)).toEqual(['a', 'a']);
  });

  it.each([
    ['all', ['classic', 'quorum', 'exchange']],
    ['queues', ['classic', 'quorum']],
    ['classic_queues', ['classic']],
    ['quorum_queues', ['quorum']],
    ['exchanges', ['exchange']],
  ] as const)('those for %s apply to %j', (applyTo, expected) => {
    const policies = policiesOf({ name: 'p', pattern: '', 'apply-to': applyTo, definition: limit });
    const found = [policies.forQueue('q', 'classic') && 'classic', policies.forQueue('q', 'quorum') && 'quorum', policies.forExchange('x') && 'exchange'];
    expect(found.filter((each) => each !== undefined)).toEqual(expected);
  });

  it('one that says what classic queues do not know is passed over for them, with all it says', () => {
    const policies = policiesOf({ name: 'quorum', pattern: '', priority: 9, definition: { ...limit, 'delivery-limit': 3 } }, { name: 'any', pattern: '', definition: limit });
    expect([policies.forQueue('q', 'classic')?.name, policies.forQueue('q', 'quorum')?.name, policies.forExchange('x')?.name]).toEqual(['any', 'quorum', 'quorum']);
  });
});

const second = 1e9;

function rulesWith(given: Arguments, definition: Definition = {}, version: Version = '4.2') {
  const spec: RabbitmqSpec = broker({ queues: { q: { arguments: given } }, policies: [{ name: 'p', pattern: '', definition }] }, version);
  return effectiveArguments(spec.queues.q!, spec.policies[0], version);
}

describe('of a queue without settings', () => {
  it.each(versions)('in %s the defaults hold', (version) => {
    const spec = broker({ queues: { q: null, quorum: { arguments: { 'x-queue-type': 'quorum' } } } }, version);
    const isNew = version.startsWith('4');
    const none = {
      durable: true, ttl: Infinity, maxLength: Infinity, maxBytes: Infinity, overflow: 'drop-head', deadLetterExchange: undefined, deadLetterRoutingKey: undefined,
      deadLetterStrategy: 'at-most-once', maxPriority: 0, singleActiveConsumer: 'none', storeVersion: isNew ? 2 : 1, maxAge: Infinity, maxSegmentBytes: 500e6,
    };
    expect(effectiveArguments(spec.queues.q!, undefined, version)).toEqual({ ...none, type: 'classic', deliveryLimit: Infinity, groupSize: 1, consumerTimeout: version === '4.3' ? Infinity : undefined });
    expect(effectiveArguments(spec.queues.quorum!, undefined, version)).toEqual({ ...none, type: 'quorum', deliveryLimit: isNew ? 20 : Infinity, groupSize: 3, consumerTimeout: undefined });
  });
});

describe('argument and policy together', () => {
  it('of limits the lower one holds', () => {
    const low = { ttl: second, maxLength: 10, maxBytes: 1000 };
    const own = { 'x-message-ttl': 1000, 'x-max-length': 10, 'x-max-length-bytes': 1000 };
    expect(rulesWith(own, { 'message-ttl': '2s', 'max-length': 20, 'max-length-bytes': '2kB' })).toMatchObject(low);
    expect(rulesWith({ 'x-message-ttl': '2s', 'x-max-length': 20, 'x-max-length-bytes': 2000 }, { 'message-ttl': 1000, 'max-length': 10, 'max-length-bytes': 1000 })).toMatchObject(low);
    expect([rulesWith(own), rulesWith({}, { 'message-ttl': 1000, 'max-length': 10, 'max-length-bytes': 1000 })]).toEqual([expect.objectContaining(low), expect.objectContaining(low)]);
    expect(rulesWith({ 'x-max-length': 0 }).maxLength).toBe(0);
  });

  it('the policy wins for a stream, and all nodes are its default (rabbit_stream_queue policy_precedence)', () => {
    const own = { 'x-queue-type': 'stream', 'x-max-length-bytes': 1000, 'x-max-age': '1h', 'x-stream-max-segment-size-bytes': 100, 'x-initial-cluster-size': 2 } as const;
    expect(rulesWith({ 'x-queue-type': 'stream' })).toMatchObject({ maxBytes: Infinity, maxAge: Infinity, maxSegmentBytes: 500e6, groupSize: Infinity });
    expect(rulesWith(own)).toMatchObject({ maxBytes: 1000, maxAge: 3600 * second, maxSegmentBytes: 100, groupSize: 2 });
    expect(rulesWith(own, { 'max-length-bytes': 2000, 'max-age': '1D', 'stream-max-segment-size-bytes': 200, 'initial-cluster-size': 3 }))
      .toMatchObject({ maxBytes: 2000, maxAge: 86_400 * second, maxSegmentBytes: 200, groupSize: 3 });
  });

  it('the argument wins for dead letters', () => {
    const definition = { 'dead-letter-exchange': 'policy', 'dead-letter-routing-key': 'p' };
    expect(rulesWith({ 'x-dead-letter-exchange': '' }, definition)).toMatchObject({ deadLetterExchange: '', deadLetterRoutingKey: 'p' });
    expect(rulesWith({ 'x-dead-letter-exchange': 'own', 'x-dead-letter-routing-key': 'o' }, definition)).toMatchObject({ deadLetterExchange: 'own', deadLetterRoutingKey: 'o' });
    expect(rulesWith({}, { 'dead-letter-routing-key': 'p' })).toMatchObject({ deadLetterExchange: undefined, deadLetterRoutingKey: undefined });
  });

  it('for overflow a classic queue follows its argument, a quorum queue its policy', () => {
    const overflow = (type: 'classic' | 'quorum', own: 'drop-head' | 'reject-publish-dlx' | undefined, ofPolicy?: 'reject-publish' | 'reject-publish-dlx') =>
      rulesWith({ 'x-queue-type': type, ...(own && { 'x-overflow': own }) }, ofPolicy && { overflow: ofPolicy }).overflow;
    expect([overflow('classic', 'drop-head', 'reject-publish'), overflow('quorum', 'drop-head', 'reject-publish')]).toEqual(['drop-head', 'reject-publish']);
    expect([overflow('classic', undefined, 'reject-publish'), overflow('classic', 'reject-publish-dlx'), overflow('quorum', 'reject-publish-dlx'), overflow('quorum', undefined, 'reject-publish-dlx')])
      .toEqual(['reject-publish', 'reject-publish-dlx', 'drop-head', 'drop-head']);
  });

  it('dead-lettering at least once needs a quorum queue that refuses, and an exchange', () => {
    const safe = { 'x-queue-type': 'quorum', 'x-dead-letter-strategy': 'at-least-once', 'x-overflow': 'reject-publish', 'x-dead-letter-exchange': 'dlx' } as const;
    const { 'x-dead-letter-exchange': _, ...nowhere } = safe;
    const found = [rulesWith(safe), rulesWith({ ...safe, 'x-overflow': 'drop-head' }), rulesWith(nowhere), rulesWith({ ...safe, 'x-queue-type': 'classic' }), rulesWith({ ...safe, 'x-overflow': 'drop-head' }, { overflow: 'reject-publish' })];
    expect(found.map(({ deadLetterStrategy }) => deadLetterStrategy)).toEqual(['at-least-once', 'at-most-once', 'at-most-once', 'at-most-once', 'at-least-once']);
  });

  it.each([
    ['4.2', 5, 3, 3],
    ['4.2', -1, 3, 3],
    ['4.2', 3, -1, 3],
    ['4.2', -1, -1, Infinity],
    ['4.2', -1, undefined, Infinity],
    ['4.2', undefined, 7, 7],
    ['4.2', undefined, undefined, 20],
    ['3.13', undefined, undefined, Infinity],
    ['3.13', 5, 3, 3],
    ['3.13', -1, 3, 0],
  ] as const)('in %s a delivery limit of %s and a policy of %s give %s', (version, own, ofPolicy, expected) => {
    const rules = rulesWith({ 'x-queue-type': 'quorum', ...(own !== undefined && { 'x-delivery-limit': own }) }, ofPolicy === undefined ? {} : { 'delivery-limit': ofPolicy }, version);
    expect(rules.deliveryLimit).toBe(expected);
  });

  it('a queue has a consumer timeout of its own from 3.12 on, and a classic one none from 4.3 on', () => {
    const timeout = (type: 'classic' | 'quorum', version: Version) => rulesWith({ 'x-queue-type': type, 'x-consumer-timeout': 60_000 }, { 'consumer-timeout': 90_000 }, version).consumerTimeout;
    expect([timeout('classic', '3.10'), timeout('classic', '3.13'), timeout('quorum', '4.2'), timeout('quorum', '4.3'), timeout('classic', '4.3')]).toEqual([undefined, 60 * second, 60 * second, 60 * second, Infinity]);
  });

  it('the storage of a classic queue can be chosen up to 3.13', () => {
    const store = (own: 1 | 2 | undefined, ofPolicy: 1 | 2 | undefined, version: Version) => rulesWith(own ? { 'x-queue-version': own } : {}, ofPolicy ? { 'queue-version': ofPolicy } : {}, version).storeVersion;
    expect([store(undefined, undefined, '3.10'), store(2, 1, '3.10'), store(undefined, 2, '3.13'), store(1, 1, '4.0'), store(1, undefined, '4.3')]).toEqual([1, 2, 2, 2, 2]);
  });

  it('priorities, members and the single active consumer are the queue\'s alone', () => {
    expect(rulesWith({ 'x-max-priority': 10, 'x-single-active-consumer': true })).toMatchObject({ maxPriority: 10, singleActiveConsumer: 'first', groupSize: 1 });
    expect(rulesWith({ 'x-queue-type': 'quorum', 'x-quorum-initial-group-size': 5 })).toMatchObject({ maxPriority: 0, singleActiveConsumer: 'none', groupSize: 5 });
  });
});
