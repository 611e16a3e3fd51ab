/** A continuous chain looked at at the moments of a Poisson process: the discrete chain of uniformisation, I + Q/Λ. */
import { outflow, type Table } from './chain.ts';

/** Only what is not zero is kept, row by row. */
export class JumpChain {
  readonly size: number;
  /** How many entries are not zero. */
  readonly entries: number;
  readonly #begins: Int32Array;
  readonly #targets: Int32Array;
  readonly #probabilities: Float64Array;

  /** `jumpRate` is above every rate at which a state is left, so that each state may stay. */
  constructor(rates: Table, jumpRate: number) {
    this.size = rates.length;
    const targets: number[] = [];
    const probabilities: number[] = [];
    this.#begins = new Int32Array(rates.length + 1);
    rates.forEach((row, from) => {
      row.forEach((rate, to) => {
        if (to !== from && rate === 0) return;
        targets.push(to);
        probabilities.push((to === from ? jumpRate - outflow(row, from) : rate) / jumpRate);
      });
      this.#begins[from + 1] = targets.length;
    });
    this.entries = targets.length;
    this.#targets = Int32Array.from(targets);
    this.#probabilities = Float64Array.from(probabilities);
  }

  /** The distribution after one jump more. */
  after(distribution: Float64Array): Float64Array {
    const [begins, targets, probabilities] = [this.#begins, this.#targets, this.#probabilities];
    const next = new Float64Array(this.size);
    for (let from = 0; from < this.size; from++) {
      const mass = distribution[from]!;
      if (mass === 0) continue;
      const end = begins[from + 1]!;
      for (let entry = begins[from]!; entry < end; entry++) next[targets[entry]!]! += mass * probabilities[entry]!;
    }
    return next;
  }
}
