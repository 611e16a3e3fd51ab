import { describe, expect, it } from 'vitest';
import { createScenario, type ScenarioSettings } from '../../scenarios/define.ts';
import type { ClaimVerdict, RunResult } from '../../scenarios/result.ts';
import { runScenario } from '../../scenarios/run.ts';
import { type Fault, type Parts, smallSystem } from './small-system.ts';

type Claim = NonNullable<ScenarioSettings['claims']>[number];

function run(parts: Parts): RunResult {
  return runScenario(createScenario(smallSystem(parts)));
}

function verdictOf(claim: Claim, parts: Parts): ClaimVerdict {
  const name = typeof claim === 'string' ? claim : Object.keys(claim)[0];
  return run({ ...parts, claims: [claim] }).verdicts.find((verdict) => verdict.claim === name)!;
}

function told(claim: Claim, parts: Parts): string {
  const { verdict, reason, witness } = verdictOf(claim, parts);
  return [verdict, reason, witness && `${witness.message}: ${witness.summary}`].filter(Boolean).join(' | ');
}

const confirming = { confirm: { timeout: '1s' }, retry: { fixed: { delay: '50ms' } } } as const;
const nothingHappened = 'unknown | nothing happened that could have broken it: no crash, loss, retry or redelivery';
const brokerDies: Fault = { kind: 'crash', target: 'mq', at: '15ms', for: '50ms' };
const workerDies: Fault = { kind: 'crash', target: 'consumers.workers', at: '15ms', for: '50ms' };
const soon = { reconnect: { fixed: { delay: '5ms' } } } as const;
const durable: Parts = { broker: { storage: { sync: '1ms' }, recovery: '1ms' }, producer: { messages: 5, ...confirming }, connection: soon };

describe('at-least-once', () => {
  it('is unknown where nothing was promised, and where nothing went wrong', () => {
    expect(told('at-least-once', { faults: [workerDies] })).toBe('unknown | no publish was confirmed, so nothing was promised');
    expect(told('at-least-once', durable)).toBe(nothingHappened);
  });

  it('passes where what was confirmed survived a crash', () => {
    expect(told('at-least-once', { ...durable, faults: [brokerDies] })).toBe('pass');
  });

  it('fails where a confirmed message is lost, and names the fault', () => {
    const transient: Parts = { ...durable, broker: { storage: { durable: false }, recovery: '1ms' }, consumer: { service: '500ms' } };
    expect(told('at-least-once', { ...transient, faults: [{ ...brokerDies, at: '35ms' } as Fault] })).toBe(
      // The first is with the worker, who knows of nothing.
      'fail | 2 confirmed messages were never handled | web.0-2: It was confirmed and never handled: it was lost to transient(F1) at 0.035 s.',
    );
  });

  it('names what took the copy, not what took a repetition of its publish', () => {
    // Stored at 41, confirmed at 42, expired at 46; its repetition, sent at 35, is being written when the broker dies.
    const parts: Parts = {
      broker: { storage: { write: '30ms', sync: '1ms' } }, jobs: { ttl: '5ms' }, consumer: 'none', faults: [{ ...brokerDies, at: '50ms' } as Fault],
      producer: { messages: 1, confirm: { timeout: '20ms' }, retry: { fixed: { delay: '5ms' }, attempts: 2 } },
    };
    expect(told('at-least-once', parts)).toMatch(/it was lost to expired at 0.046 s/);
    expect(told({ 'at-least-once': { allow: ['expired'] } }, parts)).toBe('pass');
  });

  it('does not mind the loss of what was never confirmed', () => {
    const early: Fault = { kind: 'crash', target: 'mq', on: { before: 'appended', message: 2 }, for: '50ms' };
    expect(told('at-least-once', { ...durable, producer: { messages: 5, confirm: { timeout: '1s' }, retry: 'none' }, faults: [early] })).toBe('pass');
  });

  it('takes a message in a dead-letter queue for kept, and one dropped for a cause only if that is allowed', () => {
    const rejecting = { failure: { poison: { nth: 2 }, then: 'reject' as const } };
    expect(told('at-least-once', { ...durable, jobs: { deadLetter: 'dead' }, queues: { dead: {} }, consumer: rejecting })).toBe('pass');
    expect(told('at-least-once', { ...durable, consumer: rejecting })).toMatch(/^fail \| 1 confirmed .* web.0-2: .* it was lost to rejected at 0.028 s/);
    expect(told({ 'at-least-once': { allow: ['rejected'] } }, { ...durable, consumer: rejecting })).toBe('pass');
    expect(told({ 'at-least-once': { allow: ['expired', 'maxlen'] } }, { ...durable, consumer: rejecting })).toMatch(/^fail/);
    const dead = { dead: { ttl: '10ms' } };
    expect(told('at-least-once', { ...durable, jobs: { deadLetter: 'dead' }, queues: dead, consumer: rejecting })).toMatch(/^fail .* lost to expired at 0.038 s/);
    expect(told({ 'at-least-once': { allow: ['expired'] } }, { ...durable, jobs: { deadLetter: 'dead' }, queues: dead, consumer: rejecting })).toBe('pass');
  });

  it('allows a loss also when the record of the lost copy is still there at the end', () => {
    const parts: Parts = {
      broker: { storage: { fsync: 'never', confirm: 'before-sync' } }, jobs: { ttl: '5ms' }, consumer: 'none', producer: { messages: 1, ...confirming }, phases: { measure: '1s', drain: '1s' },
    };
    expect(told({ 'at-least-once': { allow: ['expired'] } }, parts)).toBe('pass');
    expect(told('at-least-once', parts)).toMatch(/^fail .* it was lost to expired at 0.016 s/);
  });

  it('takes a dead letter for lost that was lost, also when the record of its first copy is still there', () => {
    const parts: Parts = {
      broker: { storage: { fsync: 'never', confirm: 'before-sync' }, recovery: '1ms' }, jobs: { deadLetter: 'dead' }, queues: { dead: { durable: false } }, producer: { messages: 1, ...confirming }, connection: soon,
      consumer: { failure: { poison: { nth: 1 }, then: 'reject' } }, phases: { measure: '1s', drain: '1s' },
    };
    expect(told('at-least-once', parts)).toBe('pass');
    expect(told('at-least-once', { ...parts, faults: [{ ...brokerDies, at: '50ms' } as Fault] })).toMatch(/^fail .* it was lost to transient\(F1\) at 0.050 s/);
  });

  it('is unknown where messages still wait when the time is over', () => {
    expect(told('at-least-once', { ...durable, consumer: 'none', phases: { measure: '1s', drain: '1s' }, faults: [brokerDies] })).toBe('unknown | 5 confirmed messages were still in the queues at the end');
  });
});

