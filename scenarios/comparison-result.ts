/** Runs of one workload side by side, as plain data. */
import type { Num, RunResult, Verdict } from './result.ts';

export const comparisonSchema = 'faultline/comparison@1';

export interface Comparison {
  readonly schema: typeof comparisonSchema;
  readonly version: string;
  readonly scenario: string;
  readonly about: string;
  readonly reproduce: { readonly command: string };
  /** What each run is called, and its result, in the same order. */
  readonly columns: readonly string[];
  readonly rows: readonly ComparisonRow[];
  readonly results: readonly RunResult[];
}

export interface ComparisonRow {
  readonly section: string;
  readonly title: string;
  /** Of the values: seconds, per second, a share of one, a number; or there are only verdicts. */
  readonly unit: 's' | '/s' | 'share' | '' | 'verdict';
  /** One for each column; null where that run has no such thing. */
  readonly cells: readonly (ComparisonCell | null)[];
}

export interface ComparisonCell {
  readonly value: Num;
  /** 95 % confidence interval of the value, where it has one. */
  readonly interval?: readonly [number, number];
  readonly verdict?: Verdict;
}
