import { formatExplanation } from '../reports/story.ts';
import { explainMessage, UnknownMessage } from '../scenarios/explain.ts';
import { formatProblem, loadScenario } from '../scenarios/load.ts';
import type { CommandContext } from './context.ts';
import { type ExitCode, exitCode } from './exit-code.ts';
import type { Explanation } from '../scenarios/result.ts';
import type { Scenario } from '../scenarios/scenario.ts';
import type { ScenarioOptions } from './options.ts';
import { UsageError } from './usage-error.ts';
import { problemsJson } from './validate-files.ts';

export interface ExplainOptions extends ScenarioOptions {
  readonly message: string;
  readonly json?: boolean;
}

export async function explainFromFile(file: string, options: ExplainOptions, { terminal }: CommandContext): Promise<ExitCode> {
  const loaded = await loadScenario(file, options);
  if (!loaded.ok) {
    for (const problem of loaded.problems) terminal.say(`${formatProblem(problem)}\n`);
    if (options.json) terminal.print(problemsJson(loaded.problems));
    return exitCode.usage;
  }
  const explanation = explain(loaded.scenario, options.message);
  terminal.print(options.json ? JSON.stringify(explanation, undefined, 2) : formatExplanation(explanation, { colour: terminal.colour, width: terminal.width }));
  return exitCode.pass;
}

function explain(scenario: Scenario, message: string): Explanation {
  try {
    return explainMessage(scenario, message);
  } catch (error) {
    if (error instanceof UnknownMessage) throw new UsageError(error.message, error.hint);
    throw error;
  }
}
