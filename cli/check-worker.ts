/** What a worker thread does with a plan of a search. */
import type { ScenarioSettings } from '../scenarios/scenario.ts';
import type { Plan } from '../scenarios/search/plan.ts';
import { type Tried, tryPlan } from '../scenarios/search/try-plan.ts';

export default function work({ base, plan }: { readonly base: ScenarioSettings; readonly plan: Plan }): Tried {
  return tryPlan(base, plan);
}
