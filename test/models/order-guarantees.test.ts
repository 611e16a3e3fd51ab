/** Order and what is visible: guarantees that healthy brokers break where clients let them, and keep where these do not. */
import { describe, expect, it } from 'vitest';
import { createScenario, type ScenarioSettings } from '../../scenarios/define.ts';
import { runScenario } from '../../scenarios/run.ts';
import { type Fault, type Parts, smallSystem } from './small-system.ts';

type Claim = NonNullable<ScenarioSettings['claims']>[number];

function told(claim: Claim, scenario: ScenarioSettings): string {
  const name = typeof claim === 'string' ? claim : Object.keys(claim)[0];
  const { verdict, reason, witness } = runScenario(createScenario({ ...scenario, claims: [claim] })).verdicts.find((each) => each.claim === name)!;
  return [verdict, reason, witness && `${witness.message}: ${witness.summary}`].filter(Boolean).join(' | ');
}

const small = (claim: Claim, parts: Parts): string => told(claim, smallSystem(parts));
const soon = { reconnect: { fixed: { delay: '5ms' } } } as const;
const nothingHappened = 'unknown | nothing happened that could have broken it: no crash, loss, retry or redelivery';
const oneKey = { messages: 5, key: { uniform: { keys: 1 } } } as const;
const workerDies: Fault = { kind: 'crash', target: 'consumers.workers.0', at: '55ms', for: '20ms' };
/** Two workers have several messages of one key in hand when one of them dies. */
const two: Parts = { connection: soon, producer: oneKey, consumer: { count: 2, prefetch: 3, service: '30ms' }, faults: [workerDies] };
const one: Parts = { ...two, consumer: { count: 1, prefetch: 1, service: '12ms' } };

describe('producer-order', () => {
  // The publish of the second is lost with the broker, and tried again when the third is stored.
  const retried: Parts = {
    broker: { storage: { write: '8ms' }, recovery: '1ms' }, connection: soon, producer: { messages: 6, confirm: { timeout: '200ms' }, retry: { fixed: { delay: '60ms' } } },
    faults: [{ kind: 'crash', target: 'mq', on: { before: 'appended', message: 2 }, for: '5ms' }],
  };

  it('breaks where a publish is tried again while others go on, and holds where nothing is published meanwhile, or tried again', () => {
    expect(small('producer-order', retried)).toMatch(/^fail \| \d messages? (was|were) stored after a later one .* \| web.0-\d: It was stored at .*, after number \d of the same producer/);
    expect(small('producer-order', { ...retried, producer: { ...retried.producer, arrivals: { constant: { rate: '5/s' } } } })).toBe('pass');
    expect(small('producer-order', { ...retried, producer: { ...retried.producer, retry: 'none' } })).toBe('pass');
  });

  it('does not mind duplicates, and is unknown where nothing can be compared or went wrong', () => {
    const twice: Parts = { broker: { storage: { sync: '40ms' } }, producer: { confirm: { timeout: '30ms' }, retry: { fixed: { delay: '5ms' }, attempts: 2 } } };
    expect(small('producer-order', twice)).toBe('pass');
    expect(small('producer-order', { producer: { messages: 1 } })).toBe('unknown | no producer had two messages stored in a queue');
    expect(small('producer-order', {})).toBe(nothingHappened);
  });
});

describe('fifo, effect-order-per-key and no-concurrent-handling', () => {
  const claims: readonly Claim[] = ['fifo', { fifo: { per: 'key' } }, 'effect-order-per-key', 'no-concurrent-handling'];

  it('break where a worker dies that had several, though first deliveries keep their order', () => {
    for (const claim of claims) expect(small(claim, two)).toMatch(/^fail/);
    expect(small('order-per-key', two)).toBe('pass');
  });

  it('hold with one worker that has one at a time', () => {
    for (const claim of claims) expect(small(claim, one)).toBe('pass');
  });

  it('are unknown where nothing can be compared or went wrong', () => {
    const reasons = ['no queue had two deliveries', 'no key had two deliveries', 'no key had two effects', 'no key had two handlings'];
    for (const [index, claim] of claims.entries()) {
      expect(small(claim, { producer: { messages: 1, key: { uniform: { keys: 1 } } } })).toBe(`unknown | ${reasons[index]}`);
      expect(small(claim, { producer: oneKey })).toBe(nothingHappened);
    }
  });

  it('name what was overtaken, and when', () => {
    expect(small('fifo', two)).toMatch(/web.0-\d: It was delivered at 0.0\d\d s for the 2. time, after one that came to mq\/jobs later\.$/);
    expect(small('no-concurrent-handling', two)).toMatch(/web.0-\d: Its handling began at .*, when web.0-\d, of key \d too, was still being handled\.$/);
  });
});

describe('no-failed-publish-visible', () => {
  it('holds where a full queue refuses what it does not take, and is unknown where nothing is refused', () => {
    const full: Parts = { jobs: { maxLength: 1, overflow: 'reject' }, producer: { messages: 6, confirm: { timeout: '1s' }, retry: 'none' }, consumer: { service: '40ms', prefetch: 1 } };
    expect(small('no-failed-publish-visible', full)).toBe('pass');
    expect(small('no-failed-publish-visible', {})).toBe('unknown | no message was refused');
  });
});

/** Through a fanout to two queues of three nodes, each with a worker; `small` takes one message at most. */
function fanOut(claim: Claim, small: object, faults: ScenarioSettings['faults'] = []): string {
  return told(claim, {
    faultline: 1, name: 'fan-out', phases: { measure: '10s', drain: '20s' }, network: { default: { latency: '1ms' }, connection: soon },
    brokers: {
      mq: {
        kind: 'rabbitmq', version: '4.2', nodes: 3, config: { heartbeat: 5 }, exchanges: { all: { type: 'fanout' } },
        bindings: ['large', 'small'].map((destination) => ({ source: 'all', destination })),
        queues: { large: { arguments: { 'x-queue-type': 'quorum' } }, small: { arguments: { 'x-queue-type': 'quorum', ...small } } },
      },
    },
    producers: { web: { publish: 'mq/all', arrivals: { constant: { rate: '50/s' } }, messages: 40, confirm: { timeout: '5s' }, retry: 'none' } },
    consumers: { l: { subscribe: 'mq/large', service: '5ms' }, s: { subscribe: 'mq/small', prefetch: 1, service: '60ms' } },
    faults,
  });
}

describe('a publish to several queues', () => {
  const nodeDies: Fault = { kind: 'crash', target: 'mq.0', at: '405ms', for: '500ms' };

  it('was in each of them when it is confirmed, also over a crash', () => {
    expect(fanOut('fan-out-complete', {}, [nodeDies])).toBe('pass');
    expect(small('fan-out-complete', { producer: { messages: 3, confirm: { timeout: '1s' } } })).toBe('unknown | nothing was confirmed that was routed to several queues');
  });

  // rabbit_channel `send_confirms_and_nacks`: one that refuses makes it a nack, whatever the others have stored.
  it('is visible though it was refused: one queue was full, and the other had it', () => {
    expect(fanOut('no-failed-publish-visible', { 'x-max-length': 1, 'x-overflow': 'reject-publish' })).toMatch(/^fail \| \d+ refused messages were delivered \| .* It was refused, and delivered all the same\.$/);
  });
});
