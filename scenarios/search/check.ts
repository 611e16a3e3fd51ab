/** The search: plans are drawn or enumerated, run, and the first that breaks a claim is shrunk, run twice, explained and mended. */
import { stringify } from 'yaml';
import type { CheckFinding, CheckResult } from '../check-result.ts';
import type { RunResult } from '../result.ts';
import type { ScenarioSettings } from '../scenario.ts';
import { drawPlans } from './draw.ts';
import { everyPair, everySingle } from './exhaustive.ts';
import type { Plan, Signature } from './plan.ts';
import { shrink } from './shrink.ts';
import { isSame, runPlan, signatureOf, storyOf, tryPlan } from './try-plan.ts';
import { partsOf, vocabularyOf } from './vocabulary.ts';
import { whatIf } from './what-if.ts';
import { settingsOf, wholePlan } from './workload.ts';

export interface CheckOptions {
  readonly runs: number;
  readonly seed: number;
  /** Messages of all producers together. */
  readonly messages: number;
  /** Faults that no configuration claims to survive are drawn, too. */
  readonly beyond: boolean;
  /** Instead of drawing: every single fault at every moment, or every pair. */
  readonly exhaustive?: 'singles' | 'pairs';
  /** Runs that one finding may take to shrink. */
  readonly shrinkRuns: number;
}
export const checkDefaults = { runs: 200, seed: 1, messages: 60, beyond: false, shrinkRuns: 400 } as const;
/** Of an exhaustive search. */
const messagesOfAll = 3;

export interface CheckStep {
  readonly plans: number;
  readonly of: number | undefined;
  readonly found: number;
  readonly doing: 'searching' | 'shrinking';
}

/** Told to stop, it ends with what it has. @throws NothingToCheck */
export function* check(base: ScenarioSettings, options: CheckOptions): Generator<CheckStep, CheckResult, 'stop' | undefined> {
  const claimed = (base.claims ?? []).map((claim) => (typeof claim === 'string' ? claim : Object.keys(claim)[0]!));
  if (claimed.length === 0) throw new NothingToCheck('the scenario claims nothing', 'say what must hold, as in claims: [at-least-once]');
  if (Object.keys(base.producers ?? {}).length === 0) throw new NothingToCheck('nobody publishes in the scenario', 'add a producer');
  const mode = options.exhaustive ?? 'drawn';
  const { plan: whole, lastPublished } = wholePlan(base, mode === 'drawn' ? options.messages : messagesOfAll, options.seed);
  const parts = partsOf(base, whole.messages, lastPublished);
  const plans = mode === 'drawn' ? drawPlans(whole, vocabularyOf(parts, options.beyond), options.seed, options.runs) : mode === 'singles' ? everySingle(whole, parts) : everyPair(whole, parts);
  const of = mode === 'drawn' ? options.runs : undefined;
  const search: Search = { base, options, mode, whole, plans: 0, effective: 0, refused: 0, findings: [], reached: new Map() };
  for (const plan of plans) {
    const tried = tryPlan(base, plan);
    search.plans++;
    if (tried.isRefused) search.refused++;
    else if (!tried.isVacuous) search.effective++;
    for (const path of tried.reached) search.reached.set(path, (search.reached.get(path) ?? 0) + 1);
    for (const signature of tried.broken) {
      if (search.findings.some(({ claim }) => claim === signature.claim)) continue;
      yield { plans: search.plans, of, found: search.findings.length, doing: 'shrinking' };
      search.findings.push(findingOf(search, plan, signature));
    }
    if (search.findings.length === claimed.length) break;
    if ((yield { plans: search.plans, of, found: search.findings.length, doing: 'searching' }) === 'stop') break;
  }
  return resultOf(search);
}

export class NothingToCheck extends Error {
  readonly hint: string;
  constructor(message: string, hint: string) {
    super(message);
    this.name = 'NothingToCheck';
    this.hint = hint;
  }
}

interface Search {
  readonly base: ScenarioSettings;
  readonly options: CheckOptions;
  readonly mode: CheckResult['mode'];
  readonly whole: Plan;
  plans: number;
  effective: number;
  refused: number;
  readonly findings: CheckFinding[];
  readonly reached: Map<string, number>;
}

function findingOf({ base, options, whole, plans }: Search, plan: Plan, signature: Signature): CheckFinding {
  const { plan: smallest, runs } = shrink(base, plan, signature, options.shrinkRuns);
  const result = runPlan(base, smallest)!;
  const again = runPlan(base, smallest)!;
  if (again.fingerprint !== result.fingerprint) throw new Error(`the same plan gave two runs, ${result.fingerprint} and ${again.fingerprint}`);
  const verdict = result.verdicts.find((each) => each.verdict === 'fail' && isSame(signatureOf(each), signature))!;
  const story = storyOf(base, smallest, verdict);
  return {
    claim: verdict.claim, id: verdict.id, reason: verdict.reason ?? '', causes: signature.causes, foundAt: plans, original: sizeOf(runPlan(base, plan)!, plan), smallest: sizeOf(result, smallest), shrinkRuns: runs,
    plan: smallest.faults.map((fault) => stringify(fault, { collectionStyle: 'flow', lineWidth: 0 }).trim()),
    settings: settingsOf(base, smallest, `The smallest plan found in which ${verdict.claim} is broken.`), result, ...(story !== undefined && { story }), whatIf: whatIf(base, smallest, whole, verdict.claim),
  };
}

function sizeOf({ messages, simulatedSeconds }: RunResult, { faults }: Plan): CheckFinding['original'] {
  return { faults: faults.length, messages: messages.published, seconds: simulatedSeconds };
}

function resultOf({ base, options, mode, plans, effective, refused, findings, reached }: Search): CheckResult {
  const verdict = findings.length > 0 ? 'fail' : effective > 0 ? 'pass' : 'unknown';
  const bounds = mode === 'drawn' ? '' : ` of one ${mode === 'singles' ? 'fault' : 'pair of faults'} each, at every moment of ${messagesOfAll} messages`;
  const reason = verdict === 'fail' ? `${findings.length === 1 ? 'one claim is' : `${findings.length} claims are`} broken`
    : verdict === 'pass' ? `no violation in ${effective} schedules${bounds}` : 'no fault of any schedule changed anything';
  return {
    schema: 'faultline/check@1', scenario: base.name, seed: options.seed, mode, verdict, reason, plans, effective, refused, findings,
    reached: Object.fromEntries([...reached].sort(([one], [other]) => (one < other ? -1 : 1))),
  };
}
