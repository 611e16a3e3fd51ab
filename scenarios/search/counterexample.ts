/** A finding as a scenario file: it stays what it is when those who draw schedules change. */
import { stringify } from 'yaml';
import type { CheckFinding, CheckResult } from '../check-result.ts';

/** What drew it: a search, or a property of a test. */
interface Origin extends Pick<CheckResult, 'scenario' | 'seed'> {
  readonly mode: CheckResult['mode'] | 'property';
}

export function scenarioText({ settings, claim, foundAt }: CheckFinding, { scenario, seed, mode }: Origin): string {
  const schedule = mode === 'property' ? `a plan of a property, run with seed ${seed}` : `schedule ${foundAt} ${mode === 'drawn' ? `of seed ${seed}` : `of all ${mode}`}`;
  // The name is somebody's: a line of its own would be no comment.
  return `# Found by faultline check in ${scenario.replaceAll(/[\n\r\u2028\u2029]/g, ' ')}: ${schedule}, shrunk. It breaks ${claim}.\n${stringify(settings, { lineWidth: 120 })}`;
}
