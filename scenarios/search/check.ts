/** The search: plans are drawn or enumerated, run, and the first that breaks a claim is shrunk, run twice, explained and mended. */
import type { CheckFinding, CheckResult } from '../check-result.ts';
import { claimName, type ScenarioSettings } from '../scenario.ts';
import { tryCanaries } from './canaries.ts';
import { drawnPlan, drawsOf } from './draw.ts';
import { everyPair, everySingle } from './exhaustive.ts';
import { findingIn } from './finding.ts';
import { lineagePlans } from './lineage.ts';
import type { Plan, Signature } from './plan.ts';
import { type Tried, tryPlan } from './try-plan.ts';
import { type Parts, partsOf, vocabularyOf } from './vocabulary.ts';
import { neverReached } from './vacuity.ts';
import { longPlan, wholePlan } from './workload.ts';

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

/** Plans to be tried, by whoever carries them out; none where it only tells how far it is. */
export interface CheckRequest {
  readonly step: CheckStep;
  readonly plans: readonly Plan[];
}
export interface CheckAnswer {
  /** In the order of the plans. */
  readonly tried: readonly Tried[];
  /** It ends with what it has. */
  readonly stop?: boolean;
}

/** Plans under which a planted mistake has to show. */
const canaryPlans = 24;
/** Plans that are tried before it is looked at what they came to: so many whoever tries them, that all come to the same. */
const batchSize = 16;

/** @throws NothingToCheck */
export function* check(base: ScenarioSettings, options: CheckOptions): Generator<CheckRequest, CheckResult, CheckAnswer> {
  const search = searchOf(base, options);
  const { claimed } = search;
  for (let isOver = false; !isOver;) {
    const batch = nextPlans(search);
    if (batch.length === 0) break;
    const { tried, stop = false } = yield { step: stepOf(search, 'searching'), plans: batch };
    for (const [index, each] of tried.entries()) {
      const plan = batch[index]!;
      for (const signature of noted(search, plan, each)) {
        const finding = findingIn({ base, whole: search.whole, shrinkRuns: options.shrinkRuns, foundAt: search.plans }, plan, signature);
        let next = finding.next();
        while (next.done !== true) {
          const heard = yield { step: stepOf(search, 'shrinking'), plans: [] };
          isOver ||= heard.stop === true;
          next = finding.next(isOver);
        }
        search.findings.push(next.value);
      }
      isOver ||= search.findings.length === claimed.length;
      if (isOver) break;
    }
    isOver ||= stop;
  }
  return resultOf(search);
}

/** The whole search in this thread. @param told how far it is, now and then */
export function checkHere(base: ScenarioSettings, options: CheckOptions, told: (step: CheckStep) => void = () => {}): CheckResult {
  const search = check(base, options);
  let request = search.next();
  while (request.done !== true) {
    const { step, plans } = request.value;
    told(step);
    request = search.next({ tried: plans.map((plan) => tryPlan(base, plan)) });
  }
  return request.value;
}

function searchOf(base: ScenarioSettings, options: CheckOptions): Search {
  const claimed = (base.claims ?? []).map(claimName);
  if (claimed.length === 0) throw new NothingToCheck('the scenario claims nothing', 'say what must hold, as in claims: [at-least-once]');
  if (Object.keys(base.producers ?? {}).length === 0) throw new NothingToCheck('nobody publishes in the scenario', 'add a producer');
  const mode = options.exhaustive ?? 'drawn';
  const { plan: whole, lastPublished } = (mode === 'drawn' ? longPlan(base, claimed, options.seed) : undefined) ?? wholePlan(base, mode === 'drawn' ? options.messages : messagesOfAll, options.seed);
  const parts = partsOf(base, whole.messages, lastPublished);
  const fruitful: Plan[] = [];
  return {
    base, options, mode, whole, claimed, fruitful, tried: [], plans: 0, effective: 0, refused: 0, findings: [], reached: new Map(), of: mode === 'drawn' ? options.runs : undefined,
    supply: mode === 'drawn' ? ledAndDrawn(base, whole, parts, options, fruitful) : mode === 'singles' ? everySingle(whole, parts) : everyPair(whole, parts),
  };
}

