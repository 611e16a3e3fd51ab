/** The suite itself: a broker that breaks a rule fails, in the way meant for it. */
import { describe, expect, it } from 'vitest';
import { canaries, type Canary } from './canaries.ts';
import { causeOf, properties } from './properties.ts';
import { subjects } from './subjects.ts';

/** What the suite finds wrong with it, one property after the other, until it is what was meant. */
function findings({ subject, models, foundAs }: Canary): string[] {
  const planted = subjects.find(({ name }) => name === subject)!;
  const found: string[] = [];
  for (const property of Object.values(properties)) {
    const cause = causeOf(() => property.check(planted, { runs: 80, seed: 3, models, isToFail: true }));
    if (cause !== undefined) found.push(cause);
    if (cause !== undefined && foundAs.test(cause)) return found;
  }
  return found;
}

describe('the suite finds a broker that', () => {
  for (const canary of canaries) {
    it(`${canary.name} (${canary.subject})`, () => {
      expect(findings(canary).join('\n')).toMatch(canary.foundAs);
    });
  }
});
