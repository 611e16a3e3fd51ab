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

describe('automatic acknowledgement, and a worker that dies with k messages in its hands', () => {
  // The same ten: at 39 ms two are done, and the broker has forgotten all.
  const dies = { kind: 'crash', target: 'consumers.workers', at: '39ms', for: '50ms' } as const;
  const parts: Parts = { latency: '0ms', producer: { count: 10, messages: 1, confirm: {} }, faults: [dies], connection: { reconnect: { fixed: { delay: '5ms' } } }, claims: ['at-least-once'] };

  it('loses exactly those', () => {
    const { messages, deliveries, verdicts } = runScenario(createScenario(smallSystem({ ...parts, consumer: { service: '10ms', acknowledge: 'automatic' } })));
    expect([messages.handled, deliveries.redelivered]).toEqual([2, 0]);
    expect(verdicts.find(({ claim }) => claim === 'at-least-once')).toMatchObject({ verdict: 'fail', violations: 8 });
  });

  it('loses none where they are acknowledged after the work', () => {
    const { messages, verdict } = runScenario(createScenario(smallSystem({ ...parts, consumer: { service: '10ms', prefetch: 4 } })));
    expect([messages.handled, verdict]).toEqual([10, 'pass']);
  });
});

/** NATS Streaming's documentation of AckWait: ten messages, 5 s to acknowledge, 4 s of work for each, one after another. */
describe('a lease that runs while a message waits for its turn', () => {
  const parts = (prefetch: number): Parts => ({
    latency: '0ms', phases: { measure: '300s', drain: '1s' }, producer: { count: 10, messages: 1 }, jobs: { lease: '5s', lateAcknowledgement: 'counts', requeue: 'tail' }, consumer: { service: '4s', prefetch },
    connection: { heartbeat: '10s' },
  });
  /** How often the handler was called for each message, and when it was through with the last. */
  function calls(prefetch: number): { readonly perMessage: number[]; readonly redeliveries: number; readonly doneAt: number; readonly handledAt: number } {
    const counts = new Map<string, number>();
    let doneAt = 0;
    let handledAt = 0;
    const { deliveries } = runScenario(createScenario(smallSystem(parts(prefetch))), {
      history: ({ what, message, at }) => {
        if (what === 'work-started') counts.set(message, (counts.get(message) ?? 0) + 1);
        if (what === 'effect') handledAt = at;
        if (what === 'effect' || what === 'duplicate-effect') doneAt = at;
      },
    });
    return { perMessage: [...counts.values()].sort((one, other) => one - other), redeliveries: deliveries.redelivered, doneAt, handledAt };
  }

  it('has the handler called 50 times for ten messages, and busy until 200 s, though all are done at 40 s', () => {
    const { perMessage, redeliveries, doneAt, handledAt } = calls(1024);
    expect(perMessage).toEqual([1, 2, 3, 4, 5, 5, 6, 7, 8, 9]);
    expect(redeliveries).toBe(40);
    // They came at 10 ms.
    expect([handledAt, doneAt]).toEqual([40.01, 200.01]);
  });

  it('has it called ten times where one message is in hand at a time', () => {
    expect(calls(1)).toEqual({ perMessage: Array.from({ length: 10 }, () => 1), redeliveries: 0, doneAt: 40.01, handledAt: 40.01 });
  });
});

/** Huang et al., OSDI 2022, and Brooker 2022: 70 requests a second to a server that does 100, three attempts of 1 s each, a stall of ten seconds. */
describe('retries that keep an overload up', () => {
  type Producer = NonNullable<Parts['producer']>;
  interface Outcome {
    /** When one succeeds again after the stall, and how many wait unserved at 300 s. */
    readonly resumesAt: number | undefined;
    readonly backlog: number;
    /** Successes a second from 30 to 60 s. */
    readonly goodput: number;
  }
  function storm(producer: Producer, broker: Parts['broker'] = {}, rate = 70): Outcome {
    const unknown = new Set<string>();
    const successes: number[] = [];
    let [sent, taken] = [0, 0];
    runScenario(createScenario(smallSystem({
      latency: '0ms', phases: { measure: '300s', drain: '1ms' }, connection: { heartbeat: '60s' }, broker: { storage: { durable: false }, processing: '10ms', ...broker },
      producer: { arrivals: { constant: { rate: `${rate}/s` } }, messages: 1_000_000, confirm: { timeout: '1s' }, retry: { fixed: { delay: '0ms' }, attempts: 3 }, ...producer },
      consumer: { acknowledge: 'automatic', service: '0ms' }, faults: [{ kind: 'pause', target: 'mq', at: '20s', for: '10s' }],
    })), {
      history: ({ what, message, attempt, at }) => {
        if (what === 'outcome-unknown') unknown.add(`${message}#${attempt}`);
        if (what === 'confirm-received' && !unknown.has(`${message}#${attempt}`)) successes.push(at);
        if (at < 300 && what === 'sent') sent++;
        // Something is through at 300 s sharp.
        if (at <= 300 && (what === 'stored' || what === 'publish-lost')) taken++;
      },
    });
    // One of them is being served.
    return { resumesAt: successes.find((at) => at > 30.000_001), backlog: sent - taken - 1, goodput: successes.filter((at) => at > 30 && at <= 60).length / 30 };
  }

  it('never end by themselves: no success in 270 s, and a backlog of 31 589', () => {
    expect(storm({})).toEqual({ resumesAt: undefined, backlog: 31_589, goodput: 0 });
  });

  it('end at 60.27 s with a budget of a retry for ten messages, and at 51.04 s without any', () => {
    expect(storm({ retry: { fixed: { delay: '0ms' }, attempts: 3, budget: { tokensPerMessage: 0.1, capacity: 10 } } }).resumesAt).toBe(60.27);
    expect(storm({ retry: 'none' }).resumesAt).toBe(51.04);
  });

  it('end at once where work that nobody waits for is dropped when its turn comes', () => {
    const { resumesAt, goodput } = storm({}, { expiredWork: 'drop' });
    expect(resumesAt).toBeLessThan(30.1);
    expect(goodput).toBeGreaterThan(69);
  });

  it('begin where attempts pass what can be served: at 30/s three attempts are 90, at 40/s they are 120', () => {
    const [below, above] = [storm({}, {}, 30), storm({}, {}, 40)];
    expect(below.resumesAt).toBeGreaterThan(90);
    expect(below.resumesAt).toBeLessThan(110);
    expect(above.resumesAt).toBeUndefined();
  });
});
