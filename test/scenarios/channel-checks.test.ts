/** Groups of consumers on shared channels: what is told before anything runs. */
import { describe, expect, it } from 'vitest';
import { parseScenario } from '../../scenarios/load.ts';

interface Parts {
  readonly version?: string;
  readonly a?: string;
  readonly b?: string;
  readonly faults?: string;
}

function told({ version = '4.2', a = '', b = '', faults = '' }: Parts): string[] {
  const loaded = parseScenario(`faultline: 1
name: channels
brokers:
  mq: { kind: rabbitmq, version: '${version}', queues: { a: {}, b: {}, quorum: { arguments: { x-queue-type: quorum } }, log: { arguments: { x-queue-type: stream } } } }
  other: { kind: work-queue, queues: { jobs: {} } }
producers: { p: { publish: mq/a, arrivals: { poisson: { rate: 1/s } }, confirm: {} }, q: { publish: mq/b, arrivals: { poisson: { rate: 1/s } }, confirm: {} } }
consumers: { a: { service: 1ms, ${a.includes('subscribe') ? '' : 'subscribe: mq/a,'} ${a} }, b: { service: 1ms, ${b.includes('subscribe') ? '' : 'subscribe: mq/b,'} ${b} } }
faults: [${faults}]
`, 'test.yaml');
  return (loaded.ok ? [] : loaded.problems).map(({ path, message }) => `${path}: ${message}`);
}

const share = 'channel: { of: a }';

describe('channels', () => {
  it.each<[string, Parts, string[]]>([
    ['nothing', { a: 'channel: { prefetch: 5 }', b: share }, []],
    ['nothing of channels without a prefetch that read a quorum queue', { b: `subscribe: mq/quorum, ${share}` }, []],
    ['a group that is not there', { b: 'channel: { of: c }' }, ['consumers.b.channel.of: no group of consumers is called "c"']],
    ['its own', { b: 'channel: { of: b }' }, ['consumers.b.channel.of: the group has its own channels unless told otherwise']],
    ['a chain', { a: 'channel: { of: b }', b: share }, ['consumers.a.channel.of: the channels of b are those of a', 'consumers.b.channel.of: the channels of a are those of b']],
    ['another broker', { a: 'subscribe: other/jobs', b: share }, ['consumers.b.channel.of: a consumes from other, and a channel is of one broker']],
    ['a broker of another kind', { b: `subscribe: other/jobs, ${share}` }, ['consumers.b.channel: channel says nothing to this broker']],
    ['another number of workers', { a: 'count: 3', b: share }, ['consumers.b.count: a, whose channels it shares, has 3 workers']],
    ['another user', { a: 'user: app', b: share }, expect.arrayContaining(['consumers.b.user: it shares the connections of a, which logs in as app']) as unknown as string[]],
    ['what belongs to the process', { b: `${share}, lifecycle: { states: { up: {}, slow: { serviceFactor: 2 } }, rates: { up: { slow: 1/h } } }` }, ['consumers.b.lifecycle: its processes and channels are those of a']],
    ['a reconnection of its own', { b: `${share}, reconnect: none` }, ['consumers.b.reconnect: its processes and channels are those of a']],
    ['two prefetches', { b: 'channel: { of: a, prefetch: 3 }' }, ['consumers.b.channel.prefetch: its processes and channels are those of a']],
    ['acknowledging several', { a: 'multiple: { messages: 5 }', b: share }, ['consumers.a.multiple: an acknowledgement of several on a shared channel covers deliveries of the other group, too, which is not modelled']],
    ['a quorum queue', { a: 'channel: { prefetch: 5 }', b: `subscribe: mq/quorum, ${share}` }, ['consumers.a.channel.prefetch: quorum is a quorum queue, which refuses consumers of a channel with a prefetch of its own (540, NOT_IMPLEMENTED)']],
    ['a stream', { a: 'channel: { prefetch: 5 }', b: `subscribe: mq/log, ${share}` }, ['consumers.a.channel.prefetch: log is a stream, which refuses consumers of a channel with a prefetch of its own (540, NOT_IMPLEMENTED)']],
    ['a release that denies it', { version: '4.3', a: 'channel: { prefetch: 5 }' }, expect.arrayContaining(['consumers.a.channel.prefetch: RabbitMQ 4.3 denies basic.qos with global (a deprecated feature), and closes the connection']) as unknown as string[]],
    ['a fault at workers without a process', { b: share, faults: '{ kind: crash, target: consumers.b, at: 1s, for: 1s }' }, ['faults.0.target: the workers of b are in the processes of a']],
  ])('are told of %s', (_what, parts, expected) => {
    expect(told(parts)).toEqual(expected);
  });
});
