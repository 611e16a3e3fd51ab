/** `client: celery-5`: what a client library does by default, filled in wherever a producer or a consumer does not say it. */
import { type ClientName, clientPresets } from '../models/clients/index.ts';
import type { PresetSetting } from '../models/clients/preset.ts';
import { childOf, type Entry, type Located, type LocatedMap, plain } from './located.ts';
import type { Place } from './source.ts';

/** What a preset decided for one group: what was written is not among it. */
export interface FilledPreset {
  /** As in `consumers.workers`, or `consumers.workers.publish.0`. */
  readonly path: string;
  readonly client: ClientName;
  readonly settings: readonly { readonly setting: string; readonly value: unknown }[];
}

export interface Presets {
  readonly root: LocatedMap;
  readonly presets: readonly FilledPreset[];
}

export function fillPresets(root: LocatedMap): Presets {
  const presets: FilledPreset[] = [];
  const entries = new Map(root.entries);
  for (const section of ['producers', 'consumers'] as const) {
    const entry = root.entries.get(section);
    if (entry?.value.kind !== 'map') continue;
    const groups = new Map([...entry.value.entries].map(([name, group]) => [name, { ...group, value: fillGroup(section, name, group.value, presets) }]));
    entries.set(section, { ...entry, value: { ...entry.value, entries: groups } });
  }
  return { root: presets.length === 0 ? root : { ...root, entries }, presets };
}

export function formatPreset({ path, client, settings }: FilledPreset): string {
  const said = settings.map(({ setting, value }) => `${setting}: ${JSON.stringify(value).replaceAll('"', '')}`);
  return `${path}: ${client}${said.length === 0 ? '' : ` sets ${said.join(', ')}`}`;
}

function fillGroup(section: 'producers' | 'consumers', name: string, group: Located, presets: FilledPreset[]): Located {
  const client = childOf(group, 'client');
  // Anything else is refused by the schema.
  if (group.kind !== 'map' || client?.kind !== 'scalar' || !Object.hasOwn(clientPresets, String(client.value))) return group;
  const named = client.value as ClientName;
  const { publishing, producing, consuming } = clientPresets[named];
  const fill = (map: LocatedMap, path: string, settings: readonly PresetSetting[]): LocatedMap => {
    const filled = fillMap(map, settings, client.place);
    presets.push({ path, client: named, settings: filled.settings });
    return filled.map;
  };
  if (section === 'producers') return fill(group, `producers.${name}`, [...publishing, ...producing]);
  // Who consumes over another group's channel connects as that one does.
  const shares = childOf(childOf(group, 'channel'), 'of') !== undefined;
  const filled = fill(group, `consumers.${name}`, shares ? consuming.filter(({ setting }) => setting !== 'reconnect') : consuming);
  const onward = filled.entries.get('publish');
  if (onward?.value.kind !== 'list') return filled;
  const items = onward.value.items.map((item, index) => (item.kind === 'map' ? fill(item, `consumers.${name}.publish.${index}`, publishing) : item));
  return { ...filled, entries: new Map(filled.entries).set('publish', { ...onward, value: { ...onward.value, items } }) };
}

function fillMap(map: LocatedMap, settings: readonly PresetSetting[], place: Place): { map: LocatedMap; settings: FilledPreset['settings'] } {
  const added: { setting: string; value: unknown }[] = [];
  let result = map;
  for (const preset of settings) {
    const value = preset.times === undefined ? preset.value : Number(preset.value) * timesOf(childOf(map, preset.times));
    const next = fillOne(result, preset.setting.split('.'), { key: place, value: located(value, place) });
    if (next === undefined) continue;
    result = next;
    added.push({ setting: preset.setting, value });
  }
  return { map: result, settings: added };
}

/** Undefined where something is written already, or stands in the way. */
function fillOne(map: LocatedMap, [key, ...rest]: readonly string[], entry: Entry): LocatedMap | undefined {
  const written = map.entries.get(key!);
  if (rest.length === 0) return written === undefined ? { ...map, entries: new Map(map.entries).set(key!, entry) } : undefined;
  const inner: Located = written?.value ?? { kind: 'map', entries: new Map(), place: entry.key };
  const filled = inner.kind === 'map' ? fillOne(inner, rest, entry) : undefined;
  return filled && { ...map, entries: new Map(map.entries).set(key!, { key: written?.key ?? entry.key, value: filled }) };
}

/** What is no number is refused where it stands. */
function timesOf(written: Located | undefined): number {
  const value = written === undefined ? 1 : plain(written);
  return typeof value === 'number' && value > 0 ? value : 1;
}

function located(value: unknown, place: Place): Located {
  if (typeof value !== 'object' || value === null) return { kind: 'scalar', value: value as string | number | boolean, place };
  const entries = Object.entries(value).map(([key, inner]): [string, Entry] => [key, { key: place, value: located(inner, place) }]);
  return { kind: 'map', entries: new Map(entries), place };
}
