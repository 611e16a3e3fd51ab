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

describe('wrong-ack', () => {
  const run = (mistake: string) => runScenario(createScenario({
    faultline: 1, name: 'wrong', phases: { measure: '20s', drain: '60s' },
    brokers: { mq: { kind: 'rabbitmq', version: '4.1', queues: { jobs: { arguments: { 'x-queue-type': 'quorum' } } } } },
    producers: { web: { publish: 'mq/jobs', arrivals: { constant: { rate: '20/s' } }, messages: 100, confirm: {} } },
    consumers: { workers: { subscribe: 'mq/jobs', service: '5ms', prefetch: 5 } },
    faults: [{ kind: 'wrong-ack', target: 'consumers.workers', messages: { nth: 40 }, mistake, ...lasting } as Fault],
  }));

  it('closes the channel: what it had not settled comes again, and so does the delivery unless it was acknowledged the first time', () => {
    for (const mistake of ['wrong-tag', 'other-channel']) {
      const { messages, faults } = run(mistake);
      expect([messages.handled, messages.duplicates, faults[0]!.effect]).toEqual([100, 1, 'channels closed: 1']);
    }
    const { messages, faults } = run('twice');
    expect([messages.handled, messages.duplicates, faults[0]!.effect]).toEqual([100, 0, 'channels closed: 1']);
  });

  it('is refused where nobody looks at it', () => {
    const faults = [{ kind: 'wrong-ack', target: 'consumers.workers', ...lasting } as Fault];
    expect(() => createScenario(smallSystem({ faults }))).toThrow('has no channels that a wrong acknowledgement closes');
  });
});

describe('crash-consumer', () => {
  const crash = (point: string, more: object = {}): Fault => ({ kind: 'crash-consumer', target: 'consumers.workers', point, messages: { nth: 1 }, restart: '10ms', ...lasting, ...more }) as Fault;
  const seen = ['work-started', 'effect', 'duplicate-effect', 'worker-crashed', 'settlement-lost', 'acknowledged'] as const;
  const one = (faults: Fault[], consumer: object = {}, messages = 1): string[] => told({ connection: reconnect, producer: { messages }, consumer, faults }, ...seen);

  it('before the handler, or midway: nothing is done, and all is done again', () => {
    const again = ['effect 1 #2 workers.0', 'acknowledged 1'];
    const before = one([crash('before-handler')]);
    expect(before.slice(0, 2)).toEqual(['12 work-started 1 workers.0', '12 worker-crashed 1 workers.0 (crash(F1))']);
    const during = one([crash('during-handler')]);
    expect(during[1]).toBe('14.5 worker-crashed 1 workers.0 (crash(F1))');
    for (const lines of [before, during]) expect(lines.slice(3).map((line) => line.replace(/^\S+ /, ''))).toEqual(again);
  });

  it('after the effect and before its acknowledgement: done twice', () => {
    expect(one([crash('after-effect-before-ack')]).map((line) => line.replace(/^\S+ /, ''))).toEqual([
      'work-started 1 workers.0', 'effect 1 workers.0', 'worker-crashed 1 workers.0 (crash(F1))', 'work-started 1 #2 workers.0', 'duplicate-effect 1 #2 workers.0', 'acknowledged 1',
    ]);
  });

  it('after an acknowledgement and before what it publishes onward: that is never sent', () => {
    const parts = (faults: Fault[]): Parts => ({
      connection: reconnect, queues: { next: {} }, producer: { messages: 2 }, consumer: { acknowledge: 'before-work', publish: [{ to: 'mq/next' }] }, faults,
    });
    expect(told(parts([]), 'stored').filter((line) => line.includes('in next'))).toHaveLength(2);
    expect(told(parts([crash('after-ack-before-send')]), 'stored').filter((line) => line.includes('in next'))).toHaveLength(1);
    expect(effects(parts([crash('after-ack-before-send')]))).toEqual(['processes killed: 1']);
  });

  it('always: as often as it is delivered, until the queue gives it up', () => {
    const parts: Parts = { jobs: { deliveryLimit: 3, deadLetter: 'dead' }, queues: { dead: {} }, producer: { messages: 1 }, connection: reconnect, faults: [crash('during-handler', { times: 'always' })] };
    expect(told(parts, 'worker-crashed', 'dead-lettered').map((line) => line.split(' ')[1])).toEqual(['worker-crashed', 'worker-crashed', 'worker-crashed', 'dead-lettered']);
  });

  it('with a part of a batch done: that part is done twice', () => {
    const result = runScenario(createScenario({
      faultline: 1, name: 'batch', phases: { measure: '20s', drain: '60s' },
      brokers: { mq: { kind: 'rabbitmq', version: '4.1', queues: { jobs: { arguments: { 'x-queue-type': 'quorum' } } } } },
      producers: { web: { publish: 'mq/jobs', arrivals: { constant: { rate: '100/s' } }, messages: 40, confirm: {} } },
      consumers: { workers: { subscribe: 'mq/jobs', service: '5ms', prefetch: 20, multiple: { messages: 10, after: '200ms' } } },
      faults: [{ kind: 'crash-consumer', target: 'consumers.workers', point: 'after-partial-batch', messages: { nth: 14 }, ...lasting }],
    }));
    expect([result.messages.handled, result.messages.duplicates]).toEqual([40, 4]);
  });
});

