/**
 * What of a file would survive a loss of power when nobody syncs it: the kernel looks every 5 s for what was written more than
 * 30 s ago, and writes that back (Linux: dirty_writeback_centisecs, dirty_expire_centisecs).
 */
import type { Nanos } from '../../../sim/units.ts';

const writtenBackAfter: Nanos = 30e9;
const writebackEvery: Nanos = 5e9;

/** When the kernel writes back what was written at that time. */
export function writtenBackAt(written: Nanos): Nanos {
  return Math.ceil((written + writtenBackAfter) / writebackEvery) * writebackEvery;
}

/** A file that is only appended to, and sometimes cut: up to where it is on disk. */
export class PageCache {
  private safe = 0;
  /** What was written and is not on disk: up to which end, and when it will be. */
  private readonly dirty: { readonly due: Nanos; end: number }[] = [];

  /** It was written up to there now. */
  written(end: number, now: Nanos): void {
    const due = writtenBackAt(now);
    const last = this.dirty.at(-1);
    if (last?.due === due) last.end = end;
    else this.dirty.push({ due, end });
  }

  /** Up to where it is on disk. */
  durable(now: Nanos): number {
    while (this.dirty.length > 0 && this.dirty[0]!.due <= now) this.safe = this.dirty.shift()!.end;
    return this.safe;
  }

  /** It ends there now. */
  cut(end: number): void {
    this.safe = Math.min(this.safe, end);
    for (const each of this.dirty) each.end = Math.min(each.end, end);
  }

  /** It begins anew, with what stands for all up to there. */
  replaced(end: number): void {
    this.safe = end;
    this.dirty.length = 0;
  }
}
