/** What nodes do that lose sight of each other: rabbit_node_monitor and rabbit_autoheal at 3.10.8 and 3.13.7, rule by rule. */
import { describe, expect, it } from 'vitest';
import { type ClusterParts, type Consumer, type Fault, order, type Producer, quorum, run, told } from './cluster-system.ts';

type Strategy = 'ignore' | 'pause_minority' | 'autoheal';

/** Silence is noticed after 3 to 5 s; the strategy, the nodes. */
const cluster = (strategy: Strategy, nodes: number, more: object = {}): ClusterParts['broker'] => ({ nodes, config: { net_ticktime: 4, cluster_partition_handling: strategy }, ...more });
const cut = (one: string[], other: string[], at = '10s', lasting = '20s'): Fault => ({ kind: 'partition', between: [one, other], at, for: lasting });
/** Publishes once a second; `web.0` connects to the first node, the second of them to the second. */
const steady = (more: Partial<Producer> = {}): Partial<Producer> => ({ arrivals: { constant: { rate: '1/s' } }, messages: 60, ...more });
const timesOf = (lines: readonly string[], what: string): number[] => lines.filter((line) => line.includes(what)).map(Number.parseFloat);

describe('pause_minority', () => {
  const paused = ' down (stop(pause_minority))';

  it('stops a node that sees half of all or less, once it notices, and starts it within a second and its start when it sees more', () => {
    const { nodes } = run({ broker: cluster('pause_minority', 3), faults: [cut(['mq.0'], ['mq.1', 'mq.2'])], producer: steady() });
    expect(order(nodes)).toEqual([`mq.0${paused}`, 'mq.0 up']);
    const [down, up] = nodes.map(Number.parseFloat) as [number, number];
    expect(down).toBeGreaterThanOrEqual(13_000);
    expect(down).toBeLessThanOrEqual(15_000);
    // It looks once a second, counted from its stop.
    expect(up).toBeGreaterThanOrEqual(30_000);
    expect(up).toBeLessThan(31_000);
    expect((up - down) % 1000).toBe(0);
  });

  it('closes the connections of that node, and takes none until it has started', () => {
    const parts: ClusterParts = { broker: cluster('pause_minority', 3), faults: [cut(['mq.0'], ['mq.1', 'mq.2'])], producer: steady({ retry: { fixed: { delay: '100ms' } } }) };
    const { lines, nodes } = run(parts, 'stored', 'refused', 'refusal-received', 'publish-lost');
    const [down, up] = nodes.map(Number.parseFloat) as [number, number];
    const stored = timesOf(lines, ' stored ');
    // Its classic queue is on that node: nothing is stored while it is paused, and its producer is refused by the others.
    expect(stored.filter((at) => at > down && at < up + 100)).toEqual([]);
    expect(stored.filter((at) => at >= up + 100).length).toBeGreaterThan(20);
    expect(lines.some((line) => line.includes('refusal-received'))).toBe(true);
  });

  it('stops both of two', () => {
    const { nodes } = run({ broker: cluster('pause_minority', 2), faults: [cut(['mq.0'], ['mq.1'])], producer: steady() });
    expect(order(nodes).sort()).toEqual([`mq.0${paused}`, 'mq.0 up', `mq.1${paused}`, 'mq.1 up'].sort());
  });

  it.each<[string, Fault]>([
    ['killed', { kind: 'crash', target: 'mq.0', at: '10s', for: '5500ms' }], ['stopped with its machine', { kind: 'stop', target: 'mq.0', at: '10s', for: '5500ms' }],
  ])('stops the other of two when one is %s (documentation: not for two nodes; recorded)', (_, fault) => {
    const { nodes } = run({ broker: cluster('pause_minority', 2), faults: [fault], producer: steady() });
    // Each second it asks for the other machine, which is there before RabbitMQ runs on it.
    expect(nodes).toEqual([`10000 mq.0 down (${fault.kind}(F1))`, `10000 mq.1${paused}`, '15500 mq.0 up', '16000 mq.1 up']);
  });

  it('does not stop the other of two when RabbitMQ alone is stopped on one (handle_dead_node)', () => {
    const { nodes } = run({ broker: cluster('pause_minority', 2), faults: [{ kind: 'stop', target: 'mq.0', scope: 'application', at: '10s', for: '5500ms' }], producer: steady() });
    expect(nodes).toEqual(['10000 mq.0 down (stop(F1))', '15500 mq.0 up']);
  });

  it('does not count a RabbitMQ that is gone, but the machine: one that has paused is there', () => {
    // mq.2 has paused and can be reached again, and has not looked yet, when mq.0 dies: with mq.2 there are two of three.
    const faults: Fault[] = [cut(['mq.2'], ['mq.0', 'mq.1'], '10s', '10200ms'), { kind: 'crash', target: 'mq.0', at: '20500ms', for: '5s' }];
    const { nodes } = run({ broker: cluster('pause_minority', 3), faults, producer: steady() });
    expect(order(nodes)).toEqual([`mq.2${paused}`, 'mq.0 down (crash(F2))', 'mq.2 up', 'mq.0 up']);
    expect(Number.parseFloat(nodes[2]!)).toBe(21_000);
  });

  it('where it is two of three that cannot be seen, stops all that see too few', () => {
    const { nodes } = run({ broker: cluster('pause_minority', 4), faults: [cut(['mq.0', 'mq.1'], ['mq.2', 'mq.3'])], producer: steady() });
    expect(order(nodes).filter((line) => line.includes('down')).sort()).toEqual([0, 1, 2, 3].map((node) => `mq.${node}${paused}`));
  });

  it('has a node whose machine dies while it is paused boot as any', () => {
    const faults: Fault[] = [cut(['mq.0'], ['mq.1', 'mq.2']), { kind: 'crash', target: 'mq.0', scope: 'host', at: '20s', for: '2s' }];
    const { nodes } = run({ broker: cluster('pause_minority', 3), faults, producer: steady() });
    expect(nodes.slice(1)).toEqual(['20000 mq.0 down (crash(F2))', '22000 mq.0 up']);
  });

  it('has a node that lost only a part of what others see pause until it reaches all', () => {
    const seen = new Set<number>();
    for (const at of Array.from({ length: 20 }, (_, index) => `${10_000 + index * 50}ms`)) {
      const { nodes, reached } = run({ broker: cluster('pause_minority', 3), faults: [cut(['mq.0'], ['mq.1'], at)], producer: steady() });
      const downs = timesOf(nodes, 'down');
      seen.add(downs.length);
      // Whoever notices first pauses; the other one asks for a node that does not run any more, unless both notice at once.
      expect(reached['cluster.partial']).toBe(downs.length);
      expect(new Set(downs).size).toBe(1);
      expect(Math.min(...timesOf(nodes, 'up'))).toBeGreaterThanOrEqual(30_000);
      expect(nodes.some((line) => line.includes('mq.2'))).toBe(false);
    }
    expect([...seen].sort()).toEqual([1, 2]);
  });

  it('lets nobody hear of publishes that wait, before their connection is closed (pause_partition_guard)', () => {
    // Published through the node that pauses, for a queue on the other side.
    const producer = steady({ messages: 12, confirm: { timeout: '1min' }, retry: 'none' });
    const of = (strategy: Strategy) => told({ broker: cluster(strategy, 2), jobs: { node: 1 }, producer, faults: [cut(['mq.0'], ['mq.1'])] }, 'refusal-received', 'outcome-unknown');
    expect(of('ignore').map((line) => line.split(' ')[1])).toContain('refusal-received');
    expect(new Set(of('pause_minority').map((line) => line.split(' ')[1]))).toEqual(new Set(['outcome-unknown']));
  });

  it('silences a minority of quorum members, which could commit nothing anyway: the others elect', () => {
    const parts: ClusterParts = { broker: cluster('pause_minority', 3), jobs: quorum(), producer: steady({ confirm: { timeout: '5s' }, retry: { fixed: { delay: '100ms' }, attempts: 100 } }), faults: [cut(['mq.0'], ['mq.1', 'mq.2', 'producers'])] };
    const { lines, reached } = run({ ...parts, faults: [cut(['mq.0'], ['mq.1', 'mq.2'])] }, 'confirmed');
    expect(reached['raft.elected']).toBeGreaterThanOrEqual(1);
    expect(new Set(lines.map((line) => line.split(' ')[2])).size).toBe(60);
  });

  it('does nothing from 4.2 on, where a new cluster has Khepri', () => {
    expect(run({ broker: cluster('pause_minority', 2, { version: '4.2' }), faults: [cut(['mq.0'], ['mq.1'])], producer: steady() }).nodes).toEqual([]);
  });
});

