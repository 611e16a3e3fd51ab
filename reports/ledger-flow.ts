/** The books of a run as a flow from left to right: publishes, what the broker stored of them, and what became of that, with every cause. */
import type { TopLevelSpec } from 'vega-lite';
import type { RunResult } from '../scenarios/result.ts';
import { accounts, type Part } from './accounts.ts';
import { config, drawn, drawnWidth } from './chart.ts';
import { count } from './numbers.ts';

/** In pixels. What is rare is drawn this high: it is what matters. */
const size = { height: 250, between: 20, narrowest: 3, node: 10, label: 8 } as const;
const left = { publishes: 170, copies: 460, ends: 760 } as const;
const steps = 10;
const sourceColour = '#6b7785';

interface Band {
  readonly name: string;
  readonly amount: number;
  readonly colour: string;
  readonly top: number;
  readonly height: number;
}
interface Ribbon {
  readonly from: { readonly x: number; readonly top: number };
  readonly to: { readonly x: number; readonly top: number };
  readonly height: readonly [from: number, to: number];
  readonly colour: string;
}

export interface LedgerFlow {
  readonly spec: TopLevelSpec;
  readonly label: string;
}

export function ledgerFlow(result: RunResult): LedgerFlow {
  const [, , attempts, copies] = accounts(result) as [unknown, unknown, { total: number; parts: readonly Part[] }, { total: number; parts: readonly Part[] }];
  const most = Math.max(attempts.total, copies.total, 1);
  const stored = attempts.parts.find(({ name }) => name === 'stored')!;
  const others = attempts.parts.filter((part) => part !== stored && part.amount > 0);
  // Of a publish that several queues store, of dead letters and of backups there are copies that no publish brought.
  const further = Math.max(0, copies.total - stored.amount);
  const high = (amount: number): number => (amount === 0 ? 0 : Math.max(size.narrowest, (amount / most) * size.height));
  const stack = (parts: readonly Part[], from: number, gap: number): Band[] => {
    let top = from;
    return parts.map(({ name, amount, colour }) => {
      const band = { name, amount, colour, top, height: high(amount) };
      top += band.height + gap;
      return band;
    });
  };
  const [publishes] = stack([{ name: 'publishes', amount: attempts.total, colour: sourceColour }], 20, 0) as [Band];
  const [copiesBand] = stack([{ name: 'copies stored', amount: copies.total, colour: sourceColour }], 20, 0) as [Band];
  const lost = stack(others, 20 + copiesBand.height + 2 * size.between, size.between);
  const ends = stack(copies.parts.filter(({ amount }) => amount > 0), 20, size.between);
  const furtherBand = { name: 'further copies', amount: further, colour: sourceColour, top: publishes.top + publishes.height + 2 * size.between, height: high(further) };
  const bands = { publishes: further > 0 ? [publishes, furtherBand] : [publishes], copies: [copiesBand, ...lost], ends };
  const bottom = Math.max(...Object.values(bands).flat().map(({ top, height }) => top + height)) + size.between;
  return { spec: specOf(bands, ribbonsOf(bands, stored, high), bottom), label: labelOf(attempts.total, others, copies.total, copies.parts) };
}

function ribbonsOf({ publishes: [publishes, further], copies: [copies, ...lost], ends }: Record<'publishes' | 'copies' | 'ends', readonly Band[]>, stored: Part, high: (amount: number) => number): Ribbon[] {
  const ribbons: Ribbon[] = [];
  let leaves = publishes!.top;
  let enters = copies!.top;
  const fromPublishes = left.publishes + size.node;
  if (stored.amount > 0) {
    ribbons.push({ from: { x: fromPublishes, top: leaves }, to: { x: left.copies, top: enters }, height: [high(stored.amount), high(stored.amount)], colour: stored.colour });
    leaves += high(stored.amount);
    enters += high(stored.amount);
  }
  for (const band of lost) {
    ribbons.push({ from: { x: fromPublishes, top: leaves }, to: { x: left.copies, top: band.top }, height: [band.height, band.height], colour: band.colour });
    leaves += band.height;
  }
  if (further !== undefined) ribbons.push({ from: { x: fromPublishes, top: further.top }, to: { x: left.copies, top: enters }, height: [further.height, further.height], colour: further.colour });
  let ending = copies!.top;
  for (const band of ends) {
    ribbons.push({ from: { x: left.copies + size.node, top: ending }, to: { x: left.ends, top: band.top }, height: [band.height, band.height], colour: band.colour });
    ending += band.height;
  }
  return ribbons;
}

function labelOf(publishes: number, others: readonly Part[], copies: number, ends: readonly Part[]): string {
  const told = (parts: readonly Part[]): string => parts.filter(({ amount }) => amount > 0).map(({ name, amount }) => `${name} ${count(amount)}`).join(', ');
  return `${count(publishes)} publishes${others.length === 0 ? '' : `, of which ${told(others)}`}; ${count(copies)} copies stored: ${told(ends)}.`;
}

function specOf(bands: Readonly<Record<keyof typeof left, readonly Band[]>>, ribbons: readonly Ribbon[], height: number): TopLevelSpec {
  const at = (field: string) => ({ field, type: 'quantitative', scale: null, axis: null });
  const colour = { field: 'colour', type: 'nominal', scale: null, legend: null };
  const nodes = (Object.keys(left) as (keyof typeof left)[]).flatMap((place) =>
    bands[place].map((band) => {
      const isFirst = place === 'publishes';
      return {
        x: left[place], x2: left[place] + size.node, y: drawn(band.top), y2: drawn(band.top + band.height), colour: band.colour, text: `${band.name} ${count(band.amount)}`,
        // On the left of the first ones, and over those in the midst, where ribbons begin.
        labelX: isFirst ? left[place] - size.label : place === 'ends' ? left[place] + size.node + size.label : left[place], labelY: place === 'copies' ? drawn(band.top - 8) : drawn(band.top + band.height / 2), place,
      };
    }));
  const shapes = ribbons.flatMap(({ from, to, height: [before, after], colour: fill }, ribbon) =>
    Array.from({ length: steps + 1 }, (_, step) => {
      const along = step / steps;
      const eased = along * along * (3 - 2 * along);
      const top = from.top + (to.top - from.top) * eased;
      return { ribbon, x: drawn(from.x + (to.x - from.x) * along), y: drawn(top), y2: drawn(top + before + (after - before) * eased), colour: fill };
    }));
  const label = (place: string, align: string) => ({ transform: [{ filter: `datum.place === '${place}'` }], mark: { type: 'text', baseline: 'middle', align, fontSize: 12, color: 'currentColor', limit: place === 'publishes' ? left.publishes : 290 }, encoding: { x: at('labelX'), y: at('labelY'), text: { field: 'text' } } });
  return {
    width: drawnWidth, height, autosize: 'pad', config, data: { values: nodes },
    layer: [
      { data: { values: shapes }, mark: { type: 'area', opacity: 0.38, line: false }, encoding: { x: at('x'), y: at('y'), y2: { field: 'y2' }, detail: { field: 'ribbon' }, color: colour } },
      { mark: { type: 'rect' }, encoding: { x: at('x'), x2: { field: 'x2' }, y: at('y'), y2: { field: 'y2' }, color: colour } },
      label('publishes', 'right'), label('copies', 'left'), label('ends', 'left'),
    ],
  } as TopLevelSpec;
}
