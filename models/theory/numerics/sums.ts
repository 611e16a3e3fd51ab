/** Sums whose rounding error does not grow with the number of terms. Source: A. Neumaier, ZAMM 54 (1974) 39. */

/** The sum of numbers in any order and of any sign, as if it had been added in twice the digits. */
export function sumOf(values: Iterable<number>): number {
  const sum = new CompensatedSum();
  for (const value of values) sum.add(value);
  return sum.value;
}

export class CompensatedSum {
  private total = 0;
  private lost = 0;

  add(value: number): void {
    const next = this.total + value;
    // What the smaller of the two lost when it was added is known exactly.
    if (Number.isFinite(next)) this.lost += Math.abs(this.total) >= Math.abs(value) ? this.total - next + value : value - next + this.total;
    this.total = next;
  }

  get value(): number {
    return this.total + this.lost;
  }
}
