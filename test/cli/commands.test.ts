/** The command as a user starts it: the compiled program, its two streams and its exit code. */
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { projectRoot } from '../source-files.ts';

const program = path.join(projectRoot, 'dist', 'cli', 'main.js');
const folder = mkdtempSync(path.join(os.tmpdir(), 'faultline-cli-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const plainEnvironment = Object.fromEntries(Object.entries(process.env).filter(([name]) => !['FORCE_COLOR', 'NO_COLOR', 'COLUMNS', 'GITHUB_STEP_SUMMARY'].includes(name)));
// Some libraries take a CI for a terminal with colours; a pipe has none.
plainEnvironment.CI = '1';

function faultline(...words: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...words], { cwd: folder, encoding: 'utf8', env: plainEnvironment, maxBuffer: 1 << 28 });
  return { status, stdout, stderr };
}

/** A minute of a calm queue; `more` is put below it, or replaces the consumers' settings. */
function calm({ name = 'calm', acknowledge = 'after-work', more = '' } = {}): string {
  return `faultline: 1
name: ${name}
about: One queue.
phases: { warmUp: 0s, measure: 1m, drain: 1m }
brokers:
  mq: { kind: work-queue, queues: { jobs: {} } }
producers:
  web: { publish: mq/jobs, arrivals: { poisson: { rate: 50/s } }, confirm: {} }
consumers:
  workers: { count: 2, subscribe: mq/jobs, prefetch: 5, acknowledge: ${acknowledge}, service: { exponential: { mean: 20ms } } }
${more}`;
}
/** Automatic acknowledgement loses what a worker holds when it dies. */
const losing = calm({ name: 'losing', acknowledge: 'automatic', more: 'faults: [{ kind: crash, target: consumers.workers, at: 30s, for: 5s }]\nclaims: [at-least-once]' });

function write(name: string, text: string): string {
  writeFileSync(path.join(folder, name), text);
  return name;
}
const good = write('good.yaml', calm());
const failing = write('failing.yaml', losing);
const bad = write('bad.yaml', calm().replace('prefetch', 'prefecth'));

describe('faultline', () => {
  it('prints its version and its help on stdout', () => {
    expect(faultline('--version')).toMatchObject({ status: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/), stderr: '' });
    const help = faultline('--help');
    expect(help).toMatchObject({ status: 0, stderr: '' });
    for (const part of ['$ faultline run', 'Exit codes', '130  interrupted', 'completion']) expect(help.stdout).toContain(part);
    for (const command of ['run', 'validate', 'list', 'schema', 'explain', 'report', 'theory', 'import', 'completion']) {
      expect(faultline(command, '--help').stdout).toContain(`$ ${command === 'completion' ? 'source <(' : ''}faultline ${command}`);
    }
  });

  it.each([
    [['rnu', 'good.yaml'], /Did you mean run\?/],
    [['run', 'good.yaml', '--sed', '3'], /Did you mean one of --seed, --set\?/],
    [['run', 'good.yaml', '--seed', '-1'], /a seed is a whole number from 0/],
    [['run', 'good.yaml', '--max-events', '1.5'], /whole number above zero/],
    [['run', 'good.yaml', '--watch', '--json'], /cannot be used with/],
    [['run'], /missing required argument 'file'/],
    [['good.yaml'], /faultline run good\.yaml/],
    [['explain', 'good.yaml'], /one of --message and --window is wanted/],
    [['explain', 'good.yaml', '--window', '3s..1s'], /a window goes from one instant to a later one/],
    [['list', 'faultz'], /scenarios, brokers, clients, faults, distributions, claims/],
    [['completion', 'tcsh'], /bash, zsh, fish/],
    [[], /Usage: faultline/],
  ])('refuses %o as usage', (words, talk) => {
    expect(faultline(...words)).toMatchObject({ status: 3, stdout: '', stderr: expect.stringMatching(talk) });
  });
});

