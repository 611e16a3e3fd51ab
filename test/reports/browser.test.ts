import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { renderReport } from '../../reports/report.ts';
import { type Browser, findChromium, launch, type Page } from './chromium.ts';
import { failingResult, hostileResult, sampleResult } from './sample-result.ts';

const chromium = findChromium();

// On a machine of our own a missing browser is a reason to skip. In CI it would be a test that never runs.
it.skipIf(chromium === null && process.env['CI'] === undefined)('a Chromium is there (install chromium to test the page in a browser)', () => {
  expect(chromium).not.toBeNull();
});

describe.skipIf(chromium === null)('the page in a browser', () => {
  let browser: Browser;
  let folder: string;
  const address = (name: string, fragment = '') => pathToFileURL(join(folder, `${name}.html`)).href + fragment;
  const tall = { width: 1200, height: 9000 };

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'faultline-report-'));
    const results = { passing: [sampleResult()], failing: [failingResult()], hostile: [hostileResult()], two: [failingResult(), sampleResult()] };
    for (const [name, list] of Object.entries(results)) writeFileSync(join(folder, `${name}.html`), await renderReport(list));
    browser = await launch(chromium!);
  }, 60_000);
  afterAll(async () => {
    await browser.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const live = `document.querySelectorAll('.plot').length > 0 && document.querySelectorAll('.plot:not(.still)').length === document.querySelectorAll('.plot[data-live] .live svg').length`;
  /** Nothing was complained about, and nothing but the page itself was asked for. */
  const expectQuiet = (page: Page, name: string, fragment = '') => {
    expect(page.complaints).toEqual([]);
    expect(page.requests).toEqual([address(name, fragment)]);
  };

  it.each(['passing', 'failing', 'hostile', 'two'])('draws every chart anew, without a complaint or a request: %s', async (name) => {
    const page = await browser.open(address(name), { ...tall, height: name === 'two' ? 21_000 : 12_000 });
    await page.until(live);
    expect(await page.evaluate('document.querySelectorAll(".plot").length')).toBeGreaterThanOrEqual(7);
    expect(await page.evaluate('typeof globalThis.alerted')).toBe('undefined');
    expectQuiet(page, name);
  }, 60_000);

  it('would be told of what the policy forbids', async () => {
    const page = await browser.open(address('passing'), tall);
    await page.evaluate(`document.body.insertAdjacentHTML('beforeend', '<p style="color:red">x</p>')`);
    await page.evaluate(`fetch('https://example.org/').catch(() => 0).then(() => 1)`);
    expect(page.complaints.join(' ')).toContain('Content Security Policy');
  }, 60_000);

  it('shows the values under the pointer', async () => {
    const page = await browser.open(address('passing'), tall);
    await page.until(live);
    const box = (await page.evaluate(`(({ x, y }) => [x, y])(document.getElementById('run-1-throughput-rates').getBoundingClientRect())`)) as [number, number];
    for (const step of [300, 330]) await page.send('Input.dispatchMouseEvent', { type: 'mouseMoved', x: box[0] + step, y: box[1] + 130 });
    await page.until(`/^at [\\d.]+ s\\noffered: .*\\/s\\nconfirmed: .*\\nhandled: /.test(document.querySelector('#vg-tooltip-element.visible')?.textContent ?? '')`);
    expectQuiet(page, 'passing');
  }, 60_000);

  it('zooms all charts over time when one is dragged across, and back', async () => {
    const page = await browser.open(address('passing'), tall);
    await page.until(live);
    const box = (await page.evaluate(`(({ x, y }) => [x, y])(document.getElementById('run-1-throughput-rates').getBoundingClientRect())`)) as [number, number];
    const mouse = (type: string, step: number) => page.send('Input.dispatchMouseEvent', { type, x: box[0] + step, y: box[1] + 130, button: 'left', buttons: 1, clickCount: 1 });
    await mouse('mousePressed', 300);
    for (let step = 300; step <= 500; step += 20) await mouse('mouseMoved', step);
    await mouse('mouseReleased', 500);
    const hasLabel = (chart: string, label: string) => `[...document.querySelectorAll('#run-1-${chart} text')].some((text) => text.textContent === '${label}')`;
    await page.until(`location.hash.startsWith('#zoom-run-1=')`);
    for (const chart of ['throughput-rates', 'backlog-ready', 'utilisation-busy']) await page.until(`!${hasLabel(chart, '550')}`);
    await page.evaluate(`[...document.querySelectorAll('.toolbar button')].find((button) => button.textContent === 'Show all').click()`);
    for (const chart of ['throughput-rates', 'backlog-ready', 'utilisation-busy']) await page.until(hasLabel(chart, '550'));
    expectQuiet(page, 'passing');
  }, 60_000);

  it('opens zoomed where its address says so', async () => {
    const page = await browser.open(address('passing', '#zoom-run-1=100-200'), tall);
    await page.until(live);
    expect(await page.evaluate(`[...document.querySelectorAll('.toolbar input')].map((input) => input.value).join()`)).toBe('100,200');
    await page.until(`[...document.querySelectorAll('#run-1-backlog-ready text')].some((text) => text.textContent === '190')`);
    expect(await page.evaluate(`[...document.querySelectorAll('#run-1-backlog-ready text')].some((text) => text.textContent === '550')`)).toBe(false);
  }, 60_000);

  it('copies, and saves files that hold what they should', async () => {
    const page = await browser.open(address('failing'), tall);
    await page.evaluate(`globalThis.saved = []; URL.createObjectURL = (blob) => { blob.text().then((text) => saved.push(text)); return 'blob:null/x'; }; HTMLAnchorElement.prototype.click = function () { saved.push(this.download); }; 0`);
    expect(await page.evaluate(`document.querySelectorAll('[data-downloads] button').length`)).toBe(4);
    await page.evaluate(`for (const button of document.querySelectorAll('[data-downloads] button')) button.click()`);
    await page.until('saved.length === 8');
    const saved = (await page.evaluate('saved')) as string[];
    expect(saved.filter((text) => text.length < 60)).toEqual(['checkout-1-series.csv', 'checkout-1-statistics.csv', 'checkout-1-distributions.csv', 'checkout-1-result.json']);
    expect(JSON.parse(saved.find((text) => text.startsWith('{'))!)).toEqual(failingResult());
    expect(saved.some((text) => text.startsWith('begin_s,end_s,'))).toBe(true);
    expect(await page.evaluate(`document.querySelectorAll('button.copy').length`)).toBe(3);
    expectQuiet(page, 'failing');
  }, 60_000);

  it('is dark where that is preferred, drawings included', async () => {
    const colours = `(() => { const text = document.querySelector('.plot[data-live] svg text'); return [getComputedStyle(document.body).backgroundColor, getComputedStyle(text).fill]; })()`;
    const brightness = (colour: string) => colour.match(/\d+/g)!.slice(0, 3).reduce((sum, part) => sum + Number(part), 0) / 3;
    for (const scheme of ['light', 'dark'] as const) {
      const page = await browser.open(address('passing'), { ...tall, scheme });
      await page.until(live);
      const [paper, ink] = ((await page.evaluate(colours)) as string[]).map(brightness);
      expect(paper! > 128).toBe(scheme === 'light');
      expect(ink! > 128).toBe(scheme === 'dark');
      expectQuiet(page, 'passing');
    }
  }, 60_000);

  it.each(['passing', 'hostile'])('fits a phone without scrolling sideways: %s', async (name) => {
    const page = await browser.open(address(name), { width: 360, height: 18_000 });
    await page.until(live);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360);
    expectQuiet(page, name);
  }, 60_000);

  it('can be read without scripts', async () => {
    const page = await browser.open(address('failing'), { ...tall, scripts: false });
    expect(await page.evaluate(`document.querySelectorAll('.plot > svg').length`)).toBeGreaterThanOrEqual(7);
    expect(await page.evaluate(`[...document.querySelectorAll('.plot > svg')].every((svg) => svg.getBoundingClientRect().height > 100)`)).toBe(true);
    expect(await page.evaluate(`document.querySelectorAll('button').length`)).toBe(0);
    expect(await page.evaluate(`document.body.innerText.includes('The buttons need scripts.')`)).toBe(true);
    expectQuiet(page, 'failing');
  }, 60_000);

  it.each([true, false])('prints its tables opened and no buttons, with scripts: %s', async (scripts) => {
    const page = await browser.open(address('passing'), { width: 800, height: 1200, scripts });
    const { data } = (await page.send('Page.printToPDF', { printBackground: false })) as { data: string };
    const pages = Buffer.from(data, 'base64').toString('latin1').split('/Type /Page\n').length - 1;
    // Eight pages with the tables closed.
    expect(pages).toBeGreaterThan(11);
    expect(pages).toBeLessThan(30);
    expectQuiet(page, 'passing');
  }, 60_000);
});
