/** Whom faults strike when a role says so, what they wait for, and what ends them. */
import { describe, expect, it } from 'vitest';
import { createScenario } from '../../scenarios/define.ts';
import { driveToQuiet } from './driven.ts';
import { type Fault, type Parts, smallSystem } from './small-system.ts';

interface Seen {
  /** As `100 down mq.0`. */
  readonly lines: string[];
  readonly struck: string[];
}

function seen(faults: Fault[], parts: Parts = {}, seed = 1): Seen {
  const lines: string[] = [];
  const { system } = driveToQuiet(createScenario(smallSystem({ ...parts, faults, seed })), {
    built: ({ world: { nodes, sim } }) => {
      const note = (what: string, node: Parameters<typeof nodes.name>[0]): void => void lines.push(`${sim.now / 1e6} ${what} ${nodes.name(node).replace('consumers.', '')}`);
      nodes.watchedBy({ crashed: (node) => note('down', node), restarted: (node) => note('up', node), paused: () => {} });
    },
  });
  return { lines, struck: system.faults.struck.map(({ key, begin, end, changed }) => `${key} ${begin / 1e6}–${end! / 1e6} ×${changed}`) };
}

const cluster: Parts = {
  brokers: { mq: { kind: 'rabbitmq', version: '4.2', nodes: 5, queues: { jobs: { arguments: { 'x-queue-type': 'quorum', 'x-quorum-initial-group-size': 3 } }, other: { node: 4 } } } },
  producer: { confirm: {} },
} as unknown as Parts;

const crash = (target: string, more: object = { at: '5s', for: '1s' }): Fault => ({ kind: 'crash', target, ...more }) as Fault;
const down = ({ lines }: Seen): string[] => lines.filter((line) => line.includes(' down ')).map((line) => line.split(' ')[2]!).sort();

describe('a role', () => {
  it.each<[string, string[]]>([
    ['leader(mq/jobs)', ['mq.0']],
    ['followers(mq/jobs)', ['mq.1', 'mq.2']],
    ['members(mq/jobs)', ['mq.0', 'mq.1', 'mq.2']],
    ['others(members(mq/jobs))', ['mq.3', 'mq.4']],
    ['others(leader(mq/jobs))', ['mq.1', 'mq.2', 'mq.3', 'mq.4']],
    ['leader(mq/other)', ['mq.4']],
    ['others(leader(mq/other))', ['mq.0', 'mq.1', 'mq.2', 'mq.3']],
    ['others(mq)', []],
  ])('%s is %j', (target, nodes) => {
    expect(down(seen([crash(target)], cluster))).toEqual(nodes);
  });

  it.each<[string, number]>([['one(mq)', 1], ['minority(mq)', 2], ['majority(mq)', 3], ['one(followers(mq/jobs))', 1], ['one(consumers.workers)', 1], ['minority(consumers.workers)', 1], ['minority(leader(mq/jobs))', 0]])('%s are so many: %i', (target, count) => {
    const sets = Array.from({ length: 12 }, (_, seed) => down(seen([crash(target)], { ...cluster, consumer: { count: 4 } }, seed + 1)));
    for (const set of sets) expect(set).toHaveLength(count);
    expect(new Set(sets.map(String)).size).toBeGreaterThan(count === 0 ? 0 : 1);
  });

  it('that is drawn means the same on both sides of a partition, and at both ends of a strike', () => {
    const { struck, lines } = seen([{ kind: 'partition', between: ['one(mq)', 'others(one(mq))'], at: '2s', for: '1s' }, crash('one(mq)')], cluster);
    // Four links to the others; what starts again is what had died.
    expect(struck[0]).toBe('F1.1 2000–3000 ×4');
    expect(lines.map((line) => line.split(' ')[2])).toEqual([expect.stringMatching(/^mq\.\d$/), lines[0]!.split(' ')[2]]);
  });

  it('is asked at each strike: the leader of that time', () => {
    const { lines } = seen([crash('leader(mq/jobs)', { at: '1s', for: '8s' }), crash('leader(mq/jobs)', { at: '8s', for: '1s' })], cluster);
    expect(lines.slice(0, 2)).toEqual(['1000 down mq.0', expect.stringMatching(/^8000 down mq\.[12]$/)]);
  });

  it.each<[string, string]>([
    ['leader(mq)', 'faults.0.target: a target is written orders-mq.0'],
    ['leader(mq/jobz)', 'faults.0.target: no queue is called "mq/jobz"'],
    ['leader(mx/jobs)', 'faults.0.target: no broker is called "mx"'],
    ['boss(mq/jobs)', 'faults.0.target: a target is written orders-mq.0'],
    ['one(one(one(one(one(one(mq))))))', 'faults.0.target: a target is written orders-mq.0'],
    ['one(mq.9)', 'faults.0.target: mq has no number 9'],
    ['there', 'faults.0.target: "there" is where what a fault waits for happens'],
    ['one(consumers.workers).disk', 'faults.0.target: one(consumers.workers).disk has no disk'],
    ['leader(mq/jobs).disk', 'faults.0.target: crash cannot strike leader(mq/jobs).disk'],
  ])('refuses %s', (target, message) => {
    expect(() => createScenario(smallSystem({ ...cluster, faults: [crash(target)] }))).toThrow(message);
  });
});

