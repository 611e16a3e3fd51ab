/** The import command as the command line runs it: what is on which stream, what is written, and how it ends. */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { runCommandLine } from '../../cli/program.ts';
import type { Terminal } from '../../cli/terminal.ts';
import { binding, definitions, queue, readAgain } from '../scenarios/definitions.ts';

const folder = mkdtempSync(path.join(os.tmpdir(), 'faultline-import-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const inFolder = (name: string) => path.join(folder, name);

async function faultline(...words: readonly string[]) {
  const [printed, said]: [string[], string[]] = [[], []];
  const terminal: Terminal = { colour: false, talkColour: false, width: 80, animated: false, print: (text) => printed.push(text), say: (text) => said.push(text) };
  const code = await runCommandLine(words, terminal);
  return { code, stdout: printed.join('\n'), stderr: said.join('\n') };
}
const importing = (...words: readonly string[]) => faultline('import', 'rabbitmq', ...words);

function write(name: string, content: string | Uint8Array): string {
  writeFileSync(inFolder(name), content);
  return inFolder(name);
}
const good = write('definitions.json', definitions({ queues: [queue('jobs', { 'x-expires': 5 })], bindings: [binding('amq.topic', 'jobs', 'k')] }));
const bad = write('bad.json', definitions({ queues: [{}], bindings: 7 }));

describe('faultline import rabbitmq', () => {
  it('prints the scenario, and says on stderr what is not in it', async () => {
    const { code, stdout, stderr } = await importing(good);
    expect(code).toBe(0);
    expect(readAgain(stdout)).toMatchObject({ broker: { version: '3.13', queues: { jobs: {} } }, producers: { 'to-jobs': {} }, consumers: { 'jobs-workers': { subscribe: 'rabbitmq/jobs' } } });
    expect(stdout).toContain('# Imported from "definitions.json"');
    expect(stderr.split('\n')).toEqual(['left out: sections that are not modelled: "global_parameters" (1)', 'left out: x-expires: queue "jobs"']);
  });

  it('takes the version and the virtual host that are told', async () => {
    expect(readAgain((await importing(good, '--version', '4.3', '--vhost', '/')).stdout).broker.version).toBe('4.3');
    expect(await importing(good, '--version', '3.9')).toMatchObject({ code: 3, stdout: '', stderr: expect.stringContaining('Allowed choices are 3.10, 3.13') });
    expect(await importing(good, '--vhost', 'shop')).toMatchObject({ code: 3, stdout: '', stderr: expect.stringContaining('there is no virtual host "shop"') });
  });

  it('is one object with --json', async () => {
    const { code, stdout } = await importing(good, '--json');
    expect(code).toBe(0);
    const { schema, version, virtualHost, notes, scenario } = JSON.parse(stdout);
    expect({ schema, version, virtualHost }).toEqual({ schema: 'faultline/import@1', version: '3.13', virtualHost: '/' });
    expect(notes).toContainEqual({ kind: 'left-out', what: 'x-expires', of: ['queue "jobs"'] });
    expect(Object.keys(readAgain(scenario).broker.queues)).toEqual(['jobs']);
  });

  it('tells every problem of a file by its place, and prints nothing', async () => {
    expect(await importing(bad)).toEqual({
      code: 3, stdout: '',
      stderr: `${bad}: queues[0].name: this is missing\n  wanted: text\n${bad}: bindings: this is not what is wanted here\n  found:  7\n  wanted: a list`,
    });
    expect(JSON.parse((await importing(bad, '--json')).stdout)).toMatchObject({
      schema: 'faultline/problems@1', problems: [{ severity: 'error', file: bad, path: 'queues[0].name', message: 'this is missing', wanted: 'text' }, { path: 'bindings', found: '7' }],
    });
  });

  it.each([
    ['nowhere.json', 'there is no such file or folder'],
    ['.', 'it is a folder'],
    ['/dev/zero', 'the file is larger than 50 MB'],
  ])('refuses %s', async (file, message) => {
    expect(await importing(path.resolve(folder, file))).toMatchObject({ code: 3, stdout: '', stderr: expect.stringContaining(message) });
  });

  it('refuses what is not UTF-8, and reads a byte order mark', async () => {
    expect(await importing(write('latin.json', Uint8Array.of(0x7b, 0x22, 0xe9, 0x22, 0x7d)))).toMatchObject({ code: 3, stdout: '', stderr: expect.stringContaining('the file is not UTF-8') });
    expect((await importing(write('mark.json', `\uFEFF${definitions()}`))).code).toBe(0);
  });

  it('is in the help, and knows no other broker', async () => {
    expect((await faultline('import', '--help')).stdout).toContain('$ faultline import rabbitmq definitions.json --out shop.yaml');
    expect(await faultline('import', 'kafka', good)).toMatchObject({ code: 3, stderr: expect.stringContaining('Allowed choices are rabbitmq') });
    expect((await faultline('--version')).stdout).toMatch(/^\d+\.\d+\.\d+$/);
    expect((await faultline('completion', 'bash')).stdout).toMatch(/import\) options='--version --vhost --out --force --json[^']*' choices='rabbitmq'/);
  });
});

describe('--out', () => {
  const out = inFolder('out/shop.yaml');
  beforeEach(() => rmSync(inFolder('out'), { recursive: true, force: true }));

  it('writes the scenario, whole, and says what comes next', async () => {
    const { code, stdout, stderr } = await importing(good, '--out', out);
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
    expect(stderr).toContain(`faultline validate ${out}`);
    expect(readFileSync(out, 'utf8').trimEnd()).toBe((await importing(good)).stdout);
    expect(readdirSync(inFolder('out'))).toEqual(['shop.yaml']);
  });

  it('never replaces what is there without --force, and only a scenario with it', async () => {
    mkdirSync(inFolder('out'));
    writeFileSync(out, 'mine');
    expect(await importing(good, '--out', out)).toMatchObject({ code: 3, stderr: expect.stringContaining(`${out} is there already`) });
    expect(readFileSync(out, 'utf8')).toBe('mine');
    expect((await importing(good, '--out', out, '--force')).code).toBe(0);
    expect(readFileSync(out, 'utf8')).toContain('kind: rabbitmq');
    const other = write('out/notes.txt', 'mine');
    expect(await importing(good, '--out', other, '--force')).toMatchObject({ code: 3, stderr: expect.stringContaining('is not overwritten') });
    expect(await importing(good, '--out', good, '--force')).toMatchObject({ code: 3, stderr: expect.stringContaining('would be overwritten') });
    expect(readFileSync(other, 'utf8')).toBe('mine');
  });

  it('writes nothing for a file that is refused', async () => {
    expect((await importing(bad, '--out', out, '--force')).code).toBe(3);
    expect(existsSync(inFolder('out'))).toBe(false);
  });
});
