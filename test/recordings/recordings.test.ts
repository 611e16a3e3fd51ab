/** The model against recordings of the real thing; and that a model which is wrong does not get through. */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { projectRoot, readProjectFile } from '../source-files.ts';
import { compare } from './compare.ts';
import { type Recording, recordingsIn } from './recording.ts';
import { asMarkdown, asText, type Compared } from './table.ts';

const recordings = recordingsIn(path.join(projectRoot, 'test', 'recordings', 'data'));
const page = 'docs/brokers/rabbitmq-recordings.md';
const isUpdating = process.env.FAULTLINE_UPDATE_GOLDEN === '1' && process.env.CI === undefined;

const of = (name: string): Recording => recordings.find((recording) => recording.name === name)!;
/** What is further off than allowed, with another model. */
const outside = (name: string, model: Parameters<typeof compare>[1]): string[] => compare(of(name), model).filter(({ ok }) => ok === false).map(({ what }) => what);

describe('recordings', () => {
  const compared: Compared[] = [];
  beforeAll(() => {
    for (const recording of recordings) compared.push({ recording: recording.name, lines: compare(recording) });
  });

  it('are there, one of each kind', () => {
    const kinds = new Set(recordings.map(({ name }) => name.split('_')[0]));
    expect([...kinds]).toEqual(['E1', 'E2', 'E3b', 'E4', 'E5', 'E5x', 'E6', 'E7a', 'E7b', 'E8a', 'E8b', 'E8c', 'E8d', 'E9b']);
  });

  it('are met: no figure is further off than allowed, and each recording has some that were compared', () => {
    for (const one of compared) {
      expect(one.lines.filter(({ ok }) => ok === false), asText(one)).toEqual([]);
      expect(one.lines.some(({ ok }) => ok === true), asText(one)).toBe(true);
    }
  });

  it('stand beside what is simulated in the documentation', () => {
    const text = `${introduction}\n${compared.map(asMarkdown).join('\n')}`;
    if (isUpdating) writeFileSync(path.join(projectRoot, page), text);
    expect(readProjectFile(page), 'FAULTLINE_UPDATE_GOLDEN=1 npx vitest run test/recordings').toBe(text);
  });
});

describe('a comparison fails', () => {
  it('when turning round is free', () => {
    expect(outside('E2_mm4_rho08', { timing: { turnaround: '0', delivery: '0' } })).toEqual(['waiting, mean', 'sojourn, mean']);
    expect(outside('E1_mm1_rho07', { timing: { turnaround: '0' } })).toContain('waiting, mean');
  });

  it('when a broker is back at once', () => {
    expect(outside('E5_kill9_r1', { timing: { boot: '0' } }).length).toBeGreaterThan(3);
  });

  it('when what expired leaves late', () => {
    expect(outside('E8a_ttl', { timing: { operation: '30ms' } }).length).toBeGreaterThan(1);
  });

  it('when a queue needs twice as long for an operation', () => {
    expect(outside('E7a_requeue_loop', { timing: { operation: '26us' } })).toContain('classic, prefetch 1, 0 behind: rounds');
  });
});

describe('the command', () => {
  const run = (...args: string[]) => spawnSync(process.execPath, ['--import', 'jiti/register', 'test/recordings/main.ts', ...args], { cwd: projectRoot, encoding: 'utf8' });

  it('prints tables of the recordings that come with the project', () => {
    const { stdout, status } = run();
    expect(status, stdout).toBe(0);
    expect(stdout).toContain('waiting, mean');
    expect(stdout).toMatch(/\d{3} within what is allowed, 0 outside, 2 not replayed\n$/);
  });

  it('says what is wrong with a folder', () => {
    expect(run('test/recordings').stderr).toBe('recordings: no recordings (<name>.json, <name>.csv.gz) in test/recordings\n');
    const { stderr, status } = run('--jsn');
    expect([stderr.includes('--jsn'), status]).toEqual([true, 2]);
  });
});

const introduction = `# RabbitMQ: recorded and simulated

RabbitMQ 3.10.8 was recorded on one host (two cores, broker and clients on one of them, loopback, messages of 100 bytes; November 2026). Each
recording is replayed: the model is given the recorded arrivals and services, and one pair of overheads for all (\`timing.delivery\` 0.99 ms,
\`timing.turnaround\` 0.70 ms), fitted on the first recording alone. Means of waiting may be 5 % off, 99th percentiles 10 %; what is a rule has to be
the same. \`npm run recordings\`, in a clone of the project, prints these tables; \`npm run recordings -- FOLDER\` those of other recordings of the same kinds.

What is not compared says why. This page is written by the test that compares.
`;
