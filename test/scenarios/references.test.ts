import { describe, expect, it } from 'vitest';
import { calm, pointed, problemsOf, told } from './scenario-text.ts';

/** The calm scenario with one more fault, link, or other line; the lines after the first eight are under test. */
const inFault = (fault: string) => told(calm(`faults: [{ ${fault} }]`));

describe('faults', () => {
  it.each([
    'kind: crash, target: mq, at: 1s',
    'kind: crash, target: mq.0, scope: host, rate: 3/h, for: 5s',
    'kind: crash, target: consumers.workers.0, on: { after: effect, message: 17 }',
    'kind: pause, target: producers.web, at: 1s, for: 1s',
    'kind: partition, between: [producers.web, mq.0], at: 1s, for: 1s',
    'kind: latency, between: [[producers.web.0, consumers.workers], mq], at: 1s, add: { exponential: { mean: 1s } }',
    'kind: slow, target: mq.0.disk, factor: 3, at: 1s',
    'kind: slow, target: consumers.workers, factor: 3, at: 1s',
    'kind: burst, target: producers.web, factor: 3, at: 1s, for: 1s',
    'kind: crash, target: mq.0, on: { before: confirmed, message: web.0-17 }, for: 1s',
  ])('%s is fine', (fault) => {
    expect(inFault(fault)).toEqual([]);
  });

  it('hang on messages that somebody can publish', () => {
    const onward = (ways: number, message: string) => {
      const publish = Array.from({ length: ways }, () => '{ to: mq/next, probability: 10% }').join(', ');
      return told(calm(`faults: [{ kind: pause, target: mq, for: 1s, on: { after: delivered, message: ${message} } }]`)
        .replace('service: 20ms', `service: 20ms, publish: [${publish}]`).replace('jobs: { }', 'jobs: { deadLetter: next }, next: {}'));
    };
    for (const [ways, message] of [[1, 'workers.0-3'], [2, 'workers.0.1-3'], [0, 'web.0-3']] as const) expect(onward(ways, message), message).toEqual([]);
    for (const [ways, message] of [[1, 'workers.1-3'], [1, 'workers.0.0-3'], [2, 'workers.0-3'], [2, 'workers.0.2-3'], [0, 'workers.0-3'], [0, 'web.0.0-3']] as const) {
      expect(onward(ways, message), message).toEqual([expect.stringContaining(`no publisher has a message called "${message}"`)]);
    }
  });

  it.each([
    ['kind: crash, target: mp, at: 1s', 'mp', 'nothing is called "mp"', 'did you mean mq?'],
    ['kind: crash, target: web, at: 1s', 'web', 'nothing is called "web"', 'did you mean producers.web?'],
    ['kind: crash, target: mq.1, at: 1s', 'mq.1', 'mq has no number 1', undefined],
    ['kind: crash, target: mq.0.dsk, at: 1s', 'mq.0.dsk', 'nothing is called "mq.0.dsk"', 'did you mean mq.0.disk?'],
    ['kind: crash, target: mq.0.disk, at: 1s', 'mq.0.disk', 'crash cannot strike mq.0.disk', undefined],
    ['kind: crash, target: producers.wbe, at: 1s', 'producers.wbe', 'nothing is called "producers.wbe"', 'did you mean producers.web?'],
    ['kind: crash, target: producers.web.1, at: 1s', 'producers.web.1', 'producers.web has no number 1', undefined],
    ['kind: crash, target: producers.web.01, at: 1s', 'producers.web.01', 'producers.web has no number 01', undefined],
    ['kind: crash, target: producers, at: 1s', 'producers', 'nothing is called "producers"', expect.any(String)],
    ['kind: stop, target: consumers.workers, at: 1s', 'consumers.workers', 'stop cannot strike consumers.workers', undefined],
    ['kind: stop, target: mq.0, at: 1s', 'mq.0', 'what mq.0 does when it is told to stop is not modelled', 'kill it instead: kind: crash'],
    ['kind: disk-full, target: mq.0, at: 1s', 'mq.0', 'disk-full cannot strike mq.0', undefined],
    ['kind: disk-full, target: mq.0.disk, at: 1s', 'mq.0.disk', 'what mq.0.disk does when it is full is not modelled', 'only brokers of kind rabbitmq look at their free space'],
    ['kind: burst, target: consumers.workers, factor: 2, at: 1s', 'consumers.workers', 'burst cannot strike consumers.workers', undefined],
    ['kind: slow, target: producers.web, factor: 2, at: 1s', 'producers.web', 'slow cannot strike producers.web', undefined],
    ['kind: partition, between: [[producers.web, consumers.worker], mq], at: 1s', 'consumers.worker', 'nothing is called "consumers.worker"', 'did you mean consumers.workers?'],
    ['kind: pause, target: mq', '{ kind: pause', 'nothing says when the fault strikes', expect.any(String)],
    ['kind: pause, target: mq, at: 1s, rate: 3/h', '3/h', 'the fault strikes at and rate', expect.any(String)],
    ['kind: pause, target: mq, on: { after: effect, message: wbe.0-17 }', 'wbe.0-17', 'no publisher has a message called "wbe.0-17"', expect.any(String)],
    ['kind: pause, target: mq, on: { after: effect, message: web-17 }', 'web-17', '"web-17" does not say which one published it', 'write web.0-17 for a message of the first'],
  ])('%s is refused', (fault, at, message, hint) => {
    const text = calm(`faults: [{ ${fault} }]`);
    expect(pointed(text)).toEqual([[message, at]]);
    expect(problemsOf(text)[0]).toMatchObject({ severity: 'error', ...(hint !== undefined && { hint }) });
  });
});

