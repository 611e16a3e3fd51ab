/**
 * The vocabulary of faults and of guarantees by example: which scenario shows each, and how it ends, from the library with its golden
 * summaries and from `scenarios/vocabulary/`, which is run.
 */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { faultKinds } from '../models/faults/index.ts';
import { claimNames, invariants } from '../models/invariants/index.ts';
import { catalogue } from '../scenarios/catalogue.ts';
import { formatProblem, loadScenario } from '../scenarios/load.ts';
import type { RunResult } from '../scenarios/result.ts';
import { runScenario } from '../scenarios/run.ts';
import { asWritten } from '../scenarios/variants.ts';
import { goldenFolder, goldenJudgement } from './golden.ts';
import { projectRoot } from './source-files.ts';

/** How a scenario, or a variant of it, ends. */
export interface Ending {
  readonly variant: string;
  readonly verdict: string;
  /** By claim: `pass`, or `fail: 3 messages …`. */
  readonly verdicts: Readonly<Record<string, string>>;
  /** By objective: whether it is met. */
  readonly objectives: Readonly<Record<string, string>>;
}

export interface Example {
  readonly file: string;
  readonly about: string;
  readonly kinds: readonly string[];
  readonly expected: Readonly<Record<string, string>>;
  readonly endings: readonly Ending[];
}

interface Written {
  readonly name: string;
  readonly about: string;
  readonly faults?: readonly { readonly kind: string }[];
  readonly 'x-expect'?: string | Readonly<Record<string, string>>;
}

interface Judgement {
  readonly verdicts: Ending['verdicts'];
  readonly objectives: Ending['objectives'];
}

const folders = { vocabulary: path.join(projectRoot, 'scenarios', 'vocabulary'), library: path.join(projectRoot, 'scenarios', 'library'), incidents: path.join(projectRoot, 'scenarios', 'incidents') };

const namesIn = (folder: keyof typeof folders): string[] => readdirSync(folders[folder]).filter((file) => file.endsWith('.yaml')).sort();

export const vocabularyNames: readonly string[] = namesIn('vocabulary').map((file) => file.slice(0, -'.yaml'.length));

function written(folder: keyof typeof folders, file: string): Omit<Example, 'endings'> {
  const { about, faults = [], 'x-expect': expected = 'pass' } = parse(readFileSync(path.join(folders[folder], file), 'utf8')) as Written;
  return { file: `scenarios/${folder}/${file}`, about, kinds: faults.map(({ kind }) => kind), expected: typeof expected === 'string' ? { [asWritten]: expected } : expected };
}

/** Runs an example of the vocabulary, as it is written and as each of its variants. */
export async function runExample(name: string): Promise<Example> {
  const example = written('vocabulary', `${name}.yaml`);
  const endings: Ending[] = [];
  for (const variant of Object.keys(example.expected)) endings.push(endingOf(variant, await runVariant(name, variant)));
  return { ...example, endings };
}

async function runVariant(name: string, variant: string): Promise<RunResult> {
  const loaded = await loadScenario(path.join(folders.vocabulary, `${name}.yaml`), variant === asWritten ? {} : { variant });
  if (!loaded.ok) throw new Error(loaded.problems.map(formatProblem).join('\n\n'));
  return runScenario(loaded.scenario);
}

function endingOf(variant: string, result: RunResult): Ending {
  return { variant, verdict: result.verdict, ...(goldenJudgement(result) as unknown as Judgement) };
}

/** Examples of the library, as their golden summaries tell of them. */
export function libraryExamples(): Example[] {
  return (['library', 'incidents'] as const).flatMap((folder) => namesIn(folder).map((file) => [folder, file] as const)).map(([folder, file]) => {
    const example = written(folder, file);
    const golden = JSON.parse(readFileSync(path.join(goldenFolder, file.replace('.yaml', '.json')), 'utf8')) as Judgement & { readonly variants: Record<string, Judgement> };
    const endings = Object.keys(example.expected).map((variant): Ending => {
      const { verdicts, objectives } = variant === asWritten ? golden : golden.variants[variant]!;
      return { variant, verdict: example.expected[variant]!, verdicts, objectives };
    });
    return { ...example, endings };
  });
}

