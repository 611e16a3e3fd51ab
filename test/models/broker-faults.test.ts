/** What operators, limits and the kernel do to a broker: emptied queues, connections that are refused, processes that are killed for their memory. */
import { describe, expect, it } from 'vitest';
import { createScenario, type ScenarioSettings } from '../../scenarios/define.ts';
import { runScenario } from '../../scenarios/run.ts';
import { driveToQuiet } from './driven.ts';
import { type Fault, type Parts, smallSystem, told } from './small-system.ts';

const struck = (parts: Parts): string[] => driveToQuiet(createScenario(smallSystem(parts))).system.faults.struck.map(({ key, changed }) => `${key} ×${changed}`);
const purge = (at: string, more: object = {}): Fault => ({ kind: 'purge', queue: 'mq/jobs', at, ...more }) as Fault;

describe('purge', () => {
  /** Handled one at a time, 30 ms each, one in hand: the second is in flight at 45 ms, and the third and fourth are ready. */
  const parts: Parts = { producer: { messages: 4, confirm: {} }, consumer: { service: '30ms', prefetch: 1 }, jobs: { deadLetter: 'dead' }, queues: { dead: {} }, faults: [purge('46ms')] };

  it('throws away what is ready, not what a consumer holds, and makes no dead letters', () => {
    expect(told(parts, 'dropped', 'effect', 'dead-lettered').map((line) => line.replace(' workers.0', ''))).toEqual(['42 effect 1', '46 dropped 3 (purged(F1))', '46 dropped 4 (purged(F1))', expect.stringMatching(/effect 2$/)]);
    expect(struck(parts)).toEqual(['F1.1 ×2']);
  });

  it('breaks at-least-once, unless its claim allows it', () => {
    const verdict = (claim: ScenarioSettings['claims']): string => runScenario(createScenario(smallSystem({ ...parts, claims: claim! }))).verdicts.find(({ claim: name }) => name === 'at-least-once')!.verdict;
    expect(verdict(['at-least-once'])).toBe('fail');
    expect(verdict([{ 'at-least-once': { allow: ['purged'] } }])).toBe('pass');
  });

  it('does nothing to a queue that is empty, or whose broker is down', () => {
    expect(struck({ ...parts, faults: [purge('5ms')] })).toEqual(['F1.1 ×0']);
    expect(struck({ ...parts, faults: [{ kind: 'crash', target: 'mq', at: '45ms', for: '20ms' }, purge('46ms')] })).toEqual(['F1.1 ×1', 'F2.1 ×0']);
  });

  it.each<[string, ScenarioSettings['brokers'][string]]>([
    ['classic', { kind: 'rabbitmq', version: '4.2', queues: { jobs: {} } }],
    ['mirrored', { kind: 'rabbitmq', version: '3.13', nodes: 3, queues: { jobs: {} }, policies: [{ name: 'ha', pattern: '.*', definition: { 'ha-mode': 'all' } }] }],
    ['quorum', { kind: 'rabbitmq', version: '4.2', nodes: 3, queues: { jobs: { arguments: { 'x-queue-type': 'quorum' } } } }],
  ])('empties a %s queue of RabbitMQ, what came back with it', (_type, broker) => {
    const result = runScenario(createScenario({
      faultline: 1, name: 'purged', phases: { measure: '20s', drain: '100s' }, brokers: { mq: broker }, claims: ['conservation'],
      producers: { web: { publish: 'mq/jobs', arrivals: { constant: { rate: '100/s' } }, messages: 500, confirm: {} } },
      consumers: { workers: { subscribe: 'mq/jobs', service: '100ms', prefetch: 10 } },
      faults: [{ kind: 'crash', target: 'consumers.workers', at: '3s', for: '1s' }, purge('3.5s'), purge('4.5s')],
    }));
    const [, first, second] = result.faults;
    expect(first!.changed).toBeGreaterThan(300);
    expect(second!.changed).toBeGreaterThan(80);
    expect(result.verdicts.find(({ claim }) => claim === 'conservation')!.verdict).toBe('pass');
    expect(result.messages.handled + first!.changed + second!.changed).toBe(500);
  });

  it('is refused for what is no queue, and for a stream', () => {
    expect(() => createScenario(smallSystem({ faults: [purge('1s', { queue: 'mq/job' })] }))).toThrow('faults.0.queue: no queue is called "mq/job"');
    const streams = { faultline: 1, name: 's', brokers: { mq: { kind: 'rabbitmq', version: '4.2', queues: { jobs: { arguments: { 'x-queue-type': 'stream' } } } } }, faults: [purge('1s')] } as ScenarioSettings;
    expect(() => createScenario(streams)).toThrow('faults.0.queue: mq/jobs cannot be purged');
  });
});

