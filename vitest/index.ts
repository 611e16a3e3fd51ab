/**
 * Faultline in the tests of whoever uses it.
 *
 *   const shop = await loadSystem('shop.yaml');
 *   it('loses nothing, whatever happens', () => {
 *     fc.assert(fc.property(faultPlans(shop), (plan) => expect(shop.under(plan)).toDeliverAtLeastOnce()));
 *   });
 *
 * Matchers are there once `faultline/vitest/setup` is in `setupFiles`, and their types with an import of this module.
 */
import type { toMeetObjective, toSurvive } from './matchers.ts';
import type { ScenarioSettings } from '../scenarios/scenario.ts';

export { default as fc } from 'fast-check';
export { type FaultPlan, faultPlans, loadSystem, type PlanOptions, System, systemOf, Trial, type Workload, workloads } from './system.ts';

/** What vitest's `expect` can be asked of a system, and most of it of a system under a plan. */
export interface FaultlineMatchers {
  /** Whatever is claimed, as a scenario says it. */
  toKeep(claim: NonNullable<ScenarioSettings['claims']>[number]): void;
  /** No confirmed message is lost (D1). */
  toDeliverAtLeastOnce(): void;
  /** Each message takes effect once (D3). */
  toHaveExactlyOnceEffects(): void;
  /** Messages of one key are first delivered in the order in which they were stored (O3). */
  toKeepOrderPerKey(): void;
  /** Everything is empty in the end (L1). */
  toDrain(): void;
  /** Everything is handled no later than that after the faults are healed, as in `30s`. */
  toDrainWithin(time: string): void;
  /** As an objective of a scenario: `p99(workers.sojourn) < 2s`. */
  toMeetObjective(objective: Parameters<typeof toMeetObjective>[1]): void;
  /** Of a system: a search finds no fault schedule that breaks what it claims. */
  toSurvive(options?: Parameters<typeof toSurvive>[1]): void;
}

declare module 'vitest' {
  // As vitest declares it.
  // oxlint-disable-next-line no-explicit-any
  interface Matchers<T = any> extends FaultlineMatchers {}
}
