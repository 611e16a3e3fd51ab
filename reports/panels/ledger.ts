import type { TopLevelSpec } from 'vega-lite';
import type { RunResult } from '../../scenarios/result.ts';
import { config, drawnWidth } from '../chart.ts';
import { html } from '../html.ts';
import { type Account, accounts, type Part } from '../accounts.ts';
import { ledgerFlow } from '../ledger-flow.ts';
import { count, plural, share } from '../numbers.ts';
import { causesOf } from '../verdict-words.ts';
import { type Chart, figures, type Panel, passage, type Table, table, words } from '../panel.ts';

export const ledger: Panel = {
  id: 'ledger',
  title: 'Where the messages went',
  question: 'Is every message accounted for, and what became of those that were not handled?',
  render(result) {
    const all = accounts(result).filter((account) => account.total > 0);
    if (all.length === 0) return [passage(html`<p>Nothing was published.</p>`)];
    return [passage(html`<ul class="balances">${all.map(balance)}</ul>${effects(result)}`), flow(result, all), chart(all)];
  },
};

/** The account as an equation, and whether it holds. */
function balance(account: Account) {
  const sum = account.parts.reduce((total, part) => total + part.amount, 0);
  const sides = html`<strong>${account.name}</strong>: ${count(account.total)} = ${account.parts.map((part) => `${part.name} ${count(part.amount)}`).join(' + ')}`;
  return sum === account.total
    ? html`<li>${sides} <span class="mark pass"><span aria-hidden="true">✓</span> balances</span></li>`
    : html`<li>${sides} <span class="mark fail"><span aria-hidden="true">✗</span> off by ${count(Math.abs(account.total - sum))}</span></li>`;
}

function effects(result: RunResult) {
  const { handled, effects: applied, duplicates, deduplicated } = result.messages;
  return html`<p>${plural(handled, 'message')} handled, ${plural(applied, 'effect')} applied, ${count(duplicates)} of them for the second time or later${causesOf(result.duplicates.effects)};
an idempotency store held ${count(deduplicated)} more back.</p>`;
}

function flow(result: RunResult, all: readonly Account[]): Chart {
  const { spec: still, label } = ledgerFlow(result);
  return {
    kind: 'chart', id: 'flow', title: 'From publishes to their ends', label, overTime: false, still,
    note: 'Every publish and every copy, with the cause where it came to nothing. What is too little to see is drawn higher than it is; further copies are dead letters, those of several queues, and what a backup brought back.',
    table: accountTable(all),
  };
}

/** Sizes in pixels. */
const bar = { height: 26, below: 10, title: 22, level: 17, gap: 16 };
/** A part this small or smaller is drawn this wide: what is rare is what matters. */
const narrowest = 0.006;
const labelledInside = 0.5;

interface Segment extends Part {
  readonly x: number;
  readonly x2: number;
  readonly middle: number;
  readonly top: number;
  readonly bottom: number;
  readonly text: string;
  readonly inside: boolean;
  readonly labelAt: number;
  readonly tip: string;
}

function chart(all: readonly Account[]): Chart {
  let y = 0;
  const rows = all.map((account) => {
    const row = layOut(account, y);
    y = row.end;
    return row;
  });
  const segments = rows.flatMap((row) => row.segments);
  return {
    kind: 'chart',
    id: 'accounts',
    title: 'Where the messages went',
    label: all.map((account) => `${account.name}, ${count(account.total)}: ${account.parts.filter((part) => part.amount > 0).map(partText).join(', ')}.`).join(' '),
    overTime: false,
    spec: spec(rows.map(({ title }) => title), segments, y, true),
    still: spec(rows.map(({ title }) => title), segments, y, false),
    note: 'Each bar is one account, cut into its parts. Parts too small to see are drawn wider than they are.',
    table: accountTable(all),
  };
}

