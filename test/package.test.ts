/** The package as somebody else gets it: packed, installed into an empty folder, used from there. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { parse } from 'yaml';
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
    const strange = packed.filter((file) => !/^(dist\/.*\.(js|js\.map|d\.ts|json|html|css)|scenarios\/(library|incidents|starter|vocabulary)\/.*|docs\/.*|(README|CHANGELOG)\.md|LICENSE|package\.json)$/.test(file));
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

  it('writes what somebody begins with into an empty folder, all of which passes as it is written', () => {
    // What `npm install --save-dev vitest` would bring.
    symlinkSync(path.join(projectRoot, 'node_modules', 'vitest'), path.join(user, 'node_modules', 'vitest'));
    const faultline = (...words: string[]) => spawnSync('npx', ['--no', 'faultline', ...words], { cwd: user, encoding: 'utf8', env: { ...process.env, GITHUB_STEP_SUMMARY: path.join(user, 'job.md') } });
    const { stdout: written } = faultline('init', '--json');
    expect(JSON.parse(written)).toMatchObject({ written: ['faultline/queue.yaml', 'faultline/queue.test.ts', '.github/workflows/faultline.yml', 'vitest.config.ts'] });
    const vitest = path.join(user, 'node_modules', 'vitest', 'vitest.mjs');
    const { status, stdout, stderr } = spawnSync(process.execPath, [vitest, 'run', 'faultline'], { cwd: user, encoding: 'utf8', env: { ...process.env, VITEST: undefined, NO_COLOR: '1' } });
    expect({ status, stdout, stderr }).toMatchObject({ status: 0, stdout: expect.stringMatching(/Tests +3 passed/) as string });
    // What the workflow runs besides.
    const workflow = parse(readFileSync(path.join(user, '.github', 'workflows', 'faultline.yml'), 'utf8')) as { jobs: { guarantees: { steps: { run?: string }[] } } };
    const commands = workflow.jobs.guarantees.steps.flatMap(({ run = '' }) => (run.startsWith('npx faultline ') ? [run.split(' ').slice(2)] : []));
    expect(commands.map(([command]) => command)).toEqual(['run', 'check']);
    for (const words of commands) expect(faultline(...words.map((word) => (word === '1000' ? '100' : word))).status, words.join(' ')).toBe(0);
    expect(readFileSync(path.join(user, 'job.md'), 'utf8')).toContain('| queue | ✓ pass |');
    expect(readFileSync(path.join(user, 'faultline-found', 'junit.xml'), 'utf8')).toContain('<testsuite name="queue" tests="1" failures="0"');
    expect(faultline('init')).toMatchObject({ status: 3, stderr: expect.stringContaining('are there already, and nothing was written') as string });
  }, 180_000);

  it('tells in a test that fails what broke, and the line that has it again', () => {
    const test = readFileSync(path.join(user, 'faultline', 'queue.test.ts'), 'utf8').replace('new URL(\'queue.yaml\', import.meta.url)', "new URL('queue.yaml', import.meta.url), { set: ['consumers.workers.idempotency=null'] }");
    writeFileSync(path.join(user, 'faultline', 'broken.test.ts'), test);
    const { status, stdout, stderr } = spawnSync(process.execPath, [path.join(user, 'node_modules', 'vitest', 'vitest.mjs'), 'run', 'faultline/broken.test.ts'], { cwd: user, encoding: 'utf8', env: { ...process.env, VITEST: undefined, NO_COLOR: '1' } });
    expect(status).toBe(1);
    const told = stdout + stderr;
    for (const part of ['at-most-once (D2)', 'Smallest failing plan', 'What happened', 'consumers.workers.idempotency={}', 'npx faultline run faultline-found/', 'faultline: seed 1. Again: FAULTLINE_SEED=1 FAULTLINE_RUNS=100 npx vitest run faultline/broken.test.ts -t']) expect(told).toContain(part);
    rmSync(path.join(user, 'faultline', 'broken.test.ts'));
  }, 180_000);
});
