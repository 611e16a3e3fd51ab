import type { Comparison, ComparisonRow } from '../../scenarios/comparison-result.ts';
import { cellText, nothingThere, sectionsOf, workloadText } from '../comparison-words.ts';
import { html } from '../html.ts';
import { count } from '../numbers.ts';
import { type Cell, figures, type Panel, table, words } from '../panel.ts';
import { verdictMark } from '../verdict-mark.ts';

/** Of these the titles of the rows say enough. */
const plainSections: readonly string[] = ['Claims', 'Objectives', 'Messages', 'Queues'];

export const sideBySide: Panel<Comparison> = {
  id: 'side-by-side',
  title: 'Side by side',
  question: 'Run with each of these settings: what held, what was lost or doubled, and how long did it take?',
  render({ columns, rows, results }) {
    const body = sectionsOf(rows).flatMap(({ section, rows: inside }) => inside.map((row) => [
      plainSections.includes(section) ? row.title : `${section}, ${row.title}`, ...row.cells.map((cell) => markup(cell, row.unit)),
    ]));
    return [table('What each came to', [words('Measure'), ...columns.map(figures)], body, note(rows, workloadText(results)))];
  },
};

function note(rows: readonly ComparisonRow[], workload: string): string {
  const hasInterval = rows.some(({ cells }) => cells.some((cell) => cell?.interval !== undefined));
  const isBroken = rows.some(({ unit, cells }) => unit === 'verdict' && cells.some((cell) => cell !== null && cell.value !== null));
  const notes = [`${workload.charAt(0).toUpperCase()}${workload.slice(1)}.`, isBroken ? 'In brackets: messages that broke the claim.' : '', hasInterval ? 'After ±: half the width of the 95 % confidence interval.' : ''];
  return notes.filter((each) => each !== '').join(' ');
}

function markup(cell: ComparisonRow['cells'][number], unit: ComparisonRow['unit']): Cell {
  if (cell?.verdict === undefined) return cellText(cell, unit);
  if (unit === 'verdict') return html`${verdictMark(cell.verdict)}${cell.value === null ? '' : ` (${count(cell.value)})`}`;
  return cell.value === null ? nothingThere : verdictMark(cell.verdict, cellText({ ...cell, verdict: undefined }, unit));
}
