/** Objectives against what a run measured. */
import { Histogram } from '../sim/histogram.ts';
import type { System } from '../models/build.ts';
import type { EndOfRun, Finding } from '../models/invariants/invariant.ts';
import type { Measurements } from './measurements.ts';
import { holds, type Objective } from './objective.ts';
import { recoveryEstimate } from './recovery-results.ts';
import type { GroupResult, Latencies, Latency, Num, ObjectiveResult, ProducerResult, QueueResult, RecoveryResult } from './result.ts';

export interface Measured {
  readonly groups: Readonly<Record<string, GroupResult>>;
  readonly queues: Readonly<Record<string, QueueResult>>;
  readonly producers: Readonly<Record<string, ProducerResult>>;
  readonly recoveries: readonly RecoveryResult[];
  readonly system: System;
  readonly measurements: Measurements;
  readonly end: EndOfRun;
  /** The run did not come to its end: its numbers are those of a part, and meet nothing. */
  readonly wasCut: boolean;
  /** What the at-least-once judge found: its violations are the messages lost. */
  readonly lost: Finding;
}

type Interval = readonly [number, number] | null;
interface Estimate {
  readonly value: Num;
  readonly interval?: Interval;
  readonly estimator: string;
}

export function objectiveResults(objectives: readonly Objective[], measured: Measured): ObjectiveResult[] {
  return objectives.map((objective) => {
    const { value, interval = null, estimator } = estimate(objective, measured);
    return { objective: objective.text, value, limit: objective.limit, unit: objective.unit, interval, met: measured.wasCut ? null : isMet(objective, value), estimator };
  });
}

/** null: it cannot be said. */
export function isMet(objective: Objective, value: Num): boolean | null {
  return value === null ? null : holds(objective, value === 'Infinity' ? Infinity : value);
}

function estimate(objective: Objective, measured: Measured): Estimate {
  const { statistic, of } = objective;
  const station = measured.groups[of] ?? measured.queues[of];
  switch (statistic.kind) {
    case 'percentile':
    case 'mean':
    case 'max':
      return latencyEstimate(objective, measured);
    case 'throughput':
      return throughput(of, measured);
    case 'utilisation':
      return { value: station!.utilisation, estimator: 'time average over the measured phase' };
    case 'backlog':
      return { value: measured.queues[of]!.backlog.max, estimator: 'largest number of ready messages in the measured phase' };
    case 'loss':
      return loss(of, measured);
    case 'duplicates':
      return { value: measured.system.world.ledger.totals.duplicates, estimator: 'effects beyond the first of their message, whole run' };
    case 'drain':
      return drain(measured);
    case 'recoveryPoint':
    case 'recoveryTime':
    case 'recoveryDrain':
    case 'recoveryLoss':
      return recoveryEstimate(statistic.kind, measured.recoveries);
  }
}

function latencyEstimate({ statistic, of, measure }: Objective, { groups, queues, system }: Measured): Estimate {
  const latencies: Latencies = (groups[of] ?? queues[of])!.latency;
  const latency: Latency = latencies[measure as keyof Latencies];
  if (statistic.kind === 'mean') return { value: latency.mean, interval: latency.interval, estimator: 'mean; interval by batch means' };
  if (statistic.kind !== 'percentile') return { value: latency.max, estimator: 'exact maximum' };
  const readers = system.consumers.groups.filter((group) => group.name === of || system.world.ledger.queues[group.queue]!.name === of);
  const all = new Histogram();
  for (const group of readers) all.merge(group[measure as keyof Latencies].total());
  const value = all.count === 0 ? null : all.quantile(statistic.q) / 1e9;
  return { value, estimator: 'order statistic ceil(q n) from the histogram, within 0.4 %' };
}

function throughput(of: string, { groups, queues, producers }: Measured): Estimate {
  const estimator = 'handlings in the measured phase, per second';
  if (producers[of] !== undefined && groups[of] === undefined) return { value: producers[of].offeredRate, estimator: 'messages published in the measured phase, per second' };
  const station = groups[of] ?? queues[of];
  if (station !== undefined) return { value: station.throughput, interval: station.throughputInterval, estimator };
  return { value: Object.values(groups).reduce((sum, group) => sum + group.throughput, 0), estimator };
}

/** Before quiescence nobody knows what is lost. */
function loss(of: string, { lost, system, end, producers }: Measured): Estimate {
  const estimator = 'confirmed messages never handled, by confirmed messages; whole run';
  const confirmed = of === '' ? system.world.ledger.totals.confirmed : producers[of]!.confirmed;
  if (confirmed === 0 || (lost.verdict !== 'fail' && !end.isDrained)) return { value: null, estimator };
  const violations = lost.verdict !== 'fail' ? 0 : of === '' ? lost.violations : (lost.byPublisher.get(of) ?? 0);
  return { value: violations / confirmed, estimator };
}

function drain({ system, end }: Measured): Estimate {
  const { ledger } = system.world;
  const value = end.isDrained ? Math.max(0, ledger.buckets.emptiedAt - end.healedAt) / 1e9 : 'Infinity';
  return { value, estimator: 'from the healing of the faults until the last copy left' };
}
