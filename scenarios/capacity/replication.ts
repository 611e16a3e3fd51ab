/** One replication of a capacity question: a run with a seed of its own, and the few figures that are wanted of it. */
import type { Num } from '../result-number.ts';
import type { RunResult } from '../result.ts';
import { runScenario } from '../run.ts';
import type { Scenario } from '../scenario.ts';

export interface Job {
  readonly scenario: Scenario;
  readonly seed: number;
  /** Where the backlog after an outage is looked for, and when the outage begins and ends, in seconds. */
  readonly outage?: { readonly queue: string; readonly begin: number; readonly end: number };
}

export interface GroupFigures {
  readonly throughput: number;
  readonly utilisation: number;
  readonly mean: Num;
  readonly p99: Num;
}

export interface Replication {
  readonly groups: Readonly<Record<string, GroupFigures>>;
  /** In the order of the scenario. */
  readonly objectives: readonly { readonly value: Num; readonly met: boolean | null }[];
  /** Infinite where it was still there at the end of the measured phase. */
  readonly outage: { readonly peakBacklog: number; readonly drainTime: Num; readonly resolution: number } | null;
  /** The run was cut short: its figures are those of a part. */
  readonly wasCut: boolean;
}

/** Whoever carries out jobs: here, or side by side in other threads. The replications come in the order of the jobs. */
export type Runner = (jobs: readonly Job[], onDone: () => void) => Promise<Replication[]>;

export function replicate({ scenario, seed, outage }: Job): Replication {
  const result = runScenario({ ...scenario, seed }, { predict: false });
  return {
    groups: Object.fromEntries(Object.entries(result.groups).map(([name, { throughput, utilisation, latency }]) => [name, { throughput, utilisation, mean: latency.sojourn.mean, p99: latency.sojourn.p99 }])),
    objectives: result.objectives.map(({ value, met }) => ({ value, met })),
    outage: outage === undefined ? null : outageOf(result, outage),
    wasCut: result.ended.reason === 'event-limit' || result.ended.reason === 'capacity',
  };
}

/** One after another in this thread. */
export const oneByOne: Runner = async (jobs, onDone) => {
  const replications: Replication[] = [];
  for (const job of jobs) {
    replications.push(replicate(job));
    onDone();
    // Lets a progress line be drawn and an interrupt be heard.
    await new Promise((resolve) => { setImmediate(resolve); });
  }
  return replications;
};

/** The backlog is drained when a window's mean is no higher than that of the fullest window before the outage. */
function outageOf({ series, phases }: RunResult, { queue, begin, end }: NonNullable<Job['outage']>): Replication['outage'] {
  const { ready, readyMax } = series.queues[queue]!;
  const measuredUntil = phases.warmUp + phases.measure;
  const windows = series.times.map((time, index) => ({ from: time - series.window, until: time, mean: ready[index]!, max: readyMax[index]! }));
  const calm = windows.filter(({ from, until }) => from >= phases.warmUp && until <= begin).reduce((most, { mean }) => Math.max(most, mean), 1);
  const peakBacklog = windows.filter(({ until }) => until > begin && until <= measuredUntil).reduce((most, { max }) => Math.max(most, max), 0);
  const drained = windows.find(({ from, mean }) => from >= end && mean <= calm);
  const drainTime = drained === undefined || drained.until > measuredUntil ? 'Infinity' : Math.max(0, (drained.from + drained.until) / 2 - end);
  return { peakBacklog, drainTime, resolution: series.window };
}
