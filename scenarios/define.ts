/** Scenarios written in TypeScript: the same settings as in a file, checked by the editor and once more when made. */
import type { z } from 'zod';
import { formatProblem, parseScenario, type Problem } from './load.ts';
import type { Scenario, scenarioSchema } from './scenario.ts';

/** What a scenario file may say, as a TypeScript value: quantities are text with their unit, as in '5ms'. */
export type ScenarioSettings = z.input<typeof scenarioSchema>;

export class ScenarioError extends Error {
  readonly problems: readonly Problem[];
  constructor(problems: readonly Problem[]) {
    super(`not a valid scenario\n${problems.map(formatProblem).join('\n\n')}`);
    this.name = 'ScenarioError';
    this.problems = problems;
  }
}

/** @throws ScenarioError with every problem at once */
export function defineScenario(settings: ScenarioSettings): Scenario {
  // JSON is YAML: the loader's checks and messages serve here too.
  const loaded = parseScenario(JSON.stringify(settings, undefined, 2), settings.name);
  if (!loaded.ok) throw new ScenarioError(loaded.problems);
  return loaded.scenario;
}
