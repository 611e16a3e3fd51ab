/** Paragraphs for a terminal: marked, indented, and as wide as there is room. */
import picocolors from 'picocolors';
import type { Verdict } from '../scenarios/result.ts';
import { wrap } from './wrapping.ts';

const widthMin = 40;
const widthMax = 120;

export function printedItems(items: readonly Item[], options: { readonly colour: boolean; readonly width: number }): string {
  const width = Math.min(widthMax, Math.max(widthMin, options.width));
  const colours = picocolors.createColors(options.colour);
  const looks = { pass: colours.green, fail: colours.red, unknown: colours.yellow, bold: colours.bold, dim: colours.dim } as const;
  return items.flatMap((item) => printed(item, width, item.look === undefined ? (text) => text : looks[item.look])).join('\n');
}

/** A paragraph. What it begins with can be marked by a look; without a mark, the look is that of all of it. */
export interface Item {
  readonly indent: number;
  readonly text: string;
  readonly mark?: string;
  readonly look?: Verdict | 'bold' | 'dim';
}

function printed(item: Item, width: number, paint: (text: string) => string): readonly string[] {
  const lines = wrap(item.text, width, item.indent, item.indent === 0 ? 0 : item.indent + 2);
  const { mark, indent } = item;
  if (mark === undefined) return lines.map((line) => (line.trim() === '' ? '' : paint(line)));
  return lines.map((line, index) => (index === 0 && line.startsWith(mark, indent) ? line.slice(0, indent) + paint(mark) + line.slice(indent + mark.length) : line));
}

export function section(title: string, items: readonly Item[]): readonly Item[] {
  return items.length === 0 ? [] : [{ indent: 0, text: '' }, { indent: 0, text: title, look: 'bold' }, ...items];
}