const rabbit = (type: 'classic' | 'quorum', more: Partial<ScenarioSettings>, args: object = {}): ScenarioSettings => ({
  faultline: 1, name: 'r', phases: { measure: '20s', drain: '100s' }, claims: ['conservation', 'at-least-once'],
  network: { default: { latency: '1ms' }, connection: { heartbeat: '2s', reconnect: { fixed: { delay: '100ms' } } } },
  brokers: { mq: { kind: 'rabbitmq', version: '4.2', nodes: 3, queues: { jobs: { arguments: { 'x-queue-type': type, ...args } } } } },
  producers: { web: { publish: 'mq/jobs', arrivals: { constant: { rate: '100/s' } }, messages: 500, confirm: { timeout: '1s' }, retry: { fixed: { delay: '100ms' } } } },
  consumers: { workers: { subscribe: 'mq/jobs', service: '20ms', prefetch: 10 } }, ...more,
});
const verdictOf = (result: ReturnType<typeof runScenario>, claim: string): string => result.verdicts.find((each) => each.claim === claim)!.verdict;

describe('queue-delete', () => {
  const deleted = (at: string, lasting: string): Fault => ({ kind: 'queue-delete', queue: 'mq/jobs', at, for: lasting });

  it.each(['classic', 'quorum'] as const)('takes all that is in a %s queue, with what consumers hold, and what is published until it is declared again', (type) => {
    const result = runScenario(createScenario(rabbit(type, { faults: [deleted('2s', '1s')] })));
    expect(result.faults[0]).toMatchObject({ changed: 1 });
    expect(verdictOf(result, 'conservation')).toBe('pass');
    expect(verdictOf(result, 'at-least-once')).toBe('fail');
    const { dropped } = result.copies;
    const unroutable = result.attempts.lost['unroutable(F1)']!;
    // 200 came in two seconds, and one takes 20 ms: half of them are there. One second's are routed nowhere, and all are confirmed.
    expect(dropped['deleted(F1)']).toBeGreaterThan(95);
    expect(unroutable).toBeGreaterThan(95);
    expect(result.messages.confirmed).toBe(500);
    // The one that a handler has in hand takes effect all the same.
    expect(result.messages.handled + dropped['deleted(F1)']! + unroutable + (result.attempts.lost['deleted(F1)'] ?? 0)).toBe(501);
  });

  it('gives back what is mandatory, so that it is published again', () => {
    const mandatory = (settings: ScenarioSettings): ScenarioSettings => ({ ...settings, producers: { web: { ...settings.producers!.web!, mandatory: true } } });
    const result = runScenario(createScenario(mandatory(rabbit('quorum', { faults: [deleted('2s', '1s')], claims: [{ 'at-least-once': { allow: ['deleted'] } }] }))));
    expect(verdictOf(result, 'at-least-once')).toBe('pass');
  });

  it('of what is not there already changes nothing, and a queue comes back for whoever deleted it', () => {
    const result = runScenario(createScenario(rabbit('quorum', { faults: [deleted('2s', '2s'), deleted('2.5s', '100ms')] })));
    expect(result.faults.map(({ changed }) => changed)).toEqual([1, 0]);
    expect(result.attempts.lost['unroutable(F1)']).toBeGreaterThan(190);
  });

  it('is refused where queues cannot be deleted', () => {
    expect(() => createScenario(smallSystem({ faults: [deleted('1s', '1s')] }))).toThrow('faults.0.queue: mq/jobs cannot be deleted');
  });
});

