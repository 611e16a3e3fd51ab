/** A table for a terminal: columns side by side, and the last one, of sentences, wrapped in what room is left. */
import { wrap } from './wrapping.ts';

export interface TextColumn {
  readonly title: string;
  readonly align: 'start' | 'end';
}

const gap = 2;
const indent = 2;
/** In less room than this sentences stand below their row. */
const proseMin = 24;

interface TableLook {
  readonly width: number;
  readonly lastIsProse: boolean;
  readonly paintHead: (line: string) => string;
}

export function textTable(columns: readonly TextColumn[], rows: readonly (readonly string[])[], { width, lastIsProse, paintHead }: TableLook): string[] {
  const narrow = lastIsProse ? columns.length - 1 : columns.length;
  const widths = columns.slice(0, narrow).map(({ title }, index) => Math.max(title.length, ...rows.map((row) => row[index]!.length)));
  const used = indent + widths.reduce((sum, each) => sum + each + gap, 0);
  const cells = (row: readonly string[]) => ' '.repeat(indent) + widths.map((each, index) => padded(row[index]!, each, columns[index]!.align)).join(' '.repeat(gap));
  const titles = columns.map(({ title }) => title);
  if (!lastIsProse) return [paintHead(cells(titles).trimEnd()), ...rows.map((row) => cells(row).trimEnd())];
  const room = width - used;
  if (room < proseMin) return [paintHead(cells(titles).trimEnd()), ...rows.flatMap((row) => [cells(row).trimEnd(), ...wrap(row[narrow]!, width, indent + 2, indent + 2)])];
  return [paintHead(`${cells(titles)}${' '.repeat(gap)}${titles[narrow]}`), ...rows.flatMap((row) => {
    const [first, ...more] = wrap(row[narrow]!, room, 0, 0);
    return [`${cells(row)}${' '.repeat(gap)}${first}`.trimEnd(), ...more.map((line) => ' '.repeat(used) + line)];
  })];
}

function padded(text: string, width: number, align: TextColumn['align']): string {
  return align === 'start' ? text.padEnd(width) : text.padStart(width);
}
