/** What operators and deployments change while queues are in use: policies, settings of work queues, prefetch. */
import { describe, expect, it } from 'vitest';
import { createScenario, type ScenarioSettings } from '../../scenarios/define.ts';
import { runScenario } from '../../scenarios/run.ts';
import { type Fault, type Parts, smallSystem, told } from './small-system.ts';

const verdictOf = (result: ReturnType<typeof runScenario>, claim: string): string => result.verdicts.find((each) => each.claim === claim)!.verdict;

describe('policy-change', () => {
  const change = (definition: object, more: object = {}, at = '3s'): Fault => ({ kind: 'policy-change', target: 'mq', policy: { pattern: '^jobs$', definition, ...more }, at, for: '3s' }) as Fault;
  /** 100 a second come for ten seconds, and nobody reads. */
  const filling = (type: 'classic' | 'quorum', faults: Fault[], args: object = {}): ScenarioSettings => ({
    faultline: 1, name: 'policies', phases: { measure: '15s' }, claims: ['conservation', 'capacity-bound'],
    brokers: { mq: { kind: 'rabbitmq', version: '4.2', queues: { jobs: { arguments: { 'x-queue-type': type, ...args } } } } },
    producers: { web: { publish: 'mq/jobs', arrivals: { constant: { rate: '100/s' } }, messages: 1000, confirm: {} } }, faults,
  });
  const run = (settings: ScenarioSettings) => runScenario(createScenario(settings));

  it.each(['classic', 'quorum'] as const)('a length that is set on a %s queue drops what is too much at once, and no more when it is cleared', (type) => {
    const result = run(filling(type, [change({ 'max-length': 50 })]));
    // 300 are there after three seconds, and 300 more come while it holds; then the rest comes on top of 50.
    const dropped = result.copies.dropped['maxlen']!;
    expect(Math.abs(dropped - 550)).toBeLessThanOrEqual(3);
    expect(result.copies.ready).toBe(1000 - dropped);
    expect(verdictOf(result, 'conservation')).toBe('pass');
    expect(result.faults[0]).toMatchObject({ changed: 1 });
  });

  it('refuses what comes where it says so, and leaves what waits', () => {
    const result = run(filling('classic', [change({ 'max-length': 50, overflow: 'reject-publish' })]));
    expect(result.copies.dropped).toEqual({});
    expect(Math.abs(result.attempts.refused - 300)).toBeLessThanOrEqual(3);
  });

  it('gives a time to live to what comes while it holds, and to nothing before', () => {
    const dropped = run(filling('classic', [change({ 'message-ttl': '100ms' }, {}, '0s')])).copies.dropped['expired']!;
    expect(Math.abs(dropped - 300)).toBeLessThanOrEqual(3);
    // Behind a head that lives, nothing leaves.
    expect(run(filling('classic', [change({ 'message-ttl': '100ms' })])).copies.dropped).toEqual({});
  });

  it('of several that match, the one with the highest priority holds', () => {
    const settings = filling('classic', [change({ 'max-length': 50 }, { priority: 1 }), { ...change({ 'max-length': 20 }, { priority: 0 }), for: '2s' } as Fault]);
    const result = run(settings);
    expect(result.faults.map(({ changed }) => changed)).toEqual([1, 0]);
    expect(Math.abs(result.copies.dropped['maxlen']! - 550)).toBeLessThanOrEqual(3);
  });

  it('leaves streams as they are', () => {
    const settings = filling('classic', [change({ 'max-length-bytes': '1kB' })]);
    const streams = { ...settings, brokers: { mq: { kind: 'rabbitmq', version: '4.2', queues: { jobs: { arguments: { 'x-queue-type': 'stream' } } } } }, consumers: { r: { subscribe: 'mq/jobs', offset: 'first', service: '1s', prefetch: 10 } } } as ScenarioSettings;
    const result = run(streams);
    expect(result.faults[0]).toMatchObject({ changed: 0 });
    expect(result.copies.dropped).toEqual({});
  });

  it('is judged by the loosest limit so far', () => {
    expect(verdictOf(run(filling('classic', [change({ 'max-length': 50 })], { 'x-max-length': 400 })), 'capacity-bound')).toBe('pass');
    const looping = (faults: Fault[]): ScenarioSettings => ({
      ...filling('quorum', faults, { 'x-delivery-limit': 30 }), claims: ['bounded-redelivery'],
      consumers: { workers: { subscribe: 'mq/jobs', service: '10ms', failure: { probability: 1, then: 'requeue' } } },
      producers: { web: { publish: 'mq/jobs', arrivals: { constant: { rate: '1/s' } }, messages: 5 } },
    });
    expect(verdictOf(run(looping([change({ 'delivery-limit': 3 }, {}, '0s')])), 'bounded-redelivery')).toBe('pass');
    expect(run(looping([change({ 'delivery-limit': 3 }, {}, '0s')])).deliveries.sent).toBeLessThan(run(looping([])).deliveries.sent);
  });

  it('is refused for a work queue, for one node, and for a pattern that is none', () => {
    expect(() => createScenario(smallSystem({ faults: [change({ 'max-length': 1 })] }))).toThrow('faults.0.target: mq has no policies');
    expect(() => createScenario(filling('classic', [{ ...change({ 'max-length': 1 }), target: 'mq.0' } as Fault]))).toThrow('a policy is of a whole broker');
    expect(() => createScenario(filling('classic', [change({ 'max-length': 1 }, { pattern: '(' })]))).toThrow('faults.0.policy.pattern: the pattern of the policy cannot be read');
    expect(() => createScenario(filling('classic', [change({})]))).toThrow('at least one setting is wanted');
  });
});

