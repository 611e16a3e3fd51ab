/** Metrics of one quantity against a parameter that goes over a range; where there is no steady state, the plot is shaded. */
import type { TopLevelSpec } from 'vega-lite';
import type { QuantityName, SweepPoint, TheorySweep } from '../scenarios/theory-result.ts';
import { alarm, config, drawn, drawnWidth, type Extent, legend, linearExtent, literal, logExtent, palette } from './chart.ts';
import { type LimitLine, limitLayers } from './limit-lines.ts';
import { type Chart, figures, type Table, table, words } from './panel.ts';
import { stretches } from './sweep-words.ts';
import { exactText, quantityText } from './theory-words.ts';
import { printedIndices } from './thin.ts';

const height = 240;
/** From a hundredfold on, a linear axis would show the largest values only. */
const wideFrom = 100;
const tableRowsMax = 96;

export function sweepChart(id: string, sweep: TheorySweep, quantity: QuantityName, metrics: readonly string[]): Chart {
  const { parameter } = sweep.swept;
  return {
    kind: 'chart', id, overTime: false,
    title: `${metrics.length === 1 ? metrics[0] : titles[quantity]} against ${parameter}`,
    label: spoken(sweep, metrics),
    spec: spec(sweep, quantity, metrics, true), still: spec(sweep, quantity, metrics, false),
    ...(stretches(sweep.points, isUnstable).length > 0 && { note: 'Shaded: no steady state, so that waits and backlog grow without end.' }),
    table: valueTable(sweep, metrics),
  };
}

const titles: Readonly<Record<QuantityName, string>> = { time: 'Times', rate: 'Rates', count: 'Counts', probability: 'Probabilities', number: 'Numbers' };

/** How a value is labelled on an axis and in a tooltip: expressions of the drawing over a value. */
const labels: Readonly<Record<QuantityName, { readonly axis: (value: string) => string; readonly tip: (value: string) => string }>> = {
  time: { axis: (value) => `format(${value}, '~s') + 's'`, tip: (value) => `format(${value}, '.3s') + 's'` },
  rate: { axis: (value) => `${short(value)} + '/s'`, tip: (value) => `format(${value}, ',.4~r') + '/s'` },
  count: { axis: short, tip: (value) => `format(${value}, ',.4~r')` },
  probability: { axis: (value) => `${value} < 0.001 && ${value} > 0 ? format(${value}, '.0e') : format(${value}, '~%')`, tip: (value) => `${value} < 0.001 && ${value} > 0 ? format(${value}, '.2e') : format(${value}, '.3~p')` },
  number: { axis: short, tip: (value) => `format(${value}, ',.4~r')` },
};

function short(value: string): string {
  return `(${value} === 0 ? '0' : abs(${value}) < 0.001 ? format(${value}, '.0e') : abs(${value}) < 1 ? format(${value}, '~r') : format(${value}, '~s'))`;
}

function isUnstable({ unstable }: SweepPoint): boolean {
  return unstable !== null;
}

function spec(sweep: TheorySweep, quantity: QuantityName, metrics: readonly string[], forPointers: boolean): TopLevelSpec {
  const rows = sweep.points.map(({ value, metrics: found }) => ({
    x: value, ...Object.fromEntries(metrics.map((name, index) => [`s${index}`, typeof found[name] === 'number' ? drawn(found[name]) : null])),
  }));
  const limits = limitsOn(sweep, metrics);
  const y = extentOf([...metrics.flatMap((name) => numbersOf(sweep, name)), ...limits.map(({ value }) => value)], quantity);
  const first = sweep.points[0]!.value;
  const last = sweep.points.at(-1)!.value;
  const x = {
    type: 'quantitative', scale: { domain: [first, last], nice: false, zero: false },
    axis: { title: sweep.swept.parameter, labelExpr: labels[sweep.swept.quantity].axis('datum.value'), tickCount: { expr: 'ceil(width / 90)' }, ...(sweep.swept.quantity === 'count' && { tickMinStep: 1 }) },
  };
  const lines = linesLayer(metrics, quantity, x, y, rows.length);
  const limited = limitLayers(limits, { scale: y.scale }, 'right');
  return {
    width: drawnWidth, height, autosize: { type: 'fit-x', contains: 'padding' }, config,
    params: [{ name: 'room', value: drawnWidth }],
    datasets: { points: rows }, data: { name: 'points' },
    layer: [...shadeLayers(sweep, x), ...limited.lines, ...(forPointers ? [withPicking(lines), ...limited.labels, hoverLayer(sweep, quantity, metrics, x)] : [lines, ...limited.labels])],
  } as unknown as TopLevelSpec;
}

