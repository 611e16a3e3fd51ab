/**
 * Intervals of 99 % miss once in a hundred. That is asked of the rules alone, on a queue of which everything is known: M/M/1 at
 * utilisation 0.8, message by message by Lindley's recursion, thousands of short runs.
 */
import { beforeAll, describe, expect, it } from 'vitest';
import { type Interval, intervalOfLevels, intervalOfMean, intervalOfQuantile, intervalOfRates, isTelling } from '../../../scenarios/predictions/intervals.ts';
import { Histogram } from '../../../sim/histogram.ts';
import { RandomStreams } from '../../../sim/random.ts';

const load = 0.8;
/** In services: 1/(1 − √load)². */
const relaxationTime = 1 / ((1 - Math.sqrt(load)) * (1 - Math.sqrt(load)));
const second = 1e9;
const parts = 20;

interface Run {
  readonly waits: readonly Histogram[];
  readonly sojourns: readonly Histogram[];
  readonly inSystem: readonly number[];
  readonly busy: readonly number[];
}

/** A service takes a second in the mean; what is measured begins after ten relaxation times. */
function run(seed: number, relaxations: number): Run {
  const random = new RandomStreams(seed).stream('queue');
  const warmUp = 10 * relaxationTime;
  const part = (relaxations * relaxationTime) / parts;
  const waits = Array.from({ length: parts }, () => new Histogram());
  const sojourns = Array.from({ length: parts }, () => new Histogram());
  const inSystem = new Array<number>(parts).fill(0);
  const busy = new Array<number>(parts).fill(0);
  let wait = 0;
  for (let arrival = random.exponential() / load - warmUp; arrival < part * parts;) {
    const service = random.exponential();
    const index = Math.floor(arrival / part);
    waits[index]?.record(Math.round(wait * second));
    sojourns[index]?.record(Math.round((wait + service) * second));
    spread(inSystem, part, arrival, arrival + wait + service);
    spread(busy, part, arrival + wait, arrival + wait + service);
    const gap = random.exponential() / load;
    wait = Math.max(0, wait + service - gap);
    arrival += gap;
  }
  return { waits, sojourns, inSystem: inSystem.map((area) => area / part), busy: busy.map((area) => area / part) };
}

/** Adds a stretch of time to the parts that it lies in. */
function spread(areas: number[], part: number, from: number, until: number): void {
  for (let index = Math.max(0, Math.floor(from / part)); index < areas.length && index * part < until; index++) {
    areas[index]! += Math.max(0, Math.min(until, (index + 1) * part) - Math.max(from, index * part));
  }
}

const wait = (q: number): number => Math.log(load / (1 - q)) / (1 - load);
const sojourn = (q: number): number => -Math.log(1 - q) / (1 - load);

interface Coverage {
  told: number;
  below: number;
  above: number;
}

/** How often the intervals of many runs lie below or above what is true; percentiles are read off buckets. */
function coverage(runs: readonly Run[], truth: number, intervalOf: (run: Run) => Interval, reading = 0): Coverage {
  const counted = { told: 0, below: 0, above: 0 };
  for (const each of runs) {
    const interval = intervalOf(each);
    if (interval === null) continue;
    counted.told++;
    if (interval[1] * (1 + reading) < truth) counted.below++;
    if (interval[0] * (1 - reading) > truth) counted.above++;
  }
  return counted;
}

