/** Which model a scenario is taken for, what its numbers are compared with, and what is said when they differ. */
import { describe, expect, it } from 'vitest';
import type { Prediction } from '../../../scenarios/prediction-result.ts';
import { createScenario, type ScenarioSettings } from '../../../scenarios/define.ts';
import type { RunResult } from '../../../scenarios/result.ts';
import { runScenario } from '../../../scenarios/run.ts';

type Producer = NonNullable<ScenarioSettings['producers']>[string];
type Consumer = NonNullable<ScenarioSettings['consumers']>[string];
interface Parts extends Partial<ScenarioSettings> {
  readonly producer?: Partial<Producer>;
  readonly consumer?: Partial<Consumer>;
  readonly jobs?: Extract<ScenarioSettings['brokers'][string], { kind: 'work-queue' }>['queues'][string];
}

/** 70 messages per second for a worker that needs 10 ms each, for ten minutes. */
function settings({ producer, consumer, jobs = {}, ...rest }: Parts = {}): ScenarioSettings {
  return {
    faultline: 1, name: 'predicted', seed: 2, phases: { warmUp: '30s', measure: '10m', drain: '1m' },
    brokers: { mq: { kind: 'work-queue', storage: { durable: false }, queues: { jobs } } },
    producers: { web: { publish: 'mq/jobs', arrivals: { poisson: { rate: '70/s' } }, ...producer } },
    consumers: { workers: { subscribe: 'mq/jobs', service: { exponential: { mean: '10ms' } }, ...consumer } },
    ...rest,
  };
}

function run(parts?: Parts): RunResult {
  return runScenario(createScenario(settings(parts)));
}

function predict(parts?: Parts): Prediction {
  return run(parts).predictions[0]!;
}

const valueOf = ({ values }: Prediction, metric: string) => values.find((value) => value.metric === metric)!;
const short = { measure: '1s', drain: '1s' } as const;

describe('a queue is taken for', () => {
  it.each<[string, Parts]>([
    ['M/M/1', {}],
    ['M/M/c', { consumer: { count: 3 } }],
    ['M/M/c', { consumer: { concurrency: 3, prefetch: 3 } }],
    ['M/D/1', { consumer: { service: '10ms' } }],
    ['M/D/c', { consumer: { service: '10ms', count: 2 } }],
    ['M/G/1', { consumer: { service: { lognormal: { mean: '10ms', scv: 2 } } } }],
    ['M/PH/c', { consumer: { count: 3, service: { erlang: { mean: '10ms', stages: 2 } } } }],
    ['GI/M/1', { producer: { arrivals: { constant: { rate: '70/s' } } } }],
    ['GI/M/c', { producer: { arrivals: { renewal: { gamma: { mean: '14ms', scv: 0.5 } } } }, consumer: { count: 2 } }],
    ['M/M/c/K', { jobs: { maxLength: 3, overflow: 'reject' } }],
    // A limit that is never met is none.
    ['M/M/1', { jobs: { maxLength: 1000, overflow: 'reject' } }],
    ['G/G/c (Whitt 1993)', { consumer: { count: 3, service: { lognormal: { mean: '10ms', scv: 2 } } } }],
    ['G/G/1 (Krämer & Langenbach-Belz 1976)', { producer: { arrivals: { constant: { rate: '70/s' } } }, consumer: { service: '10ms' } }],
  ])('%s', (model, parts) => {
    const prediction = predict({ phases: short, ...parts });
    expect(prediction.model).toBe(model);
    expect(prediction.kind).toBe(model.startsWith('G/G') ? 'approximation' : 'exact');
    expect(prediction.knownError === null).toBe(prediction.kind === 'exact');
  });

  it.each<[string, Parts, RegExp]>([
    ['work that takes no time', { consumer: { service: '0s' } }, /takes no time/],
    ['work without a mean', { consumer: { service: { pareto: { min: '1ms', shape: 1 } } } }, /infinitely long/],
    ['failures for ever', { consumer: { failure: { probability: 1 } } }, /repeated for ever/],
  ])('nothing, and it says why: %s', (_, parts, why) => {
    const { predictions, unpredicted } = runScenario(createScenario(settings({ phases: short, ...parts })), { maxEvents: 100_000 });
    expect(predictions).toEqual([]);
    expect(unpredicted).toEqual([{ of: 'mq/jobs', why: expect.stringMatching(why) }]);
  });
});

