/** Small rules that keep the house readable and its runs the same everywhere. */
import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { isCode, parse, projectFiles, projectRoot, readProjectFile } from './source-files.ts';
import { bans, findBanned, findLongFunctions, findUntidyText } from './tidiness.ts';

const files = projectFiles();
const code = files.filter(isCode);
const product = code.filter((file) => /^(sim|models|scenarios|reports|cli)\//.test(file));
const deterministic = code.filter((file) => /^(sim|models)\//.test(file));

describe('the tree', () => {
  it('was looked at', () => {
    expect(deterministic.length).toBeGreaterThan(30);
    expect(product.length).toBeGreaterThan(deterministic.length + 10);
  });

  it('calls nothing in sim/ and models/ that differs between two runs', () => {
    expect(deterministic.flatMap((file) => findBanned(parse(file)))).toEqual([]);
  });

  it('has no file above 400 lines', () => {
    const lines = (file: string) => readProjectFile(file).trimEnd().split('\n').length;
    expect(code.filter((file) => lines(file) > 400).map((file) => `${file} has ${lines(file)} lines`)).toEqual([]);
  });

  it('has no function above 60 lines', () => {
    expect(product.flatMap((file) => findLongFunctions(parse(file), 60))).toEqual([]);
  });

  it('leaves nothing for later, and mentions no path that a user does not have', () => {
    const text = committedFiles().filter((file) => !/\.(png|lock)$|package-lock\.json$|^\.ci\//.test(file));
    expect(text.length).toBeGreaterThan(60);
    expect(text.flatMap((file) => findUntidyText(file, readProjectFile(file)))).toEqual([]);
  });
});

/** What is in the repository; a packed copy without one is looked at as it lies there. */
function committedFiles(): string[] {
  try {
    const listed = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '-z'], { cwd: projectRoot, encoding: 'utf8' });
    return listed.split('\0').filter((file) => files.includes(file));
  } catch {
    return files;
  }
}

describe('the rules themselves', () => {
  it.each(bans.map(({ name, sample }) => [name, sample]))('find %s', (name, sample) => {
    expect(findBanned(parse('sim/planted.ts', sample))).toEqual([expect.stringContaining(name)]);
  });

  it('pass over words that only look like them', () => {
    const innocent = `// Math.random, async\nconst text = 'Date.now'; const date = other.Date; clock.now(); a * b; interface P { async: boolean }`;
    expect(findBanned(parse('sim/planted.ts', innocent))).toEqual([]);
  });

  it('find a long function, method and arrow', () => {
    const body = '\n'.repeat(61);
    for (const text of [`function long() {${body}}`, `class A { long() {${body}} }`, `const long = () => {${body}};`]) {
      expect(findLongFunctions(parse('sim/planted.ts', text), 60)).toEqual([expect.stringContaining('long')]);
    }
  });

  it.each([`it.${'only'}('a', () => {})`, `// ${'TO'}${'DO'} later`, `// ${'FIX'}${'ME'}`, `cd ${'/wo'}${'rk'}/main`, `see ${'shared'}/facts/a.md`])('find %s', (text) => {
    expect(findUntidyText('a.ts', text)).toHaveLength(1);
  });
});
