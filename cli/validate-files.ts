import { formatProblem, type Loaded, loadScenario, type Problem } from '../scenarios/load.ts';
import { formatPreset } from '../scenarios/presets.ts';
import { printable } from '../scenarios/problem.ts';
import type { CommandContext } from './context.ts';
import { type ExitCode, exitCode } from './exit-code.ts';
import type { ScenarioOptions } from './options.ts';
import type { Terminal } from './terminal.ts';

export const problemsSchema = 'faultline/problems@1';

/** Each file as it is written, and with each of its variants, unless one is named. */
export async function validateFiles(files: readonly string[], options: ScenarioOptions & { json?: boolean }, { terminal }: CommandContext): Promise<ExitCode> {
  const problems = new Map<string, Problem>();
  for (const file of files) {
    const loaded = await check(file, options, problems, terminal);
    if (!loaded.ok || options.variant !== undefined) continue;
    for (const variant of Object.keys(loaded.scenario.variants)) await check(file, { ...options, variant }, problems, terminal);
  }
  const all = [...problems.values()];
  if (options.json) terminal.print(problemsJson(all));
  return all.some(({ severity }) => severity === 'error') ? exitCode.usage : exitCode.pass;
}

/** What was said before, of another variant, is not said again. */
async function check(file: string, options: ScenarioOptions & { json?: boolean }, known: Map<string, Problem>, terminal: Terminal): Promise<Loaded> {
  const loaded = await loadScenario(file, options);
  const found = loaded.ok ? loaded.warnings : loaded.problems;
  for (const problem of found) {
    const text = formatProblem(problem);
    if (!options.json && !known.has(text)) terminal.say(`${text}\n`);
    known.set(text, problem);
  }
  if (!options.json) terminal.print(`${file}${options.variant === undefined ? '' : `, ${printable(options.variant)}`}: ${verdict(loaded.ok, found)}`);
  if (!options.json && loaded.ok) for (const preset of loaded.presets) terminal.print(`  ${formatPreset(preset)}`);
  return loaded;
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
