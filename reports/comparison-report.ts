/** A comparison in, one HTML page out: what the runs came to side by side, and then each run whole. The same comparison gives the same bytes. */
import type { Comparison } from '../scenarios/comparison-result.ts';
import { answers, downloadSection, heading } from './blocks.ts';
import { browserBundle } from './browser-bundle.ts';
import { timeAxis } from './chart.ts';
import { overTime } from './comparison-panels/over-time.ts';
import { sideBySide } from './comparison-panels/side-by-side.ts';
import { tails } from './comparison-panels/tails.ts';
import { documentPage } from './document.ts';
import { type Charts, drawAll } from './draw-all.ts';
import { html, nothing } from './html.ts';
import { runArticle, sectionsWithZoom } from './page.ts';
import type { Panel } from './panel.ts';
import { readableComparison } from './readable.ts';
import { runPages, timeAxes } from './report.ts';
import { verdictMark } from './verdict-mark.ts';

const panels: readonly Panel<Comparison>[] = [sideBySide, tails, overTime];
const id = 'comparison';

export async function renderComparison(original: Comparison): Promise<string> {
  const script = await browserBundle();
  const comparison = readableComparison(original);
  const charts: Charts = {};
  const answered = answers(panels, comparison);
  const drawings = await drawAll(id, answered, charts);
  const runs = await runPages(original.results, charts);
  const links = answered.map(({ panel }) => html`<li><a href="#${id}-${panel.id}">${panel.title}</a></li>`);
  const wholes = runs.map((run, index) => html`<li>${verdictMark(run.result.verdict)} <a href="#${run.id}">${comparison.columns[index]!}</a></li>`);
  const title = `${comparison.scenario}: ${comparison.columns.length} side by side`;
  const body = html`<main><article class="run" id="${id}">
${heading(1, title)}
${comparison.about === '' ? nothing : html`<p class="about">${comparison.about}</p>`}
<pre class="command" tabindex="0"><code data-copy="command">${comparison.reproduce.command}</code></pre>
<nav class="contents" aria-label="Contents"><ul>${links}${wholes}<li><a href="#${id}-download">Download</a></li></ul></nav>
${sectionsWithZoom(id, answered, drawings, 2)}${downloadSection(id, withoutResults(original), html`data-json-download="${id}-result" data-file-name="${comparison.scenario}-comparison.json"`, 2)}</article>
${runs.map((run) => runArticle(run, 2))}</main>`;
  const length = Math.max(...comparison.results.map(({ simulatedSeconds }) => simulatedSeconds));
  return documentPage({ title, version: comparison.version, body, data: { charts, runs: { [id]: timeAxis(length), ...timeAxes(runs) } }, script, kind: 'many' });
}

/** The page carries each result with its own run. */
function withoutResults({ schema, version, scenario, about, reproduce, columns, rows }: Comparison): Omit<Comparison, 'results'> {
  return { schema, version, scenario, about, reproduce, columns, rows };
}
