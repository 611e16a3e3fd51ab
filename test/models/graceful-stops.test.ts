/** Workers that are told to end handle what they have; who takes too long is killed. */
import { describe, expect, it } from 'vitest';
import { createScenario, type ScenarioSettings } from '../../scenarios/define.ts';
import { runScenario } from '../../scenarios/run.ts';
import { type Fault, type Parts, smallSystem, told } from './small-system.ts';

const stop = (at: string, more: object = {}): Fault => ({ kind: 'consumer-stop', target: 'consumers.workers', at, for: '1s', ...more }) as Fault;

/** web.0-1, -2 and -3 arrive at 11, 21 and 31 ms; a handling takes 30 ms; up to three are in hand. */
const parts = (...faults: Fault[]): Parts => ({ producer: { messages: 5, confirm: {} }, consumer: { service: '30ms', prefetch: 3 }, faults });
const short = (lines: readonly string[]): string[] => lines.map((line) => line.replace(' workers.0', ''));

describe('a worker that is told to end', () => {
  it('handles what it has, takes nothing more, and comes again', () => {
    expect(short(told(parts(stop('35ms')), 'delivered', 'effect', 'acknowledged', 'requeued'))).toMatchInlineSnapshot(`
      [
        "11 delivered 1",
        "21 delivered 2",
        "31 delivered 3",
        "42 effect 1",
        "43 acknowledged 1",
        "72 effect 2",
        "73 acknowledged 2",
        "102 effect 3",
        "103 acknowledged 3",
        "1038 delivered 4",
        "1038 delivered 5",
        "1069 effect 4",
        "1070 acknowledged 4",
        "1099 effect 5",
        "1100 acknowledged 5",
      ]
    `);
  });

  it('gives back what it has not begun, where it is told so', () => {
    expect(short(told(parts(stop('35ms', { prefetched: 'returned' })), 'delivered', 'effect', 'acknowledged', 'requeued'))).toMatchInlineSnapshot(`
      [
        "11 delivered 1",
        "21 delivered 2",
        "31 delivered 3",
        "42 effect 1",
        "43 acknowledged 1",
        "43 requeued 3 (stop(F1))",
        "43 requeued 2 (stop(F1))",
        "1038 delivered 2 #2",
        "1038 delivered 3 #2",
        "1038 delivered 4",
        "1069 effect 2 #2",
        "1070 acknowledged 2",
        "1070 delivered 5",
        "1099 effect 3 #2",
        "1100 acknowledged 3",
        "1129 effect 4",
        "1130 acknowledged 4",
        "1159 effect 5",
        "1160 acknowledged 5",
      ]
    `);
  });

  it('is killed when it takes too long, and does again what it had in hand', () => {
    expect(short(told(parts(stop('35ms', { grace: '20ms' })), 'delivered', 'effect', 'acknowledged', 'requeued'))).toMatchInlineSnapshot(`
      [
        "11 delivered 1",
        "21 delivered 2",
        "31 delivered 3",
        "42 effect 1",
        "43 acknowledged 1",
        "56 requeued 3 (stop(F1))",
        "56 requeued 2 (stop(F1))",
        "1038 delivered 2 #2",
        "1038 delivered 3 #2",
        "1038 delivered 4",
        "1069 effect 2 #2",
        "1070 acknowledged 2",
        "1070 delivered 5",
        "1099 effect 3 #2",
        "1100 acknowledged 3",
        "1129 effect 4",
        "1130 acknowledged 4",
        "1159 effect 5",
        "1160 acknowledged 5",
      ]
    `);
  });

  it('is killed when the fault ends before it is through', () => {
    expect(short(told(parts(stop('35ms', { for: '20ms' })), 'effect', 'requeued'))).toMatchInlineSnapshot(`
      [
        "42 effect 1",
        "56 requeued 3 (stop(F1))",
        "56 requeued 2 (stop(F1))",
        "89 effect 2 #2",
        "119 effect 3 #2",
        "149 effect 4",
        "179 effect 5",
      ]
    `);
  });

  it('ends at once where it has nothing, or no connection', () => {
    expect(short(told({ ...parts(stop('5ms', { for: '50ms' })), producer: { messages: 1 } }, 'delivered'))).toMatchInlineSnapshot(`
      [
        "58 delivered 1",
      ]
    `);
    expect(short(told({ ...parts({ kind: 'crash', target: 'mq', at: '0s', for: '30ms' }, stop('20ms', { for: '50ms' })), producer: { messages: 1 } }, 'delivered'))).toMatchInlineSnapshot(`
      [
        "2007 delivered 1",
      ]
    `);
  });

  it('is not started for having died while it was ending', () => {
    const faults: Fault[] = [stop('35ms', { for: '500ms' }), { kind: 'crash', target: 'consumers.workers', at: '40ms', for: '10ms' }];
    expect(short(told(parts(...faults), 'effect'))).toMatchInlineSnapshot(`
      [
        "569 effect 1 #2",
        "599 effect 2 #2",
        "629 effect 3 #2",
        "659 effect 4",
        "689 effect 5",
      ]
    `);
  });
});

