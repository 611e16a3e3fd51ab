import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { createScenario, type ScenarioSettings } from '../../scenarios/define.ts';
import { loadScenario } from '../../scenarios/load.ts';
import type { ClaimVerdict } from '../../scenarios/result.ts';
import { runScenario } from '../../scenarios/run.ts';
import { projectRoot } from '../source-files.ts';
import { type Fault, type Parts, smallSystem } from './small-system.ts';

type Claim = NonNullable<ScenarioSettings['claims']>[number];

function verdictOf(claim: Claim, parts: Parts): ClaimVerdict {
  const name = typeof claim === 'string' ? claim : Object.keys(claim)[0];
  return runScenario(createScenario(smallSystem({ ...parts, claims: [claim] }))).verdicts.find((verdict) => verdict.claim === name)!;
}

function told(claim: Claim, parts: Parts): string {
  const { verdict, reason, witness } = verdictOf(claim, parts);
  return [verdict, reason, witness && `${witness.message}: ${witness.summary}`].filter(Boolean).join(' | ');
}

const stalled: Fault = { kind: 'pause', target: 'mq', at: '200ms', for: '300ms' };
const confirming = { messages: 100, confirm: { timeout: '50ms' }, retry: { fixed: { delay: '10ms' }, attempts: 3 } } as const;

describe('bounded-unavailability', () => {
  it('is unknown where no fault struck', () => {
    expect(told({ 'bounded-unavailability': { within: '1s' } }, {})).toBe('unknown | no fault struck');
  });

  it('tells the longest interval, of effects or of confirms in time', () => {
    const parts: Parts = { producer: confirming, faults: [stalled] };
    expect(told({ 'bounded-unavailability': { within: '1s' } }, parts)).toMatch(/^pass \| at most 0.30\d s passed without a success$/);
    expect(told({ 'bounded-unavailability': { within: '200ms' } }, parts)).toMatch(/^fail \| nothing succeeded for 0.306 s from 0.200 s on \| effects: /);
    expect(told({ 'bounded-unavailability': { within: '200ms', of: 'confirms' } }, parts)).toMatch(/^fail .* \| confirms: /);
  });

  it('does not count a time in which nobody is kept waiting, and does one that everybody gave up in', () => {
    // One message each five seconds, all of them handled at once.
    const seldom: Parts = { producer: { arrivals: { constant: { rate: '0.2/s' } }, messages: 3, confirm: {} }, phases: { measure: '20s', drain: '10s' }, faults: [stalled] };
    expect(told({ 'bounded-unavailability': { within: '100ms' } }, seldom)).toMatch(/^pass \| at most 0\.00\d s passed/);
    expect(told({ 'bounded-unavailability': { within: '100ms', of: 'confirms' } }, seldom)).toMatch(/^pass \| at most 0\.00\d s passed/);
    // The second is given up at once, long before the third succeeds.
    const down: Fault = { kind: 'pause', target: 'mq', at: '9s', for: '3s' };
    const givenUp: Parts = { ...seldom, producer: { ...seldom.producer, confirm: { timeout: '50ms' } }, faults: [down] };
    expect(told({ 'bounded-unavailability': { within: '4s', of: 'confirms' } }, givenUp)).toMatch(/^fail \| nothing succeeded for 5\.\d+ s from 10\.000 s on/);
  });

  it('counts to the end while something is left', () => {
    const never: Parts = { producer: { messages: 2 }, consumer: 'none', faults: [stalled], phases: { measure: '1s', drain: '1s' } };
    expect(told({ 'bounded-unavailability': { within: '1s' } }, never)).toBe('fail | nothing succeeded for 1.990 s from 0.010 s on | effects: nothing succeeded for 1.990 s from 0.010 s on; 1.000 s are allowed.');
  });
});

describe('bounded-amplification', () => {
  it('is unknown without a retry, fails without a budget and passes with one', () => {
    expect(told('bounded-amplification', { producer: { messages: 100, confirm: {} } })).toBe('unknown | no publish was tried again');
    expect(told('bounded-amplification', { producer: confirming, faults: [stalled] })).toMatch(/^fail \| \d+ retries were beyond the budget: \d+ attempts at 100 messages \| web\.0-\d+: Its attempt \d was retry \d+ to \d+ messages\.$/);
    const withBudget = { ...confirming, retry: { ...confirming.retry, budget: { tokensPerMessage: 0.1, capacity: 10 } } };
    expect(told('bounded-amplification', { producer: withBudget, faults: [stalled] })).toMatch(/^pass \| 1\d\d attempts at 100 messages$/);
    expect(told({ 'bounded-amplification': { retries: 2 } }, { producer: confirming, faults: [stalled] })).toMatch(/^pass/);
  });
});

describe('no-livelock', () => {
  const poison: Parts = { consumer: { service: '100ms', failure: { poison: { nth: 1 }, then: 'requeue' } }, phases: { measure: '10s', drain: '20s' } };

  it('fails where a poison message keeps its worker from everything else', () => {
    expect(told('no-livelock', poison)).toMatch(/^fail \| 1 time messages went round and nothing was done \| web\.0-1: \d+ redeliveries in 10\.\d+ s, and nothing was done/);
  });

  it('passes with a limit, and is unknown where nothing comes back', () => {
    expect(told('no-livelock', { ...poison, jobs: { deliveryLimit: 5 } })).toBe('pass');
    expect(told('no-livelock', {})).toMatch(/^unknown \| nothing happened/);
    expect(told('no-livelock', { consumer: 'none', phases: { measure: '1s', drain: '1s' } })).toBe('unknown | nothing was delivered');
  });
});

describe('recovers-from-trigger', () => {
  const file = path.join(projectRoot, 'scenarios', 'incidents', 'c33-retries-that-keep-an-overload-up.yaml');
  async function storm(variant?: string) {
    const loaded = await loadScenario(file, variant === undefined ? {} : { variant });
    if (!loaded.ok) throw new Error('the scenario does not load');
    const result = runScenario(loaded.scenario);
    return { result, reason: result.verdicts.find(({ claim }) => claim === 'recovers-from-trigger')!.reason };
  }

  it('is unknown where no fault struck, and where there was no time to recover', () => {
    expect(told('recovers-from-trigger', {})).toBe('unknown | no fault struck');
    expect(told('recovers-from-trigger', { faults: [stalled] })).toMatch(/^unknown \| producers stopped before a window/);
  });

  it('names what keeps the overload up: nothing succeeds for 270 s after the fault', async () => {
    const { reason } = await storm();
    expect(reason).toBe('metastable: as much as was offered succeeded not by 300.000 s; 67 % of attempts were retries, 100 % of the work was for nobody any more');
  });

  it('recovers with a budget at 60 s, without retries at 51 s, and never from 40/s on', async () => {
    expect((await storm('budget')).reason).toBe('as much succeeded as was offered 30.000 s after the faults');
    expect((await storm('no retries')).reason).toBe('as much succeeded as was offered 21.000 s after the faults');
    expect((await storm('at 30/s')).result.verdict).toBe('pass');
    expect((await storm('at 40/s')).reason).toMatch(/^metastable/);
  });
});
