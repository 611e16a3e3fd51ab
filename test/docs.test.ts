/** The documentation says what the code does: its examples are valid, it names every key, and its links lead somewhere. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { duplicateCauses } from '../models/duplicates.ts';
import { momentNames } from '../models/moments.ts';
import { occurrenceNames } from '../models/occurrences.ts';
import { faultKinds } from '../models/faults/index.ts';
import { patternNames } from '../models/faults/patterns.ts';
import { claimNames, invariants } from '../models/invariants/index.ts';
import { rabbitmqSchema } from '../models/brokers/rabbitmq/settings.ts';
import { clientsPage } from '../scenarios/clients-page.ts';
import { settingsTable } from '../scenarios/settings-table.ts';
import { jsonSchema } from '../scenarios/json-schema.ts';
import { formatProblem, loadScenario, parseScenario } from '../scenarios/load.ts';
import { runScenario } from '../scenarios/run.ts';
import { projectFiles, projectRoot, readProjectFile } from './source-files.ts';

const schemaFile = 'docs/scenario.schema.json';
const rabbitmqSettings = 'docs/brokers/rabbitmq-settings.md';
const clients = 'docs/clients.md';
const isUpdating = process.env.FAULTLINE_UPDATE_GOLDEN === '1' && process.env.CI === undefined;
const pages = projectFiles().filter((file) => /^(docs\/(brokers\/)?[\w-]+|README|ARCHITECTURE|CONTRIBUTING)\.md$/.test(file));

interface Example {
  readonly page: string;
  readonly line: number;
  readonly text: string;
}
const examples: readonly Example[] = pages.flatMap((page) => {
  const text = readProjectFile(page);
  return [...text.matchAll(/^```yaml\n(faultline: 1\b[^]*?)^```/gm)].map((match) => ({ page, line: text.slice(0, match.index).split('\n').length + 1, text: match[1]! }));
});

/** Words in backticks, also as parts of `a: { b: c }`, `a.b` and `a, b`. */
function namesIn(page: string): Set<string> {
  const text = readProjectFile(page).replaceAll(/^```[^]*?^```/gm, '');
  return new Set([...text.matchAll(/`([^`\n]+)`/g)].flatMap((match) => match[1]!.match(/[A-Za-z_$][\w$-]*/g) ?? []));
}

function missing(page: string, names: Iterable<string>): string[] {
  const known = namesIn(page);
  return [...new Set(names)].filter((name) => !known.has(name)).map((name) => `docs do not mention "${name}"`);
}

/** All keys that maps of a JSON Schema may have. */
function keysOf(schema: unknown): string[] {
  if (Array.isArray(schema)) return schema.flatMap(keysOf);
  if (typeof schema !== 'object' || schema === null) return [];
  return Object.entries(schema).flatMap(([key, value]) => (key === 'properties' ? [...Object.keys(value as object), ...Object.values(value as object).flatMap(keysOf)] : keysOf(value)));
}

/** All keys of a value, without those that are names of the scenario's own. */
function keysOfValue(value: unknown, isOwn: boolean): string[] {
  if (Array.isArray(value)) return value.flatMap((item) => keysOfValue(item, false));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => [...(isOwn ? [] : [key]), ...keysOfValue(inner, ownNames.has(key))]);
}
const ownNames = new Set(['producers', 'groups', 'queues', 'dropped', 'lost', 'reached', 'methods']);

describe('the documentation', () => {
  it('was looked at', () => {
    for (const page of ['docs/scenarios.md', 'docs/models.md', 'docs/faults.md', 'docs/guarantees.md', 'docs/result.md', 'README.md']) expect(pages).toContain(page);
    expect(examples.length).toBeGreaterThanOrEqual(6);
  });

  it.each(examples.map((example) => [`${example.page}:${example.line}`, example] as const))('%s is a valid scenario', (place, { page, text }) => {
    const loaded = parseScenario(text, place);
    const problems = loaded.ok ? loaded.warnings : loaded.problems;
    // The README's example goes wrong on purpose; what the reference shows is worth copying.
    expect(problems.filter(({ severity }) => severity === 'error' || page.startsWith('docs/')).map(formatProblem)).toEqual([]);
  });

  it('has the JSON Schema that the library\'s scenarios name for editors', () => {
    const wanted = `${JSON.stringify(jsonSchema(), undefined, 2)}\n`;
    if (isUpdating) writeFileSync(path.join(projectRoot, schemaFile), wanted);
    expect(readProjectFile(schemaFile) === wanted, `to write ${schemaFile} anew: FAULTLINE_UPDATE_GOLDEN=1 npx vitest run test/docs.test.ts`).toBe(true);
  });

  it('has a table of every setting of RabbitMQ', () => {
    const intro = '# Settings of RabbitMQ\n\nMade from the schema that reads them; what they mean together: [RabbitMQ](rabbitmq.md).\n\n';
    const wanted = intro + settingsTable(rabbitmqSchema);
    if (isUpdating) writeFileSync(path.join(projectRoot, rabbitmqSettings), wanted);
    expect(readProjectFile(rabbitmqSettings) === wanted, `to write ${rabbitmqSettings} anew: FAULTLINE_UPDATE_GOLDEN=1 npx vitest run test/docs.test.ts`).toBe(true);
  });

  it('has tables of every client library', () => {
    const [intro] = readProjectFile(clients).split(/^## /m) as [string];
    const wanted = intro + clientsPage();
    if (isUpdating) writeFileSync(path.join(projectRoot, clients), wanted);
    expect(readProjectFile(clients) === wanted, `to write ${clients} anew: FAULTLINE_UPDATE_GOLDEN=1 npx vitest run test/docs.test.ts`).toBe(true);
  });

  it('names every key of a scenario file', () => {
    const known = namesIn(rabbitmqSettings);
    expect(missing('docs/scenarios.md', keysOf(jsonSchema()).filter((key) => !elsewhere.has(key) && !known.has(key)))).toEqual([]);
  });

  it('names every fault, its settings and its moments', () => {
    expect(missing('docs/faults.md', [...faultKinds, ...patternNames, ...momentNames, ...occurrenceNames, ...faultOnly])).toEqual([]);
  });

  it('names every guarantee, its number and its parameters', () => {
    const known = readProjectFile('docs/guarantees.md');
    for (const claim of claimNames) expect(known).toContain(`\`${claim}\` (${invariants[claim].id})`);
    for (const cause of duplicateCauses) expect(known).toContain(`| \`${cause}\` |`);
    for (const parameter of claimParameters) expect(known).toContain(`${parameter}:`);
  });

  it('names every key of a result', async () => {
    const loaded = await loadScenario(path.join(projectRoot, 'scenarios', 'library', 'crash-between-append-and-confirm.yaml'));
    if (!loaded.ok) throw new Error('the scenario does not load');
    const keys = keysOfValue(runScenario(loaded.scenario), false);
    expect(keys.length).toBeGreaterThan(100);
    // A cause with its fault is a name of the run's own.
    expect(missing('docs/result.md', keys.filter((key) => !key.includes('(')))).toEqual([]);
  });

  it('has links that lead somewhere', () => {
    const links = pages.flatMap((page) =>
      [...readProjectFile(page).matchAll(/\]\(([^)\s]+)\)/g)].map((match) => ({ page, target: match[1]! })).filter(({ target }) => !/^(https?:|#)/.test(target)),
    );
    expect(links.length).toBeGreaterThan(10);
    expect(links.filter(({ page, target }) => !isThere(page, target))).toEqual([]);
  });
});

