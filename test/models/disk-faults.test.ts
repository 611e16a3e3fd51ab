/**
 * What faults of disks do to a work queue. Sources: FoundationDB's AsyncFileNonDurable (writes that are dropped, or corrupted, when a
 * machine is killed), LazyFS (torn-seq, torn-op, lost pages), turmoil's fs; Rebello et al., "Can Applications Recover from fsync
 * Failures?" (USENIX ATC 2020) for what becomes of pages.
 */
import { describe, expect, it } from 'vitest';
import { remnantsOf, type UnsyncedMode } from '../../models/power-loss.ts';
import { createScenario, type ScenarioSettings } from '../../scenarios/define.ts';
import { Simulation } from '../../sim/simulation.ts';
import { driveToQuiet } from './driven.ts';
import { type Fault, type Parts, smallSystem, told } from './small-system.ts';

type Storage = NonNullable<Extract<ScenarioSettings['brokers'][string], { kind: 'work-queue' }>['storage']>;

/** Stored at 11, 21, 31, 41 and 51 ms, confirmed at once; nothing is synced before 100 ms, and nobody reads until the power is back. */
function unsynced(faults: Fault[], storage: Storage = {}, more: Partial<Parts> = {}): Parts {
  return {
    broker: { storage: { fsync: { interval: '100ms' }, confirm: 'before-sync', ...storage }, recovery: '1ms' },
    producer: { messages: 5, confirm: { timeout: '1s' }, retry: 'none' }, consumer: 'none', faults, ...more,
  };
}
const power = (unsynced: UnsyncedMode | undefined, at = '60ms'): Fault => ({ kind: 'crash', target: 'mq', scope: 'host', at, for: '10ms', ...(unsynced && { unsynced }) });
const torn: Fault = { kind: 'torn-write', target: 'mq.0.disk', at: '0s', for: '1s' };

