/**
 * Builds dist/: TypeScript incrementally, then the browser's part of the reports, then the executable bit.
 * Plain JavaScript, since it has to run before anything is compiled.
 */
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, readdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.dirname(fileURLToPath(import.meta.url));
const dist = path.join(root, 'dist');
const outputs = ['.d.ts', '.js.map', '.js'];

removeOutputsOfDeletedSources();
compile();
bundleForBrowsers();
chmodSync(path.join(dist, 'cli', 'main.js'), 0o755);

/** tsc leaves the output of a deleted source where it is, and a package would ship it. */
function removeOutputsOfDeletedSources() {
  if (!existsSync(dist)) return;
  for (const entry of readdirSync(dist, { recursive: true, withFileTypes: true })) {
    const ending = outputs.find((suffix) => entry.name.endsWith(suffix));
    if (!entry.isFile() || ending === undefined || entry.name.endsWith('.bundle.js')) continue;
    const file = path.join(entry.parentPath, entry.name);
    const stem = path.relative(dist, file).slice(0, -ending.length);
    if (!existsSync(path.join(root, `${stem}.ts`))) rmSync(file);
  }
}

function compile() {
  const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
  runNode([tsc, '-p', root]);
}

function bundleForBrowsers() {
  runNode([path.join(root, 'reports', 'browser', 'build.mjs')]);
}

function runNode(words) {
  const { status } = spawnSync(process.execPath, words, { stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}
