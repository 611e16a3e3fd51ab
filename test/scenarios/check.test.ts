/** The search: what it finds, that it finds it again, how small it becomes, and what is written of it. */
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { CheckResult } from '../../scenarios/check-result.ts';
import { loadScenario, parseScenario } from '../../scenarios/load.ts';
import { runScenario } from '../../scenarios/run.ts';
import type { ScenarioSettings } from '../../scenarios/scenario.ts';
import { check, checkDefaults, checkHere, type CheckOptions, type CheckRequest, NothingToCheck } from '../../scenarios/search/check.ts';
import { scenarioText } from '../../scenarios/search/counterexample.ts';
import { tryPlan } from '../../scenarios/search/try-plan.ts';
import { smallSystem } from '../models/small-system.ts';
import { projectRoot } from '../source-files.ts';

function searched(settings: ScenarioSettings, options: Partial<CheckOptions> = {}): CheckResult {
  return checkHere(settings, { ...checkDefaults, runs: 100, messages: 20, ...options });
}

async function library(name: string): Promise<ScenarioSettings> {
  const loaded = await loadScenario(path.join(projectRoot, 'scenarios', 'library', `${name}.yaml`));
  if (!loaded.ok) throw new Error('the scenario does not load');
  return loaded.settings;
}

const retrying = { messages: 200, confirm: { timeout: '1s' }, retry: { fixed: { delay: '100ms' } } } as const;
const doubling = smallSystem({ producer: retrying, claims: ['exactly-once-effect'], connection: { heartbeat: '1s', reconnect: { fixed: { delay: '100ms' } } } });
const mended = smallSystem({ producer: retrying, consumer: { idempotency: {} }, broker: { storage: { durable: true } }, claims: ['at-least-once', 'exactly-once-effect'], connection: { heartbeat: '1s', reconnect: { fixed: { delay: '100ms' } } } });

describe('a search', () => {
  it('finds a publish that takes effect twice, shrinks it to one fault and one or two messages, and names what mends it', () => {
    const { verdict, findings } = searched(doubling);
    expect(verdict).toBe('fail');
    const [finding] = findings;
    expect(finding).toMatchObject({ claim: 'exactly-once-effect', id: 'D3' });
    expect(finding!.smallest.faults).toBe(1);
    expect(finding!.smallest.messages).toBeLessThanOrEqual(2);
    expect(finding!.shrinkRuns).toBeLessThan(checkDefaults.shrinkRuns);
    expect(finding!.story!.broken.map(({ claim }) => claim)).toEqual(['exactly-once-effect']);
    expect(finding!.whatIf.map(({ setting }) => setting)).toEqual(expect.arrayContaining(['consumers.workers.idempotency={}', 'producers.web.retry=none']));
    expect(finding!.whatIf.every((mend) => mend.verdict !== 'fail')).toBe(true);
  });

  it('finds the same again with the same seed, and other schedules with another', () => {
    const told = (result: CheckResult): unknown => result.findings.map(({ claim, foundAt, plan, result: { fingerprint } }) => [claim, foundAt, plan, fingerprint]);
    expect(told(searched(doubling))).toEqual(told(searched(doubling)));
    expect(searched(mended, { seed: 2 }).reached).not.toEqual(searched(mended, { seed: 3 }).reached);
  });

  it('finds what needs another setting than that of the file, says which, and writes a scenario that has it', async () => {
    const vary = { 'consumers.workers.idempotency': [{}, { window: '1s' }], 'brokers.mq.queues.jobs.lease': ['1h', '20s'], 'consumers.workers.acknowledge': ['after-work', 'before-work'] };
    const { verdict, findings, scenario, seed, mode } = searched({ ...mended, claims: ['at-least-once'], vary });
    expect(verdict).toBe('fail');
    const [finding] = findings;
    expect(finding!.changed).toEqual(['consumers.workers.acknowledge=before-work']);
    expect(finding!.settings).not.toHaveProperty('vary');
    expect(finding!.whatIf.map(({ setting }) => setting)).toContain('consumers.workers.acknowledge=after-work');
    const loaded = parseScenario(scenarioText(finding!, { scenario, seed, mode }), 'found.yaml');
    expect(loaded.ok && runScenario(loaded.scenario).fingerprint).toBe(finding!.result.fingerprint);
    expect(searched({ ...mended, claims: ['at-least-once'], vary: { 'brokers.mq.queues.jobs.lease': ['1h'] } }, { runs: 60 }).findings).toEqual([]);
  });

  it('finds nothing where nothing can be found, and says on how many schedules that rests', () => {
    const { verdict, reason, findings, plans, effective, reached } = searched(mended, { runs: 150 });
    expect([verdict, findings.length, plans]).toEqual(['pass', 0, 150]);
    expect(effective).toBeGreaterThan(75);
    expect(reason).toBe(`no violation in ${effective} schedules`);
    for (const path of ['broker.redelivered', 'publisher.retried', 'node.crashed.process', 'session.lost', 'consumer.deduplicated']) expect(reached[path] ?? 0).toBeGreaterThan(0);
  });

  it('proves nothing where something that could come about never did, and names it', () => {
    const limited = { ...mended, brokers: { mq: { kind: 'work-queue', queues: { jobs: { deliveryLimit: 50, deadLetter: 'dead' }, dead: {} } } }, claims: ['at-least-once'] } as ScenarioSettings;
    expect(searched(limited, { runs: 30 })).toMatchObject({ verdict: 'unknown', neverReached: ['a dead letter'], reason: expect.stringMatching(/^no violation in \d+ schedules, but a dead letter never happened in any$/) as string });
    expect(searched(mended).neverReached).toEqual([]);
  });

  it('tries mistakes where it found nothing, and is worth nothing where one is not noticed', () => {
    expect(searched(mended).canaries.map(({ claim, isCaught }) => [claim, isCaught])).toEqual([['at-least-once', true], ['exactly-once-effect', true], ['exactly-once-effect', true]]);
    const generous = { ...mended, claims: [{ 'bounded-duplicates': { budget: 100_000 } }] } as ScenarioSettings;
    expect(searched(generous)).toMatchObject({ verdict: 'unknown', canaries: [{ claim: 'bounded-duplicates', isCaught: false }], reason: expect.stringContaining('bounded-duplicates would not have been seen broken by workers that die after the effect') as string });
    expect(searched(doubling).canaries).toEqual([]);
  });

  it('refuses a scenario that claims nothing, or in which nobody publishes', () => {
    expect(() => searched({ ...doubling, claims: [] })).toThrow(NothingToCheck);
    expect(() => searched({ ...doubling, producers: {}, consumers: {} })).toThrow(NothingToCheck);
  });

  it('stops while it shrinks when it is told to, with a finding that is as small as it has become', () => {
    const search = check(doubling, { ...checkDefaults, runs: 100, messages: 20 });
    let request = search.next();
    let shrinking = 0;
    while (request.done !== true) {
      const { plans, step } = request.value;
      if (step.doing === 'shrinking') shrinking++;
      request = search.next({ tried: plans.map((plan) => tryPlan(doubling, plan)), stop: shrinking > 3 });
    }
    const [finding, ...more] = (request.value as CheckResult).findings;
    expect(more).toEqual([]);
    expect(finding).toMatchObject({ claim: 'exactly-once-effect', isCut: true, whatIf: [] });
    expect(finding!.shrinkRuns).toBeLessThan(5);
    expect(searched(doubling).findings[0]).toMatchObject({ isCut: false });
  });

  it('stops when it is told to, with what it has', () => {
    const search = check(mended, { ...checkDefaults, runs: 1000, messages: 20 });
    const answer = ({ value }: ReturnType<typeof search.next>) => ({ tried: (value as CheckRequest).plans.map((plan) => tryPlan(mended, plan)) });
    const second = search.next(answer(search.next()));
    const stopped = search.next({ ...answer(second), stop: true });
    expect(stopped.done).toBe(true);
    expect((stopped.value as CheckResult).plans).toBe(32);
  });

  it('of every single fault at every moment ends with its bounds', () => {
    const { verdict, reason, plans } = searched(mended, { exhaustive: 'singles' });
    expect(verdict).toBe('pass');
    expect(plans).toBeGreaterThan(300);
    expect(reason).toMatch(/^no violation in \d+ schedules of one fault each, at every moment of 3 messages$/);
    expect(searched(doubling, { exhaustive: 'singles' }).verdict).toBe('fail');
  });
});

