/** Answers of queueing theory for a terminal. */
import picocolors from 'picocolors';
import type { Asked, Solution, TargetResult, TheoryAnswer, TheorySweep } from '../scenarios/theory-result.ts';
import { type Item, printedItems } from './paragraphs.ts';
import { printable } from './readable.ts';
import { targetSentence, unstableSentence } from './sweep-words.ts';
import { type TextColumn, textTable } from './text-table.ts';
import { exactText, instabilitySentence, named, neighbourSentence, parameterTexts, quantityText, solutionSentence, staffingSentence, targetText, trustSentence } from './theory-words.ts';

export interface TextOptions {
  readonly colour: boolean;
  readonly width: number;
}

const widthMin = 40;
const widthMax = 120;
/** Below it there is no room for every digit beside two settings. */
const wideFrom = 110;

export function formatAnswer(answer: TheoryAnswer, options: TextOptions): string {
  const { solution, unstable, targets } = answer;
  const first: readonly Item[] = [
    ...(unstable === null ? [] : [{ indent: 0, text: sentence(instabilitySentence(unstable)), look: 'unknown' } as const]),
    ...(solution === null ? [] : solutionItems(solution, targets)),
    ...targets.map(targetItem),
  ];
  const metrics = solution?.neighbour ? solutionTable(answer, options) : metricTable(answer, options);
  return [printedItems([...spaced(first), ...head(answer), blank], options), ...metrics].join('\n');
}

const blank: Item = { indent: 0, text: '' };

function spaced(items: readonly Item[]): readonly Item[] {
  return items.length === 0 ? [] : [...items, blank];
}

function head(asked: Asked): readonly Item[] {
  return [
    { indent: 0, text: printable(asked.title), look: 'bold' },
    { indent: 0, text: printable(parameterTexts(asked).map(([name, value]) => `${name} ${value}`).join(', ')) },
    { indent: 0, text: printable(`${trustSentence(asked)} Source: ${asked.source}`) },
  ];
}

function solutionItems(solution: Solution, targets: readonly TargetResult[]): readonly Item[] {
  const neighbour = neighbourSentence(solution);
  return [
    { indent: 0, text: printable(solutionSentence(solution, targets)), look: 'bold' },
    ...(neighbour === undefined ? [] : [{ indent: 0, text: printable(neighbour) }]),
    ...(solution.staffing === null ? [] : [{ indent: 0, text: staffingSentence(solution.staffing) }]),
  ];
}

function targetItem(target: TargetResult): Item {
  const [mark, look] = target.met ? ['✓', 'pass'] as const : ['✗', 'fail'] as const;
  return { indent: 2, mark, look, text: printable(`${mark} ${targetText(target)}`) };
}

const metricColumn: TextColumn = { title: 'metric', align: 'start' };
const meaningColumn: TextColumn = { title: 'meaning', align: 'start' };
const figureColumn = (title: string): TextColumn => ({ title, align: 'end' });

function metricTable({ metrics, meanings }: TheoryAnswer, options: TextOptions): string[] {
  const rows = Object.entries(metrics).map(([name, value]) => {
    const { quantity, about } = meanings[name] ?? unknownMeaning;
    return [name, quantityText(value, quantity), exactText(value, quantity), about];
  });
  return textTable([metricColumn, figureColumn('value'), figureColumn('unrounded'), meaningColumn], rows, { ...room(options), lastIsProse: true });
}

/** Models may tell more than they describe. */
const unknownMeaning = { quantity: 'number', about: '' } as const;

/** What is just enough, beside what is not. */
function solutionTable({ metrics, meanings, solution }: TheoryAnswer, options: TextOptions): string[] {
  const { neighbour, parameter, quantity, value } = solution!;
  const isWide = options.width >= wideFrom;
  const rows = Object.entries(metrics).map(([name, found]) => {
    const { quantity: unit, about } = meanings[name] ?? unknownMeaning;
    return [name, quantityText(found, unit), ...(isWide ? [exactText(found, unit)] : []), quantityText(neighbour!.metrics[name] ?? null, unit), about];
  });
  const columns = [metricColumn, figureColumn(named(parameter, value!, quantity)), ...(isWide ? [figureColumn('unrounded')] : []), figureColumn(named(parameter, neighbour!.value, quantity)), meaningColumn];
  return textTable(columns, rows, { ...room(options), lastIsProse: true });
}

export function formatSweep(sweep: TheorySweep, options: TextOptions): string {
  const [unstable, met] = [unstableSentence(sweep), targetSentence(sweep)];
  const first: readonly Item[] = [
    ...(unstable === undefined ? [] : [{ indent: 0, text: printable(unstable), look: 'unknown' } as const]),
    ...(met === undefined ? [] : [{ indent: 0, text: printable(met), look: 'bold' } as const]),
  ];
  return [printedItems([...spaced(first), ...head(sweep), blank], options), ...sweepTables(sweep, room(options))].join('\n');
}

/** Columns that do not fit beside one another follow in a table of their own, with the same first column. */
function sweepTables(sweep: TheorySweep, table: ReturnType<typeof room>): string[] {
  const { swept, points, chosen, meanings } = sweep;
  const first = points.map(({ value }) => exactText(value, swept.quantity));
  const metrics = chosen.map((name) => [name, ...points.map(({ metrics: found, refused }) => (refused === null ? quantityText(found[name] ?? null, meanings[name]?.quantity ?? 'number') : '–'))]);
  const targets = targetColumns(sweep);
  const blocks: string[][][] = [[]];
  const widthOf = (column: readonly string[]) => Math.max(...column.map(({ length }) => length)) + 2;
  const base = widthOf([swept.parameter, ...first]) + 2;
  let used = base;
  for (const column of [...metrics, ...targets]) {
    if (used + widthOf(column) > table.width && used > base) {
      blocks.push([]);
      used = base;
    }
    blocks.at(-1)!.push(column);
    used += widthOf(column);
  }
  return blocks.flatMap((block, index) => {
    const columns = [figureColumn(swept.parameter), ...block.map((column) => figureColumn(column[0]!))];
    const rows = points.map((_, row) => [first[row]!, ...block.map((column) => column[row + 1]!)]);
    return [...(index > 0 ? [''] : []), ...textTable(columns, rows, { ...table, lastIsProse: false })];
  });
}

/** A mark for each point and target. */
function targetColumns({ points }: TheorySweep): string[][] {
  const targets = points.find(({ refused }) => refused === null)?.targets ?? [];
  return targets.map(({ target }, index) => [target, ...points.map(({ targets: found }) => (found[index] === undefined ? '–' : found[index].met ? '✓' : '✗'))]);
}

function sentence(text: string): string {
  return `${text[0]!.toUpperCase()}${text.slice(1)}.`;
}

function room({ colour, width }: TextOptions) {
  return { width: Math.min(widthMax, Math.max(widthMin, width)), paintHead: picocolors.createColors(colour).dim };
}
