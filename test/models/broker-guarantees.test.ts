/** Guarantees of what a broker holds and to whom it gives it: each broken, kept, and not tried. */
import { describe, expect, it } from 'vitest';
import { createScenario, type ScenarioSettings } from '../../scenarios/define.ts';
import { runScenario } from '../../scenarios/run.ts';
import { type Fault, type Parts, smallSystem } from './small-system.ts';

type Claim = NonNullable<ScenarioSettings['claims']>[number];

function toldOf(settings: ScenarioSettings): string {
  const [claim] = settings.claims!;
  const name = typeof claim === 'string' ? claim : Object.keys(claim!)[0];
  const { verdict, reason, witness } = runScenario(createScenario(settings)).verdicts.find(({ claim: each }) => each === name)!;
  return [verdict, reason, witness && `${witness.message}: ${witness.summary}`].filter(Boolean).join(' | ');
}
const told = (claim: Claim, parts: Parts): string => toldOf(smallSystem({ ...parts, claims: [claim] }));

type Rabbit = Extract<ScenarioSettings['brokers'][string], { kind: 'rabbitmq' }>;
function rabbit(claim: Claim, broker: Partial<Rabbit>, more: Partial<ScenarioSettings> = {}): ScenarioSettings {
  return {
    faultline: 1, name: 'r', phases: { measure: '20s', drain: '60s' }, claims: [claim],
    network: { default: { latency: '1ms' }, connection: { heartbeat: '1s', reconnect: { fixed: { delay: '100ms' } } } },
    brokers: { mq: { kind: 'rabbitmq', version: '3.13', queues: { jobs: {} }, ...broker } },
    producers: { web: { publish: 'mq/jobs', arrivals: { constant: { rate: '50/s' } }, messages: 500, confirm: {}, retry: { fixed: { delay: '500ms' } } } },
    consumers: { workers: { count: 2, subscribe: 'mq/jobs', service: '10ms', prefetch: 5 } },
    ...more,
  };
}

describe('prefetch-bound', () => {
  it('passes where consumers were full, at each of their connections, and is unknown where none was', () => {
    const crash: Fault = { kind: 'crash', target: 'consumers.workers.0', at: '60ms', for: '20ms' };
    expect(told('prefetch-bound', { producer: { messages: 20 }, consumer: { prefetch: 3, service: '50ms' }, faults: [crash] })).toBe('pass');
    expect(told('prefetch-bound', { producer: { messages: 20 }, consumer: { prefetch: 30, service: '50ms' } })).toBe('unknown | no consumer that settles ever held as many as its prefetch allows');
    expect(told('prefetch-bound', { consumer: { acknowledge: 'automatic', prefetch: 1 } })).toMatch(/^unknown/);
    expect(toldOf(rabbit('prefetch-bound', { version: '4.2', queues: { jobs: { arguments: { 'x-queue-type': 'quorum' } } } }, { faults: [{ kind: 'partition', between: ['consumers.workers.0', 'mq'], at: '2s', for: '10s' }] }))).toBe('pass');
  });
});

describe('capacity-bound', () => {
  const full = (jobs: Parts['jobs'] & object, more: Partial<Parts> = {}): Parts => ({ producer: { messages: 50, confirm: {} }, consumer: { service: '50ms', prefetch: 3 }, jobs, ...more });

  it('passes for each way to overflow, with what comes back on top', () => {
    const crash: Fault = { kind: 'crash', target: 'consumers.workers.0', at: '260ms', for: '20ms' };
    for (const overflow of ['drop-head', 'reject', 'reject-to-dead-letter'] as const) {
      expect(told('capacity-bound', full({ maxLength: 5, overflow, deadLetter: 'dead' }, { queues: { dead: {} }, faults: [crash] }))).toBe('pass');
      expect(told('capacity-bound', full({ maxBytes: '5kB', overflow, deadLetter: 'dead' }, { queues: { dead: {} }, faults: [crash] }))).toBe('pass');
    }
  });

  it('is unknown without a limit, and where it is not reached', () => {
    expect(told('capacity-bound', full({}))).toBe('unknown | no queue has a length or a size');
    expect(told('capacity-bound', full({ maxLength: 5000 }))).toBe('unknown | no queue was ever full');
  });

  it('fails for a quorum queue that rejects: channels hear late that it is full', () => {
    const burst = { producers: { web: { publish: 'mq/jobs', count: 10, arrivals: { constant: { rate: '500/s' } }, messages: 200, confirm: {} } } } as const;
    const queues = (type: 'classic' | 'quorum') => ({ nodes: type === 'quorum' ? 3 : 1, queues: { jobs: { arguments: { 'x-queue-type': type, 'x-max-length': 100, 'x-overflow': 'reject-publish' as const } } } });
    expect(toldOf(rabbit('capacity-bound', queues('quorum'), burst))).toMatch(/^fail \| \d+ messages came to queues that were full \| web\.\d-\d+: It came to mq\/jobs, which had \d+ messages waiting, where 100 may, at /);
    expect(toldOf(rabbit('capacity-bound', queues('classic'), burst))).toBe('pass');
  });
});

