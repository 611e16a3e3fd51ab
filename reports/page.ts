/** The page around the runs. */
import type { RunResult } from '../scenarios/result.ts';
import { type Answer, downloadSection, heading, panelSection } from './blocks.ts';
import { documentPage } from './document.ts';
import type { Drawing } from './drawing.ts';
import { html, type Markup, nothing } from './html.ts';
import { count, plural } from './numbers.ts';
import { verdictMark } from './verdict-mark.ts';
import { verdictSentence, verdictSymbol } from './verdict-words.ts';

export interface RunPage {
  /** Unique in the page: the prefix of all its ids. */
  readonly id: string;
  /** Fit to be read. */
  readonly result: RunResult;
  /** As it was given, for the download. */
  readonly original: RunResult;
  readonly answers: readonly Answer[];
  readonly drawings: ReadonlyMap<string, Drawing>;
}

export function page(runs: readonly RunPage[], data: object, script: string): string {
  const many = runs.length > 1;
  const title = many ? `${plural(runs.length, 'run')}: ${runs.map(({ result }) => result.scenario).join(', ')}` : `${runs[0]!.result.verdict}: ${runs[0]!.result.scenario}`;
  return documentPage({
    title, version: runs[0]!.result.version, data, script,
    body: html`${many ? index(runs) : nothing}<main>
${runs.map((run) => runArticle(run, many ? 2 : 1))}</main>`,
    ...(many && { kind: 'many' }),
  });
}

function index(runs: readonly RunPage[]): Markup {
  const of = (verdict: RunResult['verdict']) => runs.filter(({ result }) => result.verdict === verdict).length;
  const counts = (['fail', 'unknown', 'pass'] as const).filter((verdict) => of(verdict) > 0).map((verdict) => `${of(verdict)} ${verdict}`).join(', ');
  const rows = runs.map(
    ({ id, result }) => html`<tr><th scope="row" class="start"><a href="#${id}">${result.scenario}</a>${settings(result)}</th><td class="start">${verdictMark(result.verdict)}</td><td class="end">${String(result.seed)}</td>
<td class="start prose">${verdictSentence(result)}</td><td class="end">${count(result.messages.published)}</td><td class="end">${count(result.messages.handled)}</td></tr>
`,
  );
  return html`<header class="page-head"><h1>${plural(runs.length, 'run')}: ${counts}</h1>
<div class="scroll" tabindex="0" role="region" aria-label="Runs of this report"><table><caption>Runs of this report</caption>
<thead><tr><th scope="col" class="start">Scenario</th><th scope="col" class="start">Verdict</th><th scope="col" class="end">Seed</th><th scope="col" class="start">In short</th>
<th scope="col" class="end">Published</th><th scope="col" class="end">Handled</th></tr></thead>
<tbody>${rows}</tbody></table></div></header>
`;
}

/** What tells two runs of one scenario apart, besides the seed. */
function settings(result: RunResult): Markup {
  const { variant, set } = result.reproduce;
  const differs = [...(variant === undefined ? [] : [variant]), ...set];
  return differs.length === 0 ? nothing : html`<br><small>${differs.join(' ')}</small>`;
}

/** A run whole; `level` is that of its heading. */
export function runArticle(run: RunPage, level: number): Markup {
  const { id, result, answers } = run;
  const word = html`<span class="word ${result.verdict}"><span aria-hidden="true">${verdictSymbol[result.verdict]}</span> ${result.verdict}</span>`;
  const links = answers.map(({ panel }) => html`<li><a href="#${id}-${panel.id}">${panel.title}</a></li>`);
  const sections = sectionsWithZoom(id, answers, run.drawings, level + 1);
  return html`<article class="run" id="${id}">
${heading(level, html`${word}${result.scenario}${result.reproduce.variant === undefined ? nothing : html`: ${result.reproduce.variant}`}`)}
<p class="sentence">${verdictSentence(result)}${warningLink(run)}</p>
${result.about === '' ? nothing : html`<p class="about">${result.about}</p>`}
<nav class="contents" aria-label="Contents of ${result.scenario}"><ul>${links}<li><a href="#${id}-download">Download</a></li></ul></nav>
${sections}${downloadSection(id, run.original, html`data-downloads="${id}-result"`, level + 1)}</article>
`;
}

/** Before the first chart over time stands what zooms all of them. */
export function sectionsWithZoom(id: string, answers: readonly Answer[], drawings: RunPage['drawings'], level: number): Markup[] {
  const firstOverTime = answers.findIndex(({ blocks }) => blocks.some((block) => block.kind === 'chart' && block.overTime));
  return answers.map((answer, position) => html`${position === firstOverTime ? html`<div class="toolbar" data-zoom="${id}"></div>
` : nothing}${panelSection(id, answer, drawings, level)}`);
}

function warningLink({ id, result }: RunPage): Markup {
  return result.warnings.length === 0 ? nothing : html` <a href="#${id}-warnings">${plural(result.warnings.length, 'warning')}.</a>`;
}
