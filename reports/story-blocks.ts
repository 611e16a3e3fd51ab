/** One message's life as blocks of a page: how it ended, what it broke and when, where its time went, and the picture of it. */
import type { Explanation } from '../scenarios/result.ts';
import { html, type Markup, nothing } from './html.ts';
import { instant, seconds, share } from './numbers.ts';
import { type Block, type Chart, figures, passage, table, words } from './panel.ts';
import { spaceTime } from './space-time.ts';

export function storyBlocks(explanation: Explanation): readonly Block[] {
  return [passage(ending(explanation)), chart(explanation), ...partsOf(explanation)];
}

function ending({ message, fate, broken, hitBy }: Explanation): Markup {
  const first = broken.map(({ claim, id, at, summary }, index) => html`<li><code>${claim}</code> (${id}) ${index === 0 && broken.length > 1 ? 'first of all, ' : ''}at ${instant(at)}: ${summary}</li>`);
  return html`<p><code>${message}</code>: ${fate}${hitBy.length === 0 ? nothing : html` It was hit by ${hitBy.join(', ')}.`}</p>${broken.length === 0 ? nothing : html`<p>It breaks</p><ul>${first}</ul>`}`;
}

function chart(explanation: Explanation): Chart {
  const { spec, left } = spaceTime(explanation);
  const { life, message } = explanation;
  return {
    kind: 'chart', id: 'life', title: `The life of ${message}`, overTime: false, still: spec,
    label: `The life of ${message}: ${life.slice(0, 40).map(({ at, where, text }) => `${instant(at)} ${where === '' ? '' : `${where} `}${text}`).join('; ')}.`,
    note: `From top to bottom in the order of time, one row for each thing that happened; bands are faults.${left > 0 ? ` ${left} rows in the middle are left out.` : ''}`,
    table: table(`The life of ${message}`, [figures('When'), words('Where'), words('What'), words('During')], life.map(({ at, where, text, during }) => [instant(at), where, text, during.join(', ')])),
  };
}

function partsOf({ spent }: Explanation): readonly Block[] {
  const sum = spent.reduce((total, { nanoseconds }) => total + nanoseconds, 0);
  if (sum === 0) return [];
  const rows = spent.map(({ part, nanoseconds, seconds: time }) => [part, seconds(time), share(nanoseconds / sum)]);
  return [table('Where its time went', [words('Part'), figures('Time'), figures('Share')], [...rows, ['all of it, to its first effect or to the last that is known of it', seconds(sum / 1e9), '100 %']])];
}
