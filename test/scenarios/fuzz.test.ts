/** Mutated scenario files: the loader answers each with a scenario or with problems that have a place, and never throws. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readTree } from '../../scenarios/extend.ts';
import { formatProblem, parseScenario, type Problem } from '../../scenarios/load.ts';
import { calm } from './scenario-text.ts';

const library = path.join(import.meta.dirname, '../../scenarios/library');
const files = readdirSync(library).filter((file) => file.endsWith('.yaml'));
const seeds = [calm(), ...files.map((file) => readFileSync(path.join(library, file), 'utf8'))];
/** `FAULTLINE_RUNS` asks for more, in a campaign. */
const runs = (usual: number) => Math.max(usual, Number(process.env.FAULTLINE_RUNS ?? 0));

const words = fc.constantFrom(
  '[', ']', '{', '}', ': ', '- ', '\n', '\n  ', ',', '"', "'", '|', '>', '&a ', '*a', '<<: ', '!!set ', '!x ', '? ', '%YAML 1.1\n', '---\n', '...\n', '#', '\t',
  '$', '$load', '${load}', '${', '$$', '$a-b', '__proto__: ', 'constructor', 'toString: 1', 'null', '~', 'true', '.nan', '-.inf', '1e999', '-0', '0x1F', '1'.repeat(400),
  '5ms', '-5ms', '1e308h', '0s', '0/s', '200%', 'forever', 'unlimited', 'none', 'orders-mq', 'orders-mq.0.disk', 'producers.web.99', 'x-y: ', 'extends: a.yaml\n', 'faultline: 2\n',
  'params: { load: $load }\n', '\0', '\u001b[2J', '\uFEFF', '\uD800', '\u2028', 'é', '🐇',
);
const byte = fc.string({ unit: 'binary', minLength: 1, maxLength: 3 });
const place = fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true });

interface Edit {
  readonly at: number;
  readonly remove: number;
  readonly insert: string;
}
const edits = fc.array(fc.record<Edit>({ at: place, remove: fc.constantFrom(0, 0, 1, 3, 12), insert: fc.oneof(words, byte, fc.constant('')) }), { minLength: 1, maxLength: 6 });

function edited(text: string, changes: readonly Edit[]): string {
  return changes.reduce((result, { at, remove, insert }) => {
    const from = Math.floor(at * result.length);
    return result.slice(0, from) + insert + result.slice(from + remove);
  }, text);
}

/** Lines and words of one file in places of another. */
const transplant = fc.record({ from: fc.constantFrom(...seeds), to: fc.constantFrom(...seeds), cut: place, paste: place, length: fc.integer({ min: 1, max: 5 }), indent: fc.integer({ min: 0, max: 6 }) })
  .map(({ from, to, cut, paste, length, indent }) => {
    const source = from.split('\n');
    const lines = to.split('\n');
    const start = Math.floor(cut * source.length);
    const moved = source.slice(start, start + length).map((line) => ' '.repeat(indent) + line);
    lines.splice(Math.floor(paste * lines.length), length % 2, ...moved);
    return lines.join('\n');
  });

/** Values of any shape under the keys that exist. */
const value: fc.Arbitrary<unknown> = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom<unknown>(null, true, 0, -1, 1.5, 1e300, '', '5ms', '3/s', '$load', 'mq/jobs', 'mq', 'mean(a.sojourn) < 1s', 'drained', Number.MAX_SAFE_INTEGER),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom('kind', 'rate', 'mean', 'exponential', 'mixture', 'of', 'weight', 'file', 'column', 'recorded', 'states', 'rates', 'start', 'target', 'between', 'at', 'on', 'message', 'queues', 'publish', 'fixed', 'a.b', ''), tie('value'), { maxKeys: 4 }),
  ),
})).value;
const keys = ['faultline', 'name', 'seed', 'params', 'phases', 'network', 'brokers', 'producers', 'consumers', 'faults', 'claims', 'objectives', 'ties', 'extends', 'x-a', 'nonsense'];
const structure = fc.dictionary(fc.constantFrom(...keys), value, { maxKeys: 8 }).map((data) => JSON.stringify({ faultline: 1, ...data }));

