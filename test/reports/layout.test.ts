/** How the pages lie on screens of any width: nothing sticks out, nothing is cut off, and no text covers another. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { renderCapacity } from '../../reports/capacity-report.ts';
import { renderComparison } from '../../reports/comparison-report.ts';
import { renderReport } from '../../reports/report.ts';
import { renderSweep } from '../../reports/sweep-report.ts';
import { compareResults } from '../../scenarios/comparison.ts';
import type { RunResult } from '../../scenarios/result.ts';
import { type Browser, findChromium, launch } from './chromium.ts';
import { sampleCapacity } from './sample-capacity.ts';
import { failingResult, hostile, hostileResult, manyFaultsResult } from './sample-result.ts';
import { hostileSweep, sampleSweep } from './sample-sweep.ts';

const chromium = findChromium();
const ordinary = ['failing', 'faults', 'capacity', 'sweep', 'comparison'];
const nasty = ['hostile', 'hostile-capacity', 'hostile-sweep', 'hostile-comparison'];

/** Elements that reach beyond the window, but for what lies in a frame of its own that scrolls. */
const sticking = `[...document.body.querySelectorAll('*')].filter((element) => element.getBoundingClientRect().right > innerWidth + 1 && element.closest('.scroll, .plot, pre') === null).map((element) => element.outerHTML.slice(0, 80))`;
/** Tables in frames that are too narrow for them. */
const scrolling = `[...document.querySelectorAll('.scroll')].filter((frame) => frame.scrollWidth > frame.clientWidth + 1).map((frame) => frame.getAttribute('aria-label'))`;
/** Texts of a drawing that cover one another or are cut off at its edges. The broad letters below others are no text to read. */
const colliding = `[...document.querySelectorAll('.plot')].flatMap((plot) => {
  const frame = plot.querySelector('svg').getBoundingClientRect();
  const texts = [...plot.querySelectorAll('svg text')].filter((text) => text.getAttribute('fill') !== 'var(--paper)' && text.getAttribute('opacity') !== '0' && text.textContent.trim() !== '').map((text) => ({ text: text.textContent, box: text.getBoundingClientRect() }));
  const cut = texts.filter(({ box }) => box.left < frame.left - 1 || box.right > frame.right + 1 || box.top < frame.top - 2 || box.bottom > frame.bottom + 1).map(({ text }) => text + ' is cut off');
  const covered = texts.flatMap((one, index) => texts.slice(index + 1).filter((other) => Math.min(one.box.right, other.box.right) - Math.max(one.box.left, other.box.left) > 1 && Math.min(one.box.bottom, other.box.bottom) - Math.max(one.box.top, other.box.top) > 3).map((other) => one.text + ' covers ' + other.text));
  return [...cut, ...covered].map((problem) => plot.id + ': ' + problem);
})`;
const live = `document.querySelectorAll('.plot').length > 0 && document.querySelectorAll('.plot:not(.still)').length === document.querySelectorAll('.plot[data-live] .live svg').length`;

/** Faults whose names fill a lane on a desk, one right after another. */
function crowdedResult(): RunResult {
  const failing = failingResult();
  const faults = Array.from({ length: 6 }, (_, index) => ({ ...failing.faults[0]!, id: `F${index + 1}`, begin: 20 + index * 99, end: 30 + index * 99 }));
  return { ...failing, faults };
}

describe.skipIf(chromium === null)('the layout of the pages', () => {
  let browser: Browser;
  let folder: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'faultline-layout-'));
    const runs = { crowded: crowdedResult(), failing: failingResult(), faults: manyFaultsResult(), hostile: hostileResult() };
    for (const [name, result] of Object.entries(runs)) writeFileSync(join(folder, `${name}.html`), await renderReport([result]));
    for (const [name, result] of Object.entries({ capacity: sampleCapacity('payments'), 'hostile-capacity': sampleCapacity(hostile) })) writeFileSync(join(folder, `${name}.html`), await renderCapacity(result));
    for (const [name, sweep] of Object.entries({ sweep: sampleSweep(), 'hostile-sweep': hostileSweep() })) writeFileSync(join(folder, `${name}.html`), await renderSweep(sweep));
    for (const [name, result, column] of [['comparison', failingResult(), 'with a quorum queue'], ['hostile-comparison', hostileResult(), hostile]] as const) {
      writeFileSync(join(folder, `${name}.html`), await renderComparison(compareResults(['as written', column], [result, result], 'npx faultline compare plan.yaml')));
    }
    browser = await launch(chromium!);
  }, 60_000);
  afterAll(async () => {
    await browser.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const open = async (name: string, width: number, scripts = true) => {
    const page = await browser.open(pathToFileURL(join(folder, `${name}.html`)).href, { width, height: name.endsWith('comparison') ? 60_000 : 20_000, scripts });
    if (scripts) await page.until(live);
    return page;
  };

  const ways = [[390, true], [1200, true], [390, false]] as const;

  it.each(nasty)('lies within the window: %s', async (name) => {
    for (const [width, scripts] of ways) {
      const page = await open(name, width, scripts);
      expect([width, scripts, await page.evaluate('document.documentElement.scrollWidth'), await page.evaluate(sticking)]).toEqual([width, scripts, width, []]);
    }
  }, 60_000);

  it.each(ordinary)('lies within the window, with its labels apart, and its tables in full on a desk: %s', async (name) => {
    for (const [width, scripts] of ways) {
      const page = await open(name, width, scripts);
      const frames = width === 1200 ? await page.evaluate(scrolling) : [];
      expect([width, scripts, await page.evaluate('document.documentElement.scrollWidth'), await page.evaluate(sticking), await page.evaluate(colliding), frames]).toEqual([width, scripts, width, [], [], []]);
    }
  }, 60_000);

  it('names faults only where their names have room', async () => {
    for (const width of [600, 768, 900, 1000]) expect([width, await (await open('crowded', width)).evaluate(colliding)]).toEqual([width, []]);
  }, 60_000);

  it('would see what sticks out, scrolls and collides', async () => {
    const page = await open('capacity', 1200);
    const long = `'<table><tr><td class="mark">' + 'x '.repeat(800) + '</td></tr></table>'`;
    await page.evaluate(`document.querySelector('.scroll td').innerHTML = ${long}; 0`);
    expect(await page.evaluate(scrolling)).toEqual(['Stations, the busiest first']);
    expect(await page.evaluate(sticking)).toEqual([]);
    await page.evaluate(`(() => { const [one, other] = document.querySelectorAll('.plot svg text[opacity="1"]'); other.setAttribute('transform', one.getAttribute('transform')); one.parentElement.append(other); })()`);
    expect(await page.evaluate(colliding)).not.toEqual([]);
    await page.evaluate(`document.querySelector('p.sentence').insertAdjacentHTML('afterend', ${long}); 0`);
    expect(await page.evaluate(sticking)).not.toEqual([]);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeGreaterThan(1200);
  }, 60_000);
});
