/** What tests are about: a scenario as it is written, or under a plan of faults that a property draws. */
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { stringify } from 'yaml';
import { createScenario } from '../scenarios/define.ts';
import { formatProblem, type LoadOptions, loadScenario, scenarioOfSettings } from '../scenarios/load.ts';
import type { RunResult } from '../scenarios/result.ts';
import { runScenario } from '../scenarios/run.ts';
import type { ScenarioSettings } from '../scenarios/scenario.ts';
import { checkDefaults } from '../scenarios/search/check.ts';
import { someFaults } from '../scenarios/search/draw.ts';
import type { FaultSettings, Plan } from '../scenarios/search/plan.ts';
import { partsOf, vocabularyOf } from '../scenarios/search/vocabulary.ts';
import { eventsMax } from '../scenarios/search/try-plan.ts';
import { settingsOf, type WholePlan, wholePlan } from '../scenarios/search/workload.ts';

/** Faults, and the seed of the run that meets them. Printed as YAML. */
export interface FaultPlan {
  readonly faults: readonly FaultSettings[];
  readonly seed: number;
}
/** How much is published under a plan: messages of all producers together. */
export interface Workload {
  readonly messages: number;
}

/** A scenario as it is written, its own faults included. */
export class System {
  readonly settings: ScenarioSettings;
  private readonly results = new Map<string, RunResult>();
  private readonly workloads = new Map<number, WholePlan>();

  constructor(settings: ScenarioSettings) {
    this.settings = settings;
  }

  /** The same system with these faults instead of its own, and a small workload (60 messages unless told). */
  under({ faults, seed }: FaultPlan, { messages }: Workload = { messages: checkDefaults.messages }): Trial {
    const { plan } = this.workload(messages);
    return new Trial(this, plan, { ...plan, faults, seed });
  }

  /** @param changed settings beside its own: claims, objectives. Run once for the same. */
  run(changed: Partial<ScenarioSettings>): RunResult {
    const key = JSON.stringify(changed);
    const known = this.results.get(key);
    if (known !== undefined) return known;
    const result = runScenario(createScenario({ ...this.settings, ...changed }), { predict: false });
    this.results.set(key, result);
    return result;
  }

  /** @throws ScenarioError where the system with that is none */
  check(changed: Partial<ScenarioSettings>): void {
    createScenario({ ...this.settings, ...changed });
  }

  /** What a plan on so many messages begins with. */
  workload(messages: number): WholePlan {
    const known = this.workloads.get(messages);
    if (known !== undefined) return known;
    const whole = wholePlan(this.settings, messages, 1);
    this.workloads.set(messages, whole);
    return whole;
  }
}

/** A system under one plan. */
export class Trial {
  readonly system: System;
  /** The workload without faults, and with them. */
  readonly whole: Plan;
  readonly plan: Plan;

  constructor(system: System, whole: Plan, plan: Plan) {
    this.system = system;
    this.whole = whole;
    this.plan = plan;
  }

  /** Undefined where the scenario refuses these faults together. */
  run(changed: Partial<ScenarioSettings>): RunResult | undefined {
    const scenario = scenarioOfSettings({ ...settingsOf(this.system.settings, this.plan), ...changed });
    return scenario === undefined ? undefined : runScenario(scenario, { predict: false, maxEvents: eventsMax });
  }
}

/** @param file YAML, or TypeScript that exports a scenario @throws Error with every problem that the file has */
export async function loadSystem(file: string | URL, options: LoadOptions = {}): Promise<System> {
  const loaded = await loadScenario(file instanceof URL ? fileURLToPath(file) : file, options);
  if (!loaded.ok) throw new Error(loaded.problems.map(formatProblem).join('\n\n'));
  return new System(loaded.settings);
}

/** @throws ScenarioError */
export function systemOf(settings: ScenarioSettings): System {
  createScenario(settings);
  return new System(settings);
}

export interface PlanOptions {
  /** Also what no configuration claims to survive: queues that are purged, bits that flip. */
  readonly beyond?: boolean;
  /** The most faults of one plan: 4 unless told. */
  readonly faultsMax?: number;
  /** Kinds that may be drawn: all that the system can meet unless told. */
  readonly kinds?: readonly string[];
}

/**
 * Plans of faults that a system can meet: a few kinds, drawn first, then faults of these. fast-check does not shrink them: what a matcher fails
 * with is shrunk already, in the order that suits faults.
 * @throws Error for a kind that is none, or that this system cannot meet
 */
export function faultPlans(system: System, { beyond = false, faultsMax = 4, kinds }: PlanOptions = {}): fc.Arbitrary<FaultPlan> {
  const { plan: { messages }, lastPublished } = system.workload(checkDefaults.messages);
  const vocabulary = vocabularyOf(partsOf(system.settings, messages, lastPublished), beyond);
  const unknown = (kinds ?? []).filter((kind) => !vocabulary.has(kind));
  if (unknown.length > 0) throw new Error(`a plan for this system has no ${unknown.join(', ')}; it can have ${[...vocabulary.keys()].join(', ')}`);
  const faults = someFaults(new Map([...vocabulary].filter(([kind]) => kinds === undefined || kinds.includes(kind))), faultsMax);
  return fc.noShrink(fc.record({ faults, seed: fc.integer({ min: 0, max: 0x7fff_ffff }) })).map((plan) => ({ ...plan, [fc.toStringMethod]: () => `\n${stringify(plan, { lineWidth: 120 })}` }));
}

/** How much is published. */
export function workloads({ min = 1, max = 200 }: { readonly min?: number; readonly max?: number } = {}): fc.Arbitrary<Workload> {
  return fc.noShrink(fc.record({ messages: fc.integer({ min, max }) }));
}
