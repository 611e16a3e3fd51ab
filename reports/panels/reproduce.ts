import { html, type Markup } from '../html.ts';
import { count, instant } from '../numbers.ts';
import { type Panel, passage } from '../panel.ts';

export const reproduce: Panel = {
  id: 'reproduce',
  title: 'Reproduce this run',
  question: 'How do I get exactly this again? The same command gives the same events in the same order, and the same fingerprint.',
  render(result) {
    const { warmUp, measure, drain } = result.phases;
    const facts: readonly (readonly [string, Markup])[] = [
      ['Seed', html`<code data-copy="seed">${String(result.seed)}</code>`],
      ['Fingerprint', html`<code data-copy="fingerprint">${result.fingerprint}</code>`],
      ['Scenario file', html`<code>${result.reproduce.file}</code>`],
      ...(result.reproduce.variant === undefined ? [] : [['Variant', html`${result.reproduce.variant}`] as const]),
      ['Settings changed', result.reproduce.set.length === 0 ? html`none` : html`<code>${result.reproduce.set.join(' ')}</code>`],
      ['Simulated', html`${instant(result.simulatedSeconds)} (warm-up ${instant(warmUp)}, measured ${instant(measure)}, drain ${instant(drain)})`],
      ['Ended', html`${result.ended.detail === '' ? endings[result.ended.reason] : result.ended.detail}`],
      ['Events', html`${count(result.events)}`],
      ['Faultline', html`${result.version}`],
    ];
    return [
      passage(html`<pre class="command" tabindex="0"><code data-copy="command">${result.reproduce.command}</code></pre>
<dl class="facts">${facts.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`),
    ];
  },
};

const endings = {
  drained: 'all queues were empty',
  time: 'the simulated time was up',
  'event-limit': 'the event limit was reached',
  capacity: 'a limit of the simulator was reached',
} as const;
