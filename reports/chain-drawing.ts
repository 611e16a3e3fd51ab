/** The picture of an absorbing chain: what passes through above, from left to right; endings below; arrows with their probabilities. */
import type { TopLevelSpec } from 'vega-lite';
import type { ChainTransition, MessageChain } from '../scenarios/prediction-result.ts';
import { alarm, config, drawn, drawnWidth, palette } from './chart.ts';
import { share } from './numbers.ts';

/** More columns than this do not fit; the table has the rest. */
const columnsMax = 6;
const height = 280;
const box = { halfWidth: 0.36, halfHeight: 0.11 };
const rows = { above: 0.82, below: 0.14 };

interface Place {
  readonly x: number;
  readonly y: number;
}

interface Arrow {
  readonly from: Place;
  readonly to: Place;
  readonly label: Place;
  readonly transition: ChainTransition;
}

/** The states that are drawn: the first of those that pass, and the endings that they come to. */
export function drawnStates({ states, absorbing, transitions }: MessageChain): readonly string[] {
  const passing = states.filter((state) => !absorbing.includes(state)).slice(0, columnsMax);
  return [...passing, ...absorbing.filter((state) => transitions.some(({ from, to }) => to === state && passing.includes(from)))];
}

export function chainSpec(chain: MessageChain): TopLevelSpec {
  const places = placesOf(chain);
  const arrows = chain.transitions.flatMap((transition) => arrowOf(places, transition));
  const columns = Math.max(...[...places.values()].map(({ x }) => x)) + 0.5;
  const x = { type: 'quantitative' as const, scale: { domain: [0, columns], nice: false, zero: false }, axis: null };
  const y = { type: 'quantitative' as const, scale: { domain: [0, 1], nice: false }, axis: null };
  const nodes = [...places].map(([state, place]) => ({ state, x: place.x, y: place.y, left: place.x - box.halfWidth, right: place.x + box.halfWidth, low: place.y - box.halfHeight, high: place.y + box.halfHeight, ends: chain.absorbing.includes(state) ? 1 : 0 }));
  const lines = arrows.map(({ from, to, label, transition }) => ({
    x: drawn(from.x), y: drawn(from.y), x2: drawn(to.x), y2: drawn(to.y), lx: drawn(label.x), ly: drawn(label.y), angle: drawn(angleOf(from, to, columns)),
    colour: colourOf(transition), width: drawn(1 + 3 * Math.sqrt(transition.probability)), text: textOf(transition),
  }));
  const colour = { field: 'colour', type: 'nominal' as const, scale: null, legend: null };
  return {
    width: drawnWidth, height, autosize: { type: 'fit-x', contains: 'padding' }, config,
    params: [{ name: 'room', value: drawnWidth }],
    layer: [
      { data: { values: lines }, mark: { type: 'rule', opacity: 0.75 }, encoding: { x: { ...x, field: 'x' }, y: { ...y, field: 'y' }, x2: { field: 'x2' }, y2: { field: 'y2' }, color: colour, strokeWidth: { field: 'width', type: 'quantitative', scale: null, legend: null } } },
      { data: { values: lines }, mark: { type: 'point', shape: 'triangle', filled: true, size: 70 }, encoding: { x: { ...x, field: 'x2' }, y: { ...y, field: 'y2' }, angle: { field: 'angle', type: 'quantitative', scale: null }, color: colour } },
      { data: { values: nodes }, mark: { type: 'rect', cornerRadius: 6, fillOpacity: 0.1, fill: 'currentColor', stroke: 'currentColor', strokeOpacity: 0.5 }, encoding: { x: { ...x, field: 'left' }, x2: { field: 'right' }, y: { ...y, field: 'low' }, y2: { field: 'high' }, strokeWidth: { condition: { test: 'datum.ends == 1', value: 2 }, value: 1 } } },
      { data: { values: nodes }, mark: { type: 'text', color: 'currentColor', fontSize: { expr: 'room < 560 ? 8 : 12' } }, encoding: { x: { ...x, field: 'x' }, y: { ...y, field: 'y' }, text: { field: 'state' } } },
      { data: { values: lines }, mark: { type: 'text', color: 'currentColor', fontSize: 11, dy: -6, opacity: { expr: 'room < 560 ? 0 : 1' } }, encoding: { x: { ...x, field: 'lx' }, y: { ...y, field: 'ly' }, text: { field: 'text' } } },
    ],
  } as TopLevelSpec;
}

function placesOf(chain: MessageChain): ReadonlyMap<string, Place> {
  const shown = drawnStates(chain);
  const passing = shown.filter((state) => !chain.absorbing.includes(state));
  const places = new Map<string, Place>(passing.map((state, index) => [state, { x: index + 0.5, y: rows.above }]));
  const endings = shown.filter((state) => chain.absorbing.includes(state));
  const width = Math.max(passing.length, endings.length);
  endings.forEach((state, index) => places.set(state, { x: ((index + 0.5) * width) / endings.length, y: rows.below }));
  return places;
}

/** From the edge of one box to the edge of the other; to a box further back, above them in a bow that is two lines' worth of room. */
function arrowOf(places: ReadonlyMap<string, Place>, transition: ChainTransition): readonly Arrow[] {
  const from = places.get(transition.from);
  const to = places.get(transition.to);
  if (from === undefined || to === undefined || from === to) return [];
  const begin = edgeOf(from, to);
  const end = edgeOf(to, from);
  // Arrows that go down meet near their ends: their labels stand near their beginnings. Those of level ones stand above the boxes.
  const at = from.y === to.y ? 0.5 : 0.34;
  const y = from.y === to.y ? from.y + box.halfHeight : begin.y + (end.y - begin.y) * at;
  return [{ from: begin, to: end, label: { x: begin.x + (end.x - begin.x) * at, y }, transition }];
}

function edgeOf(place: Place, towards: Place): Place {
  const dx = towards.x - place.x;
  const dy = towards.y - place.y;
  const reach = Math.min(dx === 0 ? Infinity : box.halfWidth / Math.abs(dx), dy === 0 ? Infinity : box.halfHeight / Math.abs(dy));
  return { x: place.x + dx * reach, y: place.y + dy * reach };
}

/** Degrees by which a triangle that points up is turned. */
function angleOf(from: Place, to: Place, columns: number): number {
  const right = ((to.x - from.x) / columns) * drawnWidth;
  const up = (to.y - from.y) * height;
  return (Math.atan2(right, up) * 180) / Math.PI;
}

function colourOf({ agrees }: ChainTransition): string {
  return agrees === false ? alarm : agrees === null ? palette[5] : palette[0];
}

function textOf({ probability, predicted, count }: ChainTransition): string {
  if (count === 0) return `never (predicted ${share(predicted ?? 0)})`;
  return predicted !== null && share(predicted) !== share(probability) ? `${share(probability)} (predicted ${share(predicted)})` : share(probability);
}
