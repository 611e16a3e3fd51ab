import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { renderSweep } from '../../reports/sweep-report.ts';
import { type Browser, findChromium, launch, type Page } from './chromium.ts';
import { hostileSweep, sampleSweep } from './sample-sweep.ts';

const chromium = findChromium();

describe.skipIf(chromium === null)('the page of a range in a browser', () => {
  let browser: Browser;
  let folder: string;
  const address = (name: string) => pathToFileURL(join(folder, `${name}.html`)).href;
  const tall = { width: 1200, height: 4000 };
  const live = `document.querySelectorAll('.plot').length > 0 && document.querySelectorAll('.plot').length === document.querySelectorAll('.plot[data-live] .live svg').length`;
  const expectQuiet = (page: Page, name: string) => expect({ complaints: page.complaints, requests: page.requests }).toEqual({ complaints: [], requests: [address(name)] });

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'faultline-sweep-'));
    for (const [name, sweep] of Object.entries({ sample: sampleSweep(), hostile: hostileSweep() })) writeFileSync(join(folder, `${name}.html`), await renderSweep(sweep));
    browser = await launch(chromium!);
  }, 60_000);
  afterAll(async () => {
    await browser.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it.each(['sample', 'hostile'])('draws every chart anew, without a complaint or a request, and fits a phone: %s', async (name) => {
    for (const width of [1200, 360]) {
      const page = await browser.open(address(name), { ...tall, width });
      await page.until(live);
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
      expect(await page.evaluate('typeof globalThis.alerted')).toBe('undefined');
      expectQuiet(page, name);
    }
  }, 60_000);

  it('shows the values under the pointer, infinite ones too', async () => {
    const page = await browser.open(address('sample'), tall);
    await page.until(live);
    const box = (await page.evaluate(`(({ x, y, width }) => [x, y, width])(document.getElementById('sweep-curves-chart-1').getBoundingClientRect())`)) as [number, number, number];
    const move = (x: number) => page.send('Input.dispatchMouseEvent', { type: 'mouseMoved', x: box[0] + x, y: box[1] + 130 });
    const tip = (pattern: string) => page.until(`/${pattern}/.test(document.querySelector('#vg-tooltip-element.visible')?.textContent ?? '')`);
    for (const step of [300, 330]) await move(step);
    await tip(String.raw`^lambda = [\d,.]+\/s\nWq: [\d.]+µs\nWq_quantile: [\d.]+ms\nW: `);
    for (const step of [box[2] - 60, box[2] - 30]) await move(step);
    await tip(String.raw`^lambda = 1,[\d.]+\/s\nWq: ∞\n`);
    expectQuiet(page, 'sample');
  }, 60_000);

  it('saves its points and its answer', async () => {
    const page = await browser.open(address('sample'), tall);
    await page.evaluate(`globalThis.saved = []; URL.createObjectURL = (blob) => { blob.text().then((text) => saved.push(text)); return 'blob:null/x'; }; HTMLAnchorElement.prototype.click = function () { saved.push(this.download); }; 0`);
    expect(await page.evaluate(`document.querySelectorAll('.downloads button').length`)).toBe(2);
    await page.evaluate(`for (const button of document.querySelectorAll('.downloads button')) button.click()`);
    await page.until('saved.length === 4');
    const saved = (await page.evaluate('saved')) as string[];
    expect(saved.filter((text) => text.length < 60)).toEqual(['mmc-lambda-points.csv', 'mmc-lambda-answer.json']);
    expect(JSON.parse(saved.find((text) => text.startsWith('{'))!)).toEqual(sampleSweep());
    expect(saved.some((text) => text.startsWith('lambda_per_s,'))).toBe(true);
  }, 60_000);

  it('can be read without scripts, and prints its tables opened and no buttons', async () => {
    const page = await browser.open(address('sample'), { ...tall, scripts: false });
    expect(await page.evaluate(`[...document.querySelectorAll('.plot > svg')].filter((svg) => svg.getBoundingClientRect().height > 100).length`)).toBe(3);
    await page.send('Emulation.setEmulatedMedia', { media: 'print' });
    expect(await page.evaluate(`getComputedStyle(document.getElementById('sweep-download')).display`)).toBe('none');
    expect(await page.evaluate(`[...document.querySelectorAll('table')].every((table) => table.getBoundingClientRect().height > 50)`)).toBe(true);
    expectQuiet(page, 'sample');
  }, 60_000);

  it('is dark where that is preferred', async () => {
    const page = await browser.open(address('sample'), { ...tall, scheme: 'dark' });
    await page.until(live);
    const [paper, ink] = ((await page.evaluate(`[getComputedStyle(document.body).backgroundColor, getComputedStyle(document.querySelector('.plot svg text')).fill]`)) as string[]).map((colour) => Number(colour.match(/\d+/)![0]));
    expect([paper! < 128, ink! > 128]).toEqual([true, true]);
  }, 60_000);
});
