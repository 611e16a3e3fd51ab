import { html } from '../html.ts';
import { instant, plural, significant } from '../numbers.ts';
import { type Panel, passage } from '../panel.ts';

export const methods: Panel = {
  id: 'methods',
  title: 'How these numbers were made',
  question: 'What does each number mean, and how far can it be trusted?',
  render(result) {
    const { window, times } = result.series;
    const { warmUp } = result.phases;
    const own: readonly (readonly [string, string])[] = [
      ['time', 'All times are simulated time. The computer this ran on has no part in them.'],
      ['windows', times.length === 0 ? 'There were no windows.' : `The charts over time have ${plural(times.length, 'window')} of ${significant(window)} s each, drawn at their middle.`],
      [
        'what is counted',
        warmUp > 0
          ? `Statistics leave out the first ${instant(warmUp)} of warm-up. The account of messages, the verdicts and the charts cover the whole run.`
          : 'There was no warm-up: statistics cover the measured phase, and the account of messages, the verdicts and the charts the whole run.',
      ],
      ['one run', 'This is one run of one seed. An interval of 95 % says how far its value may lie from that of an endless run; another seed draws other arrivals and service times.'],
    ];
    const entries = [...Object.entries(result.methods), ...own];
    return [passage(html`<dl class="methods">${entries.map(([name, text]) => html`<div><dt>${name}</dt><dd>${text}</dd></div>`)}</dl>`)];
  },
};
