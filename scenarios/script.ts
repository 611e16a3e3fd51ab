/** Scenarios written in TypeScript or JavaScript: the default export is the scenario, or a function that returns it. */
import { resolve } from 'node:path';
import { createJiti } from 'jiti';
import type { Tree } from './extend.ts';
import type { Entry, Located } from './located.ts';
import * as say from './messages.ts';
import { errorAt, type Finding, type Path, type Problem } from './problem.ts';
import { type Place, Source, startOf } from './source.ts';
import { limits } from './yaml.ts';

export const scriptPattern = /\.[cm]?[jt]s$/;

/** A script is the user's own program and runs as one; only what it exports is distrusted. */
export async function readScript(file: string, text: string): Promise<Tree> {
  const source = new Source(file, text);
  let exported: unknown;
  try {
    const jiti = createJiti(import.meta.url, { fsCache: false, moduleCache: false, interopDefault: false });
    exported = (await jiti.import<{ default?: unknown }>(resolve(file))).default;
    if (typeof exported === 'function') exported = await (exported as () => unknown)();
  } catch (error) {
    return { root: undefined, problems: [errorAt(placeOfError(error, source), [], say.scriptFailed(messageOf(error)))] };
  }
  return exported === undefined ? { root: undefined, problems: [errorAt(startOf(source), [], say.noDefaultExport())] } : treeOfData(exported, source);
}

/** Data has no positions of its own: all of it is placed at the export. */
function treeOfData(data: unknown, source: Source): Tree {
  const exportAt = /\bexport\s+default\b|\bmodule\.exports\b/.exec(source.text);
  const place = exportAt === null ? startOf(source) : { source, start: exportAt.index, end: exportAt.index + exportAt[0].length };
  const reader = new DataReader(place);
  const root = reader.read(data, []);
  if (root?.kind === 'map') return { root, problems: reader.problems };
  const problems = reader.problems.length > 0 ? reader.problems : [errorAt(place, [], say.noDefaultExport())];
  return { root: undefined, problems };
}

class DataReader {
  readonly problems: Problem[] = [];
  private readonly place: Place;
  private readonly open = new Set<object>();
  private values = 0;

  constructor(place: Place) {
    this.place = place;
  }

  read(data: unknown, path: Path): Located | undefined {
    if (++this.values > limits.valuesMax) return this.values === limits.valuesMax + 1 ? this.refuse(path, say.tooManyValues(limits.valuesMax)) : undefined;
    if (data === null || typeof data === 'string' || typeof data === 'boolean') return { kind: 'scalar', value: data, place: this.place };
    if (typeof data === 'number') return Number.isFinite(data) ? { kind: 'scalar', value: data, place: this.place } : this.refuse(path, say.notFinite(String(data)));
    if (typeof data !== 'object') return this.refuse(path, say.notPlainData(typeof data));
    if (this.open.has(data)) return this.refuse(path, say.cyclicData());
    if (path.length > limits.depthMax) return this.refuse(path, say.nestedTooDeep(limits.depthMax));
    this.open.add(data);
    const located = Array.isArray(data) ? this.readList(data, path) : this.readMap(data, path);
    this.open.delete(data);
    return located;
  }

  private readList(data: readonly unknown[], path: Path): Located {
    const items = data.map((item, index) => this.read(item, [...path, index])).filter((item) => item !== undefined);
    return { kind: 'list', items, place: this.place };
  }

  private readMap(data: object, path: Path): Located | undefined {
    const prototype: unknown = Object.getPrototypeOf(data);
    // An object of another realm has another Object.prototype, whose own prototype is null as well.
    if (prototype !== null && Object.getPrototypeOf(prototype) !== null) return this.refuse(path, say.notPlainData(`an object of the class ${data.constructor?.name ?? ''}`));
    const entries = new Map<string, Entry>();
    for (const [key, value] of Object.entries(data)) {
      const inside = [...path, key];
      if (key in Object.prototype) this.refuse(inside, say.reservedName(key));
      else if (value !== undefined) {
        const located = this.read(value, inside);
        if (located !== undefined) entries.set(key, { key: this.place, value: located });
      }
    }
    return { kind: 'map', entries, place: this.place };
  }

  private refuse(path: Path, finding: Finding): undefined {
    if (this.problems.length < limits.problemsMax) this.problems.push(errorAt(this.place, path, finding));
    return undefined;
  }
}

/** Where the error's own words or its stack say that it was, in this file. */
function placeOfError(error: unknown, source: Source): Place {
  const stack = error instanceof Error ? `${error.message}\n${error.stack ?? ''}` : '';
  for (const [, file, line, column] of stack.matchAll(/([^\s()]+?):(\d+):(\d+)/g)) {
    if (file!.replace(/^file:\/\//, '').endsWith(resolve(source.file)) && Number(line) <= source.lineCount) {
      const start = source.offsetOf(Number(line), Number(column));
      return { source, start, end: start + 1 };
    }
  }
  return startOf(source);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message.split('\n')[0]! : String(error);
}
