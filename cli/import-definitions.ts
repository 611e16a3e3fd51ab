/** The import command: read, make a scenario, say what is not in it, write. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Version } from '../models/brokers/rabbitmq/versions.ts';
import { importDefinitions, type Imported } from '../scenarios/import/import.ts';
import { formatNote, type NoteKind } from '../scenarios/import/notes.ts';
import { formatImportProblem, type ImportProblem, ImportProblems } from '../scenarios/import/problems.ts';
import { decodeText } from '../scenarios/text.ts';
import type { CommandContext } from './context.ts';
import { type ExitCode, exitCode } from './exit-code.ts';
import { readBytes, refuseToReplaceOthers, writeFileAtomically } from './files.ts';
import { UsageError } from './usage-error.ts';
import { problemsSchema } from './validate-files.ts';

export interface ImportCommandOptions {
  readonly version?: Version;
  readonly vhost?: string;
  readonly out?: string;
  readonly force?: boolean;
  readonly json?: boolean;
}

export const importSchema = 'faultline/import@1';

export function importDefinitionsFile(file: string, options: ImportCommandOptions, { terminal }: CommandContext): ExitCode {
  const { out, force = false, version, vhost } = options;
  if (out !== undefined) refuseToOverwrite(out, force, file);
  try {
    const imported = importDefinitions(readDefinitionsFile(file), { source: path.basename(file), version, vhost });
    for (const line of talkOf(imported)) terminal.say(line);
    if (out !== undefined) {
      writeFileAtomically(out, imported.text);
      terminal.say(`The scenario is in ${out}. Complete what is marked "complete", then: faultline validate ${out}`);
    }
    if (options.json) terminal.print(JSON.stringify(asJson(file, imported), undefined, 2));
    else if (out === undefined) terminal.print(imported.text.trimEnd());
    return exitCode.pass;
  } catch (error) {
    if (!(error instanceof ImportProblems)) throw error;
    for (const problem of error.problems) terminal.say(`${file}: ${formatImportProblem(problem)}`);
    if (options.json) terminal.print(JSON.stringify({ schema: problemsSchema, problems: error.problems.map((problem) => asProblem(file, problem)) }, undefined, 2));
    return exitCode.usage;
  }
}

function refuseToOverwrite(out: string, force: boolean, file: string): void {
  refuseToReplaceOthers(out, ['.yaml', '.yml'], [file]);
  if (existsSync(out) && !force) throw new UsageError(`${out} is there already`, 'name another file, or replace it with --force');
}

/** Definitions of some ten thousand queues are smaller. */
const bytesMax = 50_000_000;

/** @throws ImportProblems, UsageError */
function readDefinitionsFile(file: string): string {
  const bytes = readBytes(file, bytesMax);
  if (bytes === undefined) throw new ImportProblems([{ path: '', message: `the file is larger than ${bytesMax / 1e6} MB`, hint: 'export one virtual host alone' }]);
  const { text, badAt } = decodeText(bytes);
  if (badAt !== undefined) throw new ImportProblems([{ path: '', message: 'the file is not UTF-8', hint: 'give the file as rabbitmqctl export_definitions wrote it' }]);
  return text;
}

const verbs: Readonly<Record<NoteKind, string>> = { 'left-out': 'left out', changed: 'changed', 'to-mend': 'to be mended' };

function talkOf({ notes }: Imported): string[] {
  return notes.map((note) => `${verbs[note.kind]}: ${formatNote(note)}`);
}

function asJson(file: string, { text, version, virtualHost, notes }: Imported): object {
  return { schema: importSchema, file, version, virtualHost, notes, scenario: text };
}

/** As problems of scenario files are told, so that a script reads one form. */
function asProblem(file: string, { path: at, message, found, wanted, hint }: ImportProblem): object {
  return { severity: 'error', file, line: 1, column: 1, path: at, message, found, wanted, hint, frame: '' };
}
