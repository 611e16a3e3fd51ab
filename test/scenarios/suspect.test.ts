import { describe, expect, it } from 'vitest';
import { offeredLoad } from '../../scenarios/offered-load.ts';
import { parseScenario } from '../../scenarios/load.ts';
import { parsed } from './scenario-text.ts';

interface Changes {
  readonly broker?: string;
  readonly queue?: string;
  readonly producer?: string;
  readonly consumer?: string;
  readonly rest?: string;
  readonly set?: readonly string[];
}

/** Nothing in it is suspect until it is changed; later keys of a flow map are put in by a merge. */
function cautious({ broker = '', queue = '', producer = '', consumer = '', rest = '' }: Changes): string {
  return `faultline: 1
name: cautious
x-queue: &queue { lease: 1m, deliveryLimit: 5, deadLetter: dead }
x-producer: &producer { publish: mq/jobs, arrivals: { poisson: { rate: 5/s } }, confirm: { timeout: 5s } }
x-consumer: &consumer { subscribe: mq/jobs, service: { exponential: { mean: 20ms } }, prefetch: 5 }
brokers:
  mq: { kind: work-queue, queues: { jobs: { ${queue} <<: *queue }, dead: {} }, ${broker} }
producers:
  web: { ${producer} <<: *producer }
consumers:
  workers: { ${consumer} <<: *consumer }
${rest}`;
}

function warningsOf(changes: Changes): string[] {
  const loaded = parseScenario(cautious(changes), 'test.yaml', { set: changes.set ?? [] });
  if (!loaded.ok) throw new Error(loaded.problems.map((problem) => `${problem.path}: ${problem.message}`).join('\n'));
  for (const warning of loaded.warnings) {
    expect(warning).toMatchObject({ severity: 'warning', hint: expect.any(String) as string, frame: expect.stringContaining('^') as string });
  }
  return loaded.warnings.map((warning) => `${warning.path}: ${warning.message}`);
}

describe('suspect settings', () => {
  it('are none in a cautious scenario', () => {
    expect(warningsOf({})).toEqual([]);
  });

  const crash = 'faults: [{ kind: crash, target: mq.0, at: 10s, for: 5s }]';
  const exactlyOnce = 'claims: [exactly-once-effect]';
  const retry = 'retry: { fixed: { delay: 1s }, attempts: 5 },';
  const forgetful = 'idempotency: { window: 5s },';
  it.each<[string, Changes, string]>([
    ['unlimited prefetch', { consumer: 'prefetch: unlimited,' }, 'consumers.workers.prefetch: one worker may take the whole queue into its memory'],
    ['automatic acknowledgement', { consumer: 'acknowledge: automatic,' }, 'consumers.workers.acknowledge: messages count as handled before anybody has worked on them'],
    ['prefetch below concurrency', { consumer: 'concurrency: 8,' }, 'consumers.workers.prefetch: a worker that holds 5 at a time never works on 8'],
    ['overload', { producer: 'count: 10,' }, 'consumers.workers.count: more comes to mq/jobs than its consumers can handle'],
    ['a lease below the mean of the work', { queue: 'lease: 99ms,' }, 'brokers.mq.queues.jobs.lease: the lease is shorter than the work'],
    ['a lease below slow work', { queue: 'lease: 150ms,' }, 'brokers.mq.queues.jobs.lease: the lease is shorter than slow work'],
    ['failures without a delivery limit', { consumer: 'subscribe: mq/dead, failure: { probability: 1% },' }, 'consumers.workers.failure: a message that always fails is delivered for ever'],
    ['a delivery limit without a dead-letter queue', { set: ['brokers.mq.queues.jobs.deadLetter=null'] }, 'brokers.mq.queues.jobs.deliveryLimit: a message that reaches the delivery limit is dropped'],
    ['confirms later than their deadline', { broker: 'storage: { fsync: { interval: 5s } }' }, 'producers.web.confirm.timeout: confirms come later than the producer waits'],
    ['a transient queue whose broker crashes', { broker: 'storage: { durable: false }', rest: crash }, 'brokers.mq.queues.jobs: the queue is transient, and a fault takes its broker down'],
    ['no confirms under at-least-once', { producer: 'confirm: none,', rest: 'claims: [at-least-once]' }, 'producers.web: nobody hears whether a message was stored, so at-least-once says nothing about these'],
    ['retries without idempotency under exactly-once-effect', { producer: retry, rest: exactlyOnce }, 'consumers.workers: a publish that is retried takes effect twice'],
    ['an effect apart from its record', { consumer: 'idempotency: { atomic: false },', rest: exactlyOnce }, 'consumers.workers.idempotency.atomic: a crash between the effect and its record lets the effect happen again'],
    ['a window below the retries', { producer: retry, consumer: forgetful }, 'consumers.workers.idempotency.window: the store forgets a message while it may still be published again'],
    ['a window below the lease', { consumer: forgetful }, 'consumers.workers.idempotency.window: the store forgets a message before its lease ends'],
    ['a queue that nobody consumes', { consumer: 'subscribe: mq/dead,' }, 'brokers.mq.queues.jobs: nobody consumes from mq/jobs'],
    ['retries without confirms', { producer: `confirm: none, ${retry}` }, 'producers.web.retry: without confirms nothing would ever be retried but refused connections'],
    ['a priority that nobody looks at', { producer: 'priority: 3,' }, 'producers.web.priority: this changes nothing: mq/jobs has one level of priority'],
    ['a fault after the end', { rest: 'faults: [{ kind: pause, target: mq.0, at: 2m, for: 5s }]' }, 'faults.0.at: the fault never strikes'],
  ])('%s', (_, changes, expected) => {
    expect(warningsOf(changes)).toContain(expected);
  });
});

