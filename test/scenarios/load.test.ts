import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { formatProblem, loadScenario, parseScenario } from '../../scenarios/load.ts';
import { calm, parsed, problemsOf, scenarioOf, told } from './scenario-text.ts';

const fixtures = path.join(import.meta.dirname, 'fixtures');
const library = path.join(import.meta.dirname, '../../scenarios/library');

describe('a sound file', () => {
  it('becomes a scenario in base units, with defaults', () => {
    const scenario = parsed(calm('phases: { warmUp: 1.5s, measure: 2m }'));
    expect(scenario.phases).toEqual({ warmUp: 1.5e9, measure: 120e9, drain: 60e9 });
    expect(scenario.consumers.workers).toMatchObject({ count: 1, prefetch: 1, service: { kind: 'constant', value: 20e6 } });
    expect(scenario.producers.web!.arrivals).toEqual({ kind: 'poisson', rate: 5 });
  });

  it.each(readdirSync(library).filter((file) => file.endsWith('.yaml')))('%s of the library loads', async (file) => {
    const loaded = await loadScenario(path.join(library, file));
    expect(loaded.ok ? [] : loaded.problems).toEqual([]);
  });

  it('checkout.yaml gives no reason for a warning', async () => {
    expect(await loadScenario(path.join(library, 'checkout.yaml'))).toMatchObject({ ok: true, warnings: [] });
  });

  it('may be JSON, and keep notes under x- keys', () => {
    const { name } = parsed(JSON.stringify({ $schema: 'a', 'x-note': { any: ['thing'] }, faultline: 1, name: 'json', brokers: {} }));
    expect(name).toBe('json');
  });

  it('merges anchored maps with <<, its own keys winning', () => {
    const merged = 'workers: { <<: *slow, subscribe: mq/jobs, count: 5 }';
    const scenario = parsed(`x-slow: &slow { service: 3s, count: 2 }\n${calm().replace('workers: { subscribe: mq/jobs, service: 20ms }', merged)}`);
    expect(scenario.consumers.workers).toMatchObject({ count: 5, service: { value: 3e9 } });
  });
});

describe('text that is no scenario', () => {
  it.each([
    ['', '1:1 the file is empty'],
    ['# only a comment\n', '1:1 the file is empty'],
    ['just text', '1:1 a scenario is a map of keys'],
    ['- a\n- b', '1:1 a scenario is a map of keys'],
    ['a: 1\n---\nb: 2\n', '2:1 a scenario file holds one document'],
    ['%YAML 1.1\n---\nfaultline: 1', '1:1 scenario files are YAML 1.2'],
    ['a: b\0c', '1:5 the character U+0000 is not allowed in YAML'],
    ['name: *nobody', '1:7 no anchor &nobody comes before this alias'],
    ['name: &me [*me]', '1:12 the alias *me stands inside the value that it names'],
    ['name: .inf', '1:7 the number is not finite'],
    ['name: 1e999', '1:7 the number is not finite'],
    ['__proto__: { polluted: yes }', '1:1 "__proto__" cannot be a name'],
    ['consumers: { w: { subscribe: mq/__proto__ } }', '1:30 such a name is reserved'],
    ['name: a\nbrokers: { constructor: {} }', '2:12 "constructor" cannot be a name'],
    ['name: a\nname: b', '2:1 the key "name" stands here a second time'],
    ['<<: 5', '1:1 << merges maps'],
    ['[a]: b', '1:1 a key must be plain text'],
  ])('%j is told so', (text, expected) => {
    expect(told(text)).toContain(`test.yaml:${expected}`);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });

  it('nested too deep is refused in every style', () => {
    for (const text of ['['.repeat(1e5), '{a: '.repeat(5000), '- '.repeat(5000), '? '.repeat(5000), Array.from({ length: 900 }, (_, level) => `${' '.repeat(level)}a:`).join('\n')]) {
      expect(problemsOf(text)[0]).toMatchObject({ severity: 'error', message: expect.stringMatching(/nested/) as string });
    }
    // This many columns make the YAML library itself run out of memory.
    expect(told(`a:\n${' '.repeat(1500)}b: 1`)[0]).toMatch(/indented by 1000 columns/);
  });

  it('that aliases blow up is refused where it becomes too much', () => {
    const names = [...'abcdefghij'];
    const lines = names.map((name, index) => `x-${name}: &${name} [${Array.from({ length: 9 }, () => (index === 0 ? 'x' : `*${names[index - 1]}`)).join(',')}]`);
    expect(told(`${calm()}${lines.join('\n')}`)).toEqual([expect.stringMatching(/^test.yaml:14:\d+ the file has more than 100000 values/)]);
  });

  it('that is larger than a megabyte is refused', () => {
    expect(told(`name: ${'x'.repeat(1_000_000)}`)).toEqual(['test.yaml:1:1 the file is larger than 1 MB']);
  });

  it('reports at most a hundred problems', () => {
    const keys = Array.from({ length: 20_000 }, (_, index) => `nonsense${index}: 1`);
    expect(problemsOf(calm(keys.join('\n'))).length).toBe(100);
  });

  it('tells how to write ${parameter} in a flow map', () => {
    expect(problemsOf('name: { a: ${load} }')[0]!.hint).toContain('in quotes');
  });
});

