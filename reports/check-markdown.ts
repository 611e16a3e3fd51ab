/** What searches found as Markdown, for the summary of a CI job. */
import type { CheckFinding, CheckResult } from '../scenarios/check-result.ts';
import { costText } from './cost-words.ts';
import { plural } from './numbers.ts';
import { printable } from './readable.ts';
import { ledgerLine, verdictSymbol } from './verdict-words.ts';

export function checkMarkdown(results: readonly CheckResult[]): string {
  const rows = results.map(({ scenario, verdict, reason, plans, effective, seed }) => `| ${text(scenario)} | ${verdictSymbol[verdict]} ${verdict} | ${text(reason)} | ${plans}, of which ${effective} changed something | ${seed} |`);
  return ['## Faultline', '', '| scenario | verdict | | schedules | seed |', '|---|---|---|---|---|', ...rows, '', ...results.flatMap(({ scenario, findings }) => findings.flatMap((finding) => findingLines(scenario, finding)))].join('\n');
}

function findingLines(scenario: string, finding: CheckFinding): string[] {
  const { claim, id, reason, plan, changed, smallest, story, whatIf, result } = finding;
  return [
    `### ${text(scenario)}: ${claim} (${id})`, '', `${text(reason)}. The smallest plan has ${plural(smallest.faults, 'fault')} and ${plural(smallest.messages, 'message')}:`, '',
    ...fenced('yaml', [...(plan.length === 0 ? ['# no fault is needed'] : plan), ...changed.map((setting) => `# with ${setting}`)]), '',
    ...(story === undefined ? [] : [`What happened to ${text(story.message)}:`, '', ...fenced('', story.life.map(({ at, text: what, where }) => `${at.toFixed(6)} s  ${where === '' ? '' : `${where}: `}${what}`)), '']),
    `Ledger: ${text(ledgerLine(result))}`, '',
    ...(whatIf.length === 0 ? ['No single setting that was tried mends it.'] : ['| mends it | costs |', '|---|---|', ...whatIf.map(({ setting, cost }) => `| ${text(setting)} | ${text(costText(cost))} |`)]), '',
  ];
}

/** Nothing of a name is taken for markup. */
function text(written: string): string {
  return printable(written).replaceAll(/\s+/g, ' ').replaceAll(/[\\`*_{}[\]<>|#]/g, (character) => `\\${character}`);
}

function fenced(language: string, lines: readonly string[]): string[] {
  return [`\`\`\`${language}`, ...lines.map((line) => printable(line).replaceAll('`', "'")), '```'];
}
