/** A line chart over simulated time, with the faults as bands, limits as dashed rules, and its table. */
import type { TopLevelSpec } from 'vega-lite';
import type { RunResult } from '../scenarios/result.ts';
import { type ChartUnit, config, drawn, drawnWidth, type Extent, legend, linearExtent, literal, logExtent, palette, timeAxis } from './chart.ts';
import { type FaultBands, faultBands } from './fault-bands.ts';
import { html } from './html.ts';
import { limitLayers } from './limit-lines.ts';
import { instant, plural } from './numbers.ts';
import type { Limit } from './objective-text.ts';
import { type Block, figures, passage, type Table } from './panel.ts';
import { drawnIndices, printedIndices } from './thin.ts';

export interface Line {
  readonly name: string;
  readonly values: readonly (number | null)[];
  /** In pixels. Lines that often lie on one another are told apart when the lower ones are broader. */
  readonly breadth?: number;
}
export interface TimeChartRequest {
  readonly id: string;
  readonly title: string;
  readonly unit: ChartUnit;
  readonly scale: 'linear' | 'log';
  readonly lines: readonly Line[];
  /** Percentiles are drawn at every window: those of several windows cannot be had from those of each. */
  readonly percentiles: boolean;
  readonly limits: readonly Limit[];
  /** More columns for the table: a line may say too little. */
  readonly alsoInTable?: readonly (Line & { readonly unit: ChartUnit })[];
  readonly note?: string;
}

const height = 190;
const usualBreadth = 1.75;
const pixelColumns = 500;
const tableRowsMax = 96;

export function timeChart(result: RunResult, request: TimeChartRequest): Block {
  if (observed(request).length === 0) return passage(html`<p>${request.title}: not observed, in any window.</p>`);
  const bands = faultBands(result);
  const notes = [
    request.note ?? '',
    bands.unlabelled > 0 ? `${plural(bands.unlabelled, 'fault')} had no room for a label; the table of faults names all.` : '',
  ].filter((note) => note !== '');
  return {
    kind: 'chart',
    id: request.id,
    title: request.title,
    label: spoken(result, request),
    overTime: true,
    spec: spec(result, request, bands, true),
    still: spec(result, request, bands, false),
    ...(notes.length === 0 ? {} : { note: notes.join(' ') }),
    table: windowTable(result, request),
  };
}

function spec(result: RunResult, request: TimeChartRequest, bands: FaultBands, forPointers: boolean): TopLevelSpec {
  const lines = linesLayer(result, request, bands.height);
  const limits = limitLayers(shownLimits(request), {}, 'right');
  return {
    width: drawnWidth,
    height,
    autosize: { type: 'fit-x', contains: 'padding' },
    config,
    params: [{ name: 'from', value: 0 }, { name: 'to', value: timeAxis(result.simulatedSeconds).length }, { name: 'room', value: drawnWidth }],
    datasets: { ...bands.datasets, windows: rows(result, request) },
    data: { name: 'windows' },
    layer: [...bands.layers, ...limits.lines, ...(forPointers ? [withPointers(lines), ...limits.labels, hoverLayer(result, request)] : [lines, ...limits.labels])],
  } as TopLevelSpec;
}

/** One row per window, at its middle, with the value of line n in field `s<n>`. */
function rows(result: RunResult, request: TimeChartRequest): readonly Record<string, number | null>[] {
  const { times, window } = result.series;
  const { secondsPerUnit } = timeAxis(result.simulatedSeconds);
  const series = request.lines.map((line) => line.values);
  const indices = request.percentiles ? times.map((_, index) => index) : drawnIndices(series, times.length, pixelColumns);
  return indices.map((index) => ({
    t: drawn((times[index]! - window / 2) / secondsPerUnit),
    ...Object.fromEntries(series.map((values, line) => [`s${line}`, drawn(values[index] ?? null)])),
  }));
}

function linesLayer(result: RunResult, request: TimeChartRequest, lanes: number): UnitLayer {
  const names = request.lines.map((line) => line.name);
  const keys = names.map((_, index) => `s${index}`);
  const nameOf = `${literal(Object.fromEntries(keys.map((key, index) => [key, names[index]!])))}[datum.key]`;
  const { scale, ticks } = extent(request);
  const floor = request.scale === 'log' ? [{ calculate: `isValid(datum.value) ? max(datum.value, ${scale.domain[0]}) : null`, as: 'value' }] : [];
  const broad = names.length > 1 && request.lines.some((line) => line.breadth !== undefined);
  const byName = (range: readonly (string | number)[]) =>
    ({ field: 'series', type: 'ordinal', sort: null, scale: { domain: names, range }, legend: legend(names, lanes + 8) });
  return {
    transform: [{ fold: keys, as: ['key', 'value'] }, { calculate: nameOf, as: 'series' }, ...floor],
    mark: { type: 'line', clip: true, strokeCap: 'round', strokeJoin: 'round', ...(broad ? {} : { strokeWidth: usualBreadth }) },
    encoding: {
      x: {
        field: 't', type: 'quantitative', scale: { domain: [{ expr: 'from' }, { expr: 'to' }], nice: false, zero: false },
        axis: { title: `simulated time (${timeAxis(result.simulatedSeconds).unit})`, tickCount: { expr: 'ceil(width / 80)' }, labelFlush: true },
      },
      y: {
        field: 'value', type: 'quantitative', scale,
        axis: { title: request.unit.axisTitle, labelExpr: request.unit.axisLabel, ...(ticks === null ? { tickCount: 5 } : { values: ticks }) },
      },
      color: byName(names.map((_, index) => palette[index % palette.length]!)),
      ...(broad ? { strokeWidth: byName(request.lines.map((line) => line.breadth ?? usualBreadth)) } : {}),
    },
  };
}

