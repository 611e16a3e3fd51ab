/** A finding as a scenario file: it stays what it is when those who draw schedules change. */
import { stringify } from 'yaml';
import type { CheckFinding, CheckResult } from '../check-result.ts';

export function scenarioText({ settings, claim, foundAt }: CheckFinding, { scenario, seed, mode }: CheckResult): string {
  const schedule = `schedule ${foundAt} ${mode === 'drawn' ? `of seed ${seed}` : `of all ${mode}`}`;
  // The name is somebody's: a line of its own would be no comment.
  return `# Found by faultline check in ${scenario.replaceAll(/[\n\r\u2028\u2029]/g, ' ')}: ${schedule}, shrunk. It breaks ${claim}.\n${stringify(settings, { lineWidth: 120 })}`;
}
