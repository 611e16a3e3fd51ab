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
        'warm-up',
        `${warmUp > 0 ? `The first ${instant(warmUp)} are warm-up, which the key figures leave out.` : 'There was no warm-up.'} The account of messages, the verdicts and the charts over time cover the whole run.`,
      ],
      ['one run', 'This is one run of one seed. Another seed draws other arrivals and service times, and gives other numbers: try several before you rely on a small margin.'],
    ];
    const entries = [...Object.entries(result.methods).map(([name, text]) => [inWords(name), text] as const), ...own];
    return [passage(html`<dl class="methods">${entries.map(([name, text]) => html`<div><dt>${name}</dt><dd>${text}</dd></div>`)}</dl>`)];
  },
};

/** `meanInSystem` reads as mean in system. */
function inWords(name: string): string {
  return name.replace(/(?<=[a-z])[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}
