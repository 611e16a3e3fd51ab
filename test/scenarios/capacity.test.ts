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

describe('where theory and simulation differ', () => {
  const daily = { producers: { web: { publish: 'mq/jobs', arrivals: { daily: { low: '10/s', high: '190/s', period: '30s', peakAt: '15s' } } } } } as const;

  it('a simulated load that clearly misses refutes a limit of theory, which knows the mean of the day alone', async () => {
    const { objectives: [objective], sentence } = await study({ ...daily, phases: { warmUp: '0s', measure: '30s', drain: '1m' }, workers: 2, objectives: ['p99(workers.sojourn) < 1s'] });
    expect(objective).toMatchObject({ isRefuted: true });
    expect(objective!.predictedUntil as number).toBeGreaterThan(1.3);
    expect(objective!.missedAt!).toBeLessThan(objective!.predictedUntil as number);
    expect(sentence).toContain(`no longer at ${objective!.missedAt} times the load`);
  }, 120_000);

  it('the load at which an objective ends is closed in upon by simulation', async () => {
    const { objectives: [objective], sentence } = await study({ ...daily, phases: { warmUp: '0s', measure: '30s', drain: '1m' }, workers: 3, objectives: ['p99(workers.sojourn) < 1s'] });
    const { metAt, missedAt } = objective!;
    expect(missedAt! / metAt!).toBeLessThan(1.1);
    expect(sentence).toMatch(/^Enough: .* It is enough in the simulation at [\d.]+ times the load \([\d.]+\/s\) and no longer at [\d.]+ times the load/);
  }, 120_000);
});

describe('two groups of unequal speed on one queue', () => {
  let result: CapacityResult;
  beforeAll(async () => {
    result = await study({
      rate: '100/s', objectives: ['p99(slow.sojourn) < 300ms', 'p99(mq/jobs.sojourn) < 250ms'],
      consumers: {
        fast: { count: 2, subscribe: 'mq/jobs', service: { exponential: { mean: '10ms' } } },
        slow: { count: 2, subscribe: 'mq/jobs', service: { exponential: { mean: '40ms' } } },
      },
    });
  }, 120_000);

  it('have no figures of their own by theory, and are simulated', () => {
    const [ofGroup, ofQueue] = result.objectives;
    expect(ofGroup).toMatchObject({ met: true, predicted: null, predictedUntil: null });
    expect(ofQueue).toMatchObject({ met: true, predicted: expect.any(Number) });
    expect(result.sentence).toMatch(/^Enough: .* It is enough .*[12]\.\d+ times/);
    expect(result.staffing[0]).toMatchObject({ group: 'slow', remark: expect.stringMatching(/^by simulation alone/) });
  });

  it('are each looked at without the other', () => {
    const [fast, slow, node] = result.outages;
    expect([fast!.what, slow!.what, node!.what]).toEqual(['all workers of fast', 'all workers of slow', 'the node mq.0']);
    // Without the fast ones 50 of 100 a second are left over for 5 s; without the slow ones none are.
    expect(fast!.fluid).toEqual({ peakBacklog: expect.closeTo(250, 6), drainTime: expect.closeTo(250 / 150, 6) });
    expect(slow!.fluid).toEqual({ peakBacklog: 0, drainTime: 0 });
    expect(Math.abs((fast!.simulated.peakBacklog.value as number) / 250 - 1)).toBeLessThan(0.15);
  });
});

describe('what bounds a backlog', () => {
  const bounded = (queue: object, storage: object = { durable: false }) => ({ brokers: { mq: { kind: 'work-queue', storage, queues: { jobs: queue } } } }) as unknown as Partial<ScenarioSettings>;

  it('is the length of its queue, which is full when it is offered too much', async () => {
    const overloaded = await study({ ...bounded({ maxLength: 10, overflow: 'reject' }), rate: '250/s', workers: 2, objectives: ['p99(workers.sojourn) < 200ms'] });
    expect(overloaded.verdict).toBe('not-enough');
    expect(overloaded.sentence).toMatch(/workers is offered 3\.00 erlangs for 2 servers, and its full queue refuses the rest/);
    expect(overloaded.stations[0]).toMatchObject({ whenFull: 'refuse' });
    expect(overloaded.outages).toEqual([]);
    expect(overloaded.notes).toContain('mq/jobs: no outage is looked at, since what it leaves behind would never drain');

    const calm = await study(bounded({ maxLength: 10, overflow: 'drop-head' }));
    expect(calm.outages[0]).toMatchObject({ fluid: { peakBacklog: 10 }, remark: expect.stringContaining('the queue holds 10 messages at most and drops the oldest') });
    expect(calm.outages[0]!.simulated.peakBacklog.value as number).toBeLessThanOrEqual(11);
  }, 120_000);

  it('is how long messages live', async () => {
    const { outages: [workers] } = await study(bounded({ ttl: '1s' }));
    expect(workers).toMatchObject({ fluid: { peakBacklog: 150 }, remark: expect.stringContaining('messages expire after 1 s') });
    // The greatest of many counts whose mean is 150.
    expect(workers!.simulated.peakBacklog.value as number).toBeGreaterThan(150);
    expect(workers!.simulated.peakBacklog.value as number).toBeLessThan(150 + 5 * Math.sqrt(150));
  }, 120_000);

  it('is how fast a broker takes what waited for it', async () => {
    const { outages } = await study({ brokers: { mq: { kind: 'work-queue', storage: { durable: false }, processing: '2ms', queues: { jobs: {} } } } });
    const node = outages.find(({ kind }) => kind === 'broker-node')!;
    expect(node.remark).toMatch(/the broker takes no more than [\d.]+\/s/);
    expect(node.fluid.peakBacklog).toBeLessThan(900);
    expect(Math.abs((node.simulated.drainTime.value as number) / (node.fluid.drainTime as number) - 1)).toBeLessThan(0.35);
  }, 120_000);
});

describe('what is asked', () => {
  it.each<[Parameters<typeof studyCapacity>[1], RegExp]>([
    [{ replications: 0 }, /replications is 0/],
    [{ replications: 5.5 }, /replications is 5\.5/],
    [{ load: -1 }, /load is -1/],
    [{ load: Number.NaN }, /load is NaN/],
    [{ outage: '5' }, /outage is "5"/],
    [{ outage: 10 }, /outage is 10/],
  ])('is refused when it is %o', async (options, complaint) => {
    await expect(studyCapacity(createScenario(settings()), options)).rejects.toThrow(complaint);
  });

  it('takes the length of an outage in words', async () => {
    const [inWords, inNanos] = await Promise.all([study({ objectives: [] }, { outage: '2s' }), study({ objectives: [] }, { outage: 2e9 })]);
    expect(inWords).toEqual(inNanos);
    expect(inWords.outages[0]!.length).toBe(2);
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
