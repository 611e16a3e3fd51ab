/**
 * A published failure as a scenario: `x-incident` says where it was told of, which claim breaks, and which figures have to come out, as it is
 * written and with each of the settings that mend it.
 */
import { z } from 'zod';
import { costsOf } from './costs.ts';
import { IncidentHistory } from './incident-history.ts';
import type { IncidentFacts, PlayedFigure, PlayedIncident, PlayedVariant, Wanted } from './incident-result.ts';
import { type LoadedFromDisk, loadScenario } from './load.ts';
import type { RunResult, Verdict } from './result.ts';
import { runScenario } from './run.ts';
import { asWritten } from './variants.ts';

const verdict = z.enum(['pass', 'fail', 'unknown']);
const notesSchema = z.object({
  'x-incident': z.strictObject({
    id: z.string(), title: z.string(), source: z.string(), published: z.string(), breaks: z.string(),
    figures: z.record(z.string(), z.record(z.string(), z.union([z.number(), z.tuple([z.number(), z.number()])]))),
  }),
  'x-expect': z.record(z.string(), verdict),
});

export interface Incident extends IncidentFacts {
  readonly file: string;
  /** By variant. */
  readonly figures: Readonly<Record<string, Readonly<Record<string, Wanted>>>>;
  readonly expected: Readonly<Record<string, Verdict>>;
}

/** @throws Error where the file is no incident */
export async function loadIncident(file: string): Promise<Incident> {
  const { scenario, notes } = loadedOf(file, await loadScenario(file));
  const { 'x-incident': { figures, ...facts }, 'x-expect': expected } = notesSchema.parse(notes);
  const unplayed = Object.keys(figures).filter((variant) => !(variant in expected));
  if (unplayed.length > 0) throw new Error(`${file} has figures of ${unplayed.join(', ')}, and does not say how that ends`);
  return { ...facts, name: scenario.name, about: scenario.about, file, figures, expected };
}

/** Runs it as it is written and as each of its variants. */
export async function playIncident(incident: Incident): Promise<PlayedIncident> {
  const { figures, expected, ...facts } = incident;
  const variants: PlayedVariant[] = [];
  let before: RunResult | undefined;
  for (const [variant, wanted] of Object.entries(expected)) {
    const which = variant === asWritten ? {} : { variant };
    const { scenario } = loadedOf(facts.file, await loadScenario(facts.file, which));
    const history = new IncidentHistory(scenario);
    const result = runScenario(scenario, { predict: false, maxEvents: Infinity, history: (line) => history.hear(line) });
    const calm = runScenario(loadedOf(facts.file, await loadScenario(facts.file, { ...which, set: ['faults=[]'] })).scenario, { predict: false, maxEvents: Infinity });
    before ??= calm;
    const claim = result.verdicts.find((each) => each.claim === facts.breaks)?.verdict;
    variants.push({
      variant, expected: wanted, verdict: result.verdict, ...(claim !== undefined && { claim }), figures: Object.entries(figures[variant] ?? {}).map(([figure, value]) => played(figure, value, result, history)), cost: costsOf(before, calm),
    });
  }
  return { ...facts, variants, agrees: variants.every((each) => each.verdict === each.expected && each.figures.every(({ agrees }) => agrees)) && variants[0]!.claim === 'fail' };
}

function loadedOf(file: string, loaded: LoadedFromDisk): Extract<LoadedFromDisk, { ok: true }> {
  if (!loaded.ok) throw new Error(`${file} is not valid: ${loaded.problems.map(({ message }) => message).join('; ')}`);
  return loaded;
}

function played(figure: string, wanted: Wanted, result: RunResult, history: IncidentHistory): PlayedFigure {
  const got = figure.startsWith('told.') ? history.told(figure.slice('told.'.length), result) : figureOf(result, figure);
  const [least, most] = typeof wanted === 'number' ? [wanted, wanted] : wanted;
  // A time is told in seconds, as a fraction of nanoseconds that are exact.
  return { figure, wanted, got, agrees: got !== null && got >= least - 1e-9 && got <= most + 1e-9 };
}

/** The number at a place of the result. What is counted by name and was never there is zero. @throws Error where there is no such place */
export function figureOf(result: RunResult, figure: string): number {
  const keys = figure.split('.');
  const last = keys.pop()!;
  let place: unknown = result;
  for (const key of keys) {
    place = Array.isArray(place) ? place.find((each: { readonly claim?: string }) => each.claim === key) : (place as Readonly<Record<string, unknown>>)[key];
    if (place === undefined && key === 'location') return 0;
    if (typeof place !== 'object' || place === null) throw new Error(`a result has no ${figure}`);
  }
  const value = (place as Readonly<Record<string, unknown>>)[last] ?? 0;
  if (typeof value !== 'number') throw new Error(`${figure} of a result is no number`);
  return value;
}
