/** How many times longer something takes now: a product of factors that come and go. */
export class Slowness {
  factor = 1;

  slow(factor: number): void {
    this.factor *= factor;
  }

  /** Turns `slow` back; exact, since a product of factors would leave a rest. */
  unslow(factor: number): void {
    const left = this.factor / factor;
    this.factor = Math.abs(left - 1) < 1e-9 ? 1 : left;
  }
}
