/** A scenario file, with what it extends, its parameters and settings from the command line, into a checked scenario. */
import { realpathSync } from 'node:fs';
import { resolve } from 'node:path';
import { extend, readTree } from './extend.ts';
import { type Files, FolderFiles, noFiles, readWhole } from './files.ts';
import { problemsOfIssues } from './issues.ts';
import { type LocatedMap, plain } from './located.ts';
import * as say from './messages.ts';
import { applyOverride } from './overrides.ts';
import { fillParameters } from './parameters.ts';
import { errorAt, type Problem } from './problem.ts';
import { type Scenario, scenarioSchema } from './scenario.ts';
import { Source, startOf } from './source.ts';
import { limits } from './yaml.ts';

export { formatProblem, type Problem } from './problem.ts';

export interface LoadOptions {
  /** `path=value`, in order. */
  readonly set?: readonly string[];
  readonly seed?: number;
  /** Folders, beside the scenario's own, from which files may be read. */
  readonly allowPath?: readonly string[];
}
export interface ParseOptions {
  readonly set?: readonly string[];
  readonly seed?: number;
  /** Where `extends` and recordings are read; without it there are no other files. */
  readonly files?: Files;
}
export type Loaded =
  | { readonly ok: true; readonly scenario: Scenario; readonly file: string; readonly warnings: readonly Problem[] }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** The files that a scenario was read from, or would be if they were there: `watch` waits for a change of one. */
export type LoadedFromDisk = Loaded & { readonly files: readonly string[] };

export async function loadScenario(file: string, options: LoadOptions = {}): Promise<LoadedFromDisk> {
  const files = new FolderFiles(file, options.allowPath ?? []);
  const read = readMain(file);
  if (!read.ok) return { ok: false, problems: [errorAt(startOf(new Source(file, '')), [], read.finding)], files: [file] };
  const loaded = check(readTree(file, read.bytes), file, { ...options, files }, [read.id]);
  return { ...loaded, files: [file, ...files.asked] };
}

/** No file is touched but those that `options.files` gives. */
export function parseScenario(text: string, file: string, options: ParseOptions = {}): Loaded {
  return check(readTree(file, text), file, options, [file]);
}

function readMain(file: string) {
  try {
    return readWhole(file, file, realpathSync(resolve(file)), limits.fileBytesMax);
  } catch {
    return { ok: false as const, finding: say.noSuchFile(file) };
  }
}

function check(tree: ReturnType<typeof readTree>, file: string, options: ParseOptions, chain: readonly string[]): Loaded {
  if (tree.root === undefined) return { ok: false, problems: tidy(tree.problems) };
  const problems = [...tree.problems];
  const root = prepare(tree.root, options, chain, problems);
  const parsed = scenarioSchema.safeParse(plain(root));
  if (!parsed.success) problems.push(...problemsOfIssues(parsed.error.issues, root));
  if (!parsed.success || problems.some((problem) => problem.severity === 'error')) return { ok: false, problems: tidy(problems) };
  return { ok: true, scenario: parsed.data, file, warnings: tidy(problems) };
}

/** What the file means once `extends`, --set, --seed and parameters are worked in. */
function prepare(written: LocatedMap, options: ParseOptions, chain: readonly string[], problems: Problem[]): LocatedMap {
  const extended = extend(written, options.files ?? noFiles, chain);
  problems.push(...extended.problems);
  let { root } = extended;
  for (const argument of options.set ?? []) {
    const applied = applyOverride(root, argument);
    problems.push(...applied.problems);
    root = applied.root;
  }
  if (options.seed !== undefined) root = withSeed(root, options.seed);
  const filled = fillParameters(withoutNotes(root));
  problems.push(...filled.problems);
  return filled.root;
}

/** Top-level keys that start with x- hold anchors for the rest of the file; $schema is for editors. */
function withoutNotes(root: LocatedMap): LocatedMap {
  const entries = [...root.entries].filter(([key]) => !key.startsWith('x-') && key !== '$schema');
  return { ...root, entries: new Map(entries) };
}

function withSeed(root: LocatedMap, seed: number): LocatedMap {
  const source = new Source('--seed', String(seed));
  const place = { source, start: 0, end: source.text.length };
  return { ...root, entries: new Map(root.entries).set('seed', { key: place, value: { kind: 'scalar', value: seed, place } }) };
}

/** One problem for a place, errors before warnings, in the order of the text. */
function tidy(problems: readonly Problem[]): Problem[] {
  const seen = new Set<string>();
  const kept = [...problems]
    .sort((a, b) => Number(a.severity === 'warning') - Number(b.severity === 'warning'))
    .filter((problem) => {
      const place = `${problem.file}:${problem.line}:${problem.column}:${problem.path}`;
      return !seen.has(place) && seen.add(place);
    });
  return kept.slice(0, limits.problemsMax).sort((a, b) => Number(a.severity === 'warning') - Number(b.severity === 'warning') || a.line - b.line || a.column - b.column);
}