describe('leadership-transfer', () => {
  const transfer: Fault = { kind: 'leadership-transfer', queue: 'mq/jobs', at: '2s' };

  it('has another member lead, and loses nothing', () => {
    const { system } = driveToQuiet(createScenario(rabbit('quorum', { faults: [transfer] })));
    const { port } = system.world.brokers.get('mq')!;
    expect(system.world.nodes.name(port.placement(port.queue('jobs')).leader!)).toBe('mq.1');
    const result = runScenario(createScenario(rabbit('quorum', { faults: [transfer], claims: ['at-least-once', 'conservation'] })));
    expect(result.messages).toMatchObject({ confirmed: 500, handled: 500 });
    expect(result.reached['raft.transferred']).toBe(1);
  });

  it('changes nothing while nobody else is there, and is refused for a queue without one', () => {
    const others: Fault[] = ['mq.1', 'mq.2'].map((target) => ({ kind: 'crash', target, at: '1s', for: '2s' }));
    expect(runScenario(createScenario(rabbit('quorum', { faults: [...others, transfer] }))).faults[2]).toMatchObject({ changed: 0 });
    expect(() => createScenario(rabbit('classic', { faults: [transfer] }))).toThrow('faults.0.queue: mq/jobs has no leadership to transfer');
  });
});

describe('wipe', () => {
  const wiped = (target: string, at = '2s', lasting = '1s'): Fault => ({ kind: 'wipe', target, at, for: lasting });
  const end = (settings: ScenarioSettings) => driveToQuiet(createScenario(settings), { eventsMax: 300_000 }).system.world;

  it('takes what a classic queue had there, and what a work queue has', () => {
    const result = runScenario(createScenario(rabbit('classic', { faults: [wiped('mq.0')] })));
    expect(result.copies.dropped['wiped(F1)']).toBeGreaterThan(95);
    expect(verdictOf(result, 'at-least-once')).toBe('fail');
    expect(verdictOf(result, 'conservation')).toBe('pass');
    const parts: Parts = { producer: { messages: 4, confirm: {} }, consumer: { service: '30ms', prefetch: 1 }, faults: [wiped('mq', '46ms', '1s')] };
    expect(told(parts, 'dropped')).toEqual(['46 dropped 2 (wiped(F1))', '46 dropped 3 (wiped(F1))', '46 dropped 4 (wiped(F1))']);
  });

  it.each(['mq.0', 'mq.1'])('takes nothing from a quorum queue that two others have, when it is the disk of %s', (target) => {
    const result = runScenario(createScenario(rabbit('quorum', { faults: [wiped(target)], claims: ['conservation', 'at-least-once', 'committed-survives'] })));
    expect(result.verdicts.map(({ claim, verdict }) => `${claim} ${verdict}`)).toEqual(expect.arrayContaining(['at-least-once pass', 'committed-survives pass', 'conservation pass']));
    expect(result.messages.handled).toBe(500);
    expect(result.reached['raft.wiped']).toBe(1);
  });

  it('of one after another, each when the one before has caught up, takes nothing either', () => {
    const result = runScenario(createScenario(rabbit('quorum', { faults: [wiped('mq.0', '1s', '500ms'), wiped('mq.1', '5s', '500ms'), wiped('mq.2', '9s', '500ms')] })));
    expect(result.messages).toMatchObject({ confirmed: 500, handled: 500 });
  });

  it('of a majority at once leaves nobody who could lead: who has nothing does not vote', () => {
    const world = end(rabbit('quorum', { faults: [wiped('mq.0'), wiped('mq.1')] }));
    const { port } = world.brokers.get('mq')!;
    expect(port.placement(port.queue('jobs')).leader).toBeUndefined();
  });

  it('of all members has the queue declared again, empty', () => {
    const result = runScenario(createScenario(rabbit('quorum', { faults: [wiped('mq')] })));
    expect(result.copies.dropped['wiped(F1)']).toBeGreaterThan(95);
    expect(result.messages.confirmed).toBe(500);
    expect(result.messages.handled + result.copies.dropped['wiped(F1)']!).toBeGreaterThanOrEqual(500);
  });
});

