/**
 * One message's life, or those of all within a window of time, as a picture: who did what on lanes from left to right, what happened from
 * top to bottom, arrows for what goes from one to the other, bands where faults were active. One row for each thing, so that a second and
 * an hour take the same room.
 */
import type { TopLevelSpec } from 'vega-lite';
import type { FaultResult, LifeLine } from '../scenarios/result.ts';
import { alarm, config, drawn, drawnWidth, palette } from './chart.ts';

/** In pixels. */
const row = { height: 24, top: 44 } as const;
const column = { time: 104, lane: 118, lanes: 590, text: 24 } as const;
const lanesMax = 8;
/** Of the first and the last; what is between is in the table. */
const rowsMax = 48;
/** From the head of an arrow to the middle of the dot. */
const gap = 8;
/** Of letters at this size: rather too much than too little. */
const letter = 6.4;
/** Bold ones are wider. */
const boldness = 0.85;

/** What is drawn: of one message, or of those that its lines name. */
export interface Told {
  readonly message?: string;
  readonly life: readonly LifeLine[];
  readonly faults: readonly FaultResult[];
}

interface Row {
  readonly at: number;
  readonly text: string;
  readonly line?: LifeLine;
  /** A fault that begins or ends. */
  readonly fault?: { readonly id: string; readonly begins: boolean };
}

/** What happens in a client of the publisher's side. */
const atPublisher: readonly string[] = ['published', 'sent', 'confirm-received', 'refusal-received', 'outcome-unknown', 'abandoned'];
/** What a worker is in, too, and its broker does, or would have heard of. */
const atBroker: readonly string[] = ['delivered', 'settlement-lost', 'settlement-late'];
/** Where something that was on its way came to nothing. */
const broken: readonly string[] = ['publish-lost', 'confirm-lost', 'delivery-lost', 'settlement-lost'];
/** What something that arrives was before: the nearest of these above it, of the same attempt or delivery. */
const origins: Readonly<Record<string, readonly string[]>> = {
  stored: ['sent'], refused: ['sent'], 'publish-lost': ['sent'], 'confirm-received': ['confirmed'], 'confirm-lost': ['confirmed'], 'refusal-received': ['refused'],
  'work-started': ['delivered'], 'delivery-lost': ['delivered'], acknowledged: ['effect', 'duplicate-effect', 'deduplicated'], 'settlement-lost': ['effect', 'duplicate-effect', 'deduplicated', 'work-failed'],
  'settlement-late': ['effect', 'duplicate-effect', 'deduplicated'],
};

export function isTold({ life }: Told): boolean {
  return life.length > 1;
}

/** Everything in its order, faults among it. @returns also how many rows were left out */
function rowsOf({ message, life, faults }: Told): { readonly rows: readonly Row[]; readonly left: number } {
  const [first, last] = [life[0]!.at, life.at(-1)!.at];
  const struck = faults.flatMap(({ id, label, target, begin, end }): Row[] => [
    ...(begin >= first && begin <= last ? [{ at: begin, text: `${id} begins: ${label} ${target}`, fault: { id, begins: true } }] : []),
    ...(end !== null && end >= first && end <= last ? [{ at: end, text: `${id} ends`, fault: { id, begins: false } }] : []),
  ]);
  const all = [...life.map((line): Row => ({ at: line.at, text: message === undefined ? `${line.message} ${line.text}` : line.text, line })), ...struck].sort((one, other) => one.at - other.at || Number(other.fault?.begins ?? false) - Number(one.fault?.begins ?? false));
  if (all.length <= rowsMax) return { rows: all, left: 0 };
  return { rows: [...all.slice(0, rowsMax / 2), ...all.slice(-rowsMax / 2)], left: all.length - rowsMax };
}

interface Lanes {
  readonly names: readonly string[];
  /** The first of these publish, and the last of them are workers. */
  readonly publishers: number;
  readonly workers: number;
  /** Members of a group share one lane. */
  readonly ofGroups: boolean;
}

const publisherOf = (message: string): string => message.slice(0, message.lastIndexOf('-'));
const groupOf = (name: string): string => name.replace(/(\.\d+)+$/, '');

