/** Faults on a chart over time: a band across the plot for each, and above the plot a lane with its bar and label. */
import type { FaultResult, RunResult } from '../scenarios/result.ts';
import { alarm, type Layer, timeAxis } from './chart.ts';
import { lanesUsed, type Placed, planLanes } from './lanes.ts';
import { instant } from './numbers.ts';
import { faultName } from './verdict-words.ts';

const laneHeight = 15;
/** A few lanes of names; with more faults at once, numbers say the same in less room. */
const namedLanesMax = 5;
const numberedLanesMax = 12;
const characterWidth = 6.3;
const labelLengthMax = 44;
/** Names are placed for a plot of this width; below it the labels are the faults' ids, and the table of faults says which is which. */
const wideFrom = 860;
const narrowWidth = 240;

export interface FaultBands {
  readonly layers: readonly Layer[];
  /** The rows that the layers draw, under the name they use. */
  readonly datasets: Readonly<Record<string, readonly object[]>>;
  /** Height of the lanes above the plot, in pixels. */
  readonly height: number;
  /** How many faults have a band but no label, because too many struck at once. */
  readonly unlabelled: number;
}

export function faultBands(result: RunResult): FaultBands {
  if (result.faults.length === 0) return { layers: [], datasets: {}, height: 0, unlabelled: 0 };
  const axis = timeAxis(result.simulatedSeconds);
  const faults = [...result.faults].sort((a, b) => a.begin - b.begin);
  const narrow = place(faults, result.simulatedSeconds, narrowWidth, numberedLanesMax, (fault) => fault.id);
  const named = place(faults, result.simulatedSeconds, wideFrom, namedLanesMax, faultLabel);
  const numbered = named.some(({ lane }) => lane === null);
  const wide = numbered ? place(faults, result.simulatedSeconds, wideFrom, numberedLanesMax, (fault) => fault.id) : named;
  const rows = faults.map((fault, index) => ({
    begin: fault.begin / axis.secondsPerUnit,
    end: (fault.end ?? result.simulatedSeconds) / axis.secondsPerUnit,
    id: fault.id,
    label: numbered ? fault.id : faultLabel(fault),
    wide: wide[index]!.lane, wideRight: wide[index]!.flushRight, narrow: narrow[index]!.lane, narrowRight: narrow[index]!.flushRight,
    tip: `${faultName(fault)}\nfrom ${instant(fault.begin)} ${fault.end === null ? 'to the end' : `to ${instant(fault.end)}`}`,
  }));
  const height = Math.max(lanesUsed(wide), lanesUsed(narrow)) * laneHeight;
  return { layers: bandLayers(), datasets: { faults: rows, struck: merged(rows) }, height, unlabelled: wide.filter(({ lane }) => lane === null).length };
}

/** The times at which any fault was there: drawn one over another, the bands of many faults would hide the chart. */
function merged(sorted: readonly { readonly begin: number; readonly end: number }[]): readonly { begin: number; end: number }[] {
  const result: { begin: number; end: number }[] = [];
  for (const { begin, end } of sorted) {
    const last = result.at(-1);
    if (last !== undefined && begin <= last.end) last.end = Math.max(last.end, end);
    else result.push({ begin, end });
  }
  return result;
}

function faultLabel(fault: FaultResult): string {
  const label = faultName(fault);
  return label.length > labelLengthMax ? `${label.slice(0, labelLengthMax - 1)}…` : label;
}

function place(faults: readonly FaultResult[], length: number, width: number, lanesMax: number, label: (fault: FaultResult) => string): readonly Placed[] {
  const labelled = faults.map((fault) => ({
    begin: fault.begin,
    end: fault.end ?? length,
    labelLength: ((label(fault).length * characterWidth + 12) / width) * length,
  }));
  return planLanes(labelled, length, lanesMax);
}

function bandLayers(): readonly Layer[] {
  const narrowNow = `width < ${wideFrom}`;
  // The zoomed range is clipped here and not by the mark, because the lanes stand outside of the plot.
  const clipped = [
    { filter: 'datum.end >= from && datum.begin <= to' },
    { calculate: 'max(datum.begin, from)', as: 'left' },
    { calculate: 'min(datum.end, to)', as: 'right' },
  ];
  const inLane = [
    ...clipped,
    { calculate: `${narrowNow} ? datum.narrow : datum.wide`, as: 'lane' },
    { filter: 'isValid(datum.lane)' },
    { calculate: `-(datum.lane + 1) * ${laneHeight}`, as: 'top' },
    { calculate: `-datum.lane * ${laneHeight} - 4`, as: 'bottom' },
    { calculate: `-(datum.lane + 0.5) * ${laneHeight} - 2`, as: 'middle' },
    { calculate: `${narrowNow} ? datum.narrowRight : datum.wideRight`, as: 'flushRight' },
    { calculate: 'datum.flushRight ? datum.right : datum.left', as: 'labelAt' },
    { calculate: `${narrowNow} ? datum.id : datum.label`, as: 'text' },
  ];
  const x = { field: 'left', type: 'quantitative' } as const;
  const x2 = { field: 'right' } as const;
  const edge = { type: 'rule', color: alarm, opacity: 0.45, strokeWidth: 0.75 } as const;
  const pixels = (field: string) => ({ field, type: 'quantitative', scale: null, axis: null }) as const;
  return [
    { data: { name: 'struck' }, transform: clipped, mark: { type: 'rect', color: alarm, opacity: 0.11 }, encoding: { x, x2, y: { value: 0 }, y2: { value: 'height' } } },
    { data: { name: 'faults' }, transform: clipped, mark: edge, encoding: { x, y: { value: 0 }, y2: { value: 'height' } } },
    { data: { name: 'faults' }, transform: clipped, mark: edge, encoding: { x: { ...x, field: 'right' }, y: { value: 0 }, y2: { value: 'height' } } },
    {
      data: { name: 'faults' }, transform: inLane,
      mark: { type: 'rect', color: alarm, fillOpacity: 0.3, stroke: alarm, strokeOpacity: 0.7, strokeWidth: 0.75, cornerRadius: 2 },
      encoding: { x, x2, y: pixels('top'), y2: { field: 'bottom' }, tooltip: { field: 'tip' } },
    },
    {
      data: { name: 'faults' }, transform: inLane,
      mark: {
        type: 'text', color: 'currentColor', baseline: 'middle', fontSize: 11,
        align: { expr: `datum.flushRight ? 'right' : 'left'` }, dx: { expr: 'datum.flushRight ? -4 : 4' },
      },
      encoding: { x: { field: 'labelAt', type: 'quantitative' }, y: pixels('middle'), text: { field: 'text' }, tooltip: { field: 'tip' } },
    },
  ] as readonly Layer[];
}
