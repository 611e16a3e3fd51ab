/** The theory command: which models there are, what one of them wants, and what it answers. */
import { theoryModels } from '../models/theory/index.ts';
import type { TheoryModel } from '../models/theory/theory-model.ts';
import { formatModel, formatModels } from '../reports/theory-catalogue-text.ts';
import { formatAnswer, formatSweep } from '../reports/theory-text.ts';
import { askTheory, findModel } from '../scenarios/theory/ask.ts';
import { describeModel, listModels } from '../scenarios/theory/description.ts';
import { formatTheoryProblem, TheoryProblems } from '../scenarios/theory/problem.ts';
import { type TheoryAnswer, theoryModelsSchema, type TheorySweep, theorySweepSchema } from '../scenarios/theory-result.ts';
import type { CommandContext } from './context.ts';
import { type ExitCode, exitCode } from './exit-code.ts';
import { refuseToReplaceOthers, writeFileAtomically } from './files.ts';
import { commandLine } from './shell.ts';
import { besideProgress } from './theory-progress.ts';
import { withinTime } from './time-limit.ts';
import { UsageError } from './usage-error.ts';
import { problemsSchema } from './validate-files.ts';

export interface TheoryOptions {
  readonly list?: boolean;
  readonly json?: boolean;
  readonly csv?: boolean;
  readonly report?: string;
  readonly metrics?: string;
  readonly least?: string;
  readonly most?: string;
}

/** Answers come at once, but for numbers that nobody has. */
const answerMs = 120_000;

/** `words` is all that is said of the question: parameters, and options with their value. */
export async function askTheoryModel(name: string | undefined, words: readonly string[], options: TheoryOptions, context: CommandContext): Promise<ExitCode> {
  const { terminal } = context;
  if (options.list || name === undefined) {
    if (!options.list) throw new UsageError('a model is wanted', 'faultline theory --list shows them all; faultline theory mmc is a good first');
    const models = listModels(theoryModels);
    terminal.print(options.json ? json({ schema: theoryModelsSchema, models }) : formatModels(models, terminal));
    return exitCode.pass;
  }
  try {
    const model = findModel(name);
    if (words.length === 0 && options.least === undefined && options.most === undefined) return describe(model, options, context);
    return await answer(model, words, options, context);
  } catch (error) {
    if (!(error instanceof TheoryProblems)) throw error;
    return refuse(name, error, options, context);
  }
}

function describe(model: TheoryModel, options: TheoryOptions, { terminal }: CommandContext): ExitCode {
  const description = describeModel(model);
  terminal.print(options.json ? json(description) : formatModel(description, commandLine(['theory', ...description.example]), terminal));
  return exitCode.pass;
}

async function answer(model: TheoryModel, words: readonly string[], options: TheoryOptions, context: CommandContext): Promise<ExitCode> {
  const { terminal } = context;
  if (options.report !== undefined) refuseToReplaceOthers(options.report, ['.html', '.htm'], []);
  const command = commandLine(withoutOutput(context.words));
  const reply = await besideProgress(model.name, answerMs, terminal.animated, (onStep) => withinTime(() => askTheory(model, { words, ...options }, command, onStep), answerMs)?.value);
  if (reply === undefined) {
    terminal.say(`faultline: ${model.name} has no answer to this within ${answerMs / 1000} s\n  hint: give smaller numbers, or fewer points\nreproduce: ${command}`);
    return exitCode.unknown;
  }
  for (const note of reply.notes) terminal.say(`note: ${note}`);
  if (reply.answer.schema === theorySweepSchema) await showSweep(reply.answer, options, context);
  else showAnswer(reply.answer, options, context);
  return isMet(reply.answer) ? exitCode.pass : exitCode.fail;
}

function showAnswer(found: TheoryAnswer, options: TheoryOptions, { terminal }: CommandContext): void {
  const output = options.report !== undefined ? '--report' : options.csv ? '--csv' : undefined;
  if (output !== undefined) throw new UsageError(`${output} shows a range, and this question has none`, `give one parameter a range, as in ${output === '--csv' ? 'c=10..20' : 'lambda=100/s..900/s'}`);
  terminal.print(options.json ? json(found) : formatAnswer(found, terminal));
}

async function showSweep(found: TheorySweep, options: TheoryOptions, { terminal }: CommandContext): Promise<void> {
  if (options.json) terminal.print(json(found));
  else if (options.csv) terminal.print((await import('../reports/export/sweep-csv.ts')).sweepCsv(found).trimEnd());
  else terminal.print(formatSweep(found, terminal));
  if (options.report === undefined) return;
  const { renderSweep } = await import('../reports/sweep-report.ts');
  writeFileAtomically(options.report, await renderSweep(found));
  terminal.say(`The report is in ${options.report}`);
}

/** A range is looked at, not judged. */
function isMet(found: TheoryAnswer | TheorySweep): boolean {
  return found.schema === theorySweepSchema || found.targets.every(({ met }) => met);
}

function refuse(model: string, { problems }: TheoryProblems, options: TheoryOptions, { terminal }: CommandContext): ExitCode {
  terminal.say(problems.map((problem) => `faultline: ${formatTheoryProblem(problem)}`).join('\n'));
  if (problems.length > 0 && theoryModels.has(model)) terminal.say(`(faultline theory ${model} shows what it wants)`);
  if (options.json) terminal.print(json({ schema: problemsSchema, problems: problems.map(asProblem) }));
  return exitCode.usage;
}

/** As problems of files are told, so that a script reads one form. */
function asProblem(problem: TheoryProblems['problems'][number]) {
  const { about, found, wanted, hint } = problem;
  return { severity: 'error', file: 'theory', line: 1, column: 1, path: about, message: formatTheoryProblem({ about, found, wanted }), found, wanted, hint, frame: '' };
}

function json(value: object): string {
  return JSON.stringify(value, undefined, 2);
}

/** The question alone, however its answer was shown. */
function withoutOutput(words: readonly string[]): string[] {
  return words.filter((word, at) => !['--json', '--csv', '--report'].includes(word) && words[at - 1] !== '--report' && !word.startsWith('--report='));
}
