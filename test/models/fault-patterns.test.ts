/** Patterns by name, and names of faults and guarantees that are refused with a reason. */
import { describe, expect, it } from 'vitest';
import { faultKinds } from '../../models/faults/index.ts';
import { patternNames } from '../../models/faults/patterns.ts';
import { refusedFaults } from '../../models/faults/refused.ts';
import { claimNames } from '../../models/invariants/index.ts';
import { refusedClaims } from '../../models/invariants/refused.ts';
import { createScenario } from '../../scenarios/define.ts';
import { type Fault, type Parts, smallSystem } from './small-system.ts';

const quorum = { brokers: { mq: { kind: 'rabbitmq', version: '4.2', nodes: 3, queues: { jobs: { arguments: { 'x-queue-type': 'quorum' } } } } } } as unknown as Parts;
const specOf = (fault: object): unknown => createScenario(smallSystem({ ...quorum, faults: [{ at: '1s', ...fault } as unknown as Fault] })).faults[0];

describe('a pattern', () => {
  it.each<[string, object, object]>([
    ['crash-all', { target: 'mq' }, { kind: 'crash', scope: 'host', target: 'mq', for: 30e9 }],
    ['isolate-leader-then-heal', { queue: 'mq/jobs' }, { kind: 'partition', between: [['leader(mq/jobs)'], ['others(leader(mq/jobs))']], direction: 'both', for: 120e9 }],
    ['pause-then-resume-old-leader', { queue: 'mq/jobs', for: '10s' }, { kind: 'pause', target: 'leader(mq/jobs)', for: 10e9 }],
    ['deploy-wave', { target: 'consumers.workers' }, { kind: 'rolling-restart', by: 'crash', target: 'consumers.workers', down: 5e9, gap: 5e9 }],
    ['poison-burst', { target: 'producers.web' }, { kind: 'poison', does: 'fails', target: 'producers.web', for: 1e9 }],
    ['burst-10x-for-60s', { target: 'producers.web' }, { kind: 'burst', factor: 10, target: 'producers.web', for: 60e9 }],
    ['slow-consumer-then-recover', { target: 'consumers.workers' }, { kind: 'slow', factor: 10, target: 'consumers.workers', for: 60e9 }],
    ['retry-storm', { target: 'consumers.workers' }, { kind: 'dependency-outage', timeout: 1e9, target: 'consumers.workers', for: 30e9 }],
    ['disk-full-then-freed', { target: 'mq.0.disk' }, { kind: 'disk-full', leaves: 0, target: 'mq.0.disk', for: 60e9 }],
  ])('%s stands for a fault', (kind, settings, wanted) => {
    expect(patternNames).toContain(kind);
    expect(specOf({ kind, ...settings })).toEqual({ at: 1e9, ...wanted });
  });

  it.each<[object, string]>([
    [{ kind: 'isolate-leader-then-heal', queue: 'mq/nowhere' }, 'nowhere'],
    [{ kind: 'crash-all', target: 'nobody' }, 'nobody'],
    [{ kind: 'burst-10x-for-60s', target: 'consumers.workers' }, 'burst cannot strike consumers.workers'],
  ])('is checked as that is: %j', (fault, message) => {
    expect(() => specOf(fault)).toThrow(message);
  });
});

describe('a name that is known from elsewhere', () => {
  const messageOf = (parts: object): string => {
    try {
      createScenario({ ...smallSystem({}), ...parts } as never);
    } catch (error) {
      return String(error);
    }
    return '';
  };

  it.each(['rebalance', 'isrShrink', 'config-change', 'duplicate', 'event-loop-stall'])('is refused with the reason: fault %s', (kind) => {
    const message = messageOf({ faults: [{ kind, target: 'mq', at: '1s' }] });
    expect(message).toContain('this is no kind of its own here');
    expect(message).not.toContain('wanted');
  });

  it.each<[unknown]>([['consistent-offsets'], [{ 'consistent-offsets': {} }], ['determinism']])('is refused with the reason: guarantee %j', (claim) => {
    expect(messageOf({ claims: [claim] })).toMatch(/no kind of its own here|no guarantee of its own here/);
  });

  it('names in its reason only what there is', () => {
    for (const [name, reason] of Object.entries(refusedFaults)) {
      expect([...faultKinds, ...patternNames], name).not.toContain(name);
      for (const [, named] of reason.matchAll(/is `([a-z-]+)`(?= with|$|;| for| of|:)/g)) expect([...faultKinds, ...settings], `${name}: ${named}`).toContain(named);
    }
    for (const name of Object.keys(refusedClaims)) expect(claimNames, name).not.toContain(name);
  });
});

/** What is meant by a word in backquotes and is no fault. */
const settings = ['deliveryLimit', 'idempotency', 'concurrency', 'prefetch', 'lease', 'multiple'];
