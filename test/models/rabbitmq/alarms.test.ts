/** Alarms of RabbitMQ: when a node raises one, whom it blocks, and who hears of its end. */
import { describe, expect, it } from 'vitest';
import type { HistoryEvent } from '../../../models/history.ts';
import { createScenario } from '../../../scenarios/define.ts';
import type { HistoryLine } from '../../../scenarios/history.ts';
import type { RunResult } from '../../../scenarios/result.ts';
import { runScenario } from '../../../scenarios/run.ts';
import { type ClusterParts, clusterSystem, type Fault, type Producer, quorum } from './cluster-system.ts';

function run(parts: ClusterParts, ...events: HistoryEvent[]): { result: RunResult; lines: string[] } {
  const lines: HistoryLine[] = [];
  const result = runScenario(createScenario(clusterSystem(parts)), { history: (line) => lines.push(line) });
  const short = lines.filter(({ what }) => events.includes(what)).map(({ at, what, message }) => `${Number(at.toFixed(3))} ${what} ${message}`);
  return { result, lines: short };
}

/** `disk of mq.0, 10 to 20: 1` */
const alarms = (parts: ClusterParts): string[] =>
  run(parts).result.alarms.map(({ node, resource, begin, end, connectionsBlocked }) => `${resource} of ${node}, ${begin} to ${end}: ${connectionsBlocked}`);

const stream = { arguments: { 'x-queue-type': 'stream' as const } };

const full = (more: Partial<Fault> = {}): Fault => ({ kind: 'disk-full', target: 'mq.0.disk', at: '5s', for: '20s', ...more }) as Fault;
/** One message a second, from 1 s on. */
const slowly = (more: Partial<Producer> = {}): Producer => ({ publish: 'mq/jobs', arrivals: { constant: { rate: '1/s' } }, messages: 40, confirm: { timeout: '100s' }, ...more });
const web: ClusterParts = { producers: { web: slowly() } };

describe('an alarm of a disk', () => {
  it('is raised and cleared when the node looks, each 10 s (rabbit_disk_monitor interval)', () => {
    expect(alarms({ ...web, faults: [full()] })).toEqual(['disk of mq.0, 10 to 30: 1']);
  });

  it.each<[string, ClusterParts['broker'], string[]]>([
    ['raised below 50 MB', {}, ['disk of mq.0, 10 to 30: 1']],
    ['not at the limit itself', { config: { disk_free_limit: { absolute: '40MB' } } }, []],
    ['below a share of the memory', { config: { disk_free_limit: { relative: 1.5 }, total_memory_available_override_value: '1GB' } }, ['disk of mq.0, 10 to 30: 1']],
    ['looked at as often as 250 MB/s could use up half of what is left', { resources: { disk: '1GB' } }, ['disk of mq.0, 7.6 to 27.6: 1']],
  ])('is %s', (_, broker, expected) => {
    expect(alarms({ ...web, broker, faults: [full({ leaves: '40MB' })] })).toEqual(expected);
  });

  it('comes of messages where the scenario says how much there is, on each node that has them', () => {
    const broker: ClusterParts['broker'] = { version: '4.2', nodes: 3, resources: { disk: '60MB' } };
    const parts: ClusterParts = { broker, producer: { messages: 11, size: '1MB' } };
    expect(alarms({ ...parts, jobs: quorum() }).map((line) => line.slice(0, 12))).toEqual(['disk of mq.0', 'disk of mq.1', 'disk of mq.2']);
    expect(alarms(parts).map((line) => line.slice(0, 12))).toEqual(['disk of mq.0']);
  });

  it('comes of what is kept in a stream, read or not, and of no message of a queue that was acknowledged', () => {
    const parts: ClusterParts = { broker: { version: '4.2', resources: { disk: '60MB' } }, producer: { messages: 11, size: '1MB' }, consumers: { w: { subscribe: 'mq/jobs', prefetch: 10, service: '1ms' } } };
    expect(alarms({ ...parts, jobs: stream }).map((line) => line.slice(0, 12))).toEqual(['disk of mq.0']);
    expect(alarms(parts)).toEqual([]);
  });
});

