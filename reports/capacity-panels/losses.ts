import type { CapacityResult, OutageAnswer, WorkerLoss } from '../../scenarios/capacity-result.ts';
import { estimate } from '../capacity-words.ts';
import { html } from '../html.ts';
import { count, seconds, share } from '../numbers.ts';
import { type Block, figures, type Panel, passage, table, words } from '../panel.ts';

export const losses: Panel<CapacityResult> = {
  id: 'losses',
  title: 'When something is lost',
  question: 'What does it cost to lose a worker, and what does an outage leave behind?',
  render({ losses: workers, outages }) {
    return [...workerTable(workers), ...outageTable(outages)];
  },
};

function workerTable(losses: readonly WorkerLoss[]): readonly Block[] {
  if (losses.length === 0) return [];
  const columns = [words('Group'), figures('Workers'), figures('Utilisation'), figures('Mean sojourn'), figures('p99 sojourn'), figures('Predicted p99'), words('Missed then')];
  const rows = losses.flatMap(({ group, workers, before, after, broken }) => [
    [group, String(workers), share(before.utilisation), estimate(before.mean, 's'), estimate(before.p99, 's'), before.predictedP99 === null ? '–' : seconds(before.predictedP99), ''],
    [html`${group}, one less`, String(workers - 1), share(after.utilisation), estimate(after.mean, 's'), estimate(after.p99, 's'), after.predictedP99 === null ? '–' : seconds(after.predictedP99), broken.length === 0 ? 'nothing more' : broken.join('; ')],
  ]);
  const overloaded = losses.some(({ after }) => after.utilisation >= 1);
  return [table('One worker less, for good', columns, rows, overloaded ? 'Above 100 % there is no steady state: simulated latencies then only say how long was simulated.' : undefined)];
}

function outageTable(outages: readonly OutageAnswer[]): readonly Block[] {
  if (outages.length === 0) return [];
  const columns = [words('Gone'), figures('For'), words('Queue'), figures('Backlog, fluid'), figures('Backlog, simulated (95 %)'), figures('Drained after, fluid'), figures('Drained after, simulated (95 %)')];
  const rows = outages.map(({ what, length, queue, fluid, simulated }) => [
    what, seconds(length), queue, count(Math.round(fluid.peakBacklog)), estimate(simulated.peakBacklog, ''), seconds(fluid.drainTime), estimate(simulated.drainTime, 's'),
  ]);
  const finest = Math.max(...outages.map(({ simulated }) => simulated.resolution));
  // A sentence in a column of its own would leave the figures no room.
  const remarks = outages.filter(({ remark }) => remark !== '').map(({ what, remark }) => html`<li>${what}: ${remark}</li>`);
  return [
    table('Outages', columns, rows, `Backlog: ready messages at the most. Simulated times to drain are told apart to ${seconds(finest)}.`),
    ...(remarks.length === 0 ? [] : [passage(html`<ul class="note">${remarks}</ul>`)]),
  ];
}
