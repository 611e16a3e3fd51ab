/** Answers over a range as a table: one line per value, with every metric that there is. */
import type { TheorySweep } from '../../scenarios/theory-result.ts';
import { csv, type Value } from './csv-lines.ts';

const units = { time: '_s', rate: '_per_s', count: '', probability: '', number: '' } as const;

export function sweepCsv({ swept, points, meanings }: TheorySweep): string {
  const metrics = [...new Set(points.flatMap((point) => Object.keys(point.metrics)))];
  const targets = points.find((point) => point.targets.length > 0)?.targets.map(({ target }) => target) ?? [];
  const lines = points.map(({ value, metrics: found, targets: judged }): Value[] => [
    value, ...metrics.map((name) => found[name] ?? null), ...targets.map((_, index) => (judged[index] === undefined ? null : judged[index].met ? 'met' : 'missed')),
  ]);
  return csv([[`${swept.parameter}${units[swept.quantity]}`, ...metrics.map((name) => `${name}${units[meanings[name]?.quantity ?? 'number']}`), ...targets], ...lines]);
}
