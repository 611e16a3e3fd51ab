/** The parts of a message's time add up to it, to the nanosecond, whatever happened to it. */
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { explainMessage } from '../../scenarios/explain.ts';
import type { HistoryLine } from '../../scenarios/history.ts';
import { loadScenario } from '../../scenarios/load.ts';
import type { Explanation } from '../../scenarios/result.ts';
import { runScenario } from '../../scenarios/run.ts';
import type { Scenario } from '../../scenarios/scenario.ts';
import { sojournParts } from '../../scenarios/sojourn-parts.ts';
import { createScenario } from '../../scenarios/define.ts';
import { smallSystem } from '../models/small-system.ts';
import { projectRoot } from '../source-files.ts';

async function library(name: string): Promise<Scenario> {
  const loaded = await loadScenario(path.join(projectRoot, 'scenarios', 'library', `${name}.yaml`), { set: ['phases.measure=20s', 'phases.drain=30s'] });
  if (!loaded.ok) throw new Error('the scenario does not load');
  return loaded.scenario;
}

/** Of every message of a run: what happened to it. */
function lives(scenario: Scenario): Map<string, HistoryLine[]> {
  const all = new Map<string, HistoryLine[]>();
  runScenario(scenario, { history: (line) => all.set(line.message, [...(all.get(line.message) ?? []), line]) });
  return all;
}

const sumOf = (parts: Explanation['spent']): number => parts.reduce((sum, { nanoseconds }) => sum + nanoseconds, 0);

describe('the parts of a sojourn', () => {
  it.each(['chaos-by-rate', 'pipeline-under-chaos', 'retry-without-idempotency', 'lease-shorter-than-service'])('add up to it for every message of %s', async (name) => {
    let messages = 0;
    for (const lines of lives(await library(name)).values()) {
      const end = lines.find(({ what }) => what === 'effect') ?? lines.at(-1)!;
      expect(sumOf(sojournParts(lines))).toBe(Math.round(end.at * 1e9) - Math.round(lines[0]!.at * 1e9));
      messages++;
    }
    expect(messages).toBeGreaterThan(100);
  });

  it('tell where a message was: an answer that is worked out by hand', () => {
    // The first takes 50 ms, and the third waits for it and for the second: prefetch 1.
    const scenario = createScenario(smallSystem({ consumer: { service: '50ms', prefetch: 1 } }));
    const { spent, life } = explainMessage(scenario, 'web.0-3');
    expect(spent.map(({ part, nanoseconds }) => [part, nanoseconds / 1e6])).toEqual([
      ['on its way to the broker, or being written', 1], ['ready in a queue', 84], ['on its way to a worker, or in line there', 1], ['being handled', 50],
    ]);
    expect(life.find(({ what }) => what === 'effect')!.at).toBeCloseTo(0.166, 9);
  });

  it('count a publish that is repeated as one that waits with its publisher, and what a dead worker held as held by nobody', () => {
    const scenario = createScenario(smallSystem({
      producer: { messages: 1, confirm: { timeout: '100ms' }, retry: { fixed: { delay: '20ms' } } }, connection: { heartbeat: '20ms', reconnect: { fixed: { delay: '1ms' } } },
      faults: [{ kind: 'publish-lost', target: 'producers.web', at: '0s', for: '1s' }, { kind: 'crash-consumer', target: 'consumers.workers', point: 'during-handler', at: '0s', for: '1s', restart: '10ms' }],
      consumer: { service: '10ms' },
    }));
    const parts = Object.fromEntries(explainMessage(scenario, 'web.0-1').spent.map(({ part, nanoseconds }) => [part, nanoseconds / 1e6]));
    expect(parts['with its publisher']).toBeGreaterThanOrEqual(20);
    expect(parts['held by nobody that is at work on it']).toBeGreaterThan(0);
    expect(parts['being handled']).toBe(15);
  });
});

describe('what a message broke', () => {
  it('is told with its moments, the first one first, also of a message that is no witness of the run', () => {
    const scenario = createScenario(smallSystem({
      broker: { storage: { fsync: { interval: '1s' }, confirm: 'before-sync' }, recovery: '1ms' }, producer: { messages: 30, confirm: {} }, consumer: 'none',
      faults: [{ kind: 'crash', target: 'mq', scope: 'host', at: '500ms', for: '10ms' }], claims: ['at-least-once', 'confirm-means-durable'],
    }));
    const { broken, broke, hitBy } = explainMessage(scenario, 'web.0-25');
    expect(broken.map(({ claim, at }) => [claim, at])).toEqual([['confirm-means-durable', 0.251], ['at-least-once', 0.5]]);
    expect(broke).toEqual(['confirm-means-durable (D11)', 'at-least-once (D1)']);
    expect(hitBy).toEqual(['F1']);
    expect(runScenario(scenario).verdicts[0]!.witnesses).toHaveLength(8);
  });
});
