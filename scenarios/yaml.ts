/**
 * YAML 1.2 text into a located tree. A file is trusted for nothing: nesting, aliases and size have limits, and names that
 * every JavaScript object already has are refused.
 */
import { type Document, isAlias, isMap, isScalar, isSeq, Lexer, type Node, parseDocument, type Scalar as YamlScalar, type YAMLMap } from 'yaml';
import type { Entry, Located, LocatedMap } from './located.ts';
import * as say from './messages.ts';
import { errorAt, type Finding, type Path, type Problem, warningAt } from './problem.ts';
import { nearest } from './suggest.ts';
import { type Place, type Source, startOf } from './source.ts';

export const limits = {
  fileBytesMax: 1_000_000,
  depthMax: 64,
  indentMax: 1000,
  /** Values of a file, those that aliases repeat included. */
  valuesMax: 100_000,
  textLengthMax: 100_000,
  problemsMax: 100,
} as const;

/** The tree, as far as it can be had, and everything that is wrong with the text. */
export interface Parsed {
  readonly root: Located | undefined;
  readonly problems: readonly Problem[];
}

/** `text` may be the source's text with what is no YAML in it blanked out, of the same length. */
export function parseYaml(source: Source, text: string = source.text): Parsed {
  const refused = refusal(source, text);
  if (refused !== undefined) return { root: undefined, problems: [refused] };
  const document = parseDocument(text, { merge: true, stringKeys: true, uniqueKeys: false, prettyErrors: false, logLevel: 'error' });
  const problems = complaints(document, source);
  if (problems.some((problem) => problem.severity === 'error')) return { root: undefined, problems };
  if (document.contents === null) return { root: undefined, problems };
  const reader = new TreeReader(source);
  const root = reader.read(document.contents as Node, [], 0);
  return { root, problems: [...problems, ...reader.problems] };
}

/** What must not even be given to the YAML parser, whose time or memory it could exhaust. */
function refusal(source: Source, text: string): Problem | undefined {
  const at = (offset: number, finding: Finding) => errorAt({ source, start: offset, end: offset + 1 }, [], finding);
  if (text.length > limits.fileBytesMax) return at(0, say.fileTooLarge(limits.fileBytesMax));
  const control = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/.exec(text);
  if (control !== null) return at(control.index, say.controlCharacter(control[0].charCodeAt(0)));
  const indented = new RegExp(`^ {${limits.indentMax}}`, 'm').exec(text);
  if (indented !== null) return at(indented.index, say.indentedTooFar(limits.indentMax));
  const deep = tooDeepAt(text);
  return deep === undefined ? undefined : at(deep, say.nestedTooDeep(limits.depthMax));
}

/** Where brackets, or dashes and question marks of one line, are nested beyond the limit. */
function tooDeepAt(text: string): number | undefined {
  let offset = 0;
  let brackets = 0;
  let indicators = 0;
  for (const token of new Lexer().lex(text)) {
    const first = token[0];
    if (token.length === 1 && (first === '[' || first === '{')) brackets++;
    else if (token.length === 1 && (first === ']' || first === '}')) brackets--;
    else if (brackets === 0 && token.length === 1 && (first === '-' || first === '?')) indicators++;
    else if (first === '\n' || first === '\r') indicators = 0;
    if (brackets > limits.depthMax || indicators > limits.depthMax) return offset;
    // The lexer marks documents and scalars with single control characters that are not in the text.
    if (!(token.length === 1 && markers.has(first!))) offset += token.length;
  }
  return undefined;
}
const markers = new Set(['\u0002', '\u0018', '\u001f']);

function complaints(document: Document.Parsed, source: Source): Problem[] {
  const place = ([start, end]: readonly [number, number]): Place => {
    const from = Math.min(start, source.text.length);
    return { source, start: from, end: Math.max(from, end) };
  };
  const problems: Problem[] = [];
  if (document.directives.yaml.version === '1.1') problems.push(errorAt(startOf(source), [], say.oldYaml()));
  for (const error of document.errors.slice(0, limits.problemsMax)) {
    const around = source.text.slice(Math.max(0, error.pos[0] - 2), error.pos[1] + 1);
    problems.push(errorAt(place(error.pos), [], say.yamlError(error.code, error.message, around)));
  }
  for (const warning of document.warnings.slice(0, limits.problemsMax)) {
    problems.push(warningAt(place(warning.pos), [], say.yamlWarning(warning.message)));
  }
  return problems;
}

interface Anchored {
  /** Its own content is being read: an alias to it now would be a cycle. */
  readonly open: boolean;
  readonly value: Located | undefined;
  readonly size: number;
}

/** Walks the YAML nodes in the order of the text, so that an alias finds the last anchor before it. */
class TreeReader {
  readonly problems: Problem[] = [];
  private readonly source: Source;
  private readonly anchors = new Map<string, Anchored>();
  private values = 0;

