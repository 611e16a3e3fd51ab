/** Each delivery and effect beyond the first of its branch has one cause, and the causes add up to all of them. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createScenario, type ScenarioSettings } from '../../scenarios/define.ts';
import type { HistoryLine } from '../../scenarios/history.ts';
import { runScenario } from '../../scenarios/run.ts';
import { wildScenarios } from '../arbitraries.ts';
import { driveToQuiet } from './driven.ts';
import { type Fault, type Parts, smallSystem } from './small-system.ts';

/** `effects; deliveries`, by cause. */
function causes(scenario: ScenarioSettings): string {
  const { duplicates, messages } = runScenario(createScenario(scenario));
  const told = (counts: Record<string, number>): string => Object.entries(counts).map(([cause, count]) => `${count} ${cause}`).join(', ') || 'none';
  expect(Object.values(duplicates.effects).reduce((sum, count) => sum + count, 0)).toBe(messages.duplicates);
  return `${told(duplicates.effects)}; ${told(duplicates.deliveries)}`;
}

const ofWorkQueue = (parts: Parts): string => causes(smallSystem(parts));
const soon = { reconnect: { fixed: { delay: '5ms' } }, heartbeat: '20ms' } as const;
const confirming = { confirm: { timeout: '1s' }, retry: { fixed: { delay: '50ms' } } } as const;
const workerDies: Fault = { kind: 'crash', target: 'consumers.workers', on: { after: 'effect', message: 2 }, for: '50ms' };

describe('the cause of a duplicate', () => {
  const cases: readonly (readonly [string, Parts])[] = [
    ['none; none', {}],
    // The sync takes longer than the publisher waits.
    ['3 producer-retry; 3 producer-retry', { broker: { storage: { sync: '40ms' } }, producer: { confirm: { timeout: '30ms' }, retry: { fixed: { delay: '5ms' }, attempts: 2 } } }],
    ['3 lease-expired; 3 lease-expired', { jobs: { lease: '4ms', deliveryLimit: 2 } }],
    ['none; 1 given-back', { jobs: { deliveryLimit: 2 }, consumer: { failure: { poison: { nth: 2 } } } }],
    ['1 crash(F1); 1 crash(F1)', { connection: soon, faults: [workerDies] }],
    // The frame that settles is swallowed, and the link found dead later.
    ['1 settlement-lost(F1); 1 settlement-lost(F1)', { connection: soon, faults: [{ kind: 'partition', between: ['consumers.workers', 'mq'], on: { after: 'effect', message: 2 }, for: '100ms' }] }],
    ['none; 1 dead-letter', {
      jobs: { deadLetter: 'dead' }, queues: { dead: {} }, consumer: { failure: { poison: { nth: 2 }, then: 'reject' } },
    }],
  ];
  for (const [wanted, parts] of cases) {
    it(`is said: ${wanted}`, () => {
      const withMenders = { ...smallSystem(parts) };
      if (wanted.includes('dead-letter')) withMenders.consumers = { ...withMenders.consumers, menders: { subscribe: 'mq/dead', service: '1ms' } };
      expect(causes(withMenders)).toBe(wanted);
    });
  }

  it('is that a host crash undid a settlement that was not synced', () => {
    const parts: Parts = {
      broker: { storage: { fsync: { interval: '100ms' }, confirm: 'after-sync' }, recovery: '1ms' }, connection: soon, producer: { messages: 1, ...confirming },
      faults: [{ kind: 'crash', target: 'mq', scope: 'host', at: '110ms', for: '10ms' }],
      consumer: { service: '95ms' },
    };
    expect(ofWorkQueue(parts)).toMatch(/^1 settlement-undone\(F1\); 1 settlement-undone\(F1\)$/);
  });

  const stream = (consumer: object, faults: ScenarioSettings['faults'] = []): ScenarioSettings => ({
    faultline: 1, name: 'small', phases: { measure: '10s', drain: '10s' }, network: { default: { latency: '1ms' }, connection: soon },
    brokers: { mq: { kind: 'rabbitmq', version: '4.2', queues: { jobs: { arguments: { 'x-queue-type': 'stream' } } } } },
    producers: { web: { publish: 'mq/jobs', arrivals: { constant: { rate: '100/s' } }, messages: 3, ...confirming } },
    consumers: { workers: { subscribe: 'mq/jobs', prefetch: 10, service: '1ms', ...consumer } }, faults,
  });

  it('is another reader of the same group of a stream, or that one reads it again', () => {
    expect(causes(stream({ count: 2 }))).toBe('3 another-reader; 3 another-reader');
    expect(causes(stream({ offset: 'first' }, [{ kind: 'crash', target: 'consumers.workers', at: '500ms', for: '50ms' }]))).toBe('3 read-again; 3 read-again');
  });

  it('is one for each, whatever happens', () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(wildScenarios, (settings) => {
        const history: HistoryLine[] = [];
        const { system } = driveToQuiet(createScenario(settings), { eventsMax: 60_000, history });
        const { totals, duplicates } = system.world.ledger;
        const sum = (counts: ReadonlyMap<unknown, number>): number => [...counts.values()].reduce((all, count) => all + count, 0);
        const delivered = new Set(history.filter(({ what }) => what === 'delivered').map(({ message }) => message));
        expect(sum(duplicates.effects)).toBe(totals.duplicates);
        // A work queue has one branch for each message.
        expect(sum(duplicates.deliveries)).toBe(totals.deliveries - delivered.size);
        for (const cause of duplicates.deliveries.keys()) seen.add(system.world.causes.what(cause));
      }),
      { numRuns: 60, seed: 11 },
    );
    expect([...seen]).toEqual(expect.arrayContaining(['producer-retry', 'crash', 'given-back', 'connection-lost']));
  });
});