describe('run', () => {
  it('prints a plain summary on stdout, and nothing else where all is well', () => {
    const { status, stdout, stderr } = faultline('run', good);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toContain('calm');
    expect(stdout).not.toContain('\u001b');
    expect(faultline('run', good, '--quiet')).toEqual({ status: 0, stdout: '', stderr: '' });
  });

  it('prints one object with --json, the same one every time, with the seed and the settings that were given', () => {
    const words = ['run', good, '--json', '--seed', '7', '--set', 'consumers.workers.count=3'];
    const first = faultline(...words);
    expect(first).toMatchObject({ status: 0, stderr: '' });
    expect(faultline(...words)).toEqual(first);
    const result = JSON.parse(first.stdout);
    expect(result).toMatchObject({ schema: 'faultline/result@1', scenario: 'calm', seed: 7, verdict: 'pass', groups: { workers: { workers: 3 } } });
    const other = JSON.parse(faultline('run', good, '--json').stdout);
    expect(other.seed).toBe(1);
    expect(other.fingerprint).not.toBe(result.fingerprint);
  });

  it('ends a failed claim with 1 and a line to paste that does it again', () => {
    const { status, stdout, stderr } = faultline('run', failing, '--seed', '5', '--set', 'phases.measure=50s', '--json');
    expect(status).toBe(1);
    const result = JSON.parse(stdout);
    expect(result.verdicts[0]).toMatchObject({ claim: 'at-least-once', verdict: 'fail', witness: { message: expect.any(String) } });
    const line = stderr.trimEnd().split('\n').at(-1)!.replace('reproduce: ', '');
    expect(line).toMatch(/^(npx )?faultline run failing\.yaml/);
    const again = faultline(...line.replace(/^(npx )?faultline /, '').split(' '), '--json');
    expect(again.status).toBe(1);
    expect(JSON.parse(again.stdout).fingerprint).toBe(result.fingerprint);
  });

  it('ends with 2 when the event limit is reached', () => {
    const { status, stdout } = faultline('run', good, '--max-events', '1e3', '--json');
    expect(status).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({ verdict: 'unknown', ended: { reason: 'event-limit' } });
  });

  it('tells a bad scenario by its place, with 3', () => {
    const plain = faultline('run', bad);
    expect(plain).toMatchObject({ status: 3, stdout: '' });
    expect(plain.stderr).toMatch(/bad\.yaml:\d+:\d+: error:[^]*prefecth[^]*prefetch/);
    const json = JSON.parse(faultline('run', bad, '--json').stdout);
    expect(json).toMatchObject({ schema: 'faultline/problems@1', problems: [{ severity: 'error', file: 'bad.yaml', line: expect.any(Number), column: expect.any(Number) }] });
    expect(faultline('run', 'nowhere.yaml')).toMatchObject({ status: 3, stdout: '', stderr: expect.stringContaining('nowhere.yaml') });
  });

  it('runs the good ones of several files, and the worst speaks for all', () => {
    const both = faultline('run', good, failing, '--json');
    expect(both.status).toBe(1);
    expect(JSON.parse(both.stdout)).toMatchObject({ schema: 'faultline/results@1', results: [{ scenario: 'calm' }, { scenario: 'losing' }] });
    const three = faultline('run', bad, failing, good, '--json');
    expect(three.status).toBe(3);
    expect(JSON.parse(three.stdout)).toMatchObject({ results: [{ scenario: 'losing' }, { scenario: 'calm' }], problems: [{ file: 'bad.yaml' }] });
  });

  it('compares a second run with --twice', () => {
    expect(faultline('run', failing, '--twice', '--quiet').status).toBe(1);
    expect(faultline('run', good, '--twice', '--quiet')).toEqual({ status: 0, stdout: '', stderr: '' });
  });

  it('is quiet when its reader has seen enough', () => {
    const { stdout, stderr } = spawnSync('bash', ['-c', `"${process.execPath}" "${program}" run good.yaml good.yaml --json | head -c 20`], { cwd: folder, encoding: 'utf8' });
    expect({ stdout, stderr }).toEqual({ stdout: expect.stringMatching(/^.{20}$/s), stderr: '' });
  });

  it('ends at an interrupt, in the middle of a run', async () => {
    const long = write('long.yaml', calm({ name: 'long' }).replace('measure: 1m', 'measure: 90d'));
    const child = spawn(process.execPath, [program, 'run', long, '--max-events', '1e12', '--out', 'interrupted'], { cwd: folder, stdio: 'ignore' });
    const ended = new Promise((resolve) => child.once('exit', (code, signal) => resolve(signal ?? code)));
    await new Promise((resolve) => setTimeout(resolve, 1500));
    child.kill('SIGINT');
    expect(['SIGINT', 130]).toContain(await ended);
    expect(readdirSync(folder)).not.toContain('interrupted');
  });
});

