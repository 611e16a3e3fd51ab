/** The capacity command as a user starts it. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { CapacityResult } from '../../scenarios/capacity-result.ts';
import { projectRoot } from '../source-files.ts';

const program = path.join(projectRoot, 'dist', 'cli', 'main.js');
const folder = mkdtempSync(path.join(os.tmpdir(), 'faultline-capacity-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function faultline(...words: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...words], { cwd: folder, encoding: 'utf8', env: { ...process.env, CI: '1', FORCE_COLOR: '0' }, maxBuffer: 1 << 28 });
  return { status, stdout, stderr };
}

const text = (workers: number) => `faultline: 1
name: plan
phases: { warmUp: 2s, measure: 10s, drain: 20s }
brokers:
  mq: { kind: work-queue, queues: { jobs: {} } }
producers:
  web: { publish: mq/jobs, arrivals: { poisson: { rate: 100/s } }, confirm: {}, retry: { fixed: { delay: 1s } } }
consumers:
  workers: { count: ${workers}, subscribe: mq/jobs, service: { exponential: { mean: 10ms } } }
objectives: ['p95(workers.sojourn) < 100ms']
`;
writeFileSync(path.join(folder, 'plan.yaml'), text(2));
writeFileSync(path.join(folder, 'tight.yaml'), text(1));
const quick = ['--replications', '5', '--outage', '2s'];

describe('faultline capacity', () => {
  it('gives the same answer whatever the number of workers, as JSON, and ends with what it says', () => {
    const alone = faultline('capacity', 'plan.yaml', ...quick, '--json', '--workers', '1');
    const together = faultline('capacity', 'plan.yaml', ...quick, '--json', '--workers', '3');
    expect(alone).toMatchObject({ status: 0, stderr: '' });
    expect(together).toEqual(alone);
    const result = JSON.parse(alone.stdout) as CapacityResult;
    expect(result).toMatchObject({ schema: 'faultline/capacity@1', verdict: 'enough', replications: 5 });
    expect(result.reproduce.command).toBe('npx faultline capacity plan.yaml --seed 1 --replications 5 --outage 2000000000ns');
  }, 120_000);

  it('says first whether it is enough, and writes the report', () => {
    const { status, stdout, stderr } = faultline('capacity', 'tight.yaml', ...quick, '--report', 'plan.html');
    expect(status).toBe(1);
    expect(stdout.replace(/\s+/g, ' ')).toMatch(/^✗ NOT ENOUGH plan Not enough: at 100\/s workers is offered 1\.00 erlangs for 1 server, and the backlog grows without end\. workers would need 2 workers instead of 1\. /);
    for (const heading of ['Stations, the busiest first', 'Objectives', 'Least number of workers', 'Latency against load', 'no outage is looked at, since what it leaves behind would never drain', 'reproduce: npx faultline capacity tight.yaml --seed 1']) expect(stdout).toContain(heading);
    expect(stderr).toContain('The report is in plan.html');
    const page = readFileSync(path.join(folder, 'plan.html'), 'utf8');
    expect(page).toContain('Not enough: at 100/s');
    expect(page).toContain('<svg ');
  }, 120_000);

  it.each<[string[], RegExp]>([
    [['missing.yaml'], /missing\.yaml/],
    [['plan.yaml', '--load', '0'], /multiple of that of the scenario/],
    [['plan.yaml', '--replications', '4'], /from 5 to 10000/],
    [['plan.yaml', '--outage', '5'], /duration of a millisecond or more/],
    [['plan.yaml', '--workers', 'many'], /from 1 to 1000/],
    [['plan.yaml', '--report', 'plan.yaml'], /would be overwritten/],
  ])('refuses %s', (words, complaint) => {
    const { status, stdout, stderr } = faultline('capacity', ...words);
    expect([status, stdout]).toEqual([3, '']);
    expect(stderr).toMatch(complaint);
    expect(existsSync(path.join(folder, 'plan.yaml'))).toBe(true);
  });
});
