/** Runs side by side for a terminal: a column for each, below one another in groups where they do not fit beside one another. */
import picocolors from 'picocolors';
import type { Comparison, ComparisonRow } from '../scenarios/comparison-result.ts';
import { cellText, isSame, sectionsOf, workloadText } from './comparison-words.ts';
import { readableComparison } from './readable.ts';
import { wrap } from './wrapping.ts';

interface Look {
  readonly colour: boolean;
  readonly width: number;
}

const gap = 2;
const headMax = 22;
const titleMax = 44;

export function formatComparison(comparison: Comparison, look: Look): string {
  const { scenario, columns, rows, results, reproduce } = readableComparison(comparison);
  const colours = picocolors.createColors(look.colour);
  const lines = [
    colours.bold(`${scenario.replace(/\s+/g, ' ')}: ${columns.length} side by side`),
    colours.dim(workloadText(results)),
    ...groupsOf(columns, rows, look.width).flatMap((group) => ['', ...tableOf(group, columns, rows, look)]),
  ];
  return `${lines.join('\n')}\n\nreproduce: ${colours.cyan(reproduce.command)}\n`;
}

/** As many columns side by side as there is room for, and always one. */
function groupsOf(columns: readonly string[], rows: readonly ComparisonRow[], width: number): readonly (readonly number[])[] {
  const groups: number[][] = [];
  let room = 0;
  columns.forEach((_, index) => {
    const needed = gap + columnWidth(index, columns, rows);
    if (groups.length === 0 || needed > room) {
      groups.push([]);
      room = width - titleWidth(rows);
    }
    groups.at(-1)!.push(index);
    room -= needed;
  });
  return groups;
}

function tableOf(group: readonly number[], columns: readonly string[], rows: readonly ComparisonRow[], { colour }: Look): readonly string[] {
  const colours = picocolors.createColors(colour);
  const first = titleWidth(rows);
  const widths = group.map((index) => columnWidth(index, columns, rows));
  const line = (title: string, cells: readonly string[]) => `${title.padEnd(first)}${cells.map((cell, at) => ' '.repeat(gap) + cell.padEnd(widths[at]!)).join('')}`.trimEnd();
  const heads = group.map((index) => headOf(columns[index]!));
  const head = Array.from({ length: Math.max(...heads.map(({ length }) => length)) }, (_, at) => colours.bold(line('', heads.map((each) => each[at] ?? ''))));
  const body = sectionsOf(rows).flatMap(({ section, rows: inside }) => [
    colours.bold(shortened(section)),
    ...inside.map((row) => {
      const text = line(`  ${shortened(row.title)}`, group.map((index) => cellText(row.cells[index]!, row.unit)));
      return isSame(row) ? colours.dim(text) : text;
    }),
  ]);
  return [...head, ...body];
}

function headOf(column: string): readonly string[] {
  return wrap(shortened(column), headMax, 0, 0);
}

function titleWidth(rows: readonly ComparisonRow[]): number {
  return Math.max(...rows.map(({ title }) => shortened(title).length + 2));
}

/** A name of a queue may be long, and have anything in it. */
function shortened(title: string): string {
  const line = title.replace(/\s+/g, ' ');
  return line.length > titleMax ? `${line.slice(0, titleMax - 1)}…` : line;
}

function columnWidth(index: number, columns: readonly string[], rows: readonly ComparisonRow[]): number {
  return Math.max(...headOf(columns[index]!).map(({ length }) => length), ...rows.map(({ cells, unit }) => cellText(cells[index]!, unit).length));
}
