import { describe, expect, it } from 'vitest';
import type { ArrivalsSpec } from '../../models/arrival-settings.ts';
import { arrivalProcess } from '../../models/arrivals.ts';
import { RandomStreams } from '../../sim/random.ts';
import { evennessError, kolmogorovSmirnov, meanError, momentsOf, zMax } from '../sim/statistics.ts';
import { told } from './small-system.ts';

const second = 1e9;

/** Times of the first arrivals, or of all before `until`, in seconds. */
function arrivals(spec: object, count: number, until = Infinity, seed = 1): number[] {
  const process = arrivalProcess(spec as ArrivalsSpec, new RandomStreams(seed).stream('arrivals'));
  const times: number[] = [];
  while (times.length < count) {
    const time = process.next() / second;
    if (time >= until) break;
    times.push(time);
  }
  return times;
}

function gapsOf(times: readonly number[]): Float64Array {
  return Float64Array.from(times, (time, index) => time - (times[index - 1] ?? 0));
}

describe('arrivals', () => {
  it('constant: at whole multiples of the gap, for ever', () => {
    expect(arrivals({ kind: 'constant', rate: 3 }, 7)).toEqual([1, 2, 3, 4, 5, 6, 7].map((n) => (n / 3) * 1e9 / 1e9));
    expect(arrivals({ kind: 'constant', rate: 3 }, 3_000_000).at(-1)).toBe(1_000_000);
  });

  it('Poisson: exponential gaps of the rate, independent of each other', () => {
    const gaps = gapsOf(arrivals({ kind: 'poisson', rate: 4 }, 100_000));
    expect(Math.abs(meanError(momentsOf(gaps), 0.25))).toBeLessThan(zMax);
    expect(kolmogorovSmirnov(gaps, (x) => -Math.expm1(-4 * x))).toBeLessThan(1);
    expect(Math.abs(correlation(gaps))).toBeLessThan(zMax / Math.sqrt(gaps.length));
  });

  it('renewal: gaps of any distribution', () => {
    const gaps = gapsOf(arrivals({ kind: 'renewal', gap: { kind: 'uniform', min: 1 * second, max: 3 * second } }, 50_000));
    expect(kolmogorovSmirnov(gaps, (x) => Math.min(1, Math.max(0, (x - 1) / 2)))).toBeLessThan(1);
    expect(Math.abs(correlation(gaps))).toBeLessThan(zMax / Math.sqrt(gaps.length));
  });

  it('recorded: at the times recorded, and then no more', () => {
    const process = arrivalProcess({ kind: 'recorded', times: [5, 5, 9] } as unknown as ArrivalsSpec, new RandomStreams(1).stream('arrivals'));
    expect([process.next(), process.next(), process.next(), process.next(), process.next()]).toEqual([5, 5, 9, Infinity, Infinity]);
  });

  it('phases, evenly: where the area under the rate is whole', () => {
    // Up from 0 to 10 per second in two seconds, an area of ten; then five at a steady rate; then down to nothing.
    const steps = [{ for: 2 * second, from: 0, to: 10 }, { for: 1 * second, from: 5, to: 5 }, { for: 2 * second, from: 10, to: 0 }];
    const times = arrivals({ kind: 'phases', process: 'constant', steps, repeat: false }, 1000);
    const area = (t: number): number => (t <= 2 ? 2.5 * t * t : t <= 3 ? 10 + 5 * (t - 2) : 15 + 10 * (t - 3) - 2.5 * (t - 3) * (t - 3));
    times.forEach((time, index) => expect(area(time)).toBeCloseTo(index + 1, 9));
    expect(times.length).toBeGreaterThanOrEqual(24);
    expect(times.length).toBeLessThanOrEqual(25);
  });

  it('phases, repeated: the same again, and a phase without arrivals is passed over', () => {
    const steps = [{ for: 1 * second, from: 4, to: 4 }, { for: 9 * second, from: 0, to: 0 }];
    const times = arrivals({ kind: 'phases', process: 'constant', steps, repeat: true }, 40);
    // The fourth arrival of a round falls on its end, where the next phase has none: it comes as the next round begins.
    times.forEach((time) => expect((time % 10) <= 1).toBe(true));
    expect(times[39]! - times[35]!).toBeCloseTo(10, 9);
  });

  it('phases, evenly: one that falls on the beginning of a ramp from nothing comes there', () => {
    const steps = [{ for: 1 * second, from: 4, to: 4 }, { for: 2 * second, from: 0, to: 10 }];
    expect(arrivals({ kind: 'phases', process: 'constant', steps, repeat: false }, 5)).toEqual([0.25, 0.5, 0.75, 1, expect.closeTo(1 + Math.sqrt(0.4), 9)]);
  });

  it('phases, Poisson: as many in each piece as its area says', () => {
    const steps = [{ for: 2 * second, from: 0, to: 40 }, { for: 2 * second, from: 10, to: 10 }];
    const times = arrivals({ kind: 'phases', process: 'poisson', steps, repeat: true }, 1_000_000, 4 * 2000);
    // Pieces with an area of ten each: 0–1, 1–√2, √2–√3, √3–2 of the ramp; 2–3 and 3–4 of the rest.
    const edges = [1, Math.SQRT2, Math.sqrt(3), 2, 3, 4];
    const counts = new Float64Array(6);
    for (const time of times) counts[edges.findIndex((edge) => time % 4 < edge)]!++;
    expect(Math.abs(evennessError(counts))).toBeLessThan(zMax);
    expect(Math.abs((times.length - 2000 * 60) / Math.sqrt(2000 * 60))).toBeLessThan(zMax);
  });

  it('daily: most at the peak, least half a period away, and their mean in between', () => {
    const day = { kind: 'daily', low: 2, high: 10, peakAt: 30 * second, period: 100 * second, process: 'poisson' };
    const times = arrivals(day, 1_000_000, 100 * 1000);
    const within = (from: number, to: number): number => times.filter((time) => time % 100 >= from && time % 100 < to).length / 1000;
    // The integral of low + (high − low)(1 + cos 2π(t − peak)/period)/2.
    const expected = (from: number, to: number): number => 6 * (to - from) + (4 * 100 / (2 * Math.PI)) * (Math.sin((2 * Math.PI * (to - 30)) / 100) - Math.sin((2 * Math.PI * (from - 30)) / 100));
    for (const [from, to] of [[25, 35], [75, 85], [0, 100], [50, 60]] as const) {
      expect(Math.abs(within(from, to) - expected(from, to))).toBeLessThan(zMax * Math.sqrt(expected(from, to) / 1000) + 0.001 * expected(from, to));
    }
  });

  describe('Markov-modulated', () => {
    const spec = { kind: 'markovModulated', states: { calm: 2, busy: 20, off: 0 }, rates: { calm: { busy: 1, off: 1 }, busy: { calm: 3 }, off: { calm: 4 } } };

    it('as many as the states and their shares say', () => {
      // Balance: busy = calm/3, off = calm/4; so calm 12/19, busy 4/19, off 3/19, and 104/19 arrivals a second.
      const times = arrivals(spec, 200_000);
      const batches = Array.from({ length: 50 }, (_, batch) => 4000 / (times[batch * 4000 + 3999]! - (times[batch * 4000 - 1] ?? 0)));
      expect(Math.abs(meanError(momentsOf(batches), 104 / 19))).toBeLessThan(zMax);
    });

    it('burstier than Poisson', () => {
      const counts = new Float64Array(2000);
      for (const time of arrivals(spec, 1_000_000, 2000)) counts[Math.floor(time)]!++;
      const { mean, variance } = momentsOf(counts);
      expect(variance / mean).toBeGreaterThan(2);
    });

    it('starts where it is told to', () => {
      const never = { ...spec, rates: {}, start: 'busy' };
      const gaps = gapsOf(arrivals(never, 20_000));
      expect(Math.abs(meanError(momentsOf(gaps), 1 / 20))).toBeLessThan(zMax);
      expect(arrivals({ ...spec, rates: {}, start: 'off' }, 5)).toEqual([]);
    });

    it('in a single state is Poisson', () => {
      const gaps = gapsOf(arrivals({ kind: 'markovModulated', states: { only: 4 }, rates: {} }, 20_000));
      expect(kolmogorovSmirnov(gaps, (x) => -Math.expm1(-4 * x))).toBeLessThan(1);
    });
  });
});