describe('connection-limit', () => {
  const parts = (limit: number): Parts => ({
    producer: { messages: 2 }, consumer: { count: 3 }, connection: { reconnect: { fixed: { delay: '100ms' } } },
    faults: [{ kind: 'connection-limit', target: 'mq', limit, at: '0s', for: '350ms' }],
  });

  it('lets in so many, and refuses others as long as it lasts', () => {
    const opened = (limit: number): number[] => {
      const times: number[] = [];
      const { system } = driveToQuiet(createScenario(smallSystem(parts(limit))), {
        built: ({ world }) => world.sim.watch(world.brokers.get('mq')!.port.subscribeArrived as never, 'before', () => void times.push(world.sim.now / 1e6)),
      });
      return [...times, system.faults.struck[0]!.changed];
    };
    // The producer and one worker are in at once; the others come each 102 ms, the fourth time when the fault is over.
    expect(opened(4)).toEqual([3, 3, 3, 0]);
    expect(opened(2)).toEqual([3, 3, 411, 8]);
    expect(opened(0)).toEqual([411, 411, 411, 16]);
  });

  it('leaves alone who is connected', () => {
    expect(told({ ...parts(0), faults: [{ kind: 'connection-limit', target: 'mq', limit: 0, at: '4ms', for: '1s' }] }, 'effect')).toHaveLength(2);
  });
});

describe('out-of-memory', () => {
  /** 100 messages of 1000 bytes come in a second, and nobody reads. */
  const filling = (limit: string, more: object = {}, broker: Parts['broker'] = {}): Parts => ({
    broker: { storage: { durable: true, write: '0' }, recovery: '1ms', ...broker }, producer: { messages: 100, confirm: {}, retry: { fixed: { delay: '100ms' } } }, consumer: 'none',
    connection: { reconnect: { fixed: { delay: '100ms' } } },
    faults: [{ kind: 'out-of-memory', target: 'mq', limit, at: '0s', for: '9s', interval: '250ms', down: '1s', ...more }] as Fault[],
  });

  it('kills the process when it is looked at and holds too much, again and again if it is full when it comes back', () => {
    expect(struck(filling('200kB'))).toEqual(['F1.1 ×0']);
    // 50 kB are passed after half a second; it is back a second after, full, and is killed again 250 ms later.
    expect(struck(filling('50kB'))).toEqual(['F1.1 ×7']);
  });

  it('once, where what it held was only in memory', () => {
    expect(struck(filling('50kB', {}, { storage: { durable: false } }))).toEqual(['F1.1 ×1']);
  });

  it('never, where the broker stops to read before', () => {
    expect(struck(filling('50kB', {}, { backpressure: { bytes: '40kB' } }))).toEqual(['F1.1 ×0']);
  });

  it('counts what a consumer holds, and what RabbitMQ needs besides', () => {
    expect(struck({ ...filling('50kB'), consumer: { service: '100s', prefetch: 1000 } })[0]).toMatch(/×[1-9]/);
    const rabbit = (limit: string): number => runScenario(createScenario({
      faultline: 1, name: 'r', phases: { measure: '30s' }, brokers: { mq: { kind: 'rabbitmq', version: '4.2', queues: { jobs: {} }, resources: { base: '100MB' } } },
      faults: [{ kind: 'out-of-memory', target: 'mq', limit, at: '0s', for: '5s' }],
    })).faults[0]!.changed;
    expect([rabbit('99MB'), rabbit('101MB')]).toEqual([1, 0]);
  });
});

describe('certificate-expiry', () => {
  it('is of a broker that has a certificate', () => {
    const fault: Fault = { kind: 'certificate-expiry', target: 'mq', at: '1s', for: '1s' };
    expect(() => createScenario(smallSystem({ faults: [fault] }))).toThrow('faults.0.target: mq speaks no TLS, and has no certificate that could run out');
  });
});
