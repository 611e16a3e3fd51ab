/** What `list` shows. */
import { readdirSync } from 'node:fs';
import path from 'node:path';
import picocolors from 'picocolors';
import { theoryModels } from '../models/theory/index.ts';
import { catalogue, type CatalogueKind } from '../scenarios/catalogue.ts';
import { loadScenario } from '../scenarios/load.ts';
import { listModels } from '../scenarios/theory/description.ts';
import { packageRoot } from './package.ts';

export type ListKind = 'scenarios' | 'models' | CatalogueKind;
interface ListEntry {
  readonly name: string;
  readonly about: string;
  readonly settings?: readonly string[];
  /** Of a scenario: what to give to run. */
  readonly file?: string;
}
type Lists = Partial<Record<ListKind, readonly ListEntry[]>>;

export async function collectLists(kinds: readonly ListKind[]): Promise<Lists> {
  const lists: Lists = {};
  for (const kind of kinds) lists[kind] = kind === 'scenarios' ? await libraryScenarios() : kind === 'models' ? theoryEntries() : catalogue(kind);
  return lists;
}

async function libraryScenarios(): Promise<ListEntry[]> {
  const folders = ['library', 'incidents'].map((folder) => path.join(packageRoot, 'scenarios', folder));
  const entries: ListEntry[] = [];
  for (const each of folders.flatMap((folder) => readdirSync(folder).filter((name) => name.endsWith('.yaml')).sort().map((name) => path.join(folder, name)))) {
    const file = path.relative('', each);
    const loaded = await loadScenario(file);
    if (loaded.ok) entries.push({ name: loaded.scenario.name, about: loaded.scenario.about, file });
  }
  return entries;
}

function theoryEntries(): ListEntry[] {
  return listModels(theoryModels).map(({ name, title, about }) => ({ name, about: `${title}. ${about}` }));
}

export function formatLists(lists: Lists, { colour, width }: { colour: boolean; width: number }): string {
  const { bold } = picocolors.createColors(colour);
  const blocks = Object.entries(lists).map(([kind, entries]) => {
    const lines = entries.flatMap((entry) => formatEntry(entry, width));
    return Object.keys(lists).length === 1 ? lines.join('\n') : `${bold(kind)}\n${lines.join('\n')}`;
  });
  return blocks.join('\n\n');
}

const indent = '    ';

function formatEntry({ name, about, settings, file }: ListEntry, width: number): string[] {
  const heading = settings !== undefined && settings.length > 0 ? `  ${name} { ${settings.join(', ')} }` : `  ${file ?? name}`;
  return [heading, ...wrap(about, width - indent.length).map((line) => indent + line)];
}

export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(/\s+/).filter((part) => part !== '')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
