/**
 * What is in a backup, what a restore from it loses and brings back, and what that takes. Rules of rabbitmq.com/docs/backup: messages are
 * backed up on stopped nodes, definitions on running ones; nodes of the same names begin anew from a copied directory.
 */
import { describe, expect, it } from 'vitest';
import { createScenario } from '../../../scenarios/define.ts';
import { explainMessage } from '../../../scenarios/explain.ts';
import type { RecoveryResult } from '../../../scenarios/result.ts';
import { runScenario } from '../../../scenarios/run.ts';
import { type ClusterParts, clusterSystem, type Consumer, type Fault, order, quorum, run, told } from './cluster-system.ts';

const backup = (of: 'stopped' | 'snapshot' | 'definitions', at: string, more: object = {}): Fault => ({ kind: 'backup', target: 'mq', of, at, ...more });
const loss = (at = '50ms', after = '1s', more: object = {}): Fault => ({ kind: 'restore', target: 'mq', at, after, ...more });
const worker = (more: Partial<Consumer> = {}): Consumer => ({ subscribe: 'mq/jobs', service: '5ms', ...more });
const stream = { arguments: { 'x-queue-type': 'stream' as const } };
/** Publishers give up at the loss, and leave the story as it is. */
const producer = { confirm: { timeout: '15ms' as const }, retry: 'none' as const };

/** What became of copies in the loss and the restore. */
const story = (parts: ClusterParts): string[] => order(told({ producer, ...parts }, 'dropped', 'brought-back', 'kept-by-backup'));
const gone = (...messages: number[]): string[] => messages.map((each) => `dropped ${each} (not-in-backup(F2))`);
const kept = (...messages: number[]): string[] => messages.map((each) => `kept-by-backup ${each} (backup(F1))`);
const back = (...messages: number[]): string[] => messages.map((each) => `brought-back ${each} (backup(F1))`);

describe('a snapshot of the disks', () => {
  // Published at 10, 20 and 30 ms; on disk and confirmed a millisecond later. The disks are lost at 50 ms.
  it.each<[string, ClusterParts, string[]]>([
    ['has what was on disk', { faults: [backup('snapshot', '25ms'), loss()] }, [...gone(3), ...kept(1, 2)]],
    ['and nothing that its queue had only taken in', { faults: [backup('snapshot', '20500us'), loss()] }, [...gone(2, 3), ...kept(1)]],
    ['has nothing of storage v2 that the kernel had not written back, though it was confirmed', { broker: { version: '4.2' }, faults: [backup('snapshot', '45ms'), loss()] }, gone(1, 2, 3)],
    ['has what the kernel had written back after 30 to 35 s', { broker: { version: '4.2' }, faults: [backup('snapshot', '36s'), loss('40s')] }, kept(1, 2, 3)],
    ['has nothing transient', { producer: { ...producer, deliveryMode: 'transient' }, faults: [backup('snapshot', '45ms'), loss()] }, gone(1, 2, 3)],
    ['has what a majority of a quorum queue has', { jobs: quorum(), broker: { nodes: 3 }, faults: [backup('snapshot', '25ms'), loss()] }, [...gone(3), ...kept(1, 2)]],
    ['has a stream as far as the kernels of a majority had written it back', { jobs: stream, broker: { nodes: 3 }, faults: [backup('snapshot', '36s'), loss('40s')] }, []],
    ['and no further', { jobs: stream, broker: { nodes: 3 }, faults: [backup('snapshot', '25s'), loss('40s')] }, gone(1, 2, 3)],
  ])('%s', (_, parts, expected) => {
    expect(story(parts)).toEqual(expected);
  });
});

