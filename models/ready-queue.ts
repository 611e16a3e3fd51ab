/**
 * Copies that wait for a consumer: a line for each priority, the highest first, each in the order of arrival. Lists are
 * threaded through the copies' own columns, so taking one from the middle (it expired) costs no search.
 */
import type { Bytes } from '../sim/units.ts';
import { type Copies, type CopyId, none } from './message.ts';

export type RequeuePosition = 'original' | 'head' | 'tail';

export class ReadyQueue {
  size = 0;
  bytes: Bytes = 0;
  private readonly firsts: Int32Array;
  private readonly tails: Int32Array;
  private readonly levels: number;
  private readonly copies: Copies;

  constructor(copies: Copies, levels: number) {
    this.copies = copies;
    this.levels = levels;
    this.firsts = new Int32Array(levels).fill(none);
    this.tails = new Int32Array(levels).fill(none);
  }

  /** Adds a new copy at the tail of its priority. */
  add(copy: CopyId): void {
    const level = this.levelOf(copy);
    this.link(copy, level, this.tails[level]!, none);
  }

  /** Takes back a copy that was delivered. */
  giveBack(copy: CopyId, position: RequeuePosition): void {
    const level = this.levelOf(copy);
    if (position === 'tail') this.link(copy, level, this.tails[level]!, none);
    else if (position === 'head') this.link(copy, level, none, this.firsts[level]!);
    else this.insertInOrder(copy, level);
  }

  /** The copy to deliver next; `none` when the queue is empty. */
  first(): CopyId | typeof none {
    for (let level = this.levels - 1; level > 0; level--) if (this.firsts[level] !== none) return this.firsts[level] as CopyId;
    return this.firsts[0] as CopyId | typeof none;
  }

  /** The first of each level, `none` where there is none; the lowest level first. */
  heads(): Readonly<Int32Array> {
    return this.firsts;
  }

  remove(copy: CopyId): void {
    const level = this.levelOf(copy);
    const next = this.copies.next[copy]!;
    const previous = this.copies.previous[copy]!;
    if (previous === none) this.firsts[level] = next;
    else this.copies.next[previous] = next;
    if (next === none) this.tails[level] = previous;
    else this.copies.previous[next] = previous;
    this.size--;
    this.bytes -= this.copies.size[copy]!;
  }

  /** All copies, in the order in which they would be delivered. */
  all(): CopyId[] {
    const all: CopyId[] = [];
    for (let level = this.levels - 1; level >= 0; level--) {
      for (let copy = this.firsts[level]!; copy !== none; copy = this.copies.next[copy]!) all.push(copy as CopyId);
    }
    return all;
  }

  private levelOf(copy: CopyId): number {
    const priority = this.copies.priority[copy]!;
    return priority < this.levels ? priority : this.levels - 1;
  }

  /** What comes back is older than nearly all that waits: its place is searched from the head. */
  private insertInOrder(copy: CopyId, level: number): void {
    const { position, next } = this.copies;
    let after: number = none;
    let before = this.firsts[level]!;
    while (before !== none && position[before]! < position[copy]!) {
      after = before;
      before = next[before]!;
    }
    this.link(copy, level, after, before);
  }

  private link(copy: CopyId, level: number, after: number, before: number): void {
    this.copies.previous[copy] = after;
    this.copies.next[copy] = before;
    if (after === none) this.firsts[level] = copy;
    else this.copies.next[after] = copy;
    if (before === none) this.tails[level] = copy;
    else this.copies.previous[before] = copy;
    this.size++;
    this.bytes += this.copies.size[copy]!;
  }
}