describe('a node that is alarmed', () => {
  it('blocks a connection at its first publish, and takes all that waited when the alarm is over (rabbit_reader publish_received)', () => {
    const { lines, result } = run({ ...web, faults: [full()] }, 'stored');
    // The node looks at 10 s, before the publish of that instant comes.
    expect(lines.slice(8, 11)).toEqual(['9 stored web.0-9', '30 stored web.0-10', '30 stored web.0-11']);
    expect(lines.filter((line) => line.startsWith('30 stored'))).toHaveLength(21);
    expect(result.reached['broker.connectionBlocked']).toBe(1);
    expect(result.verdict).not.toBe('fail');
  });

  it('blocks on all nodes of its cluster, one hop later (rabbit_alarm alert_remote)', () => {
    const producers = { web: slowly({ count: 3 }) };
    const { lines, result } = run({ broker: { nodes: 3 }, producers, faults: [full({ target: 'mq.2.disk' })] }, 'stored');
    expect(result.alarms.map(({ node, connectionsBlocked }) => [node, connectionsBlocked])).toEqual([['mq.2', 3]]);
    expect(lines.filter((line) => { const at = Number.parseFloat(line); return at > 10.1 && at < 30; })).toEqual([]);
  });

  it('goes on with connections that do not publish, in both directions', () => {
    const consumers = { w: { subscribe: 'mq/jobs', service: '3s', prefetch: 1 } };
    const { lines } = run({ producers: { web: slowly({ messages: 8 }) }, consumers, faults: [full()] }, 'acknowledged');
    expect(lines).toEqual(['4 acknowledged web.0-1', '7 acknowledged web.0-2', '10 acknowledged web.0-3', '13 acknowledged web.0-4', '16 acknowledged web.0-5', '19 acknowledged web.0-6', '22 acknowledged web.0-7', '25 acknowledged web.0-8']);
  });

  /** Works a second on each message, and publishes another. */
  const onward = (connection: 'shared' | 'own'): ClusterParts => ({
    producers: { web: slowly({ messages: 12 }) }, faults: [full()], broker: { queues: { mails: {} } },
    consumers: { w: { subscribe: 'mq/jobs', service: '1s', prefetch: 10, publish: [{ to: 'mq/mails', connection }] } },
  });

  it('reads no acknowledgement of a connection that published (rabbit_reader recvloop)', () => {
    const { lines } = run(onward('shared'), 'acknowledged');
    // The mail of the 9th blocks the connection, and its acknowledgement comes behind it.
    expect(lines.slice(7, 11)).toEqual(['9.001 acknowledged web.0-8', '30 acknowledged web.0-9', '31 acknowledged web.0-10', '32 acknowledged web.0-11']);
  });

  it('reads those that come by another connection', () => {
    const { lines } = run(onward('own'), 'acknowledged');
    expect(lines.slice(7, 10)).toEqual(['9.001 acknowledged web.0-8', '10 acknowledged web.0-9', '31 acknowledged web.0-10']);
  });

  it('lets connections be opened, which are blocked when they publish', () => {
    const faults: Fault[] = [full(), { kind: 'crash', target: 'producers.web', at: '12s', for: '2s' }];
    const { lines, result } = run({ producers: { web: slowly({ confirm: 'none' }) }, faults }, 'stored', 'publish-lost');
    expect(result.alarms).toMatchObject([{ connectionsBlocked: 2 }]);
    expect(lines.filter((line) => { const at = Number.parseFloat(line); return at > 10 && at < 30 && line.includes('stored'); })).toEqual([]);
  });
});

describe('other nodes', () => {
  const producers = { web: slowly({ count: 2, messages: 200 }) };
  const storedOf = (lines: readonly string[], producer: string, from: number, to: number): number =>
    lines.filter((line) => line.includes(producer) && Number.parseFloat(line) > from && Number.parseFloat(line) < to).length;

  it('forget the alarm of one that dies (rabbit_alarm node_down)', () => {
    const faults: Fault[] = [full({ target: 'mq.1.disk', for: '100s' }), { kind: 'crash', target: 'mq.1', at: '20s', for: '10s' }];
    const { lines, result } = run({ broker: { nodes: 2 }, producers: { web: slowly({ messages: 200 }) }, faults }, 'stored');
    expect(result.alarms.map(({ begin, end }) => [begin, end])).toEqual([[10, 20], [30.2, 110.2]]);
    expect(storedOf(lines, 'web.0', 10.1, 20)).toBe(0);
    expect(storedOf(lines, 'web.0', 19.9, 30)).toBeGreaterThan(15);
    expect(storedOf(lines, 'web.0', 32, 110)).toBe(0);
  });

  it('forget that of one that they do not see, and are told again when they find it', () => {
    const broker: ClusterParts['broker'] = { nodes: 2, config: { net_ticktime: 4 } };
    const faults: Fault[] = [full({ target: 'mq.1.disk', for: '100s' }), { kind: 'partition', between: ['mq.0', 'mq.1'], at: '20s', for: '20s' }];
    const { lines } = run({ broker, producers, faults }, 'stored');
    expect(storedOf(lines, 'web.0', 10.1, 20)).toBe(0);
    expect(storedOf(lines, 'web.0', 25.1, 40)).toBeGreaterThan(10);
    expect(storedOf(lines, 'web.0', 45, 100)).toBe(0);
    expect(storedOf(lines, 'web.1', 10.1, 100)).toBe(0);
  });
});

