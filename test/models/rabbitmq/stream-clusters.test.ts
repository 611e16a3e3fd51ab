/** Streams of several nodes when nodes, links and clients fail: who goes on to read what, and what is gone. */
import { describe, expect, it } from 'vitest';
import { createScenario } from '../../../scenarios/define.ts';
import type { HistoryLine } from '../../../scenarios/history.ts';
import { runScenario } from '../../../scenarios/run.ts';
import { driveToQuiet } from '../driven.ts';
import { clusterSystem, type ClusterParts, type Consumer, type Fault, order, run, told } from './cluster-system.ts';

const stream = (args: object = {}) => ({ arguments: { 'x-queue-type': 'stream' as const, ...args } });
const reader = (settings: Partial<Consumer> = {}): Consumer => ({ subscribe: 'mq/jobs', service: '5ms', prefetch: 10, ...settings });
const crash = (target: string, at: string, lasts: string, scope: 'process' | 'host' = 'process'): Fault => ({ kind: 'crash', target, scope, at, for: lasts });
const apart = (at: string, lasts: string): Fault => ({ kind: 'partition', between: [['mq.2'], ['mq.0', 'mq.1']], at, for: lasts });
const three: ClusterParts['broker'] = { nodes: 3 };
/** The third of three workers is at the third node. */
const thirdOf = (lines: readonly HistoryLine[], ...events: string[]) =>
  lines.filter(({ what, worker }) => events.includes(what) && worker === 'consumers.r.2').map(({ at, what, message }) => `${Math.round(at * 1000)} ${what} ${message.replace('web.0-', '')}`);

function history(parts: ClusterParts, latency = '0'): HistoryLine[] {
  const lines: HistoryLine[] = [];
  driveToQuiet(createScenario({ ...clusterSystem(parts), network: { default: { latency }, connection: { reconnect: { fixed: { delay: '100ms' } } } } }), { history: lines });
  return lines;
}

describe('a reader beside the leader', () => {
  it('reads nothing that its node does not know to be committed, whatever room it has', () => {
    // The second message is committed at 23 ms, which is told at 24; the room for it is there at 23.5 ms.
    const parts: ClusterParts = { broker: { nodes: 2 }, jobs: { ...stream(), node: 1 }, producer: { messages: 2 }, consumers: { r: reader({ prefetch: 1, service: '7.5ms' }) } };
    expect(history(parts, '1ms').filter(({ what }) => what === 'delivered').map(({ at }) => Number((at * 1000).toFixed(3)))).toEqual([14, 24]);
  });

  it('keeps what it holds when the leader loses sight of its node, and reads on when they meet again', () => {
    const parts: ClusterParts = { broker: three, jobs: stream(), producer: { messages: 3 }, consumers: { r: reader({ count: 3, service: '150s', prefetch: 3 }) }, faults: [apart('15ms', '100s')] };
    const lines = history(parts);
    expect(lines.filter(({ what }) => what === 'requeued')).toEqual([]);
    const read = thirdOf(lines, 'delivered');
    expect(read.map((line) => line.replace(/^\d+ /, ''))).toEqual(['delivered 1', 'delivered 2', 'delivered 3']);
    expect(Number.parseInt(read[1]!)).toBeGreaterThan(100_000);
  });
});

