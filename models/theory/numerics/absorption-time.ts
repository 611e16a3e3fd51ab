/**
 * The tail of a time that is told by a chain which is left in the end: P(time > t) is what the chain, begun by a law, is worth
 * at t, each state having its worth and the outside none. Powers of the chain are squared, and what has left is kept beside
 * what stays, so that small rates out are exact even after 10⁹ steps.
 */
import { dot, type Matrix, matrix, multiply, timesColumn } from './matrix.ts';
import { rootBetween } from './roots.ts';

interface AbsorptionTime {
  readonly start: Float64Array;
  /** Between different states; the diagonal is ignored. */
  readonly rates: Matrix;
  readonly exits: Float64Array;
  readonly worths: Float64Array;
}

/** Terms of the series over one step, which has about one event: the next would be below 1e-18 of the sum. */
const terms = 22;

/** Relative error about 1e-13. */
export class AbsorptionTail {
  readonly #start: Float64Array;
  /** With the outside as the last state. */
  readonly #worths: Float64Array;
  readonly #jumps: Matrix;
  readonly #fastest: number;
  /** By 1, 2, 4, … steps of 1 / fastest. */
  readonly #powers: Matrix[] = [];

  constructor({ start, rates, exits, worths }: AbsorptionTime) {
    const outside = start.length;
    const size = outside + 1;
    const rate = (from: number, to: number) => (from === outside || from === to ? 0 : to === outside ? exits[from]! : rates.values[from * outside + to]!);
    const outflow = Float64Array.from({ length: size }, (_, from) => Array.from({ length: size }, (_, to) => rate(from, to)).reduce((sum, each) => sum + each, 0));
    const fastest = outflow.reduce((most, each) => Math.max(most, each), 0);
    this.#fastest = fastest;
    this.#jumps = matrix(size, size, (from, to) => (from === to ? 1 - outflow[from]! / fastest : rate(from, to) / fastest));
    this.#start = Float64Array.from([...start, 0]);
    this.#worths = Float64Array.from([...worths, 0]);
  }

  tail(t: number): number {
    const steps = t * this.#fastest;
    let left = Math.floor(steps);
    let worths = this.#worths;
    for (let k = 0; left >= 1 && dot(this.#start, worths) > 0; k++) {
      if (left % 2 === 1) worths = timesColumn(this.#power(k), worths);
      left = Math.floor(left / 2);
    }
    return this.#within(worths)(steps - Math.floor(steps));
  }

  /** The least t with P(time > t) ≤ 1 − p: by as many steps as stay above it, the largest powers of two first, then within one step. */
  quantile(p: number): number {
    const wanted = 1 - p;
    const isAbove = (worths: Float64Array) => dot(this.#start, worths) > wanted;
    if (!isAbove(this.#worths)) return 0;
    let k = 0;
    let stride = 1;
    for (; isAbove(timesColumn(this.#power(k), this.#worths)); k++) stride *= 2;
    let worths = this.#worths;
    let steps = 0;
    while (k-- > 0) {
      stride /= 2;
      const later = timesColumn(this.#power(k), worths);
      if (!isAbove(later)) continue;
      worths = later;
      steps += stride;
    }
    const within = this.#within(worths);
    return (steps + rootBetween((part) => within(part) - wanted, 0, 1)) / this.#fastest;
  }

  #power(k: number): Matrix {
    while (this.#powers.length <= k) {
      const last = this.#powers.at(-1);
      this.#powers.push(wholeRows(last === undefined ? this.#oneStep() : multiply(last, last)));
    }
    return this.#powers[k]!;
  }

  /** e^{−1} Σ jumpsʲ / j! */
  #oneStep(): Matrix {
    const { rows, columns } = this.#jumps;
    let power = matrix(rows, columns, (from, to) => (from === to ? Math.exp(-1) : 0));
    const sum = Float64Array.from(power.values);
    for (let j = 1; j < terms; j++) {
      power = multiply(power, this.#jumps);
      for (let index = 0; index < sum.length; index++) sum[index]! += power.values[index]! /= j;
    }
    return { rows, columns, values: sum };
  }

  /** The tail after a part of a step more, from what each state is worth then. */
  #within(worths: Float64Array): (part: number) => number {
    const values: number[] = [];
    let later = worths;
    for (let j = 0; j < terms; j++) {
      values.push(dot(this.#start, later));
      later = timesColumn(this.#jumps, later);
    }
    return (part) => {
      let sum = 0;
      let weight = Math.exp(-part);
      values.forEach((value, j) => {
        sum += weight * value;
        weight *= part / (j + 1);
      });
      return sum;
    };
  }
}

/** Rows that sum to one again: rounding would move the small share that leaves. */
function wholeRows({ rows, columns, values }: Matrix): Matrix {
  for (let row = 0; row < rows; row++) {
    const line = values.subarray(row * columns, (row + 1) * columns);
    const whole = line.reduce((sum, value) => sum + value, 0);
    line.forEach((value, column) => { line[column] = value / whole; });
  }
  return { rows, columns, values };
}
