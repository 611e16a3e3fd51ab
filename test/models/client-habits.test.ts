/**
 * What client libraries do differently: publishes that fail for want of a connection, waits that grow by steps, retries at
 * the worker, when a delivery is settled. Each is a setting of its own, for every broker.
 */
import { describe, expect, it } from 'vitest';
import { createScenario, type ScenarioSettings } from '../../scenarios/define.ts';
import { driveToQuiet } from './driven.ts';
import { type Fault, type Parts, smallSystem, told } from './small-system.ts';

/** Down from 15 ms on; a client hears of it a millisecond later, and is back a second after the restart. */
const crash: Fault = { kind: 'crash', target: 'mq', at: '15ms', for: '20ms' };
const brief = { recovery: '0', storage: { durable: false } } as const;
const publishing = (producer: Parts['producer'], more: Parts = {}) =>
  told({ broker: brief, producer: { messages: 5, ...producer }, consumer: 'none', faults: [crash], ...more }, 'sent', 'abandoned');
const reached = (parts: Parts) => driveToQuiet(createScenario(smallSystem(parts))).system.world.sim.trace.reachedPaths;

describe('a publish without a connection', () => {
  it('waits in the buffer, unless told otherwise', () => {
    expect(publishing({ reconnect: { fixed: { delay: '100ms' } } })).toEqual(['10 sent 1', '118 sent 2', '118 sent 3', '118 sent 4', '118 sent 5']);
  });

  it('fails at once with unconnected: fail (amqp-client 5: AlreadyClosedException; amqplib 2: IllegalOperationError)', () => {
    const gone = ['10 sent 1', '20 abandoned 2 (not-connected)', '30 abandoned 3 (not-connected)', '40 abandoned 4 (not-connected)', '50 abandoned 5 (not-connected)'];
    expect(publishing({ unconnected: 'fail', reconnect: 'none' })).toEqual(gone);
    expect(publishing({ unconnected: 'fail', reconnect: { fixed: { delay: '21ms' } } })).toEqual([...gone.slice(0, 3), '40 sent 4', '50 sent 5']);
  });

  it('is refused for certain, since it never left', () => {
    const { totals, abandonedBy } = driveToQuiet(createScenario(smallSystem({ broker: brief, producer: { messages: 5, unconnected: 'fail', reconnect: 'none', confirm: {} }, consumer: 'none', faults: [crash] }))).system.world.ledger;
    expect(totals).toMatchObject({ published: 5, sent: 1, confirmed: 1, refused: 4, unknown: 0 });
    expect([...abandonedBy.values()]).toEqual([4]);
  });

  it('counts as an attempt of those that may be made', () => {
    const retry = { fixed: { delay: '4ms' }, attempts: 3 } as const;
    expect(publishing({ unconnected: 'fail', reconnect: { fixed: { delay: '19500us' } }, retry, messages: 3 })).toEqual(['10 sent 1', '28 abandoned 2 (not-connected)', '38 sent 3']);
  });

  it('does not fail before the first connection is there', () => {
    const parts: Parts = { broker: brief, latency: '7ms', producer: { unconnected: 'fail' }, consumer: 'none' };
    expect(told(parts, 'sent', 'abandoned')).toEqual(['14 sent 1', '20 sent 2', '30 sent 3']);
  });

  it('is not tried for ever at one instant', () => {
    const of = (retry: NonNullable<Parts['producer']>['retry']) => () => createScenario(smallSystem({ producer: { unconnected: 'fail', retry } }));
    expect(of({ fixed: { delay: '0' } })).toThrow('at one instant');
    expect(of({ linear: { initial: '0', step: '0' } })).toThrow('at one instant');
    expect(of({ fixed: { delay: '0' }, attempts: 3 })).not.toThrow();
    expect(of({ linear: { initial: '0', step: '1ms' } })).not.toThrow();
  });

  it('takes along what was under way when the connection went', () => {
    const slow = { unconnected: 'fail', reconnect: 'none', messages: 2, serialise: { perMessage: '8ms' } } as const;
    expect(publishing(slow)).toEqual(['20 abandoned 2 (not-connected)', '18 abandoned 1 (not-connected)'].reverse());
    const window = { unconnected: 'fail', reconnect: 'none', messages: 3, confirm: {}, maxUnconfirmed: 1 } as const;
    expect(publishing(window, { broker: { storage: { sync: '1s' } }, faults: [{ ...crash, at: '45ms' } as Fault] })).toEqual(['10 sent 1', '46 abandoned 2 (not-connected)', '46 abandoned 3 (not-connected)']);
  });
});

