/** The matchers and arbitraries that users have, each failing where it has to. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadScenario } from '../../scenarios/load.ts';
import { runScenario } from '../../scenarios/run.ts';
import { fc, faultPlans, loadSystem, systemOf, workloads } from '../../vitest/index.ts';
// oxlint-disable-next-line no-unassigned-import
import '../../vitest/setup.ts';
import { smallSystem } from '../models/small-system.ts';
import { projectRoot } from '../source-files.ts';

const folder = mkdtempSync(path.join(os.tmpdir(), 'faultline-found-'));
beforeAll(() => void (process.env['FAULTLINE_OUT'] = folder));
afterAll(() => {
  delete process.env['FAULTLINE_OUT'];
  rmSync(folder, { recursive: true, force: true });
});

const quick = { heartbeat: '1s', reconnect: { fixed: { delay: '100ms' } } } as const;
const producer = { messages: 50, key: { uniform: { keys: 5 } }, confirm: { timeout: '1s' }, retry: { fixed: { delay: '100ms' } } } as const;
const dies = { kind: 'crash', target: 'consumers.workers', at: '100ms', for: '100ms' } as const;
const safe = systemOf(smallSystem({ producer, consumer: { idempotency: {} }, broker: { storage: { durable: true } }, connection: quick, faults: [dies], claims: ['at-least-once'] }));
const doubling = systemOf(smallSystem({ producer, connection: quick }));
const losing = systemOf(smallSystem({ producer, consumer: { acknowledge: 'automatic', prefetch: 'unlimited', service: '50ms' }, connection: quick, faults: [dies], claims: ['at-least-once'] }));

/** What the assertion says; undefined when it holds. */
function failure(assertion: () => unknown): string | undefined {
  try {
    assertion();
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

describe('of a system as it is written', () => {
  it('a guarantee that holds is no failure', () => {
    expect(safe).toDeliverAtLeastOnce();
    expect(safe).toHaveExactlyOnceEffects();
    expect(safe).toDrain();
    expect(safe).toKeep({ 'bounded-duplicates': { budget: 100 } });
    expect(losing).not.toDeliverAtLeastOnce();
  });

  it('one that is broken tells of its witness, and one that nothing could have broken is not kept', () => {
    const told = failure(() => expect(losing).toDeliverAtLeastOnce());
    expect(told).toMatch(/at-least-once is broken: \d+ confirmed messages were never handled/);
    expect(told).toContain('It breaks at-least-once (D1)');
    expect(failure(() => expect(doubling).toHaveExactlyOnceEffects())).toMatch(/exactly-once-effect is unproven: nothing happened/);
  });

  it('objectives are met or missed', () => {
    expect(safe).toMeetObjective('p99(workers.sojourn) < 10s');
    expect(safe).toDrainWithin('10s');
    expect(failure(() => expect(safe).toMeetObjective('p99(workers.sojourn) < 1us'))).toMatch(/^p99\(workers\.sojourn\) < 1us is missed: it is [\d.]+ s, the limit 0\.000001 s/);
    expect(failure(() => expect(safe).toMeetObjective('p99(nobody.sojourn) < 1s'))).toContain('not a valid scenario');
  });

  it('a search is survived, or tells what it found, which a line has again', () => {
    expect(safe).toSurvive({ runs: 60, messages: 20 });
    const told = failure(() => expect(losing).toSurvive({ runs: 60, messages: 20 }))!;
    expect(told).toContain('Smallest failing plan');
    expect(told).toContain('Does a setting mend it?');
    expect(told).toContain(`npx faultline run ${folder}`);
  });

  it('anything else is refused', () => {
    expect(failure(() => expect({}).toDeliverAtLeastOnce())).toContain('a system is wanted');
  });
});

describe('under a plan', () => {
  const plans = faultPlans(doubling);

  it('a property fails with the smallest plan, a story, what mends it, and a file that has it again', async () => {
    const told = failure(() => fc.assert(fc.property(plans, (plan) => {
      expect(doubling.under(plan)).toHaveExactlyOnceEffects();
    }), { seed: 1, numRuns: 100 }))!;
    for (const part of ['exactly-once-effect (D3)', 'Smallest failing plan', 'What happened', 'Ledger', 'consumers.workers.idempotency={}', 'npx faultline run']) expect(told).toContain(part);
    const [file] = /\S+-exactly-once-effect\.yaml/.exec(told)!;
    expect(readFileSync(file, 'utf8')).toMatch(/^# Found by faultline check in .*: a plan of a property, run with seed \d+, shrunk\./);
    const loaded = await loadScenario(file);
    expect(loaded.ok && runScenario(loaded.scenario).verdicts.find(({ claim }) => claim === 'exactly-once-effect')!.verdict).toBe('fail');
  });

  it('a property that holds holds, on whatever workload', () => {
    fc.assert(fc.property(faultPlans(safe), workloads({ max: 30 }), (plan, workload) => {
      expect(safe.under(plan, workload)).toDeliverAtLeastOnce();
      expect(safe.under(plan, workload)).toHaveExactlyOnceEffects();
    }), { seed: 2, numRuns: 60 });
  });

  it('an objective is missed', () => {
    const slow = { faults: [{ kind: 'slow', target: 'consumers.workers', factor: 100, at: '0s', for: '10s' } as const], seed: 1 };
    expect(doubling.under({ faults: [], seed: 1 })).toMeetObjective('max(workers.sojourn) < 1s');
    expect(failure(() => expect(doubling.under(slow)).toMeetObjective('max(workers.sojourn) < 1s'))).toContain('is missed');
    expect(failure(() => expect(doubling.under(slow)).toMeetObjective('max(nobody.sojourn) < 1s'))).toContain('not a valid scenario');
  });

  it('plans are readable, of the kinds that are asked for, and the same for the same seed', () => {
    const drawn = fc.sample(faultPlans(doubling, { kinds: ['crash', 'ack-lost'] }), { seed: 3, numRuns: 50 });
    expect(new Set(drawn.flatMap(({ faults }) => faults.map(({ kind }) => kind)))).toEqual(new Set(['crash', 'ack-lost']));
    expect(fc.stringify(drawn[0])).toMatch(/^\nfaults:\n {2}- kind: /);
    expect(fc.sample(plans, { seed: 3, numRuns: 20 }).map(({ seed }) => seed)).toEqual(fc.sample(plans, { seed: 3, numRuns: 20 }).map(({ seed }) => seed));
    expect(() => faultPlans(doubling, { kinds: ['meteor'] })).toThrow('has no meteor');
  });
});

it('a file that is not valid is refused with all that is wrong in it', async () => {
  await expect(loadSystem(path.join(projectRoot, 'package.json'))).rejects.toThrow('faultline');
  expect((await loadSystem(path.join(projectRoot, 'scenarios', 'library', 'checkout.yaml'))).settings.name).toBe('checkout');
});
