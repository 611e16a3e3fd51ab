/** What a search over fault schedules comes to, as plain data. */
import type { Explanation, RunResult } from './result.ts';
import type { ScenarioSettings } from './scenario.ts';

export interface WhatIf {
  /** As after `--set`. */
  readonly setting: string;
  readonly set: readonly string[];
  /** Of the claim, under the same plan. */
  readonly verdict: RunResult['verdict'];
  /** Where no fault strikes: mean sojourn of all groups, mean time to a confirm (null where nobody asks), handled per second; now and with it. */
  readonly cost: { readonly sojourn: Change; readonly confirm: Change; readonly throughput: Change };
}
export interface Change {
  readonly before: number | null;
  readonly after: number | null;
}

export interface CheckFinding {
  readonly claim: string;
  readonly id: string;
  readonly reason: string;
  readonly causes: string;
  /** Which plan found it, from 1. */
  readonly foundAt: number;
  readonly original: { readonly faults: number; readonly messages: number; readonly seconds: number };
  readonly smallest: { readonly faults: number; readonly messages: number; readonly seconds: number };
  readonly shrinkRuns: number;
  /** An interrupt or a spent budget came while it was shrunk: it may be smaller, and no settings were tried. */
  readonly isCut: boolean;
  /** The faults of the smallest plan, one line of YAML each. */
  readonly plan: readonly string[];
  /** Settings of it that are others than the scenario's own, as after `--set`. */
  readonly changed: readonly string[];
  /** The scenario that has it again. */
  readonly settings: ScenarioSettings;
  readonly result: RunResult;
  readonly story?: Explanation;
  readonly whatIf: readonly WhatIf[];
}

export interface CheckResult {
  readonly schema: 'faultline/check@1';
  readonly scenario: string;
  readonly seed: number;
  readonly mode: 'drawn' | 'singles' | 'pairs';
  readonly verdict: 'pass' | 'fail' | 'unknown';
  readonly reason: string;
  /** Plans that were run, and of these: in which a fault changed something, and that the scenario refuses. */
  readonly plans: number;
  readonly effective: number;
  readonly refused: number;
  readonly findings: readonly CheckFinding[];
  /** What the scenario could come to, and never did in any schedule: a redelivery, a dead letter, an election. */
  readonly neverReached: readonly string[];
  /** Mistakes that were planted where nothing was found, each with a claim that it has to break. */
  readonly canaries: readonly { readonly mistake: string; readonly claim: string; readonly isCaught: boolean }[];
  /** Rare paths, with in how many plans each was gone. */
  readonly reached: Readonly<Record<string, number>>;
}
