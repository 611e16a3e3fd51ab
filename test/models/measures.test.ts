/** What is measured, against systems in which every time is known. */
import { describe, expect, it } from 'vitest';
import { createScenario } from '../../scenarios/define.ts';
import type { Latency, RunResult } from '../../scenarios/result.ts';
import { runScenario } from '../../scenarios/run.ts';
import { type Fault, type Parts, smallSystem } from './small-system.ts';

function run(parts: Parts): RunResult {
  return runScenario(createScenario(smallSystem(parts)));
}

/** Least, mean and greatest in milliseconds; all values are one where they agree. */
const ms = ({ count, mean, p50, max }: Latency): string => `${count} × ${[p50, mean, max].map((value) => Number(((value as number) * 1000).toFixed(3))).join(' ')}`;

/** A message every 10 ms for a second. */
const steady: Parts = { phases: { measure: '1s' }, producer: { messages: 1000, confirm: { timeout: '1s' }, retry: 'none' } };

describe('latencies', () => {
  it('wait from the storing to the begin of the work, stay from the publish to its end, confirm from the publish to the answer', () => {
    const { groups, producers } = run(steady);
    const { waiting, service, sojourn } = groups.workers!.latency;
    expect([ms(waiting), ms(service), ms(sojourn), ms(producers.web!.confirmLatency)]).toEqual(['99 × 1 1 1', '99 × 5 5 5', '99 × 7 7 7', '99 × 2 2 2']);
  });

  it('count the wait in the buffer of the worker', () => {
    // Ten at once, of which the worker holds all: the last one waits for nine others.
    const { waiting } = run({ producer: { messages: 10, arrivals: { constant: { rate: '1000000/s' } } }, connection: {}, consumer: { prefetch: 10 }, faults: [{ kind: 'partition', between: ['producers.web', 'mq'], at: '0s', for: '1ms' }] }).groups.workers!.latency;
    expect(waiting.count).toBe(10);
    expect((waiting.max as number) * 1000).toBeCloseTo(1 + 9 * 5, 3);
  });

  it('stay from the first publish, whichever of them was handled', () => {
    const deaf: Fault = { kind: 'crash', target: 'mq', on: { before: 'arrived', message: 1 }, for: '10ms' };
    const parts: Parts = { producer: { messages: 1, confirm: { timeout: '1s' }, retry: { fixed: { delay: '3ms' } } }, connection: { reconnect: { fixed: { delay: '20ms' } } }, broker: { recovery: '1ms' }, faults: [deaf] };
    // Died at 11, heard of at 12; connected again at 34, when the retry goes out; the worker is there at 35.
    const { latency } = run(parts).groups.workers!;
    expect([ms(latency.sojourn), ms(latency.waiting)]).toEqual(['1 × 31 31 31', '1 × 1 1 1']);
  });

  it('are of messages published while measuring, also when they end later, and of no others', () => {
    const parts: Parts = { ...steady, phases: { warmUp: '100ms', measure: '100ms' }, consumer: { service: '30ms', count: 10 } };
    // Published at 100, 110, …, 190.
    expect(ms(run(parts).groups.workers!.latency.sojourn)).toBe('10 × 32 32 32');
  });

  it('count a message once, however often it took effect', () => {
    const crash: Fault = { kind: 'crash', target: 'consumers.workers', on: { after: 'effect', message: 1 }, for: '10ms' };
    const { groups, messages } = run({ producer: { messages: 1 }, faults: [crash] });
    expect([groups.workers!.latency.sojourn.count, messages.effects, messages.handled, messages.duplicates]).toEqual([1, 2, 1, 1]);
  });
});

describe('levels and rates', () => {
  it('are those of the measured phase', () => {
    const { groups, queues, producers } = run(steady);
    // 99 messages of 5 ms in a second, each 7 ms with broker and worker: 1 ms there, 5 in work, 1 back.
    expect(groups.workers!.utilisation).toBeCloseTo(0.495, 9);
    expect(groups.workers!.throughput).toBe(99);
    expect(groups.workers!.meanInSystem).toBeCloseTo(0.099 * 6, 9);
    expect(queues['mq/jobs']!.meanInSystem).toBeCloseTo(0.099 * 7, 9);
    expect(queues['mq/jobs']!.backlog).toEqual({ mean: 0, max: 1, end: 0 });
    expect(queues['mq/jobs']!.arrivalRate).toBe(99);
    expect(producers.web!.offeredRate).toBe(100);
  });

  it('count busy servers, of all there are', () => {
    const { groups } = run({ ...steady, consumer: { count: 2, concurrency: 2, prefetch: 2, service: '15ms' } });
    // Begun at 12, 22, … 992; the last two are cut at one second: 97 × 15 + 3 + 8 … of 4 × 1000 ms.
    const busy = Array.from({ length: 99 }, (_, index) => Math.min(15, 1000 - (12 + 10 * index))).reduce((sum, time) => sum + time, 0);
    expect(groups.workers!.utilisation).toBeCloseTo(busy / 4000, 9);
  });

  it('follow a backlog', () => {
    // Nobody reads for half a second: fifty pile up; the time average over the second is known.
    const late: Fault = { kind: 'partition', between: ['consumers.workers', 'mq'], at: '0s', for: '500ms' };
    const { queues, series } = run({ ...steady, consumer: { prefetch: 'unlimited' }, connection: { connectTimeout: '505ms', reconnect: { fixed: { delay: '0' } } }, faults: [late] });
    // Connected at 507, subscribed at 508: 50 had been stored at 11, 21, …, 501.
    const waited = Array.from({ length: 50 }, (_, index) => 508 - (11 + 10 * index)).reduce((sum, time) => sum + time, 0);
    expect(queues['mq/jobs']!.backlog.max).toBe(50);
    expect(queues['mq/jobs']!.backlog.mean).toBeCloseTo(waited / 1000, 6);
    expect(Math.max(...series.queues['mq/jobs']!.readyMax)).toBe(50);
  });

  it('leave the warm-up out', () => {
    // All the work falls into the warm-up.
    const { groups, queues, messages } = run({ ...steady, phases: { warmUp: '1s', measure: '1s' }, producer: { messages: 50 } });
    expect([groups.workers!.utilisation, groups.workers!.throughput, queues['mq/jobs']!.meanInSystem, queues['mq/jobs']!.arrivalRate]).toEqual([0, 0, 0, 0]);
    expect(messages.handled).toBe(50);
  });

  it('count a worker that died as idle', () => {
    const crash: Fault = { kind: 'crash', target: 'consumers.workers', at: '14ms', for: '1h' };
    expect(run({ ...steady, faults: [crash] }).groups.workers!.utilisation).toBeCloseTo(0.002, 9);
  });
});
