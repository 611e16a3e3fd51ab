/** The package as somebody else gets it: packed, installed into an empty folder, used from there. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { npm, registryMissing } from './npm.ts';
import { whenPresent } from './requirements.ts';
import { projectRoot } from './source-files.ts';

const missing = registryMissing();
const it = whenPresent(missing);
const folder = mkdtempSync(path.join(os.tmpdir(), 'faultline-package-'));
const user = path.join(folder, 'user');
let packed: string[] = [];

beforeAll(() => {
  if (missing !== undefined) return;
  // Without its scripts: dist/ is built, and building it here would disturb the tests that run beside this one.
  const [summary] = JSON.parse(npm(['pack', '--json', '--ignore-scripts', '--pack-destination', folder], projectRoot)) as { filename: string; files: { path: string }[] }[];
  packed = summary!.files.map((file) => file.path);
  mkdirSync(user);
  writeFileSync(path.join(user, 'package.json'), JSON.stringify({ name: 'user', private: true, type: 'module' }));
  npm(['install', '--prefer-offline', '--omit=dev', path.join(folder, summary!.filename)], user);
}, 180_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the package', () => {
  it('holds what runs and what explains it, and nothing else', () => {
    expect(packed).toEqual(expect.arrayContaining(['package.json', 'LICENSE', 'dist/index.js', 'dist/index.d.ts', 'dist/cli/main.js', 'scenarios/library/checkout.yaml']));
    const strange = packed.filter((file) => !/^(dist\/.*\.(js|js\.map|d\.ts|json|html|css)|scenarios\/(library|incidents|vocabulary)\/.*|docs\/.*|(README|CHANGELOG)\.md|LICENSE|package\.json)$/.test(file));
    expect(strange).toEqual([]);
  });

  it('runs its command from where it was installed', () => {
    expect(npm(['exec', '--no', '--', 'faultline', '--version'], user).trim()).toMatch(/^\d+\.\d+\.\d+/);
    const scenario = path.join('node_modules', 'faultline', 'scenarios', 'library', 'checkout.yaml');
    const { status, stderr } = spawnSync('npx', ['--no', 'faultline', 'run', scenario, '--quiet', '--report', 'out/checkout.html'], { cwd: user, encoding: 'utf8' });
    expect({ status, stderr }).toMatchObject({ status: 0 });
    expect(readFileSync(path.join(user, 'out', 'checkout.html'), 'utf8')).toMatch(/^<!doctype html>/i);
  });

  it('has an entry whose types say what it does', () => {
    const program = `
      import { formatProblem, loadScenario, parseScenario, runScenario, summarise, type RunResult } from 'faultline';
      const loaded = await loadScenario('node_modules/faultline/scenarios/library/checkout.yaml', { seed: 3, set: ['phases.measure=20s'] });
      if (!loaded.ok) throw new Error(loaded.problems.map(formatProblem).join());
      const result: RunResult = runScenario(loaded.scenario);
      const wrong: string = result.events;
      console.log(JSON.stringify([result.schema, result.seed, typeof wrong, typeof parseScenario, summarise(result, { colour: false, width: 80 }).length > 100]));
    `;
    writeFileSync(path.join(user, 'use.mts'), program);
    const tsc = path.join(projectRoot, 'node_modules', 'typescript', 'bin', 'tsc');
    const words = ['--strict', '--target', 'es2023', '--module', 'nodenext', '--skipLibCheck', '--types', 'node', '--typeRoots', path.join(projectRoot, 'node_modules', '@types'), 'use.mts'];
    const { stdout } = spawnSync(process.execPath, [tsc, ...words], { cwd: user, encoding: 'utf8' });
    // The one mistake that was planted, and no other.
    expect(stdout.trim().split('\n')).toEqual([expect.stringContaining(`Type 'number' is not assignable to type 'string'`)]);
    expect(JSON.parse(execFileSync(process.execPath, ['use.mjs'], { cwd: user, encoding: 'utf8' }))).toEqual(['faultline/result@1', 3, 'number', 'function', true]);
  });
});
