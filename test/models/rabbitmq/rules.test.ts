/** RabbitMQ's own rules, as small systems and what happens in them; each names where the rule was read or recorded. */
import { describe, expect, it } from 'vitest';
import type { HistoryEvent } from '../../../models/history.ts';
import { createScenario, type ScenarioSettings } from '../../../scenarios/define.ts';
import type { HistoryLine } from '../../../scenarios/history.ts';
import { runScenario } from '../../../scenarios/run.ts';
import { driveToQuiet } from '../driven.ts';

type Broker = Extract<ScenarioSettings['brokers'][string], { kind: 'rabbitmq' }>;
type Producer = NonNullable<ScenarioSettings['producers']>[string];
type Consumer = NonNullable<ScenarioSettings['consumers']>[string];

interface Parts {
  readonly broker?: Partial<Broker>;
  readonly jobs?: NonNullable<Broker['queues'][string]>;
  readonly producer?: Partial<Producer>;
  readonly consumer?: Partial<Consumer> | undefined;
  readonly consumers?: Readonly<Record<string, Consumer>>;
  readonly faults?: ScenarioSettings['faults'];
}

const quorum = (args: object = {}) => ({ arguments: { 'x-queue-type': 'quorum' as const, ...args } });

/** web.0 publishes at 10, 20, 30 ms …; nothing takes any time but work and one sync of a millisecond. */
function system({ broker, jobs = {}, producer, consumer, consumers, faults = [] }: Parts): ScenarioSettings {
  return {
    faultline: 1, name: 'rules', phases: { measure: '10s', drain: '1000s' },
    network: { connection: { reconnect: { fixed: { delay: '100ms' } } } },
    brokers: {
      mq: {
        kind: 'rabbitmq', version: '3.10', timing: { delivery: '0', turnaround: '0', operation: '0', write: '0', fsync: '1ms', boot: '200ms' }, ...broker,
        queues: { jobs, ...broker?.queues },
      },
    },
    producers: { web: { publish: 'mq/jobs', arrivals: { constant: { rate: '100/s' } }, messages: 3, confirm: {}, ...producer } },
    consumers: consumers ?? (consumer === undefined ? {} : { w: { subscribe: 'mq/jobs', service: '5ms', ...consumer } }),
    faults,
  };
}

/** `30 delivered 2 #2`: milliseconds, event, message, which delivery or attempt; causes in brackets. */
function told(parts: Parts, ...events: HistoryEvent[]): string[] {
  const lines: HistoryLine[] = [];
  driveToQuiet(createScenario(system(parts)), { history: lines });
  return lines.filter(({ what }) => events.includes(what)).map(({ at, what, message, delivery, attempt, queue, cause }) => {
    const number = delivery ?? attempt ?? 1;
    return [Number((at * 1000).toFixed(3)), what, message.replace('web.0-', ''), ...(number > 1 ? [`#${number}`] : []), ...(queue === undefined || queue === 'mq/jobs' ? [] : [queue.replace('mq/', 'in ')]), ...(cause === undefined ? [] : [`(${cause})`])].join(' ');
  });
}

/** Without the times. */
const order = (lines: readonly string[]): string[] => lines.map((line) => line.replace(/^[\d.]+ /, ''));

const poison = { failure: { poison: { nth: 1 }, then: 'requeue' as const } };