describe('a fault waits', () => {
  const small: Parts = { producer: { messages: 5 }, consumer: { count: 2 } };
  const begins = (on: object, parts: Parts = small): string[] =>
    seen([{ kind: 'pause', target: 'consumers.workers.1', at: '15ms', for: '7ms' }, crash('mq', { on, for: '1ms' })], parts).struck.filter((line) => line.startsWith('F2'));

  it('for a copy that is stored, of a queue', () => {
    expect(begins({ after: 'stored', nth: 2 })).toEqual(['F2.1 21–22 ×1']);
    expect(begins({ after: 'stored', message: 'web.0-3' })).toEqual(['F2.1 31–32 ×1']);
    expect(begins({ after: 'stored', queue: 'mq/jobs', delay: '5ms' })).toEqual(['F2.1 16–17 ×1']);
    expect(begins({ after: 'stored', queue: 'mq/dead' }, { ...small, queues: { dead: {} } })).toEqual([]);
  });

  it('for a copy that comes again, becomes a dead letter, or is dropped', () => {
    const fails: Parts = { ...small, queues: { dead: {} }, jobs: { deliveryLimit: 2, deadLetter: 'dead' }, consumer: { count: 2, failure: { probability: 1 } } };
    expect(begins({ after: 'redelivered' }, fails)).toEqual(['F2.1 18–19 ×1']);
    expect(begins({ after: 'dead-lettered' }, fails)).toEqual(['F2.1 28–29 ×1']);
    expect(seen([crash('mq', { on: { after: 'dropped', nth: 2 }, for: '1ms' })], { ...small, jobs: { ttl: '3ms' }, consumer: 'none' }).struck).toEqual(['F1.1 24–25 ×1']);
  });

  it('for another fault, and for a node that goes or comes', () => {
    expect(begins({ after: 'fault-begins', fault: 'F1' })).toEqual(['F2.1 15–16 ×1']);
    expect(begins({ after: 'fault-ends', fault: 'F1', delay: '3ms' })).toEqual(['F2.1 25–26 ×1']);
    const nodes = (on: object): string[] => seen([crash('consumers.workers.0', { at: '40ms', for: '10ms' }), crash('consumers.workers.1', { at: '60ms', for: '10ms' }), crash('mq', { on, for: '1ms' })], small).struck.filter((line) => line.startsWith('F3'));
    expect(nodes({ after: 'node-down' })).toEqual(['F3.1 40–41 ×1']);
    expect(nodes({ after: 'node-up', nth: 2 })).toEqual(['F3.1 70–71 ×1']);
    expect(nodes({ after: 'node-down', node: 'consumers.workers.1' })).toEqual(['F3.1 60–61 ×1']);
    expect(nodes({ after: 'node-down', node: 'mq' })).toEqual([]);
  });

  it('for an election, and strikes the one that was elected', () => {
    const { lines } = seen([crash('leader(mq/jobs)', { at: '1s', for: '20s' }), crash('there', { on: { after: 'leader-elected', queue: 'mq/jobs' }, for: '1s' })], { ...cluster, phases: { measure: '15s', drain: '60s' } });
    expect(lines[0]).toBe('1000 down mq.0');
    expect(lines[1]).toMatch(/ down mq\.[12]$/);
  });

  it('for a moment at one node', () => {
    const { lines } = seen([crash('there', { on: { after: 'delivered', message: 2, node: 'consumers.workers.1' }, for: '1ms' })], { producer: { messages: 8 }, consumer: { count: 2 } });
    expect(lines[0]).toMatch(/^\d+ down workers\.1$/);
  });

  it.each<[object, string]>([
    [{ after: 'stored', message: 3 }, 'faults.0.on.message: message says nothing about "stored"'],
    [{ after: 'appended' }, 'faults.0.on: "appended" is a moment of messages, and no message is named'],
    [{ after: 'appended', message: 1, nth: 2 }, 'faults.0.on.nth: nth says nothing about "appended"'],
    [{ after: 'fault-ends', fault: 'F7' }, 'faults.0.on.fault: there is no fault F7'],
    [{ after: 'fault-ends', node: 'mq' }, 'faults.0.on.node: node says nothing about "fault-ends"'],
    [{ after: 'node-down', node: 'one(mq)' }, 'faults.0.on.node: one(mq) is drawn when a fault strikes'],
    [{ after: 'stored', queue: 'mq/none' }, 'faults.0.on.queue: no queue is called "mq/none"'],
    [{ before: 'stored' }, 'faults.0.on'],
  ])('refuses %j', (on, message) => {
    expect(() => createScenario(smallSystem({ faults: [crash('mq', { on, for: '1ms' })] }))).toThrow(message);
  });
});

