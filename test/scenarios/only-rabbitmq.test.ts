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

  it('has no priorities among consumers, and no exchanges', () => {
    expect(told(calm('').replace('subscribe: mq/jobs,', 'subscribe: mq/jobs, priority: 3,'))).toEqual([expect.stringContaining('priority says nothing to this broker')]);
    expect(told(calm('').replace('publish: mq/jobs,', 'publish: mq/amq.topic,'))).toEqual([expect.stringContaining('amq.topic')]);
  });
});

describe('RabbitMQ', () => {
  const rabbit = (producer: string) => told(calm('').replace('kind: work-queue,', "kind: rabbitmq, version: '3.13', exchanges: { events: { type: topic } },").replace(/publish: mq\/jobs,(.*confirm: \{[^}]*\},?)?/, producer));

  it('takes an exchange and what that routes by', () => {
    expect(rabbit('publish: mq/events, routingKey: a.b, confirm: {},')).toEqual([]);
  });

  it('returns to nobody what is mandatory and not confirmed', () => {
    expect(rabbit('publish: mq/events, routingKey: a.b, mandatory: true,')).toContainEqual(expect.stringContaining('what comes back is not heard of without confirms'));
  });
});
