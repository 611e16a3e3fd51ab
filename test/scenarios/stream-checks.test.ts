/** What is told about a stream and its consumers before anything runs, as rabbit_stream_queue and rabbit_amqqueue refuse it (v4.3.5). */
import { describe, expect, it } from 'vitest';
import { consumerSchema } from '../../models/consumer-settings.ts';
import { consumerProblems } from '../../scenarios/rabbitmq/consumer-checks.ts';
import { rabbitmqProblems } from '../../scenarios/rabbitmq-checks.ts';
import { broker } from '../models/rabbitmq/topology.ts';
import { calm, told as toldOf } from './scenario-text.ts';

type Written = NonNullable<Parameters<typeof broker>[0]>;
type Arguments = NonNullable<NonNullable<NonNullable<Written['queues']>[string]>['arguments']>;

const told = (settings: Written) => rabbitmqProblems(broker(settings, '4.2')).map(({ severity, path, finding }) => `${severity} ${path.join('.')}: ${finding.message}`);
const stream = (given: Arguments = {}, more: Written = {}) => told({ ...more, queues: { s: { arguments: { 'x-queue-type': 'stream', ...given } } } });

describe('a stream', () => {
  it('with what it takes is left alone', () => {
    expect(stream({ 'x-max-age': '7D', 'x-max-length-bytes': '20GB', 'x-stream-max-segment-size-bytes': '100MB', 'x-initial-cluster-size': 3 }, { nodes: 3 })).toEqual([]);
  });

  it.each<[Arguments]>([
    [{ 'x-message-ttl': 5000 }], [{ 'x-max-length': 5 }], [{ 'x-overflow': 'drop-head' }], [{ 'x-dead-letter-exchange': 'amq.fanout' }], [{ 'x-delivery-limit': 5 }],
    [{ 'x-max-priority': 5 }], [{ 'x-single-active-consumer': true }], [{ 'x-consumer-timeout': 5000 }], [{ 'x-quorum-initial-group-size': 1 }], [{ 'x-dead-letter-strategy': 'at-most-once' }],
  ])('does not take %o', (given) => {
    const [argument] = Object.keys(given);
    expect(stream(given)).toEqual([`error queues.s.arguments.${argument}: streams do not take ${argument}`]);
  });

  it.each<[string, string[], string[]]>([
    ['is durable', told({ queues: { s: { durable: false, arguments: { 'x-queue-type': 'stream' } } } }), ['error queues.s.durable: a stream is always durable']],
    ['is read where it has a replica', stream({ 'x-initial-cluster-size': 1 }, { nodes: 3 }), ['warning queues.s.arguments.x-initial-cluster-size: on 2 of 3 nodes nobody can read the stream']],
    ['has no more replicas than nodes', stream({ 'x-initial-cluster-size': 5 }, { nodes: 3 }), ['warning queues.s.arguments.x-initial-cluster-size: the queue gets only 3 of 5 members']],
    ['has at most 16 of them here', stream({}, { nodes: 20 }), ['error queues.s.arguments: 20 replicas are not modelled']],
    ['takes no policy with what it does not know', stream({}, { policies: [{ name: 'p', pattern: '^s$', definition: { 'max-length': 5, 'max-age': '1D' } }] }),
      ['warning policies.0.definition.max-length: with max-length the policy does not apply to streams at all, such as s']],
    ['has policies of its own', stream({}, { policies: [{ name: 'p', pattern: '', 'apply-to': 'streams', definition: { 'max-age': '1D' } }] }), []],
  ])('%s', (_, found, expected) => {
    expect(found).toEqual(expected);
  });

  it.each(['5', '0s', '1w', '-1D', 'D'])('has no age of %s', (age) => {
    expect(() => stream({ 'x-max-age': age })).toThrow(/wanted/);
  });

  it('has no segments above 3 GB', () => {
    expect(() => stream({ 'x-stream-max-segment-size-bytes': 3_000_000_001 })).toThrow(/3 GB/);
  });
});

describe('a consumer', () => {
  const read = (settings: object, queue: 's' | 'q' = 's') =>
    consumerProblems(consumerSchema.parse({ subscribe: `mq/${queue}`, service: '5ms', ...settings }), broker({ queues: { s: { arguments: { 'x-queue-type': 'stream' } }, q: null } }, '4.2'))
      .map(({ severity, path, finding }) => `${severity} ${path.join('.')}: ${finding.message}`);

  it.each<[string, string[], string[]]>([
    ['of a stream, as it should be', read({ offset: '5m', prefetch: 100, failure: { probability: 0.1, then: 'reject' } }), []],
    ['with automatic acknowledgement', read({ acknowledge: 'automatic' }), ['error acknowledge: a stream does not take automatic acknowledgement']],
    ['without a prefetch', read({ prefetch: 'unlimited' }), ['error prefetch: a consumer of a stream needs a prefetch']],
    ['with a priority', read({ priority: 1 }), ['error priority: consumers of a stream have no priority: each reads everything']],
    ['with one offset for several at a time', read({ offset: 'stored', concurrency: 2, prefetch: 2 }), ['error concurrency: one offset says nothing about messages that are handled side by side']],
    ['that gives back', read({ failure: { probability: 0.1 } }), ['warning failure.then: a stream takes nothing back: what fails is passed over']],
    ['that is several', read({ count: 3 }), ['warning count: each of the 3 workers reads every message']],
    ['that is several with one memory', read({ count: 3, idempotency: {} }), []],
    ['of a queue with an offset', read({ offset: 'first' }, 'q'), ['error offset: an offset is for streams']],
    ['of a queue', read({ acknowledge: 'automatic', prefetch: 'unlimited', priority: 2, count: 3 }, 'q'), []],
  ])('%s', (_, found, expected) => {
    expect(found).toEqual(expected);
  });

  it('of another broker has no offset', () => {
    expect(toldOf(calm('').replace('service: 20ms', 'service: 20ms, offset: next'))).toEqual([expect.stringContaining('an offset is for streams')]);
  });
});
