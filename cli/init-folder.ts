/** The init command: what somebody begins with, written whole or not at all. */
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { CommandContext } from './context.ts';
import { type ExitCode, exitCode } from './exit-code.ts';
import { writeFileAtomically } from './files.ts';
import { packageRoot } from './package.ts';
import { UsageError } from './usage-error.ts';

/** Where each file of `scenarios/starter` goes. */
const files: readonly (readonly [from: string, to: string])[] = [
  ['queue.yaml', 'faultline/queue.yaml'], ['queue.test.ts.txt', 'faultline/queue.test.ts'], ['workflow.yml', '.github/workflows/faultline.yml'],
];
const config = ['vitest.config.ts.txt', 'vitest.config.ts'] as const;
const manifest = `${JSON.stringify({ private: true, type: 'module', scripts: { test: 'vitest run' }, devDependencies: { faultline: '*', vitest: '^4.0.0' } }, undefined, 2)}\n`;

export function init(folder: string, { json }: { readonly json?: boolean }, { terminal }: CommandContext): ExitCode {
  const inFolder = (file: string): string => path.join(folder, file);
  const taken = files.map(([, to]) => inFolder(to)).filter((file) => existsSync(file));
  if (taken.length > 0) throw new UsageError(`${taken.join(', ')} ${taken.length === 1 ? 'is' : 'are'} there already, and nothing was written`, 'remove what is there, or name another folder');
  const hasConfig = existsSync(folder) && readdirSync(folder).some((file) => /^vite(st)?\.config\.[cm]?[jt]s$/.test(file));
  const written = [...files, ...(hasConfig ? [] : [config])].map(([from, to]) => [inFolder(to), readFileSync(path.join(packageRoot, 'scenarios', 'starter', from), 'utf8')] as const);
  if (!existsSync(inFolder('package.json'))) written.push([inFolder('package.json'), manifest]);
  const done: string[] = [];
  try {
    for (const [file, text] of written) {
      writeFileAtomically(file, text);
      done.push(file);
    }
  } catch (error) {
    // None of them was there before.
    for (const file of done) rmSync(file, { force: true });
    throw error;
  }
  const next = [
    ...(hasConfig ? ["add setupFiles: ['faultline/vitest/setup'] to the test settings of your vitest configuration"] : []),
    ...(existsSync(inFolder('node_modules/vitest')) ? [] : ['npm install --save-dev faultline vitest']), 'npx vitest run', `npx faultline check ${inFolder('faultline/queue.yaml')}`,
  ];
  if (json) terminal.print(JSON.stringify({ schema: 'faultline/init@1', written: written.map(([file]) => file), next }, undefined, 2));
  else terminal.print([...written.map(([file]) => `wrote ${file}`), '', 'Next:', ...next.map((line) => `  ${line}`)].join('\n'));
  return exitCode.pass;
}