describe('intervals of 99 %, of runs that are just long enough,', () => {
  const relaxations = 300;
  const count = 2000;
  let runs: Run[];
  beforeAll(() => {
    runs = Array.from({ length: count }, (_, seed) => run(seed + 1, relaxations));
  }, 120_000);

  it.each<[string, number, (run: Run) => Interval]>([
    ['the share of busy time', load, ({ busy }) => intervalOfRates(busy, relaxations)],
    ['the mean number in the system', load / (1 - load), ({ inSystem }) => intervalOfLevels(inSystem, relaxations)],
    ['the mean wait', load / (1 - load), ({ waits }) => intervalOfMean(waits, relaxations)],
    ['the mean sojourn', 1 / (1 - load), ({ sojourns }) => intervalOfMean(sojourns, relaxations)],
    ['the median wait', wait(0.5), ({ waits }) => intervalOfQuantile(waits, 0.5, relaxations)],
    ['the 90th percentile of waits', wait(0.9), ({ waits }) => intervalOfQuantile(waits, 0.9, relaxations)],
    ['the median sojourn', sojourn(0.5), ({ sojourns }) => intervalOfQuantile(sojourns, 0.5, relaxations)],
    ['the 95th percentile of sojourns', sojourn(0.95), ({ sojourns }) => intervalOfQuantile(sojourns, 0.95, relaxations)],
  ])('miss %s about once in a hundred', (what, truth, intervalOf) => {
    const { told, below, above } = coverage(runs, truth, intervalOf, /median|percentile/.test(what) ? 1 / 256 : 0);
    expect(told).toBeGreaterThan(0.85 * count);
    expect((below + above) / told).toBeGreaterThan(0.004);
    expect((below + above) / told).toBeLessThan(0.018);
  });

  it('would show a formula that is 30 % off', () => {
    expect(coverage(runs, (0.7 * load) / (1 - load), ({ waits }) => intervalOfMean(waits, relaxations)).above).toBeGreaterThan(count / 2);
  });
});

describe('an interval', () => {
  const few = run(1, 150);

  it('is none where the run is too short for it, and those of rates are shorter', () => {
    expect(intervalOfMean(few.waits, 150)).toBeNull();
    expect(intervalOfLevels(few.inSystem, 150)).toBeNull();
    expect(intervalOfQuantile(few.waits, 0.5, 150)).toBeNull();
    expect(intervalOfRates(few.busy, 150)).not.toBeNull();
    expect(intervalOfRates(few.busy, 49)).toBeNull();
  });

  it('of a percentile is none where too little was beyond it', () => {
    const long = run(2, 300);
    expect(intervalOfQuantile(long.waits, 0.99, 300)).toBeNull();
    expect(intervalOfQuantile(long.waits, 0.95, 300)).not.toBeNull();
  });

  it('of a percentile knows that most did not wait', () => {
    const waits = Array.from({ length: 20 }, (_, part) => {
      const histogram = new Histogram();
      for (let index = 0; index < 1000; index++) histogram.record(index % 10 < 4 + (part % 3) ? 0 : second);
      return histogram;
    });
    const [low, high] = intervalOfQuantile(waits, 0.5, 1000)!;
    expect([low, high]).toEqual([0, expect.closeTo(1, 2)]);
    expect(intervalOfQuantile(waits, 0.3, 1000)).toEqual([0, 0]);
  });

  it('of a mean reaches further above than below, and as far as ten times the mean when one batch has nearly everything', () => {
    const [low, high] = intervalOfLevels([...new Array<number>(15).fill(1), 2, 2, 2, 2, 2], 200)!;
    expect(1 / low - 1 / 1.25).toBeCloseTo(1 / 1.25 - 1 / high, 12);
    const outage = intervalOfLevels([...new Array<number>(19).fill(0), 40], 200)!;
    expect(outage).toEqual([expect.closeTo(2 / (1 + 3.2498), 3), expect.closeTo(20, 9)]);
  });

  it('that is wide tells nothing, wherever the prediction lies', () => {
    expect([0.5, 1, 3, 4].map((predicted) => isTelling([1, 3], predicted, 1.5))).toEqual([true, true, false, false]);
    expect([2, 4, 5].map((predicted) => isTelling([0, 3], predicted, 1.5))).toEqual([false, false, false]);
    expect([1, 2, 3].map((predicted) => isTelling([1.6, 2.5], predicted, 2))).toEqual([true, true, true]);
    // An outage: ten times as much as was predicted, and nearly all of it in one batch.
    expect(isTelling([0.3, 10], 0.1, 1)).toBe(true);
  });
});
