/** Mirrored classic queues: who waits for whom, who leads after a loss, and what is gone then. Rules of rabbit_mirror_queue_master, _slave, _sync and _misc at 3.13.7. */
import { describe, expect, it } from 'vitest';
import { createScenario } from '../../../scenarios/define.ts';
import { runScenario } from '../../../scenarios/run.ts';
import { type ClusterParts, clusterSystem, type Fault, order, run, told } from './cluster-system.ts';

const mirrored = (definition: object = {}, nodes = 2): NonNullable<ClusterParts['broker']> => ({ nodes, policies: [{ name: 'ha', pattern: '^jobs$', definition: { 'ha-mode': 'all', ...definition } }] });
const gone = (node: number, at: string, lasting = '10s'): Fault => ({ kind: 'crash', target: `mq.${node}`, at, for: lasting });
const stopped = (node: number, at: string, lasting = '10s'): Fault => ({ kind: 'stop', target: `mq.${node}`, at, for: lasting });

describe('a mirrored queue', () => {
  it('confirms when every mirror has a persistent message on disk', () => {
    const at = (parts: ClusterParts): string[] => told({ producer: { messages: 1 }, ...parts }, 'confirmed') as string[];
    expect(at({ broker: { nodes: 2 } })).toEqual(['11 confirmed 1']);
    expect(at({ broker: mirrored() })).toEqual(['11 confirmed 1']);
    // The mirror's disk is five times slower: its flush is waited for.
    expect(at({ broker: mirrored(), faults: [{ kind: 'slow', target: 'mq.1.disk', factor: 5, at: '5ms', for: '1s' }] })).toEqual(['15 confirmed 1']);
  });

  it('waits for no mirror that is lost', () => {
    const { lines } = run({ broker: mirrored(), producer: { messages: 1 }, faults: [{ kind: 'slow', target: 'mq.1.disk', factor: 500, at: '5ms', for: '9s' }, gone(1, '30ms')] }, 'confirmed');
    expect(lines).toEqual(['30 confirmed 1']);
  });

  it('has its oldest mirror lead, and loses nothing that it has', () => {
    const { lines, reached } = run({ broker: mirrored({}, 3), producer: { messages: 2 }, faults: [gone(0, '50ms')] }, 'dropped');
    expect(lines).toEqual([]);
    expect(reached['mirror.promoted']).toBe(1);
  });

  /** Three messages are there when node 1 comes back; its leader is lost at 3 s. */
  const unsynchronised = (definition: object, loss: Fault): ClusterParts => ({ broker: mirrored(definition), faults: [gone(1, '5ms', '195ms'), loss] });
  it.each<[string, object, Fault, string[]]>([
    ['promotes a mirror that lacks everything, which is gone (ha-promote-on-failure: always, the default)', {}, gone(0, '3s'), ['1', '2', '3']],
    ['waits for its leader instead, with when-synced', { 'ha-promote-on-failure': 'when-synced' }, gone(0, '3s'), []],
    ['has synchronised it, with ha-sync-mode: automatic', { 'ha-sync-mode': 'automatic' }, gone(0, '3s'), []],
    ['waits for a leader that was stopped in order (ha-promote-on-shutdown: when-synced, the default)', {}, stopped(0, '3s'), []],
    ['or promotes, with always', { 'ha-promote-on-shutdown': 'always' }, stopped(0, '3s'), ['1', '2', '3']],
  ])('%s', (_, definition, loss, lost) => {
    expect(order(told(unsynchronised(definition, loss), 'dropped'))).toEqual(lost.map((each) => `dropped ${each} (unsynchronised(F2))`));
  });

  /** rabbit_mirror_queue_misc `remove_from_queue` has a say after a shutdown, too; site/ha: "will not be promoted even if" */
  it('promotes nobody unsynchronised after a stop either where ha-promote-on-failure is when-synced, whatever ha-promote-on-shutdown is', () => {
    const both = { 'ha-promote-on-shutdown': 'always', 'ha-promote-on-failure': 'when-synced' };
    const { lines, reached } = run(unsynchronised(both, stopped(0, '3s')), 'dropped');
    expect(lines).toEqual([]);
    expect(reached['mirror.promoted']).toBeUndefined();
  });

  /** A message each 25 ms, and 5 ms for each that a mirror takes in; the nodes find each other again a second after node 1 died. */
  const slowly = (definition: object, faults: readonly Fault[] = [], nodes = 2): ClusterParts => ({
    broker: { ...mirrored(definition, nodes), timing: { delivery: '0', turnaround: '0', operation: '5ms', write: '0', fsync: '1ms', start: '100ms', boot: '200ms' } },
    producer: { messages: 60, arrivals: { constant: { rate: '40/s' } } },
    faults: [gone(1, '5ms', '495ms'), ...faults],
  });
  const gaps = (lines: readonly string[]): number[] => lines.map((line) => Number(line.split(' ')[0])).map((at, index, all) => (index === 0 ? 0 : Math.round(at - all[index - 1]!)));

  it('answers nobody while it synchronises a mirror, and all whom it kept waiting at its end', () => {
    const manual = gaps(told(slowly({}), 'confirmed') as string[]);
    const automatic = run(slowly({ 'ha-sync-mode': 'automatic' }), 'confirmed');
    const still = Math.max(...gaps(automatic.lines));
    expect(automatic.reached['mirror.synchronising']).toBe(1);
    expect(Math.max(...manual)).toBeLessThan(40);
    // 40 messages were there, and the next one came 25 ms after the last; a flush at the mirror.
    expect(still).toBe(40 * 5 + 1 + 25);
    expect(automatic.lines).toHaveLength(60);
  });

  it('synchronises all mirrors at once: two take no longer than one', () => {
    const still = (nodes: number, more: readonly Fault[]): number => Math.max(...gaps(told(slowly({ 'ha-sync-mode': 'automatic' }, more, nodes), 'confirmed') as string[]));
    expect(Math.abs(still(3, [gone(2, '5ms', '495ms')]) - still(2, []))).toBeLessThan(10);
  });

  /** rabbit_mirror_queue_sync `slave`: it purges what it has before the first message, and again when the leader dies half way */
  it('leaves a mirror with nothing when the leader is lost half way', () => {
    const { lines, reached } = run({ ...slowly({ 'ha-sync-mode': 'automatic' }, [gone(0, '1050ms')]), producer: { messages: 20, arrivals: { constant: { rate: '40/s' } }, confirm: {} } }, 'dropped');
    expect(reached['mirror.promoted']).toBe(1);
    expect(order(lines)).toEqual(Array.from({ length: 20 }, (_, index) => `dropped ${index + 1} (unsynchronised(F2))`));
  });

  it('has as many members as ha-mode: exactly says: who is lost is replaced by another node', () => {
    const parts = (size: number): ClusterParts => ({ broker: mirrored({ 'ha-mode': 'exactly', 'ha-params': size }, 3), faults: [gone(0, '1s')] });
    expect(run(parts(2), 'dropped').reached['mirror.promoted']).toBe(1);
    expect(run(parts(1), 'dropped').reached['mirror.promoted']).toBeUndefined();
  });

  it('delivers again what was unacknowledged, flagged, and its consumers go on', () => {
    const consumers = { w: { subscribe: 'mq/jobs', service: '500ms' } };
    const { lines } = run({ broker: mirrored(), producer: { messages: 1 }, consumers, faults: [gone(0, '100ms')] }, 'delivered', 'acknowledged');
    expect(order(lines)).toEqual(['delivered 1', 'delivered 1 #2', 'acknowledged 1']);
  });

  /** A mirror publishes all that the leader tells it as delivered (rabbit_mirror_queue_slave `process_instruction`), and takes in as such what channels sent it. */
  it('flags everything that it had before it led, delivered or not, and nothing that came later', () => {
    const parts = (fault: Fault, broker: ClusterParts['broker']): ClusterParts => ({
      broker, producer: { messages: 6, arrivals: { constant: { rate: '2/s' } } }, consumers: { w: { subscribe: 'mq/jobs', prefetch: 1, service: '10s' } }, faults: [fault],
    });
    const flagged = (fault: Fault, broker: ClusterParts['broker']): number => runScenario(createScenario(clusterSystem(parts(fault, broker)))).groups['w']!.redelivered;
    for (const how of [gone, stopped]) expect(flagged(how(0, '1750ms'), mirrored())).toBe(3);
    // Without mirrors, a queue that is stopped in order knows what was delivered.
    expect(flagged(stopped(0, '1750ms', '100ms'), { nodes: 2 })).toBe(1);
  });

  /** A channel waits for whoever is left: the leader's end alone refuses nothing (rabbit_classic_queue `settle_seq_nos`). */
  it('confirms what its mirrors have though the leader died meanwhile', () => {
    const late: Fault = { kind: 'latency', between: ['mq.1', 'mq.0'], direction: 'one', add: '20ms', at: '1ms', for: '1s' };
    const { lines, reached } = run({ broker: mirrored(), jobs: { node: 1 }, producer: { messages: 1 }, faults: [late, gone(1, '15ms')] }, 'dropped', 'publish-lost', 'refused', 'confirmed');
    expect(order(lines)).toEqual(['confirmed 1']);
    expect(reached['mirror.promoted']).toBe(1);
  });

  /** Channels send every publish to the mirrors, too (rabbit_classic_queue `deliver`), and what came from nobody else is taken in by a mirror that leads (_slave `promote_me`). */
  it('loses nothing that a channel on another node sent to its mirrors, though its leader could not tell them', () => {
    const cut: Fault = { kind: 'partition', between: ['mq.1', 'mq.0'], direction: 'one', at: '5ms', for: '9s' };
    const { lines, reached } = run({ broker: mirrored(), jobs: { node: 1 }, producer: { messages: 1 }, faults: [cut, gone(1, '15ms')] }, 'dropped', 'publish-lost', 'refused', 'confirmed');
    expect(order(lines)).toEqual(['confirmed 1']);
    expect(reached).toMatchObject({ 'mirror.toldByChannel': 1, 'mirror.promoted': 1 });
  });

  /** A channel tells the mirrors in the order in which it tells the leader, and they keep it (rabbit_mirror_queue_slave `sender_queues`). */
  it('takes in what was in the line of its leader before what was on its way there', () => {
    const slow = { timing: { operation: '30ms', fsync: '1ms' } };
    const onItsWay: Fault = { kind: 'latency', between: ['mq.0', 'mq.1'], direction: 'one', add: '15ms', at: '1ms', for: '1s' };
    const { lines, reached } = run({ broker: { ...mirrored({}, 3), ...slow }, jobs: { node: 1 }, producer: { messages: 8 }, faults: [onItsWay, gone(1, '65ms')] }, 'stored');
    expect(order(lines)).toEqual(Array.from({ length: 8 }, (_, index) => `stored ${index + 1}`));
    expect(reached['mirror.promoted']).toBe(1);
  });
});