describe('single-active-consumer', () => {
  const single: Partial<Rabbit> = { queues: { jobs: { arguments: { 'x-single-active-consumer': true } } } };
  const busy = { consumers: { workers: { count: 2, subscribe: 'mq/jobs', service: '500ms', prefetch: 5 } } } as const;

  it('passes where the one before is dead when the next begins', () => {
    expect(toldOf(rabbit('single-active-consumer', single, { ...busy, faults: [{ kind: 'crash', target: 'consumers.workers.0', at: '5.2s', for: '1s' }] }))).toBe('pass');
  });

  it('fails where it stands still, is given up, and goes on', () => {
    const paused = rabbit('single-active-consumer', { ...single, config: { heartbeat: 1 } }, { consumers: { workers: { ...busy.consumers.workers, service: '4s' } }, faults: [{ kind: 'partition', between: ['consumers.workers.0', 'mq'], at: '5s', for: '10s' }] });
    expect(toldOf(paused)).toMatch(/^fail \| \d+ handlings? began while another worker was at work \| web\.0-\d+: consumers\.workers\.1 began to handle it at \d\.\d+ s, when consumers\.workers\.0 was still at work on its queue\.$/);
  });

  it('is unknown where there is none, and where nobody took over', () => {
    expect(toldOf(rabbit('single-active-consumer', {}))).toBe('unknown | no queue has a single active consumer');
    expect(toldOf(rabbit('single-active-consumer', single))).toBe('unknown | no worker ever took over from another');
  });
});

describe('committed-survives', () => {
  const power: Fault = { kind: 'crash', target: 'mq', scope: 'host', at: '105ms', for: '10ms' };
  const stored = (confirm: 'before-sync' | 'after-sync', more: Partial<Parts> = {}): Parts => ({
    broker: { storage: { fsync: { interval: '1s' }, confirm }, recovery: '1ms' }, producer: { messages: 20, confirm: { timeout: '2s' }, retry: { fixed: { delay: '100ms' } } }, faults: [power],
    connection: { heartbeat: '20ms', reconnect: { fixed: { delay: '1ms' } } }, consumer: { service: '40ms', prefetch: 5 }, ...more,
  });

  it('fails at the loss of what was confirmed, also where a worker has it in its hands', () => {
    expect(told('committed-survives', stored('before-sync'))).toMatch(/^fail \| \d confirmed messages were taken from their queues \| web\.0-\d: It was confirmed, and mq\/jobs lost it to unsynced\(F1\), on mq\.0\.$/);
    expect(told('committed-survives', stored('after-sync'))).toBe('pass');
  });

  it('holds no operator to account, and is unknown without confirms or a threat', () => {
    expect(told('committed-survives', stored('after-sync', { faults: [{ kind: 'purge', queue: 'mq/jobs', at: '150ms' }] }))).toBe('pass');
    expect(told('committed-survives', stored('after-sync', { faults: [] }))).toMatch(/^unknown \| nothing happened/);
    expect(told('committed-survives', { producer: { messages: 3 }, faults: [power] })).toBe('unknown | no publish was confirmed');
  });
});