/** One for everybody; for every group, where that would be too many; and of each kind one for all that are left then. */
function lanesOf({ message }: Told, rows: readonly Row[]): Lanes {
  const told = rows.flatMap(({ line }) => (line === undefined ? [] : [line]));
  const publishers = message === undefined ? [...new Set(told.map((line) => publisherOf(line.message!)))] : [publisherOf(message)];
  const others = [...new Set(told.flatMap((line) => [line.where, line.queue ?? '']))].filter((name) => name !== '');
  const kinds = [publishers, others.filter((name) => !isWorker(name)), others.filter(isWorker)];
  const ofGroups = kinds.flat().length > lanesMax;
  const merged = ofGroups ? kinds.map((names) => [...new Set(names.map((name) => (name.includes('/') ? name : groupOf(name))))]) : kinds;
  while (merged.flat().length > lanesMax) {
    const longest = merged.reduce((one, other) => (other.length > one.length ? other : one));
    longest.splice(-2, 2, 'others');
  }
  return { names: merged.flat(), publishers: merged[0]!.length, workers: merged[2]!.length, ofGroups };
}

const isWorker = (name: string): boolean => name.startsWith('consumers.');

/** What the broker says of a message it says where that is. Whoever has no lane of its own stands on that of the others. */
function laneOf(line: LifeLine, { names, publishers, workers, ofGroups }: Lanes): number {
  const find = (name: string): number => names.indexOf(ofGroups && !name.includes('/') ? groupOf(name) : name);
  // A confirm that is lost was on its way to the publisher.
  if (atPublisher.includes(line.what) || line.what === 'confirm-lost') {
    const own = line.message === undefined ? 0 : find(publisherOf(line.message));
    return own < 0 ? publishers - 1 : own;
  }
  const where = atBroker.includes(line.what) ? (line.queue ?? line.where) : line.where;
  const at = find(where);
  if (at >= publishers) return at;
  return isWorker(where) && workers > 0 ? names.length - 1 : Math.max(publishers, names.length - 1 - workers);
}

const shortened = (text: string, room: number): string => (text.length * letter <= room ? text : `${text.slice(0, Math.max(1, Math.floor(room / letter) - 1))}…`);

export interface SpaceTime {
  readonly spec: TopLevelSpec;
  /** Rows that are in the table alone. */
  readonly left: number;
}

export function spaceTime(explanation: Told): SpaceTime {
  const { rows, left } = rowsOf(explanation);
  const lanes = lanesOf(explanation, rows);
  const y = (index: number): number => row.top + index * row.height;
  const width = Math.min(column.lane, column.lanes / lanes.names.length);
  const x = (lane: number): number => column.time + width * (lane + 0.5);
  const textAt = column.time + width * lanes.names.length + column.text;
  const bottom = y(rows.length - 1) + row.height;
  const points = rows.flatMap(({ line }, index) => (line === undefined ? [] : [{ line, index, lane: laneOf(line, lanes) }]));
  const told = {
    lanes: lanes.names.map((name, lane) => ({ x: x(lane), x2: x(lane), y: 24, y2: bottom, name: shortened(name.replace(/^consumers\./, ''), (width - 8) * boldness) })),
    bands: bandsOf(explanation, rows).map(({ id, from, to }, index) => ({ x: 0, x2: drawnWidth, labelX: drawnWidth - 6 - index * 28, y: y(from) - row.height / 2, y2: y(to) + row.height / 2, id })),
    dots: points.map(({ line, index, lane }) => ({ x: x(lane), y: y(index), colour: colourOf(line) })),
    arrows: points.flatMap((point) => arrowTo(point, points)).map(({ from, to, isBroken }) => {
      const [x1, y1] = [x(from.lane), y(from.index)];
      const [across, down] = [(to.lane === from.lane ? width : x(to.lane) - x1), y(to.index) - y1];
      // Up to the dot, or half of the way.
      const length = isBroken ? 0.5 : 1 - gap / Math.hypot(across, down);
      const [x2, y2] = [x1 + across * length, y1 + down * length];
      return { x: drawn(x1), y: drawn(y1), x2: drawn(x2), y2: drawn(y2), angle: drawn((Math.atan2(x2 - x1, y1 - y2) * 180) / Math.PI), shape: isBroken ? 'cross' : 'triangle', colour: isBroken ? alarm : 'currentColor' };
    }),
    times: rows.map(({ at }, index) => ({ y: y(index), text: `${at.toFixed(6)} s` })),
    texts: rows.map(({ text, fault }, index) => ({ y: y(index), text: shortened(text, drawnWidth - textAt), weight: fault === undefined ? 'normal' : 'bold' })),
  };
  return { spec: specOf(told, textAt, bottom), left };
}