describe('until', () => {
  const parts: Parts = { producer: { messages: 10 } };

  it('ends a fault when that happens after it began, and not later than for', () => {
    const slow = (more: object): Fault => ({ kind: 'slow', target: 'consumers.workers', factor: 2, at: '25ms', ...more }) as Fault;
    expect(seen([slow({ until: { after: 'stored', nth: 3 } })], parts).struck).toEqual(['F1.1 25–51 ×1']);
    expect(seen([slow({ until: { after: 'effect', message: 2, delay: '4ms' } })], parts).struck).toEqual(['F1.1 25–46 ×1']);
    expect(seen([slow({ until: { after: 'stored', nth: 3 }, for: '10ms' })], parts).struck).toEqual(['F1.1 25–35 ×1']);
    expect(seen([slow({ until: { after: 'stored', nth: 99 } })], parts).struck).toEqual(['F1.1 25–10000 ×1']);
  });

  it('comes after another fault', () => {
    const faults = [crash('consumers.workers', { at: '30ms', until: { after: 'fault-ends', fault: 'F2' } }), { kind: 'pause', target: 'mq', at: '35ms', for: '40ms' } as Fault];
    expect(seen(faults, parts).struck).toEqual(['F1.1 30–75 ×1', 'F2.1 35–75 ×1']);
  });

  it('is refused where a fault acts on when it will end', () => {
    const pause = { kind: 'pause', target: 'mq', at: '1s', until: { after: 'stored' } } as Fault;
    expect(() => createScenario(smallSystem({ faults: [pause] }))).toThrow('faults.0.until: a pause acts on when it will end');
  });
});
