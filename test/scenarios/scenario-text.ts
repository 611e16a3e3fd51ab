/** Small scenario files for tests of the loader. */
import { type Loaded, parseScenario, type ParseOptions, type Problem } from '../../scenarios/load.ts';

/** A calm scenario of one queue; `extra` are further lines. */
export function calm(extra = ''): string {
  return `faultline: 1
name: calm
brokers:
  mq: { kind: work-queue, queues: { jobs: { } } }
producers:
  web: { publish: mq/jobs, arrivals: { poisson: { rate: 5/s } } }
consumers:
  workers: { subscribe: mq/jobs, service: 20ms }
${extra}`;
}

export function problemsOf(text: string, options?: ParseOptions): readonly Problem[] {
  const loaded = parseScenario(text, 'test.yaml', options);
  return loaded.ok ? loaded.warnings : loaded.problems;
}

/** Where each problem is, and what it says. */
export function told(text: string, options?: ParseOptions): string[] {
  return problemsOf(text, options).map((problem) => `${problem.file}:${problem.line}:${problem.column} ${problem.message}`);
}

/** What each problem says, and what stands where it points, up to the next comma or bracket. */
export function pointed(text: string, options?: ParseOptions): [message: string, at: string][] {
  return problemsOf(text, options).map((problem) => [problem.message, textAt(text, problem)]);
}

function textAt(text: string, { line, column }: Problem): string {
  return /^[^,}\]]*/.exec(text.split('\n')[line - 1]!.slice(column - 1))![0].trimEnd();
}

export function scenarioOf(loaded: Loaded) {
  if (!loaded.ok) throw new Error(loaded.problems.map((problem) => `${problem.path}: ${problem.message}`).join('\n'));
  return loaded.scenario;
}

export function parsed(text: string, options?: ParseOptions) {
  return scenarioOf(parseScenario(text, 'test.yaml', options));
}