describe('at-most-once', () => {
  it('is unknown where nothing took effect, and where nothing went wrong', () => {
    expect(told('at-most-once', { consumer: 'none', phases: { measure: '1s', drain: '1s' } })).toBe('unknown | no message took effect');
    expect(told('at-most-once', {})).toBe(nothingHappened);
  });

  it('passes where messages are acknowledged before the work, though some are lost', () => {
    expect(told('at-most-once', { consumer: { acknowledge: 'before-work' }, faults: [workerDies] })).toBe('pass');
  });

  it('fails where a worker dies between effect and acknowledgement', () => {
    const crash: Fault = { kind: 'crash', target: 'consumers.workers', on: { after: 'effect', message: 2 }, for: '50ms' };
    expect(told('at-most-once', { connection: soon, faults: [crash] })).toBe('fail | 1 message took effect more than once | web.0-2: It took effect 2 times.');
    expect(told('at-most-once', { connection: soon, faults: [crash], consumer: { idempotency: {} } })).toBe('pass');
  });
});

describe('exactly-once-effect', () => {
  it('is unknown where nothing took effect, and where nothing went wrong', () => {
    expect(told('exactly-once-effect', { consumer: 'none', phases: { measure: '1s', drain: '1s' } })).toBe('unknown | no message took effect');
    expect(told('exactly-once-effect', durable)).toBe(nothingHappened);
  });

  it('passes where a message came twice and took effect once', () => {
    const parts: Parts = { ...durable, consumer: { idempotency: {} }, faults: [{ kind: 'crash', target: 'mq', on: { before: 'confirmed', message: 2 }, for: '50ms' }] };
    expect(told('exactly-once-effect', parts)).toBe('pass');
    // Once by the worker that the crash cut off, once when its message went out again, once by the copy of the retry.
    expect(told('exactly-once-effect', { ...parts, consumer: {} })).toBe('fail | 1 message did not take effect exactly once | web.0-2: It took effect 3 times.');
  });

  it('fails where a confirmed message took none, also when only its record is left at the end', () => {
    // Acknowledged before the work, and the worker dies: the removal waits for the next sync, far beyond the end.
    const parts: Parts = {
      ...durable, broker: { storage: { fsync: { interval: '1h' }, confirm: 'before-sync' } }, consumer: { acknowledge: 'before-work', service: '10ms' }, phases: { measure: '1s', drain: '10s' }, faults: [{ ...workerDies, at: '25ms' } as Fault],
    };
    expect(told('exactly-once-effect', parts)).toMatch(/^fail \| 1 message did not take effect exactly once \| web.0-2: It was confirmed and took no effect: it was lost to crash\(F1\) at 0.025 s/);
    expect(told('at-least-once', parts)).toMatch(/^fail \| 1 confirmed message was never handled/);
  });

  it('fails where a message was refused and took effect all the same', () => {
    const parts: Parts = {
      jobs: { maxLength: 1, overflow: 'reject-to-dead-letter', deadLetter: 'dead' }, queues: { dead: {} }, producer: { messages: 4, confirm: { timeout: '1s' }, retry: 'none' },
      consumers: { workers: { subscribe: 'mq/jobs', service: '1s' }, menders: { subscribe: 'mq/dead', service: '1ms' } },
    };
    expect(told('exactly-once-effect', parts)).toMatch(/It was refused, and took effect all the same/);
  });
});

