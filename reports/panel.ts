/** What a panel is: a question about a result, and the blocks that answer it. */
import type { TopLevelSpec } from 'vega-lite';
import type { RunResult } from '../scenarios/result.ts';
import type { Markup } from './html.ts';

export interface Panel<Result = RunResult> {
  /** Names the section in links; unique among panels. */
  readonly id: string;
  readonly title: string;
  readonly question: string;
  /** No blocks: this result has nothing to say to the question, and the panel is left out. */
  render(result: Result): readonly Block[];
}

export type Block = Chart | Table | Passage;

export interface Chart {
  readonly kind: 'chart';
  /** Unique within its panel. */
  readonly id: string;
  /** Printed above the chart where a panel has several. */
  readonly title: string;
  /** What the picture shows, for those who do not see it. */
  readonly label: string;
  /** With all that a pointer can do to it; absent where that is nothing, and the drawing stays as it is. */
  readonly spec?: TopLevelSpec;
  /** The same picture without what only a pointer needs, which would make the drawing five times as large. */
  readonly still: TopLevelSpec;
  /** Whether its horizontal axis is simulated time, which all such charts zoom together. */
  readonly overTime: boolean;
  readonly note?: string;
  /** The same numbers, to read. */
  readonly table: Table;
}

export interface Table {
  readonly kind: 'table';
  readonly caption: string;
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly Cell[])[];
  readonly note?: string;
}
export interface Column {
  readonly title: string;
  readonly align: 'start' | 'end';
}
export type Cell = string | Markup;

export interface Passage {
  readonly kind: 'passage';
  readonly body: Markup;
}

export function table(caption: string, columns: readonly Column[], rows: readonly (readonly Cell[])[], note?: string): Table {
  return { kind: 'table', caption, columns, rows, ...(note === undefined ? {} : { note }) };
}

export function passage(body: Markup): Passage {
  return { kind: 'passage', body };
}

export function words(title: string): Column {
  return { title, align: 'start' };
}

export function figures(title: string): Column {
  return { title, align: 'end' };
}