describe('handlers', () => {
  const fault = (kind: string, more: object = {}): Fault => ({ kind, target: 'consumers.workers', at: '0s', for: '1s', ...more }) as Fault;

  it('that throw have it delivered again: once, so many times, or always', () => {
    const failing = (more: object) => told({ jobs: { deliveryLimit: 5 }, producer: { messages: 3 }, faults: [fault('handler-throws', { messages: { nth: 2 }, ...more })] }, 'work-failed', 'effect');
    expect(failing({}).slice(0, 3)).toEqual(['17 effect 1 workers.0', '27 work-failed 2 workers.0 (handler-failed(F1))', '34 effect 2 #2 workers.0']);
    expect(failing({ times: 2 }).filter((line) => line.includes('failed'))).toHaveLength(2);
    expect(failing({ times: 'always' }).filter((line) => line.includes('failed'))).toHaveLength(5);
  });

  it('fail at once where what they call refuses, or when they give up waiting; what has begun is not touched', () => {
    const down = (more: object) => told({ consumer: { failure: { then: 'reject' } }, faults: [fault('dependency-outage', { at: '15ms', for: '10ms', ...more })] }, 'effect', 'work-failed');
    expect(down({})).toEqual(['17 effect 1 workers.0', '23 work-failed 2 workers.0 (dependency-outage(F1))', '37 effect 3 workers.0']);
    expect(down({ timeout: '3ms' })[1]).toBe('25 work-failed 2 workers.0 (dependency-outage(F1))');
  });

  it('are slowed by a duration that is added', () => {
    expect(told({ faults: [fault('slow-handler', { messages: { nth: 2 }, add: '4ms' })] }, 'effect')).toEqual(['17 effect 1 workers.0', '31 effect 2 workers.0', '38 effect 3 workers.0']);
  });

  it('that hang hold their message until the fault ends, and their connection where heartbeats go on', () => {
    const parts = (heartbeats: string): Parts => ({
      producer: { messages: 2 }, consumer: { count: 2 }, connection: { heartbeat: '100ms', ...reconnect }, faults: [fault('hanging-handler', { messages: { nth: 1 }, heartbeats })],
    });
    expect(told(parts('thread'), 'effect', 'requeued')).toEqual(['27 effect 2 workers.1', '1005 effect 1 workers.0']);
    const blocked = told(parts('event-loop'), 'effect', 'duplicate-effect', 'requeued');
    expect(blocked[1]).toMatch(/requeued 1 \(connection-lost/);
    expect(blocked[2]).toMatch(/effect 1 #2 workers\.1/);
    expect(blocked[3]).toBe('1005 duplicate-effect 1 workers.0');
  });
});

describe('poison that is more than a failure', () => {
  const poison = (does: string): Fault => ({ kind: 'poison', target: 'producers.web', messages: { nth: 1 }, does, ...lasting }) as Fault;
  const parts = (does: string): Parts => ({ jobs: { deliveryLimit: 2, deadLetter: 'dead' }, queues: { dead: {} }, connection: reconnect, faults: [poison(does)] });

  it('kills whoever handles it', () => {
    expect(told(parts('kills'), 'worker-crashed', 'dead-lettered')).toEqual([
      '14.5 worker-crashed 1 workers.0 (crash(poison))', expect.stringContaining('worker-crashed 1 #2'), expect.stringContaining('dead-lettered 1'),
    ]);
  });

  it('cannot be read: refused for good before a handler sees it', () => {
    expect(told(parts('undecodable'), 'work-failed', 'dead-lettered')).toEqual(['12 work-failed 1 workers.0 (undecodable)', expect.stringContaining('dead-lettered 1')]);
    const retrying = { ...parts('undecodable'), consumer: { failure: { retry: { fixed: { delay: '1ms' }, attempts: 5 } } } };
    expect(told(retrying, 'work-failed')).toHaveLength(1);
  });
});

it('an idempotency store that is emptied lets through what it held back', () => {
  const parts = (faults: Fault[]): Parts => ({
    connection: reconnect, producer: { messages: 1, confirm: { timeout: '1s' }, retry: { fixed: { delay: '100ms' } } }, consumer: { idempotency: {} },
    faults: [{ kind: 'confirm-lost', target: 'producers.web', ...lasting }, ...faults],
  });
  const forget: Fault = { kind: 'forget', target: 'consumers.workers', at: '50ms' };
  expect(told(parts([]), 'duplicate-effect', 'deduplicated').map((line) => line.split(' ')[1])).toEqual(['deduplicated']);
  expect(told(parts([forget]), 'duplicate-effect', 'deduplicated').map((line) => line.split(' ')[1])).toEqual(['duplicate-effect']);
  expect(effects(parts([forget]))).toEqual(['confirms lost: 1', 'entries forgotten: 1']);
});

it('a reconnect storm breaks all connections at one instant, and they come by their own rule', () => {
  const storm: Fault = { kind: 'reconnect-storm', target: 'consumers.workers', at: '15ms' };
  const parts: Parts = { consumer: { count: 3 }, connection: reconnect, faults: [storm] };
  expect(effects(parts)).toEqual(['connections broken: 3']);
  expect(told(parts, 'effect', 'duplicate-effect', 'settlement-lost')).toEqual([
    // The broker hears of one after the other, and hands what the first had to those who are gone too: three deliveries are used up.
    '17 effect 1 workers.0', '17 settlement-lost 1 workers.0 (connection-lost)', '25 duplicate-effect 1 #4 workers.0', expect.any(String), expect.any(String),
  ]);
});

it('what never comes to a point, or has nothing to forget, is refused', () => {
  const refused = (fault: object, consumer: object = {}) => () => createScenario(smallSystem({ consumer, faults: [{ target: 'consumers.workers', at: '1s', ...fault } as Fault] }));
  const at = (point: string) => ({ kind: 'crash-consumer', point });
  expect(refused(at('after-partial-batch'))).toThrow('never comes to the point after-partial-batch');
  expect(refused(at('after-ack-before-send'))).toThrow('never comes to the point after-ack-before-send');
  expect(refused(at('after-ack-before-send'), { acknowledge: 'at-start' })).toThrow('never comes to the point after-ack-before-send');
  expect(refused(at('after-effect-before-ack'), { acknowledge: 'automatic' })).toThrow('never comes to the point after-effect-before-ack');
  expect(refused({ kind: 'forget' })).toThrow('has no idempotency store');
  expect(refused(at('after-effect-before-ack'))).not.toThrow();
  expect(refused({ kind: 'forget' }, { idempotency: {} })).not.toThrow();
});