describe('predictions', () => {
  it('change nothing about a run', () => {
    const scenario = createScenario(settings({ phases: short }));
    const without = runScenario(scenario, { predict: false });
    expect(without).toMatchObject({ predictions: [], unpredicted: [], chains: [], lifecycles: [] });
    const { predictions, unpredicted, chains, lifecycles, ...rest } = runScenario(scenario);
    expect([predictions.length, unpredicted.length, chains.length, lifecycles.length]).toEqual([1, 0, 1, 0]);
    expect({ ...rest, predictions: [], unpredicted, chains: [], lifecycles }).toEqual(without);
  });

  it('say that a plain queue is as theory has it', () => {
    const prediction = predict();
    expect(prediction.broken).toEqual([]);
    expect(prediction.values.map(({ agrees }) => agrees)).toEqual(prediction.values.map(() => true));
    expect(prediction.values.map(({ metric }) => metric)).toEqual([
      'throughput', 'utilisation', 'inSystem.mean',
      ...['waiting', 'sojourn'].flatMap((measure) => ['mean', 'p50', 'p90', 'p95', 'p99'].map((statistic) => `${measure}.${statistic}`)),
    ]);
    expect(valueOf(prediction, 'waiting.mean').predicted).toBeCloseTo(0.7 / 30, 12);
    expect(valueOf(prediction, 'sojourn.p99').predicted).toBeCloseTo(Math.log(100) / 30, 12);
    expect(prediction.waiting!.times.length).toBe(prediction.waiting!.longer.length);
    expect(prediction.waiting!.longer.at(-1)).toBeCloseTo(1e-5, 8);
  });

  it('count the ways to a worker and back as its service, where it holds one message at a time', () => {
    const prediction = predict({ network: { default: { latency: '1ms' } } });
    expect(prediction).toMatchObject({ model: 'M/G/1', parameters: { meanServiceTime: 0.012 } });
    expect(valueOf(prediction, 'utilisation').predicted).toBeCloseTo(0.7, 12);
    // P–K for 2 ms + exp(10 ms), the way of the delivery, and that of the publish before it.
    const wait = (70 * (0.012 * 0.012 + 0.0001)) / (2 * (1 - 0.84));
    expect(valueOf(prediction, 'waiting.mean').predicted).toBeCloseTo(wait + 0.001, 9);
    expect(valueOf(prediction, 'sojourn.mean').predicted).toBeCloseTo(wait + 0.012, 9);
    expect(prediction.values.filter(({ agrees }) => agrees === false)).toEqual([]);
    expect(prediction.assumed.join()).toMatch(/2 ms in the mean, occupy it/);
  });

  it('hide the ways behind the work where more messages are held than worked on', () => {
    const prediction = predict({ network: { default: { latency: '1ms' } }, consumer: { prefetch: 50 } });
    expect(prediction).toMatchObject({ model: 'M/M/1', parameters: { meanServiceTime: 0.01 }, broken: [] });
    expect(prediction.values.filter(({ agrees }) => agrees === false)).toEqual([]);
  });

  it('repeat what fails: by whoever is free the handlings of a message are one long service', () => {
    const prediction = predict({ consumer: { failure: { probability: 0.2 }, service: { exponential: { mean: '8ms' } } } });
    expect(prediction).toMatchObject({ model: 'M/M/1', parameters: { meanServiceTime: 0.01 } });
    expect(valueOf(prediction, 'sojourn.mean').predicted).toBeCloseTo(1 / 30, 9);
    expect(valueOf(prediction, 'waiting.mean').predicted).toBeCloseTo(1 / 30 - 0.008, 9);
    expect(prediction.values.filter(({ agrees }) => agrees === false)).toEqual([]);
  });

  it('repeat what fails up to the limit', () => {
    const prediction = predict({ jobs: { deliveryLimit: 2 }, consumer: { failure: { probability: 0.5 }, service: { exponential: { mean: '6ms' } } } });
    expect(prediction).toMatchObject({ model: 'M/G/1' });
    expect(valueOf(prediction, 'throughput').predicted).toBeCloseTo(70 * 0.75, 9);
    expect(valueOf(prediction, 'utilisation').predicted).toBeCloseTo(70 * 1.5 * 0.006, 9);
    for (const metric of ['throughput', 'utilisation', 'inSystem.mean']) expect([metric, valueOf(prediction, metric).agrees]).toEqual([metric, true]);
  });

  it('solve workers that break down together with their queue', () => {
    const lifecycle = { states: { up: {}, down: { down: true } }, rates: { up: { down: '0.1/s' }, down: { up: '0.5/s' } } };
    const prediction = predict({ phases: { warmUp: '2m', measure: '40m', drain: '5m' }, consumer: { count: 3, service: { exponential: { mean: '25ms' } }, lifecycle } });
    expect(prediction).toMatchObject({ model: 'M/M/c with breakdowns', kind: 'exact', broken: [], page: 'docs/theory/breakdowns.md' });
    expect(valueOf(prediction, 'utilisation').predicted).toBeCloseTo(70 * 0.025 / 3, 12);
    for (const { metric, agrees } of prediction.values) expect([metric, agrees]).toEqual([metric, true]);
    // Without breakdowns far fewer would be there.
    expect(valueOf(prediction, 'inSystem.mean').predicted as number).toBeGreaterThan(1.5 * (valueOf(predict({ phases: short, consumer: { count: 3, service: { exponential: { mean: '25ms' } } } }), 'inSystem.mean').predicted as number));
  });

  it('know that what leaves M/M/c is Poisson, so that the next queue is one, too', () => {
    const { predictions } = run({
      brokers: { mq: { kind: 'work-queue', storage: { durable: false }, queues: { jobs: {}, mails: {} } } },
      consumers: {
        workers: { count: 2, subscribe: 'mq/jobs', service: { exponential: { mean: '20ms' } }, publish: [{ to: 'mq/mails' }] },
        mailers: { subscribe: 'mq/mails', service: { exponential: { mean: '8ms' } } },
      },
    });
    expect(predictions.map(({ of, model }) => [of, model])).toEqual([['mq/jobs', 'M/M/c'], ['mq/mails', 'M/M/1']]);
    for (const { values } of predictions) expect(values.filter(({ agrees }) => agrees === false)).toEqual([]);
  });
});

