/** The picture of an absorbing chain: what passes through above, from left to right; endings below; arrows with their probabilities. */
import type { TopLevelSpec } from 'vega-lite';
import type { ChainTransition, MessageChain } from '../scenarios/prediction-result.ts';
import { type Arrow, layOut, letter, size } from './chain-layout.ts';
import { alarm, config, drawn, overLines, palette } from './chart.ts';

export function chainSpec(chain: MessageChain): TopLevelSpec {
  const { states, arrows } = layOut(chain);
  const boxes = states.map(({ name, isEnd, left, right, top, bottom }) => ({ name, left: drawn(left), right: drawn(right), top, bottom, x: drawn((left + right) / 2), y: (top + bottom) / 2, stroke: isEnd ? 2 : 1 }));
  const lines = arrows.map(lineOf);
  const colour = { field: 'colour', type: 'nominal', scale: null, legend: null };
  const across = (field: string) => ({ field, type: 'quantitative', scale: null, axis: null });
  const own = (field: string) => ({ field, type: 'quantitative', scale: null, legend: null });
  return {
    width: size.width, height: size.height, autosize: 'pad', config,
    layer: [
      { data: { values: lines }, mark: { type: 'rule', opacity: 0.75 }, encoding: { x: across('x'), y: across('y'), x2: { field: 'x2' }, y2: { field: 'y2' }, color: colour, strokeWidth: own('breadth') } },
      { data: { values: lines }, mark: { type: 'point', shape: 'triangle', filled: true, size: 70, opacity: 1 }, encoding: { x: across('x2'), y: across('y2'), angle: own('angle'), color: colour } },
      { data: { values: boxes }, mark: { type: 'rect', cornerRadius: 6, fillOpacity: 0.1, fill: 'currentColor', stroke: 'currentColor', strokeOpacity: 0.5 }, encoding: { x: across('left'), x2: { field: 'right' }, y: across('top'), y2: { field: 'bottom' }, strokeWidth: own('stroke') } },
      { data: { values: boxes }, mark: { type: 'text', color: 'currentColor', fontSize: 12 }, encoding: { x: across('x'), y: across('y'), text: { field: 'name' } } },
      ...overLines({ data: { values: lines }, mark: { type: 'text', color: 'currentColor', fontSize: 11, lineHeight: letter.height, baseline: 'middle' }, encoding: { x: across('labelX'), y: across('labelY'), text: { field: 'text' } } }),
    ],
  } as TopLevelSpec;
}

function lineOf({ from, to, breadth, text, label, transition }: Arrow) {
  return {
    x: drawn(from.x), y: drawn(from.y), x2: drawn(to.x), y2: drawn(to.y), angle: drawn(angleOf(from, to)), breadth: drawn(breadth), colour: colourOf(transition),
    text, labelX: drawn((label.left + label.right) / 2), labelY: drawn(label.top + letter.height / 2),
  };
}

/** Degrees by which a triangle that points up is turned. */
function angleOf(from: Arrow['from'], to: Arrow['to']): number {
  return (Math.atan2(to.x - from.x, from.y - to.y) * 180) / Math.PI;
}

function colourOf({ agrees }: ChainTransition): string {
  return agrees === false ? alarm : agrees === null ? palette[5] : palette[0];
}
