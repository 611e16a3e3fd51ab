/**
 * Simulated systems against queueing formulas, at fixed seeds.
 *
 * Each system is run twenty times with seeds of its own; a metric's twenty values give a Student interval of 99.9 %, in which
 * the formula must lie. Of the 38 intervals below one misses by chance with a probability of 4 % for seeds drawn at random;
 * those written here do not. That the check can fail is shown by a service mean that is 3 % off.
 *
 * Sources: Erlang B and C (Erlang 1917), the M/M/c queue, and the formula of Pollaczek (1930) and Khinchine (1932), as in
 * Gross and Harris, Fundamentals of Queueing Theory, chapters 2 and 5; Little's law (1961).
 */
import { beforeAll, describe, expect, it } from 'vitest';
import { createScenario, type ScenarioSettings } from '../scenarios/define.ts';
import { runScenario } from '../scenarios/run.ts';
import { meanInterval } from '../sim/confidence.ts';

const replications = 20;
const messagesEach = 12_000;
const confidence = 0.999;
/** A percentile is that near to the value it stands for. */
const histogramError = 1 / 256;
/** Mean service time in seconds. */
const s = 0.01;

type Service = NonNullable<ScenarioSettings['consumers']>[string]['service'];
interface Station {
  readonly name: string;
  readonly servers: number;
  readonly load: number;
  readonly service: Service;
  /** Squared coefficient of variation of the service time; 1 is exponential. */
  readonly scv: number;
}

/** Erlang's loss formula by its recursion; c servers, a erlangs. */
function erlangB(c: number, a: number): number {
  let b = 1;
  for (let k = 1; k <= c; k++) b = (a * b) / (k + a * b);
  return b;
}

/** Probability of having to wait. */
function erlangC(c: number, a: number): number {
  const b = erlangB(c, a);
  const idle = 1 - a / c;
  return b / (idle + (1 - idle) * b);
}

/** Mean wait: of M/M/c by Erlang C over the spare capacity; of M/G/1 by Pollaczek and Khinchine, λE[S²]/(2(1−ρ)). */
function meanWait({ servers, load, scv }: Station): number {
  if (servers > 1) return (erlangC(servers, servers * load) * s) / (servers * (1 - load));
  return (load * s * (1 + scv)) / (2 * (1 - load));
}

/** The wait that a share p stays below: P(W > t) = C e^(−(cμ−λ)t). */
function waitQuantile({ servers, load }: Station, p: number): number {
  const c = erlangC(servers, servers * load);
  return c <= 1 - p ? 0 : (Math.log(c / (1 - p)) * s) / (servers * (1 - load));
}

/** What becomes of n messages: all waits, sojourns and levels of one queue, without network and disk. */
function settingsOf({ servers, load, service }: Station, seed: number): ScenarioSettings {
  const rate = (servers * load) / s;
  return {
    faultline: 1,
    name: 'theory',
    seed,
    phases: { warmUp: `${(3000 / rate).toFixed(3)}s`, measure: `${(messagesEach / rate).toFixed(3)}s`, drain: '1000s' },
    brokers: { mq: { kind: 'work-queue', storage: { durable: false }, queues: { jobs: {} } } },
    producers: { web: { publish: 'mq/jobs', arrivals: { poisson: { rate: `${rate}/s` } } } },
    consumers: { workers: { count: servers, subscribe: 'mq/jobs', prefetch: 1, service } },
  };
}

type Metric = 'waiting' | 'sojourn' | 'inSystem' | 'utilisation' | 'wait90' | 'wait99' | 'sojourn90';

function simulate(station: Station): Record<Metric, number[]> {
  const values: Record<Metric, number[]> = { waiting: [], sojourn: [], inSystem: [], utilisation: [], wait90: [], wait99: [], sojourn90: [] };
  for (let seed = 1; seed <= replications; seed++) {
    const { groups, queues } = runScenario(createScenario(settingsOf(station, seed)));
    const { latency, utilisation } = groups.workers!;
    values.waiting.push(latency.waiting.mean as number);
    values.sojourn.push(latency.sojourn.mean as number);
    values.wait90.push(latency.waiting.p90 as number);
    values.wait99.push(latency.waiting.p99 as number);
    values.sojourn90.push(latency.sojourn.p90 as number);
    values.inSystem.push(queues['mq/jobs']!.meanInSystem);
    values.utilisation.push(utilisation);
  }
  return values;
}

/** How far the formula lies outside the interval, as a share of it; 0 inside. */
function miss(values: readonly number[], formula: number, tolerance = 0): number {
  const [low, high] = meanInterval(values, confidence)!;
  const nearest = Math.min(high * (1 + tolerance), Math.max(low * (1 - tolerance), formula));
  return Math.abs(nearest - formula) / formula;
}

const exponential: Service = { exponential: { mean: '10ms' } };
const stations: readonly Station[] = [
  { name: 'M/M/1 at 80 %', servers: 1, load: 0.8, scv: 1, service: exponential },
  { name: 'M/M/1 at 50 %', servers: 1, load: 0.5, scv: 1, service: exponential },
  { name: 'M/M/2 at 80 %', servers: 2, load: 0.8, scv: 1, service: exponential },
  { name: 'M/M/10 at 90 %', servers: 10, load: 0.9, scv: 1, service: exponential },
  { name: 'M/D/1 at 80 %', servers: 1, load: 0.8, scv: 0, service: '10ms' },
  { name: 'M/G/1 at 70 %, lognormal', servers: 1, load: 0.7, scv: 1.5, service: { lognormal: { mean: '10ms', scv: 1.5 } } },
  { name: 'M/G/1 at 70 %, hyperexponential', servers: 1, load: 0.7, scv: 4, service: { hyperexponential: { mean: '10ms', scv: 4 } } },
];

describe.each(stations)('$name', (station) => {
  let values: Record<Metric, number[]>;
  beforeAll(() => {
    values = simulate(station);
  });
  const rate = (station.servers * station.load) / s;

  it('waits as long as the formula says', () => expect(miss(values.waiting, meanWait(station))).toBe(0));
  it('stays as long as the formula says', () => expect(miss(values.sojourn, meanWait(station) + s)).toBe(0));
  it('holds as many as Little says', () => expect(miss(values.inSystem, rate * (meanWait(station) + s))).toBe(0));
  it('is as busy as its load', () => expect(miss(values.utilisation, station.load)).toBe(0));

  if (station.scv !== 1) return;
  it('has the tail of waits that the formula says', () => {
    expect(miss(values.wait99, waitQuantile(station, 0.99), histogramError)).toBe(0);
    expect(miss(values.wait90, waitQuantile(station, 0.9), histogramError)).toBe(0);
  });
  if (station.servers > 1) return;
  // Exponential with the rate μ − λ.
  it('has the tail of sojourns that the formula says', () => {
    expect(miss(values.sojourn90, (Math.log(10) * s) / (1 - station.load), histogramError)).toBe(0);
  });
});

describe('a service that is 3 % too slow', () => {
  it.each([stations[0]!, stations[3]!, stations[4]!])('is seen in $name', (station) => {
    const slower = JSON.parse(JSON.stringify(station.service).replace('10ms', '10.3ms')) as Service;
    const values = simulate({ ...station, service: slower });
    expect(miss(values.utilisation, station.load)).toBeGreaterThan(0);
    expect(miss(values.waiting, meanWait(station))).toBeGreaterThan(0);
    expect(miss(values.inSystem, ((station.servers * station.load) / s) * (meanWait(station) + s))).toBeGreaterThan(0);
  });
});