describe('autoheal', () => {
  const healed = ' down (stop(autoheal))';

  it.each<[string, number, string[][], number, string[]]>([
    ['most connections', 2, [['mq.0'], ['mq.1']], 1, ['mq.1']],
    ['most connections, however few nodes', 3, [['mq.0'], ['mq.1', 'mq.2']], 1, ['mq.1', 'mq.2']],
    ['most nodes of those with as many connections', 3, [['mq.0'], ['mq.1', 'mq.2']], 2, ['mq.0']],
    ['last names of those with as many nodes', 4, [['mq.0', 'mq.1'], ['mq.2', 'mq.3']], 4, ['mq.0', 'mq.1']],
  ])('lets the partition with the %s go on, and starts the others anew (rabbit_autoheal make_decision)', (_, count, [one, other], producers, losers) => {
    // Producers connect to one node after another, and stay where they are.
    const { nodes } = run({ broker: cluster('autoheal', count), faults: [cut(one!, other!)], producer: steady({ count: producers }) });
    expect(order(nodes)).toEqual(losers.flatMap((loser) => [`${loser}${healed}`, `${loser} up`]));
    const [down] = nodes.map(Number.parseFloat) as [number];
    // Not before the partition has ended; links are tried each second.
    expect(down).toBeGreaterThanOrEqual(30_000);
    expect(down).toBeLessThan(31_100);
  });

  it('does nothing where nobody noticed, and nothing for a node that was away by itself', () => {
    expect(run({ broker: cluster('autoheal', 2), faults: [cut(['mq.0'], ['mq.1'], '10s', '2s')], producer: steady() }).nodes).toEqual([]);
    const { nodes } = run({ broker: cluster('autoheal', 2), faults: [{ kind: 'crash', target: 'mq.1', at: '10s', for: '10s' }], producer: steady() });
    expect(order(nodes)).toEqual(['mq.1 down (crash(F1))', 'mq.1 up']);
  });

  it('waits until all see all', () => {
    const faults = [cut(['mq.0'], ['mq.1', 'mq.2'], '10s', '20s'), cut(['mq.1'], ['mq.2'], '10s', '40s')];
    const { nodes } = run({ broker: cluster('autoheal', 3), faults, producer: steady() });
    expect(order(nodes).filter((line) => line.includes('down')).sort()).toEqual([`mq.1${healed}`, `mq.2${healed}`]);
    expect(Math.min(...nodes.map(Number.parseFloat))).toBeGreaterThanOrEqual(50_000);
  });

  it('has what stands still for longer than the net tick count as a partition, too', () => {
    const { nodes } = run({ broker: cluster('autoheal', 2), faults: [{ kind: 'pause', target: 'mq.1', at: '10s', for: '10s' }], producer: steady() });
    expect(order(nodes)).toEqual([`mq.1${healed}`, 'mq.1 up']);
  });

  it('takes what a loser held in memory alone, and leaves what it can write', () => {
    // Each producer has a queue on the node that it is connected to; the second one loses.
    const parts = (deliveryMode: 'transient' | 'persistent'): ClusterParts => {
      const to = (queue: string): Producer => ({ publish: `mq/${queue}`, arrivals: { constant: { rate: '1/s' } }, messages: 25, confirm: {}, deliveryMode });
      // Three connections, of which the first node has two.
      return { broker: cluster('autoheal', 2, { queues: { here: { node: 1 } } }), faults: [cut(['mq.0'], ['mq.1'])], producers: { a: to('jobs'), b: to('here'), c: to('jobs') } };
    };
    const dropped = order(told(parts('transient'), 'dropped'));
    expect(dropped.length).toBeGreaterThan(20);
    expect(dropped.every((line) => line.endsWith('in here (transient(autoheal))'))).toBe(true);
    expect(told(parts('persistent'), 'dropped')).toEqual([]);
  });
});