describe('a queue that nobody consumes', () => {
  it('is no concern where what is in it expires, by itself or by its queue, and moves on', () => {
    const told = (producer: string, queue: string): boolean => {
      const loaded = parseScenario(`faultline: 1
name: delay
brokers: { mq: { kind: rabbitmq, version: '4.2', queues: { jobs: { arguments: { ${queue} } }, later: {} } } }
producers: { web: { publish: mq/jobs, arrivals: { poisson: { rate: 1/s } }, confirm: {}, ${producer} } }
consumers: { w: { subscribe: mq/later, service: 1ms } }
`, 'test.yaml');
      return !loaded.ok || loaded.warnings.some(({ message }) => message === 'nobody consumes from mq/jobs');
    };
    const onward = "x-dead-letter-exchange: '', x-dead-letter-routing-key: later";
    expect([told('', onward), told('ttl: 1s', onward), told('', `x-message-ttl: 1000, ${onward}`), told('ttl: 1s', '')]).toEqual([true, false, false, true]);
  });
});

describe('an overloaded queue', () => {
  const hintOf = (queue: string, producer = 'count: 12,', hasDeadLetters = true): string => {
    const text = cautious({ producer, queue });
    const loaded = parseScenario(hasDeadLetters ? text : text.replace(', deadLetter: dead', ''), 'test.yaml');
    if (!loaded.ok) throw new Error(loaded.problems.map(({ message }) => message).join('\n'));
    return loaded.warnings.find(({ message }) => message.startsWith('more comes'))!.hint!;
  };

  // 60/s come, and 50/s can be handled.
  it.each<[string, string, string]>([
    ['without a limit', '', 'its backlog grows as long as the load lasts; add workers, or lower the rate'],
    ['that dead-letters its oldest', 'maxBytes: 1kB,', 'it holds at most 1 kB, is full most of the time, and then moves to dead its oldest message for each that comes: at least 17 % of the messages; add workers, or lower the rate'],
    ['that refuses', 'maxLength: 1, maxBytes: 1kB, overflow: reject,', 'it holds at most 1 message or 1 kB, is full most of the time, and then refuses what comes: at least 17 % of the messages; add workers, or lower the rate'],
    ['that dead-letters what it refuses', 'maxLength: 10, overflow: reject-to-dead-letter,', 'it holds at most 10 messages, is full most of the time, and then refuses what comes and moves to dead it: at least 17 % of the messages; add workers, or lower the rate'],
  ])('%s says what becomes of it', (_, queue, hint) => {
    expect(hintOf(queue)).toBe(hint);
  });

  it('that drops its oldest says what becomes of it', () => {
    expect(hintOf('maxLength: 10,', 'count: 12,', false)).toBe('it holds at most 10 messages, is full most of the time, and then drops its oldest message for each that comes: at least 17 % of the messages; add workers, or lower the rate');
  });

  it('names no share where there is just as much as can be handled', () => {
    expect(hintOf('maxLength: 10, overflow: reject,', 'count: 10,')).toMatch(/and then refuses what comes; add/);
  });
});

