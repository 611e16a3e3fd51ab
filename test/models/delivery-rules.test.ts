import { describe, expect, it } from 'vitest';
import { type Fault, type Parts, told } from './small-system.ts';

/** All messages come within a moment. */
const atOnce = { arrivals: { constant: { rate: '1000/s' } }, messages: 6 } as const;
/** The worker cannot connect before that. */
const late: Fault = { kind: 'partition', between: ['consumers.workers', 'mq'], at: '0s', for: '50ms' };

const without = (lines: string[], ...words: string[]) => lines.map((line) => words.reduce((rest, word) => rest.replace(word, ''), line));

describe('delivery', () => {
  it('goes to a worker one by one, each as the one before is settled', () => {
    expect(told({}, 'stored', 'delivered', 'work-started', 'effect', 'acknowledged')).toEqual([
      '11 stored 1', '11 delivered 1 workers.0', '12 work-started 1 workers.0', '17 effect 1 workers.0', '18 acknowledged 1',
      '21 stored 2', '21 delivered 2 workers.0', '22 work-started 2 workers.0', '27 effect 2 workers.0', '28 acknowledged 2',
      '31 stored 3', '31 delivered 3 workers.0', '32 work-started 3 workers.0', '37 effect 3 workers.0', '38 acknowledged 3',
    ]);
  });

  it('hands out no more than the prefetch, and the worker keeps what it cannot begin', () => {
    const lines = told({ producer: atOnce, consumer: { prefetch: 3, service: '10ms' } }, 'delivered', 'work-started', 'acknowledged');
    // Producer and worker connect in 2 ms; the first two messages wait for that.
    expect(lines).toEqual([
      '3 delivered 1 workers.0', '3 delivered 2 workers.0', '4 work-started 1 workers.0', '4 delivered 3 workers.0',
      '14 work-started 2 workers.0', '15 acknowledged 1', '15 delivered 4 workers.0',
      '24 work-started 3 workers.0', '25 acknowledged 2', '25 delivered 5 workers.0',
      '34 work-started 4 workers.0', '35 acknowledged 3', '35 delivered 6 workers.0',
      '44 work-started 5 workers.0', '45 acknowledged 4', '54 work-started 6 workers.0', '55 acknowledged 5', '65 acknowledged 6',
    ]);
  });

  it('takes the workers in turn', () => {
    const lines = told({ producer: { messages: 6 }, consumer: { count: 3, prefetch: 2, service: '100ms' } }, 'delivered');
    expect(lines).toEqual([
      '11 delivered 1 workers.0', '21 delivered 2 workers.1', '31 delivered 3 workers.2',
      '41 delivered 4 workers.0', '51 delivered 5 workers.1', '61 delivered 6 workers.2',
    ]);
  });

  it('passes over a worker without credit, which takes its turn when it has some again', () => {
    const lines = told({ producer: { messages: 5 }, consumer: { count: 2, prefetch: 1, service: '15ms' } }, 'delivered', 'acknowledged');
    expect(lines).toEqual([
      '11 delivered 1 workers.0', '21 delivered 2 workers.1', '28 acknowledged 1', '31 delivered 3 workers.0',
      '38 acknowledged 2', '41 delivered 4 workers.1', '48 acknowledged 3', '51 delivered 5 workers.0', '58 acknowledged 4', '68 acknowledged 5',
    ]);
  });

  const threeLevels = (priorities: number) => {
    const producer = { publish: 'mq/jobs', ...atOnce, messages: 2 };
    const producers = { low: producer, middle: { ...producer, priority: 1 }, high: { ...producer, priority: 9 } };
    return told({ jobs: { priorities }, producers, faults: [late] }, 'delivered').map((line) => line.split(' ')[2]);
  };

  it('gives the higher priority first, and the order of arrival within each; above the highest counts as the highest', () => {
    expect(threeLevels(3)).toEqual(['high.0-1', 'high.0-2', 'middle.0-1', 'middle.0-2', 'low.0-1', 'low.0-2']);
    expect(threeLevels(2)).toEqual(['middle.0-1', 'high.0-1', 'middle.0-2', 'high.0-2', 'low.0-1', 'low.0-2']);
  });

  it('pays no heed to priorities where the queue has one level', () => {
    expect(threeLevels(1)).toEqual(['low.0-1', 'middle.0-1', 'high.0-1', 'low.0-2', 'middle.0-2', 'high.0-2']);
  });

  it('has as many handled at a time as a worker has servers', () => {
    const lines = told({ producer: atOnce, consumer: { prefetch: 6, concurrency: 2, service: '10ms' } }, 'work-started');
    expect(without(lines, 'work-started ', ' workers.0')).toEqual(['4 1', '4 2', '14 3', '14 4', '24 5', '24 6']);
  });
});

