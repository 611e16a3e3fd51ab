/** A node that is stopped in order (`rabbitmqctl stop`, a service's restart) beside one that is killed. */
import { describe, expect, it } from 'vitest';
import { createScenario } from '../../../scenarios/define.ts';
import { runScenario } from '../../../scenarios/run.ts';
import { type ClusterParts, clusterSystem, type Consumer, type Fault, order, quorum, run, told } from './cluster-system.ts';

const stop = (at = '25ms', lasting = '100ms'): Fault => ({ kind: 'stop', target: 'mq.0', at, for: lasting });
const kill = (at = '25ms', lasting = '100ms'): Fault => ({ kind: 'crash', target: 'mq.0', at, for: lasting });
const worker = (more: Partial<Consumer> = {}): Consumer => ({ subscribe: 'mq/jobs', service: '5ms', ...more });

describe('a node that is stopped', () => {
  it.each<[string, ClusterParts, string[]]>([
    ['has written what nobody waited for, where a kill takes it (rabbit_queue_index terminate)', { producer: { messages: 2, confirm: 'none' } }, []],
    ['also with storage v2', { broker: { version: '4.2' }, producer: { messages: 2, confirm: 'none' } }, []],
    ['has written bodies that were under way to the shared store', { producer: { messages: 2, size: '8kB', confirm: 'none' }, broker: { timing: { delivery: '0', turnaround: '0', operation: '0', write: '50ms', fsync: '0' } } }, []],
    ['has no transient messages (purge_pending_ack, rabbit_variable_queue)', { producer: { messages: 2, deliveryMode: 'transient' } }, ['dropped 1 (transient(F1))', 'dropped 2 (transient(F1))']],
    ['has nothing of a queue that is not durable', { jobs: { durable: false }, producer: { messages: 2 } }, ['dropped 1 (transient(F1))', 'dropped 2 (transient(F1))']],
    ['has what a quorum queue has', { jobs: quorum(), producer: { messages: 2 } }, []],
  ])('%s', (_, parts, expected) => {
    expect(order(told({ ...parts, faults: [stop()] }, 'dropped'))).toEqual(expected);
  });

  it('has taken in what its queues were sent, where a kill loses it', () => {
    // An operation takes 10 ms: the second publish, of 20 ms, is still before the queue.
    const parts = { producer: { messages: 2, confirm: { timeout: '1s' }, retry: 'none' as const }, broker: { timing: { delivery: '10ms', turnaround: '0', operation: '10ms', write: '0', fsync: '1ms', boot: '200ms' } } };
    expect(told({ ...parts, faults: [stop()] }, 'stored', 'publish-lost', 'outcome-unknown')).toEqual(['20 stored 1', '25 stored 2', '25 outcome-unknown 2 (stop(F1))']);
    expect(told({ ...parts, faults: [kill()] }, 'stored', 'publish-lost', 'outcome-unknown')).toEqual(['20 stored 1', '25 publish-lost 2 (crash(F1))', '25 outcome-unknown 2 (crash(F1))']);
  });

  /** How many deliveries say that they are not the first, of three messages of which a worker holds one. */
  const flagged = (fault: Fault, parts: ClusterParts = {}): number =>
    runScenario(createScenario(clusterSystem({ ...parts, consumers: { w: worker({ service: '500ms' }) }, faults: [fault] }))).groups['w']!.redelivered;

  it.each<[string, ClusterParts]>([['classic', {}], ['classic with storage v2', { broker: { version: '4.2' } }], ['quorum', { jobs: quorum() }]])(
    'flags only what was delivered and not acknowledged: %s (recorded at 3.10.8)', (_, parts) => {
      expect(flagged(stop('35ms'), parts)).toBe(1);
    },
  );

  it('where a kill has a classic queue flag all (recorded at 3.10.8)', () => {
    expect(flagged(kill('35ms'))).toBe(3);
  });

  it('remembers acknowledgements, where a kill forgets those that were not flushed', () => {
    const parts = (fault: Fault): ClusterParts => ({ producer: { messages: 1 }, consumers: { w: worker({ idempotency: {} }) }, faults: [fault] });
    expect(told(parts(stop()), 'acknowledged', 'delivered')).toEqual(['10 delivered 1', '15 acknowledged 1']);
    expect(order(told(parts(kill()), 'delivered'))).toEqual(['delivered 1', 'delivered 1 #2']);
  });

  it('closes its connections, and takes none before it has booted', () => {
    const { system } = run({ faults: [stop()], producer: { messages: 40, retry: { fixed: { delay: '10ms' } } } });
    expect(system.faults.struck.map(({ changed }) => changed)).toEqual([1]);
    // Down for 100 ms, 200 ms of boot, and clients try each 100 ms.
    const lines = told({ faults: [stop()], producer: { messages: 40, retry: { fixed: { delay: '10ms' } } } }, 'stored');
    expect(lines.filter((line) => Number.parseFloat(line) > 25 && Number.parseFloat(line) < 325)).toEqual([]);
    expect(lines.some((line) => Number.parseFloat(line) >= 325 && Number.parseFloat(line) < 430)).toBe(true);
  });

  it('has others of a quorum queue elect at once: the link is closed, leadership is not handed over', () => {
    const { lines, reached } = run({ jobs: quorum(), broker: { nodes: 3 }, faults: [stop('25ms', '10s')], producer: { messages: 40, retry: { fixed: { delay: '10ms' } } } }, 'confirmed');
    const gap = lines.map(Number.parseFloat).filter((at) => at > 25)[0]! - 25;
    expect(reached['raft.elected']).toBe(1);
    expect(gap).toBeGreaterThan(100);
    expect(gap).toBeLessThan(1500);
  });

  it('of which the host dies then loses what storage v2 had not written back, and flags no more', () => {
    const host: Fault = { kind: 'crash', target: 'mq.0', scope: 'host', at: '50ms', for: '100ms' };
    expect(order(told({ broker: { version: '4.2' }, producer: { messages: 2 }, faults: [stop(), host] }, 'dropped'))).toEqual(['dropped 1 (unsynced(F2))', 'dropped 2 (unsynced(F2))']);
    expect(order(told({ producer: { messages: 2 }, faults: [stop(), host] }, 'dropped'))).toEqual([]);
  });

  it('starts sooner where its machine stays (recorded: 2.5 s after stop_app, 4.3 to 5.1 s after a kill)', () => {
    const stored = (fault: Fault): number => Number.parseFloat(told({ faults: [fault], producer: { messages: 60, retry: { fixed: { delay: '10ms' } } } }, 'stored').find((line) => Number.parseFloat(line) > 25)!);
    // Down for 100 ms, then 100 ms for its applications or 200 ms to boot; clients try each 100 ms, from when they were closed.
    expect(stored({ ...stop(), scope: 'application' } as Fault)).toBeGreaterThanOrEqual(225);
    expect(stored({ ...stop(), scope: 'application' } as Fault)).toBeLessThan(325);
    expect(stored(stop())).toBeGreaterThanOrEqual(325);
  });

  it('cannot while it stands still', () => {
    const result = runScenario(createScenario(clusterSystem({ faults: [{ kind: 'pause', target: 'mq.0', at: '20ms', for: '50ms' }, stop()] })));
    expect(result.warnings).toEqual(['F2 (stop mq.0) changed nothing']);
  });
});
