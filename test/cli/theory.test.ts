/** The command as the command line runs it: what is on which stream, and how it ends. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { runCommandLine } from '../../cli/program.ts';
import type { Terminal } from '../../cli/terminal.ts';
import { withinTime } from '../../cli/time-limit.ts';
import { evaluate, theoryModels } from '../../models/theory/index.ts';
import { projectFiles, readProjectFile } from '../source-files.ts';

const folder = mkdtempSync(path.join(os.tmpdir(), 'faultline-theory-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function faultline(words: readonly string[], width = 80) {
  const [printed, said]: [string[], string[]] = [[], []];
  const terminal: Terminal = { colour: false, talkColour: false, width, animated: false, print: (text) => printed.push(text), say: (text) => said.push(text) };
  const code = await runCommandLine(words, terminal);
  return { code, stdout: printed.join('\n'), stderr: said.join('\n') };
}
const theory = (...words: string[]) => faultline(['theory', ...words]);
const station = ['lambda=900/s', 'mu=100/s'];

describe('theory --list', () => {
  it('names every model with a sentence, by family', async () => {
    const { code, stdout, stderr } = await theory('--list');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    for (const { name, family, title } of theoryModels.values()) {
      expect(stdout.replaceAll(/\s+/g, ' ')).toContain(` ${name}: ${title}`);
      expect(stdout).toMatch(new RegExp(`^${family.replaceAll('-', ' ')}$`, 'm'));
    }
  });

  it('is one object with --json', async () => {
    const { schema, models } = JSON.parse((await theory('--list', '--json')).stdout);
    expect(schema).toBe('faultline/theory-models@1');
    expect(models.map(({ name }: { name: string }) => name).sort()).toEqual([...theoryModels.keys()].sort());
    for (const { about, kind } of models) expect([about.length > 10, /^(exact|approximation)$/.test(kind)]).toEqual([true, true]);
  });

  it('is a part of what faultline list shows', async () => {
    expect((await faultline(['list', 'models'])).stdout).toContain('mmc\n    M/M/c. ');
  });
});

describe('theory MODEL', () => {
  it('shows what the model wants, tells and assumes, and a line to paste that works', async () => {
    const { code, stdout, stderr } = await theory('mmc');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    for (const part of ['How long messages wait', 'Assumes', 'Poisson', 'lambda', '--arrival-rate', 'a rate above zero in 1/s', 'Wq_quantile', '(needs p)', 'Exact: ', 'Gross', 'docs/theory/multi-server.md']) expect(stdout.replaceAll(/\s+/g, ' ')).toContain(part);
    const line = stdout.split('\n').at(-1)!.trim();
    expect(line).toBe('npx faultline theory mmc lambda=900/s mu=100/s c=10 p=0.99');
    expect((await faultline(line.split(' ').slice(2))).code).toBe(0);
    expect(JSON.parse((await theory('mmc', '--json')).stdout)).toMatchObject({ schema: 'faultline/theory-model@1', name: 'mmc', kind: 'exact', parameters: [{ name: 'lambda', optional: false, options: ['--arrival-rate'] }, {}, {}, {}, {}, {}] });
  });

  it('fits a narrow terminal', async () => {
    for (const words of [['mmc'], ['mmc', ...station, 'c=10', 'p=0.99'], ['mmc', ...station, 'c=8..12', '--p99-wait=50ms'], ['mmc', ...station, '--p99-wait=50ms'], ['--list']]) {
      const { stdout } = await faultline(['theory', ...words], 50);
      const long = stdout.split('\n').filter((line) => line.length > 50 && !line.includes('npx faultline'));
      expect(long).toEqual([]);
    }
  });
});

describe('an answer', () => {
  it('has the title, how far to trust it, and each metric rounded and unrounded', async () => {
    const { code, stdout, stderr } = await theory('mmc', ...station, 'c=10', 'p=0.99');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const { Wq } = evaluate('mmc', { lambda: 900, mu: 100, c: 10 });
    expect(stdout).toMatch(/^M\/M\/c\nlambda 900\/s, mu 100\/s, c 10, p 0\.99\nExact: relative error/);
    expect(stdout).toMatch(new RegExp(`^ {2}Wq +6\\.69 ms +${String(Wq).replace('.', '\\.')} s +mean time before service$`, 'm'));
  });

  it('says first that there is no steady state, and ends well', async () => {
    const { code, stdout } = await theory('mmc', 'lambda=1000/s', 'mu=100/s', 'c=9');
    expect(code).toBe(0);
    expect(stdout.split('\n')[0]).toBe('No steady state: the backlog grows by 100/s.');
    expect(stdout).toMatch(/Wq +∞/);
  });

  it('is one object with --json, and its command gives it again', async () => {
    const { code, stdout, stderr } = await theory('mmc', 'lambda=1000/s', 'mu=100', 'c=9', '--json');
    expect(code).toBe(0);
    expect(stderr).toBe('note: mu: plain numbers were read per second and in seconds');
    const answer = JSON.parse(stdout);
    expect(answer).toMatchObject({ schema: 'faultline/theory@1', model: 'mmc', title: 'M/M/c', kind: 'exact', parameters: { lambda: 1000, mu: 100, c: 9 }, unstable: { growthRate: 100 }, metrics: { Wq: 'Infinity', P_wait: 1 } });
    for (const key of ['accuracy', 'source']) expect(answer[key]).toMatch(/\w/);
    expect(answer.reproduce.command).toBe('npx faultline theory mmc lambda=1000/s mu=100 c=9');
    expect(JSON.parse((await faultline([...answer.reproduce.command.split(' ').slice(2), '--json'])).stdout)).toEqual(answer);
  });
});

describe('a question turned round', () => {
  it('answers with the least number of servers, and why one fewer is not enough', async () => {
    const { code, stdout, stderr } = await theory('mmc', '--arrival-rate', '900/s', '--service-time', '10ms', '--p99-wait', '<20ms');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^11 servers are the least that meet p99 wait < 20ms\.\n10 servers are not enough: p99 wait < 20ms: 42 ms\.\nThe square-root rule says 11: /);
    expect(stdout).toMatch(/metric +11 servers +10 servers +meaning/);
    expect(stdout).toContain('✓ p99 wait < 20ms: 18.8 ms');
  });

  it.each([['--p99.9-wait', '<30ms'], ['--p99.9-wait=<30ms'], ['--p50-sojourn', '<12ms'], ['--mean-wait', '3ms'], ['--utilization', '<85%']])('understands %s %s', async (...words) => {
    expect((await theory('mmc', ...station, ...words)).stdout).toMatch(/^1[0-9] servers are the least/);
  });

  it('ends with 1 where a target is missed, and where nothing meets it, naming the limit', async () => {
    expect(await theory('mmc', ...station, 'c=10', '--p99-wait', '<20ms')).toMatchObject({ code: 1, stdout: expect.stringContaining('✗ p99 wait < 20ms: 42 ms') });
    const impossible = await theory('mmc', ...station, '--p99-sojourn', '<40ms');
    expect(impossible.code).toBe(1);
    expect(impossible.stdout).toMatch(/^However many servers, p99 sojourn < 40ms is not met: with \d+ servers and\nbeyond, p99 sojourn < 40ms: 46\.1 ms\./);
  });

  it('keeps a target in one piece where a line ends, and says 1 s for what is hardly less', async () => {
    const { stdout } = await faultline(['theory', 'mmc', 'c=1', 'mu=1/s', '--utilisation', '<0.5', '--most', 'lambda'], 60);
    expect(stdout).toMatch(/^lambda = 0\.499999\/s is the most that meets\nutilisation < 0\.5\.\n/);
    expect((await theory('mmc', 'c=2', 'lambda=3/s', '--mean-wait', '1s', '--least', 'mu')).stdout).toMatch(/^ {2}Wq +1 s /m);
  });

  it('looks for another parameter', async () => {
    const { code, stdout } = await theory('mmc', 'mu=100/s', 'c=10', '--mean-wait', '<10ms', '--most', 'lambda', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ schema: 'faultline/theory@1', solution: { parameter: 'lambda', sense: 'most', value: 925.385, neighbour: { value: 934.639 } }, parameters: { lambda: 925.385 }, targets: [{ met: true }] });
  });
});

describe('a range', () => {
  it('is a table, with a mark for each target', async () => {
    const { code, stdout } = await theory('mmc', ...station, 'c=8..12', '--p99-wait', '<20ms', '--metrics', 'Wq,p0');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^No steady state up to c = 9 \(there is one at 10\): the backlog grows without end\.\nThe target is met at c = 11, not yet at 10\.\n/);
    expect(stdout.split('\n').slice(-6).map((line) => line.trim().split(/ {2,}/))).toEqual([
      ['c', 'Wq', 'p0', 'p99 wait < 20ms'], ['8', '∞', '0 %', '✗'], ['9', '∞', '0 %', '✗'], ['10', '6.69 ms', '6.96e-5', '✗'], ['11', '2.15 ms', '9.96e-5', '✓'], ['12', '887 µs', '0.0113 %', '✓'],
    ]);
  });

  it('is data with --json and --csv', async () => {
    const sweep = JSON.parse((await theory('mmc', ...station, 'c=8..12', '--json')).stdout);
    expect(sweep).toMatchObject({ schema: 'faultline/theory-sweep@1', model: 'mmc', swept: { parameter: 'c' }, points: [{ value: 8, metrics: { Wq: 'Infinity' } }, {}, {}, {}, {}] });
    const csv = (await theory('mmc', ...station, 'c=8..12', '--csv', '--metrics', 'Wq,P_wait')).stdout.split('\r\n');
    expect(csv.slice(0, 2)).toEqual(['c,Wq_s,P_wait', '8,Infinity,1']);
    expect(csv).toHaveLength(6);
  });

  it('is drawn into a page', async () => {
    const file = path.join(folder, 'sub', 'wait.html');
    const { code, stderr } = await theory('mmc', 'lambda=500..1100/s:5', 'mu=100/s', 'c=10', '--report', file);
    expect({ code, stderr }).toEqual({ code: 0, stderr: `The report is in ${file}` });
    expect(readFileSync(file, 'utf8')).toContain('<h1>M/M/c: lambda from 500/s to 1100/s</h1>');
  }, 60_000);

  it('is what --report and --csv want', async () => {
    const file = path.join(folder, 'none.html');
    for (const output of [['--report', file], ['--csv']]) expect(await theory('mmc', ...station, 'c=10', ...output)).toMatchObject({ code: 3, stdout: '', stderr: expect.stringContaining('this question has none') });
    expect(existsSync(file)).toBe(false);
  });
});

describe('a mistake', () => {
  it.each([
    [['mmd'], /mmd is no model\n {2}hint: did you mean mm/],
    [[], /a model is wanted/],
    [['mmc', 'lambda=10ms', 'mu=1', 'c=1'], /lambda is "10ms"; a rate above zero in 1\/s is wanted\n {2}hint: 10ms is a time/],
    [['mmc', 'lambda=1', 'mu=1', 'c=1', '--p99-wiat', '5ms'], /--p99-wiat is no option of this command\n {2}hint: did you mean --p99-wait\?/],
    [['mmc', 'lambda=1', 'mu=1', 'c=1', '-x'], /-x is no option of this command/],
    [['mmc', 'lambda=1', 'mu=1', 'c=1', '--jsno'], /--jsno is no option of this command\n {2}hint: did you mean --json\?/],
    [['mmc', 'lambda=1', 'mu=1', 'c=1', '--p99-wait'], /option '--p99-wait <limit>' argument missing/],
    [['mmc', '--most', 'lambda', 'mu=1', 'c=1'], /--most is given without a target/],
  ])('%o is refused on stderr, with 3', async (words, talk) => {
    expect(await theory(...words)).toMatchObject({ code: 3, stdout: '', stderr: expect.stringMatching(talk) });
  });

  it('is told as data with --json', async () => {
    const { code, stdout } = await theory('mmc', 'lamda=1', 'mu=1', 'c=1', '--json');
    expect(code).toBe(3);
    expect(JSON.parse(stdout)).toMatchObject({ schema: 'faultline/problems@1', problems: [{ severity: 'error', path: 'lamda', hint: 'did you mean lambda?' }, { path: 'lambda', found: 'missing' }] });
  });
});

describe('a question that takes too long', () => {
  it('is cut off', () => {
    const endless = () => {
      for (let turns = 0; ; turns++) if (turns < 0) return turns;
    };
    expect(withinTime(endless, 50)).toBeUndefined();
    expect(withinTime(() => 42, 50)).toEqual({ value: 42 });
    expect(() => withinTime(() => { throw new TypeError('own'); }, 50)).toThrow(TypeError);
  });
});

describe('help and completion', () => {
  it('show options, targets and model names', async () => {
    const { stdout } = await theory('--help');
    for (const part of ['$ faultline theory', '--arrival-rate <rate>', '--p99-wait <limit>', '--least <parameter>', '--report <file>']) expect(stdout).toContain(part);
    for (const shell of ['bash', 'zsh', 'fish']) {
      const script = (await faultline(['completion', shell])).stdout;
      for (const word of ['theory', 'mmc_redelivery', 'arrival-rate', 'p99-sojourn']) expect(script).toContain(word);
    }
  });
});

/** Lines of the documentation that begin with the command, as a shell would take them apart. */
const documented = projectFiles().filter((file) => /^docs\/theory\/[\w-]+\.md$/.test(file)).flatMap((file) =>
  [...readProjectFile(file).matchAll(/^(?:\$ )?npx faultline (theory [^\n#]*)/gm)].map((match) => [`${file}: ${match[1]!.trim()}`, shellWords(match[1]!)] as const));

function shellWords(line: string): string[] {
  return [...line.matchAll(/(?:[^\s"']|"[^"]*"|'[^']*')+/g)].map(([word]) => word.replaceAll(/"([^"]*)"|'([^']*)'/g, '$1$2'));
}

describe('the documentation', () => {
  it('has commands', () => expect(documented.length).toBeGreaterThan(5));

  it.each(documented)('%s is a question that is understood', async (_, words) => {
    const here = words.map((word, at) => (words[at - 1] === '--report' ? path.join(folder, 'documented.html') : word));
    const { code, stderr } = await faultline(here);
    expect([0, 1], stderr).toContain(code);
  }, 60_000);

  it('prints what the page on asking shows', async () => {
    const shown = /^\$ npx faultline (theory .*)\n([^]*?)^```/m.exec(readProjectFile('docs/theory/README.md'))!;
    const { stdout } = await faultline(shellWords(shown[1]!));
    expect(stdout.startsWith(shown[2]!.trimEnd())).toBe(true);
  });
});
