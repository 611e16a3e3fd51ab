/**
 * How sure a run is of its own numbers: batch means, from as many batches as are long enough to be independent.
 *
 * What a queue holds now it still feels a relaxation time later. So twenty batches are used when each lasts several of
 * those, otherwise ten or five; a run too short for five says nothing.
 */
import { batchedMeanInterval, meanInterval, studentQuantile } from '../../sim/confidence.ts';
import { Histogram } from '../../sim/histogram.ts';

export type Interval = readonly [number, number] | null;

/** Of all intervals that stand beside predictions: one in a hundred misses what is true. */
export const level = 0.99;

const batchCounts = [20, 10, 5] as const;
/** A batch lasts at least so many relaxation times. */
const relaxationsInBatch = 10;
/** A batch's own quantile means something when so many of its observations lie beyond it. */
const beyondMin = 10;
/** Share of the batches that must have seen something else than zero. */
const telling = 0.8;

/** How many batches a phase of that length allows; undefined when it is too short. */
export function batchesFor(measuredSeconds: number, relaxationTime: number): number | undefined {
  return batchCounts.find((count) => measuredSeconds / count >= relaxationsInBatch * relaxationTime);
}

/** The mean of values, one for each twentieth of the phase. */
export function intervalOfMeans(values: readonly number[], batches: number): Interval {
  return values.length === 0 ? null : notNegative(meanInterval(together(values, batches).map((part) => part.reduce((sum, value) => sum + value, 0) / part.length), level));
}

/** The mean of what was recorded, in seconds. Null when most batches saw nothing but zeros: then the few that did not say too little. */
export function intervalOfMean(parts: readonly Histogram[], batches: number): Interval {
  const seen = gathered(parts, batches).filter(({ count }) => count > 0);
  const isRare = seen.filter(({ sum }) => sum > 0).length < seen.length * telling;
  return isRare ? null : inSeconds(batchedMeanInterval(seen, level));
}

/**
 * A quantile by sectioning: centred at that of all observations, its spread from those of the batches (Asmussen & Glynn,
 * Stochastic Simulation, 2007, III.4a). Long waits come together: a batch must last so long that it sees about one such time
 * of its own beyond the quantile. Null when the batches are too small for it.
 */
export function intervalOfQuantile(parts: readonly Histogram[], q: number, measuredSeconds: number, relaxationTime: number): Interval {
  const usable = batchCounts.filter((count) => (measuredSeconds / count) * (1 - q) >= relaxationTime && measuredSeconds / count >= relaxationsInBatch * relaxationTime)
    .map((count) => gathered(parts, count))
    .find((sections) => sections.every(({ count }) => count * (1 - q) >= beyondMin && count * q >= beyondMin));
  if (usable === undefined) return null;
  const centre = gathered(usable, 1)[0]!.quantile(q);
  const squares = usable.reduce((sum, section) => sum + (section.quantile(q) - centre) * (section.quantile(q) - centre), 0);
  const error = Math.sqrt(squares / (usable.length - 1) / usable.length);
  const reach = studentQuantile((1 + level) / 2, usable.length - 1) * error;
  return inSeconds([centre - reach, centre + reach]);
}

/** Nothing that is measured here is negative, whatever Student says of batches that differ much. */
function notNegative(interval: Interval): Interval {
  return interval === null ? null : [Math.max(0, interval[0]), interval[1]];
}

function inSeconds(interval: Interval): Interval {
  const bounds = notNegative(interval);
  return bounds === null ? null : [bounds[0] / 1e9, bounds[1] / 1e9];
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
