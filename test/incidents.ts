/** Published failures, played and searched for, and the page that is made of that. */
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { costText } from '../reports/cost-words.ts';
import type { PlayedIncident, SoughtIncident, Wanted } from '../scenarios/incident-result.ts';
import { projectRoot } from './source-files.ts';

const folder = path.join('scenarios', 'incidents');
export const incidentFiles: readonly string[] = readdirSync(path.join(projectRoot, folder)).filter((file) => file.endsWith('.yaml')).sort().map((file) => path.join(projectRoot, folder, file));

const inCell = (text: string): string => text.replaceAll('|', '\\|').replaceAll(/\s+/g, ' ').trim();
const linkTo = ({ id, name }: { readonly id: string; readonly name: string }): string => `[${id}](../${folder}/${name}.yaml)`;
const wantedText = (wanted: Wanted): string => (typeof wanted === 'number' ? String(wanted) : `${wanted[0]} to ${wanted[1]}`);

export function incidentsPage(played: readonly PlayedIncident[], sought: readonly SoughtIncident[]): string {
  const rows = played.flatMap((incident) => incident.variants.map(({ variant, claim, figures, cost }, index) => {
    const told = figures.map(({ figure, wanted }) => `\`${figure}\` ${wantedText(wanted)}`).join(', ');
    const price = index === 0 ? '' : costText(cost);
    return `| ${index === 0 ? linkTo(incident) : ''} | ${inCell(variant)} | \`${incident.breaks}\` ${claim ?? 'not claimed'} | ${told} | ${price} |`;
  }));
  const facts = played.map((incident) => `| ${linkTo(incident)} | ${inCell(incident.title)} | ${inCell(incident.published)} | ${inCell(incident.source)} |`);
  const found = sought.map(({ foundAt, breaks, shrinkRuns, faults, messages, plan, mends, ...incident }) =>
    `| ${linkTo(incident)} | \`${breaks}\` | ${foundAt} | ${shrinkRuns} | ${faults} | ${messages} | ${plan.map((fault) => `\`${inCell(fault)}\``).join('<br>') || 'none is needed'} | ${mends.map((mend) => `\`${inCell(mend)}\``).join('<br>') || 'none was tried that does'} |`);
  return [
    '# Published failures', '',
    'This page is generated. `faultline incidents` lists these, `faultline incidents C21` plays one, `faultline incidents --search` makes the last table.', '',
    '| incident | what | published | source |', '|---|---|---|---|', ...facts, '',
    '## Before and after', '',
    'Each as it is written, and with each of its settings that mend it (or show more of it): how the claim ends, the figures that have to come out to the last digit or within what was published, and the price where no fault strikes.', '',
    '| incident | setting | claim | figures | price |', '|---|---|---|---|---|', ...rows, '',
    '`told.` are figures of the history: `calls` of handlers, when the last message was `doneAt` and handlers were `busyUntil`, when a confirm came in time again (`resumedAt`) after all faults and how many did (`succeededAfterFaults`), and publishes that the broker had not come to (`publishesWaiting`).', '',
    '## What a search finds', '',
    'From the configuration before, its own faults left out, `faultline check` looked for a schedule that breaks the claim: which schedule did, in how many runs it was shrunk, to what, and which settings it found to mend it.', '',
    '| incident | claim | schedule | runs to shrink | faults | messages | smallest plan | mended by |', '|---|---|---|---|---|---|---|---|', ...found, '',
  ].join('\n');
}
