/** What a user sees when Faultline itself is wrong. */
import path from 'node:path';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { runCommandLine } from '../../cli/program.ts';
import type { Terminal } from '../../cli/terminal.ts';
import { AssertionFailure } from '../../sim/assert.ts';
import { projectRoot } from '../source-files.ts';

const runScenario = vi.hoisted(() => vi.fn<(scenario: unknown, options: unknown) => unknown>());
vi.mock('../../scenarios/run.ts', () => ({ runScenario }));

const scenario = path.join(projectRoot, 'bench', 'scenarios', 'mm1.yaml');
const printed: string[] = [];
const said: string[] = [];
const terminal: Terminal = {
  colour: false, talkColour: false, width: 80, animated: false, print: (text) => printed.push(text), say: (text) => said.push(text),
};

beforeEach(() => {
  printed.length = 0;
  said.length = 0;
});

describe('an assertion of ours', () => {
  it('is shown with its situation and its trace, and ends with a line to paste', async () => {
    runScenario.mockImplementation(() => {
      const failure = new AssertionFailure('a copy is in two buckets');
      failure.situation = 'at 12 s, event 345';
      throw failure;
    });
    expect(await runCommandLine(['run', scenario, '--seed', '7'], terminal)).toBe(5);
    expect(printed).toEqual([]);
    const talk = said.join('\n');
    expect(talk).toContain('at 12 s, event 345');
    expect(talk).toMatch(/AssertionFailure: a copy is in two buckets\n\s+at .*own-errors\.test\.ts/);
    expect(talk.trimEnd().split('\n').at(-1)).toBe(`  npx faultline run ${scenario} --seed 7`);
  });

  it('counts for any other error that nobody foresaw', async () => {
    runScenario.mockImplementation(() => {
      throw new TypeError('x is undefined');
    });
    expect(await runCommandLine(['run', scenario], terminal)).toBe(5);
  });
});

describe('two runs that differ', () => {
  it('are told apart as narrowly as the checkpoints allow, with exit code 4', async () => {
    let runs = 0;
    runScenario.mockImplementation(() => {
      runs++;
      const checkpoint = (events: number, fingerprint: string) => ({ events, seconds: events / 10, fingerprint });
      return {
        scenario: 'bench-mm1', verdict: 'pass', verdicts: [], fingerprint: `f${runs}`, reproduce: { command: 'faultline run again' },
        checkpoints: [checkpoint(100, 'a'), checkpoint(200, `b${runs}`), checkpoint(300, `c${runs}`)],
      };
    });
    expect(await runCommandLine(['run', scenario, '--twice', '--quiet'], terminal)).toBe(4);
    expect(said.join('\n')).toContain('the same seed gave two different runs, f1 and f2; they part after event 100 (10 s) and before event 200 (20 s)');
    expect(said.at(-1)).toMatch(/faultline run again$/);
  });
});
