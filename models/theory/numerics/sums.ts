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

/** The sum of the last values of a sequence, by additions alone: nothing is subtracted when a value leaves. */
export class SlidingSum {
  private readonly block: Float64Array;
  /** Of the block before this one: sums from a place to its end. */
  private readonly rests: Float64Array;
  private filled = 0;
  private head = 0;

  constructor(length: number) {
    this.block = new Float64Array(length);
    this.rests = new Float64Array(length + 1);
  }

  /** Takes a value; the sum of it and those before it within the length. */
  next(value: number): number {
    this.block[this.filled++] = value;
    this.head += value;
    const sum = this.head + this.rests[this.filled]!;
    if (this.filled === this.block.length) this.turn();
    return sum;
  }

  /** As if all values had been multiplied. */
  scale(factor: number): void {
    this.head *= factor;
    for (let i = 0; i < this.filled; i++) this.block[i]! *= factor;
    for (let i = 0; i < this.rests.length; i++) this.rests[i]! *= factor;
  }

  private turn(): void {
    for (let i = this.block.length - 1; i >= 0; i--) this.rests[i] = this.rests[i + 1]! + this.block[i]!;
    this.filled = 0;
    this.head = 0;
  }
}
