/**
 * The committed messages of a stream by their offsets, as far as somebody may read them again, or power may be lost that takes
 * them. What is committed at one instant is taken for one chunk, as far as a batch goes.
 */
import type { Nanos } from '../../../../sim/units.ts';
import type { MessageId, Messages } from '../../../message.ts';
import type { DestinationId } from '../../../protocol.ts';
import { Retention, type RetentionRules } from './retention.ts';

/** `MAX_MAX_BATCH_SIZE` of gen_batch_server, which the writer is. */
const chunkMax = 8192;

export interface Entry {
  readonly message: MessageId;
  readonly destination: DestinationId;
  readonly bytes: number;
  /** Branch of a dead letter; undefined for what was published here. */
  readonly origin: number | undefined;
  readonly at: Nanos;
  /** Its place in the replicated log. */
  readonly index: number;
}

/** What somebody may read a second time: all, the last chunk, or nothing. */
export type Rereading = 'all' | 'last chunk' | 'nothing';

export class StreamLog {
  /** One past the last offset. */
  end = 0;
  /** Where the last chunk begins. */
  lastChunk = 0;
  /** Those from `base` on; the first ones may be known no more but by their places. */
  private entries: Entry[] = [];
  private base = 0;
  /** Messages of entries from there on are held. */
  private heldFrom = 0;
  private readonly messages: Messages;
  private readonly rereading: Rereading;
  private readonly retention: Retention;

  constructor(messages: Messages, rereading: Rereading, rules: RetentionRules) {
    this.messages = messages;
    this.rereading = rereading;
    this.retention = new Retention(rules);
  }

  /** The first offset that is kept. */
  get first(): number {
    return this.retention.first;
  }

  /** Bodies of all that is kept, whoever has read it. */
  get bytes(): number {
    return this.retention.bytes;
  }

  at(offset: number): Entry {
    return this.entries[offset - this.base]!;
  }

  /** @returns its offset */
  append(entry: Entry): number {
    const last = this.entries.at(-1);
    if (last === undefined || last.at !== entry.at || this.end - this.lastChunk >= chunkMax) {
      this.lastChunk = this.end;
      this.retention.chunkBegins(this.end, entry.at);
    }
    this.retention.added(entry.bytes, entry.at);
    this.messages.hold(entry.message);
    this.entries.push(entry);
    this.end++;
    this.letGo();
    return this.end - 1;
  }

  /** The first kept message that came then or later. */
  since(at: Nanos): number {
    let offset = this.end;
    while (offset > Math.max(this.first, this.heldFrom) && this.at(offset - 1).at >= at) offset--;
    return offset;
  }

  /** How many of those that are kept stand up to that place. */
  kept(index: number): number {
    let end = this.end;
    while (end > Math.max(this.first, this.base) && this.at(end - 1).index > index) end--;
    return end - this.first;
  }

  /** The power that was lost took what stood after that place. @returns the new end */
  rolledBack(index: number): number {
    let bytes = 0;
    while (this.end > this.base && this.at(this.end - 1).index > index) {
      const entry = this.entries.pop()!;
      bytes += entry.bytes;
      if (--this.end >= this.heldFrom) this.messages.release(entry.message);
    }
    this.heldFrom = Math.min(this.heldFrom, this.end);
    this.lastChunk = Math.min(this.lastChunk, this.end);
    this.retention.cut(this.end, bytes);
    return this.end;
  }

  /** Up to that place of the replicated log nothing can be lost any more. */
  forget(index: number): void {
    let gone = 0;
    while (this.base + gone < this.heldFrom && this.entries[gone]!.index <= index) gone++;
    if (gone === 0) return;
    this.entries.splice(0, gone);
    this.base += gone;
  }

  /** Messages that nobody reads again. */
  private letGo(): void {
    const readableFrom = this.rereading === 'all' ? this.first : this.rereading === 'last chunk' ? this.lastChunk : this.end;
    while (this.heldFrom < readableFrom) this.messages.release(this.at(this.heldFrom++).message);
  }
}
