/** A scenario's settings, changed at paths: plain data, as it is written as a file again. */
import type { ScenarioSettings } from '../scenario.ts';

type Tree = Readonly<Record<string, unknown>>;

/** @param path keys from the top; what leads nowhere yet is made @param value undefined takes a setting out */
export function withSetting(settings: Tree, [key, ...rest]: readonly string[], value: unknown): Tree {
  if (Array.isArray(settings)) return settings.map((item: unknown, index) => (String(index) === key ? (rest.length > 0 ? withSetting(item as Tree, rest, value) : value) : item)) as unknown as Tree;
  const copy: Record<string, unknown> = { ...settings };
  if (rest.length > 0) copy[key!] = withSetting((settings[key!] ?? {}) as Tree, rest, value);
  else if (value === undefined) delete copy[key!];
  else copy[key!] = value;
  return copy;
}

/** Each by its path, as in `consumers.workers.prefetch`. */
export function withSettings(base: ScenarioSettings, changes: Readonly<Record<string, unknown>>): ScenarioSettings {
  return Object.entries(changes).reduce((settings: Tree, [path, value]) => withSetting(settings, keysOf(settings, path), value), base as unknown as Tree) as unknown as ScenarioSettings;
}

/** Names of queues contain dots, so the longest name that exists is meant; one in double quotes is one name. */
function keysOf(settings: Tree, path: string): string[] {
  const segments = [...path.matchAll(/"([^"]*)"|[^."]+/g)].map(([whole, quoted]) => quoted ?? whole);
  const keys: string[] = [];
  let at: unknown = settings;
  for (let start = 0; start < segments.length;) {
    const known = typeof at === 'object' && at !== null ? (at as Tree) : {};
    const length = Array.from({ length: segments.length - start }, (_, index) => segments.length - start - index).find((each) => Object.hasOwn(known, segments.slice(start, start + each).join('.'))) ?? 1;
    const key = segments.slice(start, start + length).join('.');
    keys.push(key);
    at = Object.hasOwn(known, key) ? known[key] : undefined;
    start += length;
  }
  return keys;
}

/** As after `--set`. */
export function settingText(path: string, value: unknown): string {
  return `${path}=${typeof value === 'string' || typeof value === 'number' ? value : JSON.stringify(value ?? null)}`;
}
