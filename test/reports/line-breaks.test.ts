import { describe, expect, it } from 'vitest';
import { html } from '../../reports/html.ts';
import { figureCell, withUnits } from '../../reports/line-breaks.ts';
import { wrap } from '../../reports/wrapping.ts';

/** Where a line may not break, a `~`. */
const seen = (text: string) => text.replaceAll('\u00a0', '~');

describe('a word that fits no line', () => {
  it.each<[string, number, string[]]>([
    ['destination=delay.short', 22, ['destination=delay.', 'short']], ['abcdefgh', 3, ['abc', 'def', 'gh']], ['a/bcdefgh', 4, ['a/', 'bcde', 'fgh']], ['=abcd', 3, ['=ab', 'cd']],
  ])('%s is cut behind a sign where it has one', (word, width, lines) => {
    expect(wrap(word, width, 0, 0)).toEqual(lines);
  });
});

describe('lines of the page', () => {
  it('break nowhere between a number and its unit, and everywhere else', () => {
    expect(seen(withUnits(html`<p>at 1.7 × the load, 35 ms or 58.6 %: 12 servers, ∞ s, 7 erlangs</p>`).text)).toBe('<p>at 1.7~× the load, 35~ms or 58.6~%: 12 servers, ∞~s, 7~erlangs</p>');
    expect(seen(withUnits(html`5 minutes, 3 sinks, 2 h/d`).text)).toBe('5 minutes, 3 sinks, 2 h/d');
  });

  it('leave what may be copied as it is, and attributes', () => {
    const text = '<p title="5 ms">a <code data-copy="x">--set t=5 ms</code> b</p>';
    expect(withUnits(html`<p title="5 ms">a <code data-copy="x">--set t=5 ms</code> b</p>`).text).toBe(text);
  });

  it('break in a cell of figures before an interval only', () => {
    expect(seen(figureCell(html`35.3 ms (34.8 ms to 35.8 ms)`).text)).toBe('35.3~ms (34.8~ms~to~35.8~ms)');
    expect(seen(figureCell(html`<b>0 s</b> to 4.76 s`).text)).toBe('<b>0~s</b> to~4.76~s');
  });
});
