/** One answer after another, while a parameter goes over a range. */
import { ImpossibleParameters } from '../../models/theory/checks.ts';
import { type Asked, type SweepPoint, type TheorySweep, theorySweepSchema } from '../theory-result.ts';
import { findingAt, type Question } from './evaluation.ts';

interface Range {
  readonly parameter: string;
  readonly values: readonly number[];
}

/** @throws ImpossibleParameters where not one value is possible */
export function sweep(question: Question & { readonly metrics: readonly string[] | undefined }, { parameter, values }: Range, asked: Asked, onPoint: (done: number) => void): TheorySweep {
  const all = values.map((value, index) => {
    const point = pointAt(question, parameter, value);
    onPoint(index + 1);
    return point;
  });
  const points = question.metrics === undefined ? all : all.map((point) => ({ ...point, metrics: only(question.metrics!, point) }));
  if (points.every(({ refused }) => refused !== null)) findingAt(question, { [parameter]: values[0]! });
  const { about, quantity } = question.model.parameters[parameter]!;
  return {
    schema: theorySweepSchema, ...asked, swept: { parameter, about, quantity: quantity! }, points,
    chosen: question.metrics ?? usual(points),
  };
}

function only(names: readonly string[], { metrics, refused }: SweepPoint): SweepPoint['metrics'] {
  return refused === null ? Object.fromEntries(names.map((name) => [name, metrics[name] ?? null])) : {};
}

function pointAt(question: Question, parameter: string, value: number): SweepPoint {
  try {
    return { value, ...findingAt(question, { [parameter]: value }), refused: null };
  } catch (error) {
    if (!(error instanceof ImpossibleParameters)) throw error;
    return { value, metrics: {}, unstable: null, targets: [], refused: error.message };
  }
}

/** What people look at first, as far as the model tells it; otherwise the first that it tells. */
const preferred = ['utilization', 'P_wait', 'P_block', 'P_abandon', 'Wq', 'Wq_quantile', 'W', 'W_quantile', 'mean_total_time', 'L', 'dead_letter_rate', 'throughput'];
const usualMax = 6;

function usual(points: readonly SweepPoint[]): readonly string[] {
  const told = [...new Set(points.flatMap(({ metrics }) => Object.keys(metrics)))];
  const first = preferred.filter((name) => told.includes(name));
  return (first.length >= 2 ? first : told).slice(0, usualMax);
}
