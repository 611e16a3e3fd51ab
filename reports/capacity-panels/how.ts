import type { CapacityResult } from '../../scenarios/capacity-result.ts';
import { html, nothing } from '../html.ts';
import { instant } from '../numbers.ts';
import { type Panel, passage } from '../panel.ts';

export const how: Panel<CapacityResult> = {
  id: 'how',
  title: 'How these numbers were made',
  question: 'What was assumed, how can I have this again, and how far can it be trusted?',
  render({ notes, methods, reproduce, replications, phases, seed, version }) {
    return [
      passage(html`<pre class="command" tabindex="0"><code data-copy="command">${reproduce.command}</code></pre>
${notes.length === 0 ? nothing : html`<ul>${notes.map((note) => html`<li>${note}</li>`)}</ul>`}
<dl class="methods">${Object.entries(methods).map(([name, text]) => html`<div><dt>${name}</dt><dd>${text}</dd></div>`)}
<div><dt>runs</dt><dd>${String(replications)} replications of each point, ${instant(phases.measure)} measured after ${instant(phases.warmUp)} of warm-up, seeds from ${String(seed)} on; Faultline ${version}.</dd></div></dl>`),
    ];
  },
};
