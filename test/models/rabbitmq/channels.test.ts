/** Several consumers on one channel, and its prefetch (basic.qos with global; rabbit_limiter at 3.10.8 and 4.2.9, rabbitmq.com/docs/consumer-prefetch). */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createScenario, type ScenarioSettings } from '../../../scenarios/define.ts';
import { endOfRun } from '../../../scenarios/end-of-run.ts';
import type { HistoryLine } from '../../../scenarios/history.ts';
import { driveToQuiet } from '../driven.ts';

type Consumer = NonNullable<ScenarioSettings['consumers']>[string];

interface Parts {
  readonly slow?: Partial<Consumer>;
  readonly quick?: Partial<Consumer>;
  readonly messages?: number;
  readonly config?: object;
  /** `quick` lives on the last one; clients connect to the first. */
  readonly nodes?: number;
  readonly faults?: ScenarioSettings['faults'];
}

/** Messages of `slow` come at 10, 20, 30 ms …, each 100 ms of work, and right behind each one of `quick`, 1 ms of work. Nothing else takes time. */
function told({ slow, quick, messages = 4, config, nodes = 1, faults = [] }: Parts) {
  const arrivals = { constant: { rate: '100/s' } };
  const settings: ScenarioSettings = {
    faultline: 1, name: 'channels', phases: { measure: '10s', drain: '1000s' },
    network: { connection: { reconnect: { fixed: { delay: '100ms' } } } },
    brokers: {
      mq: {
        kind: 'rabbitmq', version: '3.13', config: { heartbeat: 1, ...config }, nodes, queues: { slow: {}, quick: { node: nodes - 1 } },
        timing: { delivery: '0', turnaround: '0', operation: '0', write: '0', fsync: '0', boot: '200ms' },
      },
    },
    producers: { s: { publish: 'mq/slow', arrivals, messages, confirm: {} }, q: { publish: 'mq/quick', arrivals, messages, confirm: {} } },
    consumers: { slow: { subscribe: 'mq/slow', service: '100ms', prefetch: 10, ...slow }, quick: { subscribe: 'mq/quick', service: '1ms', prefetch: 10, ...quick } },
    faults, claims: ['at-least-once', 'conservation', 'drained'],
  } as ScenarioSettings;
  const lines: HistoryLine[] = [];
  const { system, isQuiet } = driveToQuiet(createScenario(settings), { history: lines });
  if (!isQuiet) throw new Error('the system did not come to rest');
  const of = (what: HistoryLine['what']) => lines.filter((line) => line.what === what).map(({ at, message }) => `${Number((at * 1000).toFixed(3))} ${message.replace('.0-', '')}`);
  return { of, reached: system.world.sim.trace.reachedPaths };
}

const shared: Partial<Consumer> = { channel: { of: 'slow' } };
const within = (prefetch: number): Partial<Consumer> => ({ channel: { prefetch } });

describe('the prefetch of a channel', () => {
  it('is that of all its consumers together: what is slow takes it from what is quick', () => {
    expect(told({ quick: shared }).of('delivered')).toEqual(['10 s1', '10 q1', '20 s2', '20 q2', '30 s3', '30 q3', '40 s4', '40 q4']);
    expect(told({ slow: within(2), quick: shared }).of('delivered')).toEqual(['10 s1', '10 q1', '20 s2', '110 q2', '111 s3', '210 q3', '211 s4', '310 q4']);
  });

  it('is that of each worker, and leaves what others have alone', () => {
    expect(told({ slow: { ...within(2), count: 2 }, quick: { ...shared, count: 2 } }).of('delivered').slice(0, 4)).toEqual(['10 s1', '10 q1', '20 s2', '20 q2']);
    expect(told({ slow: within(1) }).of('delivered').filter((line) => line.includes('q'))).toEqual(['10 q1', '20 q2', '30 q3', '40 q4']);
  });

  it('holds besides the prefetch of each: the lower one of the two is what counts', () => {
    const held = (prefetch: number, channel: number): string[] => told({ slow: { ...within(channel), prefetch } }).of('delivered').filter((line) => line.includes('s'));
    expect(held(1, 3)).toEqual(['10 s1', '110 s2', '210 s3', '310 s4']);
    expect(held(3, 1)).toEqual(held(1, 3));
    expect(held(3, 2)).toEqual(['10 s1', '20 s2', '110 s3', '210 s4']);
  });

  it('takes no room for what needs no acknowledgement, which waits for room all the same', () => {
    expect(told({ slow: within(1), quick: { ...shared, acknowledge: 'automatic' }, messages: 2 }).of('delivered')).toEqual(['10 s1', '110 q1', '110 q2', '110 s2']);
    expect(told({ slow: { ...within(1), acknowledge: 'automatic' }, quick: shared, messages: 3 }).of('delivered')).toEqual(['10 s1', '10 q1', '20 s2', '20 q2', '30 s3', '30 q3']);
  });

  it('is given back by what is rejected and what is given back, too', () => {
    const rejects = told({ slow: { ...within(1), failure: { probability: 1, then: 'reject' } } });
    expect(rejects.of('delivered')).toHaveLength(8);
    expect(told({ slow: { ...within(1), failure: { poison: { nth: 1 }, then: 'reject' } }, quick: shared }).of('delivered').slice(0, 2)).toEqual(['10 s1', expect.stringMatching(/^110 /) as unknown]);
  });
});

