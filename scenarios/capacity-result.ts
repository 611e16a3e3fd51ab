/**
 * What a capacity question yields: plain data from which the capacity report is made. Times are in seconds, rates per second;
 * an infinite value is the string "Infinity", one that was never observed is null. A load is a multiple of the one that was asked for:
 * the scenario's own, or `load` times that.
 */
import type { Num } from './result-number.ts';

export const capacitySchema = 'faultline/capacity@1';

export interface CapacityResult {
  readonly schema: typeof capacitySchema;
  readonly version: string;
  readonly scenario: string;
  readonly about: string;
  readonly seed: number;
  readonly reproduce: { readonly file: string; readonly set: readonly string[]; readonly command: string };
  /** The answer: is it enough, until which load, and what gives way then. */
  readonly sentence: string;
  readonly verdict: 'enough' | 'not-enough' | 'unknown';
  readonly replications: number;
  /** Of all intervals over replications. */
  readonly level: number;
  readonly phases: { readonly warmUp: number; readonly measure: number };
  readonly stations: readonly StationCapacity[];
  /** The station that is saturated first; null where none ever is. */
  readonly bottleneck: string | null;
  readonly objectives: readonly ObjectiveCapacity[];
  readonly staffing: readonly Staffing[];
  readonly curves: readonly LoadCurve[];
  readonly losses: readonly WorkerLoss[];
  readonly outages: readonly OutageAnswer[];
  /** What was left out or changed to ask the question, as faults; and what breaks the models' assumptions. */
  readonly notes: readonly string[];
  readonly methods: Readonly<Record<string, string>>;
}

/** A mean over replications with its Student interval; null where fewer than two of them have the value. */
export interface Estimate {
  readonly value: Num;
  readonly interval: readonly [number, number] | null;
}

/** Something that can be saturated: a group of consumers on its queue, a broker's thread, a disk. */
export interface StationCapacity {
  readonly name: string;
  readonly kind: 'consumers' | 'broker-thread' | 'disk';
  readonly queue: string | null;
  readonly model: string | null;
  readonly arrivalRate: number;
  /** Erlangs: messages in service in the mean, if there were servers enough. */
  readonly offeredLoad: number;
  readonly servers: number;
  /** What a bounded queue does with what it has no room for; null where there is no bound. */
  readonly whenFull: 'refuse' | 'drop-head' | null;
  /** Offered load by servers; above 1 where there is no steady state. */
  readonly utilisation: number;
  readonly simulatedUtilisation: Estimate | null;
  /** Greatest load at which it has a steady state. */
  readonly saturatedAt: Num;
  /** Messages per second that more could come. */
  readonly headroom: number;
}

export interface ObjectiveCapacity {
  readonly objective: string;
  readonly unit: 's' | '/s' | '';
  readonly limit: number;
  readonly predicted: Num;
  readonly simulated: Estimate;
  readonly met: boolean | null;
  /** The interval reaches past the limit: other seeds may decide otherwise. */
  readonly isClose: boolean;
  /** Load until which theory has it met; null where theory has no answer, "Infinity" where it has it met at any load. */
  readonly predictedUntil: Num;
  /** A simulated load is clearly on the other side of that: then the simulation is believed. */
  readonly isRefuted: boolean;
  /** The least simulated load at which it was missed, and the greatest below that at which it was met. */
  readonly metAt: number | null;
  readonly missedAt: number | null;
}

/** The least number of workers of a group that meets an objective. */
export interface Staffing {
  readonly objective: string;
  readonly group: string;
  readonly now: number;
  /** By theory, at the asked load and at multiples of it; null where theory has no answer or no number is enough. */
  readonly predicted: readonly { readonly load: number; readonly workers: number | null }[];
  /** Confirmed by simulation at the asked load; null where none was found. */
  readonly least: number | null;
  /** Ascending. */
  readonly checks: readonly StaffingCheck[];
  readonly remark: string;
}

export interface StaffingCheck {
  readonly workers: number;
  readonly simulated: Estimate;
  readonly met: boolean | null;
  readonly isClose: boolean;
}

/** Latency of a group against load. */
export interface LoadCurve {
  readonly group: string;
  readonly queue: string;
  readonly model: string | null;
  readonly predicted: readonly PredictedPoint[];
  readonly simulated: readonly SimulatedPoint[];
  /** Load at which throughput by mean sojourn time is greatest (Kleinrock 1979): beyond it latency grows faster than work. By theory where simulated points bear it out, else one of these. */
  readonly knee: { readonly load: number; readonly arrivalRate: number; readonly utilisation: number; readonly by: 'theory' | 'simulation' } | null;
}

export interface PredictedPoint {
  readonly load: number;
  readonly arrivalRate: number;
  readonly mean: Num;
  readonly p99: Num;
}

export interface SimulatedPoint {
  readonly load: number;
  readonly arrivalRate: number;
  readonly mean: Estimate;
  readonly p99: Estimate;
  readonly utilisation: Estimate;
  readonly throughput: Estimate;
}

/** A group with one worker less, for ever. */
export interface WorkerLoss {
  readonly group: string;
  readonly workers: number;
  readonly before: LossFigures;
  readonly after: LossFigures;
  /** Objectives that are met before and missed after. */
  readonly broken: readonly string[];
}

export interface LossFigures {
  readonly utilisation: number;
  readonly predictedMean: Num;
  readonly predictedP99: Num;
  readonly mean: Estimate;
  readonly p99: Estimate;
}

/** All workers of a group, or a broker's node, gone for a while. */
export interface OutageAnswer {
  readonly what: string;
  readonly kind: 'workers' | 'broker-node';
  readonly queue: string;
  readonly length: number;
  readonly fluid: { readonly peakBacklog: number; readonly drainTime: Num };
  readonly simulated: { readonly peakBacklog: Estimate; readonly drainTime: Estimate; readonly resolution: number };
  readonly remark: string;
}
