import type { CapacityResult, Staffing, StaffingCheck } from '../../scenarios/capacity-result.ts';
import { estimate } from '../capacity-words.ts';
import { html, type Markup } from '../html.ts';
import { figures, type Panel, table, words } from '../panel.ts';
import { quantity } from '../numbers.ts';
import { verdictSymbol } from '../verdict-words.ts';

export const staffing: Panel<CapacityResult> = {
  id: 'staffing',
  title: 'How many workers',
  question: 'What is the least number of workers that meets each objective, now and at a higher load?',
  render({ staffing: all, objectives }) {
    if (all.length === 0) return [];
    const later = all[0]!.predicted.filter(({ load }) => load !== 1);
    const columns = [words('Objective'), words('Group'), figures('Now'), figures('Least'), figures('By theory'), ...later.map(({ load }) => figures(`At ${quantity(load, '')} ×`)), words('Simulated'), words('Remark')];
    const unitOf = (each: Staffing) => objectives.find(({ objective }) => objective === each.objective)?.unit ?? '';
    return [table('Least number of workers', columns, all.map((each) => row(each, unitOf(each))), 'By theory where a model has an answer, confirmed by simulation at that number and one below; higher loads by theory alone.')];
  },
};

function row({ objective, group, now, least, predicted, checks, remark }: Staffing, unit: 's' | '/s' | '') {
  const number = (workers: number | null | undefined): string => (workers === null || workers === undefined ? '–' : String(workers));
  return [
    html`<code>${objective}</code>`, group, String(now), html`<strong>${number(least)}</strong>`, number(predicted.find(({ load }) => load === 1)?.workers),
    ...predicted.filter(({ load }) => load !== 1).map(({ workers }) => number(workers)), html`<ul class="checks">${checks.map((check) => checkItem(check, unit))}</ul>`, remark,
  ];
}

function checkItem({ workers, simulated, met, isClose }: StaffingCheck, unit: 's' | '/s' | ''): Markup {
  return html`<li>${verdictSymbol[met === null ? 'unknown' : met ? 'pass' : 'fail']} ${String(workers)}: ${estimate(simulated, unit)}${isClose ? ', close' : ''}</li>`;
}
