/**
 * What a run yields: plain data, complete enough to render every report from. This is RESULT.json.
 * Times are in seconds, rates per second. An infinite value is the string "Infinity"; a value that was never observed is null.
 */
import type { LifecyclePrediction, MessageChain, Prediction } from './prediction-result.ts';
import type { Num } from './result-number.ts';

export type { Num } from './result-number.ts';

export const resultSchema = 'faultline/result@1';
export const resultsSchema = 'faultline/results@1';

export interface RunResult {
  readonly schema: typeof resultSchema;
  /** The version of Faultline that made it. */
  readonly version: string;
  readonly scenario: string;
  readonly about: string;
  readonly seed: number;
  /** How to have this run again: the file as named on the command line, its variant, the settings given with --set, in order. */
  readonly reproduce: { readonly file: string; readonly variant?: string; readonly set: readonly string[]; readonly command: string };
  readonly fingerprint: string;
  readonly events: number;
  readonly simulatedSeconds: number;
  readonly verdict: Verdict;
  readonly ended: { readonly reason: 'drained' | 'time' | 'event-limit' | 'capacity'; readonly detail: string };
  readonly phases: { readonly warmUp: number; readonly measure: number; readonly drain: number };
  /** Fates of messages, over the whole run, warm-up included: the account balances only as a whole. */
  readonly messages: MessageCounts;
  /** One publish of a message each. sent = stored + refused + Σ lost + inTransit */
  readonly attempts: { sent: number; stored: number; refused: number; lost: Record<string, number>; inTransit: number };
  /** A stored copy each, in exactly one bucket. stored = ready + inFlight + acknowledged + deadLettered + Σ dropped */
  readonly copies: CopyCounts;
  readonly deliveries: { sent: number; redelivered: number; lost: number; leasesExpired: number; lateAcknowledgements: number };
  /** Of the messages whose publisher never learnt whether they were stored: those that took effect all the same (D7). */
  readonly recovered: number;
  /**
   * Effects and deliveries beyond the first of their branch, by cause, as in `lease-expired` and `crash(F1)`. Each has one cause:
   * messages.duplicates = Σ effects
   */
  readonly duplicates: { readonly effects: Record<string, number>; readonly deliveries: Record<string, number> };
  readonly producers: Record<string, ProducerResult>;
  readonly groups: Record<string, GroupResult>;
  readonly queues: Record<string, QueueResult>;
  readonly faults: readonly FaultResult[];
  /** Each time that a node of a broker ran short of memory or disk and stopped to take publishes. */
  readonly alarms: readonly AlarmResult[];
  /** Each time that the disks of a broker were lost, and what it took and cost to begin anew from a backup. */
  readonly recoveries: readonly RecoveryResult[];
  /** What brokers did not let their users do. */
  readonly refusals: readonly RefusalResult[];
  readonly verdicts: readonly ClaimVerdict[];
  /** In reports: the life of a message that broke a claim. */
  readonly story?: Explanation;
  /** Violated without having been claimed. */
  readonly observations: readonly ClaimVerdict[];
  readonly objectives: readonly ObjectiveResult[];
  readonly warnings: readonly string[];
  readonly series: Series;
  /** What queueing theory says of each queue, beside what was simulated. */
  readonly predictions: readonly Prediction[];
  /** Queues that no model was found for, and why. */
  readonly unpredicted: readonly { readonly of: string; readonly why: string }[];
  /** Each queue's messages as an absorbing Markov chain: implied by the settings, and estimated from the run. */
  readonly chains: readonly MessageChain[];
  /** Markov life cycles, solved and observed. */
  readonly lifecycles: readonly LifecyclePrediction[];
  /** Rare paths, and how often each was taken. */
  readonly reached: Record<string, number>;
  /** The fingerprint so far at some event counts, to find where two runs part. */
  readonly checkpoints: readonly { readonly events: number; readonly seconds: number; readonly fingerprint: string }[];
  readonly methods: Record<string, string>;
}

export type Verdict = 'pass' | 'fail' | 'unknown';

export interface MessageCounts {
  /** Messages that a producer, or a consumer publishing onward, wanted to publish. published = confirmed + refused + unknown */
  readonly published: number;
  readonly confirmed: number;
  readonly refused: number;
  /** No answer came, or none was asked for. */
  readonly unknown: number;
  /** Distinct messages whose handling succeeded at least once. */
  readonly handled: number;
  /** Times that a handler's effect was applied. */
  readonly effects: number;
  /** Effects beyond the first of their message. */
  readonly duplicates: number;
  /** Times that an idempotency store held an effect back. */
  readonly deduplicated: number;
  readonly deadLettered: number;
  /** Copies (and messages that never left their producer's buffer) that were given up, by cause, as in `crash(F1)`. */
  readonly dropped: Record<string, number>;
  readonly inFlight: number;
  readonly ready: number;
}

