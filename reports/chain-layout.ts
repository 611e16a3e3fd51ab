/** Where the states of a chain stand, and its arrows and their labels: no label is crossed while there is room beside its arrow. In pixels. */
import type { ChainTransition, MessageChain } from '../scenarios/prediction-result.ts';
import { share } from './numbers.ts';

/** More columns than this do not fit; the table has the rest. */
const columnsMax = 6;
export const size = { width: 990, height: 290 } as const;
const rows = { above: 60, below: 250 } as const;
const boxMax = { halfWidth: 76, halfHeight: 30 } as const;
const head = 7;
/** Of a label's letters: rather too much than too little. */
export const letter = { width: 6.2, height: 14 } as const;

interface Point {
  readonly x: number;
  readonly y: number;
}
export interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}
export interface State extends Box {
  readonly name: string;
  readonly isEnd: boolean;
}
export interface Arrow {
  readonly from: Point;
  readonly to: Point;
  readonly breadth: number;
  /** The label, in one line or two. */
  readonly text: readonly string[];
  readonly label: Box;
  readonly transition: ChainTransition;
}

/** The states that are drawn: the first of those that pass, and the endings that they come to. */
export function drawnStates({ states, absorbing, transitions }: MessageChain): readonly string[] {
  const passing = states.filter((state) => !absorbing.includes(state)).slice(0, columnsMax);
  return [...passing, ...absorbing.filter((state) => transitions.some(({ from, to }) => to === state && passing.includes(from)))];
}

export function layOut(chain: MessageChain): { readonly states: readonly State[]; readonly arrows: readonly Arrow[] } {
  const states = statesOf(chain);
  const bare = chain.transitions.flatMap((transition) => bareArrow(states, transition));
  const arrows: Arrow[] = [];
  // Those with the least choice first: a label over a gap between two boxes has but one place.
  for (const arrow of bare.toSorted((one, other) => Number(isLevel(other)) - Number(isLevel(one)))) {
    arrows.push({ ...arrow, label: labelOf(arrow, [...states, ...arrows.map(({ label }) => label)], bare) });
  }
  return { states, arrows };
}

