import { writeSync } from 'node:fs';
import type { Reporter, TestModule } from 'vitest/node';

export interface Tally {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** Ends a test run with one plain line that a script can read: `12 passed, 0 failed, 1 skipped`. */
export class ClosingLineReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    const line = closingLine(tally(modules, unhandledErrors.length));
    // Other reporters and Vitest itself still have something to say; only at the exit is a line the last one.
    process.once('exit', () => writeSync(1, `${line}\n`));
  }
}

export function closingLine({ passed, failed, skipped }: Tally): string {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`;
}

/** A file that could not be loaded has no tests, yet it failed; so did a run with an error that no test caught. */
function tally(modules: readonly TestModule[], unhandledErrors: number): Tally {
  const counts = { passed: 0, failed: unhandledErrors, skipped: 0 };
  for (const module of modules) {
    let failedInside = 0;
    for (const test of module.children.allTests()) {
      const { state } = test.result();
      if (state === 'failed') failedInside++;
      // A test that never came to an end, because its file or the run broke off, did not pass.
      else if (state === 'pending') failedInside++;
      else counts[state]++;
    }
    if (failedInside === 0 && !module.ok()) failedInside = 1;
    counts.failed += failedInside;
  }
  return counts;
}
