/** The run command: load, run, show, keep. */
import path from 'node:path';
import { summarise } from '../reports/summary.ts';
import { explainMessage } from '../scenarios/explain.ts';
import { formatProblem, type LoadedFromDisk, loadScenario, type Problem } from '../scenarios/load.ts';
import { type RunResult, resultsSchema } from '../scenarios/result.ts';
import { runScenario } from '../scenarios/run.ts';
import type { Scenario } from '../scenarios/scenario.ts';
import type { CommandContext } from './context.ts';
import { type ExitCode, exitCode, exitCodeOf, worstOf } from './exit-code.ts';
import { refuseToReplaceOthers, writeFileAtomically } from './files.ts';
import { type ScenarioOptions, scenarioWords } from './options.ts';
import { createProgressLine } from './progress.ts';
import { describeDifference } from './same-run.ts';
import { commandLine } from './shell.ts';
import type { Terminal } from './terminal.ts';
import { TraceFile } from './trace-file.ts';
import { problemsJson } from './validate-files.ts';
import { nextChange } from './watch.ts';

export interface RunOptions extends ScenarioOptions {
  readonly report?: string;
  readonly out?: string;
  readonly json?: boolean;
  readonly trace?: string;
  readonly watch?: boolean;
  readonly quiet?: boolean;
  readonly maxEvents?: number;
  readonly twice?: boolean;
}

type Valid = Extract<LoadedFromDisk, { ok: true }>;
interface Ran {
  readonly scenario: Scenario;
  readonly result: RunResult;
  readonly code: ExitCode;
}

export async function runFiles(files: readonly string[], options: RunOptions, context: CommandContext): Promise<ExitCode> {
  refuseOutputsOverOthers(files, options);
  return runLoaded(await loadAll(files, options), options, context);
}

/** Never comes back: it is ended by an interrupt. */
export async function watchFiles(files: readonly string[], options: RunOptions, context: CommandContext): Promise<never> {
  refuseOutputsOverOthers(files, options);
  for (;;) {
    const loads = await loadAll(files, options);
    // Watched before the run, so that a file saved meanwhile is not overlooked.
    const change = nextChange(loads.flatMap(({ files: read }) => read));
    await runLoaded(loads, options, context);
    context.terminal.say('Watching; Ctrl-C ends it.');
    context.terminal.say(`${path.relative('', await change)} was saved.\n`);
  }
}

function refuseOutputsOverOthers(files: readonly string[], { report, trace }: RunOptions): void {
  if (report !== undefined) refuseToReplaceOthers(report, ['.html', '.htm'], files);
  if (trace !== undefined) refuseToReplaceOthers(trace, ['.ndjson', '.jsonl', '.json'], files);
}

async function loadAll(files: readonly string[], options: RunOptions): Promise<LoadedFromDisk[]> {
  const loads: LoadedFromDisk[] = [];
  for (const file of files) loads.push(await loadScenario(file, options));
  return loads;
}

async function runLoaded(loads: readonly LoadedFromDisk[], options: RunOptions, { terminal }: CommandContext): Promise<ExitCode> {
  const problems = loads.flatMap((loaded) => (loaded.ok ? loaded.warnings : loaded.problems));
  for (const problem of problems) if (problem.severity === 'error' || !options.quiet) terminal.say(`${formatProblem(problem)}\n`);

  const trace = options.trace === undefined ? undefined : new TraceFile(options.trace);
  const ran: Ran[] = [];
  try {
    for (const loaded of loads) if (loaded.ok) ran.push(runOne(loaded, options, terminal, trace));
    trace?.finish();
  } catch (error) {
    trace?.discard();
    throw error;
  }
  const results = ran.map(({ result }) => result);
  if (options.json) terminal.print(toJson(results, problems, loads.length));
  else if (!options.quiet) for (const result of results) terminal.print(summarise(result, { colour: terminal.colour, width: terminal.width }));
  await keep(ran, options, terminal);
  for (const { result, code } of ran) if (code !== exitCode.pass) terminal.say(whatToDo(result, options));
  return worstOf([...ran.map(({ code }) => code), ...loads.map((loaded) => (loaded.ok ? exitCode.pass : exitCode.usage))]);
}