describe('a message that comes back', () => {
  /** Message 1 fails three times; two are with the worker at a time. */
  const returning = (requeue: 'original' | 'head' | 'tail', nth = 1) => {
    const jobs = { requeue, deliveryLimit: 3 };
    const consumer = { prefetch: 2, service: '10ms', failure: { poison: { nth } } };
    return without(told({ jobs, producer: { ...atOnce, messages: 4 }, consumer }, 'delivered'), ' workers.0').map((line) => line.replace(/^\S+ delivered /, ''));
  };

  it('takes its original place, before those that came later', () => {
    expect(returning('original')).toEqual(['1', '2', '1 #2', '3', '1 #3', '4']);
  });

  it('goes to the head, or waits for all others at the tail', () => {
    expect(returning('head')).toEqual(['1', '2', '1 #2', '3', '1 #3', '4']);
    expect(returning('tail')).toEqual(['1', '2', '3', '4', '1 #2', '1 #3']);
  });

  it('finds its original place among others that came back', () => {
    // The worker dies with 1, 2 and 3 in hand, and what it held goes back where it was: 4 waits still.
    const faults = [{ kind: 'crash', target: 'consumers.workers', at: '20ms', for: '10ms' }] as const;
    const order = (requeue: 'original' | 'head' | 'tail') =>
      told({ jobs: { requeue }, producer: { ...atOnce, messages: 4 }, consumer: { prefetch: 3, service: '50ms' }, faults: [...faults] }, 'delivered')
        .slice(3).map((line) => line.split(' ')[2]);
    expect(order('original')).toEqual(['1', '2', '3', '4']);
    expect(order('head')).toEqual(['1', '2', '3', '4']);
    expect(order('tail')).toEqual(['4', '1', '2', '3']);
  });

  it('is dead-lettered once it was delivered as often as it may be, and not before', () => {
    const parts: Parts = { jobs: { deliveryLimit: 3, deadLetter: 'dead' }, queues: { dead: {} }, producer: { messages: 1 }, consumer: { failure: { poison: { nth: 1 } } } };
    expect(told(parts, 'delivered', 'requeued', 'dead-lettered', 'acknowledged')).toEqual([
      '11 delivered 1 workers.0', '18 requeued 1 (requeued)', '18 delivered 1 #2 workers.0', '25 requeued 1 (requeued)', '25 delivered 1 #3 workers.0', '32 dead-lettered 1 in dead (delivery-limit)',
    ]);
  });

  it('is dropped then where no dead-letter queue is', () => {
    const parts: Parts = { jobs: { deliveryLimit: 2 }, producer: { messages: 1 }, consumer: { failure: { poison: { nth: 1 } } } };
    expect(told(parts, 'delivered', 'dropped')).toEqual(['11 delivered 1 workers.0', '18 delivered 1 #2 workers.0', '25 dropped 1 (delivery-limit)']);
  });

  it('counts its deliveries across a crash of the broker', () => {
    const parts: Parts = {
      broker: { storage: { durable: true }, recovery: '5ms' }, jobs: { deliveryLimit: 2, deadLetter: 'dead' }, queues: { dead: {} }, producer: { messages: 1 },
      consumer: { service: '1s' }, connection: { reconnect: { fixed: { delay: '1ms' } } },
      faults: [{ kind: 'crash', target: 'mq', at: '100ms', for: '10ms' }, { kind: 'crash', target: 'mq', at: '300ms', for: '10ms' }],
    };
    expect(without(told(parts, 'delivered', 'requeued', 'dead-lettered'), ' workers.0').map((line) => line.replace(/^\S+ /, ''))).toEqual([
      'delivered 1', 'requeued 1 (crash(F1))', 'delivered 1 #2', 'requeued 1 (crash(F2))', 'dead-lettered 1 in dead (delivery-limit)',
    ]);
    expect(told(parts, 'dead-lettered')).toEqual(['315 dead-lettered 1 in dead (delivery-limit)']);
  });

  it('may be refused for good by its worker: dead-lettered at once, or dropped', () => {
    const consumer = { failure: { poison: { nth: 2 }, then: 'reject' } } as const;
    expect(told({ consumer }, 'delivered', 'dropped', 'acknowledged')).toEqual([
      '11 delivered 1 workers.0', '18 acknowledged 1', '21 delivered 2 workers.0', '28 dropped 2 (rejected)', '31 delivered 3 workers.0', '38 acknowledged 3',
    ]);
    expect(told({ consumer, jobs: { deadLetter: 'dead' }, queues: { dead: {} } }, 'dead-lettered', 'dropped')).toEqual(['28 dead-lettered 2 in dead (rejected)']);
  });
});

