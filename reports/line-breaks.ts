/** Where lines may break: never between a number and its unit, and in a cell of figures only before an interval. */
import { Markup } from './html.ts';

const noBreak = '\u00a0';
const unit = /([\d∞]) (?=(?:ns|µs|ms|s|min|h|d|%|×|erlangs?)(?![\w/]))/g;

/** What stands in `code` stays as it is, since people copy it. */
export function withUnits(markup: Markup): Markup {
  return eachText(markup, (text) => text.replace(unit, `$1${noBreak}`));
}

/** `35 ms (34 ms to 36 ms)` may break before the bracket, `34 ms to 36 ms` before `to`. */
export function figureCell(markup: Markup): Markup {
  return eachText(markup, (text) => text.replace(/\([^)]*\)/g, (bracket) => bracket.replaceAll(' ', noBreak)).replace(/ (?!\(|to )/g, noBreak));
}

function eachText(markup: Markup, changed: (text: string) => string): Markup {
  return new Markup(markup.text.replace(/<code[^>]*>[\s\S]*?<\/code>|<[^>]*>|[^<]+/g, (part) => (part.startsWith('<') ? part : changed(part))));
}
