import { describe, expect, it } from 'vitest';
import tychei from 'seedrandom/lib/tychei.js';
import { type RandomStream, RandomStreams } from '../../sim/random.ts';
import { normalCumulative } from '../../sim/special-functions.ts';
import { exponentialZiggurat, normalZiggurat, type Ziggurat } from '../../sim/ziggurat.ts';
import { countError, drawMany, evennessError, kolmogorovSmirnov, meanError, momentsOf, varianceError, zMax } from './statistics.ts';

const stream = (name = 'test', seed = 1, replication = 0) => new RandomStreams(seed, replication).stream(name);
const firstFive = (one: RandomStream) => [...drawMany(5, () => one.double())];

describe('named streams', () => {
  it('begin with known values', () => {
    const known = stream('producer/orders/gap', 42);
    expect([known.double(), known.double(), known.below(1000), known.exponential(), known.normal()]).toEqual([
      0.4096035965999375, 0.9321605261291686, 899, 0.13257330729474529, 1.7141260786291368,
    ]);
    expect(firstFive(stream('producer/orders/gap', 42, 1))).toEqual([
      0.4776764599335708, 0.6935905476876217, 0.32069388702578583, 0.6663433072905292, 0.935509059163517,
    ]);
  });

  it("are seedrandom's tychei, seeded by seed, replication and name", () => {
    const ours = stream('some name', 7, 3);
    const theirs = tychei('faultline/7/3/some name');
    expect(drawMany(100, () => ours.double())).toEqual(drawMany(100, () => theirs.double()));
  });

  it('differ by seed, by replication and by name, however those are cut', () => {
    const firsts = [
      stream('a', 1, 1), stream('a', 11, 0), stream('a', 1, 0), stream('a', 0, 1), stream('1/a', 1, 0), stream('0/a', 1, 1),
      stream('/a', 1, 0), stream('a/', 1, 0), stream('', 1, 0), stream('A', 1, 0), stream('a', 2 ** 53 - 1, 0), stream('a', 2 ** 53 - 2, 0),
    ].map((one) => firstFive(one).join());
    expect(new Set(firsts).size).toBe(firsts.length);
  });

  it('do not change when others come or go', () => {
    const alone = stream('b');
    const streams = new RandomStreams(1);
    const before = streams.stream('a');
    const among = streams.stream('b');
    const after = streams.stream('c');
    for (let i = 0; i < 1000; i++) {
      before.normal();
      after.exponential();
      expect(among.double()).toBe(alone.double());
    }
  });

  it('are uncorrelated with each other and with themselves', () => {
    const count = 200_000;
    const correlations = [
      [stream('consumers.1'), stream('consumers.2')], [stream('a', 1), stream('a', 2)], [stream('a', 1, 0), stream('a', 1, 1)],
    ].map(([one, other]) => momentsOf(drawMany(count, () => (one.double() - 0.5) * (other.double() - 0.5))));
    const one = stream('a');
    let last = 0;
    correlations.push(momentsOf(drawMany(count, () => -last * ((last = one.double() - 0.5)))));
    for (const correlation of correlations) expect(Math.abs(meanError(correlation, 0))).toBeLessThan(zMax);
  });

  it('start independently: the first draws of ten thousand streams are uniform', () => {
    const streams = new RandomStreams(5);
    const firsts = Float64Array.from({ length: 10_000 }, (_, index) => streams.stream(`consumers.${index}`).double());
    expect(kolmogorovSmirnov(firsts, (x) => x)).toBeLessThan(1);
  });

  it('are given out once', () => {
    const streams = new RandomStreams(1);
    streams.stream('gap');
    expect(() => streams.stream('gap')).toThrow('"gap" is already in use');
    expect(() => streams.stream('gaps')).not.toThrow();
  });
});

describe('double', () => {
  it('is uniform, never 0 and never 1', () => {
    const one = stream('double');
    const values = drawMany(1_000_000, () => one.double());
    expect(kolmogorovSmirnov(values, (x) => x)).toBeLessThan(1);
    expect(Math.min(...firstFive(one), values.reduce((a, b) => Math.min(a, b)))).toBeGreaterThan(0);
    expect(values.reduce((a, b) => Math.max(a, b))).toBeLessThan(1);
  });

  it('has 53 random bits', () => {
    const one = stream('bits');
    const ones = new Array<number>(53).fill(0);
    for (let draw = 0; draw < 20_000; draw++) {
      let rest = one.double();
      for (let bit = 0; bit < 53; bit++) {
        rest *= 2;
        if (rest >= 1) {
          ones[bit]++;
          rest -= 1;
        }
      }
      expect(rest).toBe(0);
    }
    for (const count of ones) expect(Math.abs(countError(count, 0.5, 20_000))).toBeLessThan(zMax);
  });
});