describe('a lease', () => {
  /** The first worker takes half a second for what the second does in 50 ms. */
  const slow: Parts = {
    producer: { messages: 1 }, consumer: { count: 2, service: '50ms' }, faults: [{ kind: 'slow', target: 'consumers.workers.0', factor: 10, at: '0s', for: '20ms' }],
  };

  it('runs from the delivery; when it ends another worker is given the message, and the first settles too late', () => {
    expect(told({ ...slow, jobs: { lease: '100ms' } }, 'delivered', 'requeued', 'effect', 'duplicate-effect', 'acknowledged', 'settlement-late')).toEqual([
      '11 delivered 1 workers.0', '111 requeued 1 (lease-expired)', '111 delivered 1 #2 workers.1', '162 effect 1 #2 workers.1', '163 acknowledged 1',
      '512 duplicate-effect 1 workers.0', '513 settlement-late 1 workers.0',
    ]);
  });

  it('counts for the delivery limit', () => {
    const jobs = { lease: '100ms', deliveryLimit: 1, deadLetter: 'dead' };
    expect(told({ ...slow, jobs, queues: { dead: {} } }, 'delivered', 'dead-lettered', 'effect', 'settlement-late')).toEqual([
      '11 delivered 1 workers.0', '111 dead-lettered 1 in dead (delivery-limit)', '512 effect 1 workers.0', '513 settlement-late 1 workers.0',
    ]);
  });

  it('is over once the message is settled', () => {
    expect(told({ ...slow, jobs: { lease: '600ms' } }, 'delivered', 'requeued', 'acknowledged')).toEqual(['11 delivered 1 workers.0', '513 acknowledged 1']);
  });

  it('gives the credit back with the message, so that the worker is sent more than its prefetch at a time', () => {
    const parts: Parts = { jobs: { lease: '20ms', deliveryLimit: 3 }, producer: { messages: 2 }, consumer: { service: '100ms' } };
    expect(told(parts, 'delivered').slice(0, 3)).toEqual(['11 delivered 1 workers.0', '31 delivered 1 #2 workers.0', '51 delivered 1 #3 workers.0']);
  });
});

describe('acknowledgement', () => {
  const dying: Parts = { producer: { messages: 1 }, consumer: { service: '50ms' }, faults: [{ kind: 'crash', target: 'consumers.workers', at: '30ms', for: '10ms' }], connection: { reconnect: { fixed: { delay: '1ms' } } } };
  const events = ['delivered', 'acknowledged', 'worker-crashed', 'requeued', 'effect'] as const;

  it('after the work: a worker that dies loses nothing', () => {
    expect(told(dying, ...events)).toEqual([
      '11 delivered 1 workers.0', '30 worker-crashed 1 workers.0 (crash(F1))', '31 requeued 1 (crash(F1))', '43 delivered 1 #2 workers.0', '94 effect 1 #2 workers.0', '95 acknowledged 1',
    ]);
  });

  it('after the work: what a dead worker held goes to another one at once', () => {
    expect(told({ ...dying, consumer: { ...dying.consumer as object, count: 2 }, faults: [{ ...dying.faults![0]!, target: 'consumers.workers.0' } as Fault] }, 'delivered', 'effect')).toEqual([
      '11 delivered 1 workers.0', '31 delivered 1 #2 workers.1', '82 effect 1 #2 workers.1',
    ]);
  });

  it('before the work: what a dead worker had begun is gone', () => {
    const consumer = { ...dying.consumer as object, acknowledge: 'before-work' } as const;
    expect(told({ ...dying, consumer }, ...events)).toEqual(['11 delivered 1 workers.0', '13 acknowledged 1', '30 worker-crashed 1 workers.0 (crash(F1))']);
  });

  it('automatic: settled as it is sent, so that the whole queue is on its way at once', () => {
    const consumer = { service: '50ms', acknowledge: 'automatic', prefetch: 1 } as const;
    expect(told({ ...dying, producer: { ...atOnce, messages: 3 }, consumer }, ...events)).toEqual([
      '3 delivered 1 workers.0', '3 acknowledged 1', '3 delivered 2 workers.0', '3 acknowledged 2', '4 delivered 3 workers.0', '4 acknowledged 3',
      '30 worker-crashed 1 workers.0 (crash(F1))',
    ]);
  });
});