interface UnitLayer {
  readonly transform: readonly object[];
  readonly mark: object;
  readonly encoding: object;
}

/** A click in the legend picks lines out; dragging marks a part of the time axis, which the page's script then zooms to. */
function withPointers(lines: UnitLayer): object {
  const marked = { fill: 'currentColor', fillOpacity: 0.12, stroke: 'currentColor', strokeOpacity: 0.4 };
  return {
    ...lines,
    params: [
      { name: 'pick', select: { type: 'point', fields: ['series'] }, bind: 'legend' },
      { name: 'brush', select: { type: 'interval', encodings: ['x'], zoom: false, translate: false, mark: marked } },
    ],
    encoding: { ...lines.encoding, opacity: { condition: { param: 'pick', value: 1 }, value: 0.1 } },
  };
}

/** The rule that follows the pointer, with all values of its window. */
function hoverLayer(result: RunResult, request: TimeChartRequest): object {
  const { unit } = timeAxis(result.simulatedSeconds);
  const parts = request.lines.map(
    (line, index) => `${literal(`\n${line.name}: `)} + (isValid(datum.s${index}) ? ${request.unit.tip(`datum.s${index}`)} : 'not observed')`,
  );
  return {
    transform: [{ filter: 'datum.t >= from && datum.t <= to' }, { calculate: [`'at ' + format(datum.t, '.5~r') + ' ${unit}'`, ...parts].join(' + '), as: 'tip' }],
    params: [{ name: 'hover', select: { type: 'point', encodings: ['x'], nearest: true, on: 'pointerover', clear: 'pointerout' } }],
    mark: { type: 'rule', color: 'currentColor', strokeWidth: 1 },
    encoding: {
      x: { field: 't', type: 'quantitative' },
      opacity: { condition: { param: 'hover', empty: false, value: 0.5 }, value: 0 },
      tooltip: { field: 'tip' },
    },
  };
}

function observed(request: TimeChartRequest): readonly number[] {
  return request.lines.flatMap((line) => line.values).filter((value) => value !== null);
}

/** A limit far above the data would flatten a linear scale, and is left to the table of objectives. */
function shownLimits(request: TimeChartRequest): readonly Limit[] {
  const largest = observed(request).reduce((most, value) => Math.max(most, value), 0);
  return request.limits.filter(({ value }) => value > 0 && (request.scale === 'log' || value <= largest * 3));
}

/** With room above the highest line or limit, for a limit's label. */
function extent(request: TimeChartRequest): Extent {
  const limits = shownLimits(request).map(({ value }) => value);
  if (request.scale === 'linear') return linearExtent([...observed(request), ...limits].map((value) => value * 1.06), request.unit.least);
  const positive = observed(request).filter((value) => value > 0);
  return logExtent([...(positive.length === 0 ? [1] : positive), ...limits.map((limit) => limit * 1.5)]);
}

function windowTable(result: RunResult, request: TimeChartRequest): Table {
  const { times } = result.series;
  const columns = [...request.lines.map((line) => ({ ...line, unit: request.unit })), ...(request.alsoInTable ?? [])];
  const { step, indices } = printedIndices(columns.map((column) => column.values), times.length, tableRowsMax);
  const thinned = `Every ${ordinal(step)} of ${plural(times.length, 'window')}, and those where a column peaks; the download has them all.`;
  return {
    kind: 'table',
    caption: `${request.title}, by window`,
    columns: [figures('Window ends at'), ...columns.map((column) => figures(column.name))],
    rows: indices.map((index) => [instant(times[index]!), ...columns.map((column) => column.unit.print(column.values[index] ?? null))]),
    ...(step > 1 ? { note: thinned } : {}),
  };
}

function ordinal(step: number): string {
  return step === 2 ? 'second' : step === 3 ? 'third' : `${step}th`;
}

function spoken(result: RunResult, request: TimeChartRequest): string {
  const lines = request.lines.map((line) => {
    const values = line.values.filter((value) => value !== null);
    if (values.length === 0) return `${line.name} not observed`;
    const least = values.reduce((a, b) => Math.min(a, b));
    const most = values.reduce((a, b) => Math.max(a, b));
    const at = result.series.times[line.values.indexOf(most)];
    return `${line.name} from ${request.unit.print(least)} to ${request.unit.print(most)}${at === undefined ? '' : `, highest in the window that ends at ${instant(at)}`}`;
  });
  const faults = result.faults.length === 0 ? '' : ` ${plural(result.faults.length, 'fault')} drawn as ${result.faults.length === 1 ? 'a band' : 'bands'}.`;
  return `${request.title}: lines over ${instant(result.simulatedSeconds)} of simulated time. ${lines.join('; ')}.${faults}`;
}
