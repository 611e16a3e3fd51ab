/**
 * Recorded against simulated, as a table: `npm run recordings -- [--json] [FOLDER …]`. Without a folder, the recordings that come
 * with the project. Exits with 1 when a figure is further off than allowed, with 2 when there is nothing to compare.
 */
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { compare } from './compare.ts';
import { type Recording, recordingsIn } from './recording.ts';
import { asText, type Compared } from './table.ts';

const own = path.join(path.dirname(fileURLToPath(import.meta.url)), 'data');

/** Every folder is looked at before anything is compared. */
function recordings(folders: readonly string[]): Recording[] {
  const all = folders.flatMap((folder) => recordingsIn(folder));
  if (all.length === 0) throw new Error(`no recordings (<name>.json, <name>.csv.gz) in ${folders.join(', ')}`);
  return all;
}

function main(): number {
  try {
    const { values, positionals } = parseArgs({ allowPositionals: true, options: { json: { type: 'boolean', default: false } } });
    const compared: Compared[] = [];
    for (const recording of recordings(positionals.length === 0 ? [own] : positionals)) {
      const one = { recording: recording.name, lines: compare(recording) };
      compared.push(one);
      if (!values.json) process.stdout.write(`${asText(one)}\n`);
    }
    if (values.json) process.stdout.write(`${JSON.stringify(compared, undefined, 2)}\n`);
    const lines = compared.flatMap((one) => one.lines);
    const off = lines.filter(({ ok }) => ok === false).length;
    if (!values.json) process.stdout.write(`${lines.filter(({ ok }) => ok === true).length} within what is allowed, ${off} outside, ${lines.filter(({ ok }) => ok === undefined).length} not replayed\n`);
    return off > 0 ? 1 : 0;
  } catch (error) {
    process.stderr.write(`recordings: ${error instanceof Error ? error.message : String(error)}\n`);
    return 2;
  }
}

process.exitCode = main();
