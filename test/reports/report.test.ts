import { createHash } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { browserBundle } from '../../reports/browser-bundle.ts';
import { panels } from '../../reports/panels/index.ts';
import { renderReport } from '../../reports/report.ts';
import type { RunResult } from '../../scenarios/result.ts';
import { elements, json, markup, script } from './markup.ts';
import { emptyResult, failingResult, hostileResult, manyFaultsResult, restoredResult, sampleResult, sparseResult, unconsumedResult, unknownResult } from './sample-result.ts';

const variants: Readonly<Record<string, () => RunResult>> = {
  passing: sampleResult, failing: failingResult, unknown: unknownResult, unconsumed: unconsumedResult, empty: emptyResult,
  'twelve faults': manyFaultsResult, sparse: sparseResult, hostile: hostileResult, restored: restoredResult,
};

/** The page of one result; each is drawn once. */
const pages = new Map<() => RunResult, Promise<string>>();
function pageOf(make: () => RunResult): Promise<string> {
  const page = pages.get(make) ?? renderReport([make()]);
  pages.set(make, page);
  return page;
}

describe('renderReport', () => {
  it('refuses to report nothing', async () => {
    await expect(renderReport([])).rejects.toThrow('at least one');
  });

  it('answers in the order a reader asks: verdict, how to have it again, figures, charts, account, faults, methods, download', async () => {
    const page = await pageOf(sampleResult);
    const sections = [...page.matchAll(/<section class="panel" id="run-1-([\w-]+)"/g)].map((match) => match[1]);
    expect(sections).toEqual([
      'claims', 'reproduce', 'key-figures', 'throughput', 'latency', 'backlog', 'utilisation', 'redeliveries', 'distribution', 'predictions', 'message-chain', 'lifecycles', 'ledger', 'faults', 'warnings',
      'rare-paths', 'methods', 'download',
    ]);
    expect(page).toMatch(/<h1><span class="word pass"><span aria-hidden="true">✓<\/span> pass<\/span>checkout<\/h1>\s*<p class="sentence">All 3 claims hold and all 3 objectives are met\./);
  });

  it('has a panel for recoveries from backups where there were any', async () => {
    const page = markup(await pageOf(restoredResult));
    for (const text of ['Recoveries from backups', 'restored from the snapshot of 60 s', 'nothing to restore from', '34.5 s', '1,197', '1,150']) expect(page).toContain(text);
    expect(markup(await pageOf(sampleResult))).not.toContain('Recoveries from backups');
  });

  it('shows verdicts with their witness, objectives with margin and interval, and the command', async () => {
    const page = await pageOf(failingResult);
    for (const text of [
      'confirmed at 119.96 s, lost by crash(F1) at 120 s before its sync, never handled', '1 other witness', '−11.8 s (118 %)', '20.9 s to 22.6 s',
      'no message was delivered twice, so nothing could have broken it', 'not observed', '∞', failingResult().reproduce.command, failingResult().fingerprint,
    ]) expect(markup(page)).toContain(text);
  });

  it.each(Object.entries(variants))('is well-formed markup without inline style, handler or address, each id once: %s', async (_, result) => {
    const all = elements(await pageOf(result));
    const ids = all.map(({ attributes }) => attributes['id']).filter((id) => id !== undefined);
    expect(new Set(ids).size).toBe(ids.length);
    const names = all.flatMap(({ attributes }) => Object.keys(attributes));
    expect(names.filter((name) => name === 'style' || name === 'src' || name.startsWith('on'))).toEqual([]);
    const addresses = all.flatMap(({ attributes }) => [attributes['href'], attributes['xlink:href']]).filter((address) => address !== undefined);
    for (const address of addresses) expect(ids).toContain(address.replace(/^#/, ''));
    expect(all.map(({ name }) => name).filter((name) => ['img', 'script', 'iframe', 'link', 'object', 'image'].includes(name))).toEqual([]);
  });

  it.each(Object.entries(variants))('can be read without eyes: titles in order, tables with captions, charts with words: %s', async (_, result) => {
    const page = await pageOf(result);
    const levels = [...markup(page).matchAll(/<h(\d)/g)].map((match) => Number(match[1]));
    levels.forEach((level, index) => expect(level).toBeLessThanOrEqual((levels[index - 1] ?? 0) + 1));
    expect(levels.filter((level) => level === 1)).toHaveLength(1);
    const count = (text: string | RegExp) => markup(page).split(text).length - 1;
    expect(count('<caption>')).toBe(count('<table>'));
    expect(count(/<th (?!scope="(?:row|col)")/)).toBe(0);
    expect(count('<svg ')).toBe(count(/<div class="plot(?: still)?" id="[^"]+" role="img" aria-label="[^"]{20,}">/));
    expect(count('<figure class="chart">')).toBe(count('<summary>These numbers as a table</summary>'));
  });

  it('allows its own script and style sheet by hash, and nothing else', async () => {
    const page = await pageOf(failingResult);
    const policy = /<meta http-equiv="Content-Security-Policy" content="([^"]*)">/.exec(page)![1]!.replaceAll('&#39;', "'");
    const hash = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
    expect(policy.split('; ')).toEqual([
      "default-src 'none'", `script-src ${hash(script.exec(page)![1]!)}`, `style-src ${hash(/<style>([\s\S]*?)<\/style>/.exec(page)![1]!)}`, 'img-src data: blob:',
      "base-uri 'none'", "form-action 'none'",
    ]);
  });

  it('carries the result as it was given', async () => {
    for (const make of [sampleResult, hostileResult]) {
      const data = [...(await pageOf(make)).matchAll(json)].find((match) => match[1] === 'run-1-result')!;
      expect(JSON.parse(data[2]!)).toEqual(make());
    }
  });

  it('prints hostile text as text', async () => {
    const page = await pageOf(hostileResult);
    expect(page.split(/<script/i)).toHaveLength(4);
    expect(markup(page)).toContain('&lt;/script&gt;&lt;script&gt;alert(1)&lt;/script&gt;&lt;img src=x onerror=alert(2)&gt;');
    expect(markup(page)).not.toMatch(/[\u0000-\u0008\u001b\u202e]/);
  });

  it('labels every fault in a lane of its chart', async () => {
    const charts = [...(await pageOf(manyFaultsResult)).matchAll(/<div class="plot" id="run-1-(throughput|latency|backlog|utilisation|redeliveries)[\s\S]*?<\/svg>/g)];
    expect(charts).toHaveLength(5);
    for (const [drawing] of charts) {
      for (let number = 1; number <= 12; number++) expect(drawing).toContain(`>F${number}</text>`);
    }
    expect(await pageOf(sampleResult)).toContain('>F1 crash orders-mq.0</text>');
  });

  it('draws the limit of an objective on the charts that it limits', async () => {
    const page = await pageOf(sampleResult);
    const drawing = (panel: string) => new RegExp(`<div class="plot" id="run-1-${panel}-[\\s\\S]*?</svg>`).exec(page)![0];
    expect(drawing('latency')).toContain('>p99(payments.sojourn) &lt; 45s</text>');
    expect(drawing('throughput')).toContain('>throughput(payments) &gt; 190/s</text>');
    expect(drawing('backlog')).not.toContain('payments');
  });

  it('says when the account does not balance', async () => {
    const sample = sampleResult();
    expect(await pageOf(sampleResult)).not.toContain('off by');
    expect(await renderReport([{ ...sample, copies: { ...sample.copies, stored: sample.copies.stored + 3 } }])).toContain('off by 3');
  });

  it('thins long tables to about a hundred rows and says so', async () => {
    const page = await pageOf(sampleResult);
    const table = /<caption>Throughput, by window<\/caption>[\s\S]*?<\/table>/.exec(page)![0];
    expect(table.split('<tr>').length - 2).toBeLessThanOrEqual(100);
    expect(page).toContain('Every third of 240 windows, and those where a column peaks; the download has them all.');
  });

  it('leaves out what a run has nothing to say about, and says what is missing', async () => {
    const page = await pageOf(unconsumedResult);
    expect(page).toContain('There are no consumer groups: nothing was handled.');
    expect(page).not.toContain('id="run-1-latency"');
    expect(await pageOf(emptyResult)).toContain('Nothing was published.');
    expect(await pageOf(sparseResult)).toContain('Sojourn time of refunds: not observed, in any window.');
  });

  it('puts an index before several runs, and keeps them apart', async () => {
    const page = await renderReport([failingResult(), sampleResult(), unknownResult()]);
    expect(page).toContain('<h1>3 runs: 1 fail, 1 unknown, 1 pass</h1>');
    const all = elements(page);
    expect(all.filter(({ name }) => name === 'article').map(({ attributes }) => attributes['id'])).toEqual(['run-1', 'run-2', 'run-3']);
    const ids = all.map(({ attributes }) => attributes['id']).filter((id) => id !== undefined);
    expect(new Set(ids).size).toBe(ids.length);
    expect([...markup(page).matchAll(/<h2>/g)]).toHaveLength(3);
  });

  it('stays below a megabyte', async () => {
    for (const make of [sampleResult, failingResult, manyFaultsResult, hostileResult]) expect(Buffer.byteLength(await pageOf(make))).toBeLessThan(1_000_000);
  });

  it('gives each panel an id of its own', () => {
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    for (const { question } of panels) expect(question).toMatch(/\?/);
  });
});

describe('the bytes of a report', () => {
  it('depend on the result alone, not on what was drawn before or at the same time', async () => {
    const [first, other, again] = await Promise.all([renderReport([sampleResult()]), renderReport([failingResult()]), renderReport([sampleResult()])]);
    expect(again).toBe(first);
    expect(await renderReport([failingResult()])).toBe(other);
    expect(other).not.toBe(first);
  });

  it('are the same in another process, from the built files', async () => {
    // Below the project, so that the built file finds the same packages.
    const folder = join(import.meta.dirname, `../../.cache/report-${process.pid}`);
    mkdirSync(folder, { recursive: true });
    try {
      await build({ entryPoints: [join(import.meta.dirname, '../../reports/report.ts')], bundle: true, packages: 'external', platform: 'node', format: 'esm', outfile: join(folder, 'report.js'), logLevel: 'error' });
      writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
      writeFileSync(join(folder, 'page.bundle.js'), await browserBundle());
      writeFileSync(join(folder, 'result.json'), JSON.stringify(failingResult()));
      writeFileSync(join(folder, 'main.js'), `import { readFileSync } from 'node:fs'; import { renderReport } from './report.js'; process.stdout.write(await renderReport([JSON.parse(readFileSync(new URL('result.json', import.meta.url), 'utf8'))]));`);
      const page = execFileSync(process.execPath, [join(folder, 'main.js')], { encoding: 'utf8', maxBuffer: 16 * 1024 * 1024 });
      expect(page).toBe(await pageOf(failingResult));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
