import { describe, expect, it } from 'vitest';
import { createScenario } from '../../scenarios/define.ts';
import { driveToQuiet } from './driven.ts';
import { type Fault, type Parts, smallSystem, told } from './small-system.ts';

describe('time to live', () => {
  const unread: Parts = { consumer: 'none' };

  it('of a queue runs from the storing, to the nanosecond', () => {
    expect(told({ ...unread, jobs: { ttl: '25ms' } }, 'stored', 'dropped')).toEqual([
      '11 stored 1', '21 stored 2', '31 stored 3', '36 dropped 1 (expired)', '46 dropped 2 (expired)', '56 dropped 3 (expired)',
    ]);
  });

  it('of a message counts where it is the shorter one', () => {
    expect(told({ ...unread, jobs: { ttl: '25ms' }, producer: { messages: 1, ttl: '7ms' } }, 'dropped')).toEqual(['18 dropped 1 (expired)']);
    expect(told({ ...unread, jobs: { ttl: '25ms' }, producer: { messages: 1, ttl: '70ms' } }, 'dropped')).toEqual(['36 dropped 1 (expired)']);
    expect(told({ ...unread, producer: { messages: 1, ttl: '70ms' } }, 'dropped')).toEqual(['81 dropped 1 (expired)']);
  });

  it('takes a message from the middle of the queue', () => {
    const producers = { web: { publish: 'mq/jobs', arrivals: { constant: { rate: '100/s' } }, messages: 2 }, brief: { publish: 'mq/jobs', arrivals: { constant: { rate: '70/s' } }, messages: 1, ttl: '1ms' } };
    const late: Fault = { kind: 'partition', between: ['consumers.workers', 'mq'], at: '0s', for: '50ms' };
    expect(told({ producers, consumer: {}, faults: [late] }, 'dropped', 'delivered').map((line) => line.replace(/^\S+ /, ''))).toEqual([
      'dropped brief.0-1 (expired)', 'delivered 1 workers.0', 'delivered 2 workers.0',
    ]);
  });

  it('does not run while a message is with a worker; one that comes back too old is not delivered again', () => {
    const parts: Parts = { jobs: { ttl: '25ms' }, producer: { messages: 1 } };
    expect(told({ ...parts, consumer: { service: '100ms' } }, 'dropped', 'effect')).toEqual(['112 effect 1 workers.0']);
    expect(told({ ...parts, consumer: { service: '100ms', failure: { poison: { nth: 1 } } } }, 'dropped', 'delivered')).toEqual(['11 delivered 1 workers.0', '113 dropped 1 (expired)']);
    // It comes back at 21 ms, ten milliseconds old, and has fifteen left.
    const returned = told({ ...parts, jobs: { ttl: '25ms' }, consumer: { count: 1, service: '8ms', failure: { poison: { nth: 1 } } } }, 'dropped', 'delivered');
    expect(returned).toEqual(['11 delivered 1 workers.0', '21 delivered 1 #2 workers.0', '31 delivered 1 #3 workers.0', '41 dropped 1 (expired)']);
  });

  it('sends the expired to the dead-letter queue, where the time of that queue begins', () => {
    const parts: Parts = { ...unread, jobs: { ttl: '25ms', deadLetter: 'dead' }, queues: { dead: { ttl: '100ms' } }, producer: { messages: 1, ttl: '1h' } };
    expect(told(parts, 'dead-lettered', 'dropped')).toEqual(['36 dead-lettered 1 in dead (expired)', '136 dropped 1 in dead (expired)']);
  });

  it('goes on after a crash of the broker from the same moment; what expired meanwhile goes when it is back', () => {
    const crash = (at: string, lasting: string) => ({ kind: 'crash', target: 'mq', at, for: lasting }) as const;
    const parts: Parts = { ...unread, broker: { storage: { durable: true }, recovery: '5ms' }, jobs: { ttl: '100ms' }, producer: { messages: 1 } };
    expect(told({ ...parts, faults: [crash('50ms', '10ms')] }, 'dropped')).toEqual(['111 dropped 1 (expired)']);
    expect(told({ ...parts, faults: [crash('50ms', '200ms')] }, 'dropped')).toEqual(['255 dropped 1 (expired)']);
  });

  it('is armed once after a crash, also for what the recovery dead-letters', () => {
    const parts: Parts = {
      broker: { storage: { durable: true }, recovery: '5ms' }, jobs: { deliveryLimit: 1, deadLetter: 'dead' }, queues: { dead: { ttl: '100ms', maxLength: 1 } },
      producer: { messages: 3 }, consumer: { service: '1h', prefetch: 3 }, faults: [{ kind: 'crash', target: 'mq', at: '50ms', for: '10ms' }],
    };
    expect(told(parts, 'dead-lettered', 'dropped')).toEqual([
      '65 dead-lettered 1 in dead (delivery-limit)', '65 dead-lettered 2 in dead (delivery-limit)', '65 dropped 1 in dead (maxlen)',
      '65 dead-lettered 3 in dead (delivery-limit)', '65 dropped 2 in dead (maxlen)', '165 dropped 3 in dead (expired)',
    ]);
  });
});