describe('a backup of stopped nodes', () => {
  it.each<[string, ClusterParts, string[]]>([
    ['has everything that is to survive a restart', { faults: [backup('stopped', '35ms'), loss('5s')] }, kept(1, 2, 3)],
    ['also with storage v2, for what is written can be read', { broker: { version: '4.2' }, faults: [backup('stopped', '35ms'), loss('5s')] }, kept(1, 2, 3)],
    ['and what nobody waited for', { producer: { confirm: 'none' }, faults: [backup('stopped', '35ms'), loss('5s')] }, kept(1, 2, 3)],
    ['of a quorum queue', { jobs: quorum(), broker: { nodes: 3 }, faults: [backup('stopped', '35ms'), loss('5s')] }, kept(1, 2, 3)],
    ['of a mirrored queue', { broker: { nodes: 2, policies: [{ name: 'ha', pattern: '^jobs$', definition: { 'ha-mode': 'all' } }] }, faults: [backup('stopped', '35ms'), loss('5s')] }, kept(1, 2, 3)],
    ['of a stream', { jobs: stream, broker: { nodes: 3 }, faults: [backup('stopped', '35ms'), loss('5s')] }, []],
  ])('%s', (_, parts, expected) => {
    expect(story(parts)).toEqual(expected);
  });

  it('stops all nodes, and they boot again', () => {
    expect(run({ producer, broker: { nodes: 2 }, faults: [backup('stopped', '1s', { bandwidth: '1kB/s' })] }).nodes).toEqual([
      '1000 mq.0 down (stop(F1))', '1000 mq.1 down (stop(F1))', '5500 mq.0 up', '5500 mq.1 up',
    ]);
  });

  it('cannot be had while a node stands still', () => {
    const { warnings } = runScenario(createScenario(clusterSystem({ faults: [{ kind: 'pause', target: 'mq.0', at: '20ms', for: '50ms' }, backup('stopped', '25ms')] })));
    expect(warnings).toEqual(['F2 (backup of stopped nodes mq) changed nothing']);
  });
});

