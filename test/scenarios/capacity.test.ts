/** Capacity: theory and simulation together, and that neither the order nor the number of those who simulate matters. */
import { beforeAll, describe, expect, it } from 'vitest';
import { leastServers } from '../../models/theory/staffing.ts';
import type { CapacityResult } from '../../scenarios/capacity-result.ts';
import { studyCapacity } from '../../scenarios/capacity/capacity.ts';
import { withLoad } from '../../scenarios/capacity/altered.ts';
import { oneByOne, replicate, type Runner } from '../../scenarios/capacity/replication.ts';
import { createScenario, type ScenarioSettings } from '../../scenarios/define.ts';
import { arrivalsTo } from '../../scenarios/predictions/arrivals-to.ts';

function settings({ rate = '150/s', workers = 3, objectives = ['p99(workers.sojourn) < 90ms'], ...rest }: { rate?: string; workers?: number } & Partial<ScenarioSettings> = {}): ScenarioSettings {
  return {
    faultline: 1, name: 'planned', phases: { warmUp: '5s', measure: '20s', drain: '1m' },
    brokers: { mq: { kind: 'work-queue', storage: { durable: false }, queues: { jobs: {} } } },
    producers: { web: { publish: 'mq/jobs', arrivals: { poisson: { rate } }, confirm: {}, retry: { fixed: { delay: '500ms' } } } },
    consumers: { workers: { count: workers, subscribe: 'mq/jobs', service: { exponential: { mean: '12ms' } } } },
    objectives, ...rest,
  };
}

const study = (parts?: Parameters<typeof settings>[0], options: Parameters<typeof studyCapacity>[1] = {}): Promise<CapacityResult> =>
  studyCapacity(createScenario(settings(parts)), { replications: 5, outage: 5e9, ...options });

