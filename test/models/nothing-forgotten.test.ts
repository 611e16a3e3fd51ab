/** What is still on its way when producers stop, and what dies after it was acknowledged. */
import { describe, expect, it } from 'vitest';
import type { RunResult } from '../../scenarios/result.ts';
import { parseScenario } from '../../scenarios/load.ts';
import { runScenario } from '../../scenarios/run.ts';

function run(consumer: string, more = ''): RunResult {
  const loaded = parseScenario(`
faultline: 1
name: last
phases: { warmUp: 0s, measure: 20s, drain: 20s }
network: { default: { latency: 2s } }
brokers: { mq: { kind: work-queue, storage: { durable: false }, queues: { jobs: {} } } }
producers: { web: { publish: mq/jobs, arrivals: { constant: { rate: 1/s } }, messages: 20${more.includes('at-least-once') ? ', confirm: { timeout: 1m }' : ''} } }
consumers: { workers: { subscribe: mq/jobs, ${consumer} } }
${more}
`, 'last.yaml');
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  return runScenario(loaded.scenario);
}

describe('a run', () => {
  it('does not end while publishes that nobody waits for are on the wire', () => {
    const { messages, attempts, ended } = run('service: 1ms, prefetch: 100');
    expect(ended.reason).toBe('drained');
    expect(attempts).toMatchObject({ sent: 20, stored: 20, inTransit: 0 });
    expect(messages).toMatchObject({ published: 20, handled: 20 });
  });

  it('does not end while deliveries that were settled as they were sent are on the wire', () => {
    expect(run('service: 1ms, acknowledge: automatic').messages).toMatchObject({ published: 20, handled: 20 });
  });

  it.each([
    ['automatic', 'crash(F1)'],
    ['before-work', 'crash(F1)'],
  ])('says what became of a message whose worker died after it was acknowledged (%s)', (acknowledge, cause) => {
    const { verdicts } = run(`service: 10s, acknowledge: ${acknowledge}`, 'faults: [{ kind: crash, target: consumers.workers, at: 18s, for: 1s }]\nclaims: [at-least-once]');
    const verdict = verdicts.find(({ claim }) => claim === 'at-least-once')!;
    expect(verdict.verdict).toBe('fail');
    expect(verdict.witness!.summary).toContain(`it was lost to ${cause} at 18.000 s`);
  });

  it('says that a handler failed whose message was acknowledged before the work', () => {
    const { verdicts } = run('service: 1ms, acknowledge: before-work, failure: { poison: { nth: 3 } }', 'claims: [at-least-once]');
    expect(verdicts.find(({ claim }) => claim === 'at-least-once')!.witness).toMatchObject({ message: 'web.0-3', summary: expect.stringContaining('it was lost to poison at') });
  });
});

describe('a handling whose effect the idempotency store holds back', () => {
  it('publishes nothing onward, also when two workers had the message at once', () => {
    const loaded = parseScenario(`
faultline: 1
name: twice
phases: { warmUp: 0s, measure: 10s, drain: 20s }
brokers: { mq: { kind: work-queue, queues: { orders: { lease: 1s }, mails: {} } } }
producers: { web: { publish: mq/orders, arrivals: { constant: { rate: 1/s } }, messages: 1 } }
consumers:
  billing: { count: 2, subscribe: mq/orders, service: 1500ms, idempotency: {}, publish: [{ to: mq/mails }] }
  mailer: { subscribe: mq/mails, service: 1ms }
`, 'twice.yaml');
    if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
    const { messages, queues, deliveries } = runScenario(loaded.scenario);
    expect(deliveries.leasesExpired).toBe(2);
    expect(messages.deduplicated).toBe(2);
    expect(queues['mq/mails']!.stored).toBe(1);
  });
});
