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
    expect(() => createScenario(streams)).toThrow('faults.0.queue: mq/jobs is a stream, which cannot be purged');
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
