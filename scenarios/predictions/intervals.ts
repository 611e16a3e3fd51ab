/**
 * How sure a run is of its own numbers, by batch means: what a queue holds now it still feels a relaxation time later, so only batches
 * that last several of those are independent. A run too short for that says nothing.
 *
 * A run without long waits shows a short mean and, with it, batches that hardly differ: intervals that take both at their word miss
 * far more than they should, all of them below. So waits are measured in longer batches than shares of busy time, and in terms in which
 * an estimate's error does not grow with it: the reciprocal of a mean, the share of the messages beyond a quantile. How often all of
 * them miss, at what length, is kept by `test/scenarios/predictions/coverage.test.ts`.
 */
import { batchedMeanInterval, meanInterval } from '../../sim/confidence.ts';
import { Histogram } from '../../sim/histogram.ts';

export type Interval = readonly [number, number] | null;

/** Of all intervals that stand beside predictions: one in a hundred misses what is true. */
export const level = 0.99;

/** Of what is bounded, as the share of busy servers is, few batches say enough. */
const countsOfRates = [20, 10, 5] as const;
/** More batches of the same run are shorter and so further from normal; fewer have a wide Student t. */
const batches = 10;
/** A batch lasts at least so many relaxation times, one of what may grow without bound twice that. */
const relaxationsOfRates = 10;
const relaxationsOfLevels = 20;
/** A batch spends so many beyond a quantile: long waits come together, and of fewer such times most intervals would have no end. */
const relaxationsBeyond = 1.5;
/** A batch's share beyond a quantile is nearly normal when so many of its observations lie there. */
const beyondMin = 10;
/** Share of the batches that must have seen something else than zero. */
const telling = 0.8;

/** The mean of what is bounded from values over equal stretches. `relaxations`: how many relaxation times they cover. */
export function intervalOfRates(values: readonly number[], relaxations: number): Interval {
  const count = countsOfRates.find((each) => relaxations / each >= relaxationsOfRates);
  return count === undefined ? null : notNegative(meanInterval(means(values, count), level));
}

/** The mean of what may grow without bound, from its time averages over equal stretches. */
export function intervalOfLevels(values: readonly number[], relaxations: number): Interval {
  return relaxations < batches * relaxationsOfLevels ? null : byReciprocal(meanInterval(means(values, batches), level));
}

/** The mean of what was recorded, in seconds. Null when most batches saw nothing but zeros: then the few that did not say too little. */
export function intervalOfMean(parts: readonly Histogram[], relaxations: number): Interval {
  if (relaxations < batches * relaxationsOfLevels) return null;
  const seen = gathered(parts, batches).filter(({ count }) => count > 0);
  const isRare = seen.filter(({ sum }) => sum > 0).length < seen.length * telling;
  return isRare ? null : inSeconds(byReciprocal(batchedMeanInterval(seen, level)));
}

/**
 * A quantile by the share of the observations beyond it, which differs from batch to batch: the interval of that share, read off all
 * observations as quantiles (Woodruff, Journal of the American Statistical Association 47, 1952). It knows atoms, where a quantile
 * of batches jumps. Null when the run ends before the interval does.
 */
export function intervalOfQuantile(parts: readonly Histogram[], q: number, relaxations: number): Interval {
  if (relaxations < batches * relaxationsOfLevels || relaxations * (1 - q) < batches * relaxationsBeyond) return null;
  const sections = gathered(parts, batches);
  if (sections.some(({ count }) => count * (1 - q) < beyondMin)) return null;
  const all = gathered(sections, 1)[0]!;
  const end = endOfBucket(all, all.quantile(q));
  // A value that many have is beyond the quantile or not: the share is as unsure as it is on its worse side.
  const reach = Math.max(reachOfShare(sections, (upTo) => upTo > end), reachOfShare(sections, (upTo) => upTo >= end));
  return q + reach >= 1 ? null : inSeconds([all.quantile(Math.max(0, q - reach)), all.quantile(q + reach)]);
}

/**
 * An interval that reaches further than half of its value agrees with nearly anything: it tells nothing, neither that a prediction lies
 * in it nor that it does not, or those that tell would be a choice of those that differ. What differs much may be far above the
 * prediction and vary as much: then it is enough that the interval would be narrow about the prediction, by the same spread of reciprocals.
 */
export function isTelling([low, high]: readonly [number, number], predicted: number, simulated: number): boolean {
  return high - low <= simulated || predicted * (1 / low - 1 / high) <= 1;
}

/**
 * The same interval, but symmetric for the reciprocal: in heavy traffic the standard error of a queue's means grows like their
 * square (Whitt, Planning queueing simulations, Management Science 35, 1989), so that of the reciprocal is the same whether the run saw
 * much or little waiting. Where it has no upper end, as after an outage, ten times the mean stands for it.
 */
function byReciprocal(interval: Interval): Interval {
  if (interval === null || interval[1] === 0) return null;
  const mean = (interval[0] + interval[1]) / 2;
  const reach = (interval[1] - interval[0]) / 2 / mean;
  return [mean / (1 + reach), mean / (1 - Math.min(0.9, reach))];
}

/** Nothing that is measured here is negative, whatever Student says of batches that differ much. */
function notNegative(interval: Interval): Interval {
  return interval === null ? null : [Math.max(0, interval[0]), interval[1]];
}

function inSeconds(interval: Interval): Interval {
  return interval === null ? null : [interval[0] / 1e9, interval[1] / 1e9];
}

/** Where the bucket of a value ends that was read off the histogram. */
function endOfBucket(histogram: Histogram, value: number): number {
  return value === 0 ? 0 : histogram.buckets().find(({ upTo }) => upTo > value)!.upTo;
}

/** How far the share of the observations in some buckets may be off. */
function reachOfShare(sections: readonly Histogram[], isCounted: (upTo: number) => boolean): number {
  const counts = sections.map((section) => ({ sum: section.buckets().reduce((sum, { upTo, count }) => (isCounted(upTo) ? sum + count : sum), 0), count: section.count }));
  const [low, high] = batchedMeanInterval(counts, level)!;
  return (high - low) / 2;
}

function means(values: readonly number[], count: number): number[] {
  return together(values, count).map((part) => part.reduce((sum, value) => sum + value, 0) / part.length);
}

function together<T>(values: readonly T[], count: number): T[][] {
  const size = values.length / count;
  return Array.from({ length: count }, (_, index) => values.slice(Math.round(index * size), Math.round((index + 1) * size))).filter((part) => part.length > 0);
}

function gathered(parts: readonly Histogram[], count: number): Histogram[] {
  return together(parts, count).map((part) => {
    const all = new Histogram();
    for (const each of part) all.merge(each);
    return all;
  });
}