function extentOf(values: readonly number[], quantity: QuantityName): Extent {
  const positive = values.filter((value) => value > 0);
  const least = positive.reduce((one, other) => Math.min(one, other), Infinity);
  const most = positive.reduce((one, other) => Math.max(one, other), 0);
  if (positive.length > 1 && least > 0 && most / least >= wideFrom) return logExtent([Math.max(least, most * 1e-12), most]);
  return linearExtent(values.map((value) => value * 1.04), quantity === 'probability' && most > 0.5 ? 1 : 0);
}

function linesLayer(metrics: readonly string[], quantity: QuantityName, x: object, { scale, ticks }: Extent, points: number): { readonly encoding: object } {
  const nameOf = `${literal(Object.fromEntries(metrics.map((name, index) => [`s${index}`, name])))}[datum.key]`;
  // What is zero, or far below all that is drawn, lies on the floor of a logarithmic plot.
  const floor = scale.type === 'log' ? [{ calculate: `isValid(datum.value) ? max(datum.value, ${scale.domain[0]}) : null`, as: 'value' }] : [];
  return {
    transform: [{ fold: metrics.map((_, index) => `s${index}`), as: ['key', 'value'] }, { calculate: nameOf, as: 'series' }, ...floor],
    mark: { type: 'line', clip: true, strokeWidth: 1.75, strokeCap: 'round', strokeJoin: 'round', invalid: 'break-paths-show-domains', ...(points <= 40 && { point: { size: 30 } }) },
    encoding: {
      x: { field: 'x', ...x },
      y: {
        field: 'value', type: 'quantitative', scale,
        axis: { title: scale.type === 'log' ? `${axisTitles[quantity]}, log scale` : axisTitles[quantity], labelExpr: labels[quantity].axis('datum.value'), ...(ticks === null ? { tickCount: 5 } : { values: ticks }) },
      },
      color: { field: 'series', type: 'nominal', sort: null, scale: { domain: metrics, range: metrics.map((_, index) => palette[index % palette.length]!) }, legend: legend(metrics, 10) },
    },
  } as { readonly encoding: object };
}

const axisTitles: Readonly<Record<QuantityName, string>> = { time: 'time', rate: 'per second', count: 'number', probability: 'probability', number: 'number' };

function withPicking(lines: ReturnType<typeof linesLayer>): object {
  return {
    ...lines,
    params: [{ name: 'pick', select: { type: 'point', fields: ['series'] }, bind: 'legend' }],
    encoding: { ...lines.encoding, opacity: { condition: { param: 'pick', value: 1 }, value: 0.1 } },
  };
}

/** The rule that follows the pointer, with all values at its place. */
function hoverLayer({ swept }: TheorySweep, quantity: QuantityName, metrics: readonly string[], x: object): object {
  const parts = metrics.map((name, index) => `${literal(`\n${name}: `)} + (isValid(datum.s${index}) ? ${labels[quantity].tip(`datum.s${index}`)} : '∞')`);
  return {
    transform: [{ calculate: [`${literal(`${swept.parameter} = `)} + ${labels[swept.quantity].tip('datum.x')}`, ...parts].join(' + '), as: 'tip' }],
    params: [{ name: 'hover', select: { type: 'point', encodings: ['x'], nearest: true, on: 'pointerover', clear: 'pointerout' } }],
    mark: { type: 'rule', color: 'currentColor', strokeWidth: 1 },
    encoding: { x: { field: 'x', ...x }, opacity: { condition: { param: 'hover', empty: false, value: 0.5 }, value: 0 }, tooltip: { field: 'tip' } },
  };
}

