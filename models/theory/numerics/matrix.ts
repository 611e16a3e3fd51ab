/**
 * Dense matrices, row after row in one array, for chains of states: products and sums of numbers that are zero or above, and
 * nothing else, keep nearly all their digits. Systems of equations are in `elimination.ts`.
 */

export interface Matrix {
  readonly rows: number;
  readonly columns: number;
  readonly values: Float64Array;
}

export function zeros(rows: number, columns: number): Matrix {
  return { rows, columns, values: new Float64Array(rows * columns) };
}

export function matrix(rows: number, columns: number, entry: (row: number, column: number) => number): Matrix {
  const made = zeros(rows, columns);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) made.values[row * columns + column] = entry(row, column);
  }
  return made;
}

export const identity = (size: number): Matrix => matrix(size, size, (row, column) => (row === column ? 1 : 0));
export const diagonal = (entries: ArrayLike<number>): Matrix => matrix(entries.length, entries.length, (row, column) => (row === column ? entries[row]! : 0));

/** `rate` is added to what is there. */
export function addAt({ columns, values }: Matrix, row: number, column: number, rate: number): void {
  values[row * columns + column]! += rate;
}

/** Four rows of the right factor at a time; where they are zero at both ends, or the left factor is, nothing is done. */
export function multiply(left: Matrix, right: Matrix): Matrix {
  const { rows, columns: inner, values: a } = left;
  const { columns, values: b } = right;
  const product = zeros(rows, columns);
  const bands = bandsOf(right);
  const whole = inner - inner % 4;
  for (let row = 0; row < rows; row++) {
    for (let k = 0; k < whole; k += 4) addFour(product.values, row * columns, { a, from: row * inner + k, b, k, columns, band: bands[k / 4]! });
    for (let k = whole; k < inner; k++) {
      const factor = a[row * inner + k]!;
      if (factor === 0) continue;
      for (let column = 0; column < columns; column++) product.values[row * columns + column]! += factor * b[k * columns + column]!;
    }
  }
  return product;
}

interface Four {
  readonly a: Float64Array;
  readonly from: number;
  readonly b: Float64Array;
  readonly k: number;
  readonly columns: number;
  readonly band: readonly [number, number];
}

function addFour(out: Float64Array, start: number, { a, from, b, k, columns, band: [first, last] }: Four): void {
  const [f0, f1, f2, f3] = [a[from]!, a[from + 1]!, a[from + 2]!, a[from + 3]!];
  if (f0 + f1 + f2 + f3 === 0) return;
  const r0 = k * columns;
  const [r1, r2, r3] = [r0 + columns, r0 + 2 * columns, r0 + 3 * columns];
  for (let column = first; column <= last; column++) {
    out[start + column]! += f0 * b[r0 + column]! + f1 * b[r1 + column]! + f2 * b[r2 + column]! + f3 * b[r3 + column]!;
  }
}

/** For each four rows the columns from the first to the last that is not zero in one of them. */
function bandsOf({ rows, columns, values }: Matrix): [number, number][] {
  return Array.from({ length: Math.floor(rows / 4) }, (_, four) => {
    let [first, last] = [columns, -1];
    for (let row = 4 * four; row < 4 * four + 4; row++) {
      for (let column = 0; column < columns; column++) {
        if (values[row * columns + column] === 0) continue;
        first = Math.min(first, column);
        last = Math.max(last, column);
      }
    }
    return [first, last];
  });
}

/** Of several matrices of one size. */
export function sum(...terms: readonly Matrix[]): Matrix {
  const total = zeros(terms[0]!.rows, terms[0]!.columns);
  for (const { values } of terms) {
    for (let index = 0; index < values.length; index++) total.values[index]! += values[index]!;
  }
  return total;
}

export function scale({ rows, columns, values }: Matrix, factor: number): Matrix {
  return { rows, columns, values: values.map((value) => value * factor) };
}

export function row({ columns, values }: Matrix, index: number): Float64Array {
  return values.subarray(index * columns, (index + 1) * columns);
}

export function rowSums({ rows, columns, values }: Matrix): Float64Array {
  const sums = new Float64Array(rows);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) sums[row]! += values[row * columns + column]!;
  }
  return sums;
}

/** A row vector times a matrix. */
export function timesMatrix(vector: Float64Array, { rows, columns, values }: Matrix): Float64Array {
  const product = new Float64Array(columns);
  for (let row = 0; row < rows; row++) {
    const factor = vector[row]!;
    if (factor === 0) continue;
    for (let column = 0; column < columns; column++) product[column]! += factor * values[row * columns + column]!;
  }
  return product;
}

/** A matrix times a column vector. */
export function timesColumn({ rows, columns, values }: Matrix, vector: Float64Array): Float64Array {
  const product = new Float64Array(rows);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) product[row]! += values[row * columns + column]! * vector[column]!;
  }
  return product;
}

export function dot(left: Float64Array, right: Float64Array): number {
  let total = 0;
  for (let index = 0; index < left.length; index++) total += left[index]! * right[index]!;
  return total;
}

export function total(vector: Float64Array): number {
  return vector.reduce((sum, value) => sum + value, 0);
}

/** With the sum 1. */
export function normalised(weights: Float64Array): Float64Array {
  const whole = total(weights);
  return weights.map((weight) => weight / whole);
}

export function largest(values: Float64Array): number {
  return values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}

/** More than it takes until the powers of any matrix no longer change. */
const squaringsMax = 200;
const smallestNormal = 2.3e-308;

/**
 * The largest eigenvalue of a matrix without negative entries: squared again and again (and scaled), its powers come to be
 * one column times one row, and do not change any more; the row is its eigenvector. Relative error about 1e-14.
 */
export function spectralRadius(of: Matrix): number {
  let power = scaled(of);
  for (let squarings = 0; squarings < squaringsMax; squarings++) {
    if (power === undefined) return 0;
    const next: Matrix | undefined = scaled(multiply(power, power));
    const isSettled = next !== undefined && power.values.every((value, index) => Math.abs(value - next.values[index]!) < 1e-14);
    power = next;
    if (isSettled) break;
  }
  const eigenvector = timesMatrix(new Float64Array(of.rows).fill(1), power!);
  return total(timesMatrix(eigenvector, of)) / total(eigenvector);
}

/** With a largest entry of 1; undefined for nothing but zeros. */
function scaled(of: Matrix): Matrix | undefined {
  const most = largest(of.values);
  return most < smallestNormal ? undefined : scale(of, 1 / most);
}
