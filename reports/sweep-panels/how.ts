import type { TheorySweep } from '../../scenarios/theory-result.ts';
import { html } from '../html.ts';
import { type Panel, passage } from '../panel.ts';
import { parameterTexts, trustSentence } from '../theory-words.ts';

export const how: Panel<TheorySweep> = {
  id: 'how',
  title: 'Where these numbers come from',
  question: 'What was asked, what is assumed, and how far can it be trusted?',
  render(sweep) {
    const facts = [...parameterTexts(sweep), ['model', `${sweep.title}. ${sweep.about}`], ['accuracy', trustSentence(sweep)], ['source', sweep.source]] as const;
    return [
      passage(html`<pre class="command" tabindex="0"><code data-copy="command">${sweep.reproduce.command}</code></pre>
<ul>${sweep.assumptions.map((assumption) => html`<li>${assumption}</li>`)}</ul>
<dl class="methods">${facts.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`),
    ];
  },
};
