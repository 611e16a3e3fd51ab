import { formatExplanation } from '../reports/story.ts';
import { formatWindow } from '../reports/window-story.ts';
import { explainMessage, UnknownMessage } from '../scenarios/explain.ts';
import { explainWindow } from '../scenarios/explain-window.ts';
import { formatProblem, loadScenario } from '../scenarios/load.ts';
import { version } from '../scenarios/version.ts';
import type { CommandContext } from './context.ts';
import { type ExitCode, exitCode } from './exit-code.ts';
import { refuseToReplaceOthers, writeFileAtomically } from './files.ts';
import type { Explanation, WindowStory } from '../scenarios/result.ts';
import type { Scenario } from '../scenarios/scenario.ts';
import type { ScenarioOptions } from './options.ts';
import { UsageError } from './usage-error.ts';
import { problemsJson } from './validate-files.ts';

export interface ExplainOptions extends ScenarioOptions {
  readonly message?: string;
  readonly window?: readonly [number, number];
  readonly json?: boolean;
  readonly report?: string;
}

export async function explainFromFile(file: string, options: ExplainOptions, context: CommandContext): Promise<ExitCode> {
  const { terminal } = context;
  if ((options.message === undefined) === (options.window === undefined)) {
    throw new UsageError('one of --message and --window is wanted', 'as in --message web.0-17, or --window 30s..31s for all that happened then');
  }
  const loaded = await loadScenario(file, options);
  if (!loaded.ok) {
    for (const problem of loaded.problems) terminal.say(`${formatProblem(problem)}\n`);
    if (options.json) terminal.print(problemsJson(loaded.problems));
    return exitCode.usage;
  }
  if (options.report !== undefined) refuseToReplaceOthers(options.report, ['.html', '.htm'], [file]);
  const { scenario } = loaded;
  const told = options.window === undefined ? messageTold(explain(scenario, options.message!)) : windowTold(explainWindow(scenario, ...options.window));
  terminal.print(options.json ? JSON.stringify(told.result, undefined, 2) : told.format({ colour: terminal.colour, width: terminal.width }));
  if (options.report !== undefined) {
    writeFileAtomically(options.report, await told.render());
    terminal.say(`The page is in ${options.report}`);
  }
  return exitCode.pass;
}

interface Told {
  readonly result: object;
  format(terminal: { readonly colour: boolean; readonly width: number }): string;
  render(): Promise<string>;
}

function messageTold(result: Explanation): Told {
  return { result, format: (terminal) => formatExplanation(result, terminal), render: async () => (await import('../reports/story-report.ts')).renderStory(result, version) };
}

function windowTold(result: WindowStory): Told {
  return { result, format: (terminal) => formatWindow(result, terminal), render: async () => (await import('../reports/story-report.ts')).renderWindow(result, version) };
}

function explain(scenario: Scenario, message: string): Explanation {
  try {
    return explainMessage(scenario, message);
  } catch (error) {
    if (error instanceof UnknownMessage) throw new UsageError(error.message, error.hint);
    throw error;
  }
}
