import { formatProblem, loadScenario, type Problem } from '../scenarios/load.ts';
import type { CommandContext } from './context.ts';
import { type ExitCode, exitCode } from './exit-code.ts';
import type { ScenarioOptions } from './options.ts';

export const problemsSchema = 'faultline/problems@1';

export async function validateFiles(files: readonly string[], options: ScenarioOptions & { json?: boolean }, { terminal }: CommandContext): Promise<ExitCode> {
  const problems: Problem[] = [];
  for (const file of files) {
    const loaded = await loadScenario(file, options);
    const found = loaded.ok ? loaded.warnings : loaded.problems;
    problems.push(...found);
    if (options.json) continue;
    for (const problem of found) terminal.say(`${formatProblem(problem)}\n`);
    terminal.print(`${file}: ${verdict(loaded.ok, found)}`);
  }
  if (options.json) terminal.print(problemsJson(problems));
  return problems.some(({ severity }) => severity === 'error') ? exitCode.usage : exitCode.pass;
}

export function problemsJson(problems: readonly Problem[]): string {
  return JSON.stringify({ schema: problemsSchema, problems }, undefined, 2);
}

function verdict(ok: boolean, found: readonly Problem[]): string {
  const count = (severity: Problem['severity']) => found.filter((problem) => problem.severity === severity).length;
  const parts = [counted(count('error'), 'error'), counted(count('warning'), 'warning')].filter((part) => part !== '');
  return [ok ? 'a valid scenario' : 'not a valid scenario', ...parts].join(', ');
}

function counted(count: number, what: string): string {
  return count === 0 ? '' : `${count} ${what}${count === 1 ? '' : 's'}`;
}
