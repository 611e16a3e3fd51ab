/** Compared recordings as a table: for a terminal, and for the documentation. */
import type { Line } from './comparison.ts';

export interface Compared {
  readonly recording: string;
  readonly lines: readonly Line[];
}

const columns = ['recorded', 'simulated', 'difference', 'allowed'] as const;

/** A heading and aligned columns. */
export function asText({ recording, lines }: Compared): string {
  const rows = [['', ...columns, ''], ...lines.map((line) => [line.what, ...columns.map((column) => line[column]), verdict(line)])];
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  const text = rows.map((row) => row.map((cell, column) => (column === 0 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!))).join('  ').trimEnd());
  return [recording, ...text.map((row) => `  ${row}`), ''].join('\n');
}

/** One table for each recording, below its name. */
export function asMarkdown({ recording, lines }: Compared): string {
  const rows = lines.map((line) => `| ${[line.what, ...columns.map((column) => line[column]), verdict(line)].map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`);
  return [`### ${recording}`, '', `| | ${columns.join(' | ')} | |`, '|---|---|---|---|---|---|', ...rows, ''].join('\n');
}

function verdict({ ok }: Line): string {
  if (ok === undefined) return 'not compared';
  return ok ? 'ok' : 'OUTSIDE';
}