describe('memory', () => {
  const kB = 1000;
  const base = 90_000 * kB;
  const connection = 100 * kB;
  /** Ten messages of 1 MB, all of them there from 0.1 s on. */
  const ten: Partial<Producer> = { messages: 10, size: '1MB', confirm: 'none' };
  const holder = (prefetch: number) => ({ w: { subscribe: 'mq/jobs', service: '1000s', prefetch } });

  it.each<[string, ClusterParts, number]>([
    ['a node that has nothing but two connections', { producer: { ...ten, messages: 1, size: '0B' }, consumers: { w: { subscribe: 'mq/jobs', service: '0' } } }, base + 2 * connection],
    ['ready messages of a classic queue with bodies', { producer: ten }, base + connection + 10 * (1000 * kB + 500)],
    ['what consumers of it hold, too', { producer: ten, consumers: holder(4) }, base + 2 * connection + 10 * (1000 * kB + 500)],
    ['ready messages beyond 2048 no more since 3.12', { producer: { ...ten, messages: 3000, size: '10kB', arrivals: { constant: { rate: '3000/s' } } } }, base + connection + 2048 * (10 * kB + 500)],
    ['all of them before', { broker: { version: '3.10' }, producer: { ...ten, messages: 3000, size: '10kB', arrivals: { constant: { rate: '3000/s' } } } }, base + connection + 3000 * (10 * kB + 500)],
    ['an index of a quorum queue, and what its log has', { jobs: quorum(), producer: ten }, base + connection + 10 * 32 + 10 * (1000 * kB + 64)],
    ['nothing of a stream', { jobs: stream, producer: ten }, base + connection],
    ['the log since it was rolled last', { jobs: quorum(), producer: ten, broker: { config: { raft: { wal_max_size_bytes: 4_000_256 } } } }, base + connection + 10 * 32 + 2 * (1000 * kB + 64)],
  ])('is used by %s', (_, parts, used) => {
    const raised = (limit: number): boolean =>
      run({ ...parts, broker: { ...parts.broker, config: { ...parts.broker?.config, vm_memory_high_watermark: { absolute: limit } } } }).result.alarms.some(({ end }) => end === null);
    expect([raised(used - 1), raised(used)]).toEqual([true, false]);
  });

  it.each<['3.13' | '4.0', number]>([['3.13', 0.4], ['4.0', 0.6]])('is short in %s above %s of what there is', (version, share) => {
    const used = base + connection + 10 * (1000 * kB + 500);
    const raised = (total: number) => run({ producer: ten, broker: { version, config: { total_memory_available_override_value: total } } }).result.alarms.length;
    expect([raised(Math.floor(used / share) - 1), raised(Math.ceil(used / share) + 1)]).toEqual([1, 0]);
  });

  it('is looked at each second, and the alarm cleared as soon as use is not above its limit (vm_memory_monitor)', () => {
    // Three may be there. Four are, from 0.4 s on until the first is acknowledged at 2.6 s.
    const limit = base + 2 * connection + 3 * (1000 * kB + 500);
    const parts: ClusterParts = { broker: { config: { vm_memory_high_watermark: { absolute: limit } } }, producer: { messages: 4, size: '1MB' }, consumers: { w: { subscribe: 'mq/jobs', service: '2.5s', prefetch: 20 } } };
    expect(alarms(parts)).toEqual(['memory of mq.0, 1 to 3: 0']);
  });
});
