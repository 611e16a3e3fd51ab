import type { CapacityResult, ObjectiveCapacity } from '../../scenarios/capacity-result.ts';
import { estimate, times } from '../capacity-words.ts';
import { html, nothing } from '../html.ts';
import { quantity } from '../numbers.ts';
import { figures, type Panel, passage, table, words } from '../panel.ts';
import { verdictMark } from '../verdict-mark.ts';

export const objectives: Panel<CapacityResult> = {
  id: 'objectives',
  title: 'Objectives',
  question: 'Is each objective met at this load, and until which load would it be?',
  render({ objectives: all }) {
    if (all.length === 0) return [passage(html`<p>The scenario sets no objectives, so the only limit is saturation. Write some, as in <code>objectives: ['p99(workers.sojourn) &lt; 2s']</code>.</p>`)];
    const columns = [words('Objective'), words('Met'), figures('Predicted'), figures('Simulated (95 %)'), figures('Met until, by theory'), figures('Met at, simulated'), figures('Missed at, simulated')];
    return [table('Objectives at the asked load, and the loads at which they end', columns, all.map(row), 'Loads are multiples of the load asked for. Close: the interval reaches past the limit. Refuted: a simulated load says clearly otherwise, and is believed.')];
  },
};

function row({ objective, unit, met, isClose, predicted, simulated, predictedUntil, isRefuted, metAt, missedAt }: ObjectiveCapacity) {
  const mark = verdictMark(met === null ? 'unknown' : met ? 'pass' : 'fail', met === null ? 'not measured' : met ? 'met' : 'missed');
  return [
    html`<code>${objective}</code>`, html`${mark}${isClose ? html` <small>close</small>` : nothing}`, predicted === null ? '–' : quantity(predicted, unit), estimate(simulated, unit),
    html`${times(predictedUntil)}${isRefuted ? html` <small>refuted</small>` : nothing}`, times(metAt), times(missedAt),
  ];
}
