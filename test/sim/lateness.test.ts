/** Events that may be late: at some places, some times, by how much, and that nothing else is touched. */
import { describe, expect, it } from 'vitest';
import { createScenario } from '../../scenarios/define.ts';
import { runScenario } from '../../scenarios/run.ts';
import { Simulation } from '../../sim/simulation.ts';
import { smallSystem } from '../models/small-system.ts';

/** How long each of so many events took that were to take ten milliseconds. */
function taken(seed: number, late: 'never' | 'sometimes', mayBe: boolean, times = 400, delay = 10e6): number[] {
  const sim = new Simulation({ seed, late });
  const event = sim.declare('tested');
  if (mayBe) sim.mayBeLate(event);
  const took: number[] = [];
  let begun = 0;
  sim.handle(event, () => {
    took.push(sim.now - begun);
    begun = sim.now;
    if (took.length < times) sim.after(delay, event, 0, 0);
  });
  sim.after(delay, event, 0, 0);
  while (sim.step()) {
    // To the end.
  }
  return took;
}

describe('an event that may be late', () => {
  const active = Array.from({ length: 200 }, (_, seed) => taken(seed, 'sometimes', true, 50)).filter((took) => took.some((each) => each !== 10e6));

  it('is late in a quarter of the runs', () => {
    expect(active.length).toBeGreaterThan(30);
    expect(active.length).toBeLessThan(75);
  });

  it('and then at a quarter of its times, by at most four times what it takes', () => {
    const took = active.flat();
    const late = took.filter((each) => each > 10e6);
    expect(late.length / took.length).toBeGreaterThan(0.2);
    expect(late.length / took.length).toBeLessThan(0.3);
    expect(Math.max(...took)).toBeLessThanOrEqual(50e6);
    expect(Math.max(...took)).toBeGreaterThan(40e6);
  });

  it('takes something where it took nothing', () => {
    const [seed] = Array.from({ length: 200 }, (_, each) => each).filter((each) => taken(each, 'sometimes', true, 50, 0).some((time) => time > 0));
    expect(seed).toBeDefined();
    expect(Math.max(...taken(seed!, 'sometimes', true, 50, 0))).toBeLessThanOrEqual(4e6);
  });

  it('is never late where nobody asked for that, nor is one that may not be', () => {
    for (let seed = 0; seed < 40; seed++) {
      expect(new Set(taken(seed, 'never', true, 50))).toEqual(new Set([10e6]));
      expect(new Set(taken(seed, 'sometimes', false, 50))).toEqual(new Set([10e6]));
    }
  });
});

it('handlings take longer now and then, which a result says of its predictions', () => {
  const run = (seed: number) => runScenario(createScenario(smallSystem({ seed, late: 'sometimes', producer: { messages: 500 }, consumer: { service: '5ms' } })));
  const slowest = Array.from({ length: 12 }, (_, seed) => run(seed).groups['workers']!.latency.service.max as number);
  expect(slowest.filter((each) => each <= 0.0051).length).toBeGreaterThan(3);
  expect(slowest.filter((each) => each > 0.015).length).toBeGreaterThan(0);
  expect(JSON.stringify(run(1).predictions)).toContain('late: sometimes');
});