describe('confirms', () => {
  it.each<[string, Parts, string[]]>([
    ['of a persistent message come with the flush (rabbit_amqqueue_process next_state)', {}, ['11 confirmed 1', '21 confirmed 2', '31 confirmed 3']],
    ['of a transient one at once', { producer: { deliveryMode: 'transient' } }, ['10 confirmed 1', '20 confirmed 2', '30 confirmed 3']],
    ['of storage v2 need no sync', { broker: { version: '4.2' } }, ['10 confirmed 1', '20 confirmed 2', '30 confirmed 3']],
    ['of a large body need the shared store, too, which syncs beside', { producer: { size: '8kB', messages: 1 } }, ['11 confirmed 1']],
    ['of a quorum queue need its sync', { jobs: quorum() }, ['11 confirmed 1', '21 confirmed 2', '31 confirmed 3']],
    ['of what nobody takes come all the same', { broker: { exchanges: { nowhere: { type: 'fanout' } } }, producer: { publish: 'mq/nowhere', messages: 1 } }, ['10 confirmed 1']],
  ])('%s', (_, parts, expected) => {
    expect(told(parts, 'confirmed')).toEqual(expected);
  });

  it('of what nobody takes are none where it is mandatory', () => {
    const parts: Parts = { broker: { exchanges: { nowhere: { type: 'fanout' } } }, producer: { publish: 'mq/nowhere', messages: 1, mandatory: true } };
    expect(told(parts, 'confirmed', 'refusal-received')).toEqual(['10 refusal-received 1 (unroutable)']);
  });

  it('wait for a slow disk', () => {
    const slow: Parts['faults'] = [{ kind: 'slow', target: 'mq.0.disk', factor: 5, at: '0' }];
    expect(told({ faults: slow }, 'confirmed')[0]).toBe('15 confirmed 1');
    expect(told({ jobs: quorum(), faults: slow }, 'confirmed')[0]).toBe('15 confirmed 1');
  });
});

describe('a message that comes back', () => {
  it('stands where it stood in a classic queue: with prefetch 1 nothing passes it (recorded)', () => {
    expect(order(told({ consumer: poison, producer: { messages: 2 } }, 'delivered')).slice(0, 4)).toEqual(['delivered 1', 'delivered 1 #2', 'delivered 1 #3', 'delivered 1 #4']);
  });

  it('goes to the tail of a quorum queue without a limit, up to 4.2 (recorded)', () => {
    const lines = order(told({ jobs: quorum(), consumer: { ...poison, service: '30ms' } }, 'delivered'));
    expect(lines.slice(0, 4)).toEqual(['delivered 1', 'delivered 2', 'delivered 3', 'delivered 1 #2']);
  });

  it('comes first where there is a limit, and a limit of 2 is 3 deliveries (recorded)', () => {
    const lines = order(told({ jobs: quorum({ 'x-delivery-limit': 2 }), consumer: { ...poison, service: '30ms' } }, 'delivered', 'dropped'));
    expect(lines).toEqual(['delivered 1', 'delivered 1 #2', 'delivered 1 #3', 'dropped 1 (delivery-limit)', 'delivered 2', 'delivered 3']);
  });

  it('does not count in 4.3 when it is nacked (rabbit_fifo 4.3.5)', () => {
    const lines = told({ broker: { version: '4.3' }, jobs: quorum({ 'x-delivery-limit': 2 }), consumer: poison, producer: { messages: 1 } }, 'delivered', 'dropped');
    expect(lines.length).toBeGreaterThan(100);
    expect(lines.some((line) => line.includes('dropped'))).toBe(false);
  });
});