describe('a full queue', () => {
  const full: Parts = { consumer: 'none', producer: { messages: 4, confirm: { timeout: '1s' }, retry: 'none' } };
  const events = ['stored', 'dropped', 'refused', 'dead-lettered', 'confirmed', 'refusal-received'] as const;

  it('drops from its head to make room', () => {
    expect(told({ ...full, jobs: { maxLength: 2 } }, ...events)).toEqual([
      '11 stored 1', '11 confirmed 1', '21 stored 2', '21 confirmed 2',
      '31 stored 3', '31 dropped 1 (maxlen)', '31 confirmed 3', '41 stored 4', '41 dropped 2 (maxlen)', '41 confirmed 4',
    ]);
  });

  it('refuses what comes', () => {
    expect(told({ ...full, jobs: { maxLength: 2, overflow: 'reject' } }, ...events)).toEqual([
      '11 stored 1', '11 confirmed 1', '21 stored 2', '21 confirmed 2', '31 refused 3 (full)', '32 refusal-received 3 (full)', '41 refused 4 (full)', '42 refusal-received 4 (full)',
    ]);
  });

  it('refuses what comes and keeps it in the dead-letter queue', () => {
    expect(told({ ...full, jobs: { maxLength: 3, overflow: 'reject-to-dead-letter', deadLetter: 'dead' }, queues: { dead: {} } }, ...events)).toEqual([
      '11 stored 1', '11 confirmed 1', '21 stored 2', '21 confirmed 2', '31 stored 3', '31 confirmed 3',
      '41 stored 4', '41 stored 4 in dead', '41 dead-lettered 4 in dead (maxlen)', '42 refusal-received 4 (full)',
    ]);
  });

  it('drops its head into the dead-letter queue where it has one', () => {
    expect(told({ ...full, jobs: { maxLength: 3, deadLetter: 'dead' }, queues: { dead: {} } }, 'dropped', 'dead-lettered')).toEqual(['41 dead-lettered 1 in dead (maxlen)']);
  });

  it('is measured in bytes, too', () => {
    expect(told({ ...full, jobs: { maxBytes: '2500B' } }, 'dropped')).toEqual(['31 dropped 1 (maxlen)', '41 dropped 2 (maxlen)']);
    expect(told({ ...full, jobs: { maxBytes: '2500B', overflow: 'reject' } }, 'refused')).toEqual(['31 refused 3 (full)', '41 refused 4 (full)']);
    // Larger than the whole queue: it makes all others go, and itself.
    expect(told({ ...full, jobs: { maxBytes: '500B' }, producer: { messages: 1 } }, 'stored', 'dropped')).toEqual(['11 stored 1', '11 dropped 1 (maxlen)']);
  });

  it('counts what is ready, and not what is in flight', () => {
    const parts: Parts = { jobs: { maxLength: 1 }, producer: { messages: 4 }, consumer: { service: '1s', prefetch: 2 } };
    expect(told(parts, 'dropped')).toEqual(['41 dropped 3 (maxlen)']);
  });

  it('drops the head of the highest priority', () => {
    const producer = { publish: 'mq/jobs', arrivals: { constant: { rate: '100/s' } }, messages: 2 } as const;
    const parts: Parts = { jobs: { maxLength: 2, priorities: 2 }, consumer: 'none', producers: { low: producer, high: { ...producer, priority: 1 } } };
    expect(told(parts, 'dropped')).toEqual(['21 dropped high.0-1 (maxlen)', '21 dropped high.0-2 (maxlen)']);
  });
});

describe('dead letters', () => {
  const rejecting = { failure: { probability: 1, then: 'reject' } } as const;

  it('go from queue to queue along a chain', () => {
    const parts: Parts = { consumer: 'none', jobs: { ttl: '10ms', deadLetter: 'second' }, queues: { second: { ttl: '20ms', deadLetter: 'third' }, third: { ttl: '30ms' } }, producer: { messages: 1 } };
    expect(told(parts, 'stored', 'dead-lettered', 'dropped')).toEqual([
      '11 stored 1', '21 stored 1 in second', '21 dead-lettered 1 in second (expired)', '41 stored 1 in third', '41 dead-lettered 1 in third (expired)', '71 dropped 1 in third (expired)',
    ]);
  });

  it('are handled by who reads that queue', () => {
    const parts: Parts = {
      jobs: { deadLetter: 'dead' }, queues: { dead: {} }, producer: { messages: 1 },
      consumers: { workers: { subscribe: 'mq/jobs', service: '5ms', ...rejecting }, menders: { subscribe: 'mq/dead', service: '2ms' } },
    };
    expect(told(parts, 'dead-lettered', 'effect', 'acknowledged')).toEqual(['18 dead-lettered 1 in dead (rejected)', '21 effect 1 menders.0 in dead', '22 acknowledged 1 in dead']);
  });

  it('that go round between full queues end after sixteen steps', () => {
    const parts: Parts = { consumer: 'none', jobs: { maxLength: 1, deadLetter: 'other' }, queues: { other: { maxLength: 1, deadLetter: 'jobs' } }, producer: { messages: 3 } };
    const lines = told(parts, 'dead-lettered', 'dropped');
    expect(lines.filter((line) => line.includes('(maxlen)'))).toHaveLength(17);
    expect(lines.filter((line) => line.includes('dropped'))).toEqual([expect.stringContaining('(dead-letter-cycle)')]);
  });

  it('that find their queue full and refusing are dropped, with that cause', () => {
    const parts: Parts = { jobs: { deadLetter: 'dead' }, queues: { dead: { maxLength: 1, overflow: 'reject' } }, consumer: rejecting };
    expect(told(parts, 'dead-lettered', 'dropped')).toEqual(['18 dead-lettered 1 in dead (rejected)', '28 dropped 2 (dead-letter-queue-full)', '38 dropped 3 (dead-letter-queue-full)']);
  });

  it('nobody reads are kept, and are no work left over', () => {
    const { system } = driveToQuiet(createScenario(smallSystem({ jobs: { deadLetter: 'dead' }, queues: { dead: {} }, consumer: rejecting })));
    const { world } = system;
    expect(world.ledger.buckets.work).toBe(0);
    expect([world.messages.alive, world.copies.alive, world.attempts.alive, world.deliveries.alive]).toEqual([3, 3, 0, 0]);
  });
});
