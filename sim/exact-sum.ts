/**
 * A sum of whole numbers without rounding, for balances that must hold to the last nanosecond.
 *
 * What fits a double stays in one; the rare rest overflows into a big integer.
 */
export class ExactSum {
  private small = 0;
  private large = 0n;

  /** @param x a whole number of magnitude up to 2^53 */
  add(x: number): void {
    const sum = this.small + x;
    if (isExact(sum)) this.small = sum;
    else this.spill(BigInt(x));
  }

  /** Adds count × duration, both whole numbers of magnitude up to 2^53. */
  addProduct(count: number, duration: number): void {
    const product = count * duration;
    if (isExact(product)) this.add(product);
    else this.spill(BigInt(count) * BigInt(duration));
  }

  equals(other: ExactSum): boolean {
    return this.exact() === other.exact();
  }

  /** The nearest double. */
  get value(): number {
    return Number(this.exact());
  }

  toString(): string {
    return this.exact().toString();
  }

  private spill(x: bigint): void {
    this.large += BigInt(this.small) + x;
    this.small = 0;
  }

  private exact(): bigint {
    return this.large + BigInt(this.small);
  }
}

/** Rounding never brings a larger number down to this one: 2^53 would not do. */
function isExact(result: number): boolean {
  return result <= Number.MAX_SAFE_INTEGER && result >= -Number.MAX_SAFE_INTEGER;
}