describe('files of a run', () => {
  it('keeps the result and the report of each scenario, and makes the report again from the result', () => {
    const { status, stderr } = faultline('run', good, write('again.yaml', calm()), '--out', 'kept', '--report', 'both.html');
    expect(status).toBe(0);
    expect(stderr).toContain('The report is in both.html');
    expect(readdirSync(path.join(folder, 'kept')).sort()).toEqual(['calm-2.html', 'calm-2.json', 'calm.html', 'calm.json']);
    expect(faultline('report', path.join('kept', 'calm.json'), '-o', 'again.html')).toMatchObject({ status: 0, stdout: '' });
    const page = readFileSync(path.join(folder, 'again.html'), 'utf8');
    expect(page).toBe(readFileSync(path.join(folder, 'kept', 'calm.html'), 'utf8'));
    expect(page).toMatch(/^<!doctype html>/i);
  });

  it('makes a report of several results', () => {
    write('results.json', faultline('run', good, failing, '--json').stdout);
    expect(faultline('report', 'results.json').status).toBe(0);
    expect(readFileSync(path.join(folder, 'results.html'), 'utf8')).toContain('losing');
  });

  it('traces what happened to each message, without changing the run', () => {
    const traced = faultline('run', failing, '--trace', 'out/trace.ndjson', '--json');
    expect(JSON.parse(traced.stdout).fingerprint).toBe(JSON.parse(faultline('run', failing, '--json').stdout).fingerprint);
    const lines = readFileSync(path.join(folder, 'out', 'trace.ndjson'), 'utf8').trimEnd().split('\n').map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines[0]).toEqual({ schema: 'faultline/trace@1', scenario: 'losing', seed: 1 });
    expect(lines.length).toBeGreaterThan(1000);
  });

  it('never replaces what is not an output', () => {
    expect(faultline('run', good, '--report', good)).toMatchObject({ status: 3, stdout: '', stderr: expect.stringContaining('would be overwritten') });
    expect(faultline('run', good, '--report', bad)).toMatchObject({ status: 3, stderr: expect.stringContaining('not overwritten') });
    expect(readFileSync(path.join(folder, good), 'utf8')).toBe(calm());
  });

  it.each([
    ['not JSON', '{', 'is not JSON'],
    ['something else', '{"schema":"other@1"}', 'is not the result of a run: its schema is "other@1"'],
    ['nothing', 'null', 'it has no "schema"'],
    ['half a result', '{"schema":"faultline/result@1","seed":1}', 'lacks'],
  ])('refuses a kept result that is %s', (_, text, complaint) => {
    write('strange.json', text);
    expect(faultline('report', 'strange.json')).toMatchObject({ status: 3, stdout: '', stderr: expect.stringContaining(complaint) });
  });
});

