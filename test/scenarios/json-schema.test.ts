import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { jsonSchema } from '../../scenarios/json-schema.ts';
import { calm } from './scenario-text.ts';
import { conforms, type Schema } from './conforms.ts';

const schema = JSON.parse(JSON.stringify(jsonSchema())) as Schema;
const accepts = (text: string) => conforms(parse(text, { merge: true }), schema);
const folders = ['../../scenarios/library', 'fixtures'].map((folder) => path.join(import.meta.dirname, folder));
const files = folders.flatMap((folder) => readdirSync(folder).filter((file) => file.endsWith('.yaml')).map((file) => path.join(folder, file)));
const refused = ['broken.yaml', 'extends-list.yaml'];

describe('the JSON Schema', () => {
  it.each(files.map((file) => [path.basename(file), file]))('agrees with the loader about %s', (name, file) => {
    expect(accepts(readFileSync(file, 'utf8'))).toBe(!refused.includes(name));
  });

  it.each([
    'x-notes: { anything: [goes] }',
    'params: { load: 5/s, on: true, half: 0.5 }',
    'phases: { warmUp: 0, measure: "1m", drain: $drain }',
    'seed: $seed',
    'ties: ${ties}',
    'faults: [{ kind: crash, target: "$who.0", at: $when, for: forever }, { kind: slow, target: mq, factor: $factor, rate: 3/h }]',
    'claims: [drained, { at-least-once: { allow: [expired] } }]',
    'network: { default: { latency: { mixture: [{ weight: 1, of: { shifted: { by: 1ms, of: { recorded: { file: a.csv, column: b } } } } }] } } }',
  ])('accepts %s', (line) => {
    expect(accepts(calm(line))).toBe(true);
  });

  it.each([
    'phases: { warmup: 3s }',
    'phases: { measure: 5 }',
    'phases: { measure: soon }',
    'seed: -1',
    'seed: 1.5',
    'ties: sorted',
    'faults: [{ kind: crsh, target: mq, at: 1s }]',
    'faults: [{ target: mq, at: 1s }]',
    'claims: [drainde]',
    'network: { default: { latency: { gaussian: { mean: 1ms } } } }',
    'network: { default: { latency: { shifted: { by: 1ms, of: { gamma: { mean: 1ms } } } } } }',
    'network: { default: { bandwidth: 1Gbit } }',
    'notes: none',
    'params: { 1load: 5/s }',
  ])('refuses %s', (line) => {
    expect(accepts(calm(line))).toBe(false);
  });

  it('wants what a whole scenario needs, but not of a file that extends another', () => {
    expect(accepts(calm().replace('name: calm\n', ''))).toBe(false);
    expect(accepts(calm().replace('publish: mq/jobs, ', ''))).toBe(false);
    expect(accepts('extends: base.yaml\nconsumers: { workers: { count: 3 } }')).toBe(true);
    expect(accepts('extends: base.yaml\nconsumers: { workers: { cuont: 3 } }')).toBe(false);
  });

  it('says something about every quantity and distribution, and refers to nothing that is not there', () => {
    const text = JSON.stringify(schema);
    const references = new Set([...text.matchAll(/"\$ref":"#\/definitions\/([^"]+)"/g)].map((match) => match[1]!));
    const definitions = schema.definitions as Record<string, Schema>;
    for (const name of ['duration', 'rate', 'size', 'bandwidth', 'probability', 'parameter', 'random-duration', 'random-size']) {
      expect(definitions[name]?.description, name).toMatch(/\w/);
    }
    expect([...references].filter((name) => !(name in definitions))).toEqual([]);
    expect(text).not.toContain('"quantity"');
    expect(text).not.toContain('"shared":');
  });

  it('says once what a retry policy is, wherever one may stand', () => {
    const text = JSON.stringify(schema);
    expect(text.split('"tokensPerMessage":').length - 1).toBe(4); // one for each kind of wait
    expect(text.split('"$ref":"#/definitions/retry"').length - 1).toBe(7);
    expect(accepts(calm('network: { connection: { reconnect: { fixed: { delay: 1s } } } }'))).toBe(true);
    expect(accepts(calm('network: { connection: { reconnect: { fixed: { dealy: 1s } } } }'))).toBe(false);
  });
});
