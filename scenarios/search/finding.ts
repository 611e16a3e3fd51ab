/** What is told of a plan that breaks a claim: the smallest that does by the same cause, run twice, with its story and what mends it. */
import { stringify } from 'yaml';
import type { CheckFinding } from '../check-result.ts';
import type { RunResult } from '../result.ts';
import type { ScenarioSettings } from '../scenario.ts';
import type { Plan, Signature } from './plan.ts';
import { settingText, withSettings } from './settings.ts';
import { type Interruptible, shrink } from './shrink.ts';
import { isSame, runPlan, signatureOf, storyOf } from './try-plan.ts';
import { whatIf } from './what-if.ts';
import { scenarioOf, settingsOf } from './workload.ts';

export interface FoundIn {
  readonly base: ScenarioSettings;
  /** The plan of the whole workload, on which costs are measured. */
  readonly whole: Plan;
  /** Runs that shrinking may take. */
  readonly shrinkRuns: number;
  readonly foundAt: number;
}

/** All at once. @throws Error where the same plan gives two runs */
export function findingOf(found: FoundIn, plan: Plan, signature: Signature): CheckFinding {
  const finding = findingIn(found, plan, signature);
  let step = finding.next();
  while (step.done !== true) step = finding.next(false);
  return step.value;
}

/** Told to end, it is no smaller than it has become by then, and no setting is tried. @throws Error where the same plan gives two runs */
export function* findingIn({ base, whole, shrinkRuns, foundAt }: FoundIn, plan: Plan, signature: Signature): Interruptible<CheckFinding> {
  const { plan: smallest, runs, isCut } = yield* shrink(base, plan, signature, shrinkRuns);
  const result = runPlan(base, smallest)!;
  const again = runPlan(base, smallest)!;
  if (again.fingerprint !== result.fingerprint) throw new Error(`the same plan gave two runs, ${result.fingerprint} and ${again.fingerprint}`);
  const verdict = result.verdicts.find((each) => each.verdict === 'fail' && isSame(signatureOf(each), signature))!;
  const story = storyOf(scenarioOf(base, smallest), verdict);
  return {
    claim: verdict.claim, id: verdict.id, reason: verdict.reason ?? '', causes: signature.causes, foundAt, original: sizeOf(runPlan(base, plan)!, plan), smallest: sizeOf(result, smallest), shrinkRuns: runs, isCut,
    plan: smallest.faults.map((fault) => stringify(fault, { collectionStyle: 'flow', lineWidth: 0 }).trim()),
    changed: Object.entries(smallest.settings).map(([path, value]) => settingText(path, value)),
    settings: settingsOf(base, smallest, `The smallest plan found in which ${verdict.claim} is broken.`), result, ...(story !== undefined && { story }),
    // With the settings under which it is broken: those that mend it may be the same ones.
    whatIf: isCut ? [] : whatIf(withSettings(base, smallest.settings), { ...smallest, settings: {} }, whole, verdict.claim),
  };
}

function sizeOf({ messages, simulatedSeconds }: RunResult, { faults }: Plan): CheckFinding['original'] {
  return { faults: faults.length, messages: messages.published, seconds: simulatedSeconds };
}