describe('the version', () => {
  it.each([
    ['faultline: 2\nname: x', '1:12 this file is written for a newer Faultline'],
    ['name: x\nfaultline: "1"', '2:12 there is no such format version'],
    ['faultline: 0', '1:12 there is no such format version'],
  ])('%j is told alone', (text, expected) => {
    expect(told(text)).toEqual([`test.yaml:${expected}`]);
  });

  it('missing is told beside everything else', () => {
    const messages = told(calm('claims: [drainde]').replace('faultline: 1\n', ''));
    expect(messages[0]).toBe('test.yaml:1:1 the format version is missing');
    expect(messages).toHaveLength(2);
  });
});

describe('what the schema refuses', () => {
  const cases: [string, string, Partial<{ found: string; wanted: string; hint: string }>][] = [
    ['producers: { p: { publsh: mq/jobs, arrivals: { poisson: { rate: 5/s } } } }', '9:19 the key "publsh" is not known here', { hint: 'did you mean publish?' }],
    ['producers: { p: { publish: mq/jobs } }', '9:14 "arrivals" is missing', {}],
    ['consumers: { c: { subscribe: mq/jobs, service: { exponentail: { mean: 1s } } } }', '9:50 the key "exponentail" is not known here', { hint: 'did you mean exponential?' }],
    ['consumers: { c: { subscribe: mq/jobs, service: { exponential: { mean: 1s }, lognormal: { mean: 1s, scv: 2 } } } }', '9:77 "lognormal" cannot stand beside "exponential"', {}],
    ['consumers: { c: { subscribe: mq/jobs, service: { exponential: { mean: soon } } } }', '9:71 "soon" is not a duration', { found: '"soon"' }],
    ['consumers: { c: { subscribe: mq/jobs, service: { shifted: { by: 1s, of: { gamma: { mean: 1s } } } } } }', '9:75 "scv" is missing', { wanted: 'a number' }],
    ['consumers: { c: { subscribe: mq/jobs, service: { hyperexponential: { mean: 1s, scv: 0.5 } } } }', '9:85 hyperexponential: scv is 0.5, and must be 1 or more', {}],
    ['consumers: { c: { subscribe: mq/jobs, service: soon } }', '9:48 "soon" is not a duration', {}],
    ['consumers: { c: { subscribe: mq/jobs, service: [1s] } }', '9:39 the value does not fit here', { found: 'a list of 1' }],
    ['consumers: { c: { subscribe: mq/jobs, service: 1s, prefetch: unlimted } }', '9:62 the value does not fit here', { hint: 'did you mean unlimited?' }],
    ['consumers: { c: { subscribe: mq/jobs, service: 1s, acknowledge: after-wrk } }', '9:65 the value is not one of those known here', { hint: 'did you mean after-work?', wanted: 'one of automatic, before-work, at-start, after-work, manual' }],
    ['consumers: { c: { subscribe: mq/jobs, service: 1s, count: 0 } }', '9:59 the value is too small', { found: '0', wanted: 'at least 1' }],
    ['consumers: { c: { subscribe: mq/jobs, service: 1s, failure: { probability: 150% } } }', '9:76 "150%" is not a probability', {}],
    ['consumers: { 9c: { subscribe: mq/jobs, service: 1s } }', '9:14 a name has letters, digits, - and _, and starts with a letter', { found: '9c' }],
    ['faults: [{ kind: crsh, target: mq, at: 1s }]', '9:18 the value is not one of those known here', { hint: 'did you mean crash?' }],
    ['faults: [{ kind: partition, between: [mq], at: 1s }]', '9:29 the value is too small', { wanted: 'at least 2 entries' }],
    ['claims: [at-least-one]', '9:10 the value does not fit here', { hint: 'did you mean at-least-once?' }],
    ['claims: [{ drained: { withn: 1s } }]', '9:23 the key "withn" is not known here', { hint: 'did you mean within?' }],
    ['about: 1.10', '9:8 the value is of another type', { wanted: 'text', hint: 'put it in quotes: "1.1"' }],
    ['brokers:', '9:1 the key "brokers" stands here a second time', {}],
  ];
  it.each(cases)('%s', (line, expected, details) => {
    // The section of the calm scenario makes room for the one under test, and the line stays the ninth.
    const section = line.split(':')[0]!;
    const text = section === 'producers' || section === 'consumers' ? calm(line).replace(`\n${section}:\n`, `\nx-${section}:\n`) : calm(line);
    const problem = problemsOf(text).find((each) => `${each.line}:${each.column} ${each.message}` === expected);
    expect(problem, told(text).join('\n')).toBeDefined();
    expect(problem).toMatchObject({ severity: 'error', ...details });
  });

  it('is reported together with what is wrong between the parts', () => {
    const messages = told(calm('claims: [nonsense]\nfaults: [{ kind: crash, target: mp.0, at: 1s }]\nobjectives: [max(worker.sojourn) < 1s]'));
    expect(messages).toEqual([
      'test.yaml:9:10 the value does not fit here',
      'test.yaml:10:33 nothing is called "mp.0"',
      'test.yaml:11:18 no consumer group or queue is called "worker"',
    ]);
  });

  it('is printed with place, frame, what was found and wanted, and a hint', () => {
    const [problem] = problemsOf(calm('phases: { warmup: 3s }'));
    expect(formatProblem(problem!)).toBe(`test.yaml:9:11: error: phases.warmup: the key "warmup" is not known here
  7 | consumers:
  8 |   workers: { subscribe: mq/jobs, service: 20ms }
> 9 | phases: { warmup: 3s }
    |           ^^^^^^
  wanted: one of warmUp, measure, drain
  hint:   did you mean warmUp?`);
  });

  it('never puts control characters or endless lines on the screen', () => {
    const [problem] = problemsOf(`name: "a"\nabout: [${'x, '.repeat(2000)}"\\e[31m"]\n"\\e[2J": 1`);
    expect(formatProblem(problem!)).not.toMatch(/\u001b/);
    expect(Math.max(...problem!.frame.split('\n').map((line) => line.length))).toBeLessThan(120);
  });
});

