/** What a search found, for a terminal: the smallest plan, one message's story, the books, what mends it, and a line that has it again. */
import pc from 'picocolors';
import type { CheckFinding, CheckResult } from '../scenarios/check-result.ts';
import { count, plural, seconds } from './numbers.ts';
import { costText } from './cost-words.ts';
import { printable } from './readable.ts';
import { formatExplanation } from './story.ts';
import { verdictSymbol, ledgerLine } from './verdict-words.ts';
import { wrap } from './wrapping.ts';

export interface CheckText {
  readonly colour: boolean;
  readonly width: number;
  /** Where each finding was written; absent where it was not. */
  readonly files: ReadonlyMap<CheckFinding, string>;
}

export function formatCheck(result: CheckResult, { colour, width, files }: CheckText): string {
  const { bold, green, red, yellow } = pc.createColors(colour);
  const paint = { pass: green, fail: red, unknown: yellow }[result.verdict];
  const head = `${paint(bold(`${verdictSymbol[result.verdict]} ${result.verdict.toUpperCase()}`))} ${printable(result.scenario)}: ${result.reason}`;
  const searched = `${plural(result.plans, 'schedule')} run, seed ${result.seed}: faults changed something in ${count(result.effective)}${result.refused > 0 ? `, and ${count(result.refused)} were refused by the scenario` : ''}.`;
  return [head, searched, ...result.findings.flatMap((finding) => ['', ...findingLines(finding, { colour, width, files })]), ...(result.findings.length === 0 ? ['', ...reachedLines(result, width)] : [])].join('\n');
}

/** One finding alone. @param file where it was written */
export function formatFinding(finding: CheckFinding, { file, ...look }: Omit<CheckText, 'files'> & { readonly file: string }): string {
  return findingLines(finding, { ...look, files: new Map([[finding, file]]) }).join('\n');
}

function findingLines(finding: CheckFinding, { colour, width, files }: CheckText): string[] {
  const { bold, dim } = pc.createColors(colour);
  const { original, smallest, story, result } = finding;
  const file = files.get(finding);
  return [
    bold(`${finding.claim} (${finding.id}): ${finding.reason}`),
    ...wrap(`Found by schedule ${finding.foundAt}, shrunk in ${plural(finding.shrinkRuns, 'run')}: ${plural(original.faults, 'fault')}, ${plural(original.messages, 'message')}, ${seconds(original.seconds)}; now ${plural(smallest.faults, 'fault')}, ${plural(smallest.messages, 'message')}, ${seconds(smallest.seconds)}.`, width, 2, 2),
    '', '  Smallest failing plan',
    ...(finding.plan.length === 0 ? ['    no fault is needed: it is broken where nothing goes wrong'] : []),
    ...finding.plan.flatMap((fault, index) => wrap(`F${index + 1}  ${printable(fault)}`, width, 4, 8)),
    ...finding.changed.flatMap((setting) => wrap(`with ${printable(setting)}`, width, 4, 8)),
    ...(story === undefined ? [] : ['', '  What happened', ...formatExplanation(story, { colour, width: width - 2 }).split('\n').map((line) => (line === '' ? '' : `  ${line}`))]),
    '', ...wrap(`Ledger  ${ledgerLine(result)}`, width, 2, 4),
    ...alsoLines(finding, width),
    '', ...mendLines(finding, width),
    ...(file === undefined ? [] : ['', dim('  Again'), `    npx faultline run ${file}`, ...(story === undefined ? [] : [`    npx faultline explain ${file} --message ${story.message}`])]),
  ];
}

function alsoLines({ claim, result }: CheckFinding, width: number): string[] {
  const of = (verdict: string): string => result.verdicts.filter((each) => each.verdict === verdict && each.claim !== claim).map((each) => each.claim).join(' ') || 'none';
  return wrap(`Also violated: ${of('fail')}. Not violated: ${of('pass')}. Unknown: ${of('unknown')}.`, width, 2, 4) as string[];
}

function mendLines({ whatIf, isCut }: CheckFinding, width: number): string[] {
  if (isCut) return wrap('The search was ended while it was shrunk: it may be smaller, and no settings were tried.', width, 2, 2) as string[];
  if (whatIf.length === 0) return wrap('No single setting that was tried mends it.', width, 2, 2) as string[];
  return ['  Does a setting mend it? The same plan, and what it costs where nothing goes wrong', ...whatIf.flatMap(({ setting, verdict, cost }) => wrap(`${verdictSymbol[verdict]} ${setting}: ${costText(cost)}`, width, 4, 8))];
}

/** What a pass rests on. */
function reachedLines({ reached, neverReached, canaries }: CheckResult, width: number): string[] {
  const told = Object.entries(reached).filter(([path]) => !path.startsWith('fault.')).map(([path, plans]) => `${path} ${count(plans)}`);
  const caught = canaries.filter(({ isCaught }) => isCaught).length;
  return [
    ...(neverReached.length === 0 ? [] : wrap(`Never happened, though the scenario could come to it: ${neverReached.join(', ')}. More schedules (--runs), or more messages (--messages), may reach it.`, width, 0, 2)),
    ...(canaries.length === 0 ? [] : wrap(`Mistakes planted to see whether they would be noticed: ${caught} of ${canaries.length} were.`, width, 0, 2)),
    ...canaries.filter(({ isCaught }) => !isCaught).flatMap(({ mistake, claim }) => wrap(`not noticed: ${mistake}, by ${claim}`, width, 2, 4)),
    ...wrap(told.length === 0 ? 'No rare path was gone.' : `Rare paths, and in how many schedules each was gone: ${told.join(', ')}.`, width, 0, 2),
  ];
}
