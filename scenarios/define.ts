/** Scenarios written in TypeScript: the same settings as in a file, with the editor's help while writing. */
import { formatProblem, parseScenario, type Problem } from './load.ts';
import type { Scenario, ScenarioSettings } from './scenario.ts';

export type { ScenarioSettings } from './scenario.ts';

/** For the default export of a script that `faultline run` is given. It only lends its types. */
export function defineScenario(settings: ScenarioSettings): ScenarioSettings {
  return settings;
}

export class ScenarioError extends Error {
  readonly problems: readonly Problem[];
  constructor(problems: readonly Problem[]) {
    super(`not a valid scenario\n${problems.map(formatProblem).join('\n\n')}`);
    this.name = 'ScenarioError';
    this.problems = problems;
  }
}

/** A scenario that can be run at once. @throws ScenarioError with every problem */
export function createScenario(settings: ScenarioSettings): Scenario {
  // JSON is YAML: the checks and messages of files serve here too.
  const loaded = parseScenario(JSON.stringify(settings, undefined, 2), settings.name);
  if (!loaded.ok) throw new ScenarioError(loaded.problems);
  return loaded.scenario;
}
