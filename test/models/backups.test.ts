/** Backups of the generic work queue: what of it is on disk, and what a restore makes of that. Times as in small-system.ts. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createScenario } from '../../scenarios/define.ts';
import { runScenario } from '../../scenarios/run.ts';
import { driveToQuiet } from './driven.ts';
import { type Fault, type Parts, smallSystem, told } from './small-system.ts';

const backup = (at: string, more: object = {}): Fault => ({ kind: 'backup', target: 'mq', of: 'snapshot', at, ...more });
const loss = (at: string, after = '1s'): Fault => ({ kind: 'restore', target: 'mq', at, after });
/** Publishes reach the broker at 11, 21 and 31 ms, and are synced a millisecond later. */
const stored = (faults: Fault[], more: Partial<Parts> = {}): Parts => ({
  broker: { storage: { fsync: 'always', sync: '1ms' }, recovery: '100ms' }, consumer: 'none', producer: { confirm: { timeout: '1s' }, retry: 'none' },
  connection: { heartbeat: '200ms', reconnect: { fixed: { delay: '100ms' } } }, faults, ...more,
});
const plain = (lines: string[]): string[] => lines.map((line) => line.replace(/^[\d.]+ /, ''));
const story = (parts: Parts): string[] => plain(told(parts, 'dropped', 'brought-back', 'kept-by-backup'));
const gone = (...messages: number[]): string[] => messages.map((each) => `dropped ${each} (not-in-backup(F2))`);
const kept = (...messages: number[]): string[] => messages.map((each) => `kept-by-backup ${each} (backup(F1))`);

describe('a snapshot of a work queue', () => {
  it.each<[string, Parts, string[]]>([
    ['has what was synced', stored([backup('25ms'), loss('50ms')]), [...gone(3), ...kept(1, 2)]],
    ['and not what was written', stored([backup('31500us'), loss('50ms')]), [...gone(3), ...kept(1, 2)]],
    ['has nothing that is not durable', stored([backup('45ms'), loss('50ms')], { broker: { storage: { durable: false } } }), gone(1, 2, 3)],
    ['is none when it is still copied', stored([backup('45ms', { bandwidth: '1kB/s' }), loss('50ms')]), gone(1, 2, 3)],
  ])('%s', (_, parts, expected) => {
    expect(story(parts)).toEqual(expected);
  });

  /** Its worker has message 1 from 12 ms on, for 50 ms; it acknowledges at 63 ms. */
  const worked = (at: string, more: object = {}): string[] =>
    plain(told(stored([backup(at), loss('2s')], { producer: { messages: 1, confirm: {} }, consumer: { service: '50ms', ...more } }), 'acknowledged', 'brought-back', 'duplicate-effect', 'deduplicated'));

  it('brings back what was acknowledged after it', () => {
    expect(worked('40ms')).toEqual(['acknowledged 1', 'brought-back 1 (backup(F1))', 'duplicate-effect 1 workers.0', 'acknowledged 1']);
    expect(worked('40ms', { idempotency: {} })).toEqual(['acknowledged 1', 'brought-back 1 (backup(F1))', 'deduplicated 1 workers.0', 'acknowledged 1']);
  });

  it('and what was acknowledged before, where that was not synced', () => {
    expect(worked('63500us')).toEqual(['acknowledged 1', 'brought-back 1 (backup(F1))', 'duplicate-effect 1 workers.0', 'acknowledged 1']);
    expect(worked('100ms')).toEqual(['acknowledged 1']);
  });

  it('has a message back that was dead-lettered meanwhile, and not in the other queue', () => {
    const parts = stored([backup('40ms'), loss('2s')], {
      producer: { messages: 1, confirm: {} }, jobs: { deadLetter: 'dead' }, queues: { dead: {} }, consumer: { service: '50ms', failure: { probability: 1, then: 'reject' } },
    });
    expect(plain(told(parts, 'dead-lettered', 'dropped', 'brought-back'))).toEqual([
      'dead-lettered 1 in dead (rejected)', 'dropped 1 in dead (not-in-backup(F2))', 'brought-back 1 (backup(F1))', 'dead-lettered 1 in dead (rejected)',
    ]);
  });

  it('keeps times to live running', () => {
    expect(plain(told(stored([backup('45ms'), loss('50ms', '100ms')], { jobs: { ttl: '500ms' } }), 'dropped'))).toEqual([1, 2, 3].map((each) => `dropped ${each} (expired)`));
  });

  it('keeps the order, and is told of with its cost', () => {
    const parts = stored([backup('45ms'), loss('2s', '3s')], { consumer: { service: '100ms' } });
    expect(plain(told(parts, 'duplicate-effect'))).toEqual([1, 2, 3].map((each) => `duplicate-effect ${each} workers.0`));
    expect(runScenario(createScenario(smallSystem(parts))).recoveries).toMatchObject([
      { backup: { messages: 3, of: 'snapshot' }, lostAt: 2, recoveryPoint: 1.955, messagesLost: 0, broughtBack: 3, duplicates: 3 },
    ]);
  });
});