describe('validate', () => {
  it('says what a client library decides', () => {
    const celery = write('celery.yaml', calm().replace('prefetch: 5', 'client: celery-5'));
    const { status, stdout } = faultline('validate', celery, '--set', 'consumers.workers.reconnect=none');
    expect(status).toBe(0);
    expect(stdout).toMatch(/^celery\.yaml: a valid scenario\n {2}consumers\.workers: celery-5 sets .*prefetch: \d+, failure\.then: acknowledge\n$/);
  });

  it('judges each file, and says all that is wrong', () => {
    const { status, stdout, stderr } = faultline('validate', good, bad);
    expect(status).toBe(3);
    expect(stdout).toBe('good.yaml: a valid scenario\nbad.yaml: not a valid scenario, 1 error\n');
    expect(stderr).toContain('bad.yaml:');
    expect(faultline('validate', good)).toMatchObject({ status: 0, stderr: '' });
  });

  it('warns of suspect settings without refusing them', () => {
    const suspect = write('suspect.yaml', calm({ acknowledge: 'automatic', more: 'claims: [at-least-once]' }).replace('prefetch: 5', 'prefetch: unlimited'));
    const { status, stdout } = faultline('validate', suspect, '--json');
    expect(status).toBe(0);
    const { schema, problems } = JSON.parse(stdout) as { schema: string; problems: { severity: string }[] };
    expect(schema).toBe('faultline/problems@1');
    expect(problems.length).toBeGreaterThan(0);
    expect(new Set(problems.map(({ severity }) => severity))).toEqual(new Set(['warning']));
  });
});

describe('explain', () => {
  it('tells the life of the message that a verdict names', () => {
    const { witness } = JSON.parse(faultline('run', failing, '--json').stdout).verdicts[0];
    const story = faultline('explain', failing, '--message', witness.message);
    expect(story).toMatchObject({ status: 0, stderr: '' });
    expect(story.stdout).toContain(witness.message);
    expect(() => JSON.parse(faultline('explain', failing, '--message', witness.message, '--json').stdout)).not.toThrow();
  });

  it('refuses a message that is none', () => {
    expect(faultline('explain', good, '--message', 'web.0-999999')).toMatchObject({ status: 3, stdout: '', stderr: expect.stringContaining('web.0-999999') });
    expect(faultline('explain', good, '--message', 'nonsense')).toMatchObject({ status: 3, stdout: '', stderr: expect.stringContaining('nonsense') });
  });
});

describe('list and schema', () => {
  it('lists what is there, with a word about each', () => {
    const lists = JSON.parse(faultline('list', '--json').stdout) as Record<string, { name: string; about: string }[]>;
    expect(lists.schema).toBe('faultline/list@1');
    for (const [kind, name] of [['brokers', 'work-queue'], ['faults', 'partition'], ['distributions', 'lognormal'], ['claims', 'at-least-once'], ['scenarios', 'checkout']] as const) {
      expect(lists[kind]!.map((entry) => entry.name)).toContain(name);
      expect(lists[kind]!.filter(({ about }) => about.length < 10)).toEqual([]);
    }
    expect(faultline('list', 'faults').stdout).toContain('partition');
  });

  it('prints a JSON Schema', () => {
    const schema = JSON.parse(faultline('schema').stdout);
    expect(schema.$schema).toContain('json-schema.org');
    expect(Object.keys(schema.properties)).toEqual(expect.arrayContaining(['faultline', 'brokers', 'producers', 'consumers', 'faults', 'claims', 'objectives']));
  });
});

