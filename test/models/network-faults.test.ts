/** Faults of the network: what each does to connections, and what its end mends. */
import { describe, expect, it } from 'vitest';
import { createScenario } from '../../scenarios/define.ts';
import { runScenario } from '../../scenarios/run.ts';
import { driveToQuiet } from './driven.ts';
import { type Fault, type Parts, smallSystem, told } from './small-system.ts';

const web = ['producers.web', 'mq'] as const;
const fault = (kind: string, more: object): Fault => ({ kind, between: web, ...more }) as unknown as Fault;
const fast: Parts = { connection: { heartbeat: '100ms', reconnect: { fixed: { delay: '50ms' } } } };
const confirmed: Parts = { ...fast, consumer: 'none', producer: { messages: 6, confirm: { timeout: '10s' }, retry: { fixed: { delay: '10ms' } } } };

function struck(faults: Fault[], parts: Parts = {}): string[] {
  return driveToQuiet(createScenario(smallSystem({ ...parts, faults }))).system.faults.struck.map(({ key, begin, end, changed }) => `${key} ${begin / 1e6}–${end! / 1e6} ×${changed}`);
}

describe('a reset', () => {
  it('loses what is on its way, and both sides hear of it at once', () => {
    const lines = told({ ...confirmed, faults: [fault('reset', { at: '30500us' })] }, 'publish-lost', 'outcome-unknown', 'stored');
    expect(lines.slice(0, 4)).toEqual(['11 stored 1', '21 stored 2', '30.5 publish-lost 3 (connection-lost(F1))', '30.5 outcome-unknown 3 (connection-lost(F1))']);
    // Fifty milliseconds until it connects again, in two.
    expect(lines[4]).toBe('83.5 stored 4');
    expect(lines).toContainEqual(expect.stringMatching(/^\d+(\.\d+)? stored 3 #2$/));
  });

  it('keeps nobody away, and counts connections', () => {
    expect(struck([fault('reset', { at: '35ms' })], { producer: { count: 3 } })[0]).toMatch(/×3$/);
    expect(struck([fault('reset', { at: '0s' })])[0]).toMatch(/×0$/);
  });

  it('between nodes of a cluster has them meet again', () => {
    const cluster = { brokers: { mq: { kind: 'rabbitmq', version: '4.2', nodes: 3, queues: { jobs: { arguments: { 'x-queue-type': 'quorum' } } } } }, producer: { confirm: {} } } as unknown as Parts;
    const faults = [{ kind: 'reset', between: ['mq.0', 'others(mq.0)'], at: '5s' } as unknown as Fault];
    const { verdicts, faults: of } = runScenario(createScenario(smallSystem({ ...cluster, producer: { messages: 500, confirm: { timeout: '30s' }, retry: { fixed: { delay: '1s' } } }, claims: ['at-least-once', 'drained'], faults } as Parts)));
    expect(of[0]!.effect).toBe('connections reset: 2');
    expect(verdicts.slice(0, 2).map(({ verdict }) => verdict)).toEqual(['pass', 'pass']);
  });
});

describe('a half-open connection', () => {
  it('swallows what is sent until silence is noticed; a new one works', () => {
    const lines = told({ ...confirmed, faults: [fault('half-open', { at: '25ms' })] }, 'stored', 'outcome-unknown');
    expect(lines.slice(0, 2)).toEqual(['11 stored 1', '21 stored 2']);
    // Two heartbeats of silence, then the way back.
    expect(lines.filter((line) => line.includes('outcome-unknown'))[0]).toMatch(/^225 outcome-unknown 3 \(connection-lost\(F1\)\)/);
    expect(lines.filter((line) => line.includes('stored')).length).toBe(6);
  });

  it('of which one way works still loses only that way: stored, and nobody hears of it', () => {
    const lines = told({ ...confirmed, faults: [{ kind: 'half-open', between: ['mq', 'producers.web'], direction: 'one', at: '25ms' } as unknown as Fault] }, 'stored', 'confirm-received', 'confirm-lost');
    expect(lines.slice(0, 6)).toEqual(['11 stored 1', '12 confirm-received 1', '21 stored 2', '22 confirm-received 2', '31 stored 3', '41 stored 4']);
    expect(lines.some((line) => line.includes('confirm-lost 3 (connection-lost(F1))'))).toBe(true);
  });

  it('is given up by TCP where there are no heartbeats, by who has sent something', () => {
    const cluster = { brokers: { mq: { kind: 'rabbitmq', version: '4.2', config: { heartbeat: '0' }, queues: { jobs: {} } } } } as unknown as Parts;
    const result = (giveUp: string) => runScenario(createScenario(smallSystem({ ...cluster, ...confirmed, brokers: cluster.brokers, phases: { measure: '60s', drain: '2000s' }, faults: [fault('half-open', { at: '25ms', giveUp })] } as Parts)));
    const { reached } = result('20s');
    expect(reached['network.sendGivenUp']).toBeGreaterThan(0);
    expect(reached['network.silenceNoticed']).toBeUndefined();
  });
});

describe('loss', () => {
  const lossy = (more: object, parts: Parts = {}): ReturnType<typeof runScenario> =>
    runScenario(createScenario(smallSystem({ ...parts, producer: { messages: 900, ...parts.producer }, faults: [fault('loss', { at: '0s', ...more })], claims: ['at-least-once', 'order-per-key', 'drained'] })));

  it('of a share without memory delays as many messages, by the timer of TCP', () => {
    const result = lossy({ share: 0.1, correlation: 0, direction: 'one' }, { connection: { retransmit: '7ms' }, producer: { messages: 900, confirm: { timeout: '10s' }, retry: { fixed: { delay: '1s' } } } });
    expect(result.messages.handled).toBe(900);
    expect(result.verdicts.map(({ verdict }) => verdict)).not.toContain('fail');
    const late = told({ producer: { messages: 900 }, consumer: 'none', connection: { retransmit: '7ms' }, faults: [fault('loss', { at: '0s', share: 0.1, correlation: 0, direction: 'one' })] }, 'stored')
      .filter((line) => Number(line.split(' ')[0]) % 10 !== 1);
    // A frame of one packet, 900 of them: 90 expected, of which those behind another count too; three deviations.
    expect(late.length).toBeGreaterThan(60);
    expect(late.length).toBeLessThan(140);
    expect(late[0]).toMatch(/^\d+8 stored/);
  });

  it('all of the time ends in the end of the connection', () => {
    const result = lossy({ chain: { p: 1, r: 0 }, at: '25ms', for: '1s' }, fast);
    expect(result.reached['network.silenceNoticed']).toBeGreaterThan(0);
    expect(result.faults[0]!.effect).toBe('connections that lose packets: 1');
  });

  it('between nodes of a cluster, all of the time, has them take each other for down, and meet again after', () => {
    const cluster = { brokers: { mq: { kind: 'rabbitmq', version: '4.2', nodes: 3, queues: { jobs: { arguments: { 'x-queue-type': 'quorum' } } } } } } as unknown as Parts;
    const faults = [{ kind: 'loss', between: ['mq.2', 'others(mq.2)'], at: '5s', for: '100s', chain: { p: 1, r: 0 } } as unknown as Fault];
    const { reached, verdicts, faults: of } = runScenario(createScenario(smallSystem({ ...cluster, producer: { messages: 1000 }, phases: { measure: '200s', drain: '100s' }, claims: ['drained'], faults } as Parts)));
    expect(of[0]!.effect).toBe('connections that lose packets: 2');
    expect(reached['peers.silenceNoticed']).toBeGreaterThan(0);
    expect(verdicts[0]!.verdict).toBe('pass');
  });

  it('loses no retransmission that is sent when it is over', () => {
    // All is lost from 5 to 15 ms: the first message, sent at 10 ms, goes again 200 ms later, and once.
    const lines = told({ producer: { messages: 1 }, consumer: 'none', connection: { retransmit: '200ms' }, faults: [fault('loss', { at: '5ms', for: '10ms', chain: { p: 1, r: 0 }, direction: 'one' })] }, 'stored');
    expect(lines).toEqual(['211 stored 1']);
  });

  it('comes in bursts where the fates of packets go together', () => {
    const times = (correlation: number): number =>
      told({ producer: { messages: 900 }, consumer: 'none', connection: { retransmit: '100us' }, faults: [fault('loss', { at: '0s', share: 0.2, correlation, direction: 'one' })] }, 'stored')
        .filter((line) => Number(line.split(' ')[0]) % 10 > 1.35).length;
    expect(times(0.75)).toBeGreaterThan(3 * times(0));
  });
});

describe('bandwidth', () => {
  it('has frames wait for the line, and no longer than it lasts', () => {
    // 1,064 bytes at 100 kB/s take 10.64 ms, and a message comes each 10 ms.
    const lines = told({ producer: { messages: 4 }, consumer: 'none', faults: [fault('bandwidth', { leaves: '100kB/s', at: '5ms', for: '18ms', direction: 'one' })] }, 'stored');
    expect(lines).toEqual(['21.64 stored 1', '32.28 stored 2', '32.28 stored 3', '41 stored 4']);
  });
});

describe('flapping', () => {
  it('cuts and mends so many times, and ends by itself', () => {
    expect(struck([fault('flapping', { at: '100ms', down: '10ms', up: '40ms', count: 3 })])).toEqual(['F1.1 100–210 ×3']);
    const lines = told({ producer: { messages: 30 }, consumer: 'none', connection: { retransmit: '1ms' }, faults: [fault('flapping', { at: '105ms', down: '10ms', up: '40ms', count: 2 })] }, 'stored');
    expect(lines.filter((line) => Number(line.split(' ')[0]) % 10 !== 1).map((line) => line.split(' ')[2])).toEqual(['11', '16']);
  });
});

describe('a swizzle-clog', () => {
  it('cuts nodes off one after another, and mends them in another order', () => {
    const faults = [{ kind: 'swizzle-clog', target: 'producers.web', at: '1s', spread: '1s', hold: '500ms' } as unknown as Fault];
    const [line] = struck(faults, { producer: { count: 4 } });
    expect(line).toMatch(/^F1\.1 1000–\d+(\.\d+)? ×4$/);
    const end = Number(/–(\S+) /.exec(line!)![1]);
    expect(end).toBeGreaterThan(2500);
    expect(end).toBeLessThan(3500);
  });
});

describe('a partial partition', () => {
  const cluster = (nodes: number, shape: string): string =>
    struck([{ kind: 'partial-partition', target: 'mq', shape, at: '1s', for: '1s' } as unknown as Fault], { brokers: { mq: { kind: 'rabbitmq', version: '4.2', nodes, queues: { jobs: { arguments: { 'x-queue-type': 'quorum' } } } } } } as unknown as Parts)[0]!;

  it.each<[number, string, number]>([[3, 'bridge', 1], [5, 'bridge', 4], [5, 'majorities-ring', 5], [4, 'majorities-ring', 2], [7, 'majorities-ring', 7], [3, 'majorities-ring', 0]])('of %i nodes, %s, cuts %i pairs', (nodes, shape, pairs) => {
    expect(cluster(nodes, shape)).toBe(`F1.1 1000–2000 ×${pairs}`);
  });
});

describe('a limit of data', () => {
  it('closes the connection in the frame that is too much, at both ends', () => {
    const lines = told({ ...confirmed, faults: [fault('limit-data', { bytes: '2500B', at: '5ms', for: '60ms', direction: 'one' })] }, 'stored', 'publish-lost', 'outcome-unknown');
    expect(lines.slice(0, 4)).toEqual(['11 stored 1', '21 stored 2', '30 publish-lost 3 (connection-lost(F1))', '30 outcome-unknown 3 (connection-lost(F1))']);
    expect(lines.filter((line) => line.includes('stored'))).toHaveLength(6);
  });
});

describe('what is not modelled', () => {
  it.each<[object, string]>([
    [{ kind: 'half-open', between: ['mq', 'mq'], at: '1s' }, 'half-open is modelled of connections between clients and brokers'],
    [{ kind: 'loss', between: web, at: '1s', share: 2 }, 'faults.0.share'],
    [{ kind: 'partial-partition', target: 'producers.web', at: '1s' }, 'partial-partition cannot strike producers.web'],
    [{ kind: 'limit-data', between: web, at: '1s' }, 'faults.0.bytes'],
  ])('is refused: %j', (spec, message) => {
    expect(() => createScenario(smallSystem({ faults: [spec as Fault] }))).toThrow(message);
  });
});
