/** One plan, run: what it breaks. */
import type { BrokerModels } from '../../models/brokers/index.ts';
import { explainMessage } from '../explain.ts';
import { scenarioOfSettings } from '../load.ts';
import type { ClaimVerdict, Explanation, RunResult } from '../result.ts';
import { runScenario } from '../run.ts';
import type { Scenario, ScenarioSettings } from '../scenario.ts';
import type { Plan, Signature } from './plan.ts';
import { settingsOf } from './workload.ts';

export interface Tried {
  /** What is broken, by how. */
  readonly broken: readonly Signature[];
  /** No fault changed anything. */
  readonly isVacuous: boolean;
  /** Rare paths that it went. */
  readonly reached: readonly string[];
  /** It cannot be run: faults that this scenario refuses together. */
  readonly isRefused: boolean;
}

/** Plans run for a message going round, too: so many events are enough. */
export const eventsMax = 2_000_000;

const refused: Tried = { broken: [], isVacuous: true, reached: [], isRefused: true };

/** @param brokerModels in the place of those that are known */
export function tryPlan(base: ScenarioSettings, plan: Plan, brokerModels?: BrokerModels): Tried {
  const result = runPlan(base, plan, brokerModels);
  if (result === undefined) return refused;
  return {
    broken: result.verdicts.filter(({ verdict }) => verdict === 'fail').map(signatureOf), isVacuous: result.faults.every(({ changed }) => changed === 0),
    reached: Object.keys(result.reached), isRefused: false,
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
export function storyOf(scenario: Scenario, { witness }: ClaimVerdict): Explanation | undefined {
  return witness === undefined || !/-\d+$/.test(witness.message) ? undefined : explainMessage(scenario, witness.message, { maxEvents: eventsMax });
}