describe('queue-change', () => {
  const change = (set: object, at: string, lasting = '1s'): Fault => ({ kind: 'queue-change', queue: 'mq/jobs', set, at, for: lasting }) as Fault;

  it('shortens the lease of what is delivered from then on', () => {
    const parts: Parts = { producer: { messages: 2 }, consumer: { service: '30ms', prefetch: 1 }, jobs: { lease: '100ms' }, faults: [change({ lease: '20ms' }, '15ms', '500ms')] };
    expect(told(parts, 'delivered', 'effect').filter((line) => line.includes('#2')).map((line) => line.replace(' workers.0', ''))[0]).toBe('63 delivered 2 #2');
    expect(told({ ...parts, faults: [] }, 'delivered').filter((line) => line.includes('#2'))).toEqual([]);
  });

  it('drops what is too much by a new length, and makes room again at its end', () => {
    const parts: Parts = { producer: { messages: 8 }, consumer: 'none', faults: [change({ maxLength: 2 }, '45ms', '20ms')] };
    expect(told(parts, 'dropped')).toEqual(['45 dropped 1 (maxlen)', '45 dropped 2 (maxlen)', '51 dropped 3 (maxlen)', '61 dropped 4 (maxlen)']);
  });

  it('is refused for RabbitMQ, and with nothing to set', () => {
    const rabbit = { faultline: 1, name: 'r', brokers: { mq: { kind: 'rabbitmq', version: '4.2', queues: { jobs: {} } } }, faults: [change({ ttl: '1s' }, '1s')] } as ScenarioSettings;
    expect(() => createScenario(rabbit)).toThrow('faults.0.queue: mq/jobs cannot be changed while it is in use');
    expect(() => createScenario(smallSystem({ faults: [change({}, '1s')] }))).toThrow('at least one setting is wanted');
  });
});

describe('prefetch-change', () => {
  const parts = (...faults: Fault[]): Parts => ({ producer: { messages: 30 }, consumer: { service: '100s', prefetch: 2 }, faults, phases: { measure: '10s' } });
  const change = (prefetch: number, at: string, lasting = '9s'): Fault => ({ kind: 'prefetch-change', target: 'consumers.workers', prefetch, at, for: lasting });
  const crash: Fault = { kind: 'crash', target: 'consumers.workers', at: '400ms', for: '100ms' };

  it('is what a worker asks for when it comes again, and not before', () => {
    expect(told(parts(change(7, '350ms')), 'delivered')).toHaveLength(2);
    expect(told(parts(change(7, '350ms'), crash), 'delivered').filter((line) => Number(line.split(' ')[0]) < 9000)).toHaveLength(2 + 7);
  });

  it('of several, the last that is not taken back holds', () => {
    const begun = (lines: readonly string[]): number => lines.filter((line) => Number(line.split(' ')[0]) > 400 && Number(line.split(' ')[0]) < 9000).length;
    expect(begun(told(parts(change(7, '300ms'), change(5, '350ms'), crash), 'delivered'))).toBe(5);
    expect(begun(told(parts(change(7, '300ms'), change(5, '350ms', '20ms'), crash), 'delivered'))).toBe(7);
  });
});
