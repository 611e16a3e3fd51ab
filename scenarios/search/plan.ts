/** What a search tries: a small structure that stays what it is when those who draw plans change. */
import type { ScenarioSettings } from '../scenario.ts';

export type FaultSettings = NonNullable<ScenarioSettings['faults']>[number];

export interface Plan {
  readonly faults: readonly FaultSettings[];
  /** Settings that are others than the scenario's own, by path as in --set. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** Messages of each producer, by the name of its group. */
  readonly messages: Readonly<Record<string, number>>;
  /** Members of groups that are fewer than in the scenario, as in `producers.web`. */
  readonly counts: Readonly<Record<string, number>>;
  /** Groups that are left out, as in `consumers.audit`. */
  readonly without: readonly string[];
  /** Arrivals are regular and work takes its mean. */
  readonly isConstant: boolean;
  /** Events at one instant are shuffled by the seed. */
  readonly isShuffled: boolean;
  /** What takes its time takes longer, at some places and some times. */
  readonly isLate: boolean;
  readonly seed: number;
  /** Seconds under load and faults. */
  readonly measure: number;
}

/** How a claim was broken: shrinking keeps to the same. */
export interface Signature {
  readonly claim: string;
  /** What is blamed, without which fault it was: `crash`, `unsynced`. */
  readonly causes: string;
}

export const planKey = (plan: Plan): string => JSON.stringify(plan);
