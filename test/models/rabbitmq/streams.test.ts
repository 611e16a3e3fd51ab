/** Streams of RabbitMQ through AMQP 0-9-1, as small systems and what happens in them; each rule names where it was read. */
import { describe, expect, it } from 'vitest';
import { createScenario } from '../../../scenarios/define.ts';
import { runScenario } from '../../../scenarios/run.ts';
import type { HistoryLine } from '../../../scenarios/history.ts';
import { driveToQuiet } from '../driven.ts';
import { clusterSystem, type ClusterParts, type Consumer, type Fault, order, run, told } from './cluster-system.ts';

const stream = (args: object = {}) => ({ arguments: { 'x-queue-type': 'stream' as const, ...args } });
const reader = (settings: Partial<Consumer> = {}): Consumer => ({ subscribe: 'mq/jobs', service: '5ms', prefetch: 10, ...settings });
const crash = (target: string, at: string, lasts: string, scope: 'process' | 'host' = 'process'): Fault => ({ kind: 'crash', target, scope, at, for: lasts });
const three: ClusterParts['broker'] = { nodes: 3 };
const withReader = (settings: Partial<Consumer>, parts: ClusterParts = {}): ClusterParts => ({ jobs: stream(), consumers: { r: reader(settings) }, ...parts });

describe('a publish to a stream', () => {
  it('is confirmed when it is written: nothing waits for a sync (rabbitmq.com/docs/streams: data safety)', () => {
    expect(told({ jobs: stream() }, 'confirmed')).toEqual(['10 confirmed 1', '20 confirmed 2', '30 confirmed 3']);
  });

  it('waits for a majority of the replicas (osiris_writer agreed_commit)', () => {
    const parts: ClusterParts = { broker: three, jobs: stream(), faults: [crash('mq.1', '5ms', '50ms'), crash('mq.2', '5ms', '1s')] };
    const confirmed = told(parts, 'confirmed');
    expect(order(confirmed)).toEqual(['confirmed 1', 'confirmed 2', 'confirmed 3']);
    expect(Number.parseFloat(confirmed[0]!)).toBeGreaterThan(250);
  });

  it('is sent again to a new leader where somebody waits for its confirm, and lost where nobody does (rabbit_stream_queue resend_all)', () => {
    const parts = (confirm: object): ClusterParts => ({
      broker: three, jobs: { ...stream(), node: 1 }, producer: { messages: 20, ...confirm }, consumers: { r: reader({ offset: 'first' }) }, faults: [crash('mq.1', '50.5ms', '2s')],
    });
    const sure = run(parts({ confirm: { timeout: '10s' } }), 'effect');
    expect(sure.reached['raft.elected']).toBeGreaterThan(0);
    expect(new Set(order(sure.lines)).size).toBe(20);
    const unsure = run(parts({ confirm: 'none' }), 'effect', 'publish-lost');
    expect(unsure.lines.filter((line) => line.includes('publish-lost')).length).toBeGreaterThan(0);
  });
});

