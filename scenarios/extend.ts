/** `extends: other.yaml`: maps are merged, lists and plain values replaced, and null removes what the other file said. */
import { decodeText } from './text.ts';
import type { Files } from './files.ts';
import type { Entry, Located, LocatedMap } from './located.ts';
import * as say from './messages.ts';
import { errorAt, type Finding, type Path, type Problem } from './problem.ts';
import { hasOwnNames, keySetsAt } from './shape.ts';
import { Source, startOf } from './source.ts';
import { limits, parseYaml } from './yaml.ts';

const chainLengthMax = 20;

export interface Extended {
  readonly root: LocatedMap;
  readonly problems: readonly Problem[];
}

/** `chain` names the files, by their real path, that led here. */
export function extend(root: LocatedMap, files: Files, chain: readonly string[]): Extended {
  const entry = root.entries.get('extends');
  if (entry === undefined) return { root, problems: [] };
  const own = without(root, 'extends');
  const refused = (finding: Finding) => ({ root: own, problems: [errorAt(entry.value.place, ['extends'], finding)] });
  if (entry.value.kind !== 'scalar' || typeof entry.value.value !== 'string') return refused(say.extendsWantsFile());
  const path = entry.value.value;
  const read = files.read(path, entry.value.place.source.file, limits.fileBytesMax);
  if (!read.ok) return refused(read.finding);
  if (chain.includes(read.id)) return refused(say.extendsInACircle(path));
  if (chain.length >= chainLengthMax) return refused(say.extendsTooDeep(chainLengthMax));
  const parsed = readTree(read.file, read.bytes);
  if (parsed.root === undefined) return { root: own, problems: parsed.problems };
  const base = extend(parsed.root, files, [...chain, read.id]);
  return { root: mergeMaps(base.root, own, []), problems: [...parsed.problems, ...base.problems] };
}

/** A whole file; without a root where it could not be read. */
export interface Tree {
  readonly root: LocatedMap | undefined;
  readonly problems: readonly Problem[];
}

/** A whole file as a tree whose root is a map. */
export function readTree(file: string, content: Uint8Array | string): Tree {
  const decoded = typeof content === 'string' ? { text: content } : decodeText(content);
  const source = new Source(file, decoded.text);
  const problems: Problem[] = [];
  if ('badAt' in decoded && decoded.badAt !== undefined) {
    problems.push(errorAt({ source, start: decoded.badAt, end: decoded.badAt + 1 }, [], say.notUtf8(decoded.text.includes('\0'))));
    return { root: undefined, problems };
  }
  const parsed = parseYaml(source);
  problems.push(...parsed.problems);
  const { root } = parsed;
  if (root?.kind === 'map') return { root, problems };
  if (!problems.some((problem) => problem.severity === 'error')) {
    problems.push(errorAt(root?.place ?? startOf(source), [], root === undefined ? say.emptyFile() : say.notAMap(root)));
  }
  return { root: undefined, problems };
}

function without(map: LocatedMap, key: string): LocatedMap {
  const entries = new Map(map.entries);
  entries.delete(key);
  return { ...map, entries };
}

function mergeMaps(base: LocatedMap, own: LocatedMap, path: Path): LocatedMap {
  const entries = new Map<string, Entry>();
  for (const [key, entry] of base.entries) if (!replacesAlternative(base, own, key, path)) entries.set(key, entry);
  for (const [key, entry] of own.entries) {
    const before = entries.get(key);
    if (before !== undefined && isNull(entry.value)) entries.delete(key);
    else entries.set(key, before === undefined ? entry : { ...entry, value: mergeValues(before.value, entry.value, [...path, key]) });
  }
  return { ...own, entries };
}

function mergeValues(base: Located, own: Located, path: Path): Located {
  return base.kind === 'map' && own.kind === 'map' && !isOfAnotherKind(base, own) ? mergeMaps(base, own, path) : own;
}

/** A broker of another kind has nothing in common with the one that stood there. */
function isOfAnotherKind(base: LocatedMap, own: LocatedMap): boolean {
  const [before, now] = [base.entries.get('kind')?.value, own.entries.get('kind')?.value];
  return before?.kind === 'scalar' && now?.kind === 'scalar' && before.value !== now.value;
}

/**
 * `{ exponential: … }` over `{ lognormal: … }` chooses another distribution; it does not ask for both. So where maps of
 * several shapes may stand, a key of the other file goes that fits in no shape beside the keys written here.
 */
function replacesAlternative(base: LocatedMap, own: LocatedMap, key: string, path: Path): boolean {
  if (own.entries.has(key) || hasOwnNames(base, path)) return false;
  const keySets = keySetsAt(base, path);
  const written = [...own.entries.keys()];
  const fitting = keySets.filter((keys) => written.every((name) => keys.includes(name)));
  const known = keySets.some((keys) => keys.includes(key));
  return known && fitting.length > 0 && !fitting.some((keys) => keys.includes(key));
}

function isNull(node: Located): boolean {
  return node.kind === 'scalar' && node.value === null;
}
