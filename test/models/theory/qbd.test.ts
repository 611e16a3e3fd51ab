import { describe, expect, it } from 'vitest';
import { AbsorptionTail } from '../../../models/theory/numerics/absorption-time.ts';
import { stationary, timesSpent } from '../../../models/theory/numerics/elimination.ts';
import { diagonal, identity, matrix, multiply, rowSums, spectralRadius, timesMatrix, zeros } from '../../../models/theory/numerics/matrix.ts';
import { endlessLevels, stationaryLevels, watchedFromBelow } from '../../../models/theory/qbd.ts';
import { expectNear } from './expect-near.ts';

describe('matrices', () => {
  it('are multiplied alike with and without zeros, in every size', () => {
    for (const [rows, inner, columns] of [[1, 1, 1], [3, 5, 2], [4, 8, 4], [7, 9, 6]] as const) {
      const left = matrix(rows, inner, (row, column) => (row === column ? 0 : row + 2 * column + 1));
      const right = matrix(inner, columns, (row, column) => ((row + column) % 3 === 0 ? 0 : row - column + 0.5));
      const product = multiply(left, right);
      for (let row = 0; row < rows; row++) {
        for (let column = 0; column < columns; column++) {
          let sum = 0;
          for (let k = 0; k < inner; k++) sum += left.values[row * inner + k]! * right.values[k * columns + column]!;
          expect(product.values[row * columns + column]).toBeCloseTo(sum, 12);
        }
      }
    }
  });

  it('have a spectral radius, also when it is tiny, double or zero', () => {
    expectNear(spectralRadius(matrix(2, 2, (row, column) => [[0.5, 0.25], [1, 0.25]][row]![column]!)), 0.375 + Math.sqrt(0.265625), 1e-14);
    expectNear(spectralRadius(diagonal([1e-200, 3e-200])), 3e-200, 1e-14);
    expectNear(spectralRadius(identity(3)), 1, 1e-15);
    expectNear(spectralRadius(diagonal([1 - 1e-9, 1 - 2e-9])), 1 - 1e-9, 1e-15);
    expect(spectralRadius(matrix(2, 2, (row, column) => (column > row ? 1 : 0)))).toBe(0);
  });
});

describe('elimination', () => {
  it('knows the time until a rare exit to all digits', () => {
    // Two states that change places at rate 1; the second is left at rate 1e-14: the time from either is 2e14 and a little.
    const times = timesSpent(matrix(2, 2, (row, column) => (row === column ? 99 : 1)), [0, 1e-14]);
    expectNear(times.values[0]! + times.values[1]!, 2e14 + 1, 1e-15);
    expectNear(times.values[2]! + times.values[3]!, 2e14, 1e-15);
  });

  it('weighs states that are 14 decades apart, and those outside the closed class as nothing', () => {
    const law = stationary(matrix(3, 3, (row, column) => [[0, 1e-14, 0], [1, 0, 1e-14], [0, 1, 0]][row]![column]!));
    expectNear(law[2]! / law[0]!, 1e-28, 1e-15);
    const transient = stationary(matrix(3, 3, (row, column) => [[0, 1, 1], [0, 0, 2], [0, 3, 0]][row]![column]!));
    expect(transient[0]).toBe(0);
    expectNear(transient[2]! / transient[1]!, 2 / 3, 1e-15);
  });
});

describe('levels', () => {
  const [up, down] = [diagonal([0.999999]), diagonal([1])];

  it('of one phase are M/M/1, near saturation, too', () => {
    const endless = endlessLevels({ up, local: zeros(1, 1), down }, 1e-6);
    const [empty, one] = stationaryLevels([{ up, local: zeros(1, 1), down: zeros(1, 1) }, { up, local: endless.localWithReturns, down }]);
    const { weights, first, second } = endless.sumsFrom(one!);
    // ρ / (1 − ρ), ρ² / (1 − ρ)² and ρ³ / (1 − ρ)³ beside an empty system of weight 1.
    expectNear(weights[0]! / empty![0]!, 0.999999e6, 1e-14);
    expectNear(first[0]! / empty![0]!, 0.999999 * 0.999999 * 1e12, 1e-14);
    expectNear(second[0]! / empty![0]!, 0.999999 * 0.999999 * 0.999999 * 1e18, 1e-14);
  });

  it('that rise for ever are refused', () => {
    expect(() => watchedFromBelow({ up: diagonal([2]), local: zeros(1, 1), down })).toThrow('not downwards');
  });

  it('solve A₀ + R A₁ + R² A₂ = 0', () => {
    const level = {
      up: matrix(3, 3, (row, column) => (row === column ? 0.4 : row + 1 === column ? 0.1 : 0)),
      local: matrix(3, 3, (row, column) => (row === column ? 0 : 0.2 + row)),
      down: matrix(3, 3, (row, column) => 0.1 * row + 0.3 * column + (row === column ? 1 : 0)),
    };
    const { ratio, phaseLaw } = endlessLevels(level, 1);
    const outflow = rowSums(level.up).map((rate, phase) => rate + rowSums(level.down)[phase]! + rowSums(level.local)[phase]!);
    const left = multiply(ratio, matrix(3, 3, (row, column) => level.local.values[row * 3 + column]! - (row === column ? outflow[row]! : 0)));
    const twice = multiply(multiply(ratio, ratio), level.down);
    level.up.values.forEach((rate, index) => expect(rate + left.values[index]! + twice.values[index]!).toBeCloseTo(0, 14));
    expect(timesMatrix(phaseLaw, identity(3)).reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 14);
  });

  it('may be many, with weights beyond the largest number', () => {
    const levels = Array.from({ length: 500 }, (_, n) => ({ up: diagonal([100]), local: zeros(1, 1), down: n === 0 ? zeros(1, 1) : diagonal([1]) }));
    const vectors = stationaryLevels(levels);
    expectNear(vectors[499]![0]! / vectors[498]![0]!, 100, 1e-14);
    expect(Number.isFinite(vectors[499]![0])).toBe(true);
  });
});

describe('the time until a chain is left', () => {
  const exponential = (rate: number) => new AbsorptionTail({ start: Float64Array.of(1), rates: zeros(1, 1), exits: Float64Array.of(rate), worths: Float64Array.of(0.5) });

  it('is exponential for one state', () => {
    for (const t of [0, 1e-3, 0.7, 1, 17, 300]) expectNear(exponential(2).tail(t), 0.5 * Math.exp(-2 * t), 1e-12, String(t));
    expect(exponential(2).tail(1e6)).toBe(0);
    expect(exponential(2).quantile(0.5)).toBe(0);
    for (const p of [0.500001, 0.6, 0.99, 1 - 1e-12]) expectNear(exponential(1e-6).quantile(p), -Math.log(2 * (1 - p)) * 1e6, 1e-10, String(p));
  });

  it('keeps the digits of a slow exit beside fast changes', () => {
    // Two states that change places at rate 1; either is left at rate 1e-9: after 1e9 a share of 1/e is there.
    const slow = new AbsorptionTail({ start: Float64Array.of(1, 0), rates: matrix(2, 2, () => 1), exits: Float64Array.of(1e-9, 1e-9), worths: Float64Array.of(1, 1) });
    expectNear(slow.tail(1e9), Math.exp(-1), 1e-13);
  });
});
