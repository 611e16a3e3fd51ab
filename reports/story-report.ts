/** One message's life as a page of its own. */
import type { Explanation } from '../scenarios/result.ts';
import { type Answer, downloadSection, heading, panelSection } from './blocks.ts';
import { browserBundle } from './browser-bundle.ts';
import { documentPage } from './document.ts';
import { type Charts, drawAll } from './draw-all.ts';
import { html } from './html.ts';
import { story } from './panels/story.ts';
import { readableExplanation } from './readable.ts';
import { storyBlocks } from './story-blocks.ts';

const id = 'story';

export async function renderStory(original: Explanation, version: string): Promise<string> {
  const explanation = readableExplanation(original);
  const { message, scenario, seed } = explanation;
  const answers: readonly Answer[] = [{ panel: { ...story, title: `The life of ${message}` }, blocks: storyBlocks(explanation) }];
  const charts: Charts = {};
  const drawings = await drawAll(id, answers, charts);
  return documentPage({
    title: `${message}: ${scenario}`, version, data: { charts, runs: {} }, script: await browserBundle(),
    body: html`<main><article class="run" id="${id}">
${heading(1, `${message} in ${scenario}, seed ${seed}`)}
${answers.map((answer) => panelSection(id, answer, drawings, 2))}${downloadSection(id, original, html`data-json-download="${id}-result" data-file-name="${scenario}-${message}.json"`, 2)}</article></main>`,
  });
}
