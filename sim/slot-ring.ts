/**
 * A first-in first-out ring of event slots, from whose middle a slot can be taken in constant time.
 *
 * The ring writes where it put a slot into the slot's own integers, as -2 - index (so that it cannot be mistaken for a
 * place in the heap). A slot taken out leaves a gap, which is passed over at the front; when gaps outnumber the
 * slots the ring is packed, so its length follows what is alive.
 */
/** Where among the eight integers of a slot its place is written. */
export const whereColumn = 4;

export class SlotRing {
  private entries = new Int32Array(16);
  private mask = 15;
  private head = 0;
  private length = 0;
  private gaps = 0;

  /** Slots in the ring; gaps do not count. */
  get size(): number {
    return this.length - this.gaps;
  }

  push(slot: number, ints: Int32Array): void {
    if (this.length > this.mask) this.repack((this.mask + 1) * 2, ints);
    const index = (this.head + this.length++) & this.mask;
    this.entries[index] = slot;
    ints[8 * slot + whereColumn] = -2 - index;
  }

  /** The oldest slot; there must be one. */
  first(): number {
    return this.entries[this.head]!;
  }

  shift(): number {
    const slot = this.entries[this.head]!;
    this.head = (this.head + 1) & this.mask;
    this.length--;
    if (this.gaps > 0) this.passGaps();
    return slot;
  }

  /** Takes out a slot anywhere in the ring. */
  remove(slot: number, ints: Int32Array): void {
    this.entries[-2 - ints[8 * slot + whereColumn]!] = gap;
    this.gaps++;
    this.passGaps();
    if (this.gaps > 64 && this.gaps * 2 > this.length) this.repack(this.mask + 1, ints);
  }

  private passGaps(): void {
    while (this.gaps > 0 && this.entries[this.head] === gap) {
      this.head = (this.head + 1) & this.mask;
      this.length--;
      this.gaps--;
    }
  }

  private repack(capacity: number, ints: Int32Array): void {
    const packed = new Int32Array(capacity);
    let count = 0;
    for (let offset = 0; offset < this.length; offset++) {
      const slot = this.entries[(this.head + offset) & this.mask]!;
      if (slot === gap) continue;
      // The head of a lane is in the heap too, and its place there is the one to keep.
      if (ints[8 * slot + whereColumn]! < 0) ints[8 * slot + whereColumn] = -2 - count;
      packed[count++] = slot;
    }
    this.entries = packed;
    this.mask = capacity - 1;
    this.head = 0;
    this.length = count;
    this.gaps = 0;
  }
}

const gap = -1;