function runOne({ scenario, file }: Valid, options: RunOptions, terminal: Terminal, trace: TraceFile | undefined): Ran {
  const progress = terminal.animated && !options.quiet ? createProgressLine(scenario.name, (text) => process.stderr.write(text)) : undefined;
  const given = { file, ...(options.variant !== undefined && { variant: options.variant }), set: options.set ?? [], allowPath: options.allowPath ?? [], ...(options.maxEvents !== undefined && { maxEvents: options.maxEvents }), ...(progress && { onProgress: progress.update }) };
  trace?.begin(scenario);
  const result = runScenario(scenario, { ...given, ...(trace && { history: trace.write }) });
  const difference = options.twice ? describeDifference(result, runScenario(scenario, given)) : undefined;
  progress?.clear();
  if (difference === undefined) return { scenario, result, code: exitCodeOf(result) };
  terminal.say(`${file}: ${difference}`);
  return { scenario, result, code: exitCode.notDeterministic };
}

/** Lines to paste: one message's life, and the whole run. The summary ends with the latter already. */
function whatToDo({ scenario, seed, verdict, verdicts, reproduce }: RunResult, options: RunOptions): string {
  const witness = verdicts.find((claim) => claim.witness !== undefined)?.witness?.message;
  const lines = [`${scenario}: ${verdict}`];
  if (witness !== undefined) {
    lines.push(`explain:   ${commandLine(['explain', ...scenarioWords(reproduce.file, seed, options), '--message', witness])}`);
  }
  if (options.json || options.quiet) lines.push(`reproduce: ${reproduce.command}`);
  return lines.join('\n');
}

/** One object, whatever happened: a result, several, or why there is none. */
export function toJson(results: readonly RunResult[], problems: readonly Problem[], files: number): string {
  if (results.length === 0) return problemsJson(problems);
  if (files === 1) return JSON.stringify(results[0], undefined, 2);
  const errors = problems.filter(({ severity }) => severity === 'error');
  return JSON.stringify({ schema: resultsSchema, results, ...(errors.length > 0 && { problems: errors }) }, undefined, 2);
}

async function keep(ran: readonly Ran[], options: RunOptions, terminal: Terminal): Promise<void> {
  const { report, out, quiet } = options;
  if (ran.length === 0 || (report === undefined && out === undefined)) return;
  const { renderReport } = await import('../reports/report.ts');
  const tell = (what: string, file: string): void => {
    if (!quiet) terminal.say(`The ${what} is in ${file}`);
  };
  if (report !== undefined) {
    writeFileAtomically(report, await renderReport(ran.map((each) => withStory(each, options))));
    tell('report', report);
  }
  if (out === undefined) return;
  const stems = fileStems(ran.map(({ result }) => result));
  for (const [stem, result] of stems) {
    const file = path.join(out, stem);
    writeFileAtomically(`${file}.json`, `${JSON.stringify(result, undefined, 2)}\n`);
    writeFileAtomically(`${file}.html`, await renderReport([withStory(ran.find((each) => each.result === result)!, options)]));
    tell(`result of ${result.scenario}`, `${file}.json`);
    tell(`report of ${result.scenario}`, `${file}.html`);
  }
}

/** With the life of the first message that broke a claim: a run records nothing, since it can be had again. */
function withStory({ scenario, result }: Ran, { maxEvents }: RunOptions): RunResult {
  const broken = result.verdicts.find(({ witness }) => witness !== undefined && /-\d+$/.test(witness.message));
  return broken === undefined ? result : { ...result, story: explainMessage(scenario, broken.witness!.message, maxEvents === undefined ? {} : { maxEvents }) };
}

/** Scenarios' names as names of files; the second of one name is name-2. */
export function fileStems(results: readonly RunResult[]): Map<string, RunResult> {
  const stems = new Map<string, RunResult>();
  for (const result of results) {
    const name = result.scenario.toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '') || 'scenario';
    let stem = name;
    for (let number = 2; stems.has(stem); number++) stem = `${name}-${number}`;
    stems.set(stem, result);
  }
  return stems;
}
