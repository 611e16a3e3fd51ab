/** A mirror of a classic queue, as a process on its node: what it has, and what of that is on its disk. */
import type { CopyId } from '../../../message.ts';
import type { NodeId } from '../../../node.ts';

export class Mirror {
  readonly node: NodeId;
  /** It is a member: the leader tells it everything from then on. */
  isIn = false;
  /** Members are promoted in the order in which they joined. */
  rank = 0;
  readonly has = new Set<CopyId>();
  /** What was in the queue before it joined: it is synchronised when nothing is left of that. */
  readonly lacks = new Set<CopyId>();
  /** Persistent copies that came and are not on its disk, oldest first; so many of them are part of the flush under way. */
  unflushed: CopyId[] = [];
  covered = 0;

  constructor(node: NodeId) {
    this.node = node;
  }

  get isSynchronised(): boolean {
    return this.lacks.size === 0;
  }

  isOnDisk(copy: CopyId): boolean {
    return this.has.has(copy) && !this.unflushed.includes(copy);
  }

  /** What a synchronisation is about to bring does not count before that is over. */
  add(copy: CopyId): void {
    if (!this.lacks.has(copy)) this.has.add(copy);
  }

  /** It is to be synchronised, and begins with nothing (rabbit_mirror_queue_sync `slave`). */
  drop(all: Iterable<CopyId>): void {
    this.has.clear();
    for (const copy of all) this.lacks.add(copy);
  }

  /** It has all that it lacked. */
  catchUp(): void {
    for (const copy of this.lacks) this.has.add(copy);
    this.lacks.clear();
  }

  join(rank: number, before: Iterable<CopyId>): void {
    this.isIn = true;
    this.rank = rank;
    for (const copy of before) this.lacks.add(copy);
  }

  /** @returns copies that it would have confirmed after a flush */
  leave(): CopyId[] {
    this.isIn = false;
    this.has.clear();
    this.lacks.clear();
    this.covered = 0;
    const { unflushed } = this;
    this.unflushed = [];
    return unflushed;
  }

  forget(copy: CopyId): void {
    this.has.delete(copy);
    this.lacks.delete(copy);
  }
}