describe('a system that is enough', () => {
  let result: CapacityResult;
  beforeAll(async () => {
    result = await study();
  }, 120_000);

  it('is said to be, until which load, and what gives way then', () => {
    expect(result.verdict).toBe('enough');
    expect(result.sentence).toMatch(/^Enough: at 150\/s p99\(workers\.sojourn\) < 90ms is met\. It is enough until 1\.\d+ times the load \(\d+\/s\): then p99\(workers\.sojourn\) < 90ms is missed; the bottleneck, workers, is \d+ % utilised by then\.$/);
    expect(result.objectives[0]).toMatchObject({ met: true, predictedUntil: expect.any(Number) });
    const { predictedUntil, metAt, missedAt } = result.objectives[0]!;
    // The simulation changes its mind where theory says so.
    expect(metAt!).toBeGreaterThan(0.9 * (predictedUntil as number));
    expect(missedAt!).toBeLessThan(1.15 * (predictedUntil as number));
  });

  it('has its load and headroom told', () => {
    expect(result.stations).toHaveLength(1);
    expect(result.bottleneck).toBe('workers');
    const [station] = result.stations;
    expect(station).toMatchObject({ name: 'workers', queue: 'mq/jobs', kind: 'consumers', model: 'M/M/c', arrivalRate: 150, servers: 3 });
    expect(station!.offeredLoad).toBeCloseTo(1.8, 12);
    expect(station!.utilisation).toBeCloseTo(0.6, 12);
    expect(station!.saturatedAt).toBeCloseTo(1 / 0.6, 12);
    expect(station!.headroom).toBeCloseTo(100, 9);
    const [low, high] = station!.simulatedUtilisation!.interval!;
    expect(low).toBeLessThan(0.605);
    expect(high).toBeGreaterThan(0.595);
  });

  it('needs as many workers as theory says, which is confirmed at that number and one below', () => {
    const least = leastServers({ arrivalRate: 150, serviceRate: 1 / 0.012, meets: ({ sojournQuantile }) => sojournQuantile!(0.99) < 0.09 })!;
    const [staffing] = result.staffing;
    expect(staffing).toMatchObject({ group: 'workers', now: 3, least });
    expect(staffing!.predicted.map(({ load }) => load)).toEqual([1, 1.5, 2]);
    expect(staffing!.predicted[0]!.workers).toBe(least);
    expect(staffing!.predicted[2]!.workers!).toBeGreaterThan(least);
    expect(staffing!.checks.map(({ workers, met }) => [workers, met])).toEqual(expect.arrayContaining([[least - 1, false], [least, true]]));
  });

  it('has a curve with a knee, and the simulated points lie on it', () => {
    const [curve] = result.curves;
    expect(curve!.knee!.load).toBeGreaterThan(0.8);
    expect(curve!.knee!.load).toBeLessThan(1.4);
    expect(curve!.simulated.length).toBeGreaterThanOrEqual(6);
    expect(curve!.predicted.map(({ mean }) => mean)).toEqual(curve!.predicted.map(({ mean }) => mean as number).sort((one, other) => one - other));
    const calm = curve!.simulated.filter(({ utilisation }) => (utilisation.value as number) < 0.75);
    for (const { load, mean } of calm) {
      const nearest = [...curve!.predicted].sort((one, other) => Math.abs(one.load - load) - Math.abs(other.load - load))[0]!;
      expect(Math.abs((mean.value as number) / (nearest.mean as number) - 1)).toBeLessThan(0.15);
    }
  });

  it('tells what one worker less costs', () => {
    const [loss] = result.losses;
    expect(loss).toMatchObject({ group: 'workers', workers: 3, broken: ['p99(workers.sojourn) < 90ms'] });
    expect(loss!.after.utilisation).toBeCloseTo(0.9, 12);
    expect(loss!.after.p99.value as number).toBeGreaterThan(2 * (loss!.before.p99.value as number));
  });

  it('tells what an outage leaves behind, by the fluid model and as simulated', () => {
    expect(result.outages.map(({ kind, what }) => [kind, what])).toEqual([['workers', 'all workers of workers'], ['broker-node', 'the node mq.0']]);
    // The node needs a second more to recover.
    expect(result.outages.map(({ fluid }) => fluid.peakBacklog)).toEqual([expect.closeTo(750, 9), expect.closeTo(900, 9)]);
    expect(result.outages.map(({ fluid }) => fluid.drainTime)).toEqual([expect.closeTo(7.5, 9), expect.closeTo(9, 9)]);
    for (const { fluid, simulated } of result.outages) {
      expect(Math.abs((simulated.peakBacklog.value as number) / fluid.peakBacklog - 1)).toBeLessThan(0.15);
      expect(Math.abs((simulated.drainTime.value as number) / (fluid.drainTime as number) - 1)).toBeLessThan(0.35);
    }
  });
});