describe('below', () => {
  it.each([2, 3, 7, 100, 1000])('gives every whole number below %d equally often', (n) => {
    const one = stream(`below ${n}`);
    const counts = new Array<number>(n).fill(0);
    for (let draw = 0; draw < 200_000; draw++) counts[one.below(n)]++;
    expect(counts).toHaveLength(n);
    expect(Math.abs(evennessError(counts))).toBeLessThan(zMax);
  });

  it.each([2 ** 21, 2 ** 21 + 1, 3 * 2 ** 30, 2 ** 53 - 1, 2 ** 53])('reaches all of a large range, %d', (n) => {
    const one = stream(`below ${n}`);
    const values = drawMany(100_000, () => one.below(n));
    expect(values.every((value) => Number.isSafeInteger(value) && value >= 0 && value < n)).toBe(true);
    expect(kolmogorovSmirnov(values, (x) => (x + 1) / n)).toBeLessThan(1);
  });

  it('has no bias where a remainder alone would have one', () => {
    // Of 2^53 numbers, the remainder modulo 3 × 2^51 falls into the lowest third half of the time.
    const one = stream('bias');
    let low = 0;
    for (let draw = 0; draw < 100_000; draw++) if (one.below(3 * 2 ** 51) < 2 ** 51) low++;
    expect(Math.abs(countError(low, 1 / 3, 100_000))).toBeLessThan(zMax);
    expect(Math.abs(countError(50_000, 1 / 3, 100_000))).toBeGreaterThan(zMax);
  });

  it('gives 0 below 1', () => {
    expect([...drawMany(10, () => stream().below(1))]).toEqual(new Array(10).fill(0));
  });

  it.each([0, -1, 1.5, Number.NaN, Infinity, 2 ** 53 + 2])('refuses %d', (n) => {
    expect(() => stream().below(n)).toThrow(RangeError);
  });
});

describe('exponential', () => {
  const one = stream('exponential');
  const values = drawMany(1_000_000, () => one.exponential());

  it('has the mean, the variance and the shape', () => {
    const moments = momentsOf(values);
    expect(Math.abs(meanError(moments, 1))).toBeLessThan(zMax);
    expect(Math.abs(varianceError(moments, 1))).toBeLessThan(zMax);
    expect(kolmogorovSmirnov(values, (x) => -Math.expm1(-x))).toBeLessThan(1);
    expect(values.every((value) => value > 0)).toBe(true);
  });

  it.each([1e-4, 0.01, 1, 4, exponentialZiggurat.edge, 9, 11])('exceeds %d as often as it should', (x) => {
    expect(Math.abs(countError(values.filter((value) => value > x).length, Math.exp(-x), values.length))).toBeLessThan(zMax);
  });
});

describe('normal', () => {
  const one = stream('normal');
  const values = drawMany(1_000_000, () => one.normal());

  it('has the mean, the variance and the shape', () => {
    const moments = momentsOf(values);
    expect(Math.abs(meanError(moments, 0))).toBeLessThan(zMax);
    expect(Math.abs(varianceError(moments, 1))).toBeLessThan(zMax);
    expect(kolmogorovSmirnov(values, normalCumulative)).toBeLessThan(1);
  });

  it.each([1e-4, 0.2, 1, 3, normalZiggurat.edge, 4.2])('exceeds %d on either side as often as it should', (x) => {
    const tail = 1 - normalCumulative(x);
    expect(Math.abs(countError(values.filter((value) => value > x).length, tail, values.length))).toBeLessThan(zMax);
    expect(Math.abs(countError(values.filter((value) => value < -x).length, tail, values.length))).toBeLessThan(zMax);
  });
});

/** Beyond the ziggurats' edges only many draws tell a wrong tail from a right one. */
describe('far tails', () => {
  const draws = 10_000_000;
  const exceeding = (limits: readonly number[], draw: () => number): number[] => {
    const counts = limits.map(() => 0);
    for (let i = 0; i < draws; i++) {
      const value = draw();
      if (value > limits[0]) limits.forEach((limit, index) => (counts[index] += value > limit ? 1 : 0));
    }
    return counts;
  };

  it('of the exponential fall by e with each step', () => {
    const one = stream('far exponential');
    const limits = [exponentialZiggurat.edge - 0.05, exponentialZiggurat.edge, 8.5, 10, 12];
    exceeding(limits, () => one.exponential()).forEach((count, index) => {
      expect(Math.abs(countError(count, Math.exp(-limits[index]), draws)), String(limits[index])).toBeLessThan(zMax);
    });
  });

  it('of the normal fall as they should, on either side', () => {
    const one = stream('far normal');
    const limits = [normalZiggurat.edge - 0.05, normalZiggurat.edge, 3.9, 4.3];
    exceeding(limits, () => Math.abs(one.normal())).forEach((count, index) => {
      expect(Math.abs(countError(count, 2 * normalCumulative(-limits[index]), draws)), String(limits[index])).toBeLessThan(zMax);
    });
  });
});

describe('the ziggurats', () => {
  const right = (table: Ziggurat, layer: number) => table.width[layer] * (table === exponentialZiggurat ? 2 ** 24 : 2 ** 23);

  it.each([
    ['exponential', exponentialZiggurat, (x: number) => Math.exp(-x), Math.exp(-exponentialZiggurat.edge)],
    ['normal', normalZiggurat, (x: number) => Math.exp(-0.5 * x * x), Math.sqrt(2 * Math.PI) * (1 - normalCumulative(normalZiggurat.edge))],
  ])('have layers of equal area under the %s density, the lowest with its tail', (_name, table, density, tail) => {
    const lowest = table.edge * density(table.edge) + tail;
    expect(right(table, 0) * density(table.edge)).toBeCloseTo(lowest, 10);
    for (let layer = 1; layer < 256; layer++) {
      const left = layer === 1 ? 0 : right(table, layer - 1);
      const inner = layer === 1 ? 0 : table.inside[layer] / (table === exponentialZiggurat ? 2 ** 24 : 2 ** 23) * right(table, layer);
      expect(inner).toBeCloseTo(left, 5);
      expect(right(table, layer) * (density(left) - density(right(table, layer)))).toBeCloseTo(lowest, 10);
      expect(table.height[layer]).toBeCloseTo(density(right(table, layer)), 14);
    }
  });
});
