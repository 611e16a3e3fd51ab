/**
 * What of a classic queue is on disk: an entry for each persistent message stored and for each removed, buffered by the queue's
 * process until it flushes.
 *
 * While somebody waits for a confirm, the process flushes as soon as its mailbox is empty, and at the latest 200 ms after it
 * began to wait; all that it had taken in by then shares the flush. Without confirms v1 flushes when nothing came for 200 ms,
 * v2 when the process goes to sleep after a second; both when the buffer is full. v1 writes and syncs, v2 only writes: the
 * operating system writes back what is older than 30 s, every 5 s (Linux), and nothing of RabbitMQ's bounds that.
 *
 * Sources: rabbit_queue_index, rabbit_variable_queue and rabbit_amqqueue_process at 3.10.8 and 3.13.7,
 * rabbit_classic_queue_index_v2 and rabbit_classic_queue_store_v2 at 4.2.9; recorded at 3.10.8.
 */
import { Fifo } from '../../../sim/fifo.ts';
import type { Nanos } from '../../../sim/units.ts';
import type { CopyId } from '../../message.ts';
import type { CrashScope } from '../../node.ts';
import type { World } from '../../world.ts';
import type { RabbitCopies } from './copies.ts';
import { writtenBackAt } from './page-cache.ts';

/** `SYNC_INTERVAL`; how long v2 is idle before it hibernates; entries after which the buffer is flushed. */
export const flushLatest: Nanos = 200e6;
const idleBeforeFlush = { 1: 200e6, 2: 1e9 } as const;
const bufferMax = { 1: 32_768, 2: 4096 } as const;

export class Journal {
  /** Entries made, and those flushed. */
  private made = 0;
  private flushed = 0;
  /** Entries that the flush under way covers; 0 when there is none. */
  private covered = 0;
  /** Copies whose publisher waits for the flush, and copies whose removal is not on disk for good: in the order of the journal. */
  private readonly awaited = new Fifo();
  private readonly removals = new Fifo();
  private waitingSince: Nanos = Infinity;
  private readonly world: World;
  private readonly copies: RabbitCopies;
  private readonly version: 1 | 2;
  /** Bodies are synced before they count as written. */
  private readonly syncsBodies: boolean;

  constructor(world: World, copies: RabbitCopies, version: 1 | 2, syncsBodies: boolean) {
    this.world = world;
    this.copies = copies;
    this.version = version;
    this.syncsBodies = syncsBodies;
  }

  get isDirty(): boolean {
    return this.made > this.flushed;
  }

  get idleFlushAfter(): Nanos {
    return idleBeforeFlush[this.version];
  }

  store(copy: CopyId): void {
    this.copies.stored[copy] = ++this.made;
  }

  /** Somebody waits for that copy to be flushed. */
  await(copy: CopyId): void {
    this.awaited.push(copy);
    this.world.copies.hold(copy);
    if (this.waitingSince === Infinity) this.waitingSince = this.world.sim.now;
  }

  get isAwaited(): boolean {
    return this.awaited.size > 0;
  }

  /** The copy is gone; it is remembered until nothing can bring it back. */
  remove(copy: CopyId): void {
    this.copies.removed[copy] = ++this.made;
    this.copies.removedAt[copy] = this.world.sim.now;
    this.removals.push(copy);
    this.forgetRemovals();
  }

  /** Whether a flush is due now that the process has a moment, or, with `isBusy`, although it has none. */
  mustFlush(isBusy: boolean): boolean {
    if (!this.isDirty && this.awaited.size === 0) return false;
    if (this.made - this.flushed >= bufferMax[this.version]) return true;
    if (this.awaited.size === 0) return false;
    return !isBusy || this.world.sim.now - this.waitingSince >= flushLatest;
  }

  beginFlush(): void {
    this.covered = this.made;
    this.waitingSince = Infinity;
  }

