/** What goes wrong at clients, as short lines of a small system; the same on RabbitMQ's queues in test/models/rabbitmq. */
import { describe, expect, it } from 'vitest';
import { createScenario } from '../../scenarios/define.ts';
import { runScenario } from '../../scenarios/run.ts';
import { type Fault, type Parts, smallSystem, told } from './small-system.ts';

const reconnect = { reconnect: { fixed: { delay: '1ms' } } } as const;
const lasting = { at: '0s', for: '5s' } as const;

function effects(parts: Parts): string[] {
  return runScenario(createScenario(smallSystem(parts))).faults.map(({ effect }) => effect);
}

describe('publish-lost', () => {
  const lost = (more: object = {}): Fault => ({ kind: 'publish-lost', target: 'producers.web', messages: { nth: 2 }, ...lasting, ...more });

  it('is tried again where confirms are waited for: its connection broke', () => {
    const parts: Parts = { consumer: 'none', connection: reconnect, producer: { confirm: { timeout: '1s' }, retry: { fixed: { delay: '10ms' } } }, faults: [lost()] };
    expect(told(parts, 'publish-lost', 'stored', 'outcome-unknown', 'confirm-received')).toEqual([
      '11 stored 1', '12 confirm-received 1', '21 publish-lost 2 (connection-lost(F1))', '22 outcome-unknown 2 (connection-lost(F1))',
      '31 stored 3', '32 confirm-received 3', '33 stored 2 #2', '34 confirm-received 2 #2',
    ]);
    expect(effects(parts)).toEqual(['publishes lost: 1']);
  });

  it('is believed to be published where none are', () => {
    const parts: Parts = { connection: reconnect, producer: { confirm: 'none' }, faults: [lost()] };
    expect(told(parts, 'publish-lost', 'effect')).toEqual(['17 effect 1 workers.0', '21 publish-lost 2 (connection-lost(F1))', '37 effect 3 workers.0']);
  });

  it('takes what is on its way behind it, since the connection breaks', () => {
    const parts: Parts = { consumer: 'none', latency: '15ms', producer: { confirm: 'none', messages: 3 }, connection: reconnect, faults: [lost({ messages: { nth: 1 } })] };
    expect(told(parts, 'sent', 'publish-lost')).toEqual(expect.arrayContaining(['45 publish-lost 1 (connection-lost(F1))', '45 publish-lost 2 (connection-lost(F1))']));
  });

  it('hits a message as often as it says, or always', () => {
    const parts = (more: object): Parts => ({ consumer: 'none', connection: reconnect, producer: { confirm: { timeout: '1s' }, retry: { fixed: { delay: '10ms' }, attempts: 4 } }, faults: [lost(more)] });
    expect(told(parts({ times: 2 }), 'stored')).toHaveLength(3);
    expect(told(parts({ times: 'always' }), 'stored')).toHaveLength(2);
    expect(effects(parts({ times: 2 }))).toEqual(['publishes lost: 2']);
    expect(effects(parts({ times: 'always' }))).toEqual(['publishes lost: 4']);
    expect(effects(parts({ messages: { nth: 9 } }))).toEqual(['']);
  });
});

describe('confirm-lost', () => {
  it('leaves stored what its publisher publishes again', () => {
    const parts: Parts = {
      connection: reconnect, producer: { messages: 1, confirm: { timeout: '1s' }, retry: { fixed: { delay: '10ms' } } },
      faults: [{ kind: 'confirm-lost', target: 'producers.web', ...lasting }],
    };
    expect(told(parts, 'stored', 'confirm-lost', 'confirm-received', 'effect', 'duplicate-effect')).toEqual([
      '11 stored 1', '12 confirm-lost 1 (connection-lost(F1))', '17 effect 1 workers.0', '23 stored 1 #2', '24 confirm-received 1 #2', '29 duplicate-effect 1 workers.0',
    ]);
    expect(effects(parts)).toEqual(['confirms lost: 1']);
  });

  it('leaves the outcome unknown without a retry', () => {
    const parts: Parts = { producer: { messages: 1, confirm: { timeout: '1s' }, retry: 'none' }, faults: [{ kind: 'confirm-lost', target: 'producers.web', ...lasting }] };
    expect(told(parts, 'outcome-unknown', 'effect')).toEqual(['12 outcome-unknown 1 (connection-lost(F1))', '17 effect 1 workers.0']);
  });
});

describe('ack-lost', () => {
  const lost: Fault = { kind: 'ack-lost', target: 'consumers.workers', messages: { nth: 2 }, ...lasting };

  it('has what was done delivered again', () => {
    const parts: Parts = { connection: reconnect, faults: [lost] };
    expect(told(parts, 'effect', 'duplicate-effect', 'settlement-lost', 'acknowledged', 'requeued')).toEqual([
      '17 effect 1 workers.0', '18 acknowledged 1', '27 effect 2 workers.0', '28 settlement-lost 2 workers.0 (connection-lost(F1))', '28 requeued 2 (connection-lost(F1))',
      '39 duplicate-effect 2 #2 workers.0', '40 acknowledged 2', '46 effect 3 workers.0', '47 acknowledged 3',
    ]);
    expect(effects(parts)).toEqual(['acknowledgements lost: 1']);
  });

  it('is nothing to an idempotency store', () => {
    expect(told({ connection: reconnect, consumer: { idempotency: {} }, faults: [lost] }, 'duplicate-effect', 'deduplicated')).toEqual(['34 deduplicated 2 #2 workers.0']);
  });
});

describe('on RabbitMQ', () => {
  const run = (kind: 'quorum' | 'classic', faults: Fault[], web: object) => runScenario(createScenario({
    faultline: 1, name: 'rabbitmq', phases: { measure: '20s', drain: '60s' },
    brokers: { mq: { kind: 'rabbitmq', version: '4.1', nodes: 3, queues: { jobs: { arguments: { 'x-queue-type': kind } } } } },
    producers: { web: { publish: 'mq/jobs', arrivals: { constant: { rate: '20/s' } }, messages: 100, ...web } },
    consumers: { workers: { subscribe: 'mq/jobs', service: '5ms', prefetch: 5 } },
    faults,
  }));
  const confirmed = { confirm: { timeout: '5s' }, retry: { fixed: { delay: '100ms' }, attempts: 5 } };

  it.each(['quorum', 'classic'] as const)('the same is lost, doubled and delivered again: %s queues', (kind) => {
    const chosen = { messages: { nth: 40 }, at: '0s' } as const;
    const believed = run(kind, [{ kind: 'publish-lost', target: 'producers.web', ...chosen }], { confirm: 'none' });
    expect([believed.messages.handled, believed.faults[0]!.effect]).toEqual([99, 'publishes lost: 1']);
    const doubled = run(kind, [{ kind: 'confirm-lost', target: 'producers.web', ...chosen }], confirmed);
    expect([doubled.messages.handled, doubled.messages.duplicates, doubled.faults[0]!.effect]).toEqual([100, 1, 'confirms lost: 1']);
    const again = run(kind, [{ kind: 'ack-lost', target: 'consumers.workers', ...chosen }], confirmed);
    expect([again.messages.handled, again.messages.duplicates, again.faults[0]!.effect]).toEqual([100, 1, 'acknowledgements lost: 1']);
  });
});