  constructor(source: Source) {
    this.source = source;
  }

  read(node: Node | null, path: Path, depth: number): Located | undefined {
    if (node === null) return undefined;
    if (isAlias(node)) return this.readAlias(node.source, this.placeOf(node), path);
    const anchor = 'anchor' in node && typeof node.anchor === 'string' ? node.anchor : undefined;
    const before = this.values;
    if (anchor !== undefined) this.anchors.set(anchor, { open: true, value: undefined, size: 0 });
    const value = this.readContent(node, path, depth);
    if (anchor !== undefined) this.anchors.set(anchor, { open: false, value, size: this.values - before });
    return value;
  }

  private readContent(node: Node, path: Path, depth: number): Located | undefined {
    if (depth > limits.depthMax) return this.refuse(this.placeOf(node), path, say.nestedTooDeep(limits.depthMax));
    if (!this.count(1, this.placeOf(node), path)) return undefined;
    if (isMap(node)) return this.readMap(node, path, depth);
    if (isSeq(node)) {
      const items: Located[] = [];
      for (const [index, item] of node.items.entries()) {
        const read = this.read(item as Node | null, [...path, index], depth + 1);
        if (read !== undefined) items.push(read);
      }
      return { kind: 'list', items, place: this.placeOf(node) };
    }
    return isScalar(node) ? this.readScalar(node, path) : undefined;
  }

  private readScalar(node: YamlScalar, path: Path): Located | undefined {
    const { value } = node;
    const place = this.placeOf(node);
    if (typeof value === 'number' && !Number.isFinite(value)) return this.refuse(place, path, say.notFinite(node.source ?? String(value)));
    if (typeof value === 'string' && value.length > limits.textLengthMax) return this.refuse(place, path, say.textTooLong(limits.textLengthMax));
    if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return { kind: 'scalar', value, place };
    return this.refuse(place, path, say.strangeType(node.tag));
  }

  private readMap(node: YAMLMap, path: Path, depth: number): LocatedMap {
    const entries = new Map<string, Entry>();
    const merged: LocatedMap[] = [];
    for (const pair of node.items) {
      const key = pair.key as YamlScalar;
      const name = isScalar(key) ? key.value : undefined;
      const place = isScalar(key) ? this.placeOf(key) : this.placeOf(node);
      if (typeof name === 'symbol' || name === '<<') {
        merged.push(...this.readMerge(pair.value as Node | null, place, path, depth));
        continue;
      }
      const text = String(name ?? '');
      const inside = [...path, text];
      if (text in Object.prototype) this.refuse(place, inside, say.reservedName(text));
      else if (entries.has(text)) this.refuse(place, inside, say.duplicateKey(text, this.source.positionOf(entries.get(text)!.key.start).line));
      else {
        const value = this.read(pair.value as Node | null, inside, depth + 1) ?? { kind: 'scalar', value: null, place };
        entries.set(text, { key: place, value });
      }
    }
    // A key of the map itself wins over a merged one, and an earlier merged map over a later one.
    for (const map of merged) for (const [name, entry] of map.entries) if (!entries.has(name)) entries.set(name, entry);
    return { kind: 'map', entries, place: this.placeOf(node) };
  }

  private readMerge(node: Node | null, place: Place, path: Path, depth: number): LocatedMap[] {
    const value = this.read(node, path, depth + 1);
    const maps = value?.kind === 'list' ? value.items : value === undefined ? [] : [value];
    const sound = maps.filter((map) => map.kind === 'map');
    if (sound.length < maps.length) this.refuse(place, path, say.mergeWantsMaps());
    return sound;
  }

  private readAlias(name: string, place: Place, path: Path): Located | undefined {
    const anchored = this.anchors.get(name);
    if (anchored === undefined) return this.refuse(place, path, say.unknownAnchor(name, nearest(name, this.anchors.keys())));
    if (anchored.open) return this.refuse(place, path, say.cyclicAnchor(name));
    return this.count(anchored.size, place, path) ? anchored.value : undefined;
  }

  /** Aliases repeat what they name, so a few lines can mean billions of values; only the first one too many is reported. */
  private count(values: number, place: Place, path: Path): boolean {
    const within = this.values <= limits.valuesMax;
    this.values += values;
    if (this.values <= limits.valuesMax) return true;
    if (within) this.refuse(place, path, say.tooManyValues(limits.valuesMax));
    return false;
  }

  private refuse(place: Place, path: Path, finding: Finding): undefined {
    if (this.problems.length < limits.problemsMax) this.problems.push(errorAt(place, path, finding));
    return undefined;
  }

  private placeOf(node: Node): Place {
    const [start, end] = node.range ?? [0, 0];
    const { text } = this.source;
    const from = Math.min(start, text.length);
    return { source: this.source, start: from, end: Math.max(from, Math.min(end, text.length)) };
  }
}