describe('names', () => {
  const text = calm();
  it.each([
    ['publish: mq/jobs', 'publish: mq/job', 'no queue is called "mq/job"', 'mq/job'],
    ['publish: mq/jobs', 'publish: qm/jobs', 'no broker is called "qm"', 'qm/jobs'],
    ['subscribe: mq/jobs', 'subscribe: mq/bojs', 'no queue is called "mq/bojs"', 'mq/bojs'],
    ['service: 20ms', 'service: 20ms, publish: [{ to: mq/next }]', 'no queue is called "mq/next"', 'mq/next'],
    ['jobs: { }', 'jobs: { deadLetter: dead }', 'no queue is called "dead"', 'dead'],
    ['jobs: { }', 'jobs: { deadLetter: jobs }', 'the queue "jobs" is its own dead-letter queue', 'jobs'],
    ['jobs: { }', 'jobs: { overflow: reject-to-dead-letter }', 'there is no dead-letter queue to reject to', 'reject-to-dead-letter'],
    ['  mq:', '  consumers: { kind: work-queue, queues: {} }\n  mq:', 'a broker cannot be called consumers', 'consumers: { kind: work-queue'],
    ['rate: 5/s } }', 'rate: 5/s } }, maxUnconfirmed: 3', 'without confirms no message ever counts as confirmed', '3'],
    ['service: 20ms', 'service: 20ms, crashes: [{ point: during-work }]', 'nothing says at which messages the worker crashes', '{ point: during-work'],
    ['poisson: { rate: 5/s }', 'phases: { steps: [{ for: 1s, rate: 0/s }] }', 'nothing ever arrives: every rate is 0', 'steps: [{ for: 1s'],
    ['poisson: { rate: 5/s }', 'daily: { low: 5/s, high: 1/s }', 'low is above high', '5/s'],
    ['poisson: { rate: 5/s }', 'markovModulated: { states: { a: 1/s }, rates: { a: { b: 1/s } } }', 'no state is called "b"', '1/s'],
    ['poisson: { rate: 5/s }', 'markovModulated: { states: { a: 1/s }, rates: {}, start: b }', 'no state is called "b"', 'b'],
    ['poisson: { rate: 5/s }', 'markovModulated: { states: { a: 0/s }, rates: {} }', 'nothing ever arrives: every rate is 0', 'states: { a: 0/s'],
    ['poisson: { rate: 5/s }', 'markovModulated: { states: {}, rates: {} }', 'a Markov chain needs a state', 'states: {'],
    ['service: 20ms', 'service: 20ms, lifecycle: { states: { up: {} }, rates: { up: { dwn: 1/h } } }', 'no state is called "dwn"', 'dwn: 1/h'],
  ])('%s → %s', (from, to, message, at) => {
    expect(pointed(text.replace(from, to))).toEqual([[message, at]]);
  });

  it('are still compared where another part does not fit its schema', () => {
    const messages = told(text.replace('service: 20ms', 'service: soon').replace('publish: mq/jobs', 'publish: mq/job'));
    expect(messages).toEqual(['test.yaml:6:19 no queue is called "mq/job"', 'test.yaml:8:43 "soon" is not a duration']);
  });

  it('of queues are not missed where the brokers cannot be read', () => {
    expect(told(text.replace('mq: { kind', 'mq: { knd'))).toEqual(['test.yaml:4:3 "kind" is missing']);
    expect(told(text.replace(/ {2}mq: .*\n/, '  - mq\n'))).toEqual(['test.yaml:3:1 the value is of another type']);
  });

  it('of dead-letter queues in a circle are a warning', () => {
    const circle = text.replace('jobs: { }', 'jobs: { deadLetter: dead }, dead: { deadLetter: jobs }');
    expect(pointed(circle)).toEqual([['dead letters of "jobs" come back to it in a circle', 'dead'], ['dead letters of "dead" come back to it in a circle', 'jobs']]);
    expect(problemsOf(circle)[0]!.severity).toBe('warning');
  });
});

describe('links and phases', () => {
  it.each([
    ['network: { links: [{ between: [mq, producers.wbe], latency: 1ms }] }', 'nothing is called "producers.wbe"', 'producers.wbe'],
    ['network: { links: [{ from: mq.0.disk, to: mq, latency: 1ms }] }', 'mq.0.disk is a disk, and has no network link', 'mq.0.disk'],
    ['phases: { measure: 60d, drain: 60d }', 'the whole run is too long', 'phases: { measure: 60d'],
  ])('%s is refused', (line, message, at) => {
    expect(pointed(calm(line))).toEqual([[message, at]]);
  });
});
