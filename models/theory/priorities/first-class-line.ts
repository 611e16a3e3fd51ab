/**
 * The line of class 1 while all servers are busy and whoever finishes is followed by class 1. Level: how many of class 1
 * wait; phase: how many servers serve class 1, which only grows. So everything is upper triangular; the diagonals, and what
 * they lack to 1, are roots of quadratic equations in forms that do not cancel. Class 1 is stable by itself.
 */
import { zeros, type Matrix } from '../numerics/matrix.ts';
import type { TwoClasses } from './two-classes.ts';

export interface FirstClassLine {
  /** Γ: with how many servers at class 1 its line is first shorter by one. */
  readonly met: Matrix;
  /** R: from the vector of the states with k waiting to that with k + 1. */
  readonly ratio: Matrix;
  /** (I − R)⁻¹ = I + R + R² + … */
  readonly allLengths: Matrix;
  /** Z = RΓ + R²Γ² + …: with how many servers at class 1 a line of any length will be gone. */
  readonly metWhenGone: Matrix;
}

/**
 * With i servers at class 1 the line is shorter by one, and i still the same, with probability f, the smaller root of
 * λ₁f² − (λ₁ + iμ₁ + (c − i)μ₂) f + iμ₁ = 0. The larger one, f⁺, is above 1, and R has 1/f⁺ on its diagonal.
 */
export interface Roots {
  readonly f: number;
  /** 1 − f */
  readonly below: number;
  /** f⁺ − 1 */
  readonly beyond: number;
}

export function rootsOf({ c, λ1, μ1, μ2, leftByFirst }: TwoClasses): Roots[] {
  return Array.from({ length: c + 1 }, (_, i) => {
    const toSecond = (c - i) * μ2;
    const excess = i === c ? μ1 * leftByFirst : i * μ1 + toSecond - λ1;
    const root = Math.sqrt(excess * excess + 4 * λ1 * toSecond);
    const larger = (root + Math.abs(excess)) / 2;
    const smaller = (λ1 * toSecond) / larger;
    const [up, down] = excess >= 0 ? [larger, smaller] : [smaller, larger];
    return { f: (i * μ1) / (λ1 + up), below: down / λ1, beyond: up / λ1 };
  });
}

export function firstClassLine(classes: TwoClasses): FirstClassLine {
  const roots = rootsOf(classes);
  const met = metOf(classes, roots);
  const size = roots.length;
  const ratio = triangle(size, (i, j, at) => (one(i, j) + between(i, j, (l) => at(i, l) * entry(met, l, j))) / (1 + roots[j]!.beyond));
  const lacking = ({ beyond }: Roots) => beyond / (1 + beyond);
  const allLengths = triangle(size, (i, j, at) => (one(i, j) + between(i, j, (l) => at(i, l) * entry(ratio, l, j))) / lacking(roots[j]!));
  return { met, ratio, allLengths, metWhenGone: metWhenGoneOf(roots, met, ratio) };
}

/** λ₁ (f⁺ᵢ − fⱼ) Γᵢⱼ = (c − i)μ₂ [j = i + 1] + λ₁ Σ ΓᵢₗΓₗⱼ over i < l < j */
function metOf({ c, λ1, μ2 }: TwoClasses, roots: readonly Roots[]): Matrix {
  return triangle(roots.length, (i, j, at) => {
    if (i === j) return roots[i]!.f;
    const next = j === i + 1 ? (c - i) * μ2 : 0;
    return (next + λ1 * between(i + 1, j, (l) => at(i, l) * at(l, j))) / (λ1 * (roots[i]!.beyond + roots[j]!.below));
  });
}

/** Z = R (I + Z) Γ, from the last row up and each from its diagonal on: only the entry itself is unknown then. */
function metWhenGoneOf(roots: readonly Roots[], met: Matrix, ratio: Matrix): Matrix {
  return triangle(roots.length, (i, j, at) => {
    const known = (l: number, m: number) => one(l, m) + (l === i && m === j ? 0 : at(l, m));
    const throughs = between(i, j + 1, (m) => between(i, m + 1, (l) => entry(ratio, i, l) * known(l, m)) * entry(met, m, j));
    return (throughs * (1 + roots[i]!.beyond)) / (roots[i]!.beyond + roots[j]!.below);
  });
}

/** From the last row up, each row from its diagonal on; `at` gives what is there already. */
function triangle(size: number, make: (row: number, column: number, at: (row: number, column: number) => number) => number): Matrix {
  const made = zeros(size, size);
  const at = (row: number, column: number) => entry(made, row, column);
  for (let row = size - 1; row >= 0; row--) {
    for (let column = row; column < size; column++) made.values[row * size + column] = make(row, column, at);
  }
  return made;
}

function between(from: number, to: number, term: (index: number) => number): number {
  let sum = 0;
  for (let index = from; index < to; index++) sum += term(index);
  return sum;
}

const one = (row: number, column: number): number => (row === column ? 1 : 0);
const entry = ({ columns, values }: Matrix, row: number, column: number): number => values[row * columns + column]!;
