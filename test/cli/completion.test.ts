import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type CompletionCommand, completionScript, shells } from '../../cli/completion.ts';

const folder = mkdtempSync(path.join(os.tmpdir(), 'faultline-completion-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const commands: CompletionCommand[] = [
  {
    name: 'run', about: `run a scenario: it's judged [once]`, choices: [], takesFiles: true,
    options: [{ flags: ['--seed'], takesValue: true, about: 'the seed' }, { flags: ['-o', '--output'], takesValue: true, about: `somebody's file` }],
  },
  { name: 'list', about: 'list what there is', choices: ['faults', 'brokers'], takesFiles: false, options: [{ flags: ['--json'], takesValue: false, about: 'as JSON' }] },
];

describe('completion', () => {
  it.each([
    [['faultline', 'r'], 'run'],
    [['faultline', ''], 'run list --help --version'],
    [['faultline', 'run', '--'], '--seed --output'],
    [['faultline', 'list', 'f'], 'faults'],
    [['faultline', 'list', '-'], '--json'],
    [['faultline', 'run', 'che'], ''],
  ])('in bash, after %o: %s', (words, expected) => {
    const line = `COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${words.length - 1}; _faultline; echo "\${COMPREPLY[*]}"`;
    expect(execFileSync('bash', ['-c', `${completionScript('bash', commands)}\n${line}`], { encoding: 'utf8' }).trim()).toBe(expected);
  });

  it.each(shells)('in %s is a script that names every command, option and choice', (shell) => {
    const script = completionScript(shell, commands);
    for (const word of ['run', 'list', 'seed', 'output', 'json', 'faults', 'brokers']) expect(script).toContain(word);
    // Where the shell is installed, it is asked whether it can read this.
    const file = path.join(folder, `completion.${shell}`);
    writeFileSync(file, script);
    const { error, status, stderr } = spawnSync(shell, ['-n', file], { encoding: 'utf8' });
    expect(error === undefined ? { status, stderr } : { status: 0, stderr: '' }).toEqual({ status: 0, stderr: '' });
  });
});
