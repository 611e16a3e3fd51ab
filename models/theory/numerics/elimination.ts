/**
 * Elimination without a subtraction [Grassmann, Taksar & Heyman 1985; O'Cinneide 1993]. A chain of states is given by the
 * rates between different states and, for each state, the rate at which it leaves all of them (its exit). The diagonal is
 * never used: it is the sum of the others, so it is summed afresh at each step. Every number is a sum of products of
 * numbers that are zero or above, so each entry of a result keeps its relative accuracy (a few units of 1e-16 per state),
 * however many decades lie between the rates, and however rare the exits are.
 */
import { type Matrix, multiply, rowSums, sum, timesColumn, zeros } from './matrix.ts';

/** More states than this are taken in two halves: products of matrices are quicker than states one by one. */
const oneByOneMax = 40;

/**
 * The times that a chain, from each state, spends in each state before it leaves them all: the inverse of the matrix that has
 * outflow and exit on its diagonal and, with a minus, `rates` beside it. From each state there must be a way out.
 */
export function timesSpent(rates: Matrix, exits: ArrayLike<number>): Matrix {
  return rates.rows > oneByOneMax ? byHalves(rates, exits) : oneByOne(rates, exits);
}

/** To leave the first half is to exit or to enter the second; while the second is watched alone, the first is an excursion. */
function byHalves(rates: Matrix, exits: ArrayLike<number>): Matrix {
  const size = rates.rows;
  const half = Math.floor(size / 2);
  const [firsts, seconds] = [[0, half], [half, size]] as const;
  const exitsOf = ([from, to]: readonly [number, number]) => Float64Array.from({ length: to - from }, (_, state) => exits[from + state]!);
  const across = part(rates, firsts, seconds);
  const before = timesSpent(part(rates, firsts, firsts), plus(exitsOf(firsts), rowSums(across)));
  const entered = multiply(before, across);
  const back = multiply(part(rates, seconds, firsts), before);
  const excursions = multiply(part(rates, seconds, firsts), entered);
  const after = timesSpent(sum(part(rates, seconds, seconds), excursions), plus(exitsOf(seconds), timesColumn(back, exitsOf(firsts))));
  const returned = multiply(after, back);
  const times = zeros(size, size);
  put(times, sum(before, multiply(entered, returned)), 0, 0);
  put(times, multiply(entered, after), 0, half);
  put(times, returned, half, 0);
  put(times, after, half, half);
  return times;
}

function part({ columns, values }: Matrix, [top, bottom]: readonly [number, number], [left, right]: readonly [number, number]): Matrix {
  const cut = zeros(bottom - top, right - left);
  for (let row = top; row < bottom; row++) cut.values.set(values.subarray(row * columns + left, row * columns + right), (row - top) * cut.columns);
  return cut;
}

function put(into: Matrix, piece: Matrix, top: number, left: number): void {
  for (let row = 0; row < piece.rows; row++) into.values.set(piece.values.subarray(row * piece.columns, (row + 1) * piece.columns), (top + row) * into.columns + left);
}

function plus(left: Float64Array, right: Float64Array): Float64Array {
  return left.map((value, index) => value + right[index]!);
}

function oneByOne(rates: Matrix, exits: ArrayLike<number>): Matrix {
  const size = rates.rows;
  const work = Float64Array.from(rates.values);
  const leaving = Float64Array.from(exits);
  for (let k = 0; k < size; k++) {
    let pivot = leaving[k]!;
    for (let column = k + 1; column < size; column++) pivot += work[k * size + column]!;
    work[k * size + k] = 1;
    for (let column = 0; column < size; column++) work[k * size + column]! /= pivot;
    leaving[k]! /= pivot;
    for (let row = 0; row < size; row++) {
      if (row !== k) takeOut({ work, leaving, size }, row, k);
    }
  }
  return { rows: size, columns: size, values: work };
}

/** What a state does by way of state k it does at once: columns up to k hold times, those beyond hold rates that are left. */
function takeOut({ work, leaving, size }: { work: Float64Array; leaving: Float64Array; size: number }, row: number, k: number): void {
  const start = row * size;
  const source = k * size;
  const rate = work[start + k]!;
  if (rate === 0) return;
  work[start + k] = 0;
  if (row > k) leaving[row]! += rate * leaving[k]!;
  for (let column = 0; column < size; column++) work[start + column]! += rate * work[source + column]!;
}

const huge = 1e200;

/**
 * The stationary vector of a chain with one closed class, up to a factor; states outside the class have weight zero, and so
 * has what is 400 decades below the rest. States go from the last to the first, each leaving the others what it did; one that
 * leads to none before it is the first of the class.
 */
export function stationary(rates: Matrix): Float64Array {
  const size = rates.rows;
  const work = Float64Array.from(rates.values);
  let first = 0;
  for (let k = size - 1; k > 0; k--) {
    let leaving = 0;
    for (let column = 0; column < k; column++) leaving += work[k * size + column]!;
    if (leaving === 0) {
      first = k;
      break;
    }
    for (let row = 0; row < k; row++) {
      const share = work[row * size + k]! / leaving;
      work[row * size + k] = share;
      if (share === 0) continue;
      for (let column = 0; column < k; column++) work[row * size + column]! += share * work[k * size + column]!;
    }
  }
  const weights = new Float64Array(size);
  weights[first] = 1;
  for (let k = first + 1; k < size; k++) {
    for (let row = first; row < k; row++) weights[k]! += weights[row]! * work[row * size + k]!;
    if (weights[k]! > huge) for (let each = first; each <= k; each++) weights[each]! /= huge;
  }
  return weights;
}