describe('consumers that share a channel', () => {
  it('die together, and what both held comes again', () => {
    const { of } = told({ quick: { ...shared, service: '100ms' }, messages: 1, faults: [{ kind: 'crash', target: 'consumers.slow', at: '50ms', for: '10ms' }] });
    expect(of('delivered')).toEqual(['10 s1', '10 q1', '60 s1', '60 q1']);
  });

  it('lose it together when one of them keeps a delivery for too long', () => {
    const { of, reached } = told({ quick: { ...shared, service: '100ms' }, messages: 2, config: { heartbeat: 60, consumer_timeout: 1000, channel_tick_interval: 600 }, faults: [{ kind: 'pause', target: 'consumers.slow', at: '50ms', for: '2s' }] });
    expect(of('requeued').slice(0, 3)).toEqual(['1200 s2', '1200 s1', '1200 q2']);
    expect(reached).toHaveProperty('session.lost');
  });

  it('lose it together when the queue of one of them is gone, with the node that it lived on', () => {
    const { of, reached } = told({ nodes: 2, quick: shared, messages: 1, faults: [{ kind: 'crash', target: 'mq.1', scope: 'process', at: '50ms', for: '2s' }] });
    expect(of('requeued')).toEqual(['50 s1']);
    // A channel that asks for a queue whose node is down is closed, each time, until the nodes have found each other again.
    expect(of('delivered')).toEqual(['10 s1', '10 q1', '3050 s1', '3050 q1']);
    expect(reached).toHaveProperty('session.lost');
  });
});

// ---- under faults; FAULTLINE_RUNS sets how many

const runs = Number(process.env['FAULTLINE_RUNS'] ?? 80);
const reached = new Map<string, number>();
const at = fc.integer({ min: 0, max: 20_000 }).map((ms) => `${ms}ms`);
const lasting = fc.integer({ min: 100, max: 15_000 }).map((ms) => `${ms}ms`);
const target = fc.constantFrom('consumers.slow', 'consumers.slow.0', 'mq.0', 'mq.1');
const fault: fc.Arbitrary<NonNullable<ScenarioSettings['faults']>[number]> = fc.oneof(
  fc.record({ kind: fc.constant('crash' as const), target, scope: fc.constant('process' as const), at, for: lasting }),
  fc.record({ kind: fc.constant('pause' as const), target, at, for: lasting }),
  fc.record({ kind: fc.constant('partition' as const), between: fc.constantFrom(['mq.0', 'mq.1'], ['mq', 'consumers.slow']) as fc.Arbitrary<[string, string]>, direction: fc.constant('both' as const), at, for: lasting }),
);

describe('shared channels under faults', () => {
  it('come to rest with all books in order, and nothing that was confirmed is forgotten', () => {
    const arrivals = { poisson: { rate: '10/s' } };
    const sharing = fc.record({
      version: fc.constantFrom('3.10' as const, '3.13' as const, '4.2' as const), prefetch: fc.constantFrom(1, 3, 65_535), count: fc.integer({ min: 1, max: 3 }), home: fc.constantFrom(0, 1), ties: fc.constantFrom('scheduled' as const, 'shuffled' as const),
      acknowledge: fc.constantFrom('manual' as const, 'manual' as const, 'automatic' as const), seed: fc.nat(1_000_000), faults: fc.array(fault, { maxLength: 4 }),
    });
    fc.assert(fc.property(sharing, ({ version, prefetch, count, home, ties, acknowledge, seed, faults }) => {
      const confirmed = { arrivals, messages: 100, confirm: { timeout: '5s' } };
      const { system, isQuiet } = driveToQuiet(createScenario({
        faultline: 1, name: 'shared channels', seed, ties, phases: { measure: '30s', drain: '1000s' }, network: { default: { latency: '1ms' }, connection: { reconnect: { fixed: { delay: '100ms' } } } },
        brokers: { mq: {
        kind: 'rabbitmq', version, nodes: 2,
        // With ignore, nodes that once lost each other never know both queues again, and a channel for both finds no home.
        config: { heartbeat: 3, net_ticktime: 4, cluster_partition_handling: 'autoheal' }, queues: { slow: {}, quick: { node: home } },
        } },
        producers: { s: { publish: 'mq/slow', ...confirmed }, q: { publish: 'mq/quick', ...confirmed } },
        consumers: { slow: { subscribe: 'mq/slow', count, prefetch: 2, service: '100ms', channel: { prefetch } }, quick: { subscribe: 'mq/quick', count, prefetch: 10, acknowledge, service: '10ms', channel: { of: 'slow' } } },
        faults, claims: ['at-least-once', 'conservation', 'drained'],
      }), { eventsMax: 1_000_000 });
      for (const [path, times] of Object.entries(system.world.sim.trace.reachedPaths)) reached.set(path, (reached.get(path) ?? 0) + times);
      expect(isQuiet).toBe(true);
      const { attempts, copies, deliveries, brokers, ledger } = system.world;
      expect({ attempts: attempts.alive, copies: copies.alive, deliveries: deliveries.alive }).toEqual({ attempts: 0, copies: brokers.get('mq')!.held(), deliveries: 0 });
      ledger.closeAll();
      const broken = system.judged.map(({ invariant, judge }) => [invariant.claim, judge.verdict(endOfRun(system)).verdict]).filter(([, verdict]) => verdict === 'fail').map(([claim]) => claim);
      // What is acknowledged as it is sent may be lost, and a node that forgot another one's queue (3.10) confirms what it drops.
      const mayBe = acknowledge === 'automatic' || version === '3.10' ? ['at-least-once', 'at-most-once'] : ['at-most-once'];
      expect(broken.filter((claim) => !mayBe.includes(claim!))).toEqual([]);
    }), { numRuns: runs, seed: 1 });
  }, 300_000);

  it('took the rare paths', () => {
    const wanted = ['channel.hasRoomAgain', 'session.lost', 'consumer.settlementLost', 'broker.redelivered'];
    expect(wanted.filter((path) => !reached.has(path))).toEqual([]);
  });
});
