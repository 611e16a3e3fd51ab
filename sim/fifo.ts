/** A first-in first-out line of small integers that grows. */
export class Fifo {
  private entries = new Int32Array(16);
  private head = 0;
  size = 0;

  push(entry: number): void {
    if (this.size === this.entries.length) this.grow();
    this.entries[(this.head + this.size++) & (this.entries.length - 1)] = entry;
  }

  /** The oldest entry; there must be one. */
  first(): number {
    return this.entries[this.head]!;
  }

  shift(): number {
    const entry = this.entries[this.head]!;
    this.head = (this.head + 1) & (this.entries.length - 1);
    this.size--;
    return entry;
  }

  /** All entries, oldest first; they stay. */
  all(): number[] {
    return Array.from({ length: this.size }, (_, index) => this.entries[(this.head + index) & (this.entries.length - 1)]!);
  }

  /** All entries, oldest first; the line is empty then. */
  drain(): number[] {
    const all: number[] = [];
    while (this.size > 0) all.push(this.shift());
    return all;
  }

  private grow(): void {
    const longer = new Int32Array(this.entries.length * 2);
    for (let index = 0; index < this.size; index++) longer[index] = this.entries[(this.head + index) & (this.entries.length - 1)]!;
    this.entries = longer;
    this.head = 0;
  }
}
