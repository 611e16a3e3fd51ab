/** One plan, run: what it breaks. */
import type { BrokerModels } from '../../models/brokers/index.ts';
import { explainMessage } from '../explain.ts';
import { scenarioOfSettings } from '../load.ts';
import type { ClaimVerdict, RunResult } from '../result.ts';
import { runScenario } from '../run.ts';
import type { ScenarioSettings } from '../scenario.ts';
import type { Plan, Signature } from './plan.ts';
import { scenarioOf, settingsOf } from './workload.ts';

export interface Tried {
  /** What is broken, by how. */
  readonly broken: readonly Signature[];
  readonly verdict: RunResult['verdict'];
  /** No fault changed anything. */
  readonly isVacuous: boolean;
  /** Rare paths that it went. */
  readonly reached: readonly string[];
  readonly fingerprint: string;
  /** It cannot be run: faults that this scenario refuses together. */
  readonly isRefused: boolean;
}

/** Plans run for a message going round, too: so many events are enough. */
export const eventsMax = 2_000_000;

const refused: Tried = { broken: [], verdict: 'unknown', isVacuous: true, reached: [], fingerprint: '', isRefused: true };

/** @param brokerModels in the place of those that are known */
export function tryPlan(base: ScenarioSettings, plan: Plan, brokerModels?: BrokerModels): Tried {
  const result = runPlan(base, plan, brokerModels);
  if (result === undefined) return refused;
  return {
    broken: result.verdicts.filter(({ verdict }) => verdict === 'fail').map(signatureOf), verdict: result.verdict, isVacuous: result.faults.every(({ changed }) => changed === 0),
    reached: Object.keys(result.reached), fingerprint: result.fingerprint, isRefused: false,
  };
}

/** Undefined where the scenario refuses it. */
export function runPlan(base: ScenarioSettings, plan: Plan, brokerModels?: BrokerModels): RunResult | undefined {
  const scenario = scenarioOfSettings(settingsOf(base, plan));
  return scenario === undefined ? undefined : runScenario(scenario, { predict: false, maxEvents: eventsMax, ...(brokerModels && { brokerModels }) });
}

export function signatureOf({ claim, witness }: ClaimVerdict): Signature {
  const summary = witness?.summary ?? '';
  const causes = [...summary.matchAll(/([\w-]+)\(F\d+\b[^)]*\)/g), ...summary.matchAll(/\blost to ([\w-]+)/g)].map((match) => match[1]!);
  return { claim, causes: [...new Set(causes)].sort().join(' ') };
}

export const isSame = (one: Signature, other: Signature): boolean => one.claim === other.claim && one.causes === other.causes;

/** The life of the first message that broke the claim; undefined where no message did. */
export function storyOf(base: ScenarioSettings, plan: Plan, { witness }: ClaimVerdict): ReturnType<typeof explainMessage> | undefined {
  return witness === undefined || !/-\d+$/.test(witness.message) ? undefined : explainMessage(scenarioOf(base, plan), witness.message, { maxEvents: eventsMax });
}
