/** The compare command: load every column, run them one after another, show them side by side. */
import { formatComparison } from '../reports/comparison-summary.ts';
import { compareResults } from '../scenarios/comparison.ts';
import type { Comparison } from '../scenarios/comparison-result.ts';
import { formatProblem, loadScenario, type Problem } from '../scenarios/load.ts';
import type { RunResult } from '../scenarios/result.ts';
import { runScenario } from '../scenarios/run.ts';
import type { Scenario } from '../scenarios/scenario.ts';
import { asWritten } from '../scenarios/variants.ts';
import type { CommandContext } from './context.ts';
import { type ExitCode, exitCode, exitCodeOf, worstOf } from './exit-code.ts';
import { refuseToReplaceOthers, writeFileAtomically } from './files.ts';
import type { ScenarioOptions } from './options.ts';
import { createProgressLine } from './progress.ts';
import { commandLine } from './shell.ts';
import type { Terminal } from './terminal.ts';
import { UsageError } from './usage-error.ts';
import { problemsJson } from './validate-files.ts';

export interface CompareOptions extends Omit<ScenarioOptions, 'variant'> {
  readonly variant?: readonly string[];
  readonly try?: readonly string[];
  readonly report?: string;
  readonly json?: boolean;
  readonly maxEvents?: number;
}

interface Column {
  readonly title: string;
  readonly file: string;
  readonly scenario: Scenario;
  readonly variant?: string;
  readonly set: readonly string[];
}

export async function compareFiles(files: readonly string[], options: CompareOptions, { terminal, words }: CommandContext): Promise<ExitCode> {
  if (options.report !== undefined) refuseToReplaceOthers(options.report, ['.html', '.htm'], files);
  const problems: Problem[] = [];
  const columns: Column[] = [];
  for (const file of files) columns.push(...(await columnsOf(file, files.length > 1, options, problems)));
  for (const problem of problems) terminal.say(`${formatProblem(problem)}\n`);
  if (problems.some(({ severity }) => severity === 'error')) {
    if (options.json) terminal.print(problemsJson(problems));
    return exitCode.usage;
  }
  if (columns.length < 2) throw new UsageError('there is nothing to compare it with', 'give the scenario variants, name another file, or try a setting, as in --try consumers.payments.prefetch=1');
  const results = columns.map((column, index) => runColumn(column, index, columns.length, options, terminal));
  const comparison = compareResults(distinct(columns.map(({ title }) => title)), results, commandLine(words));
  terminal.print(options.json ? JSON.stringify(comparison, undefined, 2) : formatComparison(comparison, { colour: terminal.colour, width: terminal.width }));
  await keep(comparison, options, terminal);
  return worstOf(results.map(exitCodeOf));
}

/** The scenario as it is written, each of its variants, and it with each of the settings that are tried. */
async function columnsOf(file: string, isOneOfSeveral: boolean, options: CompareOptions, problems: Problem[]): Promise<Column[]> {
  const { variant: chosen, try: tried = [], set = [] } = options;
  const name = await loadColumn(file, asWritten, { set }, options, []);
  const titleOf = (title: string): string => (!isOneOfSeveral ? title : title === asWritten ? (name?.scenario.name ?? file) : `${name?.scenario.name ?? file}: ${title}`);
  const variants = chosen ?? [asWritten, ...Object.keys(name?.scenario.variants ?? {})];
  const columns: (Column | undefined)[] = [];
  for (const variant of variants) columns.push(await loadColumn(file, titleOf(variant), { ...(variant !== asWritten && { variant }), set }, options, problems));
  for (const settings of tried) columns.push(await loadColumn(file, titleOf(settings), { set: [...set, ...settings.split(betweenSettings)] }, options, problems));
  return columns.filter((column) => column !== undefined);
}

/** A semicolon after which another `path=` begins: it may stand in a value, too. */
const betweenSettings = /\s*;\s*(?=[^;=]+=)/;

async function loadColumn(file: string, title: string, changes: { variant?: string; set: readonly string[] }, { seed, allowPath }: CompareOptions, problems: Problem[]): Promise<Column | undefined> {
  const loaded = await loadScenario(file, { ...changes, ...(seed !== undefined && { seed }), ...(allowPath && { allowPath }) });
  const known = new Set(problems.map(formatProblem));
  problems.push(...(loaded.ok ? loaded.warnings : loaded.problems).filter((problem) => !known.has(formatProblem(problem))));
  return loaded.ok ? { title, file, scenario: loaded.scenario, ...changes } : undefined;
}

function runColumn({ title, file, scenario, variant, set }: Column, index: number, all: number, { allowPath = [], maxEvents }: CompareOptions, terminal: Terminal): RunResult {
  const progress = terminal.animated ? createProgressLine(`${title} (${index + 1} of ${all})`, (text) => process.stderr.write(text)) : undefined;
  try {
    return runScenario(scenario, {
      file, set, allowPath, ...(variant !== undefined && { variant }), ...(maxEvents !== undefined && { maxEvents }), ...(progress && { onProgress: progress.update }),
    });
  } finally {
    progress?.clear();
  }
}

/** The second of one title is `title (2)`. */
function distinct(titles: readonly string[]): readonly string[] {
  return titles.map((title, index) => {
    const before = titles.slice(0, index).filter((other) => other === title).length;
    return before === 0 ? title : `${title} (${before + 1})`;
  });
}

async function keep(comparison: Comparison, { report }: CompareOptions, terminal: Terminal): Promise<void> {
  if (report === undefined) return;
  const { renderComparison } = await import('../reports/comparison-report.ts');
  writeFileAtomically(report, await renderComparison(comparison));
  terminal.say(`The report is in ${report}`);
}