describe('a node that dies', () => {
  const dies = (scope: 'process' | 'host' = 'process'): Parts['faults'] => [{ kind: 'crash', target: 'mq.0', scope, at: '25ms', for: '100ms' }];

  it.each<[string, Parts, string[]]>([
    ['leaves what was flushed', { faults: dies(), producer: { messages: 2 } }, []],
    ['takes transient messages', { faults: dies(), producer: { messages: 2, deliveryMode: 'transient' } }, ['dropped 1 (transient(F1))', 'dropped 2 (transient(F1))']],
    ['takes what nobody waits for, unless the queue was idle for 200 ms', { faults: dies(), producer: { messages: 2, confirm: 'none' } }, ['dropped 1 (unflushed(F1))', 'dropped 2 (unflushed(F1))']],
    ['leaves what was written with storage v2', { broker: { version: '4.2' }, faults: dies(), producer: { messages: 2 } }, []],
    ['takes that with its host', { broker: { version: '4.2' }, faults: dies('host'), producer: { messages: 2 } }, ['dropped 1 (unsynced(F1))', 'dropped 2 (unsynced(F1))']],
    ['leaves what a quorum queue has synced, with its host as well', { jobs: quorum(), faults: dies('host'), producer: { messages: 2 } }, []],
  ])('%s', (_, parts, expected) => {
    expect(order(told(parts, 'dropped'))).toEqual(expected);
  });

  it('leaves what an idle queue has flushed by itself after 200 ms (recorded: 0.3 s old, all kept)', () => {
    const late: Parts['faults'] = [{ kind: 'crash', target: 'mq.0', at: '300ms', for: '100ms' }];
    expect(told({ faults: late, producer: { messages: 2, confirm: 'none' } }, 'dropped')).toEqual([]);
  });

  it('has a classic queue flag everything, and a quorum queue what was delivered (recorded)', () => {
    const flagged = (jobs: Parts['jobs']) => runScenario(createScenario(system({ jobs: jobs ?? {}, producer: { messages: 2 }, consumer: { service: '500ms' }, faults: [{ kind: 'crash', target: 'mq.0', at: '25ms', for: '100ms' }] }))).groups['w']!.redelivered;
    expect([flagged({}), flagged(quorum())]).toEqual([2, 1]);
  });
});

describe('a message that is too large', () => {
  it('closes its channel, and its publisher comes again (rabbit_channel `check_msg_size`)', () => {
    const parts: Parts = { broker: { config: { max_message_size: 100 } }, producer: { messages: 1, size: '101B', retry: { fixed: { delay: '1ms' }, attempts: 2 } } };
    expect(told(parts, 'publish-lost', 'stored')).toEqual(['10 publish-lost 1 (message-too-large)', '110 publish-lost 1 #2 (message-too-large)']);
    expect(told({ ...parts, producer: { ...parts.producer, size: '100B' } }, 'publish-lost', 'stored')).toEqual(['10 stored 1']);
  });
});

describe('length and life', () => {
  const dead = { queues: { jobs: {}, dead: {} }, exchanges: { dlx: { type: 'fanout' as const } }, bindings: [{ source: 'dlx', destination: 'dead' }] };

  it.each<[string, Parts, string[]]>([
    ['the oldest is dropped', { jobs: { arguments: { 'x-max-length': 1 } } }, ['dropped 1 (maxlen)', 'dropped 2 (maxlen)']],
    ['the newest is refused', { jobs: { arguments: { 'x-max-length': 1, 'x-overflow': 'reject-publish' } } }, ['refused 2 (full)', 'refused 3 (full)']],
    ['a quorum queue takes one more than its limit (recorded)', { jobs: quorum({ 'x-max-length': 1, 'x-overflow': 'reject-publish' }) }, ['refused 3 (full)']],
  ])('%s', (_, parts, expected) => {
    expect(order(told(parts, 'dropped', 'refused'))).toEqual(expected);
  });

  it('only the head expires: what lives shorter waits behind it (recorded)', () => {
    const parts: Parts = { consumers: {} };
    const settings = system(parts);
    const lines: HistoryLine[] = [];
    driveToQuiet(createScenario({ ...settings, producers: { web: { ...settings.producers!['web']!, messages: 1, ttl: '400ms' }, later: { ...settings.producers!['web']!, arrivals: { constant: { rate: '50/s' } }, messages: 1, ttl: '50ms' } } }), { history: lines });
    expect(lines.filter(({ what }) => what === 'dropped').map(({ at, message }) => `${Math.round(at * 1000)} ${message}`)).toEqual(['410 web.0-1', '410 later.0-1']);
  });

  it.each<[string, object, object, string[]]>([
    ['goes to a consumer that waits for it', {}, {}, ['effect 1', 'effect 2', 'effect 3']],
    ['is gone where none has room', {}, { service: '15ms' }, ['dropped 2 (expired)', 'effect 1', 'effect 3']],
    // rabbit_fifo looks at the time first (3.13.7 and 4.2, `expire_msgs`).
    ['is gone from a quorum queue, whoever waits', quorum().arguments, {}, ['dropped 1 (expired)', 'dropped 2 (expired)', 'dropped 3 (expired)']],
  ])('what may not wait at all %s (rabbitmq.com/docs/ttl, x-message-ttl: 0)', (_, args, consumer, expected) => {
    expect(order(told({ jobs: { arguments: { ...args, 'x-message-ttl': 0 } }, broker: { version: '3.13' }, consumer }, 'effect', 'dropped'))).toEqual(expected);
  });

  it('a dead letter is published once more, and one without an exchange is gone', () => {
    const jobs = { arguments: { 'x-dead-letter-exchange': 'dlx' } };
    const rejects = { consumer: { failure: { poison: { nth: 1 }, then: 'reject' as const } }, producer: { messages: 1 } };
    expect(told({ broker: { ...dead, queues: { jobs, dead: {} } }, jobs, ...rejects }, 'dead-lettered', 'dropped')).toEqual(['15 dead-lettered 1 in dead (rejected)']);
    expect(told(rejects, 'dead-lettered', 'dropped')).toEqual(['15 dropped 1 (rejected)']);
  });

  it('a circle of expiries ends after one round', () => {
    const round = { arguments: { 'x-message-ttl': 100, 'x-dead-letter-exchange': '', 'x-dead-letter-routing-key': 'jobs' } };
    expect(told({ jobs: round, producer: { messages: 1 } }, 'dead-lettered', 'dropped')).toEqual(['110 dropped 1 (dead-letter-cycle)']);
  });
});

