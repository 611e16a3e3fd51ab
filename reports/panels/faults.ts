import { html } from '../html.ts';
import { count, instant } from '../numbers.ts';
import { figures, type Panel, passage, table, words } from '../panel.ts';

export const faults: Panel = {
  id: 'faults',
  title: 'Faults',
  question: 'What was broken, when, and did it change anything?',
  render(result) {
    if (result.faults.length === 0) return [passage(html`<p>No fault struck.</p>`)];
    const columns = [words('Fault'), words('What'), words('Target'), figures('Begin'), figures('End'), words('What it changed'), figures('Changes')];
    const rows = result.faults.map((fault) => [
      fault.id, fault.label, html`<code>${fault.target}</code>`, instant(fault.begin), fault.end === null ? 'never' : instant(fault.end),
      fault.effect === '' ? html`<strong>nothing</strong>` : fault.effect, count(fault.changed),
    ]);
    const idle = result.faults.some((fault) => fault.effect === '');
    return [table('Faults, in the order of the scenario', columns, rows, idle ? 'A fault that changed nothing has proven nothing: look at its target and its time.' : undefined)];
  },
};
