/**
 * A store of individuals of one kind: an id is an index into typed-array columns, and ids are used again.
 * Whoever keeps an id holds it; the last to let go frees it, so memory follows what is alive.
 */
import { assert, LimitReached } from './assert.ts';

type Column = Int32Array | Float64Array | Uint8Array;

export abstract class SlotStore<Identity extends number> {
  private holds = new Int32Array(64);
  private free = new Int32Array(64);
  private freeCount = 0;
  private used = 0;
  private readonly what: string;
  private readonly limit: number;

  /** @param limit individuals alive at once; more end the run with that reason */
  constructor(what: string, limit = 4_194_304) {
    this.what = what;
    this.limit = limit;
  }

  /** Individuals alive. */
  get alive(): number {
    return this.used - this.freeCount;
  }

  /** Ids were below this so far. */
  get bound(): number {
    return this.used;
  }

  isAlive(id: Identity): boolean {
    return this.holds[id]! > 0;
  }

  hold(id: Identity): void {
    this.holds[id]!++;
  }

  /** True when that was the last hold: the id is free and means nothing any more. */
  release(id: Identity): boolean {
    const left = --this.holds[id]!;
    if (left > 0) return false;
    assert(left === 0, `a ${this.what} is let go that nobody held`);
    this.freed(id);
    this.free[this.freeCount++] = id;
    return true;
  }

  /** Ids alive, ascending. */
  *ids(): IterableIterator<Identity> {
    for (let id = 0; id < this.used; id++) if (this.holds[id]! > 0) yield id as Identity;
  }

  /** An id with one hold; its columns still say what they said of the one before. */
  protected take(): Identity {
    if (this.freeCount === 0 && this.used === this.holds.length) this.lengthen();
    const id = this.freeCount > 0 ? this.free[--this.freeCount]! : this.used++;
    this.holds[id] = 1;
    return id as Identity;
  }

  /** The last hold is gone; the columns can still be read. */
  protected abstract freed(id: Identity): void;

  /** Lengthens every column of the subclass to `length`. */
  protected abstract grow(length: number): void;

  private lengthen(): void {
    const length = this.holds.length * 2;
    if (length > this.limit) throw new LimitReached(`more than ${this.limit} of a kind (${this.what}) are alive at once`);
    this.holds = longer(this.holds, length);
    this.free = longer(this.free, length);
    this.grow(length);
  }
}

/** A column's length with room for that id: a power of two. */
export function lengthFor(id: number): number {
  let length = 64;
  while (length <= id) length *= 2;
  return length;
}

/** The same column with room for more. */
export function longer<C extends Column>(column: C, length: number): C {
  const copy = new (column.constructor as new (length: number) => C)(length);
  copy.set(column);
  return copy;
}
