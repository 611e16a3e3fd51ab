/** The incidents command: list, play, search. */
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { formatIncidentList, formatPlayed, formatSought } from '../reports/incident-summary.ts';
import { type Incident, loadIncident, playIncident } from '../scenarios/incident.ts';
import type { PlayedIncident, SoughtIncident } from '../scenarios/incident-result.ts';
import { seekIncident } from '../scenarios/search/incident-search.ts';
import type { CommandContext } from './context.ts';
import { type ExitCode, exitCode } from './exit-code.ts';
import { packageRoot } from './package.ts';
import { progressLine, timeLeft } from './progress.ts';
import type { Terminal } from './terminal.ts';
import { UsageError } from './usage-error.ts';

export interface IncidentOptions {
  readonly all?: boolean;
  readonly search?: boolean;
  readonly runs?: number;
  readonly json?: boolean;
}

export async function incidents(ids: readonly string[], options: IncidentOptions, { terminal }: CommandContext): Promise<ExitCode> {
  const known = await knownIncidents();
  const chosen = options.all || (options.search && ids.length === 0) ? known : ids.map((id) => find(known, id));
  if (chosen.length === 0) {
    terminal.print(options.json ? json({ incidents: known.map(({ figures: _figures, expected: _expected, ...facts }) => facts) }) : formatIncidentList(known, terminal));
    return exitCode.pass;
  }
  return options.search ? seek(chosen, options, terminal) : play(chosen, options, terminal);
}

async function knownIncidents(): Promise<Incident[]> {
  const folder = path.join(packageRoot, 'scenarios', 'incidents');
  const files = readdirSync(folder).filter((file) => file.endsWith('.yaml')).sort();
  return Promise.all(files.map((file) => loadIncident(path.relative('', path.join(folder, file)))));
}

function find(known: readonly Incident[], wanted: string): Incident {
  const found = known.find(({ id, name }) => id.toLowerCase() === wanted.toLowerCase() || name === wanted);
  if (found === undefined) throw new UsageError(`there is no incident ${JSON.stringify(wanted)}`, `these are there: ${known.map(({ id }) => id).join(', ')}`);
  return found;
}

async function play(chosen: readonly Incident[], options: IncidentOptions, terminal: Terminal): Promise<ExitCode> {
  const played: PlayedIncident[] = [];
  await withProgress(chosen, terminal, async (incident) => void played.push(await playIncident(incident)));
  terminal.print(options.json ? json({ incidents: played }) : played.map((each) => formatPlayed(each, terminal)).join('\n\n'));
  return played.every(({ agrees }) => agrees) ? exitCode.pass : exitCode.fail;
}

async function seek(chosen: readonly Incident[], { runs, json: asJson }: IncidentOptions, terminal: Terminal): Promise<ExitCode> {
  const sought: SoughtIncident[] = [];
  const took: number[] = [];
  await withProgress(chosen, terminal, async (incident, told) => {
    const began = performance.now();
    sought.push(await seekIncident(incident, runs === undefined ? {} : { runs }, ({ plans, of, doing }) => told(doing === 'shrinking' ? 'shrinking' : `${plans} of ${of ?? '?'} schedules`)));
    took.push((performance.now() - began) / 1000);
  });
  terminal.print(asJson ? json({ incidents: sought }) : formatSought(sought, took, terminal));
  return sought.every(({ foundAt }) => foundAt !== null) ? exitCode.pass : exitCode.fail;
}

interface Place {
  readonly done: number;
  /** What it is at. */
  readonly doing: string;
}

async function withProgress(chosen: readonly Incident[], terminal: Terminal, each: (incident: Incident, told: (doing: string) => void) => Promise<void>): Promise<void> {
  const text = ({ done, doing }: Place, elapsed: number): string => [`${chosen[done]!.id}, ${done + 1} of ${chosen.length}`, ...(doing === '' ? [] : [doing]), ...timeLeft(done / chosen.length, elapsed)].join(' · ');
  const progress = terminal.animated ? progressLine(text, (line) => process.stderr.write(line)) : undefined;
  for (const [done, incident] of chosen.entries()) {
    progress?.update({ done, doing: '' });
    await each(incident, (doing) => progress?.update({ done, doing }));
  }
  progress?.clear();
}

function json(content: object): string {
  return JSON.stringify({ schema: 'faultline/incidents@1', ...content }, undefined, 2);
}