describe('order-per-key', () => {
  it('is unknown without keys, and without anything that could have broken it', () => {
    expect(told('order-per-key', { faults: [workerDies], connection: soon })).toBe('unknown | no key had two messages delivered');
    expect(told('order-per-key', { producer: { key: { fixed: 1 }, messages: 3 } })).toBe(nothingHappened);
  });

  it('does not mind redeliveries, and compares within a queue and a key', () => {
    expect(told('order-per-key', { producer: { key: { fixed: 1 }, messages: 5 }, connection: soon, jobs: { requeue: 'tail' }, consumer: { prefetch: 3, service: '20ms' }, faults: [{ ...workerDies, at: '50ms' } as Fault] })).toBe('pass');
  });

  it('fails where a later message overtakes an earlier one', () => {
    const producer = { publish: 'mq/jobs', key: { fixed: 1 }, messages: 3 } as const;
    const parts: Parts = {
      jobs: { priorities: 2 }, consumer: { service: '100ms' }, connection: soon, faults: [{ ...workerDies, at: '500ms' } as Fault],
      producers: { low: { ...producer, arrivals: { constant: { rate: '100/s' } } }, high: { ...producer, arrivals: { constant: { rate: '90/s' } }, priority: 1 } },
    };
    expect(told('order-per-key', parts)).toMatch(/^fail \| \d messages were delivered out of the order of their key \| low.0-2: It was delivered at .* after a message of key 1 that was stored later/);
    expect(told('order-per-key', { ...parts, jobs: {} })).not.toMatch(/^fail/);
  });
});

describe('bounded-redelivery', () => {
  const poison = { failure: { poison: { nth: 2 } } };

  it('is unknown where nothing was delivered twice, and where no limit says how often it may be', () => {
    expect(told('bounded-redelivery', {})).toBe('unknown | no message was delivered twice');
    expect(told('bounded-redelivery', { connection: soon, faults: [workerDies] })).toMatch(/^unknown \| messages were redelivered in a queue without a delivery limit/);
  });

  it('passes within the limit of the queue or of the claim, and fails beyond', () => {
    expect(told('bounded-redelivery', { jobs: { deliveryLimit: 4 }, consumer: poison })).toBe('pass');
    expect(told({ 'bounded-redelivery': { limit: 4 } }, { jobs: { deliveryLimit: 4 }, consumer: poison })).toBe('pass');
    expect(told({ 'bounded-redelivery': { limit: 3 } }, { jobs: { deliveryLimit: 4 }, consumer: poison })).toBe('fail | 1 message was delivered more often than is bounded | web.0-2: It was delivered 4 times; the limit is 3.');
  });

  it('takes a hundred deliveries without a limit for going round for ever', () => {
    expect(told('bounded-redelivery', { consumer: { ...poison, service: '50ms' }, phases: { measure: '10s', drain: '1s' } })).toBe(
      'fail | 1 message was delivered more often than is bounded | web.0-2: It was delivered 101 times; no limit bounds it.',
    );
  });
});

