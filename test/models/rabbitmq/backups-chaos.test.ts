/** Backups and restores at any time, among other faults: whatever happens, every copy is somewhere, and in the end nothing is left. `FAULTLINE_RUNS` sets how many. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { System } from '../../../models/build.ts';
import { createScenario, type ScenarioSettings } from '../../../scenarios/define.ts';
import { driveToQuiet } from '../driven.ts';
import { clusterSystem, type ClusterParts, type Fault } from './cluster-system.ts';

const runs = Number(process.env['FAULTLINE_RUNS'] ?? 120);

const time = (least: number, most: number) => fc.integer({ min: least, max: most }).map((ms) => `${ms}ms`);

const backup: fc.Arbitrary<Fault> = fc.record({
  kind: fc.constant('backup' as const), target: fc.constant('mq'), of: fc.constantFrom('stopped' as const, 'snapshot' as const, 'snapshot' as const, 'definitions' as const), at: time(0, 15_000),
  every: fc.constantFrom('3s', '5s', '40s'), bandwidth: fc.constantFrom('10kB/s', '100MB/s'),
}).map(({ bandwidth, ...rest }) => ({ ...rest, ...(rest.of !== 'definitions' && { bandwidth }) }));
const restore: fc.Arbitrary<Fault> = fc.record({ kind: fc.constant('restore' as const), target: fc.constant('mq'), at: time(3000, 40_000), after: time(0, 5000) });

function otherOf(count: number): fc.Arbitrary<Fault> {
  const at = time(0, 30_000);
  const lasting = time(100, 20_000);
  const target = fc.nat(count - 1).map((index) => `mq.${index}`);
  return fc.oneof(
    fc.record({ kind: fc.constant('partition' as const), between: fc.constantFrom(['mq.0', 'mq.1'] as [string, string], ['mq.0', 'consumers.w'] as [string, string]), at, for: lasting }),
    fc.record({ kind: fc.constant('crash' as const), target, scope: fc.constantFrom('process' as const, 'host' as const), at, for: lasting }),
    fc.record({ kind: fc.constant('pause' as const), target, at, for: lasting }),
    fc.record({ kind: fc.constant('stop' as const), target, at, for: lasting }),
    fc.record({ kind: fc.constant('crash' as const), target: fc.constantFrom('consumers.w', 'producers.web.0'), at, for: lasting }),
  );
}

const brokers: fc.Arbitrary<ScenarioSettings> = fc.record({
  nodes: fc.constantFrom(2, 3), version: fc.constantFrom('3.10' as const, '3.13' as const, '4.2' as const, '4.3' as const), type: fc.constantFrom('classic' as const, 'quorum' as const, 'stream' as const),
  isMirrored: fc.boolean(), deliveryMode: fc.constantFrom('persistent' as const, 'persistent' as const, 'transient' as const), confirm: fc.boolean(), letters: fc.boolean(), mustArrive: fc.boolean(), size: fc.constantFrom('1kB', '5kB'),
  ttl: fc.constantFrom('Infinity', '2s'), offset: fc.constantFrom('first' as const, 'next' as const, 'stored' as const), seed: fc.nat(1_000_000), ties: fc.constantFrom('scheduled' as const, 'shuffled' as const),
  backups: fc.array(backup, { minLength: 1, maxLength: 2 }), restores: fc.array(restore, { minLength: 1, maxLength: 2 }),
  others: fc.integer({ min: 0, max: 3 }).chain((length) => fc.array(otherOf(2), { minLength: length, maxLength: length })),
}).map(({ nodes, version, type, isMirrored, deliveryMode, confirm, letters, mustArrive, size, ttl, offset, seed, ties, backups, restores, others }) => {
  const isStream = type === 'stream';
  const policies = isMirrored && type === 'classic' && version.startsWith('3') ? [{ name: 'ha', pattern: '^jobs$', definition: { 'ha-mode': 'all' as const } }] : [];
  // A node of 3.10 that forgot the queue they go to never lets them arrive.
  const arrives = mustArrive && type === 'quorum' && version !== '3.10' && { 'x-dead-letter-strategy': 'at-least-once' as const, 'x-overflow': 'reject-publish' as const };
  const args = { ...(letters && arrives), ...(letters && !isStream && { 'x-dead-letter-exchange': '', 'x-dead-letter-routing-key': 'dead' }), ...(ttl !== 'Infinity' && !isStream && { 'x-message-ttl': ttl }) };
  const parts: ClusterParts = {
    broker: { nodes, version, policies, config: { net_ticktime: 4, heartbeat: 3 }, queues: { dead: {} } },
    jobs: { arguments: { 'x-queue-type': type, ...args } },
    producer: {
      count: 2, arrivals: { poisson: { rate: '5/s' } }, messages: 120, size, deliveryMode, ...(confirm ? { confirm: { timeout: '2s' }, retry: { fixed: { delay: '200ms' }, attempts: 3 } } : { confirm: 'none' as const }),
    },
    consumers: { w: { count: 2, subscribe: 'mq/jobs', prefetch: 5, service: { exponential: { mean: '250ms' } }, failure: { probability: 0.1, then: letters ? 'reject' : 'requeue' }, ...(isStream && { offset }) } },
    // A queue with two leaders is refused.
    faults: [...backups, ...restores, ...others.map((other) => (policies.length > 0 && (other.kind === 'pause' || other.kind === 'partition') ? { ...other, for: '2900ms' } : other))],
  };
  const settings = clusterSystem(parts);
  return { ...settings, seed, ties, phases: { measure: '50s', drain: '4000s' }, network: { ...settings.network, default: { latency: '1ms' } } };
});

function checkBalance({ world }: System): void {
  for (const broker of world.brokers.values()) {
    const counted = world.ledger.buckets.heldIn(broker.queues);
    if (broker.held() !== counted) throw new Error(`${broker.port.name} holds ${broker.held()} copies, the ledger counts ${counted}`);
  }
  for (const queue of world.ledger.queues) {
    let sum = queue.ready.value + queue.inFlight.value + queue.acknowledged + queue.deadLettered;
    for (const count of queue.dropped.values()) sum += count;
    if (sum !== queue.stored) throw new Error(`${queue.name} stored ${queue.stored} copies, and ${sum} are in its buckets`);
  }
}

/** What each kind of backup has: of which queues, in which release, everything that was confirmed. */
const promises: readonly (readonly [of: 'stopped' | 'snapshot', type: 'classic' | 'quorum', version: '3.10' | '4.2' | '4.3'])[] = [
  ['snapshot', 'classic', '3.10'], ['stopped', 'classic', '3.10'], ['stopped', 'classic', '4.2'], ['snapshot', 'quorum', '4.3'], ['stopped', 'quorum', '3.10'],
];

