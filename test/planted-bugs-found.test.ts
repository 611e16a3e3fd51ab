/** Every planted bug is found by a search from a clean configuration, its own faults left out, within so many schedules. */
import { describe, expect, it } from 'vitest';
import { check, checkDefaults } from '../scenarios/search/check.ts';
import { type Tried, tryPlan } from '../scenarios/search/try-plan.ts';
import { AssertionFailure } from '../sim/assert.ts';
import { backupBugs, snapshotBugs, tooGenerousRestores } from './planted-bugs/backups.ts';
import { type BugCase, bugCases } from './planted-bugs/matrix.ts';

const schedulesMax = 500;
/** A search takes no backups and restores none. */
const ofBackups = new Set([...backupBugs, ...snapshotBugs, ...tooGenerousRestores].map(({ name }) => `RabbitMQ: ${name}`));
/** It needs a write that is half done, which no configuration claims to survive. */
const beyondClaims = ['work queue: does not cut a torn record'];

/** Which schedule shows it: one in which the broker with the bug breaks what the healthy one keeps, or an assertion of the model. */
function foundAt({ settings, healthy, buggy }: BugCase, beyond: boolean): number | undefined {
  const base = { ...settings, faults: [] };
  const search = check(base, { ...checkDefaults, messages: 40, runs: schedulesMax, beyond });
  let request = search.next();
  let schedules = 0;
  while (request.done !== true) {
    const { plans } = request.value;
    const answers: Tried[] = [];
    for (const plan of plans) {
      schedules++;
      try {
        const tried = tryPlan(base, plan, buggy);
        // What the healthy broker breaks as well is no bug.
        const healthyToo = tried.broken.length === 0 ? tried : tryPlan(base, plan, healthy);
        if (tried.broken.some(({ claim }) => !healthyToo.broken.some((other) => other.claim === claim))) return schedules;
        answers.push({ ...tried, broken: [] });
      } catch (error) {
        if (error instanceof AssertionFailure) return schedules;
        throw error;
      }
    }
    request = search.next({ tried: answers });
  }
  return undefined;
}

const cases = new Map<string, BugCase[]>();
for (const bug of bugCases) if (!ofBackups.has(`${bug.broker}: ${bug.name}`)) cases.set(`${bug.broker}: ${bug.name}`, [...(cases.get(`${bug.broker}: ${bug.name}`) ?? []), bug]);

describe('a search from a clean configuration', () => {
  it.each([...cases])('finds %s', (name, own) => {
    const found = own.map((bug) => foundAt(bug, beyondClaims.includes(name)));
    expect(found.some((at) => at !== undefined)).toBe(true);
  });
});
