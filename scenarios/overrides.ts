/** `--set path=value` and the settings of a variant: worked into the tree as if they stood in their place of the file. */
import { type Entry, type Located, type LocatedList, type LocatedMap, verbatimPart } from './located.ts';
import * as say from './messages.ts';
import { errorAt, type Finding, type Path, type Problem } from './problem.ts';
import { hasOwnNames } from './shape.ts';
import { type Place, Source } from './source.ts';
import { nearest } from './suggest.ts';
import { parseYaml } from './yaml.ts';

interface Segment {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}
interface Override {
  /** Where a part of the path was written. */
  readonly placeOf: (start: number, end: number) => Place;
  readonly value: Located;
  /** The whole scenario: the schema is asked about paths in it. */
  readonly root: LocatedMap;
}

export interface Applied {
  readonly root: LocatedMap;
  readonly problems: readonly Problem[];
}

/** @param argument `path=value`, the value as in YAML */
export function applyOverride(root: LocatedMap, argument: string): Applied {
  const source = new Source('--set', argument);
  const equals = argument.indexOf('=');
  if (equals <= 0) return { root, problems: [errorAt({ source, start: 0, end: argument.length }, [], say.setWantsEquals())] };
  const parsed = parseYaml(source, ' '.repeat(equals + 1) + argument.slice(equals + 1));
  if (parsed.problems.length > 0) return { root, problems: parsed.problems };
  const place = { source, start: equals + 1, end: argument.length };
  const value = parsed.root ?? { kind: 'scalar' as const, value: null, place };
  return applySetting(root, argument.slice(0, equals), (start, end) => ({ source, start, end }), value);
}

/** The settings of a variant: each key is a path. */
export function applySettings(root: LocatedMap, settings: LocatedMap): Applied {
  const problems: Problem[] = [];
  let changed = root;
  for (const [path, { key, value }] of settings.entries) {
    const applied = applySetting(changed, path, (start, end) => verbatimPart(key, path, start, end) ?? key, value);
    problems.push(...applied.problems);
    changed = applied.root;
  }
  return { root: changed, problems };
}

function applySetting(root: LocatedMap, path: string, placeOf: Override['placeOf'], value: Located): Applied {
  const segments = segmentsOf(path);
  if (segments === undefined) return { root, problems: [errorAt(placeOf(0, path.length), [], say.setWantsPath())] };
  try {
    return { root: setIn(root, segments, [], { placeOf, value, root }) as LocatedMap, problems: [] };
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return { root, problems: [error.problem] };
  }
}

/** A path that leads nowhere; caught where the override is applied. */
class Refused extends Error {
  readonly problem: Problem;
  constructor(problem: Problem) {
    super(problem.message);
    this.problem = problem;
  }
}

/** Dots part the names; a name with dots may be put in double quotes. Undefined where a quote stands alone. */
function segmentsOf(path: string): Segment[] | undefined {
  const segments: Segment[] = [];
  const part = /"([^"]*)"(?=\.|$)|[^."]*(?=\.|$)/y;
  for (let start = 0; start <= path.length; start = part.lastIndex + 1) {
    part.lastIndex = start;
    const match = part.exec(path);
    if (match === null) return undefined;
    segments.push({ text: (match[1] ?? match[0]).trim(), start, end: part.lastIndex });
  }
  return segments;
}

/** A new tree in which `rest`, seen from `node`, has the value; what is shared by aliases is not changed elsewhere. */
function setIn(node: Located, rest: readonly Segment[], path: Path, override: Override): Located {
  if (rest.length === 0) return override.value;
  if (node.kind === 'map') return setInMap(node, rest, path, override);
  if (node.kind === 'list') return setInList(node, rest, path, override);
  throw refuse(rest[0]!, path, override, say.setIntoValue(rest[0]!.text, node.value));
}

function setInMap(map: LocatedMap, rest: readonly Segment[], path: Path, override: Override): LocatedMap {
  // Names of queues contain dots, so the longest name that exists is meant.
  const taken = rest.map((_, index) => index + 1).reverse().find((length) => map.entries.has(nameOf(rest, length))) ?? 0;
  const name = taken === 0 ? rest[0]!.text : nameOf(rest, taken);
  const key = override.placeOf(rest[0]!.start, rest[Math.max(taken, 1) - 1]!.end);
  const remaining = rest.slice(Math.max(taken, 1));
  const before = map.entries.get(name);
  if (before === undefined) refuseUnknownName(map, rest, path, override);
  const entries = new Map<string, Entry>(map.entries);
  const removes = remaining.length === 0 && override.value.kind === 'scalar' && override.value.value === null;
  if (removes && before !== undefined) entries.delete(name);
  else {
    const inner = before?.value ?? { kind: 'map' as const, entries: new Map(), place: key };
    entries.set(name, { key, value: setIn(inner, remaining, [...path, name], override) });
  }
  return { ...map, entries };
}

/** An optional key may be created, and so may a whole component; a part of a component that does not exist may not. */
function refuseUnknownName(map: LocatedMap, rest: readonly Segment[], path: Path, override: Override): void {
  const name = rest[0]!.text;
  if (name in Object.prototype || name === '') throw refuse(rest[0]!, path, override, say.reservedName(name));
  const isPartOfNothing = hasOwnNames(override.root, path) && (rest.length > 1 || path[0] === 'params' || override.value.kind !== 'map');
  if (!isPartOfNothing) return;
  const names = [...map.entries.keys()];
  throw refuse(rest[0]!, path, override, say.setUnknownName(name, path, nearest(name, names), names));
}

function setInList(list: LocatedList, rest: readonly Segment[], path: Path, override: Override): LocatedList {
  const { text } = rest[0]!;
  const index = /^\d{1,6}$/.test(text) ? Number(text) : -1;
  if (index < 0 || index >= list.items.length) throw refuse(rest[0]!, path, override, say.setWantsIndex(text, list.items.length));
  const items = list.items.map((item, at) => (at === index ? setIn(item, rest.slice(1), [...path, index], override) : item));
  return { ...list, items };
}

function nameOf(rest: readonly Segment[], length: number): string {
  return rest.slice(0, length).map((segment) => segment.text).join('.');
}

function refuse(segment: Segment, path: Path, override: Override, finding: Finding): Refused {
  return new Refused(errorAt(override.placeOf(segment.start, segment.end), [...path, segment.text], finding));
}