/** What cuts the lineage of an effect first; then what is drawn, led by what reached something new. */
function* ledAndDrawn(base: ScenarioSettings, whole: Plan, parts: Parts, { runs, seed, beyond }: CheckOptions, fruitful: readonly Plan[]): Generator<Plan> {
  const led = lineagePlans(whole, parts, beyond).slice(0, runs);
  yield* led;
  let place = 0;
  for (const draw of drawsOf(vocabularyOf(parts, beyond), base.vary ?? {}, seed, runs - led.length)) yield drawnPlan(whole, draw, place++, fruitful);
}

function nextPlans({ supply }: Search): Plan[] {
  const batch: Plan[] = [];
  while (batch.length < batchSize) {
    const next = supply.next();
    if (next.done === true) break;
    batch.push(next.value);
  }
  return batch;
}

/** Counts it, and keeps what reached something new. @returns what it breaks that was not found before */
function noted(search: Search, plan: Plan, tried: Tried): readonly Signature[] {
  search.plans++;
  if (search.tried.length < canaryPlans) search.tried.push(plan);
  if (tried.isRefused) search.refused++;
  else if (!tried.isVacuous) search.effective++;
  if (tried.reached.some((path) => !search.reached.has(path))) search.fruitful.push(plan);
  for (const path of tried.reached) search.reached.set(path, (search.reached.get(path) ?? 0) + 1);
  return tried.broken.filter(({ claim }) => !search.findings.some((finding) => finding.claim === claim));
}

function stepOf({ plans, of, findings }: Search, doing: CheckStep['doing']): CheckStep {
  return { plans, of, found: findings.length, doing };
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
  readonly claimed: readonly string[];
  readonly supply: Iterator<Plan>;
  /** Plans that reached what none had reached before them. */
  readonly fruitful: Plan[];
  readonly of: number | undefined;
  /** The first plans: under them canaries are tried. */
  readonly tried: Plan[];
  plans: number;
  effective: number;
  refused: number;
  readonly findings: CheckFinding[];
  readonly reached: Map<string, number>;
}

function resultOf(search: Search): CheckResult {
  const { base, options, mode, plans, effective, refused, findings, reached, tried, claimed } = search;
  const missing = neverReached(base, reached);
  const canaries = findings.length > 0 || effective === 0 ? [] : tryCanaries(base, claimed, tried);
  const survivor = canaries.find(({ isCaught }) => !isCaught);
  const bounds = mode === 'drawn' ? '' : ` of one ${mode === 'singles' ? 'fault' : 'pair of faults'} each, at every moment of ${messagesOfAll} messages`;
  const judged = ((): Pick<CheckResult, 'verdict' | 'reason'> => {
    if (findings.length > 0) return { verdict: 'fail', reason: `${findings.length === 1 ? 'one claim is' : `${findings.length} claims are`} broken` };
    if (effective === 0) return { verdict: 'unknown', reason: 'no fault of any schedule changed anything' };
    if (survivor !== undefined) return { verdict: 'unknown', reason: `${survivor.claim} would not have been seen broken by ${survivor.mistake}` };
    // What is exhausted within its bounds says so itself.
    if (missing.length > 0 && mode === 'drawn') return { verdict: 'unknown', reason: `no violation in ${effective} schedules, but ${missing.join(', ')} never happened in any` };
    return { verdict: 'pass', reason: `no violation in ${effective} schedules${bounds}` };
  })();
  return {
    schema: 'faultline/check@1', scenario: base.name, seed: options.seed, mode, ...judged, plans, effective, refused, findings, neverReached: missing, canaries,
    reached: Object.fromEntries([...reached].sort(([one], [other]) => (one < other ? -1 : 1))),
  };
}
