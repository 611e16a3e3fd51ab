/** What is told about shovels before anything runs: one line for each rule. */
import { describe, expect, it } from 'vitest';
import { type BrokerSpec, brokerSpecSchema } from '../../models/brokers/index.ts';
import { shovelledQueues } from '../../scenarios/shovelled.ts';
import { shovelProblems } from '../../scenarios/rabbitmq/shovel-checks.ts';

const good = { 'src-uri': 'amqp://', 'src-queue': 'out', 'dest-uri': 'amqp://east', 'dest-queue': 'in' };
const { 'dest-queue': _, ...nowhere } = good;
const topology = {
  exchanges: { direct: { type: 'direct' }, fanout: { type: 'fanout' }, both: { type: 'fanout' }, lonely: { type: 'fanout' } },
  bindings: [{ source: 'direct', destination: 'in', routing_key: 'k' }, { source: 'fanout', destination: 'in' }, { source: 'both', destination: 'in' }, { source: 'both', destination: 'other' }],
  queues: { in: {}, other: {}, log: { arguments: { 'x-queue-type': 'stream' } } },
};

function brokers(shovel: object): ReadonlyMap<string, BrokerSpec> {
  const rabbit = (more: object): BrokerSpec => brokerSpecSchema.parse({ kind: 'rabbitmq', version: '3.13', ...more });
  return new Map([
    ['west', rabbit({ queues: { out: {}, log: { arguments: { 'x-queue-type': 'stream' } } }, shovels: { s: shovel } })],
    ['east', rabbit(topology)], ['guarded', rabbit({ queues: { in: {} }, users: { carrier: { permissions: { write: '^amq.default$' } } } })],
    ['north', rabbit({ queues: { in: {}, out: {} } })], ['other', brokerSpecSchema.parse({ kind: 'work-queue', queues: { in: {} } })],
  ]);
}

function told(shovel: object): string[] {
  const all = brokers(shovel);
  return shovelProblems('west', all.get('west') as Parameters<typeof shovelProblems>[1], all).map(({ severity, path, finding }) => `${severity} ${path.slice(2).join('.')}: ${finding.message}`);
}

describe('shovels', () => {
  it.each<[string, object, string[]]>([
    ['nothing', good, []],
    ['nothing of one that names its own broker', { ...good, 'src-uri': 'amqp://west' }, []],
    ['a broker that is not there', { ...good, 'dest-uri': 'amqp://est' }, ['error dest-uri: there is no broker "est"']],
    ['a broker of another kind', { ...good, 'dest-uri': 'amqp://other' }, ['error dest-uri: a shovel to anything but RabbitMQ is not modelled']],
    ['two other brokers', { ...good, 'src-uri': 'amqp://north' }, ['error dest-uri: a shovel between two other brokers is not modelled']],
    ['a source that is not there', { ...good, 'src-queue': 'aut' }, ['error src-queue: that broker has no queue "aut"']],
    ['a stream as source', { ...good, 'src-queue': 'log' }, ['error src-queue: a shovel from a stream is not modelled']],
    ['a destination that is not there', { ...good, 'dest-queue': 'im' }, ['error dest-queue: that broker has no queue "im"']],
    ['a stream as destination', { ...good, 'dest-queue': 'log' }, ['error dest-queue: a shovel to a stream is not modelled']],
    ['an exchange that is not there', { ...nowhere, 'dest-exchange': 'x', 'dest-exchange-key': 'k' }, ['error dest-exchange: no exchange is called "x"']],
    ['a queue and an exchange', { ...good, 'dest-exchange': 'fanout' }, ['error dest-exchange: a shovel publishes to a queue or to an exchange']],
    ['neither', nowhere, ['error : keeping the exchange and the key that a message had is not modelled']],
    ['a key beside a queue', { ...good, 'dest-exchange-key': 'k' }, ['warning dest-exchange-key: with dest-queue the key is the name of that queue, and this one is ignored']],
    ['an exchange that asks for a key', { ...nowhere, 'dest-exchange': 'direct' }, ['error : keeping the key that a message had is not modelled']],
    ['an exchange with its key', { ...nowhere, 'dest-exchange': 'direct', 'dest-exchange-key': 'k' }, []],
    ['an exchange that asks for none', { ...nowhere, 'dest-exchange': 'fanout' }, []],
    ['a key that nothing is bound for', { ...nowhere, 'dest-exchange': 'direct', 'dest-exchange-key': 'l' }, ['warning dest-exchange: no queue is bound there for that key: what the shovel moves is confirmed, and dropped']],
    ['several queues', { ...nowhere, 'dest-exchange': 'both' }, ['error dest-exchange: a shovel that publishes to several queues is not modelled']],
    ['a user that is there', { ...good, 'dest-uri': 'amqp://carrier@guarded' }, []],
    ['a user that is not there', { ...good, 'dest-uri': 'amqp://carier@guarded' }, ['error dest-uri: no user of guarded is called "carier"']],
    ['nobody where users are listed', { ...good, 'dest-uri': 'amqp://guarded' }, ['error dest-uri: no user of guarded is called "guest"']],
    ['a user where none are listed', { ...good, 'dest-uri': 'amqp://carrier@east' }, ['error dest-uri: east lists no users, so that everybody may do everything']],
    ['a circle', { ...good, 'dest-uri': 'amqp://west', 'dest-queue': 'out' }, ['error dest-queue: the shovel publishes to the queue that it takes from, and goes round for ever']],
  ])('are told of %s', (_what, shovel, expected) => {
    expect(told(shovel)).toEqual(expected);
  });

  it.each(['amqp://east/vhost', 'amqps://east', 'east', 'amqp://guest:guest@east'])('take no URI such as %s', (uri) => {
    expect(() => brokers({ ...good, 'dest-uri': uri })).toThrow('amqp:// and the name of a broker is wanted');
  });

  it('have queues at both ends, which formulas do not follow', () => {
    expect(shovelledQueues({ brokers: Object.fromEntries(brokers({ ...nowhere, 'dest-exchange': 'fanout' })) })).toEqual({ from: ['west/out'], to: ['east/in'] });
  });
});
