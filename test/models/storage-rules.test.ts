import { describe, expect, it } from 'vitest';
import type { ScenarioSettings } from '../../scenarios/define.ts';
import { type Parts, told } from './small-system.ts';

type Storage = NonNullable<Extract<ScenarioSettings['brokers'][string], { kind: 'work-queue' }>['storage']>;

const confirming = { messages: 3, confirm: { timeout: '1s' }, retry: 'none' } as const;

/** Stored at 11, 21 and 31 ms, and nobody reads. */
function stored(storage: Storage, more: Partial<Parts> = {}): Parts {
  return { broker: { storage: { sync: '5ms', ...storage }, recovery: '1ms' }, producer: confirming, consumer: 'none', ...more };
}
const dies = (scope: 'process' | 'host', at: string) => ({ faults: [{ kind: 'crash', target: 'mq', scope, at, for: '10ms' } as const] });

describe('a confirm', () => {
  it('comes when the record is synced', () => {
    expect(told(stored({}), 'stored', 'confirmed', 'confirm-received')).toEqual([
      '11 stored 1', '16 confirmed 1', '17 confirm-received 1', '21 stored 2', '26 confirmed 2', '27 confirm-received 2', '31 stored 3', '36 confirmed 3', '37 confirm-received 3',
    ]);
  });

  it('comes at once where it need not wait, and for what is not durable', () => {
    const atOnce = ['11 confirmed 1', '21 confirmed 2', '31 confirmed 3'];
    expect(told(stored({ confirm: 'before-sync' }), 'confirmed')).toEqual(atOnce);
    expect(told(stored({ durable: false }), 'confirmed')).toEqual(atOnce);
    expect(told(stored({}, { jobs: { durable: false } }), 'confirmed')).toEqual(atOnce);
    expect(told(stored({ durable: false }, { jobs: { durable: true } }), 'confirmed')).toEqual(['16 confirmed 1', '26 confirmed 2', '36 confirmed 3']);
  });

  it('waits for the next sync where one is running already', () => {
    // 11–26 takes the first along, 26–41 the second, 41–56 the third.
    expect(told(stored({ sync: '15ms' }), 'confirmed')).toEqual(['26 confirmed 1', '41 confirmed 2', '56 confirmed 3']);
  });

  it('comes for a group at a time where a sync waits for more', () => {
    expect(told(stored({ groupCommit: '12ms' }), 'confirmed')).toEqual(['28 confirmed 1', '28 confirmed 2', '48 confirmed 3']);
  });

  it('comes with the syncs of an interval, which lie at its multiples', () => {
    expect(told(stored({ fsync: { interval: '25ms' } }), 'confirmed')).toEqual(['30 confirmed 1', '30 confirmed 2', '55 confirmed 3']);
  });

  it('comes after the writes, one after another', () => {
    const producer = { ...confirming, arrivals: { constant: { rate: '500/s' } } } as const;
    // Sent at 2, 4 and 6 ms, arrived at 3, 5 and 7; each write takes 4 ms.
    expect(told(stored({ write: '4ms', confirm: 'before-sync' }, { producer }), 'stored')).toEqual(['7 stored 1', '11 stored 2', '15 stored 3']);
  });

  it('comes later while the disk is slow', () => {
    const faults = [{ kind: 'slow', target: 'mq.0.disk', factor: 3, at: '15ms', for: '10ms' }] as const;
    expect(told(stored({ write: '1ms' }, { faults: [...faults] }), 'stored', 'confirmed')).toEqual([
      '12 stored 1', '17 confirmed 1', '24 stored 2', '32 stored 3', '39 confirmed 2', '44 confirmed 3',
    ]);
  });

  it('comes in time again once the disk is: what waits is written as fast as the disk is by then', () => {
    const producer = { ...confirming, messages: 4, arrivals: { constant: { rate: '1000/s' } } } as const;
    const faults = [{ kind: 'slow', target: 'mq.0.disk', factor: 10, at: '0s', for: '10ms' }] as const;
    expect(told(stored({ write: '2ms' }, { producer, faults: [...faults] }), 'stored')).toEqual(['23 stored 1', '25 stored 2', '27 stored 3', '29 stored 4']);
    const thread = { kind: 'slow', target: 'mq', factor: 10, at: '0s', for: '10ms' } as const;
    expect(told({ broker: { processing: '2ms' }, producer, consumer: 'none', faults: [thread] }, 'stored')).toEqual(['23 stored 1', '25 stored 2', '27 stored 3', '29 stored 4']);
  });

  it('waits for a broker that stands still, which then writes one after another', () => {
    const producer = { ...confirming, arrivals: { constant: { rate: '1000/s' } } } as const;
    const faults = [{ kind: 'pause', target: 'mq', at: '4ms', for: '46ms' }] as const;
    expect(told(stored({ write: '2ms' }, { producer, faults: [...faults] }), 'stored')).toEqual(['50 stored 1', '52 stored 2', '54 stored 3']);
  });

  it('comes for what is in memory while the disk is busy', () => {
    const web = { publish: 'mq/jobs', messages: 2, arrivals: { constant: { rate: '1000/s' } } } as const;
    const parts = stored({ write: '20ms' }, { queues: { quick: { durable: false } }, producers: { web, other: { ...web, publish: 'mq/quick' } } });
    expect(told({ ...parts, broker: { ...parts.broker, processing: '1ms' } }, 'stored')).toEqual(['5 stored other.0-1 in quick', '7 stored other.0-2 in quick', '24 stored 1', '44 stored 2']);
  });

  it('is not sent where none is wanted', () => {
    expect(told(stored({}, { producer: { messages: 3 } }), 'confirmed', 'confirm-received', 'confirm-lost')).toEqual([]);
  });
});