/** What each of the messages 1 to 5 came to, by a short word: `-` is still there. */
function fates(parts: Parts): string {
  const lines = told(parts, 'dropped', 'altered');
  return [1, 2, 3, 4, 5].map((message) => /(?:dropped|altered) . \((\w+)/.exec(lines.find((line) => line.includes(` ${message} (`)) ?? '')?.[1] ?? '-').join(' ');
}
const over = (seeds: number, parts: Parts): Set<string> => new Set(Array.from({ length: seeds }, (_, seed) => fates({ ...parts, seed: seed + 1 })));

describe('of what was not synced a loss of power leaves', () => {
  it('nothing, unless something else is said', () => {
    expect(fates(unsynced([power(undefined)]))).toBe('unsynced unsynced unsynced unsynced unsynced');
    expect(fates(unsynced([power('all-lost')]))).toBe('unsynced unsynced unsynced unsynced unsynced');
  });

  it('the first ones, an unknown number of them', () => {
    const all = over(60, unsynced([power('random-suffix')]));
    expect([...all].sort()).toEqual([
      '- - - - -', '- - - - unsynced', '- - - unsynced unsynced', '- - unsynced unsynced unsynced', '- unsynced unsynced unsynced unsynced', 'unsynced unsynced unsynced unsynced unsynced',
    ].sort());
  });

  it('any of them; recovery ends the log at the first that is missing, and whole ones behind it are gone as well', () => {
    const all = [...over(60, unsynced([power('any-subset')]))];
    for (const each of all) expect(each).toMatch(/^(- ?)*(unsynced( unsynced| truncated)*)?$/);
    expect(all.some((each) => each.includes('unsynced truncated'))).toBe(true);
    expect(all.some((each) => each.startsWith('- - unsynced'))).toBe(true);
  });

  it('any of them; where nothing says what is whole, holes are taken for messages', () => {
    const all = [...over(60, unsynced([power('any-subset')], { checksum: false }))];
    // What is missing and has something behind it is delivered as something else; the tail is not there.
    expect(all.some((each) => /unsynced -/.test(each))).toBe(true);
    expect(all.every((each) => !each.includes('truncated'))).toBe(true);
    const parts = unsynced([power('any-subset')], { checksum: false }, { seed: 3 });
    const holes = told(parts, 'altered').length;
    expect(holes).toBeGreaterThan(0);
    expect(told(parts, 'altered', 'dropped')).toHaveLength(fates(parts).match(/unsynced/g)!.length);
  });

  it('all of them, the last not as it was written', () => {
    expect(fates(unsynced([power('corrupt-last')]))).toBe('- - - - corruption');
    expect(told(unsynced([power('corrupt-last')]), 'dropped', 'altered')).toEqual(['60 dropped 5 (corruption(F1))']);
    expect(told(unsynced([power('corrupt-last')], { checksum: false }), 'dropped', 'altered')).toEqual(['60 altered 5 (corruption(F1))']);
  });

  it('by laws that are what they are called: a uniform count, and a coin for each', () => {
    const draws = new Simulation({ seed: 1, replication: 0 }).stream('test');
    const [suffixes, subsets] = [new Map<number, number>(), new Map<string, number>()];
    for (let index = 0; index < 4000; index++) {
      const left = remnantsOf(3, { mode: 'random-suffix', draws }).filter((each) => each === 'whole').length;
      const subset = remnantsOf(3, { mode: 'any-subset', draws }).map((each) => each[0]).join('');
      suffixes.set(left, (suffixes.get(left) ?? 0) + 1);
      subsets.set(subset, (subsets.get(subset) ?? 0) + 1);
    }
    // 1000 of each of four, 500 of each of eight; five deviations are 137 and 105.
    expect([...suffixes.keys()].sort()).toEqual([0, 1, 2, 3]);
    for (const count of suffixes.values()) expect(Math.abs(count - 1000)).toBeLessThan(137);
    expect(subsets.size).toBe(8);
    for (const count of subsets.values()) expect(Math.abs(count - 500)).toBeLessThan(105);
  });

  it('nothing at all to ask about where all is synced', () => {
    for (const mode of ['random-suffix', 'any-subset', 'corrupt-last'] as const) expect(told(unsynced([power(mode, '150ms')]), 'dropped', 'altered')).toEqual([]);
  });

  it('is one draw: another fault does not change it', () => {
    const pause: Fault = { kind: 'pause', target: 'mq', at: '2s', for: '1ms' };
    for (let seed = 1; seed < 10; seed++) expect(fates(unsynced([power('any-subset'), pause], {}, { seed }))).toBe(fates(unsynced([power('any-subset')], {}, { seed })));
  });
});

describe('an acknowledgement that was not synced', () => {
  /** Taken in and synced at 20 ms, acknowledged at 118, not synced again before 200. */
  const handled = (unsynced: UnsyncedMode | undefined, storage: Storage = {}): Parts => ({
    broker: { storage: { fsync: { interval: '100ms' }, confirm: 'before-sync', ...storage }, recovery: '1ms' }, producer: { messages: 1 },
    consumer: { service: '105ms' }, connection: { heartbeat: '20ms', reconnect: { fixed: { delay: '1ms' } } }, faults: [power(unsynced, '150ms')],
  });
  it('is undone, or not, with its record', () => {
    expect(told(handled('all-lost'), 'rewound')).toEqual(['150 rewound 1 (unsynced(F1))']);
    // The last record is the removal's: the copy comes back, in one way or the other.
    expect(told(handled('corrupt-last'), 'rewound')).toEqual(['150 rewound 1 (corruption(F1))']);
    expect(told(handled('corrupt-last', { checksum: false }), 'rewound', 'altered')).toEqual(['150 rewound 1 (corruption(F1))']);
    const both = new Set(Array.from({ length: 20 }, (_, seed) => told({ ...handled('random-suffix'), seed: seed + 1 }, 'rewound').join()));
    expect([...both].sort()).toEqual(['', '150 rewound 1 (unsynced(F1))']);
  });
});

describe('a torn write', () => {
  const struck = (faults: Fault[], storage: Storage = {}): string[] => {
    const { system } = driveToQuiet(createScenario(smallSystem(unsynced(faults, storage))));
    return system.faults.struck.map(({ id, changed }) => `${id} ${changed}`);
  };

  it('is cut off by the recovery: what was lost with it names it', () => {
    expect(told(unsynced([torn, power(undefined)]), 'dropped').slice(0, 2)).toEqual(['60 dropped 1 (torn(F1))', '60 dropped 2 (unsynced(F2))']);
    expect(struck([torn, power(undefined)])).toEqual(['F1 1', 'F2 1']);
  });

  it('is delivered as something else where nothing says what is whole', () => {
    expect(told(unsynced([torn, power(undefined)], { checksum: false }), 'altered', 'dropped').slice(0, 2)).toEqual(['60 altered 1 (torn(F1))', '60 dropped 2 (unsynced(F2))']);
  });

  it('is never of what was synced: nothing was half done then, and that is told', () => {
    expect(told(unsynced([torn, power(undefined, '150ms')]), 'dropped')).toEqual([]);
    expect(struck([torn, power(undefined, '150ms')])).toEqual(['F1 0', 'F2 1']);
    const confirmedLate = unsynced([torn, power('random-suffix')], { fsync: 'always', confirm: 'after-sync', sync: '30ms' });
    const confirmed = told(confirmedLate, 'confirmed').map((line) => line.split(' ')[2]);
    expect(confirmed).toEqual(['1']);
    for (let seed = 1; seed < 20; seed++) expect(told({ ...confirmedLate, seed }, 'dropped').some((line) => line.includes('dropped 1 '))).toBe(false);
  });

  it('needs a host that dies: a process leaves what it wrote', () => {
    expect(told(unsynced([torn, { kind: 'crash', target: 'mq', at: '60ms', for: '10ms' }]), 'dropped')).toEqual([]);
  });
});

describe('what is delivered after the disk altered it', () => {
  const parts = unsynced([power('corrupt-last')], { checksum: false }, { consumer: { service: '1ms', prefetch: 1 }, connection: { heartbeat: '20ms', reconnect: { fixed: { delay: '1ms' } } } });

  it('breaks no-phantom, also as a dead letter; with checksums it does not', () => {
    const judged = (more: Partial<Parts>) => {
      const { system } = driveToQuiet(createScenario(smallSystem({ ...parts, faults: [{ kind: 'pause', target: 'consumers.workers', at: '1ms', for: '100ms' }, power('corrupt-last')], ...more })));
      return system.judged.find(({ invariant }) => invariant.claim === 'no-phantom')!.judge.verdict({} as never);
    };
    const altered = judged({});
    expect(altered).toMatchObject({ verdict: 'fail', violations: 1 });
    expect(altered.verdict === 'fail' && altered.witnesses[0]!.summary).toBe('It was published with 1000 bytes, and a disk gave back other bytes, which were delivered.');
    expect(judged({ broker: { ...parts.broker, storage: { fsync: { interval: '100ms' }, confirm: 'before-sync' } } })).toMatchObject({ verdict: 'pass' });
    const expiring = judged({
      jobs: { ttl: '80ms', deadLetter: 'dead' }, queues: { dead: {} }, consumers: { readers: { subscribe: 'mq/dead', service: '1ms' } }, consumer: 'none', faults: [power('corrupt-last')],
    });
    expect(expiring.verdict).toBe('fail');
  });
});

describe('a disk that stalls', () => {
  it('does what it is told when it goes on: what was under way when it began is done in time', () => {
    const parts: Parts = {
      broker: { storage: { fsync: 'always', sync: '4ms' } }, producer: { messages: 3, confirm: { timeout: '1s' } }, consumer: 'none',
      faults: [{ kind: 'disk-stall', target: 'mq.0.disk', at: '13ms', for: '60ms' }],
    };
    // Stored at 11, 21 and 31 ms: the sync of the first runs from 11 to 15; that of the others begins at 21, and ends 4 ms after the stall.
    expect(told(parts, 'confirmed')).toEqual(['15 confirmed 1', '77 confirmed 2', '81 confirmed 3']);
  });
});

describe('an fsync that fails', () => {
  const ways = (onSyncError: 'stop' | 'ignore', faults: Fault[] = []): Parts => ({
    broker: { storage: { fsync: 'always', sync: '4ms', onSyncError }, recovery: '1ms' }, producer: { messages: 4, confirm: { timeout: '1s' }, retry: 'none' }, consumer: 'none',
    connection: { heartbeat: '20ms', reconnect: { fixed: { delay: '1ms' } } },
    faults: [{ kind: 'io-error', target: 'mq.0.disk', at: '20ms', for: '10ms' }, ...faults],
  });

  it('ends the process of who knows what that means: nothing of it is confirmed', () => {
    const lines = told(ways('stop'), 'confirmed', 'confirm-lost', 'dropped');
    // The second, stored at 21, is being synced until 25; the broker is back at 31.
    expect(lines.slice(0, 2)).toEqual(['15 confirmed 1', '25 confirm-lost 2 (crash(F1))']);
    expect(told(ways('stop', [power(undefined, '200ms')]), 'dropped')).toEqual([]);
  });

  it('leaves a hole in the log of who goes on: all behind it is gone with the power, confirmed or not', () => {
    expect(told(ways('ignore'), 'confirmed', 'dropped').map((line) => line.split(' ').slice(1).join(' '))).toEqual(['confirmed 1', 'confirmed 2', 'confirmed 3', 'confirmed 4']);
    expect(told(ways('ignore', [power(undefined, '200ms')]), 'dropped')).toEqual(['200 dropped 2 (sync-failed(F1))', '200 dropped 3 (sync-failed(F1))', '200 dropped 4 (sync-failed(F1))']);
    expect(told(ways('ignore', [{ kind: 'crash', target: 'mq', at: '200ms', for: '10ms' }]), 'dropped')).toEqual([]);
  });

  it('is caught by confirm-means-durable at the instant of the confirm, before anything is lost', () => {
    const { system } = driveToQuiet(createScenario(smallSystem({ ...ways('ignore'), claims: ['confirm-means-durable'] })));
    const verdict = system.judged.find(({ invariant }) => invariant.claim === 'confirm-means-durable')!.judge.verdict({} as never);
    expect(verdict).toMatchObject({ verdict: 'fail', violations: 3, witnesses: [{ message: 'web.0-2', at: 25e6 }, {}, {}] });
  });

  it('has removals come back that were thought to be on the disk', () => {
    // Stored and synced at 15; acknowledged at 28, which is not.
    const slow: Parts = { ...ways('ignore'), producer: { messages: 1, confirm: {} }, consumer: { service: '15ms' }, faults: [{ kind: 'io-error', target: 'mq.0.disk', at: '20ms', for: '30ms' }, power(undefined, '200ms')] };
    expect(told(slow, 'rewound')).toEqual(['200 rewound 1 (sync-failed(F1))']);
  });
});

describe('a write in the place of another', () => {
  const misdirected = (share: number, storage: Storage = {}, faults: Fault[] = [power(undefined, '200ms')]): Parts => ({
    broker: { storage: { fsync: 'always', sync: '1ms', ...storage }, recovery: '1ms' }, producer: { messages: 5, confirm: {} }, consumer: 'none',
    faults: [{ kind: 'misdirected-write', target: 'mq.0.disk', at: '0s', share, for: '100ms' }, ...faults],
  });

  it('spoils both, which a recovery with checksums leaves out, and one without takes for something else', () => {
    expect(fates(misdirected(1))).toBe('misdirected misdirected misdirected misdirected misdirected');
    expect(new Set(told(misdirected(1, { checksum: false }), 'dropped', 'altered').map((line) => line.split(' ')[1]))).toEqual(new Set(['altered']));
    // One of the five, and another one before it, where there is one.
    const some = [...over(60, misdirected(0.2))];
    expect(some).toContain('- - - - -');
    expect(some.some((each) => each.split('misdirected').length === 3)).toBe(true);
  });

  it('shows when the disk is read after a loss of power, and not before', () => {
    expect(told(misdirected(1, {}, []), 'dropped', 'altered')).toEqual([]);
    expect(told(misdirected(1, {}, [{ kind: 'crash', target: 'mq', at: '200ms', for: '10ms' }]), 'dropped', 'altered')).toEqual([]);
  });
});

it('a share of the syncs fails, drawn for each', () => {
  const failed = (share: number): number => driveToQuiet(createScenario(smallSystem({
    broker: { storage: { fsync: 'always', sync: '1ms', onSyncError: 'ignore' }, recovery: '1ms' }, producer: { messages: 50, confirm: {} }, consumer: 'none',
    faults: [{ kind: 'io-error', target: 'mq.0.disk', share, at: '0s', for: '9s' }],
  }))).system.faults.struck[0]!.changed;
  expect(failed(1)).toBe(50);
  expect(failed(0.2)).toBeGreaterThan(2);
  expect(failed(0.2)).toBeLessThan(25);
});

describe('a bit that flips', () => {
  const flipped = (storage: Storage = {}, records = 1, faults: Fault[] = [power(undefined, '200ms')]): Parts => ({
    broker: { storage: { fsync: 'always', sync: '1ms', ...storage }, recovery: '1ms' }, producer: { messages: 5, confirm: {} }, consumer: 'none',
    faults: [{ kind: 'bit-flip', target: 'mq.0.disk', at: '100ms', records }, ...faults],
  });

  it('is found by a recovery with checksums, which leaves out that record alone', () => {
    expect(fates(flipped())).toMatch(/^(- )*corruption( -)*$/);
    expect(fates(flipped({}, 5))).toBe('corruption corruption corruption corruption corruption');
    expect(told(flipped(), 'dropped', 'altered')).toEqual([expect.stringMatching(/^200 dropped \d \(corruption\(F1\)\)$/)]);
  });

  it('is delivered as something else where nothing says what was written', () => {
    expect(told(flipped({ checksum: false }), 'dropped', 'altered')).toEqual([expect.stringMatching(/^200 altered \d \(corruption\(F1\)\)$/)]);
  });

  it('shows in any of them, and not before the disk is read after a loss of power', () => {
    expect(over(40, flipped()).size).toBe(5);
    expect(told(flipped({}, 5, []), 'dropped', 'altered')).toEqual([]);
    expect(told(flipped({}, 5, [{ kind: 'crash', target: 'mq', at: '200ms', for: '10ms' }]), 'dropped', 'altered')).toEqual([]);
  });

  it('says how many there were to be altered', () => {
    const changed = (parts: Parts): number => driveToQuiet(createScenario(smallSystem(parts))).system.faults.struck[0]!.changed;
    expect(changed(flipped({}, 3))).toBe(3);
    expect(changed(flipped({}, 9))).toBe(5);
    expect(changed({ ...flipped({ durable: false }), consumer: 'none' })).toBe(0);
  });
});
