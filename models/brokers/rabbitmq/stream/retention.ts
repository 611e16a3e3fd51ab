/**
 * Which part of a stream is kept: whole segments go, the oldest first, when a new one begins; the one that is written to stays
 * (osiris_log: evaluate_retention, eval_max_bytes, eval_age). So a stream that nobody writes to keeps everything, and one that
 * is written to holds up to a segment more than it may. Only bodies count here.
 */
import type { Bytes, Nanos } from '../../../../sim/units.ts';

/** `DEFAULT_MAX_SEGMENT_SIZE_CHUNKS` of osiris_log. */
const chunksMax = 256_000;

export interface RetentionRules {
  readonly segmentBytes: Bytes;
  /** `Infinity` is no limit, here and below. */
  readonly bytesMax: Bytes;
  readonly ageMax: Nanos;
}

interface Segment {
  /** Offset of its first message. */
  readonly from: number;
  bytes: Bytes;
  chunks: number;
  lastAt: Nanos;
}

export class Retention {
  private readonly segments: Segment[] = [{ from: 0, bytes: 0, chunks: 0, lastAt: 0 }];
  private readonly rules: RetentionRules;

  constructor(rules: RetentionRules) {
    this.rules = rules;
  }

  /** Offset of the first message that is kept. */
  get first(): number {
    return this.segments[0]!.from;
  }

  /** Bodies of all that is kept. */
  get bytes(): Bytes {
    return this.segments.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** A chunk begins at that offset. */
  chunkBegins(offset: number, now: Nanos): void {
    const current = this.segments.at(-1)!;
    const isFull = current.bytes >= this.rules.segmentBytes || current.chunks >= chunksMax;
    if (isFull) this.segments.push({ from: offset, bytes: 0, chunks: 0, lastAt: now });
    this.segments.at(-1)!.chunks++;
    if (isFull) this.evaluate(now);
  }

  added(bytes: Bytes, now: Nanos): void {
    const current = this.segments.at(-1)!;
    current.bytes += bytes;
    current.lastAt = now;
  }

  /** The log ends at that offset now; what is gone had that many bytes. */
  cut(end: number, bytes: Bytes): void {
    let left = bytes;
    while (this.segments.length > 1 && this.segments.at(-1)!.from >= end) left -= this.segments.pop()!.bytes;
    const current = this.segments.at(-1)!;
    this.segments[this.segments.length - 1] = { ...current, from: Math.min(current.from, end), bytes: Math.max(0, current.bytes - left) };
  }

  private evaluate(now: Nanos): void {
    const { segments, rules: { bytesMax, ageMax } } = this;
    // The new one is empty, and as young as can be.
    let room = bytesMax;
    let kept = segments.length - 1;
    while (kept > 0 && segments[kept - 1]!.bytes <= room) room -= segments[--kept]!.bytes;
    while (segments[kept]!.lastAt < now - ageMax) kept++;
    segments.splice(0, kept);
  }
}
