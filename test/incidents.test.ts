/**
 * Published failures: each breaks as it was published, to the last digit where its figures follow from its settings, is mended by what mends
 * it, and is found by a search that is told of none of its faults. The page that says so is generated:
 *
 *   FAULTLINE_UPDATE_GOLDEN=1 npx vitest run test/incidents.test.ts      writes it anew
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { figureOf, type Incident, loadIncident, playIncident } from '../scenarios/incident.ts';
import type { PlayedIncident, SoughtIncident } from '../scenarios/incident-result.ts';
import { loadScenario } from '../scenarios/load.ts';
import { runScenario } from '../scenarios/run.ts';
import { seekIncident } from '../scenarios/search/incident-search.ts';
import { incidentFiles, incidentsPage } from './incidents.ts';
import { projectRoot } from './source-files.ts';

const isUpdating = process.env.FAULTLINE_UPDATE_GOLDEN === '1' && process.env.CI === undefined;
/** What has to be there at least. */
const known = ['C06', 'C07', 'C08', 'C10', 'C11', 'C12', 'C21', 'C24', 'C27', 'C29', 'C31', 'C33', 'C34', 'C35'];
const played: PlayedIncident[] = [];
const sought: SoughtIncident[] = [];

beforeAll(async () => {
  for (const file of incidentFiles) {
    const incident = await loadIncident(file);
    played.push(await playIncident(incident));
    sought.push(await seekIncident(incident));
  }
}, 900_000);

it('are all there', () => {
  expect(played.map(({ id }) => id).filter((id) => known.includes(id))).toEqual(known);
});

describe.each(known)('%s', (id) => {
  it('breaks as it was published, and is mended by what mends it', () => {
    const { variants, agrees, breaks } = played.find((each) => each.id === id)!;
    expect(variants.flatMap(({ variant, figures }) => figures.filter((figure) => !figure.agrees).map((figure) => ({ variant, ...figure })))).toEqual([]);
    expect(variants.filter(({ verdict, expected }) => verdict !== expected)).toEqual([]);
    expect(variants[0]!.claim, breaks).toBe('fail');
    expect(variants.slice(1).some(({ claim }) => claim !== 'fail')).toBe(true);
    expect(agrees).toBe(true);
  });

  it('is found by a search, and small', () => {
    const { foundAt, faults, messages, shrinkRuns } = sought.find((each) => each.id === id)!;
    expect(foundAt).toBeLessThanOrEqual(200);
    expect(shrinkRuns).toBeLessThan(400);
    expect(faults).toBeLessThanOrEqual(3);
    // An overload needs a load.
    expect(messages).toBeLessThanOrEqual(id === 'C33' ? 10_000 : 5);
  });
});

it('docs/incidents.md is what they come to', () => {
  const file = path.join(projectRoot, 'docs', 'incidents.md');
  const page = incidentsPage(played, sought);
  if (isUpdating) writeFileSync(file, page);
  expect(readFileSync(file, 'utf8')).toBe(page);
});

describe('a figure', () => {
  it('that is not as published is seen', async () => {
    const incident = await loadIncident(incidentFiles.find((file) => file.includes('c29-'))!);
    const wrong: Incident = { ...incident, figures: { 'as written': { 'messages.handled': 31 } }, expected: { 'as written': 'fail' } };
    expect(await playIncident(wrong)).toMatchObject({ agrees: false, variants: [{ figures: [{ wanted: 31, got: 30, agrees: false }] }] });
  });

  it('of a variant that nobody plays is refused', async () => {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'faultline-incident-'));
    const file = path.join(folder, 'c29.yaml');
    writeFileSync(file, readFileSync(incidentFiles.find((each) => each.includes('c29-'))!, 'utf8').replace('    as written: { verdicts', '    unheard of: { messages.handled: 1 }\n    as written: { verdicts'));
    await expect(loadIncident(file)).rejects.toThrow('has figures of unheard of');
    rmSync(folder, { recursive: true });
  });

  it('is a number of the result; a place that is not there is an error, a count that is not there zero', async () => {
    const loaded = await loadScenario(incidentFiles.find((file) => file.includes('c29-'))!);
    if (!loaded.ok) throw new Error('it does not load');
    const result = runScenario(loaded.scenario);
    expect(figureOf(result, 'verdicts.at-least-once.location.suffix')).toBe(70);
    expect(figureOf(result, 'messages.dropped.maxlen')).toBe(0);
    expect(() => figureOf(result, 'nothing.of.it')).toThrow('a result has no nothing.of.it');
    expect(() => figureOf(result, 'messages.dropped')).toThrow('is no number');
  });
});
