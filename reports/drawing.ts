/** Turns a Vega-Lite spec into a drawing that needs no script, and into the spec that the page's script draws again. */
import type { Spec } from 'vega';
import type { Chart } from './panel.ts';

export interface Drawing {
  readonly svg: string;
  readonly interactive?: Spec;
}

/** Draws a chart; `id` must be unique in the page, as ids inside the drawing are made from it. */
export async function draw(chart: Chart, id: string): Promise<Drawing> {
  // Loading both takes a third of a second, which only those who want a report should wait for.
  const [vega, { compile }] = await Promise.all([import('vega'), import('vega-lite')]);
  const problems: string[] = [];
  const logger = collector(problems);
  const interactive = chart.spec && compile(chart.spec, { logger }).spec;
  const still = compile(chart.still, { logger }).spec;
  if (problems.length > 0) throw new Error(`the chart ${id} cannot be compiled: ${problems.join('; ')}`);
  // Text is measured by rule, and not by whatever canvas and fonts this machine may have: the same result gives the same bytes.
  (vega as unknown as { textMetrics: { canvas(use: boolean): void } }).textMetrics.canvas(false);
  const view = new vega.View(vega.parse(still), { renderer: 'none', logLevel: vega.Error });
  const svg = await view.toSVG();
  view.finalize();
  return { svg: embeddable(svg, id), ...(interactive && { interactive }) };
}

/**
 * Clip paths are numbered across all drawings of a process; here they are named after their chart and numbered anew.
 * Paths keep a tenth of a pixel, and text takes the font of the page, which is the same. Only tags are matched, and no text can look like one, as its `<` is escaped.
 */
function embeddable(svg: string, id: string): string {
  const names = [...svg.matchAll(/<clipPath id="(clip\d+)">/g)].map((match) => match[1]!);
  const renamed = (name: string) => `${id}-clip-${names.indexOf(name) + 1}`;
  return svg
    .replace(/(<clipPath id=")(clip\d+)"/g, (_, before, name) => `${before}${renamed(name)}"`)
    .replace(/(<g [^<]*clip-path="url\(#)(clip\d+)\)"/g, (_, before, name) => `${before}${renamed(name)})"`)
    .replace(/<path [^<]*/g, (tag) => tag.replace(/ d="[^"]*"/, (path) => path.replace(/(\.\d)\d+/g, '$1')))
    .replace(/<text [^<>]*/g, (tag) => tag.replace(/ font-family="[^"]*"/, ''))
    .replace('<svg ', '<svg focusable="false" ')
    .replace(' xmlns:xlink="http://www.w3.org/1999/xlink"', '');
}

/** A warning about one of our own specs is a mistake of ours. */
function collector(problems: string[]) {
  const logger = {
    level: () => logger,
    error: (...parts: readonly unknown[]) => note(parts),
    warn: (...parts: readonly unknown[]) => note(parts),
    info: () => logger,
    debug: () => logger,
  };
  const note = (parts: readonly unknown[]) => {
    problems.push(parts.map(String).join(' '));
    return logger;
  };
  return logger as never;
}
