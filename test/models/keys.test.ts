import { describe, expect, it } from 'vitest';
import { KeyLaw } from '../../models/keys.ts';
import { RandomStreams } from '../../sim/random.ts';
import { createScenario } from '../../scenarios/define.ts';
import { countError, evennessError, zMax } from '../sim/statistics.ts';
import { driveToQuiet } from './driven.ts';
import { type Parts, smallSystem } from './small-system.ts';

function counts(law: KeyLaw, draws: number): Map<number, number> {
  const stream = new RandomStreams(1).stream('keys');
  const seen = new Map<number, number>();
  for (let draw = 0; draw < draws; draw++) {
    const key = law.draw(stream);
    seen.set(key, (seen.get(key) ?? 0) + 1);
  }
  return seen;
}

describe('keys', () => {
  it('none, unless they are described; or always the same', () => {
    expect([...counts(new KeyLaw(undefined), 10)]).toEqual([[-1, 10]]);
    expect([...counts(new KeyLaw({ kind: 'fixed', value: 7 }), 10)]).toEqual([[7, 10]]);
  });

  it('uniform: all as often', () => {
    const seen = counts(new KeyLaw({ kind: 'uniform', keys: 20 }), 40_000);
    expect([...seen.keys()].sort((one, other) => one - other)).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
    expect(Math.abs(evennessError([...seen.values()]))).toBeLessThan(zMax);
  });

  it('Zipf: the kth with a probability proportional to a power of k', () => {
    const [keys, exponent, draws] = [50, 1.2, 200_000];
    const seen = counts(new KeyLaw({ kind: 'zipf', keys, exponent }), draws);
    const weight = (key: number): number => Math.exp(-exponent * Math.log(key));
    const all = Array.from({ length: keys }, (_, index) => weight(index + 1)).reduce((sum, each) => sum + each, 0);
    for (const key of [1, 2, 3, 10, 50]) expect(Math.abs(countError(seen.get(key)!, weight(key) / all, draws))).toBeLessThan(zMax);
    expect([Math.min(...seen.keys()), Math.max(...seen.keys())]).toEqual([1, 50]);
  });
});

describe('what is drawn for a message', () => {
  const drawn = (producer: Parts['producer']) => {
    const seen: { priority: number; size: number }[] = [];
    driveToQuiet(createScenario(smallSystem({ producer, consumer: 'none', phases: { measure: '100s', drain: '1s' } })), {
      built: ({ world }) => {
        world.ledger.history = (what, message) => what === 'published' && seen.push({ priority: world.messages.priority[message]!, size: world.messages.size[message]! });
      },
    });
    return seen;
  };

  it('its priority: by its weight', () => {
    const seen = drawn({ messages: 8000, arrivals: { constant: { rate: '1000/s' } }, priority: { 0: 5, 3: 2, 9: 1 } });
    for (const [level, share] of [[0, 5 / 8], [3, 2 / 8], [9, 1 / 8]] as const) {
      expect(Math.abs(countError(seen.filter(({ priority }) => priority === level).length, share, seen.length))).toBeLessThan(zMax);
    }
  });

  it('its size: whole bytes', () => {
    const sizes = drawn({ messages: 2000, arrivals: { constant: { rate: '1000/s' } }, size: { exponential: { mean: '1kB' } } }).map(({ size }) => size);
    expect(sizes.every(Number.isInteger)).toBe(true);
    expect(Math.abs(sizes.reduce((sum, size) => sum + size, 0) / sizes.length - 1000)).toBeLessThan((zMax * 1000) / Math.sqrt(sizes.length));
  });
});
