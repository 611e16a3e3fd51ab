/**
 * Elimination of the states of a Markov chain one after another, without a single subtraction: W. Grassmann, M. Taksar and
 * D. Heyman, Oper. Res. 33 (1985) 1107. When a state goes, what led into it is handed on to where it leads, and the rate
 * out of a state is always the sum of the rates to what is left. So every number keeps its relative accuracy, whether rates
 * differ by a factor of ten or by twelve decades (C. O'Cinneide, Numer. Math. 65 (1993) 109).
 */
import type { Table } from './chain.ts';
import { normalised } from './uniformisation.ts';

/** The matrix −T of some states: the rates between them, and the rates by which each leaves them all. */
export class Elimination {
  readonly states: readonly number[];
  /** Row by row. Column k above the diagonal and row k before it are as they were when k went. */
  readonly #entries: Float64Array;
  /** The rate out of each state when it went. */
  readonly #outflows: Float64Array;

  constructor(table: Table, states: readonly number[]) {
    this.states = states;
    const size = states.length;
    const isInside = new Uint8Array(table.length);
    for (const state of states) isInside[state] = 1;
    this.#entries = new Float64Array(size * size);
    this.#outflows = new Float64Array(size);
    const exits = new Float64Array(size);
    states.forEach((from, row) => {
      states.forEach((to, column) => { this.#entries[row * size + column] = table[from]![to]!; });
      table[from]!.forEach((value, to) => { if (isInside[to] === 0) exits[row]! += value; });
    });
    for (let k = size - 1; k >= 0; k--) this.#remove(k, exits);
  }

  #remove(k: number, exits: Float64Array): void {
    const size = this.states.length;
    const entries = this.#entries;
    let outflow = exits[k]!;
    for (let j = 0; j < k; j++) outflow += entries[k * size + j]!;
    this.#outflows[k] = outflow;
    for (let i = 0; i < k; i++) {
      const into = entries[i * size + k]!;
      if (into === 0) continue;
      const share = into / outflow;
      for (let j = 0; j < k; j++) entries[i * size + j]! += share * entries[k * size + j]!;
      exits[i]! += share * exits[k]!;
    }
  }

  /** x with −T x = b, for b ≥ 0: what is earned until the states are left, from each of them, at the rates b. */
  solve(rewards: ArrayLike<number>): Float64Array {
    const size = this.states.length;
    const solution = Float64Array.from(rewards);
    for (let k = size - 1; k >= 0; k--) {
      const share = solution[k]! / this.#outflows[k]!;
      for (let i = 0; i < k; i++) solution[i]! += this.#entries[i * size + k]! * share;
    }
    for (let k = 0; k < size; k++) {
      let sum = solution[k]!;
      for (let j = 0; j < k; j++) sum += this.#entries[k * size + j]! * solution[j]!;
      solution[k] = sum / this.#outflows[k]!;
    }
    return solution;
  }

  /** x with x(−T) = s, for s ≥ 0: the time spent in each state until all are left, for starts distributed as s. */
  solveLeft(start: ArrayLike<number>): Float64Array {
    const size = this.states.length;
    const masses = Float64Array.from(start);
    for (let k = size - 1; k >= 0; k--) {
      const share = masses[k]! / this.#outflows[k]!;
      for (let j = 0; j < k; j++) masses[j]! += this.#entries[k * size + j]! * share;
    }
    masses[0]! /= this.#outflows[0]!;
    for (let k = 1; k < size; k++) masses[k] = this.#inflow(k, masses) / this.#outflows[k]!;
    return masses;
  }

  /** The stationary distribution of states that are never left: they are a closed class. */
  stationary(): Float64Array {
    const size = this.states.length;
    const weights = new Float64Array(size);
    weights[0] = 1;
    for (let k = 1; k < size; k++) {
      weights[k] = this.#inflow(k, weights) / this.#outflows[k]!;
      if (weights[k]! > weightMax) for (let i = 0; i <= k; i++) weights[i]! /= weightMax;
    }
    return normalised(weights);
  }

  /** The mass of a state and what those before it hand on to it. */
  #inflow(k: number, masses: Float64Array): number {
    const size = this.states.length;
    let sum = masses[k]!;
    for (let i = 0; i < k; i++) sum += masses[i]! * this.#entries[i * size + k]!;
    return sum;
  }
}

/** Beyond it weights are scaled down: what becomes zero then has a probability that no number can hold. */
const weightMax = 1e250;
