import type { QuantityName, TheorySweep } from '../../scenarios/theory-result.ts';
import { html } from '../html.ts';
import { type Panel, passage } from '../panel.ts';
import { sweepChart } from '../sweep-chart.ts';

/** More lines than colours cannot be told apart. */
const linesMax = 8;

export const curves: Panel<TheorySweep> = {
  id: 'curves',
  title: 'What it does',
  question: 'How does each metric change with the parameter, and where does it begin to run away?',
  render(sweep) {
    const charts = groups(sweep).map(([quantity, metrics], index) => sweepChart(`chart-${index + 1}`, sweep, quantity, metrics));
    const meanings = sweep.chosen.map((name) => html`<div><dt>${name}</dt><dd>${sweep.meanings[name]?.about ?? ''}</dd></div>`);
    return [...charts, passage(html`<dl class="methods">${meanings}</dl>`)];
  },
};

/** Metrics of one quantity share a chart, but for plain numbers, which may be numbers of anything. */
function groups({ chosen, meanings, points }: TheorySweep): readonly (readonly [QuantityName, readonly string[]])[] {
  const drawable = chosen.filter((name) => points.some(({ metrics }) => typeof metrics[name] === 'number'));
  const quantityOf = (name: string): QuantityName => meanings[name]?.quantity ?? 'number';
  const shared = (['time', 'probability', 'rate', 'count'] as const).flatMap((quantity) => {
    const names = drawable.filter((name) => quantityOf(name) === quantity);
    return Array.from({ length: Math.ceil(names.length / linesMax) }, (_, part) => [quantity, names.slice(part * linesMax, (part + 1) * linesMax)] as const);
  });
  return [...shared, ...drawable.filter((name) => quantityOf(name) === 'number').map((name) => ['number', [name]] as const)];
}