function mustBePlaced(problems: readonly Problem[], lines: number): void {
  for (const problem of problems) {
    if (!(problem.line >= 1 && problem.column >= 1 && Number.isInteger(problem.line + problem.column))) throw new Error(`no place: ${JSON.stringify(problem)}`);
    if (problem.file === 'fuzz.yaml' && problem.line > lines) throw new Error(`past the end: ${JSON.stringify(problem)}`);
    if (problem.message === '' || !problem.frame.includes('^') || /undefined|NaN|\[object/.test(problem.message)) throw new Error(`says nothing: ${JSON.stringify(problem)}`);
    if (/[\u0000-\u0008\u000b-\u001f]/.test(formatProblem(problem))) throw new Error(`unsafe to print: ${JSON.stringify(problem)}`);
  }
}

function mustAnswer(text: string, set: readonly string[] = []): 'ok' | 'refused' {
  const loaded = parseScenario(text, 'fuzz.yaml', { set });
  mustBePlaced(loaded.ok ? loaded.warnings : loaded.problems, text.split('\n').length);
  if (!loaded.ok && !loaded.problems.some((problem) => problem.severity === 'error')) throw new Error('refused without an error');
  if (({} as { polluted?: unknown }).polluted !== undefined || 'poisson' in Object.prototype) throw new Error('Object.prototype was changed');
  return loaded.ok ? 'ok' : 'refused';
}

describe('a mutated scenario file', () => {
  /** A fuzz whose files all fail alike, or never fail, tests little. */
  function mustSeeBoth(answers: readonly string[]): void {
    expect(answers.filter((answer) => answer === 'ok').length).toBeGreaterThan(answers.length / 100);
    expect(answers.filter((answer) => answer === 'refused').length).toBeGreaterThan(answers.length / 100);
  }

  it('with bytes and tokens put in and taken out', () => {
    const answers: string[] = [];
    fc.assert(fc.property(fc.constantFrom(...seeds), edits, (text, changes) => void answers.push(mustAnswer(edited(text, changes)))), { seed: 1, numRuns: runs(2500) });
    mustSeeBoth(answers);
  });

  it('with lines of another file', () => {
    const answers: string[] = [];
    fc.assert(fc.property(transplant, (text) => void answers.push(mustAnswer(text))), { seed: 2, numRuns: runs(1500) });
    mustSeeBoth(answers);
  });

  it('of any structure', () => {
    fc.assert(fc.property(structure, (text) => void mustAnswer(text)), { seed: 3, numRuns: runs(1500) });
  });

  it('with any settings from the command line', () => {
    const part = fc.oneof(fc.constantFrom('producers', 'web', 'consumers', 'workers', 'params', 'faults', '0', 'brokers', 'mq', 'queues', 'jobs', 'service', 'mean', 'retry', '__proto__', '', '"a.b"', '"'), byte);
    const argument = fc.tuple(fc.array(part, { maxLength: 5 }), fc.constantFrom('=', '', '=='), fc.oneof(words, byte, structure)).map(([parts, equals, written]) => `${parts.join('.')}${equals}${written}`);
    fc.assert(fc.property(fc.array(argument, { minLength: 1, maxLength: 3 }), (set) => void mustAnswer(calm(), set)), { seed: 4, numRuns: runs(1500) });
  });

  it('of any bytes', () => {
    const damaged = fc.record({ text: fc.constantFrom(...seeds), at: place, bytes: fc.uint8Array({ minLength: 1, maxLength: 4 }) });
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 60 }), damaged.map(({ text, at, bytes }) => {
        const content = new TextEncoder().encode(text);
        content.set(bytes, Math.floor(at * (content.length - bytes.length)));
        return content;
      })), (content) => {
        const { root, problems } = readTree('fuzz.yaml', content);
        mustBePlaced(problems, new TextDecoder().decode(content).split('\n').length);
        if (root === undefined && problems.length === 0) throw new Error('refused without a problem');
      }),
      { seed: 5, numRuns: runs(1500) },
    );
  });
});