describe('parameters', () => {
  it('keep their type as a whole value and are written out in text', () => {
    const scenario = parsed(`params: { size: 3, load: 7/s, limit: 2s, twice: "$limit and $limit" }\n${calm('objectives: ["max(workers.sojourn) < $limit"]\nabout: "$$5 for ${twice}"')}`
      .replace('service: 20ms', 'service: 20ms, count: $size').replace('rate: 5/s', 'rate: "${load}"'));
    expect(scenario.consumers.workers!.count).toBe(3);
    expect(scenario.producers.web!.arrivals).toEqual({ kind: 'poisson', rate: 7 });
    expect(scenario.objectives[0]).toMatchObject({ text: 'max(workers.sojourn) < 2s', limit: 2 });
    expect(scenario.about).toBe('$5 for 2s and 2s');
  });

  it.each([
    ['params: { a: 1 }\nabout: $b', '10:8 no parameter is called "b"'],
    ['params: { a: $b, b: $a }', '9:21 parameters refer to each other in a circle: $a → $b → $a'],
    ['about: "x ${load:-5} y"', '9:11 this is not the name of a parameter'],
    ['about: "x ${open"', '9:11 this is not the name of a parameter'],
    ['params: { a: [1] }', '9:11 the value does not fit here'],
  ])('%j is told', (extra, expected) => {
    expect(told(calm(extra))).toContain(`test.yaml:${expected}`);
  });

  it('that nobody uses are a warning', () => {
    const loaded = parseScenario(calm('params: { idle: 1 }'), 'test.yaml');
    expect(loaded).toMatchObject({ ok: true, warnings: [{ severity: 'warning', path: 'params.idle', line: 9, column: 11 }] });
  });

  it('with a wrong value are shown where the value stands and where it is used', () => {
    const [problem] = problemsOf(calm('params: { load: fast }').replace('5/s', '$load'));
    expect(problem).toMatchObject({ line: 9, column: 17, path: 'producers.web.arrivals.poisson.rate', found: '"fast", used as $load at test.yaml:6:57' });
  });

  it('in an objective keep the place of what is wrong', () => {
    const [problem] = problemsOf(calm('params: { limit: 3x, what: sojorn }\nobjectives: ["max(workers.$what) < 1s", "max(workers.sojourn) < $limit"]'));
    expect(problem).toMatchObject({ line: 10, column: 27, message: '"sojorn" is not a measure' });
  });

  it('may refer to one another, but not in an endless row', () => {
    const row = (length: number) => `params: { ${Array.from({ length }, (_, index) => `p${index}: $p${index + 1}`).join(', ')}, p${length}: deep }\nabout: $p0`;
    expect(parsed(calm(row(20))).about).toBe('deep');
    expect(told(calm(row(20_000))).some((line) => line.includes('more than 64 parameters refer to one another'))).toBe(true);
  });

  it('cannot grow text without end', () => {
    const names = Array.from({ length: 20 }, (_, index) => `p${index}`);
    const lines = names.map((name, index) => `  ${name}: "${index === 0 ? 'xxxxxxxxxx' : `$p${index - 1}`.repeat(10)}"`);
    expect(told(calm(`params:\n${lines.join('\n')}\nabout: $p19`)).some((line) => line.includes('the text is longer than'))).toBe(true);
  });
});