describe('what is read from a stream', () => {
  it('is read by each consumer for itself', () => {
    const { system } = run({ jobs: stream(), consumers: { one: reader(), other: reader() } });
    expect(system.world.ledger.totals).toMatchObject({ published: 3, handled: 3, effects: 6, duplicates: 0, stored: 6, acknowledged: 6, redelivered: 0 });
  });

  it('is read by each worker of a group, too: they do not share', () => {
    const { system } = run(withReader({ count: 2 }));
    expect(system.world.ledger.totals).toMatchObject({ handled: 3, effects: 6, duplicates: 3 });
  });

  it('is handled when every group has handled it', () => {
    const { system } = run({ jobs: stream(), consumers: { one: reader(), other: reader({ failure: { poison: { nth: 2 }, then: 'reject' } }) } });
    expect(system.world.ledger.totals).toMatchObject({ handled: 2, effects: 5 });
  });

  it('comes only as room is given back by acknowledging (rabbit_stream_queue settle)', () => {
    expect(told(withReader({ prefetch: 1, service: '30ms' }), 'delivered')).toEqual(['10 delivered 1', '40 delivered 2', '70 delivered 3']);
  });

  it.each(['requeue', 'reject'] as const)('does not come back when it fails: %s gives room, and nothing else', (then) => {
    const lines = told(withReader({ failure: { poison: { nth: 1 }, then } }), 'delivered', 'dropped');
    expect(order(lines)).toEqual(['delivered 1', `dropped 1 (${then === 'requeue' ? 'nacked' : 'rejected'})`, 'delivered 2', 'delivered 3']);
  });

  it('comes from the node that the consumer is connected to, when that hears of the commit', () => {
    const lines: HistoryLine[] = [];
    const settings = clusterSystem({ broker: { nodes: 2 }, jobs: { ...stream(), node: 1 }, producer: { messages: 1 }, consumers: { r: reader({ count: 2 }) } });
    driveToQuiet(createScenario({ ...settings, network: { default: { latency: '1ms' } } }), { history: lines });
    // To the channel's node, to the leader, to the replica there and back: committed. The confirm and the commit are told one way.
    const seen = lines.filter(({ what }) => what === 'confirmed' || what === 'delivered').map(({ at, what, worker }) => `${Math.round(at * 1000)} ${what} ${worker ?? ''}`);
    expect(seen).toEqual(['14 delivered consumers.r.1', '15 delivered consumers.r.0', '15 confirmed ']);
  });

  it('cannot be read where there is no replica: consumers go elsewhere (rabbit_stream_queue consume)', () => {
    const { lines, reached } = run({ broker: { nodes: 2 }, jobs: { ...stream({ 'x-initial-cluster-size': 1 }), node: 1 }, consumers: { r: reader({ offset: 'first' }) } }, 'effect');
    expect(order(lines)).toEqual(['effect 1', 'effect 2', 'effect 3']);
    expect(reached['stream.noLocalReplica']).toBeGreaterThan(0);
  });
});

describe('a consumer that comes again', () => {
  const away = [crash('consumers.r.0', '23ms', '20ms')];
  const again = (offset: Consumer['offset'], settings: Partial<Consumer> = {}) =>
    order(told(withReader({ ...(offset !== undefined && { offset }), ...settings }, { producer: { messages: 6 }, faults: away }), 'effect', 'duplicate-effect', 'dropped'));

  it.each<[string, Consumer['offset'], string[]]>([
    ['misses what came meanwhile, unless told otherwise', undefined, ['effect 1', 'dropped 2 (skipped)', 'dropped 3 (skipped)', 'dropped 4 (skipped)', 'effect 5', 'effect 6']],
    ['reads everything again from the first', 'first', ['effect 1', 'duplicate-effect 1', 'effect 2 #2', 'effect 3', 'effect 4', 'effect 5', 'effect 6']],
    ['begins with the last chunk', 'last', ['effect 1', 'dropped 2 (skipped)', 'dropped 3 (skipped)', 'effect 4', 'effect 5', 'effect 6']],
    ['begins with an offset, or at the end when that is not there yet', 2, ['effect 1', 'dropped 2 (skipped)', 'effect 3', 'effect 4', 'effect 5', 'effect 6']],
    ['begins with what is so old', '15ms', ['effect 1', 'dropped 2 (skipped)', 'effect 3', 'effect 4', 'effect 5', 'effect 6']],
    ['goes on where its application knows that it was', 'stored', ['effect 1', 'effect 2 #2', 'effect 3', 'effect 4', 'effect 5', 'effect 6']],
  ])('%s (rabbit_stream_queue parse_offset_arg)', (_, offset, expected) => {
    expect(again(offset)).toEqual(expected);
  });

  it('has handled it twice where it died between the effect and keeping the offset', () => {
    const parts = withReader({ offset: 'stored', crashes: [{ point: 'after-effect', messages: { nth: 2 }, probability: 0.9, restart: '20ms' }] });
    const { lines, reached } = run(parts, 'effect', 'duplicate-effect');
    expect(reached['consumer.handlerCrashed']).toBeGreaterThan(0);
    expect(order(lines).slice(0, 3)).toEqual(['effect 1', 'effect 2', 'duplicate-effect 2 #2']);
    expect(order(lines).at(-1)).toMatch(/^effect 3/);
  });

  it('is not told that it was delivered before: streams have no such flag', () => {
    const { system } = run(withReader({ offset: 'first' }, { faults: away }));
    expect(system.consumers.groups[0]!.redelivered).toBe(0);
    expect(system.world.sim.trace.reachedPaths['stream.readAgain']).toBeGreaterThan(0);
  });
});

