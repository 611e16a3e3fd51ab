/** What stands in a cell of a comparison; the page and the terminal say the same. */
import type { ComparisonCell, ComparisonRow } from '../scenarios/comparison-result.ts';
import { count, quantity, share } from './numbers.ts';
import { verdictSymbol } from './verdict-words.ts';

export const nothingThere = '–';

export function cellText(cell: ComparisonCell | null, unit: ComparisonRow['unit']): string {
  if (cell === null) return nothingThere;
  const { verdict, value, interval } = cell;
  const mark = verdict === undefined ? '' : `${verdictSymbol[verdict]} `;
  if (unit === 'verdict') return `${mark}${verdict}${value === null ? '' : ` (${count(value)})`}`;
  const halfWidth = interval === undefined || typeof value !== 'number' ? '' : ` ± ${measure(Math.max(interval[1] - value, value - interval[0]), unit)}`;
  return `${mark}${measure(value, unit)}${halfWidth}`;
}

function measure(value: ComparisonCell['value'], unit: Exclude<ComparisonRow['unit'], 'verdict'>): string {
  if (unit === '') return count(value);
  if (unit === 'share') return typeof value === 'number' ? share(value) : quantity(value, '');
  return quantity(value, unit);
}

/** Whether the runs differ in it at all. */
export function isSame({ cells, unit }: ComparisonRow): boolean {
  return new Set(cells.map((cell) => cellText(cell, unit))).size === 1;
}

export function sectionsOf(rows: readonly ComparisonRow[]): readonly { readonly section: string; readonly rows: readonly ComparisonRow[] }[] {
  return [...new Set(rows.map(({ section }) => section))].map((section) => ({ section, rows: rows.filter((row) => row.section === section) }));
}