describe('a restore', () => {
  it('has no message from an export of definitions', () => {
    expect(story({ faults: [backup('definitions', '45ms'), loss()] })).toEqual(gone(1, 2, 3));
  });

  it('has nothing where nothing was backed up', () => {
    expect(story({ faults: [backup('snapshot', '5s'), loss()] })).toEqual(gone(1, 2, 3));
  });

  it('is from the last backup that was finished: copying one takes its bytes by the bandwidth', () => {
    // 3 messages of 1 kB and 500 B beside: 4.5 s at 1 kB/s. The second backup, of 2.5 s, is still copied when the disks are lost.
    const again = (at: string): string[] => story({ faults: [backup('snapshot', '100us', { every: '2500ms', bandwidth: '1kB/s' }), loss(at)] });
    expect(again('6900ms')).toEqual(gone(1, 2, 3));
    expect(again('7100ms')).toEqual(kept(1, 2, 3));
  });

  it('is from messages rather than from definitions that were exported later', () => {
    expect(order(told({ producer, faults: [backup('snapshot', '35ms'), loss(), backup('definitions', '45ms')] }, 'dropped'))).toEqual([]);
  });

  /** A worker of 5 ms has acknowledged 1 at 15 ms and 2 at 25 ms; the flush for 2, at 20 ms, takes along that 1 was removed. */
  const worked = (faults: Fault[], more: ClusterParts = {}): string[] =>
    order(told({ producer, consumers: { w: worker() }, faults, ...more }, 'acknowledged', 'brought-back', 'kept-by-backup', 'duplicate-effect', 'deduplicated', 'dropped'));
  const all = ['acknowledged 1', 'acknowledged 2', 'acknowledged 3'];

  it.each<[string, ClusterParts]>([['classic', {}], ['quorum', { jobs: quorum(), broker: { nodes: 3 } }]])('brings back what was acknowledged after the backup: %s', (_, more) => {
    // Held by its worker at 22 ms: in the backup, and handled a second time.
    const lines = worked([backup('snapshot', '22ms'), loss('2s')], more);
    expect(lines).toEqual([...all, ...back(2), 'duplicate-effect 2', 'acknowledged 2']);
  });

  it('brings back nothing whose removal was on the disk then', () => {
    expect(worked([backup('snapshot', '1s'), loss('2s')])).toEqual(all);
    expect(worked([backup('stopped', '100ms'), loss('5s')])).toEqual(all);
  });

  it('has an idempotency store hold back what comes again', () => {
    const lines = worked([backup('snapshot', '22ms'), loss('2s')], { consumers: { w: worker({ idempotency: {} }) } });
    expect(lines).toEqual([...all, ...back(2), 'deduplicated 2', 'acknowledged 2']);
  });

  it('has a message back in its queue that was dead-lettered meanwhile, and not in the other', () => {
    const letters = { 'x-dead-letter-exchange': '', 'x-dead-letter-routing-key': 'dead' };
    for (const args of [letters, { ...letters, 'x-queue-type': 'quorum' as const }]) {
      const { lines, system } = run({
        producer: { ...producer, messages: 1 }, jobs: { arguments: args }, broker: { queues: { dead: {} } }, faults: [backup('snapshot', '15ms'), loss('2s')],
        consumers: { w: worker({ service: '20ms', failure: { probability: 1, then: 'reject' } }) },
      }, 'dead-lettered', 'dropped', 'brought-back');
      expect(order(lines)).toEqual(['dead-lettered 1 in dead (rejected)', 'dropped 1 in dead (not-in-backup(F2))', ...back(1), 'dead-lettered 1 in dead (rejected)']);
      system.world.ledger.closeAll();
      expect(system.world.ledger.totals).toMatchObject({ stored: 4, deadLettered: 2 });
    }
  });

  it('brings a dead letter back as one', () => {
    const { lines, system } = run({
      producer: { ...producer, messages: 1 }, jobs: { arguments: { 'x-dead-letter-exchange': '', 'x-dead-letter-routing-key': 'dead' } }, broker: { queues: { dead: {} } },
      consumers: { w: worker({ failure: { probability: 1, then: 'reject' } }), menders: { subscribe: 'mq/dead', service: '2s' } }, faults: [backup('snapshot', '1s'), loss('3s')],
    }, 'dead-lettered', 'brought-back', 'acknowledged', 'duplicate-effect');
    expect(order(lines)).toEqual(['dead-lettered 1 in dead (rejected)', 'acknowledged 1 in dead', 'brought-back 1 in dead (backup(F1))', 'duplicate-effect 1 in dead', 'acknowledged 1 in dead']);
    expect(system.world.ledger.totals.duplicates).toBe(1);
  });

  /** Rejected at 30 ms, by a worker of 20 ms; where dead letters must arrive and nobody takes them, they stay. */
  const staying = (at: string) => {
    const letters = { 'x-dead-letter-exchange': '', 'x-dead-letter-routing-key': 'nobody', 'x-dead-letter-strategy': 'at-least-once' as const, 'x-overflow': 'reject-publish' as const };
    const consumers = { w: worker({ service: '20ms', failure: { probability: 1, then: 'reject' } }) };
    const lines: string[] = [];
    const told = ['delivered', 'dropped', 'brought-back', 'kept-by-backup', 'requeued'];
    const scenario = createScenario(clusterSystem({ producer: { ...producer, messages: 1 }, jobs: quorum(letters), consumers, faults: [backup('snapshot', at), loss('2s')] }));
    // It never comes to rest: the worker tries again each three minutes.
    const { copies } = runScenario(scenario, { history: ({ what, cause, delivery }) => { if (told.includes(what)) lines.push(`${what} ${delivery === 2 ? '1 #2' : '1'}${cause === undefined ? '' : ` (${cause})`}`); } });
    return { lines, held: copies.ready + copies.inFlight };
  };
  it('has a dead letter that stays until it arrived, and that is not delivered again', () => {
    expect(staying('1s')).toEqual({ lines: ['delivered 1', 'requeued 1 (crash(F2))', ...kept(1)], held: 1 });
  });
  it('or that message in its line, where it had not died by the time of the backup', () => {
    expect(staying('20ms')).toEqual({ lines: ['delivered 1', 'requeued 1 (crash(F2))', ...kept(1), 'delivered 1 #2'], held: 1 });
  });
  it('or not at all, where it had not come', () => {
    expect(staying('1ms')).toEqual({ lines: ['delivered 1', 'requeued 1 (crash(F2))', 'dropped 1 (not-in-backup(F2))'], held: 0 });
  });

  it.each<[string, ClusterParts]>([['classic', {}], ['quorum', { jobs: quorum() }]])('has all in the order in which it stood: %s', (_, more) => {
    const consumers = { w: worker({ service: '50ms', prefetch: 1 }) };
    const lines = order(told({ producer: { ...producer, messages: 5 }, consumers, faults: [backup('snapshot', '55ms'), loss('130ms')], ...more }, 'delivered'));
    // The worker had two of them when the disks were lost, and those come first.
    expect(lines.slice(3).map((line) => line.replace(/ #2$/, ''))).toEqual([1, 2, 3, 4, 5].map((each) => `delivered ${each}`));
  });

  it('counts as a return of what consumers of a quorum queue held then (delivery limit)', () => {
    const jobs = quorum({ 'x-delivery-limit': 1 });
    const consumers = { w: worker({ service: '1s', failure: { probability: 1, then: 'requeue' } }) };
    const drops = (at: string): string[] => told({ producer: { ...producer, messages: 1 }, jobs, consumers, faults: [backup('snapshot', at), loss('900ms')] }, 'dropped', 'delivered').filter((line) => Number.parseFloat(line) > 900) as string[];
    // Ready at 10 ms, and held from 11 ms on: once more, and then it is too often.
    expect(order(drops('500ms'))).toEqual(['delivered 1 #2', 'dropped 1 (delivery-limit)']);
  });

  it('flags what it knows no better: of a snapshot everything, of stopped nodes what was held', () => {
    const flagged = (of: 'stopped' | 'snapshot'): number => {
      const { system } = run({ producer, faults: [backup(of, '45ms'), loss('5s')] });
      const { copies } = system.world;
      return [...copies.ids()].reduce((sum, copy) => sum + (system.world.brokers.get('mq') as unknown as { copies: { redelivered: Uint8Array } }).copies.redelivered[copy]!, 0);
    };
    expect(flagged('snapshot')).toBe(3);
    expect(flagged('stopped')).toBe(0);
  });

  it('leaves a stream whose readers begin where they say', () => {
    const consumers = { w: worker({ offset: 'first', prefetch: 10 }) };
    const parts = (at: string): ClusterParts => ({ jobs: stream, broker: { nodes: 3 }, consumers, producer, faults: [backup('snapshot', at), loss('40s')] });
    expect(order(told(parts('36s'), 'duplicate-effect'))).toEqual([1, 2, 3].map((each) => `duplicate-effect ${each}`));
    expect(order(told(parts('25s'), 'duplicate-effect'))).toEqual([]);
  });

  it('survives a kill and a loss of power afterwards', () => {
    for (const scope of ['process', 'host'] as const) {
      expect(story({ faults: [backup('snapshot', '45ms'), loss(), { kind: 'crash', target: 'mq.0', scope, at: '40s', for: '1s' }] })).toEqual(kept(1, 2, 3));
    }
  });

  it('can be made again, from the same backup', () => {
    const faults = [backup('snapshot', '25ms'), loss('2s'), loss('10s')];
    expect(story({ consumers: {}, faults })).toEqual([...gone(3), ...kept(1, 2), ...kept(1, 2).map((line) => line.replace('F2', 'F3'))]);
  });

  it('is not begun while another one is under way', () => {
    const { warnings } = runScenario(createScenario(clusterSystem({ faults: [backup('snapshot', '25ms'), loss('2s'), loss('2500ms'), backup('snapshot', '2600ms')] })));
    expect(warnings).toEqual(['F3 (loss of the disks, restore mq) changed nothing', 'F4 (disk snapshot mq) changed nothing']);
  });
});

describe('what a recovery cost and took', () => {
  const recovery = (parts: ClusterParts): RecoveryResult => runScenario(createScenario(clusterSystem({ producer, ...parts }))).recoveries[0]!;

  it('is told by its instants: 3 s of an operator, the copying, the boot', () => {
    expect(recovery({ faults: [backup('snapshot', '25ms'), loss('2s', '3s', { bandwidth: '1kB/s' })] })).toEqual({
      fault: 'F2', broker: 'mq', backup: { fault: 'F1', of: 'snapshot', takenAt: 0.025, finishedAt: 0.02503, messages: 2, bytes: 3000 },
      // 3000 B at 1 kB/s, and 200 ms of boot.
      lostAt: 2, startedAt: 8, servedAt: 8.2, drainedAt: null, recoveryPoint: 1.975, recoveryTime: 6.2, drainTime: 'Infinity',
      messagesLost: 1, lostBeforeBackup: 0, oldestLost: 1.97, copiesLost: 1, copiesKept: 2, broughtBack: 0, duplicates: 0, heldBack: 0,
    });
  });

  it('includes the election of a quorum queue', () => {
    const { servedAt, startedAt } = recovery({ jobs: quorum(), broker: { nodes: 3 }, faults: [backup('snapshot', '25ms'), loss('2s')] });
    expect(servedAt! - startedAt!).toBeGreaterThan(0.2 + 0.1);
    expect(servedAt! - startedAt!).toBeLessThan(2.5);
  });

  it('ends with the backlog: the last of those that had waited, and what came back', () => {
    const { drainedAt, servedAt, duplicates, broughtBack, heldBack } = recovery({ consumers: { w: worker({ service: '500ms', prefetch: 10 }) }, faults: [backup('snapshot', '45ms'), loss('10s')] });
    expect({ duplicates, broughtBack, heldBack }).toEqual({ duplicates: 3, broughtBack: 3, heldBack: 0 });
    expect(drainedAt! - servedAt!).toBeGreaterThanOrEqual(1.5);
    expect(drainedAt! - servedAt!).toBeLessThan(3);
  });

  it('counts what was confirmed and lost although it is older than the backup', () => {
    const { messagesLost, lostBeforeBackup, oldestLost } = recovery({ broker: { version: '4.2' }, faults: [backup('snapshot', '45ms'), loss('1s')] });
    expect({ messagesLost, lostBeforeBackup, oldestLost }).toEqual({ messagesLost: 3, lostBeforeBackup: 3, oldestLost: 0.99 });
  });

  it('counts nothing that was handled, or that nobody promised', () => {
    expect(recovery({ consumers: { w: worker() }, faults: [backup('snapshot', '1ms'), loss('1s')] })).toMatchObject({ messagesLost: 0, copiesLost: 0, oldestLost: null });
    expect(recovery({ producer: { confirm: 'none' }, faults: [backup('snapshot', '1ms'), loss('1s')] })).toMatchObject({ messagesLost: 0, copiesLost: 3 });
  });

  it('has no recovery point without messages, and no time when it was cut short', () => {
    expect(recovery({ faults: [backup('definitions', '1ms'), loss()] })).toMatchObject({ recoveryPoint: 'Infinity', backup: { of: 'definitions', messages: 0, bytes: 0 } });
    expect(recovery({ faults: [loss()] })).toMatchObject({ recoveryPoint: 'Infinity', backup: null });
    expect(recovery({ faults: [loss('299s', '10s')] })).toMatchObject({ startedAt: 300, recoveryTime: null, drainTime: null });
  });

  it('is bounded by objectives that can be missed', () => {
    const judge = (faults: Fault[], ...objectives: string[]): (boolean | null)[] =>
      runScenario(createScenario({ ...clusterSystem({ producer, faults }), objectives })).objectives.map(({ met }) => met);
    const faults = [backup('snapshot', '25ms'), loss('2s', '3s')];
    expect(judge(faults, 'recoveryPoint() < 2s', 'recoveryTime() < 4s', 'recoveryLoss() <= 1', 'recoveryDrain() < 1h')).toEqual([true, true, true, false]);
    expect(judge(faults, 'recoveryPoint() < 1s', 'recoveryTime() < 3s', 'recoveryLoss() <= 0')).toEqual([false, false, false]);
    expect(judge([loss('2s')], 'recoveryPoint() < 24h')).toEqual([false]);
    expect(judge([loss('299s', '10s')], 'recoveryTime() < 1h')).toEqual([null]);
    expect(judge([], 'recoveryPoint() < 2s', 'recoveryTime() < 4s', 'recoveryLoss() <= 1', 'recoveryDrain() < 1h')).toEqual([null, null, null, null]);
  });

  it('may be allowed by at-least-once, and else breaks it', () => {
    const verdict = (allow: 'not-in-backup'[]) => runScenario(createScenario({
      ...clusterSystem({ producer, consumers: { w: worker({ service: '20s' }) }, faults: [backup('snapshot', '25ms'), loss('1s')] }), claims: [{ 'at-least-once': { allow } }],
    })).verdicts[0]!;
    expect(verdict([])).toMatchObject({ verdict: 'fail', reason: '1 confirmed message was never handled' });
    expect(verdict(['not-in-backup'])).toMatchObject({ verdict: 'pass' });
  });
});

describe('the story of a message', () => {
  const lifeOf = (message: number, parts: ClusterParts): string[] =>
    explainMessage(createScenario(clusterSystem({ producer, ...parts })), `web.0-${message}`).life.filter(({ what }) => ['dropped', 'brought-back', 'kept-by-backup'].includes(what)).map(({ text }) => text);

  it.each<[string, number, ClusterParts, string]>([
    ['lost, since it came after the backup', 3, { faults: [backup('snapshot', '25ms'), loss('2s')] }, 'DROPPED: not-in-backup(F2): the disks were lost, and it was stored after the backup of 25 ms'],
    ['lost, since it was not on disk then', 1, { producer: { ...producer, deliveryMode: 'transient' }, faults: [backup('snapshot', '25ms'), loss('2s')] }, 'DROPPED: not-in-backup(F2): the disks were lost, and it was not on disk at the time of the backup of 25 ms'],
    ['lost without a backup', 1, { faults: [loss('2s')] }, 'DROPPED: not-in-backup(F1): the disks were lost, and no backup has it'],
    ['still there', 1, { faults: [backup('snapshot', '25ms'), loss('2s')] }, 'still in the queue, from the backup of 25 ms, after the disks were lost at 2 s'],
    ['back again', 2, { consumers: { w: worker() }, faults: [backup('snapshot', '22ms'), loss('2s')] }, 'BACK IN THE QUEUE from the backup of 22 ms, after the disks were lost at 2 s: it will be delivered as if it never had left'],
  ])('%s', (_, message, parts, expected) => {
    expect(lifeOf(message, parts)).toEqual([expected]);
  });
});
