/** What a worker thread does with its share of the plans of a search. */
import type { ScenarioSettings } from '../scenarios/scenario.ts';
import type { Plan } from '../scenarios/search/plan.ts';
import { type Tried, tryPlan } from '../scenarios/search/try-plan.ts';

export default function work({ base, plans }: { readonly base: ScenarioSettings; readonly plans: readonly Plan[] }): readonly Tried[] {
  return plans.map((plan) => tryPlan(base, plan));
}