describe('a consumer that comes again', () => {
  it('takes over what its connection before still holds, where that is not known to be gone', () => {
    // The consumer gives up a node that stands still, and comes to another; the connection before is open there until it goes on.
    const parts: ClusterParts = {
      broker: { nodes: 2, config: { heartbeat: 5 } }, jobs: { ...stream({ 'x-initial-cluster-size': 2 }), node: 1 }, producer: { messages: 3 },
      consumers: { r: reader({ offset: 'stored', service: '30s' }) }, faults: [{ kind: 'pause', target: 'mq.0', at: '50ms', for: '60s' }],
    };
    const third = told(parts, 'effect').find((line) => line.includes('effect 3'))!;
    expect(Number.parseFloat(third)).toBeLessThan(130_000);
  });

  it('goes on when its host died, which says nothing', () => {
    const parts: ClusterParts = { jobs: stream(), producer: { messages: 3 }, consumers: { r: reader({ offset: 'stored', service: '20ms' }) }, faults: [crash('consumers.r.0', '15ms', '50ms', 'host')] };
    const effects = told(parts, 'effect', 'duplicate-effect');
    expect(order(effects).map((line) => line.replace(/ #\d/, ''))).toEqual(['effect 1', 'effect 2', 'effect 3']);
    expect(Number.parseFloat(effects.at(-1)!)).toBeLessThan(1000);
  });

  it('does not read again what it has kept as read, though its acknowledgement was lost', () => {
    // Handled at 17 ms; the acknowledgement would be there at 18 ms.
    const parts: ClusterParts = { jobs: stream(), producer: { messages: 1 }, consumers: { r: reader({ offset: 'stored' }) }, faults: [crash('mq.0', '17.5ms', '50ms')] };
    const lines = history(parts, '1ms').filter(({ what }) => ['settlement-lost', 'effect', 'duplicate-effect', 'delivered'].includes(what));
    expect(lines.map(({ what }) => what)).toEqual(['delivered', 'effect', 'settlement-lost']);
  });

  it('begins at the first that is kept, when its offset is gone', () => {
    const parts: ClusterParts = {
      jobs: stream({ 'x-stream-max-segment-size-bytes': 2000, 'x-max-length-bytes': 2000 }), producer: { messages: 9, size: '1kB' },
      consumers: { r: reader({ offset: 1, service: '1ms' }) }, faults: [crash('consumers.r.0', '95ms', '20ms')],
    };
    expect(order(told(parts, 'duplicate-effect'))).toEqual(['duplicate-effect 7', 'duplicate-effect 8', 'duplicate-effect 9']);
  });

  it('misses what it held while retention removed it', () => {
    const parts: ClusterParts = {
      jobs: stream({ 'x-stream-max-segment-size-bytes': 2000, 'x-max-length-bytes': 2000 }), producer: { messages: 9, size: '1kB' },
      consumers: { r: reader({ offset: 'stored', service: '500ms', prefetch: 2 }) }, faults: [crash('consumers.r.0', '95ms', '20ms')],
    };
    expect(order(told(parts, 'dropped')).filter((line) => /dropped [12] /.test(line))).toEqual(['dropped 1 (retention)', 'dropped 2 (retention)']);
  });

  it('has not handled what it reads again when the run ends', () => {
    // Rejected after 200 s; read again at 251 s, and in hand when the run ends at 400 s.
    const settings = clusterSystem({
      jobs: stream(), producer: { messages: 1 }, faults: [crash('consumers.r.0', '250s', '1s')],
      consumers: { r: reader({ offset: 'first', service: '200s', failure: { poison: { nth: 1 }, then: 'reject' } }) },
    });
    const { verdicts, reached } = runScenario(createScenario({ ...settings, claims: ['at-least-once'] }));
    expect(reached['stream.readAgain']).toBe(1);
    expect(verdicts[0]).toMatchObject({ claim: 'at-least-once', verdict: 'unknown', reason: '1 confirmed messages were still in the queues at the end' });
  });
});

describe('a node that dies', () => {
  it('goes on with its readers where they were, when it is back', () => {
    const parts: ClusterParts = { jobs: stream(), producer: { messages: 2 }, consumers: { r: reader({ offset: 'stored', service: '20ms' }) }, faults: [crash('mq.0', '25ms', '100ms')] };
    expect(told(parts, 'requeued').map((line) => line.replace(/ \(.*/, ''))).toEqual(['25 requeued 1', '25 requeued 2']);
    expect(new Set(order(told(parts, 'effect')).map((line) => line.replace(/ #\d/, '')))).toEqual(new Set(['effect 1', 'effect 2']));
  });

  it('between a commit and telling of it tells of it later', () => {
    const parts: ClusterParts = {
      broker: three, jobs: stream(), producer: { messages: 3, confirm: { timeout: '10s' } }, consumers: { r: reader({ count: 3, offset: 'stored' }) },
      faults: [{ kind: 'crash', target: 'mq.0', on: { before: 'confirmed', message: 'web.0-1' }, for: '1s' } as Fault],
    };
    const { lines, system } = run(parts, 'dropped');
    expect(lines).toEqual([]);
    expect(system.world.ledger.totals.handled).toBe(3);
    expect(system.world.ledger.buckets.work).toBe(0);
  });
});

describe('a loss of power that takes what was committed', () => {
  it('leaves its offsets to new messages, which are confirmed and read', () => {
    const parts: ClusterParts = {
      jobs: stream(), consumers: { r: reader({ offset: 'first', service: '1ms' }) }, producer: { messages: 6, confirm: { timeout: '10s' }, retry: { fixed: { delay: '100ms' } } }, faults: [crash('mq.0', '35ms', '1s', 'host')],
    };
    const { lines, reached, system } = run(parts, 'effect', 'duplicate-effect');
    expect(reached['raft.rolledBack']).toBe(1);
    expect(new Set(order(lines).map((line) => line.replace(/ #\d/, '')))).toEqual(new Set(['effect 1', 'effect 2', 'effect 3', 'effect 4', 'effect 5', 'effect 6']));
    expect(system.world.ledger.totals).toMatchObject({ confirmed: 6, handled: 6 });
  });

  it('is not read again by who holds it where it was not lost, nor is what took its offset before that is told', () => {
    // The third node is alone with what the others lose; new messages come to them meanwhile.
    const parts: ClusterParts = {
      broker: three, jobs: stream(), producer: { messages: 2 }, producers: {
        web: { publish: 'mq/jobs', arrivals: { constant: { rate: '100/s' } }, messages: 2, confirm: {} },
        late: { count: 4, publish: 'mq/jobs', arrivals: { constant: { rate: '0.1/s' } }, messages: 1, confirm: { timeout: '60s' } },
      },
      consumers: { r: reader({ count: 3, offset: 'stored', service: '200s', prefetch: 3 }), quick: reader({ service: '1ms' }) },
      faults: [
        apart('30ms', '100s'), crash('mq.0', '40ms', '1s', 'host'), crash('mq.1', '40ms', '1s', 'host'), crash('consumers.r.2', '50s', '1s'),
        // It went to the third node, which took it, and so did producers; they come back from there to one node or another.
        crash('producers.late', '5s', '10ms'), crash('consumers.quick.0', '5s', '10ms'),
      ],
    };
    const lines: HistoryLine[] = [];
    const { system } = driveToQuiet(createScenario(clusterSystem(parts)), { history: lines });
    const reached = system.world.sim.trace.reachedPaths;
    expect(reached['raft.rolledBack']).toBeGreaterThan(0);
    const unsynced = lines.filter(({ what, cause }) => what === 'dropped' && cause?.startsWith('unsynced'));
    expect(lines.filter(({ what, message, worker, at }) => what === 'effect' && message.startsWith('late') && worker === 'consumers.quick.0' && at < 40).length).toBeGreaterThan(0);
    expect(unsynced.some(({ at }) => Math.round(at) === 50)).toBe(true);
    expect(lines.filter(({ what, worker, message, at }) => what === 'delivered' && worker === 'consumers.r.2' && message.startsWith('late') && at < 100)).toEqual([]);
  });
});

describe('dead letters', () => {
  it('are of the branch that they were made from, whoever reads them', () => {
    const { system } = run({
      broker: {
        queues: { work: { arguments: { 'x-dead-letter-exchange': 'dlx' } }, dead: stream() }, exchanges: { all: { type: 'fanout' }, dlx: { type: 'fanout' } },
        bindings: [{ source: 'all', destination: 'jobs' }, { source: 'all', destination: 'work' }, { source: 'dlx', destination: 'dead' }],
      },
      producer: { publish: 'mq/all', messages: 1 },
      consumers: { w: { ...reader({ failure: { poison: { nth: 1 }, then: 'reject' } }), subscribe: 'mq/work' }, a: { ...reader(), subscribe: 'mq/dead' }, b: { ...reader(), subscribe: 'mq/dead' } },
    });
    expect(system.world.ledger.totals).toMatchObject({ effects: 2, handled: 0 });
  });
});