describe('bounded-duplicates', () => {
  const judged = (claim: object, parts: Parts): string => {
    const { verdict, reason, witness } = runScenario(createScenario(smallSystem({ ...parts, claims: [claim as never] }))).verdicts.find((each) => each.claim === 'bounded-duplicates')!;
    return [verdict, reason, witness && `${witness.message}: ${witness.summary}`].filter(Boolean).join(' | ');
  };
  const leases: Parts = { jobs: { lease: '4ms', deliveryLimit: 2 } };

  it('keeps to a budget in all, and for each cause', () => {
    expect(judged({ 'bounded-duplicates': { budget: 3 } }, leases)).toBe('pass | 3 of 3');
    expect(judged({ 'bounded-duplicates': { budget: 2 } }, leases)).toMatch(/^fail \| 1 duplicate beyond the budget \| web.0-\d: It was delivered again by lease-expired in mq\/jobs: number 3 of all, of which 2 are allowed.$/);
    expect(judged({ 'bounded-duplicates': {} }, leases)).toMatch(/^fail \| 3 duplicates/);
    expect(judged({ 'bounded-duplicates': { by: { crash: 0 } } }, leases)).toBe('pass | 3 of what its causes allow');
    expect(judged({ 'bounded-duplicates': { by: { 'lease-expired': 1 } } }, leases)).toMatch(/^fail \| 2 duplicates .* number 2 by lease-expired, of which 1 are allowed.$/);
  });

  it('counts effects instead where an idempotency store is to hold them back', () => {
    const held: Parts = { ...leases, consumer: { idempotency: { atomic: true } } };
    expect(judged({ 'bounded-duplicates': { of: 'effects' } }, held)).toBe('pass | 0 of 0');
    expect(judged({ 'bounded-duplicates': { of: 'effects' } }, leases)).toMatch(/^fail \| 3 duplicates .* It took effect again by lease-expired/);
  });

  it('is unknown where nothing threatened it', () => {
    expect(judged({ 'bounded-duplicates': {} }, {})).toMatch(/^unknown \| nothing happened/);
  });
});