  /** @returns copies whose journal entry is flushed now and whose publisher waits */
  endFlush(): CopyId[] {
    const { sim, copies } = this.world;
    this.flushed = this.covered;
    const done: CopyId[] = [];
    while (this.awaited.size > 0 && this.copies.stored[this.awaited.first()]! <= this.flushed) {
      const copy = this.awaited.shift() as CopyId;
      done.push(copy);
      copies.release(copy);
    }
    if (this.awaited.size > 0 && this.waitingSince === Infinity) this.waitingSince = sim.now;
    this.forgetRemovals();
    return done;
  }

  isFlushed(copy: CopyId): boolean {
    return this.copies.stored[copy]! > 0 && this.copies.stored[copy]! <= this.flushed;
  }

  /** A crash of that scope now would leave it on disk. */
  survives(copy: CopyId, scope: CrashScope): boolean {
    if (scope === 'disk') return false;
    if (!this.isFlushed(copy) || this.copies.bodyWritten[copy] === 0) return false;
    if (scope !== 'host' || (this.version === 1 && (this.copies.isLarge[copy] === 0 || this.syncsBodies))) return true;
    return this.isWrittenBack(this.world.copies.storedAt[copy]!);
  }

  /** Only in memory by intention; not written yet; written, and not by the kernel to the disk. */
  whyLost(copy: CopyId): string {
    if (this.copies.persistent[copy] === 0) return 'transient';
    return this.isFlushed(copy) && this.copies.bodyWritten[copy] === 1 ? 'unsynced' : 'unflushed';
  }

  /** The process ends in order, and writes what it buffered (rabbit_queue_index and rabbit_classic_queue_index_v2, `terminate`). */
  closed(): void {
    this.flushed = this.made;
  }

  /** The process is gone. @returns copies whose removal was not on disk and that are there again, the last removed first */
  crashed(scope: CrashScope): CopyId[] {
    const { copies } = this.world;
    for (const copy of this.awaited.drain()) copies.release(copy as CopyId);
    this.waitingSince = Infinity;
    const undone: CopyId[] = [];
    for (const copy of this.removals.drain().reverse() as CopyId[]) {
      if (!this.isRemovedForGood(copy, scope) && this.survives(copy, scope)) undone.push(copy);
      else copies.release(copy);
    }
    this.made = this.flushed;
    this.covered = 0;
    return undone;
  }

  /** Copies that were acknowledged or dead-lettered, and that a crash of that scope now would bring back. */
  removedInVain(scope: CrashScope): CopyId[] {
    const { buckets } = this.world.ledger;
    const isUndone = (copy: CopyId): boolean => !this.isRemovedForGood(copy, scope) && this.survives(copy, scope);
    return this.removals.all().filter((copy) => isUndone(copy as CopyId) && ['acknowledged', 'deadLettered'].includes(buckets.of(copy as CopyId))) as CopyId[];
  }

  isRemovalFlushed(copy: CopyId): boolean {
    return this.copies.removed[copy]! <= this.flushed;
  }

  private isRemovedForGood(copy: CopyId, scope: CrashScope): boolean {
    if (!this.isRemovalFlushed(copy)) return false;
    return scope !== 'host' || this.version === 1 || this.isWrittenBack(this.copies.removedAt[copy]!);
  }

  /** When the kernel writes back the oldest removal that is remembered; undefined where a flush has to come first. */
  get writtenBackAt(): Nanos | undefined {
    if (this.removals.size === 0 || !this.isRemovalFlushed(this.removals.first() as CopyId)) return undefined;
    return writtenBackAt(this.copies.removedAt[this.removals.first()]!);
  }

  forgetRemovals(): void {
    const { copies } = this.world;
    while (this.removals.size > 0 && this.isRemovedForGood(this.removals.first() as CopyId, 'host')) copies.release(this.removals.shift() as CopyId);
  }

  private isWrittenBack(since: Nanos): boolean {
    return writtenBackAt(since) <= this.world.sim.now;
  }
}
