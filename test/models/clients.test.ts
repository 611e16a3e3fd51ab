/** What comes of the defaults of client libraries: the same system, the same fault, one library or another. */
import { describe, expect, it } from 'vitest';
import { type ClientName, clientNames } from '../../models/clients/index.ts';
import { createScenario, type ScenarioSettings } from '../../scenarios/define.ts';
import { driveToQuiet } from './driven.ts';

type Consumer = NonNullable<ScenarioSettings['consumers']>[string];
type Faults = NonNullable<ScenarioSettings['faults']>;
type Kind = 'work-queue' | 'rabbitmq';
const messages = 100;

function system(client: ClientName, kind: Kind, consumer: Partial<Consumer>, faults: Faults): ScenarioSettings {
  const brokers: ScenarioSettings['brokers'] = kind === 'rabbitmq'
    ? { mq: { kind, version: '4.2', queues: { jobs: {} } } }
    : { mq: { kind, recovery: '0', queues: { jobs: {} } } };
  return {
    faultline: 1, name: 'clients', phases: { measure: '60s', drain: '60s' }, network: { default: { latency: '500us' } }, brokers,
    producers: { web: { client, publish: 'mq/jobs', arrivals: { constant: { rate: '5/s' } }, messages } },
    consumers: { workers: { client, subscribe: 'mq/jobs', service: '300ms', ...consumer } },
    faults,
  };
}

const totalsOf = (client: ClientName, kind: Kind, consumer: Partial<Consumer>, faults: Faults) => driveToQuiet(createScenario(system(client, kind, consumer, faults)), { eventsMax: 60_000 }).system.world.ledger.totals;

describe.each(['work-queue', 'rabbitmq'] as const)('at a %s', (kind) => {
  it.each([
    ['celery-5', 1],
    ['spring-boot-3', 0],
    ['pika-1', 0],
  ] as const)('%s, whose worker dies: it loses %i', (client, lost) => {
    const { published, handled } = totalsOf(client, kind, {}, [{ kind: 'crash', target: 'consumers.workers', at: '10.4s', for: '1s' }]);
    expect(published - handled).toBe(lost);
  });

  it.each([
    ['spring-boot-3', {}, (deliveries: number) => deliveries > 2 * messages],
    ['spring-boot-3', { failure: { poison: { nth: 50 }, then: 'reject', retry: { fixed: { delay: '1s' }, attempts: 3 } } }, (deliveries: number) => deliveries === messages],
    ['celery-5', {}, (deliveries: number) => deliveries === messages],
  ] as const)('%s with %o and a poison message', (client, consumer, isExpected) => {
    const totals = totalsOf(client, kind, { service: '20ms', failure: { poison: { nth: 50 } }, ...consumer }, []);
    expect(totals.handled).toBe(messages - 1);
    expect(totals.deliveries).toSatisfy(isExpected);
  });

  /** Five publishes a second; the broker takes no connections for 2 s, or for 4.4 s, since RabbitMQ's nodes begin more slowly. */
  const perLibrary: readonly [ClientName, Readonly<Record<Kind, number>>][] = [
    ['spring-boot-3', { 'work-queue': 10, rabbitmq: 22 }], // each fails, and the next one connects
    ['celery-5', { 'work-queue': 7, rabbitmq: 19 }], // those of the last 0.6 s are tried again until it is there
    ['rabbitmq-java-5', { 'work-queue': 25, rabbitmq: 25 }], // 5 s
    ['amqplib-2', { 'work-queue': 75, rabbitmq: 75 }], // all from then on
    ['pika-1', { 'work-queue': 75, rabbitmq: 75 }],
  ];
  it.each(perLibrary)('%s loses publishes to a broker that was down', (client, lost) => {
    const { published, sent } = totalsOf(client, kind, {}, [{ kind: 'crash', target: 'mq.0', at: '5.1s', for: kind === 'rabbitmq' ? '1s' : '2s' }]);
    expect([published, published - sent]).toEqual([messages, lost[kind]]);
  });

  it.each([
    ['spring-boot-3', true], ['celery-5', true], ['rabbitmq-java-5', true], ['amqplib-2', false], ['pika-1', false],
  ] as const)('%s consumes again after its broker was down: %s', (client, again) => {
    const settings = system(client, kind, { service: '10ms' }, [{ kind: 'crash', target: 'mq.0', at: '5.1s', for: '2s' }]);
    const { handled } = driveToQuiet(createScenario({ ...settings, producers: { web: { ...settings.producers!.web!, client: 'spring-boot-3' } } })).system.world.ledger.totals;
    expect(handled > messages / 2).toBe(again);
  });
});

it('every library is there', () => {
  expect(clientNames).toEqual(['spring-boot-3', 'celery-5', 'amqplib-2', 'rabbitmq-java-5', 'pika-1']);
});
