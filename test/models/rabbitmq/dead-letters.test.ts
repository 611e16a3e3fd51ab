/** Dead letters of quorum queues that must arrive; rules read in rabbit_fifo_dlx and rabbit_fifo_dlx_worker at 3.10.8, 3.13.7 and 4.2.9. */
import { describe, expect, it } from 'vitest';
import type { HistoryEvent } from '../../../models/history.ts';
import { createScenario } from '../../../scenarios/define.ts';
import type { HistoryLine } from '../../../scenarios/history.ts';
import { driveToQuiet } from '../driven.ts';
import { type ClusterParts, clusterSystem, type Consumer, type Fault, order, quorum, run, told } from './cluster-system.ts';

type Queue = NonNullable<ClusterParts['jobs']>;

const safe = { 'x-dead-letter-exchange': 'dlx', 'x-dead-letter-strategy': 'at-least-once', 'x-overflow': 'reject-publish' } as const;
const rejects: Consumer = { subscribe: 'mq/jobs', service: '5ms', failure: { poison: { every: 1 }, then: 'reject' } };
const full: Queue = { arguments: { 'x-max-length': 1, 'x-overflow': 'reject-publish' } };
const away = (node: string, at: string, lasts: string): Fault => ({ kind: 'crash', target: node, at, for: lasts });

interface Parts {
  readonly queues?: Readonly<Record<string, Queue>>;
  readonly messages?: number;
  readonly config?: object;
  readonly nodes?: number;
  readonly args?: object;
  readonly faults?: readonly Fault[];
  readonly others?: Readonly<Record<string, Consumer>>;
}

/** web publishes at 10, 20 … ms to `jobs` on mq.0; everything is rejected 5 ms after it came, and goes to each of the other queues. */
function system({ queues = { dead: {} }, messages = 1, config = {}, nodes = 1, args = {}, faults = [], others = {} }: Parts): ClusterParts {
  return {
    jobs: quorum({ ...safe, ...args }), producer: { messages }, consumers: { w: rejects, ...others }, faults,
    broker: {
      nodes, config: { dead_letter_worker_publisher_confirm_timeout: 1000, ...config }, exchanges: { dlx: { type: 'fanout' } }, queues,
      bindings: Object.keys(queues).map((destination) => ({ source: 'dlx', destination })),
    },
  };
}

/** Of what stays for ever: everything until the end of the phases. */
function toldToTheEnd(parts: ClusterParts, ...events: HistoryEvent[]): { lines: string[]; held: number } {
  const lines: HistoryLine[] = [];
  const { system: { world } } = driveToQuiet(createScenario({ ...clusterSystem(parts), phases: { measure: '5s', drain: '5s' } }), { history: lines });
  const held = [...world.brokers.values()].reduce((sum, broker) => sum + broker.held(), 0);
  return { lines: lines.filter(({ what }) => events.includes(what)).map(({ what, message, queue = 'mq/jobs', cause }) => `${what} ${message.replace('web.0-', '')}${queue === 'mq/jobs' ? '' : ` in ${queue.slice(3)}`}${cause === undefined ? '' : ` (${cause})`}`), held };
}

