/** What a test needs from the machine around it. */
import { expect, it } from 'vitest';

/**
 * Skips the tests of a file, with the reason in their name, where the machine lacks something. Under CI nothing may be
 * lacking: there a test fails with the reason.
 */
export function whenPresent(missing: string | undefined): typeof it {
  if (missing === undefined) return it;
  if (process.env.CI) {
    it('finds on this machine what it needs', () => expect.fail(`${missing}. Under CI every test has to run.`));
  }
  const skipped = (name: string) => it.skip(`${name} (skipped: ${missing})`);
  return skipped as unknown as typeof it;
}