/** Rows in which a fault was active: from the first to the last. */
function bandsOf({ faults }: Told, rows: readonly Row[]): { readonly id: string; readonly from: number; readonly to: number }[] {
  return faults.flatMap(({ id, begin, end }) => {
    const during = rows.flatMap(({ at, fault }, index) => (at >= begin && (end === null || at < end || fault?.id === id) ? [index] : []));
    return during.length === 0 ? [] : [{ id, from: during[0]!, to: during.at(-1)! }];
  });
}

interface Point {
  readonly line: LifeLine;
  readonly index: number;
  readonly lane: number;
}

function arrowTo(to: Point, points: readonly Point[]): { from: Point; to: Point; isBroken: boolean }[] {
  const before = origins[to.line.what];
  if (before === undefined) return [];
  const isSame = ({ line }: Point): boolean => line.message === to.line.message && (to.line.attempt === undefined || line.attempt === undefined || line.attempt === to.line.attempt) && (to.line.delivery === undefined || line.delivery === undefined || line.delivery === to.line.delivery);
  const from = points.findLast((point) => point.index < to.index && before.includes(point.line.what) && isSame(point));
  return from === undefined ? [] : [{ from, to, isBroken: broken.includes(to.line.what) }];
}

function colourOf({ what }: LifeLine): string {
  if (['effect', 'confirm-received'].includes(what)) return palette[3];
  return ['dropped', 'duplicate-effect', 'worker-crashed', 'work-failed', 'abandoned', 'altered', ...broken].includes(what) ? alarm : palette[0];
}

function specOf(told: Readonly<Record<'lanes' | 'bands' | 'dots' | 'arrows' | 'times' | 'texts', readonly object[]>>, textAt: number, height: number): TopLevelSpec {
  const at = (field: string) => ({ field, type: 'quantitative', scale: null, axis: null });
  const plain = { field: 'colour', type: 'nominal', scale: null, legend: null };
  const text = { type: 'text', baseline: 'middle', fontSize: 12, color: 'currentColor' };
  const lines = { x: at('x'), y: at('y'), x2: { field: 'x2' }, y2: { field: 'y2' } };
  return {
    width: drawnWidth, height, autosize: 'pad', config,
    layer: [
      { data: { values: told.bands }, mark: { type: 'rect', color: alarm, opacity: 0.09 }, encoding: lines },
      { data: { values: told.bands }, mark: { ...text, align: 'right', dy: 12, fontSize: 11, opacity: 0.7 }, encoding: { x: at('labelX'), y: at('y'), text: { field: 'id' } } },
      { data: { values: told.lanes }, mark: { type: 'rule', color: 'currentColor', opacity: 0.25 }, encoding: lines },
      { data: { values: told.lanes }, mark: { ...text, align: 'center', dy: -14, fontWeight: 600 }, encoding: { x: at('x'), y: at('y'), text: { field: 'name' } } },
      { data: { values: told.arrows }, mark: { type: 'rule', opacity: 0.6 }, encoding: { ...lines, color: plain } },
      { data: { values: told.arrows }, mark: { type: 'point', filled: true, size: 44, opacity: 1 }, encoding: { x: at('x2'), y: at('y2'), angle: { field: 'angle', type: 'quantitative', scale: null, legend: null }, shape: { field: 'shape', type: 'nominal', scale: null, legend: null }, color: plain } },
      { data: { values: told.dots }, mark: { type: 'point', filled: true, size: 60, opacity: 1 }, encoding: { x: at('x'), y: at('y'), color: plain } },
      { data: { values: told.times }, mark: { ...text, align: 'right', opacity: 0.75, fontSize: 11 }, encoding: { x: { value: column.time - 12 }, y: at('y'), text: { field: 'text' } } },
      { data: { values: told.texts }, mark: { ...text, align: 'left' }, encoding: { x: { value: textAt }, y: at('y'), text: { field: 'text' } } },
    ],
  } as TopLevelSpec;
}