describe('a dead letter that must arrive', () => {
  it('leaves its queue when its target has it on disk and its settlement is committed', () => {
    expect(told(system({}), 'stored', 'dead-lettered', 'dropped')).toEqual(['11 stored 1', '17 stored 1 in dead', '19 dead-lettered 1 in dead (rejected)']);
  });

  it('waits for all of its targets', () => {
    const lines = told(system({ queues: { dead: {}, audit: quorum() }, faults: [{ kind: 'slow', target: 'mq.0.disk', factor: 5, at: '17ms' }] }), 'stored', 'dead-lettered');
    expect(lines).toEqual(['11 stored 1', '17 stored 1 in dead', '22 stored 1 in audit', '27 dead-lettered 1 in dead (rejected)']);
  });

  it('is one of as many as the worker may have: what is refused keeps others from being published', () => {
    const inAudit = (prefetch: number): number => {
      const parts: Parts = { messages: 3, queues: { dead: full, audit: {} }, config: { dead_letter_worker_consumer_prefetch: prefetch } };
      return toldToTheEnd(system(parts), 'stored').lines.filter((line) => line.endsWith('in audit')).length;
    };
    expect([inAudit(1), inAudit(32)]).toEqual([2, 3]);
  });

  it('is published again to a target that was away, once the timer fires; at most once it is lost', () => {
    const parts: Parts = { nodes: 2, queues: { dead: { node: 1 } }, args: { 'x-quorum-initial-group-size': 1 }, faults: [away('mq.1', '5ms', '300ms')] };
    const { lines, reached } = run(system(parts), 'stored', 'dead-lettered', 'dropped');
    expect(order(lines)).toEqual(['stored 1', 'stored 1 in dead', 'dead-lettered 1 in dead (rejected)']);
    expect(Number(lines[1]!.split(' ')[0])).toBeGreaterThanOrEqual(1017);
    expect(reached['deadLetter.again']).toBe(1);
    const atMostOnce = order(told(system({ ...parts, args: { ...parts.args, 'x-dead-letter-strategy': 'at-most-once' } }), 'dropped'));
    expect(atMostOnce).toEqual(['dropped 1 in dead (unavailable)']);
  });

  it('is published again to a target that refused it, and only to that one', () => {
    const drains: Consumer = { subscribe: 'mq/dead', service: '500ms' };
    const lines = order(told(system({ messages: 2, queues: { dead: full, audit: {} }, others: { drains } }), 'stored', 'dead-lettered', 'dropped'));
    expect(lines.filter((line) => line.includes('audit'))).toEqual(['stored 1 in audit', 'stored 2 in audit']);
    expect(lines.filter((line) => line.startsWith('dead-lettered'))).toEqual(['dead-lettered 1 in dead (rejected)', 'dead-lettered 2 in dead (rejected)']);
  });

  it('is not published again where a quorum queue is to take it, whose client sends again by itself', () => {
    const parts: Parts = { nodes: 5, queues: { dead: { ...quorum(), node: 2 } }, args: { 'x-quorum-initial-group-size': 1 }, faults: [away('mq.2', '5ms', '5s'), away('mq.3', '5ms', '5s')] };
    const { lines, reached } = run(system(parts), 'stored', 'dead-lettered');
    expect(order(lines)).toEqual(['stored 1', 'stored 1 in dead', 'dead-lettered 1 in dead (rejected)']);
    expect(Number(lines[1]!.split(' ')[0])).toBeGreaterThan(5000);
    expect(reached['deadLetter.again']).toBeUndefined();
  });

  it('is settled when a quorum queue can be heard again, whose answer a lost link swallowed', () => {
    const cut: Fault = { kind: 'partition', between: [['mq.0'], ['mq.1']], at: '17.5ms', for: '100s' };
    const parts: Parts = { nodes: 5, queues: { dead: { ...quorum(), node: 1 } }, args: { 'x-quorum-initial-group-size': 1 }, faults: [cut] };
    const { lines, reached } = run(system(parts), 'stored', 'dead-lettered');
    expect(order(lines)).toEqual(['stored 1', 'stored 1 in dead', 'dead-lettered 1 in dead (rejected)']);
    expect(reached['deadLetter.answerMissed']).toBe(1);
    expect(reached['deadLetter.again']).toBeUndefined();
  });

  it('is settled by the mirror that leads after its target died', () => {
    const policies = [{ name: 'ha', pattern: '^dead$', definition: { 'ha-mode': 'exactly' as const, 'ha-params': 2 } }];
    const parts = system({ nodes: 4, queues: { dead: { node: 2 } }, args: { 'x-quorum-initial-group-size': 1 }, faults: [away('mq.2', '16.5ms', '30s')] });
    const { lines, reached } = run({ ...parts, broker: { ...parts.broker, policies } }, 'stored', 'dead-lettered', 'dropped');
    expect(order(lines)).toEqual(['stored 1', 'stored 1 in dead', 'dead-lettered 1 in dead (rejected)']);
    expect(Number(lines[2]!.split(' ')[0])).toBeLessThan(1000);
    expect(reached['mirror.promoted']).toBe(1);
  });

  it.each<[string, Fault]>([
    ['its target stops in order while it waits for the disk', { kind: 'stop', target: 'mq.1', at: '17.5ms', for: '300ms' }],
    ['its own node stops in order meanwhile', { kind: 'stop', target: 'mq.0', at: '17.5ms', for: '300ms' }],
  ])('arrives all the same when %s', (_, fault) => {
    const { lines } = run(system({ nodes: 2, queues: { dead: { node: 1 } }, args: { 'x-quorum-initial-group-size': 1 }, faults: [fault] }), 'stored', 'dead-lettered', 'dropped');
    expect(order(lines).filter((line) => !line.startsWith('stored'))).toEqual(['dead-lettered 1 in dead (rejected)']);
  });

  it('arrives twice when its leader dies between its confirm and the settlement', () => {
    const parts: Parts = { nodes: 3, queues: { dead: { node: 1 } }, faults: [away('mq.0', '18ms', '30s')] };
    expect(order(told(system(parts), 'stored', 'dead-lettered'))).toEqual(['stored 1', 'stored 1 in dead', 'stored 1 in dead', 'dead-lettered 1 in dead (rejected)']);
  });

  it('stays where there is no route, counts towards the length, and is lost to nobody', () => {
    const { lines, held } = toldToTheEnd(system({ queues: {}, messages: 6, args: { 'x-max-length': 2 } }), 'dropped', 'refused', 'dead-lettered');
    expect(lines).toEqual(['refused 4 (full)', 'refused 5 (full)', 'refused 6 (full)']);
    expect(held).toBe(3);
  });

  it('stays for ever in a circle that nobody rejects in, where at most once it is dropped', () => {
    const circle: ClusterParts = { ...system({ args: { 'x-message-ttl': 100, 'x-dead-letter-exchange': '', 'x-dead-letter-routing-key': 'jobs' } }), consumers: {} };
    expect(toldToTheEnd(circle, 'dropped', 'dead-lettered')).toEqual({ lines: [], held: 1 });
  });
});
