/** One message's life, or all that happened within a window of time, as a page of its own. */
import type { Explanation, WindowStory } from '../scenarios/result.ts';
import { type Answer, downloadSection, heading, panelSection } from './blocks.ts';
import { browserBundle } from './browser-bundle.ts';
import { documentPage } from './document.ts';
import { type Charts, drawAll } from './draw-all.ts';
import { html } from './html.ts';
import { story } from './panels/story.ts';
import { instant } from './numbers.ts';
import { readableExplanation, readableWindow } from './readable.ts';
import { storyBlocks } from './story-blocks.ts';
import { windowBlocks } from './window-story.ts';

const id = 'story';

export async function renderStory(original: Explanation, version: string): Promise<string> {
  const explanation = readableExplanation(original);
  const { message, scenario } = explanation;
  return page(explanation, original, message, { panel: { ...story, title: `The life of ${message}` }, blocks: storyBlocks(explanation) }, `${scenario}-${message}`, version);
}

export async function renderWindow(original: WindowStory, version: string): Promise<string> {
  const window = readableWindow(original);
  const { scenario, from, to } = window;
  const title = `${instant(from)} to ${instant(to)}`;
  const panel = { ...story, title: 'What happened', question: 'What happened to whom, and which fault was active?' };
  return page(window, original, title, { panel, blocks: windowBlocks(window) }, `${scenario}-${from}s-${to}s`, version);
}

async function page({ scenario, seed }: { readonly scenario: string; readonly seed: number }, original: object, title: string, answer: Answer, fileName: string, version: string): Promise<string> {
  const charts: Charts = {};
  const drawings = await drawAll(id, [answer], charts);
  return documentPage({
    title: `${title}: ${scenario}`, version, data: { charts, runs: {} }, script: await browserBundle(),
    body: html`<main><article class="run" id="${id}">
${heading(1, `${title} in ${scenario}, seed ${seed}`)}
${panelSection(id, answer, drawings, 2)}${downloadSection(id, original, html`data-json-download="${id}-result" data-file-name="${fileName}.json"`, 2)}</article></main>`,
  });
}
