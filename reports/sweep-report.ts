/** Answers over a range in, one HTML page out, which needs nothing but itself. The same answers give the same bytes. */
import type { TheorySweep } from '../scenarios/theory-result.ts';
import { answers, downloadSection, heading, panelSection } from './blocks.ts';
import { browserBundle } from './browser-bundle.ts';
import { documentPage } from './document.ts';
import { type Charts, drawAll } from './draw-all.ts';
import { html, type Markup, nothing } from './html.ts';
import { readableSweep } from './readable.ts';
import { curves } from './sweep-panels/curves.ts';
import { how } from './sweep-panels/how.ts';
import { targetSentence, unstableSentence } from './sweep-words.ts';
import { exactText } from './theory-words.ts';

const id = 'sweep';

export async function renderSweep(original: TheorySweep): Promise<string> {
  const script = await browserBundle();
  const sweep = readableSweep(original);
  const answered = answers([curves, how], sweep);
  const charts: Charts = {};
  const drawings = await drawAll(id, answered, charts);
  const body = html`<main><article class="run" id="${id}">
${heading(1, titleOf(sweep))}
${sentences(sweep)}<p class="about">${sweep.about}</p>
<nav class="contents" aria-label="Contents"><ul>${answered.map(({ panel }) => html`<li><a href="#${id}-${panel.id}">${panel.title}</a></li>`)}<li><a href="#${id}-download">Download</a></li></ul></nav>
${answered.map((answer) => panelSection(id, answer, drawings, 2))}${downloadSection(id, original, html`data-sweep-downloads="${id}-result"`, 2)}</article></main>`;
  return documentPage({ title: titleOf(sweep), version: sweep.version, body, data: { charts, runs: {} }, script });
}

function titleOf({ title, swept, points }: TheorySweep): string {
  return `${title}: ${swept.parameter} from ${exactText(points[0]!.value, swept.quantity)} to ${exactText(points.at(-1)!.value, swept.quantity)}`;
}

function sentences(sweep: TheorySweep): readonly Markup[] {
  return [targetSentence(sweep), unstableSentence(sweep)].map((text) => (text === undefined ? nothing : html`<p class="sentence">${text}</p>
`));
}