/** Halfway to the neighbour that has a steady state; for an arrival rate to where it is just as much as can be served. */
function shadeLayers({ points, swept }: TheorySweep, x: object): readonly object[] {
  const rows = stretches(points, isUnstable).map(([first, last]) => ({
    left: edge(points, first, first - 1, swept.parameter), right: edge(points, last, last + 1, swept.parameter),
  }));
  if (rows.length === 0) return [];
  return [
    { data: { values: rows }, mark: { type: 'rect', color: alarm, opacity: 0.11 }, encoding: { x: { field: 'left', ...x }, x2: { field: 'right' }, y: { value: 0 }, y2: { value: 'height' } } },
    {
      // Where the words would not fit, the note below the chart says them.
      data: { values: rows }, mark: { type: 'text', align: 'left', baseline: 'top', dx: 5, fontSize: 11, color: 'currentColor', opacity: 0.9, text: { expr: `abs(scale('x', datum.right) - scale('x', datum.left)) < 90 ? '' : 'no steady state'` } },
      encoding: { x: { field: 'left', ...x }, y: { value: 5 } },
    },
  ];
}

function edge(points: readonly SweepPoint[], inside: number, outside: number, parameter: string): number {
  const [unstable, stable] = [points[inside]!, points[outside]];
  if (stable === undefined) return unstable.value;
  const capacity = parameter === 'lambda' ? unstable.value - unstable.unstable!.growthRate : NaN;
  const [low, high] = [Math.min(unstable.value, stable.value), Math.max(unstable.value, stable.value)];
  return capacity >= low && capacity <= high ? drawn(capacity)! : drawn((low + high) / 2)!;
}

function limitsOn({ points }: TheorySweep, metrics: readonly string[]): readonly LimitLine[] {
  const targets = points.find(({ targets: found }) => found.length > 0)?.targets ?? [];
  return targets.filter(({ metric, limit }) => metrics.includes(metric) && limit > 0).map(({ target, limit }) => ({ value: limit, label: target }));
}

function numbersOf({ points }: TheorySweep, metric: string): readonly number[] {
  return points.map(({ metrics }) => metrics[metric]).filter((value): value is number => typeof value === 'number');
}

function valueTable({ points, swept, meanings }: TheorySweep, metrics: readonly string[]): Table {
  const column = (name: string) => points.map(({ metrics: found }) => (typeof found[name] === 'number' ? found[name] : null));
  const { step, indices } = printedIndices(metrics.map(column), points.length, tableRowsMax);
  const rows = indices.map((index) => {
    const { value, metrics: found, refused } = points[index]!;
    return [exactText(value, swept.quantity), ...metrics.map((name) => (refused === null ? quantityText(found[name] ?? null, meanings[name]?.quantity ?? 'number') : '–')), refused ?? ''];
  });
  const isRefused = points.some(({ refused }) => refused !== null);
  const columns = [figures(swept.parameter), ...metrics.map(figures), ...(isRefused ? [words('Not possible')] : [])];
  return table(`${metrics.join(', ')} by ${swept.parameter}`, columns, rows.map((row) => (isRefused ? row : row.slice(0, -1))), step > 1 ? `Every ${step}. of ${points.length} points, and those where a column peaks; the download has them all.` : undefined);
}

function spoken({ points, swept, meanings }: TheorySweep, metrics: readonly string[]): string {
  const [first, last] = [points[0]!, points.at(-1)!];
  const said = metrics.map((name) => {
    const text = (point: SweepPoint) => quantityText(point.metrics[name] ?? null, meanings[name]?.quantity ?? 'number');
    return `${name} goes from ${text(first)} to ${text(last)}`;
  });
  return `Lines against ${swept.parameter} from ${exactText(first.value, swept.quantity)} to ${exactText(last.value, swept.quantity)}: ${said.join('; ')}.`;
}
