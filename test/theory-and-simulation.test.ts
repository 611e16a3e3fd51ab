/**
 * Theory and simulation, written independently of each other, on systems that nobody chose: 64 stable stations drawn by
 * fast-check at a fixed seed, each simulated once. At a confidence of 99 % one value in a hundred lies outside its interval by
 * chance; that it is about so many, and neither far more nor none at all in the planted cases, is what is checked.
 */
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { PredictedValue, Prediction } from '../scenarios/prediction-result.ts';
import { createScenario, type ScenarioSettings } from '../scenarios/define.ts';
import { runScenario } from '../scenarios/run.ts';

const systems = 64;
const messages = 16_000;

type Service = NonNullable<ScenarioSettings['consumers']>[string]['service'];
interface Station {
  readonly servers: number;
  readonly load: number;
  /** Of a service with this mean, in milliseconds. */
  readonly serviceOf: (meanMs: number) => Service;
  readonly gaps: 'poisson' | 'erlang' | 'constant';
  readonly room: number | undefined;
  readonly requeue: number;
}

const meanMs = 10;
const ms = (value: number): string => `${value.toFixed(6)}ms`;

/** Each kind of service is exactly solved for some number of servers at least. */
const anyService: fc.Arbitrary<(mean: number) => Service> = fc.oneof(
  fc.constant((mean: number) => ({ exponential: { mean: ms(mean) } })),
  fc.constant((mean: number) => ({ exponential: { mean: ms(mean) } })),
  fc.constant((mean: number) => ms(mean)),
  fc.constantFrom(2, 3).map((stages) => (mean: number) => ({ erlang: { mean: ms(mean), stages } })),
  fc.constantFrom(1.5, 3).map((scv) => (mean: number) => ({ hyperexponential: { mean: ms(mean), scv } })),
  fc.constantFrom(0.5, 1.5).map((scv) => (mean: number) => ({ lognormal: { mean: ms(mean), scv } })),
) as fc.Arbitrary<(mean: number) => Service>;

const anyStation: fc.Arbitrary<Station> = fc.record({
  servers: fc.constantFrom(1, 1, 2, 3, 5, 8),
  load: fc.integer({ min: 20, max: 75 }).map((percent) => percent / 100),
  serviceOf: anyService,
  gaps: fc.constantFrom('poisson', 'poisson', 'erlang', 'constant'),
  room: fc.constantFrom(undefined, undefined, undefined, 2, 6),
  requeue: fc.constantFrom(0, 0, 0, 0.1),
});

/** What is drawn beyond what is solved exactly is made plain: the check is of exact models. */
function plain(station: Station): Station {
  const isExponential = JSON.stringify(station.serviceOf(1)).includes('"exponential"');
  const isLognormal = JSON.stringify(station.serviceOf(1)).includes('lognormal');
  const isPoisson = station.gaps === 'poisson';
  return {
    ...station,
    gaps: isExponential ? station.gaps : 'poisson',
    room: isExponential && isPoisson ? station.room : undefined,
    requeue: isExponential && isPoisson && station.room === undefined ? station.requeue : 0,
    servers: isLognormal ? 1 : station.servers,
  };
}

function settingsOf({ servers, load, serviceOf, gaps, room, requeue }: Station, seed: number, slower: number): ScenarioSettings {
  const rate = ((servers * load * (1 - requeue)) / meanMs) * 1000;
  const arrivals = gaps === 'poisson' ? { poisson: { rate: `${rate}/s` } } : gaps === 'constant' ? { constant: { rate: `${rate}/s` } } : { renewal: { erlang: { mean: ms(1000 / rate), stages: 2 } } };
  return {
    faultline: 1, name: 'drawn', seed,
    phases: { warmUp: `${Math.ceil((4000 / rate) * 1000)}ms`, measure: `${Math.ceil((messages / rate) * 1000)}ms`, drain: '10m' },
    brokers: { mq: { kind: 'work-queue', storage: { durable: false }, queues: { jobs: room === undefined ? {} : { maxLength: room, overflow: 'reject' } } } },
    producers: { web: { publish: 'mq/jobs', arrivals } },
    consumers: { workers: { count: servers, subscribe: 'mq/jobs', service: serviceOf(meanMs * slower), ...(requeue > 0 && { failure: { probability: requeue } }) } },
  };
}