describe('a work queue that is backed up and restored', () => {
  const time = (least: number, most: number) => fc.integer({ min: least, max: most }).map((ms) => `${ms}ms`);
  const crash = fc.record({ kind: fc.constant('crash' as const), target: fc.constantFrom('mq', 'consumers.workers'), scope: fc.constantFrom('process' as const, 'host' as const), at: time(0, 4000), for: time(10, 2000) });
  const trials = fc.record({
    seed: fc.nat(1_000_000), ties: fc.constantFrom('scheduled' as const, 'shuffled' as const), fsync: fc.constantFrom('always' as const, 'never' as const), ttl: fc.constantFrom({}, { ttl: '300ms' }), letters: fc.boolean(),
    backups: fc.array(fc.record({ at: time(0, 2000), every: fc.constantFrom('200ms', '1s', '60s'), bandwidth: fc.constantFrom('10kB/s', '100MB/s') }), { minLength: 1, maxLength: 2 }),
    losses: fc.array(fc.tuple(time(100, 5000), time(0, 1000)), { minLength: 1, maxLength: 2 }), crashes: fc.array(crash, { maxLength: 2 }),
  });

  it('keeps its books, comes to rest, and forgets nothing', () => {
    let again = 0;
    fc.assert(
      fc.property(trials, ({ seed, ties, fsync, ttl, letters, backups, losses, crashes }) => {
        const faults = [...backups.map(({ at, ...more }) => backup(at, more)), ...losses.map(([at, after]) => loss(at, after)), ...crashes];
        const parts = stored(faults, {
          seed, ties, broker: { storage: { fsync, sync: '5ms', writeback: '500ms', confirm: fsync === 'never' ? 'before-sync' : 'after-sync' }, recovery: '50ms' }, jobs: { ...ttl, ...(letters && { deadLetter: 'dead' }) }, queues: letters ? { dead: {} } : {},
          producer: { messages: 100, arrivals: { poisson: { rate: '50/s' } }, confirm: { timeout: '500ms' }, retry: { fixed: { delay: '100ms' }, attempts: 5 } },
          consumer: { count: 2, prefetch: 3, service: { exponential: { mean: '40ms' } }, failure: { probability: 0.1, then: letters ? 'reject' : 'requeue' } },
        });
        const { system, isQuiet } = driveToQuiet(createScenario(smallSystem(parts)), {
          afterEvent: ({ world: { ledger, brokers } }) => {
            const broker = brokers.get('mq')!;
            if (broker.held() !== ledger.buckets.heldIn(broker.queues)) throw new Error('the broker and the ledger do not agree');
          },
        });
        const { copies, brokers, recoveries } = system.world;
        for (const { saved } of recoveries.backups) saved?.release();
        expect({ isQuiet, copies: copies.alive }).toEqual({ isQuiet: true, copies: brokers.get('mq')!.held() });
        again += recoveries.all.reduce((sum, each) => sum + each.again, 0);
      }),
      { numRuns: Number(process.env['FAULTLINE_RUNS'] ?? 100), seed: 1 },
    );
    expect(again).toBeGreaterThan(0);
  }, 300_000);
});
