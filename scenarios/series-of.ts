/** The windows of a run as they stand in a result. */
import type { WindowLatency } from '../sim/metrics.ts';
import type { Measurements } from './measurements.ts';
import type { GroupSeries, PercentileSeries, QueueSeries, Series } from './result.ts';

export function seriesOf(measurements: Measurements): Series {
  const groups: Record<string, GroupSeries> = {};
  for (const [group, windows] of measurements.groupWindows) {
    groups[group.name] = {
      handled: windows.handled,
      utilisation: windows.utilisation,
      sojourn: percentiles(windows.sojourn),
      waiting: percentiles(windows.waiting),
    };
  }
  const queues: Record<string, QueueSeries> = {};
  for (const [queue, windows] of measurements.queueWindows) queues[queue.name] = windows;
  const handled = measurements.times.map((_, index) => Object.values(groups).reduce((sum, group) => sum + group.handled[index]!, 0));
  return {
    window: measurements.width / 1e9,
    times: measurements.times.map((time) => time / 1e9),
    offered: measurements.published,
    confirmed: measurements.confirmed,
    handled,
    redelivered: measurements.redelivered,
    groups,
    queues,
  };
}

function percentiles(windows: readonly WindowLatency[]): PercentileSeries {
  const column = (of: keyof WindowLatency): (number | null)[] => windows.map((window) => (window[of] === null ? null : window[of] / 1e9));
  return { p50: column('p50'), p90: column('p90'), p99: column('p99'), max: column('max') };
}
