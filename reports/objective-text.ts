/** What can be told from an objective as it was written: `p99(payments.sojourn) < 45s`. */
import type { ObjectiveResult, RunResult } from '../scenarios/result.ts';
import { quantity, share } from './numbers.ts';

export interface ObjectiveText {
  readonly statistic: string;
  /** What it is about: a group, a producer, a queue. */
  readonly of: string;
  /** waiting, service or sojourn; empty where the statistic has no measure. */
  readonly measure: string;
  readonly comparison: '<' | '<=' | '>' | '>=';
  readonly limit: string;
}

export function readObjective(text: string): ObjectiveText | null {
  const match = /^\s*([\w.]+)\s*\((.*)\)\s*(<=|>=|<|>)\s*(.+?)\s*$/.exec(text);
  if (match === null) return null;
  const subject = match[2]!.trim();
  const measure = /\.(waiting|service|sojourn)$/.exec(subject)?.[1] ?? '';
  const of = measure === '' ? subject : subject.slice(0, -measure.length - 1);
  return { statistic: match[1]!, of, measure, comparison: match[3] as ObjectiveText['comparison'], limit: match[4]! };
}

/** How far the value is from its limit, with a plus on the good side. Null: it cannot be said. */
export function margin(objective: ObjectiveResult): number | null {
  const text = readObjective(objective.objective);
  if (text === null || objective.value === null || objective.value === 'Infinity') return null;
  return text.comparison.startsWith('<') ? objective.limit - objective.value : objective.value - objective.limit;
}

/** `+12 s (27 %)`: how much room is left, or with a minus how much is missing, and that as a part of the limit. */
export function marginText(objective: ObjectiveResult): string {
  const room = margin(objective);
  if (room === null) return objective.value === 'Infinity' && objective.met === false ? '−∞' : '–';
  const sign = room < 0 ? '−' : '+';
  const part = objective.limit === 0 ? '' : ` (${share(Math.abs(room / objective.limit))})`;
  return `${sign}${quantity(Math.abs(room), objective.unit)}${part}`;
}

/** The limit with its comparison: `< 45 s`. */
export function limitText(objective: ObjectiveResult): string {
  const comparison = readObjective(objective.objective)?.comparison;
  const symbol = comparison === '<=' ? '≤ ' : comparison === '>=' ? '≥ ' : comparison === undefined ? '' : `${comparison} `;
  return symbol + quantity(objective.limit, objective.unit);
}

/** The value is on one side of the limit and a part of its confidence interval on the other. */
export function isClose(objective: ObjectiveResult): boolean {
  return objective.interval !== null && objective.interval[0] < objective.limit && objective.limit < objective.interval[1];
}

export interface Limit {
  readonly label: string;
  readonly value: number;
  /** Whether the value should stay above it, which leaves room for a label below. */
  readonly below: boolean;
}

/** The limits that belong on a chart of this statistic and subject. */
export function limitsOn(result: RunResult, belongs: (text: ObjectiveText) => boolean): readonly Limit[] {
  return result.objectives.flatMap((objective) => {
    const text = readObjective(objective.objective);
    return text !== null && belongs(text) ? [{ label: objective.objective, value: objective.limit, below: text.comparison.startsWith('>') }] : [];
  });
}
