/** A scenario file, with what it extends, its parameters and settings from the command line, into a checked scenario. */
import { realpathSync } from 'node:fs';
import { resolve } from 'node:path';
import { extend, readTree, type Tree } from './extend.ts';
import { type FileRead, type Files, FolderFiles, noFiles, readWhole } from './files.ts';
import { problemsOfIssues } from './issues.ts';
import { locatedAt, type LocatedMap, plain } from './located.ts';
import * as say from './messages.ts';
import { type Applied, applyOverride } from './overrides.ts';
import { fillParameters } from './parameters.ts';
import { partsOf, partsOfScenario } from './parts.ts';
import { fillPresets, type FilledPreset } from './presets.ts';
import { errorAt, type Problem } from './problem.ts';
import { readRecordings } from './recordings.ts';
import { checkReferences } from './references.ts';
import { type Scenario, type ScenarioSettings, scenarioSchema } from './scenario.ts';
import { readScript, scriptPattern } from './script.ts';
import { Source, startOf } from './source.ts';
import { suspectSettings } from './suspect.ts';
import { decodeText } from './text.ts';
import { applyVariant } from './variants.ts';
import { limits } from './yaml.ts';

export { formatProblem, type Problem } from './problem.ts';

export interface LoadOptions {
  /** `path=value`, in order. */
  readonly set?: readonly string[];
  readonly seed?: number;
  /** One of the scenario's variants; its settings are worked in before those of `set`. */
  readonly variant?: string;
  /** Folders, beside the scenario's own, from which files may be read. */
  readonly allowPath?: readonly string[];
}
export interface ParseOptions {
  readonly set?: readonly string[];
  readonly seed?: number;
  readonly variant?: string;
  /** Where `extends` and recordings are read; without it there are no other files. */
  readonly files?: Files;
}
export type Loaded =
  | { readonly ok: true; readonly scenario: Scenario; readonly file: string; readonly warnings: readonly Problem[]; readonly presets: readonly FilledPreset[];
      /** What the file says with all of that worked in, as data that can be written as a scenario again. */
      readonly settings: ScenarioSettings;
      /** What its file says at the top under keys that start with x-, for whoever reads that. */
      readonly notes: Readonly<Record<string, unknown>> }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** The files that a scenario was read from, or would be if they were there: `watch` waits for a change of one. */
export type LoadedFromDisk = Loaded & { readonly files: readonly string[] };

export async function loadScenario(file: string, options: LoadOptions = {}): Promise<LoadedFromDisk> {
  const files = new FolderFiles(file, options.allowPath ?? []);
  const read = readMain(file);
  if (!read.ok) return { ok: false, problems: [errorAt(startOf(new Source(file, '')), [], read.finding)], files: [file] };
  const tree = scriptPattern.test(file) ? await readScript(file, decodeText(read.bytes).text) : readTree(file, read.bytes);
  const loaded = check(tree, file, { ...options, files }, [read.id]);
  return { ...loaded, files: [file, ...files.asked] };
}

/** No file is touched but those that `options.files` gives. */
export function parseScenario(text: string, file: string, options: ParseOptions = {}): Loaded {
  return check(readTree(file, text), file, options, [file]);
}

/**
 * Settings that were loaded and then changed by a program, thousands of times: without their text there are no places, no parameters to fill in
 * and nobody to warn. Undefined where they are no scenario any more.
 */
export function scenarioOfSettings(settings: ScenarioSettings): Scenario | undefined {
  const parsed = scenarioSchema.safeParse(settings);
  if (!parsed.success) return undefined;
  const root = locatedAt(settings, startOf(new Source(settings.name, ''))) as LocatedMap;
  const parts = partsOfScenario(parsed.data);
  return hasError([...readRecordings(parts, root, noFiles), ...checkReferences(parts, root)]) ? undefined : parsed.data;
}

function readMain(file: string): FileRead {
  try {
    return readWhole(file, file, realpathSync(resolve(file)), limits.fileBytesMax);
  } catch {
    return { ok: false, finding: say.noSuchFile(file) };
  }
}