describe('a partition of a part', () => {
  const consumers: Readonly<Record<string, Consumer>> = { w: { count: 3, subscribe: 'mq/jobs', service: '1ms' } };

  it('is made one of the whole: a node leaves whoever still sees what it lost, for a second', () => {
    const { reached } = run({ broker: cluster('ignore', 3), jobs: { node: 2 }, producer: steady({ messages: 30 }), consumers, faults: [cut(['mq.0'], ['mq.1'])] });
    // Both notice at once here, and both leave mq.2: three links are partitions when they open again.
    expect([reached['cluster.partial'], reached['cluster.partitioned']]).toEqual([2, 3]);
    // Workers at mq.0 and mq.1 lose their queue; the first one comes to mq.1 while that cannot be reached from there either.
    expect(reached['session.lost']).toBe(3);
  });

  it('of nodes of 4.2 is left as it is', () => {
    const { reached } = run({ broker: cluster('ignore', 3, { version: '4.2' }), producer: steady(), faults: [cut(['mq.0'], ['mq.1'])] });
    expect([reached['cluster.partial'], reached['cluster.partitioned']]).toEqual([undefined, undefined]);
  });
});

describe('a node that misses another one', () => {
  /** The queue is on mq.1, published to through mq.0 each second from 1 s on. */
  const parts = (broker: object, jobs: object, faults: readonly Fault[], more: Partial<Producer> = {}): ClusterParts => ({
    broker: cluster('ignore', 2, broker), jobs: { node: 1, ...jobs }, faults, producer: steady({ messages: 50, confirm: {}, ...more }),
  });
  const apart = [cut(['mq.0'], ['mq.1'], '10s', '10s')];
  const lostAfter = (at: number, lines: readonly string[]): number => timesOf(lines, 'publish-lost').filter((time) => time > at).length;

  it.each<[string, object, object, boolean]>([
    ['forgets its durable queues in 3.10 (queues_to_delete_when_node_down; recorded)', { version: '3.10' }, {}, true],
    ['keeps them from 3.11 on (filter_transient_queues_to_delete)', { version: '3.13' }, {}, false],
    ['forgets those that are not durable', { version: '3.13' }, { durable: false }, true],
    ['and keeps them in a new cluster of 4.2 (Khepri)', { version: '4.2' }, { durable: false }, false],
  ])('%s, also when it sees it again', (_, broker, jobs, isForgotten) => {
    const { lines } = run(parts(broker, jobs, apart), 'publish-lost', 'confirmed', 'stored');
    const after = lines.filter((line) => Number.parseFloat(line) > 22_500);
    expect(after.some((line) => line.includes('(unroutable)'))).toBe(isForgotten);
    // Confirmed all the same.
    expect(after.filter((line) => line.includes('confirmed'))).toHaveLength(28);
    expect(after.filter((line) => line.includes('stored'))).toHaveLength(isForgotten ? 0 : 28);
  });

  it.each(['mq.0', 'mq.1'])('knows them again when %s starts anew', (target) => {
    const { lines } = run(parts({ version: '3.10' }, {}, [...apart, { kind: 'stop', target, at: '30500ms', for: '100ms' }]), 'publish-lost');
    expect(lostAfter(22_000, lines)).toBeGreaterThan(5);
    expect(lostAfter(32_000, lines)).toBe(0);
  });

  it('returns what is mandatory', () => {
    const { lines } = run(parts({ version: '3.10' }, {}, apart, { mandatory: true }), 'refusal-received');
    expect(timesOf(lines, '(unroutable)').filter((at) => at > 22_500)).toHaveLength(28);
  });

  it('tells consumers that there is no such queue, and drops dead letters for it', () => {
    // Of two workers the first connects to mq.0, and so does the producer.
    const consumers: Readonly<Record<string, Consumer>> = { w: { count: 2, subscribe: 'mq/far', service: '1ms' } };
    const rejecting: Readonly<Record<string, Consumer>> = { r: { count: 2, subscribe: 'mq/jobs', service: '1ms', failure: { poison: { nth: 25 }, then: 'reject' } } };
    const broker = cluster('ignore', 2, { version: '3.10', queues: { far: { node: 1 } } });
    const jobs = { arguments: { 'x-dead-letter-exchange': '', 'x-dead-letter-routing-key': 'far' } };
    expect(order(told({ broker, jobs, consumers: rejecting, faults: apart, producer: steady({ messages: 30 }) }, 'dropped'))).toEqual(['dropped 25 in far (unroutable)']);
    // The worker is cancelled, goes to the other node, dies, comes to the first one again, and is turned away.
    const again: Fault = { kind: 'crash', target: 'consumers.w.0', at: '30s', for: '1s' };
    const lost = (faults: readonly Fault[]): number | undefined => run({ broker, consumers, faults, producer: steady({ messages: 30 }) }).reached['session.lost'];
    expect([lost([...apart]), lost([...apart, again]), lost([again])]).toEqual([1, 2, undefined]);
  });

  it('does so also when the other one was killed, until it has booted', () => {
    const timing = { delivery: '0', turnaround: '0', operation: '0', write: '0', fsync: '1ms', boot: '3s' };
    const { lines } = run(parts({ version: '3.10', timing }, {}, [{ kind: 'crash', target: 'mq.1', at: '10500ms', for: '10s' }]), 'publish-lost', 'confirmed');
    expect(timesOf(lines, '(unroutable)')).toEqual(Array.from({ length: 13 }, (_, index) => 11_000 + index * 1000));
    expect(timesOf(lines, ' confirmed ')).toHaveLength(50);
  });
});
