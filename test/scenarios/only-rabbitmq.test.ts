/** Settings that only RabbitMQ looks at: refused where a broker would ignore them. */
import { describe, expect, it } from 'vitest';
import { calm, told } from './scenario-text.ts';

const published = (setting: string) => told(calm('').replace('publish: mq/jobs,', `publish: mq/jobs, ${setting},`));

describe('a work queue', () => {
  it.each([
    ['routingKey: a.b', 'routingKey'], ['headers: { a: 1 }', 'headers'], ['mandatory: true', 'mandatory'], ['deliveryMode: transient', 'deliveryMode'],
  ])('is not told %s by a producer', (setting, field) => {
    expect(published(setting)).toEqual([expect.stringContaining(`${field} says nothing to this broker`)]);
  });

  it('is told what means nothing', () => {
    expect(published('routingKey: "", mandatory: false, deliveryMode: persistent')).toEqual([]);
  });

  it('has no acknowledgement of several', () => {
    expect(told(calm('').replace('subscribe: mq/jobs,', 'subscribe: mq/jobs, multiple: { messages: 5 },'))).toEqual([expect.stringContaining('multiple says nothing to this broker')]);
  });

  it('has no priorities among consumers, and no exchanges', () => {
    expect(told(calm('').replace('subscribe: mq/jobs,', 'subscribe: mq/jobs, priority: 3,'))).toEqual([expect.stringContaining('priority says nothing to this broker')]);
    expect(told(calm('').replace('publish: mq/jobs,', 'publish: mq/amq.topic,'))).toEqual([expect.stringContaining('amq.topic')]);
  });
});

describe('RabbitMQ', () => {
  const rabbit = (producer: string) => told(calm('').replace('kind: work-queue,', "kind: rabbitmq, version: '3.13', exchanges: { events: { type: topic } }, bindings: [{ source: events, destination: jobs, routing_key: 'a.*' }],").replace(/publish: mq\/jobs,(.*confirm: \{[^}]*\},?)?/, producer));

  it('takes an exchange and what that routes by', () => {
    expect(rabbit('publish: mq/events, routingKey: a.b, confirm: {},')).toEqual([]);
  });

  it.each([
    ['messages: 5 }', []],
    ['messages: 6 }', ['6 are acknowledged together, and the broker sends no more than 5 before that']],
    ['messages: 5 }, acknowledge: before-work', ['only what is acknowledged after the work can be acknowledged together']],
    ['messages: 5 }, concurrency: 2', ['with 2 messages in work at a time an acknowledgement of several would cover some that are not done']],
  ])('is acknowledged several with multiple: { %s', (setting, expected) => {
    const text = calm('').replace('kind: work-queue,', "kind: rabbitmq, version: '3.13',").replace('subscribe: mq/jobs,', `subscribe: mq/jobs, multiple: { ${setting},`).replace('service:', 'prefetch: 5, service:');
    expect(told(text).filter((line) => line.includes('acknowledge'))).toEqual(expected.map((message) => expect.stringContaining(message)));
  });

  it('returns to nobody what is mandatory and not confirmed', () => {
    expect(rabbit('publish: mq/events, routingKey: a.b, mandatory: true,')).toContainEqual(expect.stringContaining('what comes back is not heard of without confirms'));
  });
});
