/** What stands in a cell of a comparison; the page and the terminal say the same. */
import type { ComparisonCell, ComparisonRow } from '../scenarios/comparison-result.ts';
import type { RunResult } from '../scenarios/result.ts';
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

/** Whether all were asked the same: with one seed producers of the same name that published as much did so at the same times. */
export function workloadText(results: readonly RunResult[]): string {
  const seeds = [...new Set(results.map(({ seed }) => seed))];
  if (seeds.length > 1) return `seeds ${seeds.join(', ')}`;
  const names = [...new Set(results.flatMap(({ producers }) => Object.keys(producers)))];
  const differing = names.filter((name) => new Set(results.map(({ producers }) => producers[name]?.published)).size > 1);
  if (differing.length === 0) return `seed ${seeds[0]}: producers published the same in all`;
  return `seed ${seeds[0]}: not all were asked the same by ${differing.slice(0, 3).join(', ')}${differing.length > 3 ? ` and ${differing.length - 3} more` : ''}`;
}