const restored = (of: 'stopped' | 'snapshot', type: 'classic' | 'quorum', version: '3.10' | '4.2' | '4.3'): fc.Arbitrary<ScenarioSettings> =>
  fc.record({ at: time(0, 3000), every: fc.constantFrom('1s', '2s', '40s'), lostAt: time(1000, 8000), nodes: fc.constantFrom(1, 3), size: fc.constantFrom('1kB', '5kB'), service: fc.constantFrom('50ms', '300ms'), seed: fc.nat(1_000_000), crash: time(0, 9000) })
    .map(({ at, every, lostAt, nodes, size, service, seed, crash }) => {
      const settings = clusterSystem({
        broker: { nodes, version, config: { net_ticktime: 4, heartbeat: 1 } }, jobs: { arguments: { 'x-queue-type': type, ...(type === 'quorum' && { 'x-delivery-limit': 100 }) } },
        producer: { arrivals: { poisson: { rate: '10/s' } }, messages: 60, size, confirm: { timeout: '1s' }, retry: { fixed: { delay: '200ms' } } },
        consumers: { w: { count: 2, subscribe: 'mq/jobs', prefetch: 5, service: { exponential: { mean: service } } } },
        faults: [
          { kind: 'backup', target: 'mq', of, at, every }, { kind: 'restore', target: 'mq', at: lostAt, after: '500ms' },
          { kind: 'crash', target: 'consumers.w.0', at: crash, for: '500ms' },
        ],
      });
      return { ...settings, seed, phases: { measure: '20s', drain: '4000s' }, network: { ...settings.network, default: { latency: '1ms' } } };
    });