describe('a connection on demand (Spring\'s CachingConnectionFactory, kombu)', () => {
  it('is opened by the next publish, which waits for it', () => {
    expect(publishing({ reconnect: 'on-demand', unconnected: 'fail' })).toEqual([
      '10 sent 1', '22 abandoned 2 (not-connected)', '32 abandoned 3 (not-connected)', '42 sent 4', '50 sent 5',
    ]);
  });

  it('is refused where messages wait in the buffer: nothing there would ever ask for one', () => {
    expect(() => createScenario(smallSystem({ producer: { reconnect: 'on-demand' } }))).toThrow('unconnected: fail');
  });

  it('tries every node of the broker before it gives up', () => {
    const settings = (nodes: number): ScenarioSettings => ({
      faultline: 1, name: 'on-demand', phases: { measure: '1s', drain: '10s' },
      brokers: { mq: { kind: 'rabbitmq', version: '4.2', nodes, queues: { jobs: { node: nodes - 1 } } } } as ScenarioSettings['brokers'],
      producers: { web: { publish: 'mq/jobs', arrivals: { constant: { rate: '10/s' } }, messages: 5, unconnected: 'fail', reconnect: 'on-demand' } },
      faults: [{ kind: 'crash', target: 'mq.0', at: '150ms', for: '30s' }],
    });
    const sentOf = (nodes: number) => driveToQuiet(createScenario(settings(nodes))).system.world.ledger.totals.sent;
    expect([sentOf(1), sentOf(3)]).toEqual([1, 5]);
  });

  it('is for those who publish', () => {
    expect(() => createScenario(smallSystem({ consumer: { reconnect: 'on-demand' as 'none' } }))).toThrow('reconnect');
  });

  it('is reached', () => {
    const { 'session.demanded': demanded, 'publisher.failedUnconnected': failed } = reached({ broker: brief, producer: { messages: 5, reconnect: 'on-demand', unconnected: 'fail' }, consumer: 'none', faults: [crash] });
    expect([demanded, failed]).toEqual([3, 2]);
  });
});

describe('waits that grow by steps (kombu, retry_over_time and fxrange)', () => {
  it.each([
    [{ initial: '0', step: '2ms', max: '5ms' }, [0, 2, 4, 5, 5]],
    [{ initial: '3ms', step: '1ms' }, [3, 4, 5, 6, 7]],
    [{ initial: '0', step: '5ms', max: '5ms' }, [0, 5, 5, 5, 5]],
  ])('%o', (linear, waits) => {
    const parts: Parts = { jobs: { maxLength: 1, overflow: 'reject' }, latency: '0', producer: { messages: 2, confirm: {}, retry: { linear, attempts: 6 } }, consumer: 'none' };
    const times = told(parts, 'sent').slice(1).map(Number.parseFloat);
    expect(times.slice(1).map((time, index) => time - times[index]!)).toEqual(waits);
  });

  it('do not begin above their end', () => {
    expect(() => createScenario(smallSystem({ producer: { retry: { linear: { initial: '3s', step: '1s', max: '2s' } } } }))).toThrow('initial is above max');
  });
});