describe('dead-letter-complete', () => {
  const rejecting = { failure: { poison: { every: 2 }, then: 'reject' as const } };

  it('is unknown where nothing was dead-lettered', () => {
    expect(told('dead-letter-complete', { jobs: { deadLetter: 'dead' }, queues: { dead: {} } })).toBe('unknown | no message was dead-lettered');
  });

  it('passes where all that should is there, and fails where a full queue turned it away', () => {
    const parts: Parts = { jobs: { deadLetter: 'dead' }, producer: { messages: 8 }, consumer: rejecting };
    expect(told('dead-letter-complete', { ...parts, queues: { dead: {} } })).toBe('pass');
    expect(told('dead-letter-complete', { ...parts, queues: { dead: { maxLength: 1, overflow: 'reject' } } })).toBe(
      'fail | 3 messages did not reach their dead-letter queue | web.0-4: It was dropped (dead-letter-queue-full), though its queue has a dead-letter queue.',
    );
  });

  it('does not mind what a queue without a dead-letter queue drops', () => {
    const parts: Parts = { jobs: { deadLetter: 'dead' }, queues: { dead: { ttl: '1ms' } }, producer: { messages: 8 }, consumer: rejecting };
    expect(told('dead-letter-complete', parts)).toBe('pass');
  });
});

describe('drained', () => {
  it('is unknown where nothing was ever stored', () => {
    expect(told('drained', { faults: [{ kind: 'crash', target: 'producers.web', at: '0s' }], phases: { measure: '20ms', drain: '1s' }, producer: { messages: 1, arrivals: { constant: { rate: '1/s' } } } })).toBe('unknown | nothing was ever stored');
  });

  it('passes where the queues empty in time, and fails where they do not', () => {
    // Three messages of five seconds each, from the eleventh millisecond on; producers stop after one second.
    const parts: Parts = { consumer: { service: '5s' }, phases: { measure: '1s', drain: '20s' } };
    expect(told('drained', parts)).toBe('pass | empty 14.017 s after the heal');
    expect(told({ drained: { within: '14100ms' } }, parts)).toBe('pass | empty 14.017 s after the heal');
    expect(told({ drained: { within: '14s' } }, parts)).toMatch(/^fail .* They emptied 14.017 s after the heal/);
    expect(told('drained', { ...parts, phases: { measure: '1s', drain: '10s' } })).toBe('fail | 1 message was left when the time was over | web.0-3: It was still in flight in mq/jobs.');
  });

  it('does not count what lies in a dead-letter queue that nobody reads', () => {
    expect(told('drained', { jobs: { deadLetter: 'dead' }, queues: { dead: {} }, consumer: { failure: { probability: 1, then: 'reject' } } })).toMatch(/^pass/);
    expect(told('drained', { queues: { dead: {} }, producer: { publish: 'mq/dead' }, phases: { measure: '1s', drain: '1s' } })).toMatch(/^fail .* It was still ready in mq\/dead/);
  });
});

describe('no-stuck-message', () => {
  it('is unknown where nothing was ever stored or nothing went wrong', () => {
    expect(told('no-stuck-message', {})).toBe(nothingHappened);
  });

  it('fails where something has not moved for longer than it may', () => {
    const parts: Parts = { consumer: { service: '1h' }, phases: { measure: '10s', drain: '100s' } };
    expect(told('no-stuck-message', parts)).toBe('fail | 3 messages are stuck | web.0-1: It has been in flight in mq/jobs for 109.989 s.');
    expect(told({ 'no-stuck-message': { after: '2m' } }, parts)).not.toMatch(/^fail/);
  });
});