describe('what is found', () => {
  it('is an ordinary scenario, which has the same run', () => {
    const result = searched(doubling);
    const [finding] = result.findings;
    const loaded = parseScenario(scenarioText(result.findings[0]!, result), 'found.yaml');
    if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
    const again = runScenario(loaded.scenario);
    expect(again.fingerprint).toBe(finding!.result.fingerprint);
    expect(again.verdicts.find(({ claim }) => claim === 'exactly-once-effect')!.verdict).toBe('fail');
  });

  it.each([
    ['automatic-acknowledgement-loses', 'at-least-once', 'consumers.payments.acknowledge=after-work'],
    ['retry-without-idempotency', 'exactly-once-effect', 'consumers.payments.idempotency={}'],
    ['confirm-before-sync-and-power-loss', 'at-least-once', 'brokers.mq.storage.confirm=after-sync'],
  ])('in %s, whose faults are left out, is that %s is broken, by at most three faults and five messages', async (name, claim, mend) => {
    const { findings } = searched(await library(name), { runs: 400, messages: 60 });
    const finding = findings.find((each) => each.claim === claim);
    expect(finding?.smallest.faults).toBeLessThanOrEqual(3);
    expect(finding?.smallest.messages).toBeLessThanOrEqual(5);
    expect(finding!.whatIf.map(({ setting }) => setting)).toContain(mend);
  });

  it('in a cluster is that a classic queue is lost with its node', async () => {
    const finding = searched(await library('rabbitmq-classic-on-one-of-three-nodes'), { runs: 400, messages: 60 }).findings.find(({ claim }) => claim === 'at-least-once');
    expect(finding!.smallest.faults).toBeLessThanOrEqual(2);
    expect(finding!.smallest.messages).toBe(1);
  });

  it('without any fault is said to need none', () => {
    const [finding] = searched(smallSystem({ producer: { messages: 20, confirm: {} }, consumer: { failure: { poison: { nth: 1 }, then: 'acknowledge' } }, claims: ['at-least-once'] }), { runs: 5 }).findings;
    expect(finding!.plan).toEqual([]);
  });
});
