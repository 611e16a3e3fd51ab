/** D11: what each type of queue has of a message when it says so, and what is claimed of that. */
import { describe, expect, it } from 'vitest';
import { createScenario, type ScenarioSettings } from '../../scenarios/define.ts';
import { runScenario } from '../../scenarios/run.ts';
import { type Parts, smallSystem } from './small-system.ts';

type Claim = NonNullable<ScenarioSettings['claims']>[number];
type Rabbit = Partial<Extract<ScenarioSettings['brokers'][string], { kind: 'rabbitmq' }>>;

function told(scenario: ScenarioSettings): string {
  const { verdict, reason, witness } = runScenario(createScenario(scenario)).verdicts.find(({ claim }) => claim === 'confirm-means-durable')!;
  return [verdict, reason, witness && `${witness.message}: ${witness.summary}`].filter(Boolean).join(' | ');
}

const confirming = { confirm: { timeout: '1s' } } as const;
const workQueue = (parts: Parts, claim: Claim = 'confirm-means-durable'): string => told(smallSystem({ ...parts, producer: { messages: 3, ...confirming }, claims: [claim] }));

/** Three messages through one queue on three nodes; its worker takes longer than a confirm. */
function rabbit(queue: object, claim: Claim = 'confirm-means-durable', broker: Rabbit = {}, faults: ScenarioSettings['faults'] = [], to = 'jobs'): string {
  return told({
    faultline: 1, name: 'small', phases: { measure: '10s', drain: '10s' }, network: { default: { latency: '1ms' } },
    brokers: { mq: { kind: 'rabbitmq', version: '3.13', nodes: 3, ...broker, queues: { jobs: queue } } },
    producers: { web: { publish: `mq/${to}`, arrivals: { constant: { rate: '10/s' } }, messages: 3, ...confirming } },
    consumers: { workers: { subscribe: 'mq/jobs', service: '1s' } }, faults, claims: [claim],
  });
}

const type = (name: string): object => ({ arguments: { 'x-queue-type': name } });

describe('a work queue', () => {
  it('keeps its promise where it confirms after the sync, and breaks it at the instant at which it confirms before', () => {
    expect(workQueue({ broker: { storage: { sync: '5ms' } }, consumer: { service: '50ms' } })).toBe('pass');
    expect(workQueue({ broker: { storage: { sync: '5ms', confirm: 'before-sync' } }, consumer: { service: '50ms' } })).toBe(
      'fail | 3 confirms promised more than was so | web.0-1: It was confirmed at 0.011 s, and mq/jobs had it synced on no node, where 1 had to have synced it (only in memory on mq.0).',
    );
  });

  it('promises no disk where it is not durable, unless the claim does', () => {
    const transient: Parts = { broker: { storage: { durable: false } }, consumer: { service: '50ms' } };
    expect(workQueue(transient)).toBe('pass');
    expect(workQueue(transient, { 'confirm-means-durable': { on: 'nodes' } })).toBe('pass');
    expect(workQueue(transient, { 'confirm-means-durable': { on: 'disk' } })).toMatch(/^fail \| 3 .* synced on no node, where 1 had/);
    expect(workQueue(transient, { 'confirm-means-durable': { copies: 2, on: 'nodes' } })).toMatch(/^fail \| 3 .* on mq.0, where 2 nodes had to have it/);
  });

  it('is unknown where nothing is confirmed', () => {
    expect(told(smallSystem({ producer: { messages: 3 }, claims: ['confirm-means-durable'] }))).toBe('unknown | no confirm was sent for a message that was still in a queue');
  });
});

describe('a queue of RabbitMQ', () => {
  // rabbitmq.com/docs/confirms; rabbit_classic_queue_store_v2 (no sync), rabbit_queue_index (sync).
  it('of type classic has it on one disk with storage v1, and in a page cache with v2', () => {
    expect(rabbit({})).toBe('pass');
    expect(rabbit({}, 'confirm-means-durable', { version: '4.2' })).toMatch(/^fail \| 3 .* mq\/jobs had it synced on no node, where 1 had to have synced it \(only in memory on mq.0\)/);
    expect(rabbit({}, { 'confirm-means-durable': { on: 'nodes' } }, { version: '4.2' })).toBe('pass');
  });

  // rabbitmq.com/docs/quorum-queues: a majority.
  it('of type quorum has it on the disks of a majority, and not of all', () => {
    const one: ScenarioSettings['faults'] = [{ kind: 'crash', target: 'mq.2', at: '1ms', for: '5s' }];
    expect(rabbit(type('quorum'))).toBe('pass');
    expect(rabbit(type('quorum'), 'confirm-means-durable', {}, one)).toBe('pass');
    expect(rabbit(type('quorum'), { 'confirm-means-durable': { copies: 3 } }, {}, one)).toMatch(/^fail \| 3 .* synced on mq.0, mq.1, where 3 had to have synced it/);
  });

  // rabbitmq.com/docs/streams#data-safety: no fsync.
  it('of type stream has it on a majority of nodes, and on no disk', () => {
    expect(rabbit(type('stream'))).toBe('pass');
    expect(rabbit(type('stream'), { 'confirm-means-durable': { on: 'disk' } })).toMatch(/^fail \| 3 .* synced on no node, where 2 had to have synced it \(only in memory on mq.0, mq.1/);
  });

  // rabbitmq.com/docs/3.13/ha: all mirrors that are in step.
  it('with mirrors has it on all of them', () => {
    const mirrored: Rabbit = { policies: [{ name: 'ha', pattern: '.*', definition: { 'ha-mode': 'all' } }] as never };
    expect(rabbit({}, 'confirm-means-durable', mirrored)).toBe('pass');
    expect(rabbit({}, { 'confirm-means-durable': { copies: 3 } }, mirrored)).toBe('pass');
    expect(rabbit({}, { 'confirm-means-durable': { copies: 4, on: 'nodes' } }, mirrored)).toMatch(/^fail \| 3 .* on mq.0, mq.1, mq.2, where 4 nodes/);
  });

  it('that nothing is routed to has nothing to keep', () => {
    const exchange: Rabbit = { exchanges: { x: { type: 'direct' } } as never };
    expect(rabbit({}, 'confirm-means-durable', exchange, [], 'x')).toBe('unknown | no confirm was sent for a message that was still in a queue');
  });
});
