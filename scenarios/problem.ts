/** A problem of a scenario file: where it is, what was found, what was wanted, and what to do about it. */
import { codeFrameColumns } from '@babel/code-frame';
import type { Place } from './source.ts';

export interface Problem {
  readonly severity: 'error' | 'warning';
  /** As it was named by whoever asked; `--set` or `--seed` for a value that came from the command line. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** Where in the scenario, as in `consumers.payments.prefetch`; empty for the whole file. */
  readonly path: string;
  readonly message: string;
  readonly found?: string;
  readonly wanted?: string;
  readonly hint?: string;
  /** The lines around, with a marker under the place; without colours. */
  readonly frame: string;
}

/** What there is to say, before it has a place. */
export interface Finding {
  readonly message: string;
  readonly found?: string | undefined;
  readonly wanted?: string | undefined;
  readonly hint?: string | undefined;
}

export type Path = readonly (string | number)[];

export function errorAt(place: Place, path: Path, finding: Finding): Problem {
  return problemAt('error', place, path, finding);
}

export function warningAt(place: Place, path: Path, finding: Finding): Problem {
  return problemAt('warning', place, path, finding);
}

/** file:line:column, the message, the frame, what was found and wanted, and the hint. */
export function formatProblem(problem: Problem): string {
  const path = problem.path === '' ? '' : `${problem.path}: `;
  const lines = [`${problem.file}:${problem.line}:${problem.column}: ${problem.severity}: ${path}${problem.message}`, problem.frame];
  if (problem.found !== undefined) lines.push(`  found:  ${problem.found}`);
  if (problem.wanted !== undefined) lines.push(`  wanted: ${problem.wanted}`);
  if (problem.hint !== undefined) lines.push(`  hint:   ${problem.hint}`);
  return lines.join('\n');
}

/** `brokers.orders-mq.queues."orders.dead".lease`, as --set reads it too. */
export function pathText(path: Path): string {
  return path.map((part) => (String(part).includes('.') ? `"${part}"` : printable(String(part)))).join('.');
}

/** Text from a file, safe to print: no control characters that a terminal would obey. */
export function printable(text: string): string {
  return text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029]/g, '\uFFFD');
}

function problemAt(severity: 'error' | 'warning', place: Place, path: Path, finding: Finding): Problem {
  const { line, column } = place.source.positionOf(place.start);
  return {
    severity,
    file: place.source.file,
    line,
    column,
    path: pathText(path),
    message: printable(finding.message),
    ...(finding.found !== undefined && { found: printable(finding.found) }),
    ...(finding.wanted !== undefined && { wanted: printable(finding.wanted) }),
    ...(finding.hint !== undefined && { hint: printable(finding.hint) }),
    frame: frameOf(place, line, column),
  };
}

const linesAround = 2;
const frameWidth = 100;

/** Long lines are cut to a window around the column: a file of one line of a megabyte must not fill the screen. */
function frameOf(place: Place, line: number, column: number): string {
  const { source } = place;
  const from = column <= frameWidth * 0.75 ? 0 : column - 1 - Math.floor(frameWidth / 2);
  const around = from === 0 ? linesAround : 0;
  const first = Math.max(1, line - around);
  const last = Math.min(source.lineCount, line + around);
  const lines: string[] = [];
  for (let number = first; number <= last; number++) lines.push(printable(source.line(number).slice(from, from + frameWidth)));
  const marked = lines[line - first]!;
  const start = column - from;
  const end = Math.max(start + 1, Math.min(start + place.end - place.start, marked.trimEnd().length + 1));
  const loc = { start: { line, column: start }, end: { line, column: end } };
  return codeFrameColumns(lines.join('\n'), loc, { startLine: first, linesAbove: around, linesBelow: around, highlightCode: false });
}
