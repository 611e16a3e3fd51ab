/**
 * Every fault changes a verdict, and something mends that; every guarantee is broken by something and kept under faults. The pages that say
 * so are generated:
 *
 *   FAULTLINE_UPDATE_GOLDEN=1 npx vitest run test/vocabulary.test.ts      writes them anew
 */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { faultKinds } from '../models/faults/index.ts';
import { claimNames } from '../models/invariants/index.ts';
import { asWritten } from '../scenarios/variants.ts';
import { projectRoot } from './source-files.ts';
import { type Example, exampleOfFault, examplesOfClaim, faultsPage, guaranteesPage, libraryExamples, runExample, vocabularyNames } from './vocabulary.ts';

const isUpdating = process.env.FAULTLINE_UPDATE_GOLDEN === '1' && process.env.CI === undefined;
/** It is broken by none of the brokers; a bug in them is planted for it. */
const brokenByBugsAlone = ['one-leader-per-term', 'prefetch-bound'];
const examples: Example[] = [];

beforeAll(async () => {
  for (const name of vocabularyNames) examples.push(await runExample(name));
  examples.push(...libraryExamples());
}, 300_000);

describe('an example of the vocabulary', () => {
  it.each(vocabularyNames)('%s is called as what it shows, and ends as it says', (name) => {
    const example = examples.find(({ file }) => file === `scenarios/vocabulary/${name}.yaml`)!;
    expect([...faultKinds, ...claimNames]).toContain(name);
    expect(example.about).toContain('?');
    expect(Object.keys(example.expected)[0]).toBe(asWritten);
    expect(Object.fromEntries(example.endings.map(({ variant, verdict }) => [variant, verdict]))).toEqual(example.expected);
  });
});

it('of every fault there is one, in which it breaks something, and what mends that', () => {
  expect(faultKinds.filter((kind) => exampleOfFault(kind, examples) === undefined)).toEqual([]);
});

it('of every guarantee there is one in which it is broken, and one in which it is kept under faults', () => {
  expect(claimNames.filter((claim) => examplesOfClaim(claim, examples).kept === undefined)).toEqual([]);
  expect(claimNames.filter((claim) => examplesOfClaim(claim, examples).broken === undefined)).toEqual(brokenByBugsAlone);
});

it.each([['docs/faults-by-example.md', faultsPage], ['docs/guarantees-by-example.md', guaranteesPage]] as const)('%s is what they come to', (page, generate) => {
  const file = path.join(projectRoot, page);
  if (isUpdating) writeFileSync(file, generate(examples));
  expect(readFileSync(file, 'utf8')).toBe(generate(examples));
});