/** Confirmed before the backup, never handled, and lost with the disks all the same. */
function watchPromises({ world, judged }: System, broken: string[]): void {
  const { ledger, recoveries } = world;
  const confirmedAt = new Map<string, number>();
  ledger.history = (event, message) => {
    if (event === 'confirm-received' && !confirmedAt.has(world.nameOf(message))) confirmedAt.set(world.nameOf(message), world.sim.now);
  };
  ledger.judgedBy([...judged.map(({ judge }) => judge), {
    closed: (message) => {
      const loss = ledger.branches.lastLoss(message, 0);
      const recovery = recoveries.all.find(({ cause }) => cause === loss?.cause);
      if (recovery === undefined || ledger.branches.effects(message, 0) > 0) return;
      if ((confirmedAt.get(world.nameOf(message)) ?? Infinity) <= (recovery.backup?.takenAt ?? -1)) broken.push(world.nameOf(message));
    },
  }]);
}

const reached = new Map<string, number>();

describe('a broker that is backed up and restored', () => {
  it('keeps its books, comes to rest, and forgets nothing', () => {
    fc.assert(
      fc.property(brokers, (settings) => {
        const { system, isQuiet } = driveToQuiet(createScenario(settings), { eventsMax: 400_000, afterEvent: checkBalance });
        for (const [path, times] of Object.entries(system.world.sim.trace.reachedPaths)) reached.set(path, (reached.get(path) ?? 0) + times);
        for (const { broughtBack, kept } of system.world.recoveries.all.map(({ again, kept }) => ({ broughtBack: again, kept }))) {
          if (broughtBack > 0) reached.set('broughtBack', (reached.get('broughtBack') ?? 0) + 1);
          if (kept > 0) reached.set('kept', (reached.get('kept') ?? 0) + 1);
        }
        expect(isQuiet).toBe(true);
        const { attempts, copies, deliveries, brokers, recoveries } = system.world;
        const broker = brokers.get('mq')!;
        expect(broker.isIdle()).toBe(true);
        for (const { saved } of recoveries.backups) saved?.release();
        expect({ attempts: attempts.alive, copies: copies.alive, deliveries: deliveries.alive }).toEqual({ attempts: 0, copies: broker.held(), deliveries: 0 });
        for (const recovery of recoveries.all) expect(recovery.servesAt).toBeDefined();
      }),
      { numRuns: runs, seed: 1 },
    );
  }, 300_000);

  it.each(promises)('has all that was confirmed before: %s, %s, %s', (of, type, version) => {
    let lost = 0;
    fc.assert(
      fc.property(restored(of, type, version), (settings) => {
        const broken: string[] = [];
        const { system, isQuiet } = driveToQuiet(createScenario(settings), { afterEvent: checkBalance, built: (built) => watchPromises(built, broken) });
        system.world.ledger.closeAll();
        expect({ isQuiet, broken }).toEqual({ isQuiet: true, broken: [] });
        lost += system.world.recoveries.all.reduce((sum, { gone }) => sum + gone, 0);
      }),
      { numRuns: Math.ceil(runs / 3), seed: 1 },
    );
    // It would hold as well if nothing ever were lost.
    expect(lost).toBeGreaterThan(0);
  }, 300_000);

  it('where a snapshot of storage v2 has not', () => {
    const broken: string[] = [];
    fc.assert(
      fc.property(restored('snapshot', 'classic', '4.2'), (settings) => {
        const { system } = driveToQuiet(createScenario(settings), { built: (built) => watchPromises(built, broken) });
        system.world.ledger.closeAll();
      }),
      { numRuns: 20, seed: 1 },
    );
    expect(broken.length).toBeGreaterThan(0);
  });

  it('took the rare paths', () => {
    const wanted = ['node.crashed.disk', 'fault.backup', 'fault.restore', 'ledger.broughtBack', 'broughtBack', 'kept', 'broker.deadLettered', 'broker.expired', 'raft.elected', 'mirror.unsynchronised', 'publisher.retried'];
    expect(wanted.filter((path) => !reached.has(path))).toEqual([]);
  });
});
