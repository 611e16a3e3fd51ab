/**
 * Parameters: `params: { load: 50/s }`, used as `$load` or `${load}`. A whole value keeps the parameter's type; inside
 * longer text its value is written out. `$$` is a dollar.
 */
import type { Located, LocatedMap, LocatedScalar, Piece } from './located.ts';
import { verbatimPart } from './located.ts';
import * as say from './messages.ts';
import { errorAt, type Path, type Problem, warningAt } from './problem.ts';
import type { Place, Source } from './source.ts';
import { nearest } from './suggest.ts';
import { limits } from './yaml.ts';

export interface Filled {
  readonly root: LocatedMap;
  readonly problems: readonly Problem[];
}

export function fillParameters(root: LocatedMap): Filled {
  const filler = new Filler(root);
  const entries = new Map(root.entries);
  for (const [key, entry] of root.entries) {
    entries.set(key, { ...entry, value: key === 'params' ? filler.fillParams(entry.value) : filler.fill(entry.value, [key]) });
  }
  return { root: { ...root, entries }, problems: [...filler.problems, ...filler.unused()] };
}

/** A reference: `$$`, `${name}`, `$name`, or a brace that is never closed. */
const reference = /\$(?:\$|\{([^{}]*)\}|([A-Za-z_]\w*(?:-\w+)*)|\{)/g;
const whole = /^\$(?:\{([A-Za-z_][\w-]*)\}|([A-Za-z_]\w*(?:-\w+)*))$/;

class Filler {
  readonly problems: Problem[] = [];
  private readonly own: Source;
  private readonly params: LocatedMap['entries'];
  private readonly used = new Set<string>();
  private readonly resolved = new Map<string, LocatedScalar | undefined>();
  private readonly open: string[] = [];
  /** Aliases share a value; it is filled once. */
  private readonly filled = new Map<Located, Located>();

  constructor(root: LocatedMap) {
    this.own = root.place.source;
    const params = root.entries.get('params')?.value;
    this.params = params?.kind === 'map' ? params.entries : new Map();
  }

  fillParams(params: Located): Located {
    if (params.kind !== 'map') return params;
    const entries = new Map(params.entries);
    for (const [name, entry] of params.entries) {
      const value = this.resolve(name);
      if (value !== undefined) entries.set(name, { ...entry, value });
    }
    return { ...params, entries };
  }

  fill(node: Located, path: Path): Located {
    const known = this.filled.get(node);
    if (known !== undefined) return known;
    const filled = this.fillContent(node, path);
    this.filled.set(node, filled);
    return filled;
  }

  /** A file that extends another need not use what that one declares, unless it gives it a value. */
  unused(): Problem[] {
    const isOwn = (key: Place) => key.source === this.own || key.source.file === '--set';
    const names = [...this.params].filter(([name, { key }]) => isOwn(key) && !this.used.has(name)).map(([name]) => name);
    return names.map((name) => warningAt(this.params.get(name)!.key, ['params', name], say.unusedParameter(name)));
  }

  private fillContent(node: Located, path: Path): Located {
    if (node.kind === 'scalar') return this.fillScalar(node, path);
    if (node.kind === 'list') return { ...node, items: node.items.map((item, index) => this.fill(item, [...path, index])) };
    const entries = new Map(node.entries);
    for (const [key, entry] of node.entries) entries.set(key, { ...entry, value: this.fill(entry.value, [...path, key]) });
    return { ...node, entries };
  }

  private fillScalar(node: LocatedScalar, path: Path): LocatedScalar {
    if (typeof node.value !== 'string' || !node.value.includes('$')) return node;
    const alone = whole.exec(node.value);
    if (alone === null) return this.fillText(node, node.value, path);
    const name = alone[1] ?? alone[2]!;
    const value = this.lookUp(name, node, 0, node.value.length, path);
    return value === undefined ? node : { ...value, parameter: { name, usedAt: node.place } };
  }

  private fillText(node: LocatedScalar, text: string, path: Path): LocatedScalar {
    const pieces: Piece[] = [];
    let done = 0;
    let length = 0;
    const add = (from: number, to: number, filledIn?: string) => {
      const place = verbatimPart(node.place, text, from, to);
      const piece = { text: filledIn ?? text.slice(from, to), place: place ?? node.place, verbatim: filledIn === undefined && place !== undefined };
      length += piece.text.length;
      if (piece.text !== '') pieces.push(piece);
    };
    for (const match of text.matchAll(reference)) {
      const end = match.index + match[0].length;
      add(done, match.index);
      add(match.index, end, this.replacement(match, node, path));
      done = end;
      if (length > limits.textLengthMax) {
        this.problems.push(errorAt(node.place, path, say.textTooLong(limits.textLengthMax)));
        return node;
      }
    }
    add(done, text.length);
    return { kind: 'scalar', value: pieces.map((piece) => piece.text).join(''), place: node.place, pieces };
  }

  private replacement(match: RegExpExecArray, node: LocatedScalar, path: Path): string {
    if (match[0] === '$$') return '$';
    const name = match[1] ?? match[2];
    const end = match.index + match[0].length;
    if (name === undefined || !/^[A-Za-z_][\w-]*$/.test(name)) {
      const place = verbatimPart(node.place, String(node.value), match.index, end) ?? node.place;
      this.problems.push(errorAt(place, path, say.badReference(match[0])));
      return '';
    }
    const value = this.lookUp(name, node, match.index, end, path);
    return value === undefined ? '' : String(value.value);
  }

  private lookUp(name: string, node: LocatedScalar, from: number, to: number, path: Path): LocatedScalar | undefined {
    const place = verbatimPart(node.place, String(node.value), from, to) ?? node.place;
    if (!this.params.has(name)) {
      this.problems.push(errorAt(place, path, say.unknownParameter(name, nearest(name, this.params.keys()), [...this.params.keys()])));
      return undefined;
    }
    this.used.add(name);
    if (this.open.includes(name)) {
      const circle = [...this.open.slice(this.open.indexOf(name)), name];
      this.problems.push(errorAt(place, path, say.cyclicParameter(circle)));
      return undefined;
    }
    if (this.open.length >= limits.depthMax) {
      this.problems.push(errorAt(place, path, say.parametersTooDeep(limits.depthMax)));
      return undefined;
    }
    return this.resolve(name);
  }

  private resolve(name: string): LocatedScalar | undefined {
    if (this.resolved.has(name)) return this.resolved.get(name);
    const { value } = this.params.get(name)!;
    // A parameter that is a list or a map is refused by the schema, at its own place.
    if (value.kind !== 'scalar') return undefined;
    this.open.push(name);
    const resolved = this.fillScalar(value, ['params', name]);
    this.open.pop();
    this.resolved.set(name, resolved);
    return resolved;
  }
}
