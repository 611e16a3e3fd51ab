/** Draws the charts again, so that they answer to the pointer; a still picture stays wherever that fails. */
import type { Spec, View as VegaView } from 'vega';
import { expressionInterpreter } from 'vega-interpreter';
import { Handler } from 'vega-tooltip';
import { parse, View } from './vega-slim.ts';
import type { Zoom } from './zoom.ts';

export interface ChartData {
  readonly spec: Spec;
  /** The id of the run whose time axis it shows; null: its axis is something else. */
  readonly zooms: string | null;
}

/** Draws each chart when it is about to be seen. A page of many runs would take long to draw at once. */
export function upgradeCharts(charts: Readonly<Record<string, ChartData>>, zooms: ReadonlyMap<string, Zoom>): void {
  const seen = new IntersectionObserver(
    (entries) => {
      for (const { isIntersecting, target } of entries) {
        if (!isIntersecting) continue;
        seen.unobserve(target);
        const chart = charts[target.id]!;
        void upgrade(target as HTMLElement, chart.spec, chart.zooms === null ? undefined : zooms.get(chart.zooms));
      }
    },
    { rootMargin: '400px' },
  );
  for (const id of Object.keys(charts)) {
    const plot = document.getElementById(id);
    if (plot !== null) seen.observe(plot);
  }
}

const tooltip = new Handler({ disableDefaultStyle: true, formatTooltip: (value: unknown, escaped: (value: unknown) => string) => escaped(value) });

async function upgrade(plot: HTMLElement, spec: Spec, zoom: Zoom | undefined): Promise<void> {
  const container = document.createElement('div');
  container.className = 'live';
  // Text is parsed into a tree and interpreted: the page's policy forbids making functions from text.
  const view = new View(parse(spec, {}, { ast: true } as never), {
    renderer: 'svg', container, tooltip: tooltip.call, expr: expressionInterpreter as never,
  } as never);
  fit(plot, view);
  zoom?.show(view);
  await view.runAsync();
  plot.replaceChildren(container);
  plot.dataset['live'] = 'yes';
  followWidth(plot, view);
  zoom?.follow(plot, view);
}

/** `room` is the whole width, and `width` in the end that of the plot alone. */
function fit(plot: HTMLElement, view: VegaView): void {
  view.width(plot.clientWidth).signal('room', plot.clientWidth);
}

function followWidth(plot: HTMLElement, view: VegaView): void {
  let width = plot.clientWidth;
  new ResizeObserver(() => {
    if (plot.clientWidth === width || plot.clientWidth === 0) return;
    width = plot.clientWidth;
    fit(plot, view);
    void view.runAsync();
  }).observe(plot);
}
