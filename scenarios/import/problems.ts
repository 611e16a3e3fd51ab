/** What keeps a file from being imported, all of it at once. */
import { printable } from '../problem.ts';

export interface ImportProblem {
  /** As in `queues[3].name`; empty for the whole file. */
  readonly path: string;
  readonly message: string;
  readonly found?: string | undefined;
  readonly wanted?: string | undefined;
  readonly hint?: string | undefined;
}

export class ImportProblems extends Error {
  readonly problems: readonly ImportProblem[];
  constructor(problems: readonly ImportProblem[]) {
    super(problems.map(formatImportProblem).join('\n'));
    this.name = 'ImportProblems';
    this.problems = problems;
  }
}

export function formatImportProblem({ path, message, found, wanted, hint }: ImportProblem): string {
  const lines = [path === '' ? message : `${path}: ${message}`];
  if (found !== undefined) lines.push(`  found:  ${found}`);
  if (wanted !== undefined) lines.push(`  wanted: ${wanted}`);
  if (hint !== undefined) lines.push(`  hint:   ${hint}`);
  return printable(lines.join('\n'));
}

/** `queues[3].arguments["x y"]` */
export function pathOf(parts: readonly PropertyKey[]): string {
  return parts.map((part, at) => {
    if (typeof part === 'number') return `[${part}]`;
    const text = String(part);
    if (!/^[\w-]+$/.test(text)) return `[${quoted(text)}]`;
    return at === 0 ? text : `.${text}`;
  }).join('');
}

/** A name from a file on one line, whatever is in it. */
export function quoted(text: string): string {
  const short = text.length <= 100 ? text : `${text.slice(0, 97)}…`;
  return JSON.stringify(short).replace(/[\u007f-\u009f\u2028\u2029\ufeff]/g, escaped);
}

export function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
