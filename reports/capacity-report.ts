/** A capacity result in, one HTML page out, which needs nothing but itself. The same result gives the same bytes. */
import type { CapacityResult } from '../scenarios/capacity-result.ts';
import { answers, downloadSection, heading, panelSection } from './blocks.ts';
import { browserBundle } from './browser-bundle.ts';
import { how } from './capacity-panels/how.ts';
import { latencyAndLoad } from './capacity-panels/latency-and-load.ts';
import { losses } from './capacity-panels/losses.ts';
import { objectives } from './capacity-panels/objectives.ts';
import { staffing } from './capacity-panels/staffing.ts';
import { stations } from './capacity-panels/stations.ts';
import { capacityVerdict } from './capacity-words.ts';
import { documentPage } from './document.ts';
import { type Charts, drawAll } from './draw-all.ts';
import { html, type Markup, nothing } from './html.ts';
import type { Panel } from './panel.ts';
import { readableCapacity } from './readable.ts';
import { verdictSymbol } from './verdict-words.ts';

const panels: readonly Panel<CapacityResult>[] = [stations, objectives, staffing, latencyAndLoad, losses, how];
const id = 'capacity';

export async function renderCapacity(original: CapacityResult): Promise<string> {
  const script = await browserBundle();
  const result = readableCapacity(original);
  const answered = answers(panels, result);
  const charts: Charts = {};
  const drawings = await drawAll(id, answered, charts);
  const sections = answered.map((answer) => panelSection(id, answer, drawings, 2));
  const links = answered.map(({ panel }) => html`<li><a href="#${id}-${panel.id}">${panel.title}</a></li>`);
  const body = html`<main><article class="run" id="${id}">
${heading(1, html`${word(result)}Capacity of ${result.scenario}`)}
<p class="sentence">${result.sentence}</p>
${result.about === '' ? nothing : html`<p class="about">${result.about}</p>`}
<nav class="contents" aria-label="Contents"><ul>${links}<li><a href="#${id}-download">Download</a></li></ul></nav>
${sections}${downloadSection(id, original, html`data-json-download="${id}-result" data-file-name="${result.scenario}-capacity.json"`, 2)}</article></main>`;
  return documentPage({ title: `Capacity of ${result.scenario}`, version: result.version, body, data: { charts, runs: {} }, script });
}

function word({ verdict }: CapacityResult): Markup {
  const { mark, word: text } = capacityVerdict[verdict];
  return html`<span class="word ${mark}"><span aria-hidden="true">${verdictSymbol[mark]}</span> ${text}</span>`;
}
