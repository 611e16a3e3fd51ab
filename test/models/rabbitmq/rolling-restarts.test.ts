/** Nodes of a cluster that are restarted one after another, drained before or not (rabbit_maintenance `drain`, v3.13.7, v4.2.9, v4.3.5). */
import { describe, expect, it } from 'vitest';
import { type ClusterParts, type Consumer, type Fault, order, quorum, run, told } from './cluster-system.ts';

const rolling = (more: object = {}): Fault => ({ kind: 'rolling-restart', target: 'mq', at: '2s', down: '1s', gap: '5s', ...more }) as Fault;
const drained = (more: object = {}): Fault => rolling({ target: 'mq.0', drain: '2s', ...more });
const worker = (more: Partial<Consumer> = {}): Consumer => ({ subscribe: 'mq/jobs', service: '5ms', ...more });
const three: ClusterParts = { broker: { nodes: 3 }, jobs: quorum(), producer: { messages: 1000, retry: { fixed: { delay: '10ms' } } } };
const atOf = (line: string): number => Number.parseFloat(line);
/** Longest time without one. */
const gapOf = (lines: readonly string[]): number => lines.map(atOf).reduce(([longest, last], at) => [Math.max(longest, at - last), at] as const, [0, 0] as readonly [number, number])[0];

describe('a rolling restart', () => {
  it('stops the nodes in order, one after another', () => {
    expect(run({ ...three, faults: [rolling()] }).nodes).toEqual([
      '2000 mq.0 down (stop(F1))', '3000 mq.0 up', '8000 mq.1 down (stop(F1))', '9000 mq.1 up', '14000 mq.2 down (stop(F1))', '15000 mq.2 up',
    ]);
  });

  it('that waits until each has booted leaves a quorum queue its majority; that does not, takes it', () => {
    const slow: ClusterParts = { ...three, broker: { nodes: 3, timing: { ...timing, boot: '3s' } } };
    expect(gapOf(told({ ...slow, faults: [rolling()] }, 'confirmed'))).toBeLessThan(1000);
    // The second goes 500 ms after the first was started, which needs 3 s.
    expect(gapOf(told({ ...slow, faults: [rolling({ gap: '500ms' })] }, 'confirmed'))).toBeGreaterThan(2500);
  });
});

const timing = { delivery: '0', turnaround: '0', operation: '0', write: '0', fsync: '1ms', start: '100ms' };

describe('a node that is drained', () => {
  it('closes its connections, and takes none until it has started again', () => {
    const { lines, reached } = run({ broker: { nodes: 1 }, producer: { messages: 1000, retry: { fixed: { delay: '10ms' } } }, faults: [drained()] }, 'confirmed', 'outcome-unknown');
    expect(reached['maintenance.drained']).toBe(1);
    // Drained at 2 s, stopped at 4 s, started at 5 s, there at 5.2 s; clients try each 100 ms.
    expect(lines.filter((line) => atOf(line) > 2001 && atOf(line) < 5200)).toEqual([]);
    expect(atOf(lines.filter((line) => line.includes('confirmed') && atOf(line) > 2001)[0]!)).toBeLessThan(5400);
  });

  it('has the other members of a quorum queue elect while it still runs; leadership is not handed over', () => {
    const { lines, reached } = run({ ...three, faults: [drained()] }, 'confirmed');
    // The stop later finds no leader there.
    expect(reached['raft.elected']).toBe(1);
    const back = lines.map(atOf).find((at) => at > 2001)!;
    expect(back).toBeGreaterThan(2100);
    expect(back).toBeLessThan(2800);
    expect(gapOf(lines)).toBeLessThan(800);
  });

  it('gives back what consumers there held, once somebody leads', () => {
    const parts: ClusterParts = { ...three, producer: { messages: 3 }, consumers: { w: worker({ prefetch: 3, service: '10s' }) }, faults: [drained()] };
    const again = told(parts, 'requeued').map(atOf);
    expect(again).toHaveLength(3);
    for (const at of again) {
      expect(at).toBeGreaterThan(2100);
      expect(at).toBeLessThan(2800);
    }
  });

  it('keeps a classic queue, and serves it to those who are connected elsewhere', () => {
    const parts: ClusterParts = { broker: { nodes: 2 }, producer: { messages: 1000, retry: { fixed: { delay: '10ms' } } }, faults: [drained()] };
    const lines = told(parts, 'confirmed').map(atOf);
    expect(lines.filter((at) => at > 2150 && at < 3990).length).toBeGreaterThan(100);
    expect(lines.filter((at) => at > 4010 && at < 5000)).toEqual([]);
  });

  it('goes on to lead where no other runs that could (rabbit_quorum_queue `transfer_leadership`)', () => {
    const parts: ClusterParts = { broker: { nodes: 1 }, jobs: quorum(), producer: { messages: 2 }, faults: [drained()] };
    expect(run(parts).reached['raft.elected']).toBe(1);
    const alone: ClusterParts = { ...three, producer: { messages: 2 }, faults: [{ kind: 'crash', target: 'mq.1', at: '1s', for: '10s' }, { kind: 'crash', target: 'mq.2', at: '1s', for: '10s' }, drained()] };
    expect(order(told(alone, 'dropped'))).toEqual([]);
  });

  it('and revived, since all was healed before it was stopped, leads or follows again', () => {
    const { lines, system } = run({ ...three, producer: { messages: 3000, arrivals: { constant: { rate: '10/s' } }, retry: { fixed: { delay: '10ms' } } }, faults: [drained({ at: '299s' })] }, 'confirmed');
    expect(lines.map(atOf).some((at) => at > 299_500)).toBe(true);
    expect(system.world.ledger.totals.confirmed).toBe(system.world.ledger.totals.published);
    expect(system.faults.struck.map(({ changed }) => changed)).toEqual([0]);
  });
});
