import type { ClaimVerdict, ObjectiveResult, RunResult, Verdict, Witness } from '../../scenarios/result.ts';
import { html, type Markup, nothing } from '../html.ts';
import { instant, interval, plural, quantity } from '../numbers.ts';
import { isClose, limitText, marginText } from '../objective-text.ts';
import { type Block, figures, type Panel, passage, table, words } from '../panel.ts';
import { verdictMark } from '../verdict-mark.ts';
import { violationsText, locationText } from '../verdict-words.ts';

export const claims: Panel = {
  id: 'claims',
  title: 'Claims and objectives',
  question: 'Does the system keep its promises, and with how much room?',
  render(result) {
    return [...claimTable(result), ...objectiveTable(result), ...observationTable(result)];
  },
};

function claimTable(result: RunResult): readonly Block[] {
  if (result.verdicts.length === 0) return [passage(html`<p>The scenario claims nothing.</p>`)];
  return [table('Claims', claimColumns, result.verdicts.map(claimRow))];
}

function observationTable(result: RunResult): readonly Block[] {
  if (result.observations.length === 0) return [];
  return [table('Broken without having been claimed', claimColumns, result.observations.map(claimRow), 'These do not change the verdict: the scenario does not promise them.')];
}

const claimColumns = [words('Claim'), words('Verdict'), words('Reason'), words('Witness')];

function claimRow(claim: ClaimVerdict) {
  return [
    html`<code>${claim.claim}</code> <small>${claim.id}</small>`,
    verdictMark(claim.verdict),
    reason(claim),
    claim.witness === undefined ? '–' : witnesses(claim.witness, claim.witnesses ?? []),
  ];
}

function reason(claim: ClaimVerdict): Markup {
  const parts = [claim.reason ?? '', violationsText(claim), locationText(claim)].filter((part) => part !== '');
  return html`${parts.length === 0 ? '–' : parts.join('; ')}`;
}

function witnesses(worst: Witness, all: readonly Witness[]): Markup {
  const others = all.filter((witness) => witness.message !== worst.message);
  if (others.length === 0) return witnessText(worst);
  const items = others.map((witness) => html`<li>${witnessText(witness)}</li>`);
  return html`${witnessText(worst)}<details><summary>${plural(others.length, 'other witness', 'other witnesses')}</summary><ul>${items}</ul></details>`;
}

function witnessText(witness: Witness): Markup {
  return html`message <code>${witness.message}</code> at ${instant(witness.at)}: ${witness.summary}`;
}

function objectiveTable(result: RunResult): readonly Block[] {
  if (result.objectives.length === 0) return [passage(html`<p>The scenario sets no objectives.</p>`)];
  const columns = [words('Objective'), words('Met'), figures('Value'), figures('Limit'), figures('Margin'), figures('95 % interval'), words('Estimated by')];
  const note = result.objectives.some(isClose) ? 'Close: the interval reaches past the limit, so another seed may decide otherwise.' : undefined;
  return [table('Objectives (a margin with a plus is room left)', columns, result.objectives.map(objectiveRow), note)];
}

function objectiveRow(objective: ObjectiveResult) {
  const verdict: Verdict = objective.met === null ? 'unknown' : objective.met ? 'pass' : 'fail';
  const word = objective.met === null ? 'not measured' : objective.met ? 'met' : 'missed';
  return [
    html`<code>${objective.objective}</code>`,
    html`${verdictMark(verdict, word)}${isClose(objective) ? html` <small>close</small>` : nothing}`,
    quantity(objective.value, objective.unit),
    limitText(objective),
    marginText(objective),
    interval(objective.interval, objective.unit),
    objective.estimator,
  ];
}