/** Passing states above from left to right; each ending below, as near as there is room to those that come to it. */
function statesOf(chain: MessageChain): readonly State[] {
  const shown = drawnStates(chain);
  const passing = shown.filter((state) => !chain.absorbing.includes(state));
  const endings = shown.filter((state) => chain.absorbing.includes(state)).map((name) => ({ name, x: mean(chain.transitions.filter(({ from, to }) => to === name && passing.includes(from)).map(({ from }) => passing.indexOf(from))) }));
  const columns = Math.max(passing.length, endings.length);
  const column = size.width / columns;
  const at = (name: string, position: number, y: number, isEnd: boolean): State => {
    const halfWidth = Math.min(boxMax.halfWidth, column * 0.36);
    const x = (position + 0.5) * column;
    return { name, isEnd, left: x - halfWidth, right: x + halfWidth, top: y - boxMax.halfHeight, bottom: y + boxMax.halfHeight };
  };
  const spread = apart(endings.toSorted((one, other) => one.x - other.x), columns - 1);
  return [...passing.map((name, index) => at(name, index, rows.above, false)), ...spread.map(({ name, x }) => at(name, x, rows.below, true))];
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** A column at least from one to the next, none beyond the last column. */
function apart<Place extends { readonly x: number }>(sorted: readonly Place[], last: number): readonly Place[] {
  let least = 0;
  return sorted.map((place, index) => {
    const x = Math.min(Math.max(place.x, least), last - (sorted.length - 1 - index));
    least = x + 1;
    return { ...place, x };
  });
}

type BareArrow = Omit<Arrow, 'label'>;

/** From the edge of one box to just before that of the other, where its head begins. */
function bareArrow(states: readonly State[], transition: ChainTransition): readonly BareArrow[] {
  const from = states.find(({ name }) => name === transition.from);
  const to = states.find(({ name }) => name === transition.to);
  if (from === undefined || to === undefined || from === to) return [];
  const [begin, end] = [edgeOf(from, middleOf(to)), edgeOf(to, middleOf(from))];
  const length = Math.hypot(end.x - begin.x, end.y - begin.y);
  const tip = { x: end.x - ((end.x - begin.x) / length) * head, y: end.y - ((end.y - begin.y) / length) * head };
  return [{ from: begin, to: tip, breadth: 1 + 3 * Math.sqrt(transition.probability), text: textOf(transition, begin.y === end.y), transition }];
}

function middleOf({ left, right, top, bottom }: Box): Point {
  return { x: (left + right) / 2, y: (top + bottom) / 2 };
}

function edgeOf(box: Box, towards: Point): Point {
  const { x, y } = middleOf(box);
  const [dx, dy] = [towards.x - x, towards.y - y];
  const reach = Math.min(dx === 0 ? Infinity : (box.right - x) / Math.abs(dx), dy === 0 ? Infinity : (box.bottom - y) / Math.abs(dy));
  return { x: x + dx * reach, y: y + dy * reach };
}

/** Above the boxes there is room for one line, beside an arrow that goes down for two narrow ones. */
function textOf({ probability, predicted, count }: ChainTransition, isOneLine: boolean): readonly string[] {
  const seen = count === 0 ? 'never' : share(probability);
  if (predicted === null || share(predicted) === seen) return [seen];
  const both = [seen, `(predicted ${share(predicted)})`];
  return isOneLine ? [both.join(' ')] : both;
}

function isLevel({ from, to }: BareArrow): boolean {
  return from.y === to.y;
}

/** How far along its arrow a label stands: the middle before the ends. */
const along = [0.5, 0.4, 0.6, 0.3, 0.7, 0.2, 0.8, 0.1, 0.9];

/** Above the boxes for a level arrow; beside any other, where neither a line nor a box is in its way. */
function labelOf(arrow: BareArrow, taken: readonly Box[], arrows: readonly BareArrow[]): Box {
  const { from, to, text } = arrow;
  const [width, height] = [Math.max(...text.map(({ length }) => length)) * letter.width, text.length * letter.height];
  if (isLevel(arrow)) return around({ x: (from.x + to.x) / 2, y: rows.above - boxMax.halfHeight - letter.height / 2 - 2 }, width, height);
  const slope = Math.abs((to.x - from.x) / (to.y - from.y));
  const aside = width / 2 + 6 + arrow.breadth + (slope * height) / 2;
  const places = along.flatMap((part) => [1, -1].map((side) => around({ x: from.x + (to.x - from.x) * part + side * aside, y: from.y + (to.y - from.y) * part }, width, height)));
  const inside = places.filter(({ left, right }) => left >= 0 && right <= size.width);
  const isFree = (place: Box, margin: number): boolean => {
    const wide = { left: place.left - margin, right: place.right + margin, top: place.top - margin, bottom: place.bottom + margin };
    return taken.every((box) => !overlap(wide, box)) && arrows.every((other) => !isCrossed(other === arrow ? place : wide, other));
  };
  // Well away from other arrows it is plain whose label it is.
  return inside.find((place) => isFree(place, 10)) ?? inside.find((place) => isFree(place, 0)) ?? inside[0] ?? places[0]!;
}

function around({ x, y }: Point, width: number, height: number): Box {
  return { left: x - width / 2, right: x + width / 2, top: y - height / 2, bottom: y + height / 2 };
}

function overlap(one: Box, other: Box): boolean {
  return one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom;
}

/** Whether a line goes through a box: the part of it that is within the box, first across and then down. */
export function isCrossed({ left, right, top, bottom }: Box, { from, to, breadth }: Pick<Arrow, 'from' | 'to' | 'breadth'>): boolean {
  const reach = breadth / 2 + 1;
  const within = (begin: number, end: number, low: number, high: number): readonly [number, number] => {
    if (begin === end) return low < begin && begin < high ? [0, 1] : [1, 0];
    const [one, other] = [(low - begin) / (end - begin), (high - begin) / (end - begin)];
    return [Math.max(0, Math.min(one, other)), Math.min(1, Math.max(one, other))];
  };
  const across = within(from.x, to.x, left - reach, right + reach);
  const down = within(from.y, to.y, top - reach, bottom + reach);
  return Math.max(across[0], down[0]) < Math.min(across[1], down[1]);
}
