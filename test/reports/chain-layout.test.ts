/** The drawing of a message's states: what is written beside an arrow is crossed by none. */
import { describe, expect, it } from 'vitest';
import { type Box, drawnStates, isCrossed, layOut, size } from '../../reports/chain-layout.ts';
import type { ChainTransition, MessageChain } from '../../scenarios/prediction-result.ts';
import { samplePredictions } from './sample-predictions.ts';

const endings = ['acknowledged', 'dead-lettered', 'refused', 'lost', 'unfinished'];

/** A chain by its ways, as in `ready>lost`; every label is as long as can be. */
function chain(...ways: readonly string[]): MessageChain {
  const transitions = ways.map((way): ChainTransition => {
    const [from, to] = way.split('>') as [string, string];
    return { from, to, count: 1234, probability: 0.9876, interval: [0.98, 0.99], predicted: 0.9912, agrees: true };
  });
  const states = [...new Set(transitions.flatMap(({ from, to }) => [from, to]))];
  return { queue: 'q', states, absorbing: states.filter((state) => endings.includes(state)), transitions, fates: [], meanDeliveries: { predicted: null, estimated: null }, unpredicted: [] };
}

const rounds = ['published>ready', 'ready>delivery 1', 'delivery 1>ready after 1', 'ready after 1>delivery 2', 'delivery 2>ready after 2', 'ready after 2>delivery 3', 'delivery 3>ready after 3', 'delivery 1>acknowledged', 'delivery 2>acknowledged'];
/** The shapes that the library's scenarios have. */
const shapes: Readonly<Record<string, MessageChain>> = {
  sample: samplePredictions.chains[0]!,
  calm: chain('published>ready', 'ready>delivery 1', 'delivery 1>acknowledged'),
  single: chain('ready>unfinished'),
  twice: chain(...rounds),
  overflow: chain('published>ready', 'ready>delivery 1', 'ready>lost', 'delivery 1>acknowledged'),
  'lost between': chain(...rounds, 'ready after 1>lost'),
  'lost at the first': chain(...rounds, 'ready>lost'),
  'refused and unfinished': chain(...rounds, 'published>refused', 'ready>unfinished'),
  'two ends each': chain('published>ready', 'published>unfinished', 'ready>delivery 1', 'delivery 1>acknowledged', 'delivery 1>unfinished'),
};

const overlap = (one: Box, other: Box) => one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom;

describe('the drawing of a chain', () => {
  it.each(Object.entries(shapes))('writes nothing on an arrow, on a box, on another label, or outside: %s', (_, shape) => {
    const { states, arrows } = layOut(shape);
    expect(arrows.length).toBeGreaterThan(0);
    arrows.forEach(({ label, text }, index) => {
      expect({ text, by: arrows.filter((arrow) => isCrossed(label, arrow)).map(({ text: other }) => other) }).toEqual({ text, by: [] });
      expect({ text, on: states.filter((state) => overlap(label, state)).map(({ name }) => name) }).toEqual({ text, on: [] });
      expect({ text, on: arrows.filter((arrow, other) => other !== index && overlap(label, arrow.label)).map((arrow) => arrow.text) }).toEqual({ text, on: [] });
      expect(label.left >= 0 && label.right <= size.width && label.top >= 0 && label.bottom <= size.height).toBe(true);
    });
  });

  it('draws the first six states that pass, the ends that they come to, and every way between them', () => {
    const { states, arrows } = layOut(shapes['lost between']!);
    expect(states.map(({ name }) => name)).toEqual(['published', 'ready', 'delivery 1', 'ready after 1', 'delivery 2', 'ready after 2', 'acknowledged', 'lost']);
    expect(arrows).toHaveLength(8);
    expect(drawnStates(shapes['single']!)).toEqual(['ready', 'unfinished']);
  });

  it('puts boxes apart, each end below those that come to it', () => {
    for (const shape of Object.values(shapes)) {
      const { states } = layOut(shape);
      states.forEach((state, index) => expect(states.filter((other, position) => position !== index && overlap(state, other))).toEqual([]));
    }
    const { states } = layOut(shapes['overflow']!);
    const middle = (wanted: string) => states.filter(({ name }) => name === wanted).map(({ left, right }) => (left + right) / 2)[0];
    expect(middle('lost')).toBeCloseTo(middle('ready')!);
    expect(middle('acknowledged')).toBeCloseTo(middle('delivery 1')!);
  });

  it('knows a crossed box from one that is passed by', () => {
    const box = { left: 10, right: 20, top: 10, bottom: 20 };
    const line = (x: number, y: number, x2: number, y2: number) => ({ from: { x, y }, to: { x: x2, y: y2 }, breadth: 1 });
    expect([line(0, 15, 30, 15), line(15, 0, 15, 30), line(0, 0, 30, 30), line(15, 15, 15.1, 15)].map((each) => isCrossed(box, each))).toEqual([true, true, true, true]);
    expect([line(0, 25, 30, 25), line(25, 0, 25, 30), line(0, 24, 24, 45), line(0, 0, 5, 5)].map((each) => isCrossed(box, each))).toEqual([false, false, false, false]);
  });
});
