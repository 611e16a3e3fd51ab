/** Variants: the same workload with other settings, each by its name. */
import { describe, expect, it } from 'vitest';
import { compareResults } from '../../scenarios/comparison.ts';
import { parseScenario } from '../../scenarios/load.ts';
import type { RunResult } from '../../scenarios/result.ts';
import { runScenario } from '../../scenarios/run.ts';
import { calm, parsed, problemsOf, told } from './scenario-text.ts';

const text = calm(`params: { load: 50/s }
about: $load
variants:
  many: { consumers.workers.count: 8, params.load: 90/s }
  'on RabbitMQ': { brokers.mq: { kind: rabbitmq, version: '4.3', queues: { jobs: {} } } }
  typo: { consumers.worker.count: 8 }
  nowhere: { brokers.mq.queues: { other: {} } }
`);

describe('a variant', () => {
  it('changes what it names and nothing else, before --set does', () => {
    expect(parsed(text).consumers['workers']!.count).not.toBe(8);
    const many = parsed(text, { variant: 'many' });
    expect([many.consumers['workers']!.count, many.about]).toEqual([8, '90/s']);
    expect({ ...many, consumers: 0, about: 0, params: 0 }).toEqual({ ...parsed(text), consumers: 0, about: 0, params: 0 });
    expect(parsed(text, { variant: 'many', set: ['consumers.workers.count=3'] }).consumers['workers']!.count).toBe(3);
  });

  it('puts another broker in the place of the one that stood there', () => {
    expect(parsed(text, { variant: 'on RabbitMQ' }).brokers['mq']).toMatchObject({ kind: 'rabbitmq', queues: { jobs: {} } });
  });

  it('is refused where it is written: a name that is not there, a path that leads nowhere, what then points nowhere', () => {
    const [unknown] = problemsOf(text, { variant: 'manny' });
    expect(unknown).toMatchObject({ file: '--variant', line: 1, message: 'the scenario has no variant "manny"', hint: 'did you mean many?' });
    const [typo] = problemsOf(text, { variant: 'typo' });
    expect(typo).toMatchObject({ message: 'there is no "worker" in consumers', hint: 'did you mean workers?' });
    expect(typo!.frame).toContain('typo: { consumers.worker.count');
    expect(told(text, { variant: 'nowhere' }).some((line) => line.includes('jobs'))).toBe(true);
    expect(problemsOf(text)).toEqual([]);
  });

  it.each([
    ["variants: { 'as written': {} }", /as written/],
    ["variants: { \"a\\u0007b\": {} }", /control characters/],
    ['variants: { a: 1 }', /another type/],
    ['variants: [a]', /another type/],
  ])('%s is refused', (line, message) => {
    expect(told(calm(line)).some((each) => message.test(each)), told(calm(line)).join('\n')).toBe(true);
  });

  it('may come from the file that is extended', () => {
    const files = { read: (path: string) => ({ ok: true as const, id: path, file: path, bytes: Buffer.from(text) }) };
    const loaded = parseScenario('extends: base.yaml\nvariants: { few: { consumers.workers.count: 1 } }\n', 'own.yaml', { files, variant: 'few' });
    expect(loaded.ok && [Object.keys(loaded.scenario.variants), loaded.scenario.consumers['workers']!.count]).toEqual([['many', 'on RabbitMQ', 'typo', 'nowhere', 'few'], 1]);
  });
});

describe('another kind of broker in a file that extends', () => {
  it('takes the place of the whole', () => {
    const files = { read: (path: string) => ({ ok: true as const, id: path, file: path, bytes: Buffer.from(calm().replace('jobs: { }', 'jobs: { requeue: tail }')) }) };
    const loaded = parseScenario('extends: base.yaml\nbrokers: { mq: { kind: rabbitmq, version: "4.3", queues: { jobs: {} } } }\n', 'own.yaml', { files });
    expect(loaded.ok, loaded.ok ? '' : JSON.stringify(loaded.problems)).toBe(true);
  });
});

describe('a comparison', () => {
  const run = (variant?: string): RunResult => runScenario(parsed(text.replace('about: $load', 'claims: [at-least-once]\nobjectives: ["p99(workers.sojourn) < 5s"]'), variant === undefined ? {} : { variant }));

  it('asks all runs for the same, in the order in which they were given, and keeps what each said', () => {
    const results = [run(), run('on RabbitMQ')];
    const { rows, columns } = compareResults(['one', 'other'], results, 'faultline compare x.yaml');
    expect(columns).toEqual(['one', 'other']);
    const row = (title: string) => rows.find((each) => each.title === title)!.cells;
    expect(row('published').map((cell) => cell!.value)).toEqual(results.map(({ messages }) => messages.published));
    // The workload is the same on either: its streams are named.
    expect(results[0]!.messages.published).toBe(results[1]!.messages.published);
    expect(row('at-least-once').map((cell) => cell!.verdict)).toEqual(results.map(({ verdicts }) => verdicts.find(({ claim }) => claim === 'at-least-once')!.verdict));
    expect(row('p99(workers.sojourn) < 5s').map((cell) => cell!.value)).toEqual(results.map(({ objectives }) => objectives[0]!.value));
    expect(row('mean sojourn').map((cell) => cell!.interval)).toEqual(results.map(({ groups }) => groups['workers']!.latency.sojourn.interval));
  });

  it('leaves out what happened to none, and has a gap where one has no such thing', () => {
    const result = run();
    const without: RunResult = { ...result, groups: {}, objectives: [] };
    const { rows } = compareResults(['one', 'other'], [result, without], '');
    expect(rows.some(({ title }) => title === 'dead-lettered')).toBe(false);
    expect(rows.find(({ title }) => title === 'p99 sojourn')!.cells[1]).toBeNull();
    expect(rows.find(({ section }) => section === 'Objectives')!.cells[1]).toBeNull();
    expect(() => compareResults(['one'], [], '')).toThrow(/a title for each/);
  });
});
