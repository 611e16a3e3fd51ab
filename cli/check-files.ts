/** The check command: load, search, show, keep. */
import { appendFileSync } from 'node:fs';
import path from 'node:path';
import { checkMarkdown } from '../reports/check-markdown.ts';
import { formatCheck } from '../reports/check-summary.ts';
import type { CheckFinding, CheckResult } from '../scenarios/check-result.ts';
import { formatProblem, loadScenario, type Problem } from '../scenarios/load.ts';
import type { ScenarioSettings } from '../scenarios/scenario.ts';
import { scenarioText } from '../scenarios/search/counterexample.ts';
import { check, checkDefaults, type CheckOptions, type CheckStep, NothingToCheck } from '../scenarios/search/check.ts';
import { type CheckPool, createCheckPool } from './check-pool.ts';
import { type Checked, githubAnnotations, junit } from './check-formats.ts';
import type { CommandContext } from './context.ts';
import { type ExitCode, exitCode, worstOf } from './exit-code.ts';
import { writeFileAtomically } from './files.ts';
import type { ScenarioOptions } from './options.ts';
import { progressLine, timeLeft } from './progress.ts';
import type { Terminal } from './terminal.ts';
import { UsageError } from './usage-error.ts';
import { problemsJson } from './validate-files.ts';

export interface CheckCommandOptions extends ScenarioOptions {
  readonly runs?: number;
  /** Milliseconds. */
  readonly budget?: number;
  readonly messages?: number;
  /** Threads; as many as there are processors unless told. */
  readonly jobs?: number;
  readonly beyond?: boolean;
  readonly exhaustive?: boolean;
  readonly pairs?: boolean;
  readonly out?: string;
  readonly json?: boolean;
  readonly junit?: string;
  readonly github?: boolean;
  readonly markdown?: string;
}

const codes: Readonly<Record<CheckResult['verdict'], ExitCode>> = { pass: exitCode.pass, fail: exitCode.fail, unknown: exitCode.unknown };

export async function checkFiles(files: readonly string[], options: CheckCommandOptions, { terminal }: CommandContext): Promise<ExitCode> {
  const [checked, problems]: [Checked[], Problem[]] = [[], []];
  let isOver = false;
  const interrupt = (): void => void (isOver = true);
  process.once('SIGINT', interrupt);
  const pool = createCheckPool(options.jobs);
  try {
    for (const file of files) {
      const loaded = await loadScenario(file, options);
      if (!loaded.ok) {
        problems.push(...loaded.problems);
        for (const problem of loaded.problems) terminal.say(`${formatProblem(problem)}\n`);
        continue;
      }
      const refused = await refusedValues(file, options, loaded.settings);
      problems.push(...refused);
      for (const problem of refused) terminal.say(`${formatProblem(problem)}\n`);
      if (refused.length > 0) continue;
      const result = await searched(loaded.settings, loaded.scenario.name, options, optionsOf(options, loaded.scenario.seed), pool, terminal, () => isOver);
      checked.push({ file, result, written: await keep(result, options) });
    }
  } catch (error) {
    if (error instanceof NothingToCheck) throw new UsageError(error.message, error.hint);
    throw error;
  } finally {
    process.off('SIGINT', interrupt);
    await pool.close();
  }
  show(checked, problems, options, terminal);
  return worstOf([...checked.map(({ result }) => codes[result.verdict]), ...(problems.length > 0 ? [exitCode.usage] : [])]);
}

/** What a scenario says of values that its settings may have: each is tried on its own, as after --set. */
async function refusedValues(file: string, options: CheckCommandOptions, { vary = {} }: ScenarioSettings): Promise<Problem[]> {
  const problems: Problem[] = [];
  for (const [path, values] of Object.entries(vary)) {
    for (const value of values) {
      const loaded = await loadScenario(file, { ...options, set: [...(options.set ?? []), `${path}=${JSON.stringify(value)}`] });
      if (!loaded.ok) problems.push(...loaded.problems.filter(({ severity }) => severity === 'error'));
    }
  }
  return problems;
}

