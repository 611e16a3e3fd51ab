/** What tests say of a system: a guarantee that holds, an objective that is met. What a matcher fails with is what `faultline check` prints. */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { stringify } from 'yaml';
import { formatCheck, formatFinding } from '../reports/check-summary.ts';
import { summarise } from '../reports/summary.ts';
import { formatExplanation } from '../reports/story.ts';
import type { CheckFinding } from '../scenarios/check-result.ts';
import { createScenario } from '../scenarios/define.ts';
import type { ObjectiveResult } from '../scenarios/result.ts';
import { claimName, type ScenarioSettings } from '../scenarios/scenario.ts';
import { checkDefaults, checkHere, type CheckOptions } from '../scenarios/search/check.ts';
import { scenarioText } from '../scenarios/search/counterexample.ts';
import { findingOf } from '../scenarios/search/finding.ts';
import { signatureOf, storyOf } from '../scenarios/search/try-plan.ts';
import { System, Trial } from './system.ts';

/** As a matcher answers vitest. */
export interface Answer {
  readonly pass: boolean;
  readonly message: () => string;
}
type Claim = NonNullable<ScenarioSettings['claims']>[number];

const look = { colour: false, width: 110 } as const;

/** Whatever is claimed, as a scenario says it: `bounded-redelivery`, `{ 'bounded-duplicates': { budget: 5 } }`. */
export function toKeep(received: unknown, claim: Claim): Answer {
  const name = claimName(claim);
  if (received instanceof Trial) return keptUnder(received, claim, name);
  return keptByItself(systemIn(received), claim, name);
}

export const toDeliverAtLeastOnce = (received: unknown): Answer => toKeep(received, 'at-least-once');
export const toHaveExactlyOnceEffects = (received: unknown): Answer => toKeep(received, 'exactly-once-effect');
export const toKeepOrderPerKey = (received: unknown): Answer => toKeep(received, 'order-per-key');
export const toDrain = (received: unknown): Answer => toKeep(received, 'drained');

/** As an objective of a scenario: `p99(workers.sojourn) < 2s`. @throws ScenarioError for one that is none */
export function toMeetObjective(received: unknown, objective: string): Answer {
  if (received instanceof Trial) {
    // What is no objective is said of the system itself; faults that are refused together say nothing.
    received.system.check({ objectives: [objective] });
    const result = received.run({ objectives: [objective] });
    if (result === undefined) return { pass: true, message: () => 'the scenario refuses these faults together' };
    const [found] = result.objectives;
    return { pass: found!.met !== false, message: () => `${objectiveText(found!)}\n\n${stringify(received.plan.faults)}\n${summarise(result, look)}` };
  }
  const result = systemIn(received).run({ objectives: [objective] });
  const [found] = result.objectives;
  return { pass: found!.met === true, message: () => `${objectiveText(found!)}\n\n${summarise(result, look)}` };
}

function objectiveText({ objective, met, value, unit, limit }: ObjectiveResult): string {
  const verdict = met === true ? 'met' : met === false ? 'missed' : 'unknown';
  const ofUnit = (number: unknown): string => `${String(number)}${unit === 's' ? ' s' : unit}`;
  return `${objective} is ${verdict}: ${value === null ? 'it was not observed' : `it is ${ofUnit(value)}, the limit ${ofUnit(limit)}`}`;
}

/** Everything is handled no later than that after the faults are healed, as in `30s`. */
export const toDrainWithin = (received: unknown, time: string): Answer => toMeetObjective(received, `drain() <= ${time}`);

/** A search for fault schedules finds none that breaks what the scenario claims (as `faultline check`). */
export function toSurvive(received: unknown, options: Partial<Omit<CheckOptions, 'exhaustive'>> = {}): Answer {
  const { settings } = systemIn(received);
  const result = checkHere(settings, { ...checkDefaults, ...options });
  return { pass: result.verdict === 'pass', message: () => formatCheck(result, { ...look, files: new Map(result.findings.map((finding) => [finding, kept(finding, scenarioText(finding, result))])) }) };
}

function keptUnder(trial: Trial, claim: Claim, name: string): Answer {
  const { system, plan, whole } = trial;
  const base = { ...system.settings, claims: [claim] };
  const result = trial.run({ claims: [claim] });
  const verdict = result?.verdicts.find((each) => each.claim === name);
  // What was not threatened by this plan may be by the next: a property is many of them.
  if (result === undefined || verdict?.verdict !== 'fail') return { pass: true, message: () => `${name} is ${verdict?.verdict ?? 'not judged: the scenario refuses these faults together'}` };
  return {
    pass: false,
    message: () => {
      const finding = findingOf({ base, whole, shrinkRuns: checkDefaults.shrinkRuns, foundAt: 1 }, plan, signatureOf(verdict));
      const text = scenarioText(finding, { scenario: base.name, seed: plan.seed, mode: 'property' });
      return formatFinding(finding, { ...look, file: kept(finding, text) });
    },
  };
}

function keptByItself(system: System, claim: Claim, name: string): Answer {
  const result = system.run({ claims: [claim] });
  const verdict = result.verdicts.find((each) => each.claim === name)!;
  if (verdict.verdict === 'pass') return { pass: true, message: () => `${name} holds` };
  return {
    pass: false,
    message: () => {
      const story = storyOf(createScenario({ ...system.settings, claims: [claim] }), verdict);
      return [`${name} is ${verdict.verdict === 'fail' ? 'broken' : 'unproven'}: ${verdict.reason ?? ''}`, ...(story === undefined ? [] : [formatExplanation(story, look)]), summarise(result, look)].join('\n\n');
    },
  };
}

/** Writes what was found, so that one line has it again. @returns the file */
function kept(finding: CheckFinding, text: string): string {
  const folder = process.env['FAULTLINE_OUT'] ?? 'faultline-found';
  const file = path.join(folder, `${finding.settings.name.replaceAll(/[^\w.-]+/g, '-')}-${finding.claim}.yaml`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, text);
  return file;
}

function systemIn(received: unknown): System {
  if (received instanceof System) return received;
  throw new TypeError('a system is wanted, as loadSystem and systemOf make it, or one under a plan where the matcher takes that');
}
