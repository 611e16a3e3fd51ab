/** A verdict as a mark with a word. */
import type { Verdict } from '../scenarios/result.ts';
import { html, type Markup } from './html.ts';
import { verdictSymbol } from './verdict-words.ts';

export function verdictMark(verdict: Verdict, word: string = verdict): Markup {
  return html`<span class="mark ${verdict}"><span aria-hidden="true">${verdictSymbol[verdict]}</span> ${word}</span>`;
}