describe('retention', () => {
  // A segment is full with two messages of 1 kB, so that every third begins another.
  const small = { 'x-stream-max-segment-size-bytes': 2000 };
  const many = { messages: 9, size: '1kB' };

  it('removes whole segments when another begins (osiris_log eval_max_bytes)', () => {
    const parts: ClusterParts = { jobs: stream({ ...small, 'x-max-length-bytes': 4000 }), producer: many };
    // 1 2 | 3 4 | 5 6 | 7 8 | 9: when 7 and 9 come, two full segments stay.
    expect(told(parts, 'dropped')).toEqual(['70 dropped 1 (retention)', '70 dropped 2 (retention)', '90 dropped 3 (retention)', '90 dropped 4 (retention)']);
  });

  it('removes those that are too old then, and none while nothing comes (osiris_log eval_age)', () => {
    const parts: ClusterParts = { jobs: stream({ ...small, 'x-max-age': '2s' }), producer: { messages: 7, size: '1kB', arrivals: { constant: { rate: '1/s' } } } };
    expect(told(parts, 'dropped')).toEqual(['5000 dropped 1 (retention)', '5000 dropped 2 (retention)', '7000 dropped 3 (retention)', '7000 dropped 4 (retention)']);
  });

  it('does not wait for consumers: who is too slow misses what went', () => {
    const lines = told({ jobs: stream({ ...small, 'x-max-length-bytes': 2000 }), producer: many, consumers: { r: reader({ prefetch: 1, service: '45ms' }) } }, 'dropped');
    expect(lines.length).toBeGreaterThan(0);
    expect(lines.every((line) => line.includes('(retention)'))).toBe(true);
  });

  it('bounds what is read again', () => {
    const parts: ClusterParts = {
      jobs: stream({ ...small, 'x-max-length-bytes': 2000 }), producer: many, consumers: { r: reader({ offset: 'first', service: '1ms' }) }, faults: [crash('consumers.r.0', '95ms', '20ms')],
    };
    // 1 to 6 are gone by then.
    expect(order(told(parts, 'duplicate-effect'))).toEqual(['duplicate-effect 7', 'duplicate-effect 8', 'duplicate-effect 9']);
  });
});

