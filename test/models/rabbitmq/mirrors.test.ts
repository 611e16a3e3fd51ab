/** Mirrored classic queues: who waits for whom, who leads after a loss, and what is gone then. Rules of rabbit_mirror_queue_master, _slave, _sync and _misc at 3.13.7. */
import { describe, expect, it } from 'vitest';
import { type ClusterParts, type Fault, order, run, told } from './cluster-system.ts';

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

  it('stands still while it synchronises a mirror', () => {
    const { reached } = run(unsynchronised({ 'ha-sync-mode': 'automatic' }, gone(0, '3s')), 'dropped');
    expect(reached['mirror.synchronising']).toBeGreaterThan(0);
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
});