function optionsOf({ runs, messages, beyond, exhaustive, pairs }: CheckCommandOptions, seed: number): CheckOptions {
  return {
    ...checkDefaults, seed, ...(runs !== undefined && { runs }), ...(messages !== undefined && { messages }), ...(beyond && { beyond }),
    ...(pairs ? { exhaustive: 'pairs' as const } : exhaustive ? { exhaustive: 'singles' as const } : {}),
  };
}

/** Until it is through, or time is over, or somebody interrupts it. */
async function searched(settings: ScenarioSettings, name: string, options: CheckCommandOptions, chosen: CheckOptions, pool: CheckPool, terminal: Terminal, isOver: () => boolean): Promise<CheckResult> {
  const began = performance.now();
  const { budget = Infinity } = options;
  const progress = terminal.animated ? progressLine((step: CheckStep, elapsed) => describe(name, step, elapsed), (text) => process.stderr.write(text)) : undefined;
  const search = check(settings, chosen);
  let request = search.next();
  while (request.done !== true) {
    const { step, plans } = request.value;
    progress?.update(step);
    const tried = await pool.tryAll(settings, plans, (step.of ?? Infinity) - step.plans);
    // An interrupt is heard between two batches.
    await new Promise(setImmediate);
    request = search.next({ tried, stop: isOver() || performance.now() - began > budget });
  }
  progress?.clear();
  return request.value;
}

function describe(name: string, { plans, of, found, doing }: CheckStep, elapsedSeconds: number): string {
  return [`${name} ${plans}${of === undefined ? '' : ` of ${of}`} schedules`, `${found} found`, ...(doing === 'shrinking' ? ['shrinking'] : of === undefined ? [] : timeLeft(plans / of, elapsedSeconds))].join(' · ');
}

/** Each finding as a scenario, and its report. */
async function keep(result: CheckResult, { out }: CheckCommandOptions): Promise<Map<CheckFinding, string>> {
  const written = new Map<CheckFinding, string>();
  if (out === undefined) return written;
  const { renderReport } = await import('../reports/report.ts');
  for (const finding of result.findings) {
    const stem = path.join(out, `${result.scenario.replaceAll(/[^\w.-]+/g, '-')}-${finding.claim}`);
    writeFileAtomically(`${stem}.yaml`, scenarioText(finding, result));
    writeFileAtomically(`${stem}.html`, await renderReport([{ ...finding.result, ...(finding.story && { story: finding.story }) }]));
    written.set(finding, `${stem}.yaml`);
  }
  return written;
}

function show(checked: readonly Checked[], problems: readonly Problem[], options: CheckCommandOptions, terminal: Terminal): void {
  if (options.json) terminal.print(checked.length === 0 ? problemsJson(problems) : JSON.stringify(checked.length === 1 ? checked[0]!.result : { schema: 'faultline/checks@1', results: checked.map(({ result }) => result) }, undefined, 2));
  else for (const { result, written } of checked) terminal.print(formatCheck(result, { colour: terminal.colour, width: terminal.width, files: written }));
  if (options.junit !== undefined) writeFileAtomically(options.junit, junit(checked));
  if (options.github) for (const line of githubAnnotations(checked)) terminal.print(line);
  const summary = options.markdown === undefined && !options.github ? '' : checkMarkdown(checked.map(({ result }) => result));
  if (options.markdown !== undefined) writeFileAtomically(options.markdown, `${summary}\n`);
  // GitHub shows it on the job's page.
  const { GITHUB_STEP_SUMMARY: page } = process.env;
  if (options.github && page !== undefined) appendFileSync(page, `${summary}\n`);
  for (const { written } of checked) for (const file of written.values()) terminal.say(`A scenario that has it again is in ${file}`);
}
