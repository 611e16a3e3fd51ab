/** Published failures for a terminal: which there are, how each breaks and is mended, and what a search made of them. */
import picocolors from 'picocolors';
import type { IncidentFacts, PlayedFigure, PlayedIncident, PlayedVariant, SoughtIncident } from '../scenarios/incident-result.ts';
import { costText } from './cost-words.ts';
import { count, plural } from './numbers.ts';
import { printable } from './readable.ts';
import { verdictSymbol } from './verdict-words.ts';
import { wrap } from './wrapping.ts';

interface Look {
  readonly colour: boolean;
  readonly width: number;
}

export function formatIncidentList(incidents: readonly IncidentFacts[], { colour, width }: Look): string {
  const { bold } = picocolors.createColors(colour);
  const lines = incidents.flatMap(({ id, title, breaks, source }) => [...wrap(`${id}  ${printable(title)}: breaks ${breaks}`, width, 2, 7).map((line) => line.replace(id, bold(id))), ...wrap(printable(source), width, 7, 7)]);
  return [...lines, '', 'faultline incidents C21 plays one, --all all of them; --search has check look for them.'].join('\n');
}

export function formatPlayed(incident: PlayedIncident, { colour, width }: Look): string {
  const { bold, dim, green, red } = picocolors.createColors(colour);
  const { id, title, about, source, published, variants, agrees, breaks, file } = incident;
  const mark = agrees ? '✓ as published' : '✗ NOT as published';
  // Colours last: they take no room.
  return [
    ...wrap(`${id}  ${printable(title)}: ${mark}`, width, 0, 2).map((line) => bold((agrees ? green : red)(line))), ...wrap(printable(about), width, 2, 2), ...wrap(`Published: ${printable(published)}`, width, 2, 4), ...wrap(`Source: ${printable(source)}`, width, 2, 4).map((line) => dim(line)),
    ...variants.flatMap((variant, index) => ['', ...variantLines(variant, breaks, index === 0, width)]),
    '', dim(`  npx faultline compare ${file}`), dim(`  npx faultline check ${file}`),
  ].join('\n');
}

function variantLines({ variant, expected, verdict, claim, figures, cost }: PlayedVariant, breaks: string, isFirst: boolean, width: number): string[] {
  const judged = claim === undefined ? `${breaks} is not claimed` : `${breaks} ${verdictSymbol[claim]} ${claim}`;
  const all = verdict === expected ? '' : `; in all ${verdict}, where ${expected} was expected`;
  return [
    ...wrap(`${isFirst ? 'before, as written' : `${claim === 'fail' ? 'also' : 'after'}, ${printable(variant)}`}: ${judged}${all}`, width, 2, 4),
    ...figures.flatMap((figure) => wrap(figureText(figure), width, 4, 8)),
    ...(isFirst ? [] : wrap(`price where no fault strikes: ${costText(cost)}`, width, 4, 8)),
  ];
}

function figureText({ figure, wanted, got, agrees }: PlayedFigure): string {
  const expected = typeof wanted === 'number' ? plain(wanted) : `${plain(wanted[0])} to ${plain(wanted[1])}`;
  return `${agrees ? '✓' : '✗'} ${figure} ${got === null ? 'never' : plain(got)}${agrees && typeof wanted === 'number' ? ', exactly' : `, wanted ${expected}`}`;
}

function plain(value: number): string {
  return Number.isInteger(value) ? count(value) : String(Number(value.toFixed(3)));
}

/** @param took seconds, of each */
export function formatSought(sought: readonly SoughtIncident[], took: readonly number[], { colour, width }: Look): string {
  const { bold, green, red } = picocolors.createColors(colour);
  const blocks = sought.map(({ id, name, breaks, foundAt, schedules, shrinkRuns, faults, messages, plan, mends }, index) => [
    ...wrap(`${foundAt === null ? '✗' : '✓'} ${id} ${printable(name)} (${took[index]!.toFixed(1)} s)`, width, 0, 2).map((line) => bold((foundAt === null ? red : green)(line))),
    ...(foundAt === null ? wrap(`${breaks} was not broken in ${plural(schedules, 'schedule')}`, width, 4, 6) : [
      ...wrap(`${breaks} broken by schedule ${count(foundAt)}, shrunk in ${plural(shrinkRuns!, 'run')} to ${plural(faults!, 'fault')} and ${plural(messages!, 'message')}`, width, 4, 6),
      ...plan.flatMap((fault) => wrap(printable(fault), width, 6, 8)),
      ...wrap(mends.length === 0 ? 'mended by no single setting that was tried' : `mended by ${printable(mends.join('; '))}`, width, 4, 6),
    ]),
  ].join('\n'));
  const found = sought.filter(({ foundAt }) => foundAt !== null).length;
  return `${blocks.join('\n')}\n\n${bold(`${found} of ${sought.length} found`)}`;
}