describe('what is always judged', () => {
  it('is never vacuous', () => {
    expect(run({}).verdicts.map(({ claim, verdict }) => `${claim} ${verdict}`).sort()).toEqual(['conservation pass', 'no-phantom pass']);
  });

  it('names a guarantee that was broken without being claimed', () => {
    const { observations, verdict } = run({ ...durable, consumer: { failure: { poison: { nth: 2 }, then: 'reject' } } });
    expect(observations.map(({ claim, violations }) => `${claim} ${violations}`).sort()).toEqual(['at-least-once 1']);
    expect(verdict).toBe('pass');
  });

  it('proves nothing of a run that was cut short, but keeps what it broke', () => {
    const parts: Parts = { ...durable, producer: { ...durable.producer, messages: 50 }, claims: ['at-least-once', 'drained'], consumer: { failure: { poison: { nth: 2 }, then: 'reject' } } };
    const cut = (maxEvents: number) => Object.fromEntries(runScenario(createScenario(smallSystem(parts)), { maxEvents }).verdicts.map(({ claim, verdict }) => [claim, verdict]));
    expect(cut(20)).toEqual({ 'at-least-once': 'unknown', drained: 'unknown', conservation: 'pass', 'no-phantom': 'pass' });
    expect(cut(200)).toEqual({ 'at-least-once': 'fail', drained: 'unknown', conservation: 'pass', 'no-phantom': 'pass' });
  });
});

describe('a dead letter', () => {
  it('is kept, and has taken no effect: exactly-once-effect fails over it', () => {
    const parts: Parts = { ...durable, jobs: { deadLetter: 'dead' }, queues: { dead: {} }, consumer: { failure: { poison: { nth: 2 }, then: 'reject' } } };
    expect(told('at-least-once', parts)).toBe('pass');
    expect(told('exactly-once-effect', parts)).toBe('fail | 1 message did not take effect exactly once | web.0-2: It was confirmed and took no effect: it lies in a dead-letter queue.');
  });
});

describe('lost messages', () => {
  /** Where those lie that this crash takes: five come at 10 to 50 ms, each handled in 5 ms. */
  const locationOf = (more: Partial<Parts>): unknown =>
    runScenario(createScenario(smallSystem({ broker: { storage: { durable: false }, recovery: '1ms' }, producer: { messages: 5, confirm: {} }, connection: { heartbeat: '5ms', reconnect: { fixed: { delay: '1ms' } } }, claims: ['at-least-once'], ...more })))
      .verdicts.find(({ claim }) => claim === 'at-least-once')!.location;
  const power = (at: string): Fault => ({ kind: 'crash', target: 'mq', at, for: '5ms' });

  it('are located among what their producer published', () => {
    // Of two that wait the worker that stands still has the first already, and does it when it goes on.
    const slow = { service: '5ms', prefetch: 1 } as const;
    expect(locationOf({ consumer: slow, faults: [{ kind: 'pause', target: 'consumers.workers', at: '0s', for: '24ms' }, power('22ms')] })).toEqual({ prefix: 2, middle: 0, suffix: 0, nodes: { 'mq.0': 2 } });
    expect(locationOf({ consumer: slow, faults: [{ kind: 'pause', target: 'consumers.workers', at: '19ms', for: '15ms' }, power('32ms')] })).toEqual({ prefix: 0, middle: 1, suffix: 0, nodes: { 'mq.0': 1 } });
    expect(locationOf({ consumer: slow, faults: [{ kind: 'pause', target: 'consumers.workers', at: '39ms', for: '50ms' }, power('55ms')] })).toEqual({ prefix: 0, middle: 0, suffix: 2, nodes: { 'mq.0': 2 } });
  });

  it('of a producer of which nothing took effect are all before the first', () => {
    expect(locationOf({ consumer: 'none', faults: [power('100ms')] })).toEqual({ prefix: 5, middle: 0, suffix: 0, nodes: { 'mq.0': 5 } });
    expect(locationOf({})).toBeUndefined();
  });
});

describe('a message whose outcome nobody knows', () => {
  it('is counted as recovered where it took effect all the same', () => {
    const lost: Fault = { kind: 'confirm-lost', target: 'producers.web', messages: { nth: 2 }, at: '0s', for: '1s' };
    const parts: Parts = { producer: { messages: 3, confirm: {}, retry: 'none' }, faults: [lost], connection: { reconnect: { fixed: { delay: '1ms' } } } };
    const { messages, recovered } = runScenario(createScenario(smallSystem(parts)));
    expect([messages.confirmed, messages.unknown, messages.handled, recovered]).toEqual([2, 1, 3, 1]);
    expect(runScenario(createScenario(smallSystem({ ...parts, faults: [] }))).recovered).toBe(0);
    expect(runScenario(createScenario(smallSystem({ ...parts, faults: [{ ...lost, kind: 'publish-lost' } as Fault] }))).recovered).toBe(0);
  });
});
