/** What the page does beyond being read. Everything here is an addition: with scripts off, nothing that matters is missing. */
import { type ChartData, upgradeCharts } from './charts.ts';
import { addCopyButtons } from './copying.ts';
import { addDownloads, addJsonDownloads } from './downloads.ts';
import { Zoom, type ZoomSettings } from './zoom.ts';

interface PageData {
  readonly charts: Readonly<Record<string, ChartData>>;
  readonly runs: Readonly<Record<string, ZoomSettings>>;
}

const data = JSON.parse(document.getElementById('page-data')!.textContent!) as PageData;
const zooms = new Map<string, Zoom>();
for (const toolbar of document.querySelectorAll<HTMLElement>('[data-zoom]')) {
  const run = toolbar.dataset['zoom']!;
  zooms.set(run, new Zoom(run, data.runs[run]!, toolbar));
}
addCopyButtons();
addDownloads();
addJsonDownloads();
upgradeCharts(data.charts, zooms);

// Paper has no triangle to click on. What was closed before is closed again afterwards.
let opened: HTMLDetailsElement[] = [];
addEventListener('beforeprint', () => {
  opened = [...document.querySelectorAll<HTMLDetailsElement>('details:not([open])')];
  for (const details of opened) details.open = true;
});
addEventListener('afterprint', () => {
  for (const details of opened) details.open = false;
});