/** Of a kind of fault: one that fails with it, and not without it or mended; rather one of its own, or with few others. */
export function exampleOfFault(kind: string, examples: readonly Example[]): Example | undefined {
  const others = (example: Example): number => (nameOf(example) === kind ? 0 : new Set(example.kinds).size);
  return [...examples].sort((one, other) => others(one) - others(other)).find(({ kinds, endings }) => kinds.includes(kind) && endings[0]!.verdict === 'fail' && endings.some(({ verdict }) => verdict === 'pass' || verdict === 'unknown'));
}

/** Of a guarantee: where it is broken, and where it is kept under faults. */
export function examplesOfClaim(claim: string, examples: readonly Example[]): { readonly broken: Shown | undefined; readonly kept: Shown | undefined } {
  const own = [...examples].sort((one, other) => Number(nameOf(other) === claim) - Number(nameOf(one) === claim));
  const shown = (verdict: string): Shown | undefined => {
    for (const example of own) {
      if (verdict === 'pass' && example.kinds.length === 0) continue;
      const ending = example.endings.find(({ verdicts }) => verdicts[claim]?.split(':')[0] === verdict);
      if (ending !== undefined) return { example, ending };
    }
    return undefined;
  };
  return { broken: shown('fail'), kept: shown('pass') };
}

interface Shown {
  readonly example: Example;
  readonly ending: Ending;
}

const nameOf = ({ file }: Example): string => path.basename(file, '.yaml');
const linkTo = (example: Example): string => `[${nameOf(example)}](../${example.file})`;
const inCell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

/** What a scenario fails, and how. */
function failureOf({ verdicts, objectives }: Ending): string {
  const broken = Object.entries(verdicts).filter(([, text]) => text.startsWith('fail')).map(([claim, text]) => `\`${claim}\`: ${text.replace(/^fail: /, '')}`);
  const missed = Object.entries(objectives).filter(([, text]) => !String(text).startsWith('met')).map(([objective, text]) => `\`${objective}\`: ${String(text)}`);
  return [...broken, ...missed][0] ?? 'fails';
}

const heading = (what: string, command: string): string =>
  `# ${what} by example\n\nThis page is generated from what the scenarios that it names come to: \`${command}\` runs one as it is written and as each of its variants.\n`;

/** One row for each fault. */
export function faultsPage(examples: readonly Example[]): string {
  const about = new Map(catalogue('faults').map((entry) => [entry.name, entry.about]));
  const rows = faultKinds.map((kind) => {
    const example = exampleOfFault(kind, examples)!;
    const mends = example.endings.slice(1).map(({ variant, verdict }) => `${variant}: ${verdict}`).join('; ');
    return `| \`${kind}\` | ${inCell(about.get(kind)!)} | ${linkTo(example)}: ${inCell(example.about)} | ${inCell(failureOf(example.endings[0]!))} | ${inCell(mends)} |`;
  });
  return [heading('Faults', 'faultline compare FILE'), '[Faults](faults.md) tells of their settings.', '', '| fault | what it is | shown by | as written it breaks | and otherwise |', '|---|---|---|---|---|', ...rows, ''].join('\n');
}

/** One row for each guarantee. */
export function guaranteesPage(examples: readonly Example[]): string {
  const rows = claimNames.map((claim) => {
    const { broken, kept } = examplesOfClaim(claim, examples);
    const { id, means } = invariants[claim];
    const breaks = broken === undefined ? 'only by a bug of a model: `npm run matrix` plants such' : `${linkTo(broken.example)}${variantOf(broken.ending)}: ${inCell(broken.ending.verdicts[claim]!.replace(/^fail: /, ''))}`;
    return `| \`${claim}\` | ${id} | ${inCell(means)} | ${breaks} | ${kept === undefined ? '' : `${linkTo(kept.example)}${variantOf(kept.ending)}`} |`;
  });
  return [heading('Guarantees', 'faultline compare FILE'), '[Guarantees](guarantees.md) has their definitions.', '', '| guarantee | number | what it says | broken by | kept under faults by |', '|---|---|---|---|---|', ...rows, ''].join('\n');
}

const variantOf = ({ variant }: Ending): string => (variant === asWritten ? '' : ` (${variant})`);
