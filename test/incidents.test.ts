/** Published failures whose figures follow from their settings alone: exactly those, before and after the mend. */
import { describe, expect, it } from 'vitest';
import { createScenario } from '../scenarios/define.ts';
import { runScenario } from '../scenarios/run.ts';
import { type Parts, smallSystem } from './models/small-system.ts';

describe('a poison message that is requeued at once', () => {
  const poison: Parts = {
    latency: '0ms', phases: { measure: '3s', drain: '1ms' }, producer: { messages: 1 },
    consumer: { prefetch: 1, service: '200us', failure: { poison: { nth: 1 }, then: 'requeue' } }, claims: [{ 'no-livelock': { over: '1s' } }],
  };

  it('is delivered 5 000 times a second, without an effect', () => {
    const { deliveries, messages, verdicts } = runScenario(createScenario(smallSystem(poison)));
    // It comes at 10 ms, and every handling takes 0.2 ms.
    expect(deliveries.sent).toBe((3001 - 10) * 5 + 1);
    expect(messages.effects).toBe(0);
    expect(verdicts.find(({ claim }) => claim === 'no-livelock')!.verdict).toBe('fail');
  });

  it('lies with the dead letters after 21 deliveries where 21 are allowed', () => {
    const limited: Parts = { ...poison, jobs: { deliveryLimit: 21, deadLetter: 'dead' }, queues: { dead: {} }, claims: [{ 'no-livelock': { over: '1s' } }, 'bounded-redelivery', 'dead-letter-complete'] };
    const { deliveries, messages, verdict } = runScenario(createScenario(smallSystem(limited)));
    expect(deliveries.sent).toBe(21);
    expect(messages.deadLettered).toBe(1);
    expect(verdict).toBe('pass');
  });
});

describe('a worker that dies with a prefetch of four', () => {
  // Ten come at 10 ms, and one is done every 10 ms: at 39 ms it has four in its hands.
  const dies = { kind: 'crash', target: 'consumers.workers', at: '39ms', for: '50ms' } as const;
  const parts: Parts = { latency: '0ms', producer: { count: 10, messages: 1 }, faults: [dies], connection: { reconnect: { fixed: { delay: '5ms' } } } };

  it('loses nothing, and is given again what its prefetch allowed', () => {
    const { messages, deliveries } = runScenario(createScenario(smallSystem({ ...parts, consumer: { service: '10ms', prefetch: 4 } })));
    expect([messages.handled, messages.dropped, deliveries.redelivered]).toEqual([10, {}, 4]);
  });
});
