/** Panels and their blocks as markup. */
import type { Drawing } from './drawing.ts';
import { embeddedJson, html, type Markup, nothing, trusted } from './html.ts';
import { figureCell, withUnits } from './line-breaks.ts';
import type { Block, Cell, Chart, Panel, Table } from './panel.ts';

/** What a panel has to say about one result. */
export interface Answer {
  readonly panel: Pick<Panel, 'id' | 'title' | 'question'>;
  readonly blocks: readonly Block[];
}

/** The id of a chart in the page; it must be the same in the markup and in the data for the script. */
export function chartId(run: string, panel: Answer['panel'], chart: Chart): string {
  return `${run}-${panel.id}-${chart.id}`;
}

export function answers<Result>(panels: readonly Panel<Result>[], result: Result): readonly Answer[] {
  return panels.map((panel) => ({ panel, blocks: panel.render(result) })).filter(({ blocks }) => blocks.length > 0);
}

/** `level` is that of the panel's heading. */
export function panelSection(run: string, { panel, blocks }: Answer, drawings: ReadonlyMap<string, Drawing>, level: number): Markup {
  const section = `${run}-${panel.id}`;
  const body = blocks.map((block) => {
    if (block.kind === 'passage') return withUnits(block.body);
    if (block.kind === 'table') return tableMarkup(block);
    const id = chartId(run, panel, block);
    const title = block.title === panel.title ? nothing : heading(level + 1, block.title);
    return html`${title}${chartMarkup(block, id, drawings.get(id)!)}`;
  });
  return html`<section class="panel" id="${section}" aria-labelledby="${section}-title">
${heading(level, panel.title, `${section}-title`)}
<p class="question">${panel.question}</p>
${body.map((part) => html`${part}
`)}</section>
`;
}

/** The result in full, and the place where the page's script puts buttons; `place` are the attributes by which it knows what to offer. */
export function downloadSection(id: string, result: object, place: Markup, level: number): Markup {
  return html`<section class="panel" id="${id}-download" aria-labelledby="${id}-download-title">
${heading(level, 'Download', `${id}-download-title`)}
<p class="question">The same numbers in full, for a spreadsheet or a script. This page carries them all.</p>
<div class="downloads" ${place}><p>The buttons need scripts. Without them the result stands in this file, in the element <code>${id}-result</code>, as JSON.</p></div>
<script type="application/json" id="${id}-result">${embeddedJson(result)}</script>
</section>
`;
}

export function heading(level: number, title: string | Markup, id?: string): Markup {
  const tag = trusted(`h${Math.min(level, 6)}`);
  return id === undefined ? html`<${tag}>${title}</${tag}>` : html`<${tag} id="${id}">${title}</${tag}>`;
}

function chartMarkup(chart: Chart, id: string, drawing: Drawing): Markup {
  return html`<figure class="chart">
<div class="plot${chart.spec === undefined ? ' still' : ''}" id="${id}" role="img" aria-label="${chart.label}">${trusted(drawing.svg)}</div>
${chart.note === undefined ? nothing : withUnits(html`<figcaption>${chart.note}</figcaption>`)}
<details><summary>These numbers as a table</summary>
${tableMarkup(chart.table)}
</details>
</figure>`;
}

/** Wide tables scroll in a box of their own, which the keyboard can reach. */
function tableMarkup({ caption, columns, rows, note }: Table): Markup {
  const head = columns.map(({ title, align }) => html`<th scope="col" class="${align}">${title}</th>`);
  const body = rows.map((row) => html`<tr>${row.map((cell, index) => cellMarkup(cell, columns[index]!.align, index === 0))}</tr>
`);
  return withUnits(html`<div class="scroll" tabindex="0" role="region" aria-label="${caption}"><table>
<caption>${caption}</caption>
<thead><tr>${head}</tr></thead>
<tbody>
${body}</tbody></table></div>${note === undefined ? nothing : html`
<p class="note">${note}</p>`}`);
}

/** Names stay on one line, as long as they are not very long; sentences get room even on a phone. */
function cellMarkup(cell: Cell, align: string, first: boolean): Markup {
  const text = typeof cell === 'string' ? cell : cell.text;
  const length = text.replace(/<[^>]*>/g, '').length;
  const look = align === 'end' ? align : length <= (text.startsWith('<code') ? 34 : 24) ? 'start whole' : length > 40 ? 'start prose' : 'start';
  const content = align === 'end' ? figureCell(html`${cell}`) : cell;
  return first ? html`<th scope="row" class="${look}">${content}</th>` : html`<td class="${look}">${content}</td>`;
}