const faultOnly = new Set(['gap', 'target', 'scope', 'at', 'rate', 'on', 'for', 'before', 'after', 'message', 'messages', 'delay', 'between', 'direction', 'add', 'factor', 'leaves', 'kind', 'of', 'every', 'bandwidth', 'slows', 'unsynced', 'times', 'does', 'point', 'restart', 'timeout', 'heartbeats', 'mistake', 'until', 'nth', 'node', 'queue', 'fault',
  'share', 'correlation', 'chain', 'p', 'r', 'h', 'k', 'giveUp', 'bytes', 'down', 'up', 'count', 'spread', 'hold', 'shape', 'records', 'limit', 'interval', 'grace', 'prefetched', 'policy', 'set', 'prefetch', 'jump', 'drift', 'heal']);

const claimParameters = [...new Set(claimNames.flatMap((claim) => Object.keys(invariants[claim].parameters)))];
/** Keys that pages of their own explain. */
const elsewhere = new Set<string>([...faultOnly, ...claimNames, ...claimParameters, ...duplicateCauses]);

/** The file, and the heading where a link names one. */
function isThere(page: string, target: string): boolean {
  const [file, heading] = target.split('#') as [string, string | undefined];
  const found = path.join(projectRoot, path.dirname(page), file);
  if (!existsSync(found)) return false;
  if (heading === undefined) return true;
  const headings = [...readFileSync(found, 'utf8').matchAll(/^#+ (.*)$/gm)].map((match) => match[1]!.toLowerCase().replaceAll(/[^\w -]/g, '').replaceAll(' ', '-'));
  return headings.includes(heading);
}
