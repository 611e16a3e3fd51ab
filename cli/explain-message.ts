import { formatExplanation } from '../reports/story.ts';
import { explainMessage, UnknownMessage } from '../scenarios/explain.ts';
import { formatProblem, loadScenario } from '../scenarios/load.ts';
import { version } from '../scenarios/version.ts';
import type { CommandContext } from './context.ts';
import { type ExitCode, exitCode } from './exit-code.ts';
import { refuseToReplaceOthers, writeFileAtomically } from './files.ts';
import type { Explanation } from '../scenarios/result.ts';
import type { Scenario } from '../scenarios/scenario.ts';
import type { ScenarioOptions } from './options.ts';
import { UsageError } from './usage-error.ts';
import { problemsJson } from './validate-files.ts';

export interface ExplainOptions extends ScenarioOptions {
  readonly message: string;
  readonly json?: boolean;
  readonly report?: string;
}

export async function explainFromFile(file: string, options: ExplainOptions, { terminal }: CommandContext): Promise<ExitCode> {
  const loaded = await loadScenario(file, options);
  if (!loaded.ok) {
    for (const problem of loaded.problems) terminal.say(`${formatProblem(problem)}\n`);
    if (options.json) terminal.print(problemsJson(loaded.problems));
    return exitCode.usage;
  }
  if (options.report !== undefined) refuseToReplaceOthers(options.report, ['.html', '.htm'], [file]);
  const explanation = explain(loaded.scenario, options.message);
  terminal.print(options.json ? JSON.stringify(explanation, undefined, 2) : formatExplanation(explanation, { colour: terminal.colour, width: terminal.width }));
  if (options.report !== undefined) {
    const { renderStory } = await import('../reports/story-report.ts');
    writeFileAtomically(options.report, await renderStory(explanation, version));
    terminal.say(`The page is in ${options.report}`);
  }
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
