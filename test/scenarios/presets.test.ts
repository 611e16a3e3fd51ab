/** `client`: what of a library's defaults is filled in, what was written stays, and both can be seen. */
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { clientNames, clientPresets } from '../../models/clients/index.ts';
import { jsonSchema } from '../../scenarios/json-schema.ts';
import { formatProblem, parseScenario } from '../../scenarios/load.ts';
import { formatPreset } from '../../scenarios/presets.ts';
import { conforms, type Schema } from './conforms.ts';

const text = (producer: string, consumer: string, more = '') => `faultline: 1
name: presets
brokers: { mq: { kind: rabbitmq, version: '4.2', queues: { jobs: {}, done: {}, log: { arguments: { x-queue-type: stream } } } } }
producers: { web: { publish: mq/jobs, arrivals: { poisson: { rate: 1/s } }, ${producer} } }
consumers: { workers: { subscribe: mq/jobs, service: 10ms, ${consumer} } }
${more}`;

function load(producer: string, consumer: string, options: Parameters<typeof parseScenario>[2] = {}, more = '') {
  const loaded = parseScenario(text(producer, consumer, more), 'presets.yaml', options);
  if (!loaded.ok) throw new Error(loaded.problems.map(formatProblem).join('\n'));
  return loaded;
}
const consumerOf = (consumer: string, options = {}) => load('', consumer, options).scenario.consumers.workers!;
const producerOf = (producer: string, options = {}) => load(producer, '').scenario.producers.web! ?? options;

describe('a client', () => {
  it.each(clientNames)('%s is a scenario in its own words, whatever is written beside it', (name) => {
    const { publishing, producing, consuming } = clientPresets[name];
    const { scenario, presets } = load(`client: ${name}`, `client: ${name}`);
    expect(presets.map(({ path }) => path)).toEqual(['producers.web', 'consumers.workers']);
    expect(presets.map(({ settings }) => settings.map(({ setting }) => setting))).toEqual([[...publishing, ...producing].map(({ setting }) => setting), consuming.map(({ setting }) => setting)]);
    const written = load(presets[0]!.settings.map(({ setting, value }) => `${setting}: ${JSON.stringify(value)}`).join(', '),
      `${presets[1]!.settings.filter(({ setting }) => !setting.includes('.')).map(({ setting, value }) => `${setting}: ${JSON.stringify(value)}`).join(', ')}, `
      + `failure: ${JSON.stringify(Object.fromEntries(presets[1]!.settings.filter(({ setting }) => setting.startsWith('failure.')).map(({ setting, value }) => [setting.slice(8), value])))}`);
    const { client: _, ...producer } = scenario.producers.web!;
    const { client: __, failure = { probability: 0, then: 'requeue' }, ...consumer } = scenario.consumers.workers!;
    const { failure: writtenFailure, ...writtenConsumer } = written.scenario.consumers.workers!;
    expect(producer).toEqual(written.scenario.producers.web);
    expect([consumer, failure]).toEqual([writtenConsumer, writtenFailure]);
    expect(conforms(parse(text(`client: ${name}`, `client: ${name}`)), JSON.parse(JSON.stringify(jsonSchema())) as Schema)).toBe(true);
  });

  it('gives way to what is written, key by key', () => {
    expect(consumerOf('client: celery-5, acknowledge: after-work')).toMatchObject({ acknowledge: 'after-work', prefetch: 4, failure: { then: 'acknowledge' } });
    expect(consumerOf('client: celery-5, failure: { poison: { nth: 3 } }').failure).toEqual({ probability: 0, poison: { kind: 'nth', value: 3 }, then: 'acknowledge' });
    expect(consumerOf('client: celery-5, failure: { poison: { nth: 3 }, then: reject }').failure!.then).toBe('reject');
    expect(producerOf('client: celery-5, retry: none').retry).toBeUndefined();
    expect(producerOf('client: rabbitmq-java-5, reconnect: { exponential: { initial: 1s } }').reconnect!.policy).toMatchObject({ backoff: { kind: 'exponential' } });
  });

  it('reckons by what is written, and by variants and --set', () => {
    expect(consumerOf('client: celery-5, concurrency: 8').prefetch).toBe(32);
    expect(consumerOf('client: celery-5', { set: ['consumers.workers.concurrency=3'] }).prefetch).toBe(12);
    expect(consumerOf('', { set: ['consumers.workers.client=pika-1'] }).prefetch).toBe(Infinity);
    expect(load('', 'client: celery-5', { variant: 'late' }, 'variants: { late: { consumers.workers.acknowledge: after-work } }').scenario.consumers.workers!.acknowledge).toBe('after-work');
    expect(load('', 'client: $library', {}, 'params: { library: spring-boot-3 }').scenario.consumers.workers!.prefetch).toBe(250);
  });

  it('is also who publishes onward, over the connection that the worker has', () => {
    const { scenario, presets } = load('', 'client: celery-5, publish: [{ to: mq/done }, { to: mq/done, unconnected: wait }]');
    expect(scenario.consumers.workers!.publish.map(({ unconnected, retry }) => [unconnected, retry?.attempts])).toEqual([['fail', 4], ['wait', 4]]);
    expect(presets.map(({ path }) => path)).toEqual(['consumers.workers', 'consumers.workers.publish.0', 'consumers.workers.publish.1']);
  });

  it('does not say twice how a shared connection is kept', () => {
    const shared = `faultline: 1
name: shared
brokers: { mq: { kind: rabbitmq, version: '4.2', queues: { jobs: {}, done: {} } } }
consumers:
  one: { client: pika-1, subscribe: mq/jobs, service: 1ms }
  two: { client: pika-1, subscribe: mq/done, service: 1ms, channel: { of: one } }
`;
    const loaded = parseScenario(shared, 'shared.yaml');
    expect(loaded.ok && loaded.presets.map(({ settings }) => settings.some(({ setting }) => setting === 'reconnect'))).toEqual([true, false]);
  });

  it('that is not known is refused, with those that are', () => {
    const loaded = parseScenario(text('client: celery-4', ''), 'presets.yaml');
    expect(loaded.ok ? [] : loaded.problems).toMatchObject([{ path: 'producers.web.client', wanted: expect.stringContaining('spring-boot-3'), hint: 'did you mean celery-5?' }]);
  });

  it('does what its broker refuses, and is told so at its own place (rabbit_stream_queue: a stream wants a prefetch)', () => {
    const loaded = parseScenario(text('', 'client: pika-1').replace('subscribe: mq/jobs', 'subscribe: mq/log'), 'presets.yaml');
    expect(loaded.ok ? [] : loaded.problems.filter(({ severity }) => severity === 'error')).toMatchObject([{ path: 'consumers.workers.prefetch', line: 5 }]);
  });

  it('is told in a line', () => {
    const { presets } = load('', 'client: celery-5, concurrency: 2, failure: { then: reject }, reconnect: none');
    expect(presets.map(formatPreset)).toEqual(['consumers.workers: celery-5 sets acknowledge: at-start, prefetch: 8']);
  });

  it('has a source and a name of the library for each value', () => {
    const all = Object.values(clientPresets).flatMap(({ publishing, producing, consuming }) => [...publishing, ...producing, ...consuming]);
    expect(all.length).toBeGreaterThan(30);
    expect(all.filter(({ called, source }) => called === '' || !/\d/.test(source))).toEqual([]);
  });
});
