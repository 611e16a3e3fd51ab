/** One setting of a model's parameters, asked and judged. */
import { ImpossibleParameters } from '../../models/theory/checks.ts';
import type { NumberReader } from '../../models/theory/parameters.ts';
import type { TheoryModel } from '../../models/theory/theory-model.ts';
import { type Num, resultNumber } from '../result-number.ts';
import type { Finding } from '../theory-result.ts';
import { judge, type Target } from './targets.ts';

/** What is asked, but for the value that is looked for or swept. */
export interface Question {
  readonly model: TheoryModel;
  readonly values: Readonly<Record<string, unknown>>;
  readonly numbers: NumberReader;
  readonly targets: readonly Target[];
}

/** @throws ImpossibleParameters */
export function findingAt(question: Question, change: Readonly<Record<string, number>> = {}): Finding {
  const evaluations = new Map<string, Record<string, number>>();
  const evaluate = (given: Readonly<Record<string, number>>): Record<string, number> => {
    const key = JSON.stringify(given);
    const known = evaluations.get(key);
    if (known !== undefined) return known;
    const fresh = question.model.evaluate({ ...question.values, ...change, ...given }, question.numbers);
    evaluations.set(key, fresh);
    return fresh;
  };
  const targets = question.targets.map((target) => judge(target, evaluate(target.given)));
  const metrics = evaluate(shownWith(question));
  return { metrics: printable(metrics), unstable: instability(metrics), targets };
}

/** The metrics that are shown answer the first target, too, where the question leaves its percentile or time open. */
export function shownWith({ values, targets }: Pick<Question, 'values' | 'targets'>): Readonly<Record<string, number>> {
  const given: Record<string, number> = {};
  for (const target of targets) {
    for (const [name, value] of Object.entries(target.given)) if (!(name in given) && values[name] === undefined) given[name] = value;
  }
  return given;
}

/** Undefined where the parameters are impossible together. */
export function findingIfPossible(question: Question, change: Readonly<Record<string, number>>): Finding | undefined {
  try {
    return findingAt(question, change);
  } catch (error) {
    if (error instanceof ImpossibleParameters) return undefined;
    throw error;
  }
}

function printable(metrics: Readonly<Record<string, number>>): Record<string, Num> {
  return Object.fromEntries(Object.entries(metrics).map(([name, value]) => [name, resultNumber(value)]));
}

/** A line that is offered just what it can serve has no steady state either, though its backlog grows ever more slowly. */
function instability(metrics: Readonly<Record<string, number>>): Finding['unstable'] {
  const { growth_rate: growthRate, utilization } = metrics;
  if (growthRate === undefined) return null;
  const isAtTheEdge = growthRate === 0 && (utilization === undefined ? metrics['P_wait'] === 1 && metrics['L'] === Infinity : utilization >= 1);
  return growthRate > 0 || isAtTheEdge ? { growthRate } : null;
}
