/**
 * What queueing theory answers on the command line: plain data, complete enough to print, draw and keep. Times are in
 * seconds, rates per second. An infinite value is the string "Infinity"; a value that there is none of is null.
 */
import type { Num } from './result-number.ts';

export const theorySchema = 'faultline/theory@1';
export const theorySweepSchema = 'faultline/theory-sweep@1';
export const theoryModelSchema = 'faultline/theory-model@1';
export const theoryModelsSchema = 'faultline/theory-models@1';

export type QuantityName = 'rate' | 'time' | 'count' | 'probability' | 'number';

/** A model as it is listed. */
export interface ModelEntry {
  readonly name: string;
  readonly title: string;
  readonly family: string;
  /** One sentence: which question it answers. */
  readonly about: string;
  readonly kind: 'exact' | 'approximation';
}

export interface ModelDescription extends ModelEntry {
  readonly schema: typeof theoryModelSchema;
  readonly assumptions: readonly string[];
  readonly accuracy: string;
  readonly source: string;
  /** The page about its family, in the repository. */
  readonly docs: string;
  readonly parameters: readonly ParameterDescription[];
  readonly metrics: readonly MetricDescription[];
  /** Words after `theory` that ask it something. */
  readonly example: readonly string[];
}
export interface ParameterDescription {
  readonly name: string;
  readonly about: string;
  readonly wanted: string;
  readonly optional: boolean;
  /** What it is when it is left out, as it would be written; null: nothing. */
  readonly fallback: string | null;
  readonly example: string;
  /** Options in plain words that set it. */
  readonly options: readonly string[];
}
export interface MetricDescription {
  readonly name: string;
  readonly about: string;
  readonly quantity: QuantityName;
  /** Optional parameters without which it is not answered. */
  readonly needs: readonly string[];
}

/** What every answer says about where it comes from. */
export interface Asked extends Omit<ModelEntry, 'name'> {
  readonly model: string;
  readonly version: string;
  readonly assumptions: readonly string[];
  readonly accuracy: string;
  readonly source: string;
  /** As they were read: rates per second, times in seconds. */
  readonly parameters: Readonly<Record<string, unknown>>;
  /** The quantity of each parameter that is a single number. */
  readonly quantities: Readonly<Record<string, QuantityName>>;
  /** Of each metric that is told. */
  readonly meanings: Readonly<Record<string, Meaning>>;
  readonly reproduce: { readonly command: string };
}
export interface Meaning {
  readonly about: string;
  readonly quantity: QuantityName;
}

export type Metrics = Readonly<Record<string, Num>>;

/** What was found for one setting of the parameters. */
export interface Finding {
  readonly metrics: Metrics;
  /** There is no steady state; the backlog grows by so many messages a second. */
  readonly unstable: { readonly growthRate: number } | null;
  readonly targets: readonly TargetResult[];
}

export interface TheoryAnswer extends Asked, Finding {
  readonly schema: typeof theorySchema;
  /** Of a question turned round: which value meets the targets. */
  readonly solution: Solution | null;
}

export interface TargetResult {
  /** In words: `p99 wait < 50 ms`. */
  readonly target: string;
  /** What is compared, and what it was evaluated with besides the parameters. */
  readonly metric: string;
  readonly given: Readonly<Record<string, number>>;
  readonly limit: number;
  readonly quantity: QuantityName;
  readonly value: Num;
  readonly met: boolean;
}

export interface Solution {
  readonly parameter: string;
  readonly quantity: QuantityName;
  readonly sense: 'least' | 'most';
  /** Null when no value meets the targets; the answer then tells what the best value that was tried gives. */
  readonly value: number | null;
  /** The furthest value that was tried, when none meets the targets. */
  readonly tried: number | null;
  /** Why the search ended there, when none meets the targets: going on would change nothing, is impossible, or leads too far. */
  readonly end: 'settled' | 'bounded' | 'far' | null;
  /** The value next to it, which is not enough. */
  readonly neighbour: Neighbour | null;
  /** What the square-root rule says, for the models that it is made for. */
  readonly staffing: SquareRootStaffing | null;
}
export interface Neighbour extends Finding {
  readonly value: number;
}
export interface SquareRootStaffing {
  /** Offered load in erlangs, and how many square roots of it are added. */
  readonly load: number;
  readonly beta: number;
  readonly servers: number;
}

export interface TheorySweep extends Asked {
  readonly schema: typeof theorySweepSchema;
  readonly swept: { readonly parameter: string; readonly about: string; readonly quantity: QuantityName };
  /** The metrics that were chosen; a point has all that there are. */
  readonly chosen: readonly string[];
  readonly points: readonly SweepPoint[];
}
export interface SweepPoint extends Finding {
  readonly value: number;
  /** Why there is no answer at this value; null where there is one. */
  readonly refused: string | null;
}
