/** What playing a published failure comes to, as plain data. */
import type { Change } from './check-result.ts';
import type { Verdict } from './result.ts';

/** A number, or from one to another. */
export type Wanted = number | readonly [number, number];

export interface IncidentFacts {
  /** Its number in the collection of incidents, as in C21. */
  readonly id: string;
  readonly name: string;
  readonly about: string;
  readonly title: string;
  readonly source: string;
  readonly published: string;
  /** The claim that breaks. */
  readonly breaks: string;
}

export interface PlayedFigure {
  /** A place in the result, as in `deliveries.redelivered`, or what its history tells, as in `told.calls`. */
  readonly figure: string;
  readonly wanted: Wanted;
  readonly got: number | null;
  readonly agrees: boolean;
}

export interface PlayedVariant {
  readonly variant: string;
  readonly expected: Verdict;
  readonly verdict: Verdict;
  /** Of the claim that breaks, where this variant claims it. */
  readonly claim?: Verdict;
  readonly figures: readonly PlayedFigure[];
  /** What it costs where no fault strikes: mean sojourn and mean time to a confirm in seconds, handled per second; as written and here. */
  readonly cost: { readonly sojourn: Change; readonly confirm: Change; readonly throughput: Change };
}

export interface PlayedIncident extends IncidentFacts {
  readonly file: string;
  readonly variants: readonly PlayedVariant[];
  /** Every figure and every verdict is as it should be. */
  readonly agrees: boolean;
}

/** What a search makes of the incident's configuration, its own faults left out. */
export interface SoughtIncident {
  readonly id: string;
  readonly name: string;
  readonly breaks: string;
  /** Which schedule broke the claim, from 1; null: none did. */
  readonly foundAt: number | null;
  readonly schedules: number;
  readonly shrinkRuns: number | null;
  readonly faults: number | null;
  readonly messages: number | null;
  /** The faults of the smallest plan. */
  readonly plan: readonly string[];
  /** Settings that mend it. */
  readonly mends: readonly string[];
}
