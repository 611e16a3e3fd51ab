/** faultline compare, as a user starts it. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { projectRoot } from '../source-files.ts';

const program = path.join(projectRoot, 'dist', 'cli', 'main.js');
const folder = mkdtempSync(path.join(os.tmpdir(), 'faultline-compare-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function faultline(...words: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...words], { cwd: folder, encoding: 'utf8', env: { ...process.env, CI: '1', NO_COLOR: '1' }, maxBuffer: 1 << 28 });
  return { status, stdout, stderr };
}

const text = `faultline: 1
name: losing
phases: { measure: 1m, drain: 1m }
brokers:
  mq: { kind: work-queue, queues: { jobs: {} } }
producers:
  web: { publish: mq/jobs, arrivals: { poisson: { rate: 50/s } }, confirm: {} }
consumers:
  workers: { count: 2, subscribe: mq/jobs, prefetch: 5, acknowledge: automatic, service: { exponential: { mean: 20ms } } }
faults: [{ kind: crash, target: consumers.workers, at: 30s, for: 5s }]
claims: [at-least-once]
variants:
  acknowledged: { consumers.workers.acknowledge: after-work }
  calm: { faults: [] }
`;
const write = (name: string, content: string): string => {
  writeFileSync(path.join(folder, name), content);
  return name;
};
const file = write('losing.yaml', text);
const plain = write('plain.yaml', text.slice(0, text.indexOf('variants')).replace('name: losing', 'name: plain'));

describe('faultline compare', () => {
  it('runs the scenario and its variants side by side, asked for the same; the worst of them is the exit code', () => {
    const { status, stdout, stderr } = faultline('compare', file, '--json');
    expect(stderr).toMatch(/^losing\.yaml:\d+:\d+: warning: consumers\.workers\.acknowledge/);
    const comparison = JSON.parse(stdout);
    expect(comparison).toMatchObject({ schema: 'faultline/comparison@1', columns: ['as written', 'acknowledged', 'calm'] });
    expect(comparison.results.map(({ verdict }: { verdict: string }) => verdict)).toEqual(['fail', 'pass', 'unknown']);
    expect(new Set(comparison.results.map(({ messages }: { messages: { published: number } }) => messages.published)).size).toBe(1);
    expect(status).toBe(1);
    // Each run can be had alone, by the line that its result carries.
    const line = comparison.results[1].reproduce.command as string;
    expect(line).toBe('npx faultline run losing.yaml --seed 1 --variant acknowledged');
    const alone = JSON.parse(faultline(...line.split(' ').slice(2), '--json').stdout);
    expect(alone.fingerprint).toBe(comparison.results[1].fingerprint);
  });

  it('prints a table, and writes a page', () => {
    const { status, stdout, stderr } = faultline('compare', file, '--variant', 'acknowledged', '--variant', 'as written', '--report', 'out/c.html');
    expect(status).toBe(1);
    expect(stdout).toMatch(/acknowledged +as written\n/);
    expect(stdout).toMatch(/at-least-once +✓ pass +✗ fail \(\d+\)/);
    expect(stderr).toContain('The report is in out/c.html');
    expect(readFileSync(path.join(folder, 'out/c.html'), 'utf8')).toContain('2 side by side');
  });

  it('compares files, and settings that are tried', () => {
    const tried = faultline('compare', plain, '--try', 'consumers.workers.count=4; consumers.workers.acknowledge=after-work', '--json');
    const { columns, results } = JSON.parse(tried.stdout);
    expect(columns).toEqual(['as written', 'consumers.workers.count=4; consumers.workers.acknowledge=after-work']);
    expect(results[1].reproduce.set).toEqual(['consumers.workers.count=4', 'consumers.workers.acknowledge=after-work']);
    expect(JSON.parse(faultline('compare', plain, file, '--json').stdout).columns).toEqual(['plain', 'losing', 'losing: acknowledged', 'losing: calm']);
  });

  it('makes the page again of what was kept', () => {
    write('kept.json', faultline('compare', file, '--json').stdout);
    expect(faultline('report', 'kept.json')).toMatchObject({ status: 0 });
    expect(readFileSync(path.join(folder, 'kept.html'), 'utf8')).toContain('3 side by side');
    write('broken.json', JSON.stringify({ schema: 'faultline/comparison@1', results: [] }));
    expect(faultline('report', 'broken.json')).toMatchObject({ status: 3, stderr: expect.stringContaining('not a whole comparison') });
  });

  it.each([
    [['compare', plain], /nothing to compare it with/],
    [['compare', file, '--variant', 'akcnowledged'], /no variant "akcnowledged"/],
    [['compare', plain, '--try', 'consumers.workers.prioritty=4'], /did you mean priority\?/],
    [['compare', 'none.yaml'], /none\.yaml/],
    [['compare', file, '--report', 'losing.yaml'], /would be overwritten/],
    [['run', file, '--variant', 'none'], /no variant "none"/],
  ])('refuses %o with a hint, and writes nothing', (words, talk) => {
    expect(faultline(...words)).toMatchObject({ status: 3, stdout: '', stderr: expect.stringMatching(talk) });
    expect(existsSync(path.join(folder, 'none.html'))).toBe(false);
  });

  it('has validate look at every variant', () => {
    const bad = write('bad.yaml', text.replace('calm: { faults: [] }', 'calm: { faultz.0: [] }'));
    const { status, stdout, stderr } = faultline('validate', bad);
    expect(status).toBe(3);
    expect(stdout).toMatch(/bad\.yaml: a valid scenario/);
    expect(stdout).toMatch(/bad\.yaml, calm: not a valid scenario, 1 error/);
    expect(stderr).toContain('faultz');
  });
});
