import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { embeddedJson, escapeHtml, html, trusted } from '../../reports/html.ts';
import { printable, readable } from '../../reports/readable.ts';
import { hostile, hostileResult } from './sample-result.ts';

describe('html', () => {
  it('escapes what is filled in, and keeps what is markup already', () => {
    expect(html`<p title="${'"x"'}">${'<b>'} & ${html`<i>${"it's"}</i>`} ${[1, html`<br>`]}</p>`.text).toBe('<p title="&quot;x&quot;">&lt;b&gt; & <i>it&#39;s</i> 1<br></p>');
    expect(html`${trusted('<hr>')}`.text).toBe('<hr>');
  });

  it('lets no text make a tag, close an attribute or start an entity', () => {
    fc.assert(fc.property(fc.string({ unit: fc.constantFrom('<', '>', '"', "'", '&', 'a', ';', '/') }), (text) => {
      expect(escapeHtml(text)).toMatch(/^(?:[^<>"'&]|&(?:lt|gt|quot|#39|amp);)*$/);
    }), { seed: 1 });
  });

  it('embeds data that reads back the same and holds no tag', () => {
    for (const value of [hostile, { [hostile]: [hostile, null, 1.5] }, '\u2028', '<!--<script>']) {
      const { text } = embeddedJson(value);
      expect(text).not.toMatch(/[<\u2028\u2029]/);
      expect(JSON.parse(text)).toEqual(value);
    }
  });
});

describe('readable', () => {
  it('takes out what drives a terminal or reorders a line, in values and in names', () => {
    expect(printable('a\u001b[31mb\u202ec\nd\u0000')).toBe('a\uFFFD[31mb\uFFFDc\nd\uFFFD');
    expect(JSON.stringify(hostileResult())).toMatch(/\\u001b/);
    expect(JSON.stringify(readable(hostileResult()))).not.toMatch(/\\u001b|[\u2028-\u202e]/);
  });
});
