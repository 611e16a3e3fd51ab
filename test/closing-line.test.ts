import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { projectRoot } from './source-files.ts';

/** A project of its own, inside ours so that it finds Vitest. */
const folder = mkdtempSync(path.join(projectRoot, 'node_modules', '.closing-line-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function lastLineOf(tests: Record<string, string>): { line: string | undefined; status: number | null } {
  const project = mkdtempSync(path.join(folder, 'project-'));
  for (const [file, text] of Object.entries(tests)) writeFileSync(path.join(project, file), text);
  const reporter = path.join(projectRoot, 'test', 'closing-line-reporter.ts');
  writeFileSync(path.join(project, 'vitest.config.ts'), `import { ClosingLineReporter } from ${JSON.stringify(reporter)};
    export default { test: { include: ['*.check.ts'], reporters: ['default', new ClosingLineReporter()] } };`);
  const vitest = path.join(projectRoot, 'node_modules', 'vitest', 'vitest.mjs');
  const { stdout, status } = spawnSync(process.execPath, [vitest, 'run', '--root', project], { encoding: 'utf8', env: cleanEnvironment() });
  return { line: stdout.trimEnd().split('\n').at(-1), status };
}

/** Without what the Vitest around this test tells its own workers. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(VITEST|TEST$|NODE_ENV$)/.test(name)));
}

const head = `import { it, expect } from 'vitest';`;

describe('the closing line', () => {
  it('counts every test once', () => {
    const tests = `${head} it('a', () => {}); it('b', () => expect(1).toBe(2)); it.skip('c', () => {}); it.todo('d'); it('e', () => {});`;
    expect(lastLineOf({ 'one.check.ts': tests })).toEqual({ line: '2 passed, 1 failed, 2 skipped', status: 1 });
  });

  it('counts a file that cannot be loaded as failed', () => {
    expect(lastLineOf({ 'one.check.ts': `${head} it('a', () => {});`, 'two.check.ts': `import './nowhere.ts';` })).toEqual({ line: '1 passed, 1 failed, 0 skipped', status: 1 });
  });

  it('counts an error that no test caught', () => {
    const tests = `${head} it('a', async () => { setTimeout(() => { throw new Error('late'); }, 0); await new Promise((resolve) => setTimeout(resolve, 100)); });`;
    expect(lastLineOf({ 'one.check.ts': tests })).toEqual({ line: '1 passed, 1 failed, 0 skipped', status: 1 });
  });
});