describe('offered load', () => {
  it('follows messages through a pipeline', () => {
    const { rates, utilisation } = offeredLoad(parsed(`faultline: 1
name: pipeline
brokers: { mq: { kind: work-queue, queues: { a: {}, b: {}, c: {} } } }
producers:
  steady: { count: 3, publish: mq/a, arrivals: { constant: { rate: 10/s } } }
  waves: { publish: mq/a, arrivals: { phases: { repeat: true, steps: [{ for: 10s, rate: 0/s }, { for: 10s, from: 0/s, to: 20/s }] } } }
  gaps: { publish: mq/a, arrivals: { renewal: { uniform: { min: 100ms, max: 300ms } } } }
consumers:
  first: { count: 2, subscribe: mq/a, service: 10ms, failure: { probability: 20% }, publish: [{ to: mq/b, probability: 50% }] }
  second: { subscribe: mq/b, service: { exponential: { mean: 40ms } }, concurrency: 2, prefetch: 2, publish: [{ to: mq/c }, { to: mq/b, probability: 10% }] }
  third: { subscribe: mq/c, service: 100ms }
`));
    // a: 3 × 10 + 5 + 5; b: half of it and a tenth of its own again, so 20 / 0.9; c: all of b.
    expect(rates.get('mq/a')).toBeCloseTo(40, 9);
    expect(rates.get('mq/b')).toBeCloseTo(20 / 0.9, 9);
    expect(rates.get('mq/c')).toBeCloseTo(20 / 0.9, 9);
    // First: 2 servers at 100/s, of which a fifth is done again. Second: 2 at 25/s. Third: one at 10/s.
    expect(utilisation.get('mq/a')).toBeCloseTo(40 / 160, 9);
    expect(utilisation.get('mq/b')).toBeCloseTo(20 / 0.9 / 50, 9);
    expect(utilisation.get('mq/c')).toBeCloseTo(20 / 0.9 / 10, 9);
  });

  it('passes on no more than a group can handle', () => {
    const { rates } = offeredLoad(parsed(`faultline: 1
name: narrow
brokers: { mq: { kind: work-queue, queues: { a: {}, b: {} } } }
producers: { flood: { publish: mq/a, arrivals: { poisson: { rate: 500/s } } } }
consumers:
  first: { subscribe: mq/a, service: 10ms, publish: [{ to: mq/b }] }
  second: { subscribe: mq/b, service: 1ms }
`));
    expect(rates.get('mq/b')).toBeCloseTo(100, 9);
  });

  it('is unknown where the settings do not say it', () => {
    const { rates, utilisation } = offeredLoad(parsed(`faultline: 1
name: unknown
brokers: { mq: { kind: work-queue, queues: { a: {} } } }
producers:
  few: { publish: mq/a, messages: 10, arrivals: { poisson: { rate: 500/s } } }
  steady: { publish: mq/a, arrivals: { constant: { rate: 10/s } } }
consumers: { workers: { subscribe: mq/a, service: 10ms } }
`));
    expect([rates.size, utilisation.size]).toEqual([0, 0]);
  });
});