describe('--set', () => {
  const text = calm('params: { load: 50/s }\nabout: $load\nfaults: [{ kind: crash, target: mq.0, at: 1s }]').replace('jobs: { }', 'jobs: { deadLetter: jobs.dead }, jobs.dead: {}');

  it('reaches parameters, list entries, optional keys and names with dots', () => {
    const scenario = parsed(text, { set: ['params.load=80/s', 'faults.0.at=1m', 'consumers.workers.prefetch=7', 'brokers.mq.queues.jobs.dead.maxLength=9', 'network.default.latency={ exponential: { mean: 1ms } }', 'brokers.mq.queues."jobs.late"={}'] });
    expect(scenario.about).toBe('80/s');
    expect(scenario.faults[0]!.at).toBe(60e9);
    expect(scenario.consumers.workers!.prefetch).toBe(7);
    expect(scenario.brokers.mq!.queues['jobs.dead']).toMatchObject({ maxLength: 9 });
    expect(scenario.network.default.latency).toEqual({ kind: 'exponential', mean: 1e6 });
    expect(Object.keys(scenario.brokers.mq!.queues)).toContain('jobs.late');
  });

  it('removes with null, and may leave a key to the default', () => {
    expect(parsed(text, { set: ['brokers.mq.queues.jobs.deadLetter=null', 'about='] })).toMatchObject({ about: '' });
  });

  it('changes an aliased value in one place only', () => {
    const scenario = parsed(calm().replace('20ms }', '20ms, failure: &f { probability: 1% } }\n  others: { subscribe: mq/jobs, service: 1s, failure: *f }'), { set: ['consumers.others.failure.probability=2%'] });
    expect([scenario.consumers.workers!.failure!.probability, scenario.consumers.others!.failure!.probability]).toEqual([0.01, 0.02]);
  });

  it.each([
    ['params.laod=80/s', '--set:1:8 there is no "laod" in params', 'did you mean load?'],
    ['consumers.worker.prefetch=1', '--set:1:11 there is no "worker" in consumers', 'did you mean workers?'],
    ['consumers.workers.prefech=1', '--set:1:19 the key "prefech" is not known here', 'did you mean prefetch?'],
    ['consumers.workers.prefetch=lots', '--set:1:28 the value does not fit here', ''],
    ['faults.3.at=1s', '--set:1:8 "3" is no position of this list', ''],
    ['name.first=1', '--set:1:6 "first" leads into a plain value', ''],
    ['name', '--set:1:1 a setting is path=value', ''],
    ['name=[', '--set:1:7 ', ''],
    ['__proto__.polluted=1', '--set:1:1 "__proto__" cannot be a name', ''],
    ['=1', '--set:1:1 a setting is path=value', ''],
    ['a"b=1', '--set:1:1 the path cannot be read', 'double quotes'],
    ['"=1', '--set:1:1 the path cannot be read', 'double quotes'],
    ['a..b=1', '--set:1:3 ', ''],
  ])('%s points into the argument', (argument, expected, hint) => {
    const problem = problemsOf(text, { set: [argument] }).find(({ file, line, column, message }) => `${file}:${line}:${column} ${message}`.startsWith(expected));
    expect(problem, told(text, { set: [argument] }).join('\n')).toBeDefined();
    expect(problem!.hint ?? '').toContain(hint);
    expect(problem!.frame).toContain(argument);
    expect(problem!.frame).toContain('^');
  });

  it('is used by --seed as well', () => {
    expect(parsed(text, { seed: 12 }).seed).toBe(12);
    expect(told(text, { seed: 1.5 })).toEqual(['--seed:1:1 the value is of another type']);
  });
});

