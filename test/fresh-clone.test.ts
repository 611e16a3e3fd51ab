/** The first command of the README, as a stranger gives it: on a clone of what is committed. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { npm, registryMissing } from './npm.ts';
import { whenPresent } from './requirements.ts';
import { projectRoot } from './source-files.ts';

const missing = repositoryMissing() ?? registryMissing();
const it = whenPresent(missing);
const folder = mkdtempSync(path.join(os.tmpdir(), 'faultline-clone-'));
const clone = path.join(folder, 'faultline');

beforeAll(() => {
  if (missing !== undefined) return;
  const { status, stderr } = git(['clone', '--quiet', '--no-hardlinks', projectRoot, clone]);
  if (status !== 0) throw new Error(`git clone: ${stderr}`);
  npm(['ci', '--prefer-offline'], clone);
}, 300_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('a fresh clone', () => {
  it('has its command after npm ci', () => {
    expect(npm(['exec', '--no', '--', 'faultline', '--version'], clone).trim()).toMatch(/^\d+\.\d+\.\d+/);
  });

  it('writes a report with npm start, and says where', () => {
    const { status, stdout, stderr } = spawnSync('npm', ['start'], { cwd: clone, encoding: 'utf8' });
    expect({ status, stderr }).toMatchObject({ status: 0 });
    expect(stdout).toContain('checkout');
    expect(stdout + stderr).toContain(path.join('out', 'checkout.html'));
    expect(readFileSync(path.join(clone, 'out', 'checkout.html'), 'utf8')).toMatch(/^<!doctype html>/i);
  });

  it('is left clean', () => {
    expect(git(['status', '--porcelain'], clone).stdout).toBe('');
  });
});

function git(words: readonly string[], cwd = folder): { status: number | null; stdout: string; stderr: string } {
  return spawnSync('git', ['-c', 'safe.directory=*', ...words], { cwd, encoding: 'utf8' });
}

function repositoryMissing(): string | undefined {
  const { status } = spawnSync('git', ['-c', 'safe.directory=*', 'rev-parse', '--verify', 'HEAD'], { cwd: projectRoot });
  return status === 0 ? undefined : 'there is no git, or this is not a clone';
}
