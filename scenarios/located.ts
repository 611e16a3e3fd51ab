/**
 * A scenario as a tree whose every key and value knows where it was written. Parameters, `extends` and `--set` work on
 * it, so that a problem found later still points at the right file and line.
 */
import type { Path } from './problem.ts';
import type { Place } from './source.ts';

export type Scalar = string | number | boolean | null;

export interface LocatedScalar {
  readonly kind: 'scalar';
  readonly value: Scalar;
  readonly place: Place;
  /** The parameter whose value it is, and where it was used; `place` is where the parameter got its value. */
  readonly parameter?: { readonly name: string; readonly usedAt: Place };
  /** For a string in which parameters were filled in: where each part of it was written. */
  readonly pieces?: readonly Piece[];
}
export interface Piece {
  readonly text: string;
  readonly place: Place;
  /** The characters of `text` are those at `place`, one for one. */
  readonly verbatim: boolean;
}
export interface Entry {
  readonly key: Place;
  readonly value: Located;
}
export interface LocatedMap {
  readonly kind: 'map';
  readonly entries: ReadonlyMap<string, Entry>;
  readonly place: Place;
}
export interface LocatedList {
  readonly kind: 'list';
  readonly items: readonly Located[];
  readonly place: Place;
}
export type Located = LocatedScalar | LocatedMap | LocatedList;

/** Data as a tree that was written nowhere: all of it is at that place. */
export function locatedAt(data: unknown, place: Place): Located {
  if (Array.isArray(data)) return { kind: 'list', items: data.map((item) => locatedAt(item, place)), place };
  if (typeof data !== 'object' || data === null) return { kind: 'scalar', value: data as Scalar, place };
  const entries = Object.entries(data).filter(([, value]) => value !== undefined).map(([key, value]) => [key, { key: place, value: locatedAt(value, place) }] as const);
  return { kind: 'map', entries: new Map(entries), place };
}

/** The tree without its places. Names of Object.prototype were refused when it was read. */
export function plain(node: Located): unknown {
  if (node.kind === 'scalar') return node.value;
  if (node.kind === 'list') return node.items.map(plain);
  const result: Record<string, unknown> = {};
  for (const [key, entry] of node.entries) result[key] = plain(entry.value);
  return result;
}

export function childOf(node: Located | undefined, key: string | number): Located | undefined {
  if (node?.kind === 'map') return node.entries.get(String(key))?.value;
  if (node?.kind === 'list') return node.items[Number(key)];
  return undefined;
}

export interface Found {
  readonly node: Located;
  /** Where the key of it was written; absent for the root and for items of a list. */
  readonly key?: Place;
  /** The whole path exists; otherwise `node` is the nearest thing around it. */
  readonly complete: boolean;
}

/** What stands at a path of the file. */
export function find(root: Located, path: Path): Found {
  return follow(root, path, stepInto);
}

/**
 * What stands at a path of the settings. They lose a level when they are read (`{ exponential: { mean } }` becomes a kind
 * beside its mean), so a path through a map of a single key may leave that key out.
 */
export function findSetting(root: Located, path: Path): Found {
  return follow(root, path, stepThrough);
}

type Step = (node: Located, part: string | number) => Omit<Found, 'complete'> | undefined;

function follow(root: Located, path: Path, step: Step): Found {
  let found: Found = { node: root, complete: true };
  for (const part of path) {
    const next = step(found.node, part);
    found = next === undefined ? { ...found, complete: false } : { ...next, complete: found.complete };
  }
  return found;
}

function stepInto(node: Located, part: string | number): Omit<Found, 'complete'> | undefined {
  if (node.kind === 'scalar') return undefined;
  if (node.kind === 'list') {
    const item = node.items[Number(part)];
    return item && { node: item };
  }
  const entry = node.entries.get(String(part));
  return entry && { node: entry.value, key: entry.key };
}

function stepThrough(node: Located, part: string | number): Omit<Found, 'complete'> | undefined {
  const direct = stepInto(node, part);
  if (direct !== undefined || node.kind !== 'map' || node.entries.size !== 1) return direct;
  const [only] = node.entries.values();
  return stepThrough(only!.value, part);
}

/** Where a part of a string was written, as exactly as can be said. */
export function placeWithin(scalar: LocatedScalar, from: number, to: number): Place {
  if (scalar.pieces === undefined) return verbatimPart(scalar.place, String(scalar.value), from, to) ?? scalar.place;
  let start = 0;
  for (const piece of scalar.pieces) {
    const end = start + piece.text.length;
    if (from < end || piece === scalar.pieces.at(-1)) {
      if (!piece.verbatim) return piece.place;
      const shift = piece.place.start - start;
      return { source: piece.place.source, start: shift + from, end: shift + Math.min(to, end) };
    }
    start = end;
  }
  return scalar.place;
}

/** Undefined when the text stands there with escapes or line breaks, so that offsets do not agree. */
export function verbatimPart(place: Place, text: string, from: number, to: number): Place | undefined {
  const shift = [0, 1].find((quote) => place.source.text.startsWith(text, place.start + quote));
  if (shift === undefined) return undefined;
  return { source: place.source, start: place.start + shift + from, end: place.start + shift + to };
}
