/**
 * What happens to class 2 while class 1 waits: it grows by those who arrive, and when class 1 is gone it shrinks again, each
 * step changing the phase by G. That is the line of class 1 with z, which counts arrivals of class 2, replaced by G. Its
 * entries are functions of the one matrix G, so they commute, and obey the equations of the numbers.
 */
import { timesSpent } from '../numerics/elimination.ts';
import { diagonal, identity, type Matrix, matrix, multiply, row, rowSums, scale, sum, zeros } from '../numerics/matrix.ts';
import { watchedFromBelow } from '../qbd.ts';
import { type Roots, rootsOf } from './first-class-line.ts';
import type { TwoClasses } from './two-classes.ts';

/** At which rates class 1 begins to wait, by the phase when it does and that when neither line is longer than it was. */
export function excursionRates(classes: TwoClasses): (met: Matrix) => Matrix {
  const { c, λ1 } = classes;
  const roots = rootsOf(classes);
  return (met) => {
    const lines = linesOf(classes, roots, met);
    const rates = zeros(c + 1, c + 1);
    for (let from = 0; from <= c; from++) {
      for (let until = from; until <= c; until++) {
        row(lines[from]![until]!, until).forEach((probability, phase) => { rates.values[from * (c + 1) + phase]! += λ1 * probability; });
      }
    }
    return rates;
  };
}

/** Γᵢⱼ(G): λ₁ Γᵢᵢ² − (λ₁ + λ₂ + iμ₁ + (c − i)μ₂ − λ₂G) Γᵢᵢ + iμ₁ = 0, and beside the diagonal as for numbers. */
function linesOf({ c, λ1, λ2, μ1, μ2 }: TwoClasses, roots: readonly Roots[], met: Matrix): Matrix[][] {
  const arrivals = scale(met, λ2);
  const lines: Matrix[][] = Array.from({ length: c + 1 }, () => []);
  for (let i = c; i >= 0; i--) {
    lines[i]![i] = unchanged({ λ1, arrivals, down: i * μ1, away: (c - i) * μ2 });
    for (let j = i + 1; j <= c; j++) {
      const times = timesSpent(sum(arrivals, scale(lines[i]![i]!, λ1), scale(lines[j]![j]!, λ1)), new Float64Array(c + 1).fill(λ1 * (roots[i]!.beyond + roots[j]!.below)));
      const ways = Array.from({ length: j - i - 1 }, (_, index) => multiply(lines[i]![i + 1 + index]!, lines[i + 1 + index]![j]!));
      const next = scale(identity(c + 1), j === i + 1 ? (c - i) * μ2 : 0);
      lines[i]![j] = multiply(times, sum(next, ...ways.map((way) => scale(way, λ1))));
    }
  }
  return lines;
}

/** First passage down with one phase more, in which everything ends that goes `away`. */
function unchanged({ λ1, arrivals, down, away }: { λ1: number; arrivals: Matrix; down: number; away: number }): Matrix {
  const size = arrivals.rows;
  if (down === 0) return zeros(size, size);
  const gone = size;
  const level = {
    up: diagonal(Float64Array.from({ length: size + 1 }, (_, phase) => (phase === gone ? 0 : λ1))),
    local: matrix(size + 1, size + 1, (from, to) => (from === gone || to === gone ? 0 : arrivals.values[from * size + to]!)),
    down: matrix(size + 1, size + 1, (from, to) => (from === to ? down : to === gone ? away : 0)),
  };
  const passage = multiply(timesSpent(watchedFromBelow(level), rowSums(level.down)), level.down);
  return matrix(size, size, (from, to) => passage.values[from * (size + 1) + to]!);
}