describe('the answer', () => {
  /** Whoever is asked last answers first, and several at a time. */
  const backwards: Runner = async (jobs, onDone) => {
    const answers = [];
    for (const job of [...jobs].reverse()) {
      await new Promise((resolve) => { setTimeout(resolve, 0); });
      answers.push(replicate(structuredClone(job)));
      onDone();
    }
    return answers.reverse();
  };

  it('does not depend on who simulates, and in which order', async () => {
    const [here, there] = await Promise.all([study({}, { runner: oneByOne }), study({}, { runner: backwards })]);
    expect(JSON.stringify(there)).toBe(JSON.stringify(here));
  }, 120_000);

  it('says how far it has come', async () => {
    const seen: { done: number; planned: number }[] = [];
    await study({ objectives: [] }, { onProgress: (progress) => seen.push(progress) });
    expect(seen.at(-1)!.done).toBe(seen.at(-1)!.planned);
    expect(seen.map(({ done }) => done)).toEqual(seen.map((_, index) => index + 1));
  }, 120_000);

  it('is that it is not enough when an objective is missed, and how many would be', async () => {
    const result = await study({ workers: 2 });
    expect(result.verdict).toBe('not-enough');
    expect(result.sentence).toBe('Not enough: at 150/s p99(workers.sojourn) < 90ms is missed. workers would need 3 workers instead of 2.');
  }, 120_000);

  it('is that it is not enough when the backlog grows without end, however short a run is', async () => {
    const result = await study({ workers: 1, objectives: ['p99(workers.sojourn) < 10m'] });
    expect(result.verdict).toBe('not-enough');
    expect(result.sentence).toMatch(/workers is offered 1\.80 erlangs for 1 server, and the backlog grows without end/);
    expect(result.staffing[0]).toMatchObject({ least: 2 });
    expect(result.staffing[0]!.checks[0]).toMatchObject({ workers: 1, met: false, simulated: { value: 'Infinity' } });
  }, 120_000);

  it('believes the simulation where theory overlooked something', async () => {
    const result = await study({
      objectives: [], network: { default: { latency: '50ms' } },
      consumers: { workers: { count: 2, subscribe: 'mq/jobs', prefetch: 20, service: { exponential: { mean: '1ms' } }, crashes: [{ point: 'before-work', probability: 0.02, restart: '5s' }] } },
    });
    expect(result.verdict).toBe('not-enough');
    expect(result.sentence).toMatch(/workers handles .* in the simulation and not the 150\/s that come/);
  }, 120_000);

  it('leaves faults out, and says so', async () => {
    const result = await study({ objectives: [], faults: [{ kind: 'crash', target: 'mq.0', at: '10s', for: '10s' }], claims: ['at-least-once'] });
    expect(result.notes).toEqual(expect.arrayContaining([expect.stringMatching(/fault is left out/), expect.stringMatching(/claims are not judged/)]));
    expect(result.sentence).toMatch(/keeps up with what is offered/);
  }, 120_000);

  it('names the bottleneck of several queues', async () => {
    const result = await study({
      objectives: [],
      brokers: { mq: { kind: 'work-queue', storage: { durable: false }, processing: '1ms', queues: { jobs: {}, mails: {} } } },
      consumers: {
        workers: { count: 3, subscribe: 'mq/jobs', service: { exponential: { mean: '12ms' } }, publish: [{ to: 'mq/mails' }] },
        mailers: { count: 1, subscribe: 'mq/mails', service: { exponential: { mean: '5ms' } } },
      },
    });
    expect(result.stations.map(({ name, kind }) => [name, kind])).toEqual([['mailers', 'consumers'], ['workers', 'consumers'], ['mq thread', 'broker-thread']]);
    expect(result.stations[2]!.utilisation).toBeCloseTo(0.3, 12);
    expect(result.bottleneck).toBe('mailers');
  }, 120_000);

  it('is for a multiple of the load where that is asked for', async () => {
    const result = await study({ objectives: [] }, { load: 1.5 });
    expect(result.stations[0]!.arrivalRate).toBe(225);
    expect(result.notes[0]).toMatch(/1\.5 times the load/);
  }, 120_000);
});

describe('twice the load', () => {
  type Arrivals = NonNullable<ScenarioSettings['producers']>[string]['arrivals'];
  it.each<[string, Arrivals]>([
    ['constant', { constant: { rate: '20/s' } }],
    ['poisson', { poisson: { rate: '20/s' } }],
    ['renewal', { renewal: { mixture: [{ weight: 1, of: { lognormal: { mean: '30ms', scv: 2 } } }, { weight: 1, of: { shifted: { by: '10ms', of: { weibull: { scale: '10ms', shape: 2 } } } } }] } }],
    ['phases', { phases: { steps: [{ for: '10s', from: '5/s', to: '20/s' }, { for: '7s', rate: '9/s' }], repeat: true } }],
    ['daily', { daily: { low: '2/s', high: '20/s', period: '60s', peakAt: '20s' } }],
    ['Markov-modulated', { markovModulated: { states: { calm: '10/s', wild: '50/s' }, rates: { calm: { wild: '1/s' }, wild: { calm: '3/s' } } } }],
  ])('doubles arrivals: %s', (_, arrivals) => {
    const scenario = createScenario(settings({ producers: { web: { publish: 'mq/jobs', arrivals } } }));
    const rate = (of: typeof scenario) => arrivalsTo(of).get('mq/jobs')!.rate;
    expect(rate(withLoad(scenario, 2))).toBeCloseTo(2 * rate(scenario), 9);
    expect(withLoad(scenario, 1)).toBe(scenario);
  });
});