describe('what a crash takes', () => {
  const lostWith = (parts: ClusterParts) => order(told({ ...parts, producer: { messages: 2 } }, 'dropped'));

  it('is nothing that was written, when a process dies', () => {
    expect(lostWith(withReader({ offset: 'first', service: '500ms' }, { faults: [crash('mq.0', '25ms', '100ms')] }))).toEqual([]);
  });

  it('is what was confirmed, when the only host loses its power before the kernel wrote back', () => {
    const { lines, reached } = run({ jobs: stream(), producer: { messages: 2 }, faults: [crash('mq.0', '25ms', '100ms', 'host')] }, 'dropped');
    expect(order(lines)).toEqual(['dropped 1 (unsynced(F1))', 'dropped 2 (unsynced(F1))']);
    expect(reached['raft.rolledBack']).toBe(1);
  });

  it('is not what is older than that (30 s, looked at every 5 s)', () => {
    expect(lostWith({ jobs: stream(), faults: [crash('mq.0', '34s', '100ms', 'host')] })).toEqual(['dropped 1 (unsynced(F1))', 'dropped 2 (unsynced(F1))']);
    expect(lostWith({ jobs: stream(), faults: [crash('mq.0', '36s', '100ms', 'host')] })).toEqual([]);
  });

  it('is nothing while a majority keeps its power', () => {
    const { lines, reached } = run({ broker: three, jobs: stream(), producer: { messages: 2 }, faults: [crash('mq.0', '25ms', '5s', 'host')] }, 'dropped');
    expect(lines).toEqual([]);
    expect(reached['raft.elected']).toBeGreaterThan(0);
  });

  it('is what was confirmed, when a majority loses its power', () => {
    const faults = [crash('mq.0', '25ms', '1s', 'host'), crash('mq.1', '25ms', '1s', 'host'), crash('mq.2', '5ms', '900ms')];
    const { lines, reached } = run({ broker: three, jobs: stream(), producer: { messages: 2 }, faults }, 'dropped');
    expect(reached['raft.rolledBack']).toBeGreaterThan(0);
    expect(order(lines)).toEqual(['dropped 1 (unsynced(F2))', 'dropped 2 (unsynced(F2))']);
  });
});

describe('what is remembered', () => {
  const many = { messages: 300, size: '1kB' };
  const alive = (offset: Consumer['offset'], args: object = {}) =>
    run({ jobs: stream(args), producer: many, consumers: { r: reader({ offset, service: '1ms' }) } }).system.world.messages.alive;

  it('is nothing that nobody can read again', () => {
    expect([alive('next'), alive('stored'), alive('last')]).toEqual([0, 0, 1]);
  });

  it('is what is kept, where somebody can', () => {
    expect(alive('first')).toBe(300);
    // Segments of ten; the one that is written to, and two full ones.
    expect(alive('first', { 'x-stream-max-segment-size-bytes': 10_000, 'x-max-length-bytes': 20_000 })).toBe(30);
  });
});

describe('order', () => {
  it('is each reader\'s own: what two workers do side by side, and what is read again, breaks none', () => {
    const settings = clusterSystem({
      jobs: stream(), producer: { messages: 50, key: { uniform: { keys: 2 } } },
      consumers: { fast: reader({ offset: 'first', service: '1ms' }), slow: reader({ count: 2, service: '8ms', idempotency: {} }) }, faults: [crash('consumers.fast.0', '300ms', '50ms')],
    });
    const { verdicts, reached } = runScenario(createScenario({ ...settings, claims: ['order-per-key'] }));
    expect(reached['stream.readAgain']).toBeGreaterThan(10);
    expect(verdicts.find(({ claim }) => claim === 'order-per-key')).toMatchObject({ verdict: 'pass' });
  });
});

describe('dead letters', () => {
  it('come to a stream as to any queue, and each group reads them', () => {
    const { lines, system } = run({
      broker: { queues: { dead: stream() }, exchanges: { dlx: { type: 'fanout' } }, bindings: [{ source: 'dlx', destination: 'dead' }] },
      jobs: { arguments: { 'x-dead-letter-exchange': 'dlx' } }, producer: { messages: 1 },
      consumers: { w: reader({ failure: { poison: { nth: 1 }, then: 'reject' } }), a: { ...reader(), subscribe: 'mq/dead' }, b: { ...reader(), subscribe: 'mq/dead' } },
    }, 'dead-lettered', 'effect', 'duplicate-effect');
    expect(order(lines)).toEqual(['dead-lettered 1 in dead (rejected)', 'effect 1 in dead', 'duplicate-effect 1 in dead']);
    expect(system.world.ledger.totals.handled).toBe(1);
  });
});
