/** Operational time of producers: a burst and a crash change when messages come, and nothing else of it. */
import { describe, expect, it } from 'vitest';
import { parseScenario } from '../../scenarios/load.ts';
import { runScenario } from '../../scenarios/run.ts';

/** 10 messages a second, evenly, for 100 s. */
function publishedIn(seconds: readonly (readonly [number, number])[], faults: string, publisher = ''): number[] {
  const loaded = parseScenario(`
faultline: 1
name: clock
phases: { warmUp: 0s, measure: 100s, drain: 10s }
brokers: { mq: { kind: work-queue, storage: { durable: false }, queues: { jobs: {} } } }
producers: { web: { publish: mq/jobs, arrivals: { constant: { rate: 10/s } }, ${publisher} } }
consumers: { workers: { subscribe: mq/jobs, service: 1ms } }
faults: [${faults}]
`, 'clock.yaml');
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  const times: number[] = [];
  runScenario(loaded.scenario, { history: ({ at, what }) => what === 'published' && times.push(at) });
  return seconds.map(([from, to]) => times.filter((time) => time > from + 1e-6 && time <= to + 1e-6).length);
}

describe('a producer', () => {
  it('makes messages come as many times as fast as a burst says, while it lasts', () => {
    const counts = publishedIn([[0, 50], [50, 60], [60, 100]], '{ kind: burst, target: producers.web, factor: 3, at: 50s, for: 10s }');
    expect(counts).toEqual([500, 300, 400]);
  });

  it('makes messages come at once again after a crash, and none meanwhile', () => {
    const counts = publishedIn([[0, 50], [50, 60], [60, 100]], '{ kind: crash, target: producers.web, at: 50050ms, for: 10s }');
    expect(counts[0]).toBe(500);
    expect(counts[1]).toBe(0);
    expect(counts[2]).toBeGreaterThanOrEqual(399);
    expect(counts[2]).toBeLessThanOrEqual(400);
  });

  it('goes on at its pace when its full buffer has room again', () => {
    const counts = publishedIn(
      [[0, 50], [50.2, 60], [61, 100]],
      '{ kind: crash, target: mq.0, at: 50050ms, for: 5s }',
      'confirm: { timeout: 1s }, buffer: { capacity: 1, overflow: block }',
    );
    expect(counts[0]).toBe(500);
    expect(counts[1]).toBeLessThan(60);
    expect(counts[2]).toBeGreaterThanOrEqual(389);
    expect(counts[2]).toBeLessThanOrEqual(391);
  });
});