describe('replica-agreement', () => {
  const left = (broker: Partial<Rabbit>): ScenarioSettings => rabbit('replica-agreement', { nodes: 3, ...broker }, { consumers: {}, faults: [{ kind: 'crash', target: 'mq.1', at: '5s', for: '3s' }] });
  const mirrored = (mode: 'manual' | 'automatic'): Partial<Rabbit> => ({ policies: [{ name: 'ha', pattern: '.*', definition: { 'ha-mode': 'all', 'ha-sync-mode': mode } }] });

  it('fails where a mirror that came back is not synchronised, and passes where it is, or where a log tells it', () => {
    expect(toldOf(left(mirrored('manual')))).toMatch(/^fail \| 500 messages are not on all members of their queues \| web\.0-1: It is in mq\/jobs, stored at 0\.0\d+ s, and mq\.1 did not have it at the end\.$/);
    expect(toldOf(left(mirrored('automatic')))).toBe('pass');
    expect(toldOf(left({ queues: { jobs: { arguments: { 'x-queue-type': 'quorum' } } } }))).toBe('pass');
  });

  it('is unknown where nothing is left to compare, and where it is too early', () => {
    expect(toldOf(rabbit('replica-agreement', { nodes: 3, queues: { jobs: { arguments: { 'x-queue-type': 'quorum' } } } }))).toBe('unknown | no queue with several members had a message left at the end');
    expect(toldOf({ ...left(mirrored('manual')), phases: { measure: '20s', drain: '1s' } })).toMatch(/^unknown \| brokers were not at rest/);
  });
});

describe('progress-under-fault', () => {
  const parts = (at: string, lasting: string, target: string): Parts => ({
    producer: { messages: 500 }, consumer: { count: 2, service: '10ms' }, faults: [{ kind: 'crash', target, at, for: lasting }], connection: { reconnect: { fixed: { delay: '10ms' } } },
  });
  const within = (effects: number): Claim => ({ 'progress-under-fault': { within: '500ms', effects } });

  it('asks for so many effects in any window of a fault', () => {
    expect(told(within(40), parts('1s', '2s', 'consumers.workers.0'))).toBe('pass');
    expect(told(within(60), parts('1s', '2s', 'consumers.workers.0'))).toMatch(/^fail \| 1 strike stopped the work \| strike 1: From 1\.\d+ s on there were fewer than 60 effects in 0\.\d+ s; 0\.500 s are allowed\.$/);
    expect(told(within(1), parts('1s', '2s', 'consumers.workers'))).toBe('fail | 1 strike stopped the work | strike 1: From 1.000 s on there were fewer than 1 effects in 2.000 s; 0.500 s are allowed.');
  });

  it('is unknown where faults are short, or come when all is done', () => {
    expect(told(within(1), parts('1s', '400ms', 'consumers.workers'))).toBe('unknown | no fault lasted for 0.500 s while there was work');
    expect(told(within(1), parts('7s', '2s', 'consumers.workers'))).toMatch(/^unknown/);
  });
});

describe('no-starvation', () => {
  /** Twice as much as can be done, half of it urgent. */
  const flooded = (jobs: Parts['jobs'] & object): Parts => ({ producer: { messages: 200, priority: { 0: 1, 5: 1 } }, consumer: { service: '20ms', prefetch: 1 }, jobs });

  it('fails where what is urgent comes first, if all of a queue are compared', () => {
    expect(told({ 'no-starvation': { overtakes: 20, of: 'queue' } }, flooded({ priorities: 6 }))).toMatch(/^fail \| \d+ messages were overtaken too often \| web\.0-\d+: \d+ messages that came to mq\/jobs after it were delivered before it; 20 may be\.$/);
    expect(told({ 'no-starvation': { overtakes: 20 } }, flooded({ priorities: 6 }))).toBe('pass');
    expect(told({ 'no-starvation': { overtakes: 0, of: 'queue' } }, flooded({}))).toBe('pass');
  });

  it('counts what is left at the end, and is unknown where nothing waits', () => {
    const stuck: Parts = { ...flooded({ priorities: 6 }), producer: { priority: { 0: 1, 5: 9 }, messages: 900 }, phases: { measure: '9s', drain: '1s' } };
    expect(told({ 'no-starvation': { overtakes: 100, of: 'queue' } }, stuck)).toMatch(/delivered before it, which was not delivered at all; 100 may be\.$/);
    expect(told('no-starvation', {})).toBe('unknown | no message ever waited behind another');
  });
});
