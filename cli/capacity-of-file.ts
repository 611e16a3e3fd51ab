/** The capacity command: load, study, show, keep. */
import { formatCapacity } from '../reports/capacity-summary.ts';
import { studyCapacity } from '../scenarios/capacity/capacity.ts';
import type { CapacityProgress } from '../scenarios/capacity/laboratory.ts';
import type { CapacityResult } from '../scenarios/capacity-result.ts';
import { formatProblem, loadScenario } from '../scenarios/load.ts';
import type { CommandContext } from './context.ts';
import { type ExitCode, exitCode } from './exit-code.ts';
import { refuseToReplaceOthers, writeFileAtomically } from './files.ts';
import { type ScenarioOptions, scenarioWords } from './options.ts';
import { createPool } from './pool.ts';
import { progressLine, timeLeft } from './progress.ts';
import { commandLine } from './shell.ts';
import { problemsJson } from './validate-files.ts';

export interface CapacityOptions extends ScenarioOptions {
  readonly report?: string;
  readonly json?: boolean;
  readonly replications?: number;
  readonly load?: number;
  /** Nanoseconds. */
  readonly outage?: number;
  readonly workers?: number;
}

const codes: Readonly<Record<CapacityResult['verdict'], ExitCode>> = { enough: exitCode.pass, 'not-enough': exitCode.fail, unknown: exitCode.unknown };

export async function capacityOfFile(file: string, options: CapacityOptions, { terminal }: CommandContext): Promise<ExitCode> {
  if (options.report !== undefined) refuseToReplaceOthers(options.report, ['.html', '.htm'], [file]);
  const loaded = await loadScenario(file, options);
  const problems = loaded.ok ? loaded.warnings : loaded.problems;
  for (const problem of problems) terminal.say(`${formatProblem(problem)}\n`);
  if (!loaded.ok) {
    if (options.json) terminal.print(problemsJson(problems));
    return exitCode.usage;
  }
  const { scenario } = loaded;
  const progress = terminal.animated ? progressLine((at: CapacityProgress, elapsed) => [`${scenario.name} ${at.done} of ${at.planned} runs`, ...timeLeft(at.done / at.planned, elapsed)].join(' · '), (text) => process.stderr.write(text)) : undefined;
  const pool = createPool(options.workers);
  try {
    const { replications, load, outage } = options;
    const result = await studyCapacity(scenario, {
      ...(replications !== undefined && { replications }), ...(load !== undefined && { load }), ...(outage !== undefined && { outage }),
      runner: pool.run, ...(progress && { onProgress: progress.update }), reproduce: reproduction(file, scenario.seed, options),
    });
    progress?.clear();
    terminal.print(options.json ? JSON.stringify(result, undefined, 2) : formatCapacity(result, { colour: terminal.colour, width: terminal.width }));
    await keep(result, options, terminal.say);
    return codes[result.verdict];
  } finally {
    progress?.clear();
    await pool.close();
  }
}

async function keep(result: CapacityResult, { report }: CapacityOptions, say: (text: string) => void): Promise<void> {
  if (report === undefined) return;
  const { renderCapacity } = await import('../reports/capacity-report.ts');
  writeFileAtomically(report, await renderCapacity(result));
  say(`The report is in ${report}`);
}

/** The number of workers changes nothing, so it is not part of it. */
function reproduction(file: string, seed: number, options: CapacityOptions): CapacityResult['reproduce'] {
  const { set = [], replications, load, outage } = options;
  const words = [
    'capacity', ...scenarioWords(file, seed, options),
    ...(replications === undefined ? [] : ['--replications', String(replications)]), ...(load === undefined ? [] : ['--load', String(load)]), ...(outage === undefined ? [] : ['--outage', `${outage}ns`]),
  ];
  return { file, set, command: commandLine(words) };
}