describe('what is not plain', () => {
  const broker = (parts: object): Parts => ({ brokers: { mq: { kind: 'work-queue', storage: { durable: false }, queues: { jobs: {} }, ...parts } } });

  it('failures come back only where messages are acknowledged after the work', () => {
    const prediction = predict({ producer: { arrivals: { poisson: { rate: '40/s' } } }, consumer: { acknowledge: 'automatic', failure: { probability: 0.5 } } });
    expect(valueOf(prediction, 'utilisation')).toMatchObject({ predicted: 0.4, agrees: true });
    expect(valueOf(prediction, 'throughput')).toMatchObject({ predicted: 20, agrees: true });
    expect(prediction.values.some(({ metric }) => metric === 'inSystem.mean')).toBe(false);
  });

  it('what is rejected is not handled', () => {
    const prediction = predict({ consumer: { failure: { probability: 0.3, then: 'reject' } } });
    expect(valueOf(prediction, 'throughput')).toMatchObject({ predicted: expect.closeTo(49, 9), agrees: true });
    expect(valueOf(prediction, 'waiting.mean').agrees).toBe(true);
  });

  it('a limit of deliveries lets those through that failed less', () => {
    const prediction = predict({ jobs: { deliveryLimit: 2 }, producer: { arrivals: { poisson: { rate: '40/s' } } }, consumer: { failure: { probability: 0.5 } } });
    for (const metric of ['waiting.mean', 'sojourn.mean']) expect([metric, valueOf(prediction, metric).agrees]).toEqual([metric, true]);
  });

  it('a worker that may hold too few messages for its ways cannot do all that its speed allows', () => {
    const prediction = predict({ phases: { measure: '2m', drain: '5m' }, network: { default: { latency: '50ms' } }, consumer: { prefetch: 2, service: { exponential: { mean: '1ms' } } } });
    expect(prediction).toMatchObject({ kind: 'approximation', knownError: expect.stringMatching(/may hold so few messages/) });
    expect(prediction.growthRate).toBeCloseTo(70 - 2 / 0.101, 6);
  });

  it('groups that differ are nearly one, and that is why values may differ', () => {
    const reader = (mean: string, parts: Partial<Consumer> = {}): Consumer => ({ subscribe: 'mq/jobs', service: { exponential: { mean } }, ...parts });
    const of = (consumers: ScenarioSettings['consumers']) => run({ phases: short, consumers }).predictions[0]!;
    const unequal = 'fast and slow are of unequal speed (10 ms and 30 ms a message) and taken for one group';
    expect(of({ fast: reader('10ms'), slow: reader('30ms') })).toMatchObject({ kind: 'approximation', groups: ['fast', 'slow'], knownError: expect.stringContaining(unequal), broken: [unequal] });
    expect(of({ one: reader('10ms'), other: reader('10ms') }).broken).toEqual(['one and other are taken for one group']);
    expect(of({ one: reader('10ms', { prefetch: 20 }), other: reader('10ms') }).broken.join('; ')).toMatch(/^one and other are taken for one group; one prefetches 20: a message waits/);
  });

  it('a thread that is offered too much leaves nothing to predict behind it', () => {
    const { predictions, unpredicted } = run({ phases: short, ...broker({ processing: '20ms' }) });
    expect(predictions).toEqual([]);
    expect(unpredicted).toEqual([{ of: 'mq/jobs', why: expect.stringMatching(/more than it can take/) }]);
  });

  it('is plain data all the same', () => {
    const result = run({ phases: short, producer: { arrivals: { renewal: { pareto: { min: '5ms', shape: 1.5 } } } } });
    expect(JSON.parse(JSON.stringify(result))).toEqual(result);
    expect(result.predictions[0]?.parameters.interarrivalScv ?? 'Infinity').toBe('Infinity');
  });
});