describe('a process crash', () => {
  it('loses nothing durable, whatever the policy', () => {
    for (const fsync of ['always', { interval: '1s' }] as const) expect(told(stored({ fsync }, dies('process', '33ms')), 'dropped')).toEqual([]);
    expect(told(stored({ fsync: 'never', confirm: 'before-sync' }, dies('process', '33ms')), 'dropped')).toEqual([]);
  });

  it('loses all that is only in memory, confirmed or not', () => {
    expect(told(stored({ durable: false }, dies('process', '33ms')), 'dropped')).toEqual(['33 dropped 1 (transient(F1))', '33 dropped 2 (transient(F1))', '33 dropped 3 (transient(F1))']);
  });

  it('loses the confirms that waited for a sync; the copies stay', () => {
    expect(told(stored({}, dies('process', '33ms')), 'confirmed', 'confirm-lost', 'outcome-unknown', 'dropped')).toEqual([
      '16 confirmed 1', '26 confirmed 2', '33 confirm-lost 3 (crash(F1))', '34 outcome-unknown 3 (crash(F1))',
    ]);
  });

  it('loses what is being processed and written, and what waits for that', () => {
    expect(told(stored({ write: '5ms' }, dies('process', '33ms')), 'stored', 'publish-lost')).toEqual(['16 stored 1', '26 stored 2', '33 publish-lost 3 (crash(F1))']);
    const parts = stored({ write: '12ms' }, { producer: { ...confirming, messages: 6, arrivals: { constant: { rate: '1000/s' } } }, ...dies('process', '20ms') });
    // Through the thread at 6, 9, 12, 15, 18: 1 is written at 18, 2 is being written, 3 to 5 wait for the disk, 6 for the thread.
    const lost = told({ ...parts, broker: { ...parts.broker, processing: '3ms' } }, 'stored', 'publish-lost');
    expect(lost[0]).toBe('18 stored 1');
    expect(lost.slice(1).map((line) => line.replace(/^20 publish-lost (\d) \(crash\(F1\)\)$/, '$1')).sort()).toEqual(['2', '3', '4', '5', '6']);
  });

  it('has what it left unsynced synced after the recovery', () => {
    const later = [...dies('process', '33ms').faults, { kind: 'crash', target: 'mq', scope: 'host', at: '60ms', for: '10ms' } as const];
    expect(told(stored({}, { faults: later }), 'dropped')).toEqual([]);
    // The recovery ends at 44, its sync at 49: too late for a host that dies at 48.
    const sooner = [...dies('process', '33ms').faults, { kind: 'crash', target: 'mq', scope: 'host', at: '48ms', for: '10ms' } as const];
    expect(told(stored({}, { faults: sooner }), 'dropped')).toEqual(['48 dropped 3 (unsynced(F2))']);
  });
});