export interface CopyCounts {
  readonly stored: number;
  readonly ready: number;
  readonly inFlight: number;
  readonly acknowledged: number;
  readonly deadLettered: number;
  readonly dropped: Record<string, number>;
}

export interface Latency {
  readonly count: number;
  readonly mean: Num;
  /** 95 % confidence interval of the mean by batch means; null where there was too little to say. */
  readonly interval: readonly [number, number] | null;
  readonly p50: Num;
  readonly p90: Num;
  readonly p95: Num;
  readonly p99: Num;
  readonly p999: Num;
  readonly p9999: Num;
  readonly max: Num;
  /** Upper bounds (seconds) and counts of the histogram's non-empty buckets, thinned to at most 200 for drawing. */
  readonly distribution: { readonly upTo: readonly number[]; readonly count: readonly number[] };
}
export interface Latencies {
  readonly waiting: Latency;
  readonly service: Latency;
  readonly sojourn: Latency;
}

interface StationResult {
  readonly throughput: number;
  readonly throughputInterval: readonly [number, number] | null;
  /** Share of the servers that were busy, of those there should be; for a queue, of its consumers' servers. */
  readonly utilisation: number;
  readonly meanInSystem: number;
  readonly latency: Latencies;
}
export interface GroupResult extends StationResult {
  readonly subscribe: string;
  readonly workers: number;
  readonly concurrency: number;
  readonly handled: number;
  readonly failed: number;
  readonly deliveries: number;
  readonly redelivered: number;
}
export interface QueueResult extends StationResult {
  /** Ready messages over the measured phase, and when the last one left after the faults were healed. */
  readonly backlog: { readonly mean: number; readonly max: number; readonly end: number };
  readonly inFlight: { readonly mean: number; readonly max: number; readonly end: number };
  readonly stored: number;
  readonly acknowledged: number;
  readonly redelivered: number;
  readonly deadLettered: number;
  readonly dropped: Record<string, number>;
  readonly arrivalRate: number;
  readonly deadLetterQueue: boolean;
}
export interface ProducerResult {
  readonly publish: string;
  readonly count: number;
  readonly published: number;
  readonly confirmed: number;
  readonly refused: number;
  readonly unknown: number;
  readonly attempts: number;
  readonly retries: number;
  readonly offeredRate: number;
  readonly confirmLatency: Latency;
}

/** One time that a fault struck. */
export interface FaultResult {
  /** F1, F2, … in the order of the scenario. */
  readonly id: string;
  readonly kind: string;
  readonly label: string;
  readonly target: string;
  readonly begin: number;
  /** null: it was still there at the end. */
  readonly end: number | null;
  /** What it changed, in words; empty when it changed nothing. */
  readonly effect: string;
  readonly changed: number;
}

export interface AlarmResult {
  readonly node: string;
  /** memory or disk */
  readonly resource: string;
  readonly begin: number;
  /** null: it was still raised at the end. */
  readonly end: number | null;
  /** Connections that the broker stopped to read while it was raised, each as often as it was. */
  readonly connectionsBlocked: number;
}

export interface RecoveryResult {
  /** The fault, as in F2. */
  readonly fault: string;
  readonly broker: string;
  /** What it was restored from; null: nothing had been backed up. Messages and bytes (of the node with the most) are those in it. */
  readonly backup: { readonly fault: string; readonly of: string; readonly takenAt: number; readonly finishedAt: number; readonly messages: number; readonly bytes: number } | null;
  readonly lostAt: number;
  /** The backup was on the new disks; all nodes and queues served; everything published before that was handled, and nothing was ready. null: not in this run. */
  readonly startedAt: number | null;
  readonly servedAt: number | null;
  readonly drainedAt: number | null;
  /** From the instant that the restored state stands for to the loss; infinite without a backup of messages. */
  readonly recoveryPoint: Num;
  /** From the loss until it served, and until the backlog was drained; null where faults were healed before somebody was through with it. */
  readonly recoveryTime: Num;
  readonly drainTime: Num;
  /** Confirmed messages that were lost with the disks and never handled; those of them that were published before the backup was taken. */
  readonly messagesLost: number;
  readonly lostBeforeBackup: number;
  /** How long before the loss the oldest of them was published; null: none was lost. */
  readonly oldestLost: number | null;
  /** Copies that were lost with the disks; that were still in the backup; that had left their queue and were back. */
  readonly copiesLost: number;
  readonly copiesKept: number;
  readonly broughtBack: number;
  /** Of what was back: effects beyond the first of their message, and those that an idempotency store held back. */
  readonly duplicates: number;
  readonly heldBack: number;
}

