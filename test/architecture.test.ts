/** The rules of the house: who may import what, and nothing lies around that nobody reaches. */
import { describe, expect, it } from 'vitest';
import { findBarrels, findCycles, findForeignImports, findUnreached, importsOf, type SourceImports } from './imports.ts';
import { isCode, projectFiles, readProjectFile } from './source-files.ts';

const sources = projectFiles().filter(isCode).map((file) => importsOf(file));
const manifest = JSON.parse(readProjectFile('package.json')) as Record<'dependencies' | 'devDependencies' | 'peerDependencies', Record<string, string>>;

describe('the house', () => {
  it('was looked at', () => {
    expect(sources.length).toBeGreaterThan(60);
    for (const layer of ['sim/', 'models/', 'scenarios/', 'reports/', 'cli/', 'test/']) {
      expect(sources.filter(({ file }) => file.startsWith(layer)).length, layer).toBeGreaterThan(2);
    }
    expect(sources.flatMap(({ imports }) => imports).length).toBeGreaterThan(200);
  });

  it('imports only what its layer may', () => {
    expect(findForeignImports(sources)).toEqual([]);
  });

  it('has no import cycles, not even of types', () => {
    expect(findCycles(sources)).toEqual([]);
  });

  it('has no barrels beside the registries and the public entry', () => {
    expect(findBarrels(sources)).toEqual([]);
  });

  it('has no file that nothing reaches', () => {
    const scripts = sources.map(({ file }) => file).filter((file) => file.endsWith('.mjs'));
    const tests = sources.map(({ file }) => file).filter((file) => file.endsWith('.test.ts'));
    // Files that are not imported but named by path.
    const started = ['vitest.config.ts', 'test/recordings/main.ts', 'test/planted-bugs/main.ts', ...sources.map(({ file }) => file).filter((file) => file === 'reports/browser/main.ts' || /^cli\/[\w-]+-worker\.ts$/.test(file) || /^test\/.*\/fixtures\//.test(file))];
    expect(findUnreached(sources, ['index.ts', 'cli/main.ts', ...scripts, ...tests, ...started])).toEqual([]);
  });

  it('declares every package it imports, and imports every package it declares', () => {
    const shipped = sources.filter(({ file }) => !/^(test|bench)\/|^[^/]+\.(mjs|config\.ts)$|\/browser\//.test(file));
    const used = new Set(shipped.flatMap(packagesOf));
    // Whoever uses faultline/vitest has a vitest of their own.
    expect([...used].filter((name) => !(name in manifest.dependencies) && !(name in manifest.peerDependencies))).toEqual([]);
    expect(Object.keys(manifest.peerDependencies).filter((name) => !used.has(name))).toEqual([]);
    expect(Object.keys(manifest.dependencies).filter((name) => !used.has(name))).toEqual([]);
  });

  it('uses every development dependency, or says for what', () => {
    const tools = ['@types/node', 'oxlint'];
    const used = new Set(sources.flatMap(packagesOf));
    expect(Object.keys(manifest.devDependencies).filter((name) => !used.has(name) && !tools.includes(name))).toEqual([]);
  });
});

function packagesOf({ imports }: SourceImports): string[] {
  return imports
    .filter(({ to, local }) => !local && !to.startsWith('node:'))
    .map(({ to }) => to.split('/').slice(0, to.startsWith('@') ? 2 : 1).join('/'));
}

/** A planted house for each rule: a check that finds nothing in it would find nothing anywhere. */
describe('the rules themselves', () => {
  const planted = (files: Record<string, string>) => Object.entries(files).map(([file, text]) => importsOf(file, text));

  it.each([
    ['sim/a.ts', `import { b } from '../models/b.ts';`],
    ['sim/a.ts', `import type { B } from '../models/b.ts';`],
    ['sim/a.ts', `import { readFileSync } from 'node:fs';`],
    ['sim/a.ts', `import fs from 'fs';`],
    ['sim/a.ts', `import { z } from 'zod';`],
    ['models/a.ts', `export { run } from '../scenarios/run.ts';`],
    ['models/a.ts', `const path = await import('node:path');`],
    ['models/theory/a.ts', `import { Simulation } from '../../sim/simulation.ts';`],
    ['scenarios/a.ts', `import { page } from '../reports/page.ts';`],
    ['scenarios/a.ts', `import picocolors from 'picocolors';`],
    ['reports/a.ts', `import { runScenario } from '../scenarios/run.ts';`],
    ['reports/a.ts', `import { resultSchema } from '../scenarios/result.ts';`],
    ['reports/a.ts', `import { type RunResult, resultSchema } from '../scenarios/result.ts';`],
    ['reports/a.ts', `import { theorySchema } from '../scenarios/theory-result.ts';`],
    ['reports/a.ts', `import type { Target } from '../scenarios/theory/targets.ts';`],
    ['reports/a.ts', `import { Simulation } from '../sim/simulation.ts';`],
    ['reports/a.ts', `let x: import('../scenarios/run.ts').RunOptions;`],
    ['cli/a.ts', `import { z } from 'zod';`],
    ['cli/a.ts', `import { helper } from '../test/source-files.ts';`],
    ['index.ts', `export { main } from './cli/main.ts';`],
  ])('refuse in %s: %s', (file, text) => {
    expect(findForeignImports(planted({ [file]: text }))).toHaveLength(1);
  });

  it.each([
    ['models/a.ts', `import { z } from 'zod'; import { sim } from '../sim/simulation.ts'; import { erlangC } from './theory/erlang.ts';`],
    ['reports/a.ts', `import type { RunResult } from '../scenarios/result.ts'; import { formatDuration } from '../sim/units.ts';`],
    ['reports/a.ts', `import { type RunResult } from '../scenarios/result.ts';`],
    ['reports/a.ts', `import type { TheorySweep } from '../scenarios/theory-result.ts';`],
    ['cli/a.ts', `import { Command } from 'commander'; import { run } from '../scenarios/run.ts'; import { join } from 'node:path';`],
  ])('allow in %s: %s', (file, text) => {
    expect(findForeignImports(planted({ [file]: text }))).toEqual([]);
  });

  it('see a cycle of types', () => {
    const house = planted({ 'sim/a.ts': `import type { B } from './b.ts';`, 'sim/b.ts': `import { c } from './c.ts';`, 'sim/c.ts': `import { a } from './a.ts';` });
    expect(findCycles(house)).toEqual([['sim/a.ts', 'sim/b.ts', 'sim/c.ts']]);
  });

  it.each([`export * from './a.ts';`, `import { b } from './b.ts'; export { b }; export { a } from './a.ts';`, `export * from './a.ts'; const own = 1;`])('see a barrel: %s', (text) => {
    expect(findBarrels(planted({ 'sim/all.ts': text }))).toEqual(['sim/all.ts']);
  });

  it('see no barrel in a file that hands on one name beside its own', () => {
    expect(findBarrels(planted({ 'sim/a.ts': `export { b } from './b.ts'; export const a = 1;` }))).toEqual([]);
  });

  it('see a dead file', () => {
    const house = planted({ 'index.ts': `import { a } from './sim/a.ts';`, 'sim/a.ts': '', 'sim/dead.ts': `import { a } from './a.ts';` });
    expect(findUnreached(house, ['index.ts'])).toEqual(['sim/dead.ts']);
  });
});