describe('check', () => {
  it('finds what breaks a claim, writes it as a scenario that fails alike, and ends with 1', () => {
    const out = path.join(folder, 'found');
    const junitFile = path.join(folder, 'junit.xml');
    const { status, stdout } = faultline('check', failing, '--runs', '60', '--out', out, '--junit', junitFile, '--github');
    expect(status).toBe(1);
    expect(stdout).toMatch(/✗ FAIL .*: one claim is broken|claims are broken/);
    expect(stdout).toContain('Smallest failing plan');
    expect(stdout).toMatch(/^::error file=.*,line=\d+,title=[\w-]+::/m);
    expect(readFileSync(junitFile, 'utf8')).toContain('<failure message=');
    const found = readdirSync(out).filter((file) => file.endsWith('.yaml'));
    expect(found.length).toBeGreaterThan(0);
    expect(readdirSync(out)).toContain(found[0]!.replace('.yaml', '.html'));
    expect(faultline('run', path.join(out, found[0]!))).toMatchObject({ status: 1 });
  });

  it('finds the same with whatever number of threads', () => {
    const sound = write('sound.yaml', calm({ name: 'sound', more: 'claims: [at-least-once]' }));
    const [one, two] = ['1', '2'].map((jobs) => faultline('check', sound, '--runs', '160', '--messages', '30', '--jobs', jobs, '--json').stdout);
    expect(JSON.parse(one!)).toMatchObject({ verdict: 'pass', plans: 160 });
    expect(two).toBe(one);
  });

  it('writes a summary as Markdown, and adds it to that of a job', () => {
    const [file, page] = [path.join(folder, 'summary.md'), path.join(folder, 'job.md')];
    spawnSync(process.execPath, [program, 'check', failing, '--runs', '60', '--github', '--markdown', file], { cwd: folder, env: { ...plainEnvironment, GITHUB_STEP_SUMMARY: page } });
    const summary = readFileSync(file, 'utf8');
    for (const part of ['| losing | ✗ fail |', '### losing: at-least-once (D1)', '```yaml', 'consumers.workers.acknowledge=after-work']) expect(summary).toContain(part);
    expect(readFileSync(page, 'utf8')).toBe(summary);
  });

  it('prints one JSON object, and refuses what cannot be searched', () => {
    expect(JSON.parse(faultline('check', failing, '--runs', '5', '--json').stdout)).toMatchObject({ schema: 'faultline/check@1', mode: 'drawn' });
    expect(faultline('check', failing, '--runs', '0')).toMatchObject({ status: 3, stdout: '' });
    expect(faultline('check', failing, '--budget', 'soon')).toMatchObject({ status: 3, stdout: '' });
    expect(faultline('check', failing, '--exhaustive', '--runs', '5')).toMatchObject({ status: 3, stdout: '' });
  });
});

describe('init', () => {
  it('leaves nothing half-written', () => {
    const own = path.join(folder, 'own');
    mkdirSync(own);
    // Where a folder has to be there is a file.
    writeFileSync(path.join(own, '.github'), '');
    expect(faultline('init', 'own')).toMatchObject({ status: 3, stdout: '' });
    expect(readdirSync(own, { recursive: true }).filter((file) => /\.(yaml|ts|json|tmp)$/.test(String(file)))).toEqual([]);
  });
});

describe('incidents', () => {
  it('are listed, and played: as published, or not', () => {
    const list = faultline('incidents');
    expect(list).toMatchObject({ status: 0, stderr: '' });
    expect(list.stdout).toMatch(/^ {2}C29 Automatic acknowledgement loses what is in the client: breaks/m);
    expect(JSON.parse(faultline('incidents', '--json').stdout).incidents.length).toBeGreaterThanOrEqual(14);
    const played = faultline('incidents', 'c29');
    expect(played.status).toBe(0);
    expect(played.stdout).toContain('✓ as published');
    expect(played.stdout).toContain('✓ verdicts.at-least-once.violations 70, exactly');
    expect(played.stdout).toMatch(/after, manual, prefetch 20: at-least-once ✓ pass/);
  });

  it('are searched for', () => {
    const sought = faultline('incidents', 'C29', '--search', '--runs', '12');
    expect(sought).toMatchObject({ status: 0, stdout: expect.stringContaining('1 of 1 found') as string });
    expect(JSON.parse(faultline('incidents', 'C29', '--search', '--runs', '12', '--json').stdout)).toMatchObject({ schema: 'faultline/incidents@1', incidents: [{ id: 'C29', breaks: 'at-least-once', faults: 1 }] });
  });

  it('that are not there are refused with those that are', () => {
    expect(faultline('incidents', 'C99')).toMatchObject({ status: 3, stdout: '', stderr: expect.stringMatching(/there is no incident "C99"[^]*C06, C07/) as string });
  });
});