interface Compared {
  readonly station: Station;
  readonly prediction: Prediction;
}

/** @param slower how much slower the simulated service is than what theory is told */
function compare(slower: number): Compared[] {
  const drawn = fc.sample(anyStation, { seed: 20_261, numRuns: systems }).map(plain);
  return drawn.map((station, index) => {
    const truth = createScenario(settingsOf(station, index + 1, 1));
    const simulated = createScenario(settingsOf(station, index + 1, slower));
    // Theory knows the scenario as it should be; the engine gets the planted one.
    const told = runScenario(truth, { maxEvents: 1 }).predictions[0]!;
    const { predictions } = runScenario(simulated);
    return { station, prediction: { ...predictions[0]!, values: predictions[0]!.values.map((value, at) => ({ ...value, predicted: told.values[at]!.predicted })) } };
  });
}

/** By chance alone: without the tolerances that a report allows for edges and histograms. */
function misses(values: readonly PredictedValue[], factor = 1): { told: number; missed: number } {
  const told = values.filter(({ interval, predicted, simulated }) => interval !== null && interval[1] > interval[0] && typeof predicted === 'number' && typeof simulated === 'number');
  const missed = told.filter(({ interval, predicted, tolerance, metric }) => {
    const reading = /\.p\d/.test(metric) ? tolerance : 0;
    const value = (predicted as number) * factor;
    return value < interval![0] * (1 - reading) || value > interval![1] * (1 + reading);
  });
  return { told: told.length, missed: missed.length };
}

function total(all: readonly Compared[], metric: RegExp, factor = 1): { told: number; missed: number } {
  const each = all.map(({ prediction }) => misses(prediction.values.filter((value) => metric.test(value.metric)), factor));
  return { told: each.reduce((sum, { told }) => sum + told, 0), missed: each.reduce((sum, { missed }) => sum + missed, 0) };
}

describe('64 random stations', () => {
  let all: Compared[];
  beforeAll(() => {
    all = compare(1);
  }, 300_000);

  it('are of many kinds, all exactly solved', () => {
    const models = new Set(all.map(({ prediction }) => prediction.model));
    for (const model of ['M/M/1', 'M/M/c', 'M/M/c/K', 'M/D/1', 'M/D/c', 'M/G/1', 'M/PH/c', 'GI/M/1', 'GI/M/c']) expect([...models]).toContain(model);
    expect(all.filter(({ prediction }) => prediction.kind !== 'exact')).toEqual([]);
  });

  // Intervals that are too wide would miss nothing, and prove nothing: about one in a hundred is what 99 % means.
  it('miss about one value in a hundred, as intervals of 99 % do', () => {
    const { told, missed } = total(all, /./);
    expect(told).toBeGreaterThan(600);
    expect(missed / told).toBeGreaterThan(0.003);
    expect(missed / told).toBeLessThan(0.02);
  });

  it('have the means that formulas say, but for what chance allows', () => {
    const { told, missed } = total(all, /mean$|throughput|utilisation/);
    expect(told).toBeGreaterThan(200);
    expect(missed).toBeLessThan(told * 0.03);
  });

  it('have the percentiles that formulas say, but for what chance allows', () => {
    const { told, missed } = total(all, /\.p\d/);
    expect(told).toBeGreaterThan(150);
    expect(missed).toBeLessThan(told * 0.03);
  });

  it('have one value after the other in the interval, so that no kind of value hides behind the rest', () => {
    for (const metric of ['throughput', 'utilisation', 'inSystem.mean', 'waiting.mean', 'sojourn.mean', 'waiting.p90', 'sojourn.p50', 'sojourn.p99']) {
      const { told, missed } = total(all, new RegExp(`^${metric.replace('.', String.raw`\.`)}$`));
      expect([metric, told > 20, missed <= 3]).toEqual([metric, true, true]);
    }
  });

  it('show a formula that is 3 % off', () => {
    const { told, missed } = total(all, /^utilisation$|^sojourn\.p50$/, 1.03);
    expect(missed).toBeGreaterThan(told * 0.3);
  });
});

describe('an engine whose services are 3 % too slow', () => {
  it('is seen', () => {
    const { told, missed } = total(compare(1.03), /mean$|utilisation/);
    expect(missed).toBeGreaterThan(told * 0.25);
  }, 300_000);
});