describe('extends', () => {
  it('merges maps, replaces lists, removes with null, and chooses between alternatives', async () => {
    const scenario = scenarioOf(await loadScenario(path.join(fixtures, 'child.yaml')));
    expect(scenario).toMatchObject({ name: 'child', about: 'from the base', claims: [{ claim: 'drained' }] });
    expect(Object.keys(scenario.brokers.mq!.queues)).toEqual(['jobs']);
    expect(scenario.consumers.workers).toMatchObject({ count: 3, service: { kind: 'exponential', mean: 5e6 }, prefetch: 1 });
    expect(scenario.producers.web!.retry).toMatchObject({ backoff: { kind: 'fixed' }, attempts: 7 });
  });

  it('points into the file that is wrong', async () => {
    const loaded = await loadScenario(path.join(fixtures, 'child-of-broken.yaml'));
    expect(loaded).toMatchObject({ ok: false, problems: [{ file: path.join(fixtures, 'broken.yaml'), line: 7, column: 44, message: '"often" is not a rate' }] });
  });

  it('reads recordings from beside the file that names them', async () => {
    const scenario = scenarioOf(await loadScenario(path.join(fixtures, 'extends-below.yaml')));
    expect(scenario.producers.web!.arrivals).toMatchObject({ kind: 'recorded', times: [0, 500e6, 1500e6, 1500e6] });
  });

  it.each([
    ['circle.yaml', /circle-back.yaml:1:10 circle.yaml is extended by itself/],
    ['extends-nothing.yaml', /:1:10 there is no file child.yml/],
    ['extends-list.yaml', /:1:10 extends names one other scenario file/],
    ['extends-outside.yaml', /:1:10 .* is outside the scenario's folder/],
  ])('%s is refused', async (file, expected) => {
    const loaded = await loadScenario(path.join(fixtures, file));
    if (loaded.ok) throw new Error('it should not load');
    expect(loaded.problems.map((problem) => `${problem.file}:${problem.line}:${problem.column} ${problem.message}`)).toEqual([expect.stringMatching(expected)]);
  });

  it('is told that text alone has no other files', () => {
    expect(told(`extends: base.yaml\n${calm()}`)).toEqual(['test.yaml:1:10 base.yaml cannot be read: this scenario was given as text']);
  });
});

describe('files', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'faultline-load-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const write = (name: string, content: string | Uint8Array) => {
    const file = path.join(folder, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, content);
    return file;
  };

  it('outside of the folder are read only where allowed, links included', async () => {
    write('else/base.yaml', calm());
    const file = write('here/a.yaml', 'extends: ../else/base.yaml\nname: a');
    symlinkSync(path.join(folder, 'else/base.yaml'), path.join(folder, 'here/link.yaml'));
    const linked = write('here/b.yaml', 'extends: link.yaml\nname: b');
    for (const each of [file, linked]) {
      const refused = await loadScenario(each);
      expect(refused).toMatchObject({ ok: false, problems: [{ line: 1, column: 10, hint: expect.stringContaining('--allow-path') as string }] });
      expect(await loadScenario(each, { allowPath: [path.join(folder, 'else')] })).toMatchObject({ ok: true });
    }
  });

  it('that do not exist are not told apart outside of the folder', async () => {
    const loaded = await loadScenario(write('here/c.yaml', 'extends: ../nowhere/base.yaml'));
    expect(loaded).toMatchObject({ ok: false, problems: [{ message: expect.stringContaining('outside') as string }] });
  });

  it.each([
    ['latin1.yaml', new Uint8Array([...Buffer.from('name: caf'), 0xe9, ...Buffer.from('\n')]), 1, 10, /not UTF-8/],
    ['utf16.yaml', Buffer.from('\uFEFFname: x', 'utf16le'), 1, 1, /not UTF-8/],
    ['replaced.yaml', Buffer.from('name: \uFFFD\nx: \uFFFD'), 1, 1, /format version is missing/],
    ['large.yaml', Buffer.alloc(1_000_001, 'x'), 1, 1, /larger than 1 MB/],
  ])('%s is refused at its place', async (name, content, line, column, message) => {
    const loaded = await loadScenario(write(name, content));
    if (loaded.ok) throw new Error('it should not load');
    expect(loaded.problems[0]).toMatchObject({ line, column, message: expect.stringMatching(message) as string });
  });

  it('may start with a byte order mark', async () => {
    expect(await loadScenario(write('marked.yaml', `\uFEFF${calm()}`))).toMatchObject({ ok: true });
  });

  it('that are missing or folders are a problem, too', async () => {
    expect(await loadScenario(path.join(folder, 'none.yaml'))).toMatchObject({ ok: false, problems: [{ line: 1, column: 1 }] });
    expect(await loadScenario(folder)).toMatchObject({ ok: false, problems: [{ line: 1, column: 1 }] });
  });

  it('may be TypeScript: a value or a function', async () => {
    expect(scenarioOf(await loadScenario(path.join(fixtures, 'value.ts'))).consumers.workers!.count).toBe(4);
    expect(scenarioOf(await loadScenario(path.join(fixtures, 'function.mjs'), { set: ['seed=9'] })).seed).toBe(9);
  });

  it.each([
    ['export default { faultline: 1, name: "x", brokers: {}, consumers: { c: { count: 0 } } };', 1, 'the value is too small'],
    ['const a = 1;\nexport default { a: () => a };', 2, 'function is not plain data'],
    ['export const a = 1;', 1, 'the script has no default export that is a scenario'],
    ['const x = {}; x.x = x;\nexport default x;', 2, 'the object contains itself'],
    ['export default { a: new Date(0) };', 1, 'an object of the class Date is not plain data'],
    ['export default { ["__proto__"]: 1 };', 1, '"__proto__" cannot be a name'],
    ['const a: number = 1;\n\nthrow new Error("boom");', 3, 'the script failed'],
    ['const a = ;', 1, 'the script failed'],
  ])('%j is refused', async (text, line, message) => {
    const loaded = await loadScenario(write(`script-${line}-${text.length}.ts`, text));
    if (loaded.ok) throw new Error('it should not load');
    expect(loaded.problems.map((problem) => `${problem.line} ${problem.message}`)).toContain(`${line} ${message}`);
  });
});