describe('on RabbitMQ', () => {
  const settings = (type: 'classic' | 'quorum' | 'stream', args: object, faults: Fault[]): ScenarioSettings => ({
    faultline: 1, name: 'deployed', phases: { measure: '60s', drain: '100s' }, network: { default: { latency: '1ms' }, connection: { reconnect: { fixed: { delay: '100ms' } } } },
    brokers: { mq: { kind: 'rabbitmq', version: '4.2', nodes: 3, queues: { jobs: { arguments: { 'x-queue-type': type, ...args } } } } },
    producers: { web: { publish: 'mq/jobs', arrivals: { constant: { rate: '40/s' } }, messages: 2000, confirm: {} } },
    consumers: { workers: { count: 3, subscribe: 'mq/jobs', service: { exponential: { mean: '50ms' } }, prefetch: 10, ...(type === 'stream' && { offset: 'next' }) } },
    faults, claims: ['at-least-once', 'conservation', { 'bounded-duplicates': { budget: 0 } }],
  });
  const wave: Fault = { kind: 'rolling-restart', target: 'consumers.workers', by: 'stop', down: '5s', gap: '1s', at: '5s' };
  const verdicts = (of: ScenarioSettings): string[] => runScenario(createScenario(of)).verdicts.map(({ claim, verdict }) => `${claim} ${verdict}`);

  it.each(['classic', 'quorum'] as const)('a deployment, wave by wave, delivers nothing of a %s queue twice, and by kills it does', (type) => {
    expect(verdicts(settings(type, {}, [wave]))).toEqual(['at-least-once pass', 'conservation pass', 'bounded-duplicates pass', 'no-phantom pass']);
    expect(verdicts(settings(type, {}, [{ ...wave, by: 'crash' } as Fault]))).toContain('bounded-duplicates fail');
  });

  it('a single active consumer that is told to end gives way at once, while it works', () => {
    const result = runScenario(createScenario({ ...settings('quorum', { 'x-single-active-consumer': true }, [stop('10s', { target: 'consumers.workers.0', for: '5s' })]), claims: ['single-active-consumer'] }));
    expect(result.verdicts.find(({ claim }) => claim === 'single-active-consumer')!.verdict).toBe('fail');
    expect(result.messages.duplicates).toBe(0);
  });

  it('a reader of a stream ends, too', () => {
    const result = runScenario(createScenario(settings('stream', {}, [stop('10s', { target: 'consumers.workers.0', for: '5s' })])));
    expect(result.faults[0]).toMatchObject({ changed: 1 });
    expect(result.reached['consumer.graceOver'] ?? 0).toBe(0);
  });
});

it('is refused for whoever is no consumer', () => {
  expect(() => createScenario(smallSystem({ faults: [stop('1s', { target: 'producers.web' })] }))).toThrow('faults.0.target: consumer-stop cannot strike producers.web');
  expect(() => createScenario(smallSystem({ faults: [{ kind: 'rolling-restart', target: 'producers.web', by: 'stop', at: '1s' } as Fault] }))).toThrow('what producers.web does when it is told to stop is not modelled');
});