export interface RefusalResult {
  readonly broker: string;
  readonly user: string;
  /** After "could not", as in "publish to events". */
  readonly what: string;
  readonly why: string;
  /** The fault behind it, as in F1; empty when there is none. */
  readonly by: string;
  readonly count: number;
  readonly first: number;
  readonly last: number;
}

export interface Witness {
  readonly message: string;
  /** What happened to it, in one sentence. */
  readonly summary: string;
  readonly at: number;
}
export interface ClaimVerdict {
  readonly claim: string;
  readonly id: string;
  readonly verdict: Verdict;
  readonly reason?: string;
  readonly witness?: Witness;
  /** How many messages broke it; at most eight are listed, the worst first. */
  readonly violations?: number;
  readonly witnesses?: readonly Witness[];
  /**
   * Of lost messages: how many came before the first of their producer that took effect, after the last, and in between; and of those of
   * which a fault took a copy, by the nodes that had it (`mq.0, mq.1`: both).
   */
  readonly location?: { readonly prefix: number; readonly middle: number; readonly suffix: number; readonly nodes: Readonly<Record<string, number>> };
}

export interface ObjectiveResult {
  readonly objective: string;
  readonly value: Num;
  /** In the unit of the value: seconds, per second, or a plain number. */
  readonly limit: number;
  readonly unit: 's' | '/s' | '';
  readonly interval: readonly [number, number] | null;
  readonly met: boolean | null;
  readonly estimator: string;
}

/** One value for each window; windows are of equal width and cover the whole run. */
export interface Series {
  /** Width of a window in seconds, and the end of each. */
  readonly window: number;
  readonly times: readonly number[];
  /** Per second: offered by the producers, confirmed to them, handled by the consumers, delivered again. */
  readonly offered: readonly number[];
  readonly confirmed: readonly number[];
  readonly handled: readonly number[];
  readonly redelivered: readonly number[];
  readonly groups: Record<string, GroupSeries>;
  readonly queues: Record<string, QueueSeries>;
}
export interface GroupSeries {
  readonly handled: readonly number[];
  readonly utilisation: readonly number[];
  readonly sojourn: PercentileSeries;
  readonly waiting: PercentileSeries;
}
export interface PercentileSeries {
  readonly p50: readonly (number | null)[];
  readonly p90: readonly (number | null)[];
  readonly p99: readonly (number | null)[];
  readonly max: readonly (number | null)[];
}
export interface QueueSeries {
  /** Ready messages: time average and peak of the window. */
  readonly ready: readonly number[];
  readonly readyMax: readonly number[];
  readonly inFlight: readonly number[];
}

/** One message's life, as `explain` tells it. */
export interface Explanation {
  readonly schema: 'faultline/explanation@1';
  readonly scenario: string;
  readonly seed: number;
  readonly message: string;
  /** How it ended, in one sentence. */
  readonly fate: string;
  readonly life: readonly LifeLine[];
  /** The faults that were active at some time of its life. */
  readonly faults: readonly FaultResult[];
  /** Of these, by id, those that hit it: that something is blamed on which happened to it. */
  readonly hitBy: readonly string[];
  /** Claims that this message broke. */
  readonly broke: readonly string[];
  /** The same, with the moment at which each was broken, the first one first. */
  readonly broken: readonly { readonly claim: string; readonly id: string; readonly at: number; readonly summary: string }[];
  /** Where its time went, from its publishing to its first effect, or to the last that is known of it: they add up to that. */
  readonly spent: readonly SojournPart[];
}

export interface SojournPart {
  readonly part: string;
  readonly nanoseconds: number;
  readonly seconds: number;
}

/** What happened to all messages within a time, by running the seed again. */
export interface WindowStory {
  readonly schema: 'faultline/window@1';
  readonly scenario: string;
  readonly seed: number;
  /** In simulated seconds: from this instant on, and before that one. */
  readonly from: number;
  readonly to: number;
  readonly life: readonly LifeLine[];
  /** Messages to which something happened; and how much happened that is not told. */
  readonly messages: number;
  readonly left: number;
  readonly faults: readonly FaultResult[];
}

export interface LifeLine {
  readonly at: number;
  /** To which message, where several are told of. */
  readonly message?: string;
  readonly event: number;
  readonly what: string;
  readonly text: string;
  /** The worker or the queue where it happened; empty when it was the publisher's side. */
  readonly where: string;
  readonly queue?: string;
  /** nth publish of the message, nth delivery of a copy. */
  readonly attempt?: number;
  readonly delivery?: number;
  /** Why, as in `crash(F1)`. */
  readonly cause?: string;
  /** Faults that were active then, as in `F1 crash`. */
  readonly during: readonly string[];
}
