/**
 * The scenarios that come with Faultline: each loads, runs the same twice, ends as its file says, as it is
 * written and as each of its variants (`x-expect`), and equals its golden summary.
 *
 * A golden summary shows that a result is what it was, not that it is right. Why these may be trusted: each was read when
 * it was made, against the comment in its scenario, which says what must be seen and why; the arithmetic in those
 * comments is checked by hand; `x-expect` pins the verdicts without any golden; every run checks its own ledger
 * and Little's law to the nanosecond; and the engine is compared with formulas in tests of its own. A change that is
 * meant to change results changes goldens: look at `git diff test/golden` and be able to explain every line of it.
 *
 *   FAULTLINE_UPDATE_GOLDEN=1 npx vitest run test/library.test.ts      writes them anew
 */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { exitCodeOf } from '../cli/exit-code.ts';
import { formatProblem, type LoadOptions, loadScenario } from '../scenarios/load.ts';
import type { Verdict } from '../scenarios/result.ts';
import { runScenario } from '../scenarios/run.ts';
import { asWritten } from '../scenarios/variants.ts';
import { compareWithGolden, differences, goldenFolder, goldenJudgement, goldenSummary, updateCommand } from './golden.ts';
import { projectRoot } from './source-files.ts';

/** Published failures (`faultline incidents`) are scenarios of the library, too. */
const folders = ['library', 'incidents'].map((folder) => path.join(projectRoot, 'scenarios', folder));
const files = new Map(folders.flatMap((folder) => readdirSync(folder).filter((file) => file.endsWith('.yaml')).map((file) => [file.slice(0, -'.yaml'.length), path.join(folder, file)] as const)));
const names = [...files.keys()].sort();

/** How a scenario ends as it is written, or how it and each of its variants do. */
type Expected = Verdict | Readonly<Record<string, Verdict>>;
const exits: Readonly<Record<Verdict, number>> = { pass: 0, fail: 1, unknown: 2 };
/** About three seconds on a machine of 2020. */
const eventsMax = 1_500_000;

const fileOf = (name: string): string => files.get(name)!;
const textOf = (name: string): string => readFileSync(fileOf(name), 'utf8');

async function load(name: string, options: LoadOptions = {}) {
  const loaded = await loadScenario(fileOf(name), options);
  if (!loaded.ok) throw new Error(loaded.problems.map(formatProblem).join('\n\n'));
  return loaded;
}

function expectationsOf(name: string): Readonly<Record<string, Verdict>> {
  const { 'x-expect': expected = 'pass' } = parse(textOf(name)) as { readonly 'x-expect'?: Expected };
  return typeof expected === 'string' ? { [asWritten]: expected } : expected;
}

describe('the library', () => {
  it('has from one queue to a pipeline under chaos', () => {
    expect(names.length).toBeGreaterThanOrEqual(15);
    expect(names).toContain('one-queue-one-server');
    expect(names).toContain('pipeline-under-chaos');
  });

  it('has no golden summary of a scenario that is gone', () => {
    expect(readdirSync(goldenFolder).map((file) => path.basename(file, '.json')).filter((name) => !names.includes(name))).toEqual([]);
  });

  it.each(names)('%s says what it asks, what to look at and what to change, and is called as its file', async (name) => {
    const text = textOf(name);
    const { scenario } = await load(name);
    expect(scenario.name).toBe(name);
    expect(scenario.about).toContain('?');
    expect(text).toContain('# Look at:');
    expect(text).toMatch(/# (Try|Mend):/);
    expect(text.split('\n').filter((line) => line.length > 140)).toEqual([]);
  });

  it.each(names)('%s has comments whose settings exist', async (name) => {
    const comments = textOf(name).split('\n').flatMap((line) => line.match(/#.*/)?.[0] ?? []).join(' ');
    const settings = comments.match(/\b(?:params|network|brokers|producers|consumers|faults|claims)\.[\w.-]+=[^\s,;)]*[^\s,;).]/g) ?? [];
    for (const setting of settings) await load(name, { set: [setting] });
    expect(comments).not.toBe('');
  });
});

describe.each(names)('%s', (name) => {
  const { [asWritten]: expected = 'pass', ...expectations } = expectationsOf(name);

  it('says how each of its variants ends', async () => {
    expect(Object.keys(expectations).sort()).toEqual(Object.keys((await load(name)).scenario.variants).sort());
  });

  it(`ends as ${expected}, the same twice, and as it was`, { timeout: 120_000 }, async () => {
    const { scenario, warnings } = await load(name);
    const result = runScenario(scenario);
    const again = runScenario(scenario);
    expect(again.fingerprint).toBe(result.fingerprint);
    expect(differences(goldenSummary(result), goldenSummary(again), '')).toEqual([]);
    expect(exitCodeOf(result), JSON.stringify(goldenJudgement(result), undefined, 2)).toBe(exits[expected]);
    expect(result.events).toBeLessThan(eventsMax);
    const summary = { warnings: warnings.map((warning) => `${warning.path}: ${warning.message}`), ...(goldenSummary(result) as object), variants: await variants() };
    expect(compareWithGolden(name, summary), `to accept these results: ${updateCommand}`).toEqual([]);
  });

  async function variants(): Promise<Record<string, ReturnType<typeof goldenJudgement>>> {
    const entries = Object.entries(expectations).map(async ([variant, then]) => {
      const result = runScenario((await load(name, { variant })).scenario);
      const judgement = goldenJudgement(result);
      expect(result.verdict, `${variant}: ${JSON.stringify(judgement, undefined, 2)}`).toBe(then);
      return [variant, judgement] as const;
    });
    return Object.fromEntries(await Promise.all(entries));
  }
});

describe('a golden summary', () => {
  it('is compared field by field', () => {
    expect(differences({ a: { b: 1, c: [1, 2] } }, { a: { b: 2, c: [1, 2, 3] } }, '')).toEqual([
      'a.b: 1 in the golden summary, 2 now',
      'a.c.2: undefined in the golden summary, 3 now',
    ]);
    expect(differences({ a: null }, { a: 0, b: 'x' }, '')).toHaveLength(2);
    expect(differences({ a: [{ b: 'x' }] }, { a: [{ b: 'x' }] }, '')).toEqual([]);
  });
});
