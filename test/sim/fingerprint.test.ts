import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Fingerprint, hashName } from '../../sim/fingerprint.ts';
import { Simulation } from '../../sim/simulation.ts';

interface Happening {
  readonly time: number;
  readonly name: string;
  readonly a: number;
  readonly b: number;
}

const names = ['mq.appended', 'mq.confirmable', 'producer.arrived', 'ab', 'ba', ''];
const int32 = fc.oneof(fc.integer({ min: -3, max: 3 }), fc.integer({ min: -2_147_483_648, max: 2_147_483_647 }));
const time = fc.oneof(fc.integer({ min: 0, max: 10 }), fc.integer({ min: 0, max: 2 ** 53 - 1 }), fc.integer({ min: 0, max: 2 ** 21 }).map((high) => high * 4_294_967_296));
const happening = fc.record({ time, name: fc.constantFrom(...names), a: int32, b: int32 });
const happenings = fc.array(happening, { minLength: 1, maxLength: 30 });

function fingerprint(events: readonly Happening[]): string {
  const hash = new Fingerprint();
  for (const event of events) hash.mix(event.time, hashName(event.name), event.a, event.b);
  return hash.value;
}

describe('a fingerprint', () => {
  it('is sixteen hexadecimal digits, and the same for the same events', () => {
    fc.assert(
      fc.property(happenings, (events) => {
        expect(fingerprint(events)).toMatch(/^[0-9a-f]{16}$/);
        expect(fingerprint(events)).toBe(fingerprint(events));
      }),
      { seed: 1 },
    );
  });

  it('differs when one event differs in its time, its name or an operand, whatever comes after', () => {
    const change = fc.oneof(
      time.map((to) => ({ time: to })), fc.constantFrom(...names).map((to) => ({ name: to })), int32.map((to) => ({ a: to })), int32.map((to) => ({ b: to })),
    );
    fc.assert(
      fc.property(happenings, fc.nat(), change, (events, index, by) => {
        const at = index % events.length;
        const changed = events.with(at, { ...events[at]!, ...by });
        const isSame = JSON.stringify(changed[at]) === JSON.stringify(events[at]);
        expect(fingerprint(changed) === fingerprint(events)).toBe(isSame);
      }),
      { numRuns: 20_000, seed: 2 },
    );
  });

  it('differs when events are left out, added or swapped', () => {
    fc.assert(
      fc.property(happenings, happening, fc.nat(), (events, other, index) => {
        const at = index % events.length;
        expect(fingerprint(events.toSpliced(at, 1))).not.toBe(fingerprint(events));
        expect(fingerprint(events.toSpliced(at, 0, other))).not.toBe(fingerprint(events));
        const swapped = [...events.slice(0, at), other, ...events.slice(at)];
        const back = [...events.slice(0, at), events[at]!, other, ...events.slice(at + 1)];
        expect(fingerprint(swapped) === fingerprint(back)).toBe(JSON.stringify(swapped) === JSON.stringify(back));
      }),
      { numRuns: 2000, seed: 3 },
    );
  });

  it('of many runs that differ a little are all different', () => {
    const seen = new Set<string>();
    for (let a = 0; a < 300; a++) for (let b = 0; b < 300; b++) seen.add(fingerprint([{ time: 1, name: 'x', a, b }, { time: 2, name: 'y', a: b, b: a }]));
    expect(seen.size).toBe(90_000);
  });

  it('does not depend on the order in which events were declared', () => {
    const run = (declared: readonly string[]): string => {
      const sim = new Simulation({ seed: 1 });
      const types = new Map(declared.map((name) => [name, sim.declare(name)]));
      for (const type of types.values()) sim.handle(type, () => {});
      for (let at = 0; at < 100; at++) sim.after(at, types.get(['x', 'y', 'z'][at % 3]!)!, at, -at);
      sim.runUntil(1000);
      return sim.fingerprint.value;
    };
    expect(run(['z', 'unused', 'x', 'y'])).toBe(run(['x', 'y', 'z']));
  });

  it('is of the names that a simulation declared, of its times and operands', () => {
    const run = (name: string, delay: number, a: number, b: number): string => {
      const sim = new Simulation({ seed: 1 });
      const event = sim.declare(name);
      sim.handle(event, () => {});
      sim.after(delay, event, a, b);
      sim.runUntil(10);
      return sim.fingerprint.value;
    };
    expect(new Set([run('x', 1, 2, 3), run('y', 1, 2, 3), run('x', 2, 2, 3), run('x', 1, 3, 3), run('x', 1, 2, 4)]).size).toBe(5);
  });

  it('has checkpoints at multiples of a step, never many, each as if the run had ended there', () => {
    const runTo = (count: number): Simulation => {
      const sim = new Simulation({ seed: 1 });
      const tick = sim.declare('tick');
      sim.handle(tick, (a) => a < count && void sim.after(3, tick, a + 1, 0));
      sim.after(3, tick, 1, 0);
      sim.runUntil(1e9);
      return sim;
    };
    for (const count of [1000, 1024, 50_000, 200_000]) {
      const { checkpoints } = runTo(count).fingerprint;
      const step = checkpoints[0]?.events ?? 1024;
      expect(checkpoints.map(({ events }) => events)).toEqual(Array.from({ length: Math.floor(count / step) }, (_, index) => (index + 1) * step));
      expect(checkpoints.length).toBeLessThan(64);
    }
    const { checkpoints } = runTo(10_000).fingerprint;
    for (const { events, time: at, fingerprint: value } of checkpoints) {
      const { fingerprint: shorter } = runTo(events);
      expect([at, value]).toEqual([events * 3, shorter.value]);
    }
  });
});

describe('the hash of a name', () => {
  it('tells names apart by their letters and by their order', () => {
    expect(new Set(names.map(hashName)).size).toBe(names.length);
    expect(hashName('mq.appended')).toBe(hashName(['mq', 'appended'].join('.')));
    // FNV-1a, 32 bits: of nothing, and of "a".
    expect([hashName('') >>> 0, hashName('a') >>> 0]).toEqual([0x811c9dc5, 0xe40c292c]);
  });
});
