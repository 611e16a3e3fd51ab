/**
 * For `setupFiles` of vitest: teaches `expect` the matchers, and gives properties their seed and number of runs.
 *
 *   FAULTLINE_SEED=7        the seed of all properties (1 unless told); random draws one and prints it
 *   FAULTLINE_RUNS=1000     plans for each property (100 unless told)
 *   FAULTLINE_OUT=found     where what is found is written (faultline-found unless told)
 */
import fc from 'fast-check';
import { afterEach, expect } from 'vitest';
import * as matchers from './matchers.ts';

const { FAULTLINE_SEED: seedText = '1', FAULTLINE_RUNS: runsText = '100' } = process.env;
const seed = seedText === 'random' ? Math.trunc(Math.random() * 0x7fff_ffff) : wholeNumber('FAULTLINE_SEED', seedText);

expect.extend(matchers as unknown as Parameters<typeof expect.extend>[0]);
fc.configureGlobal({ ...fc.readConfigureGlobal(), seed, numRuns: wholeNumber('FAULTLINE_RUNS', runsText), includeErrorInReport: true });
if (seedText === 'random') process.stderr.write(`faultline: seed ${seed}\n`);

afterEach(({ task }) => {
  if (task.result?.state !== 'fail') return;
  const name = task.name.replaceAll(/["$`\\]/g, '.');
  process.stderr.write(`faultline: seed ${seed}. Again: FAULTLINE_SEED=${seed} FAULTLINE_RUNS=${runsText} npx vitest run ${task.file.name} -t "${name}"\n`);
});

function wholeNumber(name: string, text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new Error(`${name} is a whole number${name === 'FAULTLINE_SEED' ? ', or random' : ''}, not ${text}`);
  return Number(text);
}