describe('a burst', () => {
  const published = (producer: object, faults: object[] = []): number[] =>
    told({ producer: producer as never, consumer: 'none', faults: faults as never }, 'published').map(Number.parseFloat);
  const burst = (factor: number, at: string, lasting: string) => ({ kind: 'burst', target: 'producers.web', factor, at, for: lasting });

  it('rescales what is left of a gap, exactly', () => {
    // Every 100 ms; from 50 to 250 ms four times as fast: 50 + 12.5, then every 25; at 250 half of a gap has passed: 250 + 50.
    expect(published({ arrivals: { constant: { rate: '10/s' } }, messages: 11 }, [burst(4, '50ms', '200ms')])).toEqual([62.5, 87.5, 112.5, 137.5, 162.5, 187.5, 212.5, 237.5, 300, 400, 500]);
  });

  it('multiplies where several overlap, and leaves the old rate behind', () => {
    const times = published({ arrivals: { constant: { rate: '10/s' } }, messages: 40 }, [burst(3, '100ms', '300ms'), burst(2, '200ms', '100ms')]);
    // 100 ms at one, 100 at three, 100 at six, 100 at three: 1, 3, 6 and 3 gaps.
    expect(times.filter((time) => time <= 400)).toHaveLength(13);
    expect(times[14]! - times[13]!).toBeCloseTo(100, 5);
  });

  it('takes from the same draws: the operational times are those without it', () => {
    const producer = { arrivals: { poisson: { rate: '50/s' } }, messages: 200 };
    const calm = published(producer);
    const hurried = published(producer, [burst(4, '500ms', '1s')]);
    const operational = (time: number): number => (time <= 500 ? time : time <= 1500 ? 500 + 4 * (time - 500) : 4500 + (time - 1500));
    hurried.forEach((time, index) => expect(operational(time)).toBeCloseTo(calm[index]!, 4));
  });

  it('slows down as well', () => {
    expect(published({ arrivals: { constant: { rate: '10/s' } }, messages: 4 }, [burst(0.5, '50ms', '200ms')])).toEqual([150, 300, 400, 500]);
  });
});

function correlation(values: Float64Array): number {
  const { mean, variance } = momentsOf(values);
  let sum = 0;
  for (let at = 1; at < values.length; at++) sum += (values[at]! - mean) * (values[at - 1]! - mean);
  return sum / (values.length - 1) / variance;
}
