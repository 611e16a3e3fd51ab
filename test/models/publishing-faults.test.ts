/** Applications that publish twice, and processes that die between their database and the broker. */
import { describe, expect, it } from 'vitest';
import { createScenario } from '../../scenarios/define.ts';
import { runScenario } from '../../scenarios/run.ts';
import { driveToQuiet } from './driven.ts';
import { type Fault, type Parts, smallSystem, told } from './small-system.ts';

const struck = (parts: Parts): number => driveToQuiet(createScenario(smallSystem(parts))).system.faults.struck[0]!.changed;

describe('double-publish', () => {
  const twice = (more: object = {}, parts: Partial<Parts> = {}): Parts => ({
    producer: { messages: 3, confirm: {} }, faults: [{ kind: 'double-publish', target: 'producers.web', at: '0s', for: '1s', messages: { nth: 2 }, after: '15ms', ...more } as Fault], ...parts,
  });

  it('has the same message come once more, and be handled once more: what is no retry', () => {
    expect(told(twice(), 'sent', 'effect', 'duplicate-effect').map((line) => line.replace(' workers.0', ''))).toEqual([
      '10 sent 1', '17 effect 1', '20 sent 2', '27 effect 2', '30 sent 3', '35 sent 2 #2', '37 effect 3', '44 duplicate-effect 2',
    ]);
    const { duplicates } = runScenario(createScenario(smallSystem(twice())));
    expect(duplicates.effects).toEqual({ 'published-twice': 1 });
  });

  it('is held back by an idempotency store', () => {
    expect(told(twice({}, { consumer: { idempotency: {} } }), 'duplicate-effect', 'deduplicated').map((line) => line.slice(0, 18))).toEqual(['39 deduplicated 2 ']);
  });

  it('hits who it is told to: all, or those that are selected, and counts them', () => {
    expect(struck(twice({ messages: undefined }))).toBe(3);
    expect(struck(twice({ messages: { every: 2 } }))).toBe(1);
    expect(struck(twice({ at: '1s' }))).toBe(0);
  });

  it('ends with its process: a form that is open then is not sent', () => {
    const crash: Fault = { kind: 'crash', target: 'producers.web', at: '30ms', for: '5ms' };
    const parts = twice({ after: '100ms' });
    expect(told({ ...parts, faults: [...parts.faults!, crash] }, 'duplicate-effect')).toEqual([]);
  });
});

describe('outbox-crash', () => {
  const dying = (point: 'before-publish' | 'after-publish', outbox: boolean, parts: Partial<Parts> = {}): Parts => ({
    producer: { messages: 4, confirm: {}, outbox }, connection: { reconnect: { fixed: { delay: '1ms' } } },
    faults: [{ kind: 'outbox-crash', target: 'producers.web', point, messages: { nth: 2 }, at: '0s', for: '1s', restart: '50ms' }], ...parts,
  });
  const lines = (parts: Parts): string[] => told(parts, 'sent', 'abandoned', 'effect', 'duplicate-effect').map((line) => line.replace(' workers.0', ''));

  it('before it publishes loses the message, which nobody else knows of', () => {
    expect(lines(dying('before-publish', false)).slice(2, 4)).toEqual(['20 abandoned 2 (crash(F1))', '80 sent 3']);
    expect(struck(dying('before-publish', false))).toBe(1);
  });

  it('before it publishes does not, with an outbox: it is the first that is published afterwards', () => {
    expect(lines(dying('before-publish', true)).slice(2)).toEqual(['72 sent 2', '79 effect 2', '80 sent 3', '87 effect 3', '90 sent 4', '97 effect 4']);
  });

  it('after it published leaves it at that, or, with an outbox, publishes again', () => {
    expect(lines(dying('after-publish', false)).filter((line) => / 2( |$)/.test(line))).toEqual(['20 sent 2', '27 effect 2']);
    expect(lines(dying('after-publish', true)).filter((line) => / 2( |$)/.test(line))).toEqual(['20 sent 2', '27 effect 2', '72 sent 2 #2', '79 duplicate-effect 2']);
  });

  it('is what decides between at-least-once and not: of what a producer means, not only of what was confirmed', () => {
    const count = (outbox: boolean): [number, number] => {
      const { messages } = runScenario(createScenario(smallSystem(dying('before-publish', outbox))));
      return [messages.published, messages.handled];
    };
    expect([count(false), count(true)]).toEqual([[4, 3], [4, 4]]);
  });

  it('keeps what waits for a confirm, for a connection or for its turn, over any crash', () => {
    const crash: Fault = { kind: 'crash', target: 'producers.web', at: '15ms', for: '20ms' };
    const away: Fault = { kind: 'crash', target: 'mq', at: '5ms', for: '40ms' };
    const parts = (outbox: boolean): Parts => ({ ...dying('before-publish', outbox), broker: { recovery: '1ms' }, faults: [away, crash] });
    expect(told(parts(false), 'abandoned')).toHaveLength(1);
    expect(told(parts(true), 'abandoned')).toHaveLength(0);
    expect(told(parts(true), 'effect')).toHaveLength(4);
  });

  it('needs confirms for its outbox', () => {
    expect(() => createScenario(smallSystem({ producer: { outbox: true } }))).toThrow('producers.web.outbox: without confirms nothing says when a message can leave the outbox');
  });
});

describe('producer-per-request', () => {
  const forgetful = (more: object = {}, parts: Partial<Parts> = {}): Parts => ({
    producer: { messages: 30 }, faults: [{ kind: 'producer-per-request', target: 'producers.web', at: '0s', for: '1s', ...more } as Fault], ...parts,
  });
  /** Connections at the broker's node every so often, in milliseconds. */
  function held(parts: Parts, ...times: number[]): number[] {
    const counts: number[] = [];
    driveToQuiet(createScenario(smallSystem(parts)), {
      built: ({ world }) => {
        const look = world.sim.declare('test.look');
        const node = world.nodes.resolve('mq.0')[0]!;
        world.sim.handle(look, () => void counts.push(world.network.book.heldAt(node)));
        for (const time of times) world.sim.after(time * 1e6, look, 0, 0);
      },
    });
    return counts;
  }

  it('leaves one connection more open with each message, until the fault ends', () => {
    // The producer and one worker; a message comes each 10 ms.
    expect(held(forgetful(), 5, 105, 205, 305, 1500)).toEqual([2, 12, 22, 32, 2]);
    expect(held(forgetful({ messages: { every: 10 } }), 205)).toEqual([4]);
    expect(struck(forgetful())).toBe(30);
  });

  it('loses them with either process', () => {
    const crash = (target: string): Fault => ({ kind: 'crash', target, at: '102ms', for: '1ms' });
    for (const target of ['mq', 'producers.web']) expect(held(forgetful({}, { faults: [...forgetful().faults!, crash(target)] }), 101, 104)[0]! - 10, target).toBe(2);
    expect(held(forgetful({}, { faults: [...forgetful().faults!, crash('mq')] }), 102.5)).toEqual([0]);
    // The reset of its own connection is still on its way.
    expect(held(forgetful({}, { faults: [...forgetful().faults!, crash('producers.web')] }), 102.5)).toEqual([2]);
  });

  it('opens no more than the node takes', () => {
    const parts = forgetful({}, { faults: [...forgetful().faults!, { kind: 'connection-limit', target: 'mq', limit: 5, at: '5ms', for: '1s' }] });
    expect(held(parts, 305)).toEqual([5]);
    expect(struck(parts)).toBe(3);
  });
});