describe('a worker that tries again by itself (Spring Boot 3, listener.simple.retry)', () => {
  const failing = { failure: { poison: { nth: 1 }, then: 'reject', retry: { fixed: { delay: '100ms' }, attempts: 3 } } } as const;

  it('keeps the message and its place, and then does what it is told', () => {
    expect(told({ consumer: { ...failing, prefetch: 2 } }, 'delivered', 'work-started', 'work-failed', 'effect', 'dropped')).toEqual([
      '11 delivered 1 workers.0', '12 work-started 1 workers.0', '17 work-failed 1 workers.0 (poison)', '21 delivered 2 workers.0',
      '117 work-started 1 workers.0', '122 work-failed 1 workers.0 (poison)', '222 work-started 1 workers.0', '227 work-failed 1 workers.0 (poison)',
      '227 work-started 2 workers.0', '228 dropped 1 (rejected)', '228 delivered 3 workers.0', '232 effect 2 workers.0', '232 work-started 3 workers.0', '237 effect 3 workers.0',
    ].sort((a, b) => Number.parseFloat(a) - Number.parseFloat(b)));
  });

  it('forgets how often when it dies: the message comes back as new', () => {
    const died: Fault = { kind: 'crash', target: 'consumers.workers', at: '150ms', for: '10ms' };
    const lines = told({ producer: { messages: 1 }, consumer: failing, faults: [died] }, 'work-failed', 'worker-crashed', 'dropped');
    expect(lines.filter((line) => line.includes('work-failed'))).toHaveLength(2 + 3);
    expect(lines.filter((line) => line.includes('worker-crashed'))).toHaveLength(1);
    expect(lines.at(-1)).toMatch(/dropped 1 \(rejected\)/);
  });

  it('succeeds where the failure was by chance, and settles once', () => {
    const { system } = driveToQuiet(createScenario(smallSystem({ producer: { messages: 200 }, consumer: { failure: { probability: 0.4, then: 'reject', retry: { fixed: { delay: '1ms' }, attempts: 20 } } } })));
    expect(system.world.ledger.totals).toMatchObject({ published: 200, handled: 200, deliveries: 200, redelivered: 0, duplicates: 0, acknowledged: 200 });
    expect(system.world.sim.trace.reachedPaths['consumer.triedAgain']).toBeGreaterThan(50);
  });

  it('knows no deadline and no budget', () => {
    const consumer = { failure: { retry: { fixed: { delay: '1s' }, deadline: '5s' } } };
    expect(() => createScenario(smallSystem({ consumer }))).toThrow('retries at the worker know no deadline');
  });

  it('ends, and is seen to', () => {
    const { 'consumer.triedAgain': again, 'consumer.retriesExhausted': exhausted } = reached({ consumer: failing });
    expect([again, exhausted]).toEqual([2, 1]);
  });
});

describe('a failure that is acknowledged (Celery 5, task_acks_on_failure_or_timeout)', () => {
  it('loses the message, and does nothing that follows from success', () => {
    const parts: Parts = { queues: { done: {} }, consumer: { failure: { poison: { nth: 2 }, then: 'acknowledge' }, publish: [{ to: 'mq/done' }] } };
    expect(told(parts, 'work-failed', 'acknowledged', 'effect').filter((line) => / 2 ?/.test(line))).toEqual(['27 work-failed 2 workers.0 (poison)', '28 acknowledged 2']);
    const { totals } = driveToQuiet(createScenario(smallSystem(parts))).system.world.ledger;
    expect(totals).toMatchObject({ published: 3 + 2, acknowledged: 3 });
  });
});

describe('acknowledging at the start of the work (Celery 5: Request.on_accepted)', () => {
  const held = { prefetch: 2, service: '100ms', acknowledge: 'at-start' } as const;

  it('leaves what waits at the worker unacknowledged', () => {
    expect(told({ producer: { messages: 5 }, consumer: held }, 'delivered', 'acknowledged')).toEqual([
      '11 delivered 1 workers.0', '13 acknowledged 1', '21 delivered 2 workers.0', '31 delivered 3 workers.0',
      '113 acknowledged 2', '113 delivered 4 workers.0', '213 acknowledged 3', '213 delivered 5 workers.0', '313 acknowledged 4', '413 acknowledged 5',
    ]);
  });

  it.each([
    ['before-work', ['1', '2', '3']],
    ['at-start', ['1']],
    ['after-work', []],
  ] as const)('%s: a crash of the worker loses %o', (acknowledge, lost) => {
    const died: Fault = { kind: 'crash', target: 'consumers.workers', at: '60ms', for: '10ms' };
    const handled = told({ consumer: { ...held, acknowledge }, faults: [died] }, 'effect').map((line) => line.split(' ')[2]!);
    expect(['1', '2', '3'].filter((message) => !handled.includes(message))).toEqual(lost);
  });
});