describe('consumers', () => {
  it.each<['classic' | 'quorum', '3.13' | '4.2', string[]]>([
    ['quorum', '4.2', ['11 delivered 1', '62 delivered 2', '163 delivered 3', '264 delivered 4']],
    ['quorum', '3.13', ['11 delivered 1', '62 delivered 2', '113 delivered 3', '164 delivered 4']],
    ['classic', '4.2', ['10 delivered 1', '60 delivered 2', '110 delivered 3', '160 delivered 4']],
  ])('where one alone is active: to a %s queue of %s comes one of a higher priority, and takes 100 ms where the other takes 50', (type, version, expected) => {
    // Messages come at 10, 20, 30, 40 ms. high connects at 20 ms: it is first in line from then on.
    const consumers = { low: { subscribe: 'mq/jobs', service: '50ms', priority: 0 }, high: { subscribe: 'mq/jobs', service: '100ms', priority: 5 } };
    const late: ScenarioSettings['faults'] = [{ kind: 'crash', target: 'consumers.high', at: '0', for: '20ms' }];
    const jobs = { arguments: { 'x-queue-type': type, 'x-single-active-consumer': true } };
    expect(told({ jobs, broker: { version }, consumers, producer: { messages: 4 }, faults: late }, 'delivered')).toEqual(expected);
  });


  it('of a higher priority go first, as far as they have room', () => {
    const group = (priority: number): Consumer => ({ subscribe: 'mq/jobs', service: '15ms', priority });
    const result = runScenario(createScenario(system({ consumers: { low: group(0), high: group(1) }, producer: { messages: 5 } })));
    expect([result.groups['high']!.deliveries, result.groups['low']!.deliveries]).toEqual([3, 2]);
  });

  it('are served one alone where the queue says so', () => {
    const group: Consumer = { subscribe: 'mq/jobs', service: '50ms' };
    const result = runScenario(createScenario(system({ jobs: { arguments: { 'x-single-active-consumer': true } }, consumers: { first: group, second: group } })));
    expect([result.groups['first']!.deliveries, result.groups['second']!.deliveries]).toEqual([3, 0]);
  });
});
