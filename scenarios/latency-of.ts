/** Recorded latencies as they stand in a result: seconds. */
import { batchedMeanInterval } from '../sim/confidence.ts';
import { Histogram } from '../sim/histogram.ts';
import type { LatencyRecorder } from '../sim/metrics.ts';
import type { Latency, Num } from './result.ts';

const bucketsMax = 200;

/** Several recorders are merged: the groups that read one queue. */
export function latencyOf(recorders: readonly LatencyRecorder[]): Latency {
  const all = new Histogram();
  for (const recorder of recorders) all.merge(recorder.total());
  const at = (q: number): Num => (all.count === 0 ? null : all.quantile(q) / 1e9);
  const interval = recorders.length === 1 ? batchedMeanInterval(recorders[0]!.batched()) : null;
  return {
    count: all.count,
    mean: all.count === 0 ? null : all.mean / 1e9,
    // A latency is not negative, whatever Student says of batches that differ as much as an outage and a calm hour.
    interval: interval === null ? null : [Math.max(0, interval[0]) / 1e9, interval[1] / 1e9],
    p50: at(0.5), p90: at(0.9), p95: at(0.95), p99: at(0.99), p999: at(0.999), p9999: at(0.9999),
    max: all.count === 0 ? null : all.max / 1e9,
    distribution: distributionOf(all),
  };
}

/** Neighbouring buckets are put together until at most 200 are left. */
function distributionOf(histogram: Histogram): Latency['distribution'] {
  const buckets = histogram.buckets();
  const together = Math.max(1, Math.ceil(buckets.length / bucketsMax));
  const upTo: number[] = [];
  const count: number[] = [];
  for (let first = 0; first < buckets.length; first += together) {
    const part = buckets.slice(first, first + together);
    upTo.push(part[part.length - 1]!.upTo / 1e9);
    count.push(part.reduce((sum, bucket) => sum + bucket.count, 0));
  }
  return { upTo, count };
}