function check(tree: Tree, file: string, options: ParseOptions, chain: readonly string[]): Loaded {
  const problems = [...tree.problems];
  const prepared = tree.root && prepare(tree.root, options, chain, problems);
  if (prepared === undefined) return { ok: false, problems: tidy(problems) };
  const { root, presets } = fillPresets(prepared);
  const data = plain(root);
  const parsed = scenarioSchema.safeParse(data);
  if (!parsed.success) problems.push(...problemsOfIssues(parsed.error.issues, root));
  // What comes after so many problems would not be shown.
  if (problems.length >= limits.problemsMax && hasError(problems)) return { ok: false, problems: tidy(problems) };
  const parts = parsed.success ? partsOfScenario(parsed.data) : partsOf(data);
  problems.push(...readRecordings(parts, root, options.files ?? noFiles), ...checkReferences(parts, root));
  if (!parsed.success || hasError(problems)) return { ok: false, problems: tidy(problems) };
  problems.push(...suspectSettings(parsed.data, root));
  return { ok: true, scenario: parsed.data, file, warnings: tidy(problems), presets, settings: data as ScenarioSettings, notes: notesOf(tree.root!) };
}

/**
 * What the file means once `extends`, a variant, --set, --seed and parameters are worked in. Undefined when it makes no sense to go
 * on: half of it is missing, or it is of another version.
 */
function prepare(written: LocatedMap, options: ParseOptions, chain: readonly string[], problems: Problem[]): LocatedMap | undefined {
  const extended = extend(written, options.files ?? noFiles, chain);
  problems.push(...extended.problems);
  if (hasError(extended.problems)) return undefined;
  let { root } = extended;
  const apply = (applied: Applied): void => {
    problems.push(...applied.problems);
    root = applied.root;
  };
  if (options.variant !== undefined) apply(applyVariant(root, options.variant));
  for (const argument of options.set ?? []) apply(applyOverride(root, argument));
  if (options.seed !== undefined) root = withSeed(root, options.seed);
  const filled = fillParameters(withoutNotes(root));
  problems.push(...filled.problems);
  const version = filled.root.entries.get('faultline');
  if (version === undefined) problems.push(errorAt(startOf(written.place.source), ['faultline'], say.missingVersion()));
  else if (version.value.kind !== 'scalar' || version.value.value !== 1) {
    problems.push(errorAt(version.value.place, ['faultline'], say.otherVersion(version.value)));
    return undefined;
  }
  return filled.root;
}

/** Top-level keys that start with x- hold anchors for the rest of the file; $schema is for editors. */
function withoutNotes(root: LocatedMap): LocatedMap {
  const entries = [...root.entries].filter(([key]) => !key.startsWith('x-') && key !== '$schema');
  return { ...root, entries: new Map(entries) };
}

function notesOf(root: LocatedMap): Record<string, unknown> {
  const entries = [...root.entries].filter(([key]) => key.startsWith('x-'));
  return plain({ ...root, entries: new Map(entries) }) as Record<string, unknown>;
}

function withSeed(root: LocatedMap, seed: number): LocatedMap {
  const source = new Source('--seed', String(seed));
  const place = { source, start: 0, end: source.text.length };
  return { ...root, entries: new Map(root.entries).set('seed', { key: place, value: { kind: 'scalar', value: seed, place } }) };
}

function hasError(problems: readonly Problem[]): boolean {
  return problems.some((problem) => problem.severity === 'error');
}

/** One problem for a place and path, errors before warnings, in the order of the text. */
function tidy(problems: readonly Problem[]): Problem[] {
  const rank = (problem: Problem) => Number(problem.severity === 'warning');
  const seen = new Set<string>();
  const isNew = (problem: Problem) => {
    const place = `${problem.file}:${problem.line}:${problem.column}:`;
    const known = seen.has(place + problem.path) || seen.has(place + problem.message);
    seen.add(place + problem.path).add(place + problem.message);
    return !known;
  };
  return [...problems]
    .sort((a, b) => rank(a) - rank(b))
    .filter(isNew)
    .slice(0, limits.problemsMax)
    .sort((a, b) => rank(a) - rank(b) || compareText(a.file, b.file) || a.line - b.line || a.column - b.column);
}

/** By code units, which no locale changes. */
function compareText(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