describe('a host crash', () => {
  it('loses what was not synced', () => {
    expect(told(stored({}, dies('host', '33ms')), 'dropped', 'confirmed')).toEqual(['16 confirmed 1', '26 confirmed 2', '33 dropped 3 (unsynced(F1))']);
    expect(told(stored({ fsync: { interval: '25ms' } }, dies('host', '50ms')), 'dropped', 'confirmed')).toEqual(['30 confirmed 1', '30 confirmed 2', '50 dropped 3 (unsynced(F1))']);
  });

  it('loses what was confirmed before its sync', () => {
    expect(told(stored({ confirm: 'before-sync' }, dies('host', '33ms')), 'dropped', 'confirmed')).toEqual(['11 confirmed 1', '21 confirmed 2', '31 confirmed 3', '33 dropped 3 (unsynced(F1))']);
  });

  it('leaves what the kernel wrote back by itself', () => {
    const storage = { fsync: 'never', confirm: 'before-sync', writeback: '25ms' } as const;
    expect(told(stored(storage, dies('host', '40ms')), 'dropped')).toEqual(['40 dropped 3 (unsynced(F1))']);
    expect(told(stored({ ...storage, writeback: '30s' }, dies('host', '40ms')), 'dropped')).toHaveLength(3);
  });

  it('of a process that is down already takes the page cache with it', () => {
    const faults = [{ kind: 'crash', target: 'mq', at: '33ms', for: '100ms' }, { kind: 'crash', target: 'mq', scope: 'host', at: '50ms', for: '10ms' }] as const;
    expect(told(stored({}, { faults: [...faults] }), 'dropped')).toEqual(['50 dropped 3 (unsynced(F2))']);
  });

  it('undoes an acknowledgement that was not synced: the message comes again', () => {
    const parts = stored({ fsync: { interval: '100ms' } }, { producer: { ...confirming, messages: 1 }, consumer: { service: '100ms' }, connection: { reconnect: { fixed: { delay: '1ms' } }, heartbeat: '20ms' }, ...dies('host', '150ms') });
    expect(told(parts, 'effect', 'acknowledged', 'rewound', 'dropped', 'duplicate-effect').map((line) => line.replace(/^(1[5-9]\d|2\d\d)\S* (?=dup|ack)/, ''))).toEqual([
      '112 effect 1 workers.0', '113 acknowledged 1', '150 rewound 1 (unsynced(F1))', 'duplicate-effect 1 #2 workers.0', 'acknowledged 1',
    ]);
    // A process crash keeps the record of the removal.
    const process = { ...parts, ...dies('process', '150ms') };
    expect(told(process, 'effect', 'acknowledged', 'rewound', 'duplicate-effect')).toEqual(['112 effect 1 workers.0', '113 acknowledged 1']);
  });

  it('brings nothing back of which the first record was lost as well', () => {
    const parts = stored({ fsync: { interval: '100ms' } }, { producer: { messages: 1 }, consumer: {}, ...dies('host', '50ms') });
    expect(told(parts, 'acknowledged', 'rewound', 'delivered', 'dropped')).toEqual(['11 delivered 1 workers.0', '18 acknowledged 1']);
  });

  it('undoes a dead-lettering that was not synced', () => {
    const parts = stored({ fsync: { interval: '100ms' } }, {
      producer: { messages: 1 }, jobs: { deadLetter: 'dead' }, queues: { dead: {} }, consumer: { service: '100ms', failure: { poison: { nth: 1 }, then: 'reject' } }, ...dies('host', '150ms'),
    });
    expect(told(parts, 'dead-lettered', 'rewound', 'dropped').slice(0, 3)).toEqual(['113 dead-lettered 1 in dead (rejected)', '150 rewound 1 (unsynced(F1))', '150 dropped 1 in dead (unsynced(F1))']);
    expect(told(parts, 'dead-lettered')).toHaveLength(2);
  });

  it('keeps the order of what is left', () => {
    const parts = stored({}, { producer: { ...confirming, messages: 6, arrivals: { constant: { rate: '1000/s' } } }, consumer: { count: 1, prefetch: 3, service: '1s' }, connection: { heartbeat: '20ms', reconnect: { fixed: { delay: '1ms' } } }, ...dies('host', '100ms') });
    const again = told(parts, 'delivered').slice(3).map((line) => line.split(' ')[2]);
    expect(again.slice(0, 6)).toEqual(['1', '2', '3', '4', '5', '6']);
  });
});

describe('a recovery', () => {
  it('takes its time before anybody may connect', () => {
    const parts: Parts = {
      broker: { storage: { durable: true }, recovery: '95ms' }, producer: { messages: 1 }, connection: { reconnect: { fixed: { delay: '10ms' } } },
      consumer: { service: '200ms' }, faults: [{ kind: 'crash', target: 'mq', at: '50ms', for: '20ms' }],
    };
    // Back at 165 ms. The worker heard of the crash at 51, and tried at 61, 73, … and 169 ms; then it subscribed.
    expect(told(parts, 'delivered')).toEqual(['11 delivered 1 workers.0', '172 delivered 1 #2 workers.0']);
  });

  it('begins again when it is interrupted', () => {
    const crash = (at: string) => ({ kind: 'crash', target: 'mq', at, for: '20ms' }) as const;
    const parts: Parts = { broker: { storage: { durable: true }, recovery: '100ms' }, jobs: { ttl: '60ms' }, consumer: 'none', producer: { messages: 1 }, faults: [crash('50ms'), crash('100ms')] };
    expect(told(parts, 'dropped')).toEqual(['220 dropped 1 (expired)']);
  });
});
