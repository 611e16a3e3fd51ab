/** Whether a search finds a published failure by itself: from its configuration, its own faults left out. */
import type { Incident } from '../incident.ts';
import type { SoughtIncident } from '../incident-result.ts';
import { loadScenario } from '../load.ts';
import { claimName } from '../scenario.ts';
import { checkDefaults, checkHere, type CheckOptions, type CheckStep } from './check.ts';

export async function seekIncident({ id, name, breaks, file }: Incident, options: Partial<CheckOptions> = {}, told: (step: CheckStep) => void = () => {}): Promise<SoughtIncident> {
  const loaded = await loadScenario(file);
  if (!loaded.ok) throw new Error(`${file} is not valid`);
  const { settings } = loaded;
  // What else it claims may break sooner, and is not what is looked for.
  const claims = (settings.claims ?? []).filter((claim) => claimName(claim) === breaks);
  const { plans, findings: [found] } = checkHere({ ...settings, claims }, { ...checkDefaults, seed: loaded.scenario.seed, ...options }, told);
  if (found === undefined) return { id, name, breaks, foundAt: null, schedules: plans, shrinkRuns: null, faults: null, messages: null, plan: [], mends: [] };
  return {
    id, name, breaks, foundAt: found.foundAt, schedules: plans, shrinkRuns: found.shrinkRuns, faults: found.smallest.faults, messages: found.smallest.messages,
    plan: found.plan, mends: found.whatIf.map(({ setting }) => setting),
  };
}