function layOut(account: Account, y: number) {
  const parts = account.parts.filter((part) => part.amount > 0);
  const sum = parts.reduce((total, part) => total + part.amount, 0);
  const widths = parts.map((part) => Math.max(part.amount / sum, narrowest));
  const widened = widths.reduce((total, width) => total + width, 0);
  const top = y + bar.title;
  const bottom = top + bar.height;
  let x = 0;
  const placed = parts.map((part, index) => {
    const from = x;
    x += widths[index]! / widened;
    return { part, from, to: x, middle: (from + x) / 2, inside: x - from >= labelledInside };
  });
  const levels = labelLevels(placed);
  const segments = placed.map(({ part, from, to, middle, inside }, index): Segment => {
    const text = `${part.name} ${count(part.amount)} (${share(part.amount / sum)})`;
    const labelAt = inside ? (top + bottom) / 2 : bottom + bar.below + levels[index]! * bar.level;
    return { ...part, x: from, x2: to, middle, top, bottom, text, inside, labelAt, tip: `${account.name}\n${text}` };
  });
  const deepest = levels.reduce((most, level, index) => (placed[index]!.inside ? most : Math.max(most, level + 1)), 0);
  return { title: { text: `${account.name}: ${count(account.total)}`, y: y + 12 }, segments, end: bottom + deepest * bar.level + bar.gap };
}

/**
 * How far below the bar each label hangs. A label right of the middle is written to the left of its line, so the lines
 * left of it must be shorter; left of the middle it is the other way round.
 */
function labelLevels(placed: readonly { readonly middle: number; readonly inside: boolean }[]): readonly number[] {
  const outside = placed.filter(({ inside }) => !inside);
  const right = outside.filter(({ middle }) => middle >= 0.5);
  const left = outside.filter(({ middle }) => middle < 0.5).reverse();
  return placed.map((segment) => Math.max(right.indexOf(segment), 0) + (left.includes(segment) ? right.length + left.indexOf(segment) : 0));
}

function spec(titles: readonly object[], segments: readonly Segment[], height: number, forPointers: boolean): TopLevelSpec {
  const across = (field: string) => ({ field, type: 'quantitative', scale: { domain: [0, 1], nice: false }, axis: null });
  const down = (field: string) => ({ field, type: 'quantitative', scale: null, axis: null });
  const tooltip = forPointers ? { tooltip: { field: 'tip' } } : {};
  const label = { type: 'text', baseline: 'middle', fontSize: 12 };
  const outside = [{ filter: '!datum.inside' }];
  return {
    width: drawnWidth,
    height,
    autosize: { type: 'fit-x', contains: 'padding' },
    config,
    params: [{ name: 'room', value: drawnWidth }],
    datasets: { segments, titles },
    data: { name: 'segments' },
    layer: [
      {
        data: { name: 'titles' }, mark: { ...label, align: 'left', color: 'currentColor', fontWeight: 600, limit: { expr: 'width' } },
        encoding: { x: { value: 0 }, y: down('y'), text: { field: 'text' } },
      },
      { transform: outside, mark: { type: 'rule', color: 'currentColor', opacity: 0.5 }, encoding: { x: across('middle'), y: down('bottom'), y2: { field: 'labelAt' } } },
      {
        transform: outside,
        mark: {
          ...label, color: 'currentColor', align: { expr: `datum.middle < 0.5 ? 'left' : 'right'` }, dx: { expr: 'datum.middle < 0.5 ? 5 : -5' },
          limit: { expr: 'width * max(datum.middle, 1 - datum.middle) - 6' },
        },
        encoding: { x: across('middle'), y: down('labelAt'), text: { field: 'text' } },
      },
      {
        mark: { type: 'rect', stroke: 'currentColor', strokeOpacity: 0.25, strokeWidth: 0.5 },
        encoding: { x: across('x'), x2: { field: 'x2' }, y: down('top'), y2: { field: 'bottom' }, color: { field: 'colour', type: 'nominal', scale: null }, ...tooltip },
      },
      {
        transform: [{ filter: 'datum.inside' }],
        mark: { ...label, align: 'left', dx: 8, color: 'white', fontWeight: 600, limit: { expr: 'width * (datum.x2 - datum.x) - 14' } },
        encoding: { x: across('x'), y: down('labelAt'), text: { field: 'text' }, ...tooltip },
      },
    ],
  } as TopLevelSpec;
}

function partText(part: Part): string {
  return `${part.name} ${count(part.amount)}`;
}

function accountTable(all: readonly Account[]): Table {
  const rows = all.flatMap((account) => {
    const sum = account.parts.reduce((total, part) => total + part.amount, 0);
    return account.parts.map((part) => [part.name, account.name, count(part.amount), sum > 0 ? share(part.amount / sum) : '–']);
  });
  return table('Where the messages went', [words('Part'), words('Account'), figures('Count'), figures('Share')], rows);
}