describe('when theory and simulation differ', () => {
  it.each<[string, Parts, RegExp]>([
    ['messages wait at busy workers', { consumer: { count: 5, prefetch: 50, service: { exponential: { mean: '50ms' } } } }, /prefetches 50/],
    ['a worker is slow', { faults: [{ kind: 'slow', target: 'consumers.workers', factor: 3, at: '3m', for: '2m' }] }, /fault F1 \(slow ×3\)/],
    ['the rate changes', { producer: { arrivals: { phases: { steps: [{ for: '1m', rate: '20/s' }, { for: '1m', rate: '140/s' }], repeat: true } } } }, /changes over time \(phases\)/],
    ['messages are dealt out in turn', { consumer: { count: 5, acknowledge: 'automatic', service: { exponential: { mean: '50ms' } } } }, /deals messages out in turn/],
  ])('that is said, with what breaks the assumptions: %s', (_, parts, reason) => {
    const prediction = predict(parts);
    expect(prediction.values.filter(({ agrees, metric }) => agrees === false && /waiting|inSystem/.test(metric)).length).toBeGreaterThan(0);
    expect(prediction.broken.join('; ')).toMatch(reason);
  });

  it('an overloaded queue has no steady state, and its backlog grows as predicted', () => {
    const { predictions, queues } = run({ producer: { arrivals: { poisson: { rate: '130/s' } } }, phases: { measure: '2m', drain: '10m' } });
    expect(predictions[0]).toMatchObject({ growthRate: 30, waiting: null });
    expect(valueOf(predictions[0]!, 'waiting.mean')).toMatchObject({ predicted: 'Infinity', agrees: null });
    expect(valueOf(predictions[0]!, 'utilisation')).toMatchObject({ predicted: 1, agrees: true });
    expect(queues['mq/jobs']!.backlog.max).toBeGreaterThan(0.9 * 30 * 120);
    expect(queues['mq/jobs']!.backlog.max).toBeLessThan(1.1 * 30 * 120);
  });

  it('a run too short for its load says that it cannot tell', () => {
    const prediction = predict({ phases: { measure: '5s', drain: '1m' }, producer: { arrivals: { poisson: { rate: '98/s' } } } });
    expect(prediction.values.map(({ agrees, interval }) => [agrees, interval])).toEqual(prediction.values.map(() => [null, null]));
  });
});
