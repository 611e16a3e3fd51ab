import { describe, expect, it } from 'vitest';
import { calm, problemsOf } from './scenario-text.ts';

const found = (text: string) => problemsOf(text).map(({ severity, path, message }) => `${severity} ${path}: ${message}`);
const changed = (from: string, to: string, rest = '') => calm(rest).replace(from, to);

describe('settings without effect are told of', () => {
  it.each([
    ['deadline: 5s', 'error network.connection.reconnect.deadline: connections know no deadline'],
    ['budget: {}', 'error network.connection.reconnect.budget: connections know no budget'],
  ])('reconnect with %s', (limit, expected) => {
    expect(found(calm(`network: { connection: { reconnect: { fixed: { delay: 1s }, ${limit} } } }`))).toEqual([expected]);
  });

  it('reconnect with attempts is fine', () => {
    expect(found(calm('network: { connection: { reconnect: { fixed: { delay: 1s }, attempts: 5 } } }'))).toEqual([]);
    expect(found(calm('network: { connection: { reconnect: none } }'))).toEqual([]);
  });

  it('a client that refuses connections', () => {
    const closed = 'lifecycle: { states: { open: {}, closed: { refusesConnections: true } }, rates: { open: { closed: 1/s }, closed: { open: 1/s } } }';
    const expected = 'refusesConnections: this changes nothing: nobody connects to a client';
    expect(found(changed('service: 20ms', `service: 20ms, ${closed}`))).toEqual([`warning consumers.workers.lifecycle.states.closed.${expected}`]);
    expect(found(changed('publish: mq/jobs', `publish: mq/jobs, ${closed}`))).toEqual([`warning producers.web.lifecycle.states.closed.${expected}`]);
    expect(found(changed('kind: work-queue', `kind: work-queue, ${closed}`))).toEqual([]);
  });

  it('a slow producer that has nothing to do', () => {
    const slow = 'lifecycle: { states: { slow: { serviceFactor: 4 } }, rates: {} }';
    expect(found(changed('publish: mq/jobs', `publish: mq/jobs, ${slow}`))).toEqual(['warning producers.web.lifecycle.states.slow.serviceFactor: this changes nothing: publishing takes no time']);
    expect(found(changed('publish: mq/jobs', `publish: mq/jobs, serialise: { perMessage: 1ms }, ${slow}`))).toEqual([]);
    expect(found(changed('service: 20ms', `service: 20ms, ${slow}`))).toEqual([]);
  });

  it('a slow broker that has nothing to do', () => {
    const slow = (target: string) => `faults: [{ kind: slow, target: ${target}, factor: 4, at: 1s }]`;
    for (const target of ['mq', 'mq.0']) {
      expect(found(calm(slow(target)))).toEqual(['warning faults.0.target: this changes nothing: mq has no processing time']);
      expect(found(changed('kind: work-queue', 'kind: work-queue, processing: 1ms', slow(target)))).toEqual([]);
    }
    expect(found(calm(slow('mq.0.disk')))).toEqual([]);
    expect(found(changed('kind: work-queue', 'kind: work-queue, storage: { durable: false }', slow('mq.0.disk')))).toEqual(['warning faults.0.target: this changes nothing: no queue of mq is durable']);
  });
});
