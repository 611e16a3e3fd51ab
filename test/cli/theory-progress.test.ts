import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { buildSync } from 'esbuild';
import { afterAll, describe, expect, it } from 'vitest';
import { besideProgress, theoryProgressText } from '../../cli/theory-progress.ts';
import { askTheory, findModel } from '../../scenarios/theory/ask.ts';
import { projectRoot } from '../source-files.ts';

const folder = mkdtempSync(path.join(os.tmpdir(), 'faultline-progress-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const textAt = (done: number, planned: number, elapsedSeconds: number) => theoryProgressText({ model: 'mdc', limitMs: 120_000, steps: Int32Array.of(done, planned) }, elapsedSeconds);

describe('the progress of theory', () => {
  it('says how much is left of a range, and otherwise when it ends at the latest', () => {
    expect(textAt(5, 20, 3)).toBe('mdc 5 of 20 values · 9 s left');
    expect(textAt(0, 0, 3.7)).toBe('mdc · 3 s so far, 2 min at most');
    expect(textAt(12, 0, 3)).toBe('mdc · 12 values tried · 3 s so far, 2 min at most');
  });

  it('hears of every value of a range and of a search', () => {
    const steps = (...words: string[]) => {
      const heard: (readonly [number, number | undefined])[] = [];
      askTheory(findModel('mmc'), { words }, '', (...step) => heard.push(step));
      return heard;
    };
    expect(steps('lambda=9', 'mu=1', 'c=10..13')).toEqual([[1, 4], [2, 4], [3, 4], [4, 4]]);
    expect(steps('lambda=9', 'mu=1', 'c=10')).toEqual([]);
    const tried = steps('lambda=9', 'mu=1', '--mean-wait=<1s');
    expect(tried.length).toBeGreaterThan(4);
    expect(tried).toEqual(tried.map((_, index) => [index + 1, undefined]));
  });

  it('is not there where nobody looks', async () => {
    expect(await besideProgress('mdc', 1000, false, (onStep) => (onStep(1, 2), 42))).toBe(42);
  });

  it('is drawn while the answer is computed without a break, and taken away', () => {
    const entryPoints = ['theory-progress', 'theory-progress-worker'].map((name) => path.join(projectRoot, 'cli', `${name}.ts`));
    buildSync({ entryPoints, outdir: folder, bundle: true, platform: 'node', format: 'esm', logLevel: 'error' });
    writeFileSync(path.join(folder, 'package.json'), '{ "type": "module" }');
    writeFileSync(path.join(folder, 'busy.js'), `
      import { besideProgress } from './theory-progress.js';
      const busy = (onStep) => { onStep(3, 4); for (const end = performance.now() + 2500; performance.now() < end;); return 42; };
      console.log(await besideProgress('mdc', 9000, true, busy));`);
    const { stdout, stderr } = spawnSync(process.execPath, [path.join(folder, 'busy.js')], { encoding: 'utf8' });
    expect(stdout).toBe('42\n');
    expect(stderr).toMatch(/^(\r\u001b\[Kmdc 3 of 4 values · \d+ s left)+\r\u001b\[K$/);
  }, 60_000);
});
