/**
 * A histogram of latencies or sizes that can be merged exactly.
 *
 * A bucket is named by the leading bits of the double: its exponent and seven bits of its mantissa, so 128 buckets to
 * the octave. The midpoint of a bucket is within 1/256 (0.4 %) of every value in it. Zero has a bucket of its own, and
 * so, in effect, has every whole number below 256.
 */
export interface Bucket {
  /** The values of the bucket are below this; the bucket of zero holds nothing else. */
  readonly upTo: number;
  readonly count: number;
}

const octaves = 64;
const perOctave = 128;
const exponentBias = 1023;
/** Sums are kept in two parts, so that whole numbers add up exactly however many there are. */
const carry = 0x10_0000_0000_0000;

const double = new Float64Array(1);
const halves = new Uint32Array(double.buffer);
double[0] = 1;
const high = halves[1] === 0 ? 0 : 1;

export class Histogram {
  /** Counts of one octave each, made when first needed: an empty histogram costs next to nothing. */
  private readonly pages: (Uint32Array | undefined)[] = new Array<Uint32Array | undefined>(octaves).fill(undefined);
  private zeros = 0;
  private total = 0;
  private sumLow = 0;
  private sumHigh = 0;
  private smallest = Infinity;
  private largest = -Infinity;

  /** @param value zero, or from 1 to 2^64; what lies between counts as zero, since ns and bytes are whole numbers. */
  record(value: number): void {
    double[0] = value;
    const bits = halves[high];
    const octave = (bits >>> 20) - exponentBias;
    if (octave >>> 0 < octaves) {
      const page = this.pages[octave] ?? this.open(octave);
      page[(bits >>> 13) & (perOctave - 1)]++;
    } else if (value >= 0 && value < 1) {
      this.zeros++;
    } else {
      throw new RangeError(`a histogram holds values from 0 to 2^64, not ${value}`);
    }
    this.total++;
    this.sumLow += value;
    if (this.sumLow >= carry) this.carryOver();
    if (value < this.smallest) this.smallest = value;
    if (value > this.largest) this.largest = value;
  }

  get count(): number {
    return this.total;
  }
  get sum(): number {
    return this.sumHigh * carry + this.sumLow;
  }
  /** NaN, as are the least and the greatest, when nothing was recorded. */
  get mean(): number {
    return this.sum / this.total;
  }
  get min(): number {
    return this.total === 0 ? NaN : this.smallest;
  }
  get max(): number {
    return this.total === 0 ? NaN : this.largest;
  }

  /**
   * The order statistic ceil(q × count), shown by the midpoint of its bucket, clamped to the least and greatest value:
   * within 0.4 % of the exact one. NaN when nothing was recorded.
   */
  quantile(q: number): number {
    if (this.total === 0) return NaN;
    const rank = Math.min(this.total, Math.max(1, Math.ceil(q * this.total)));
    // The extremes are known exactly.
    if (rank === 1) return this.smallest;
    if (rank === this.total) return this.largest;
    let below = this.zeros;
    if (rank <= below) return this.clamp(0);
    for (let octave = 0; octave < octaves; octave++) {
      const page = this.pages[octave];
      if (page === undefined) continue;
      for (let bucket = 0; bucket < perOctave; bucket++) {
        below += page[bucket];
        if (rank <= below) return this.clamp((lowerBound(octave, bucket) + lowerBound(octave, bucket + 1)) / 2);
      }
    }
    return this.largest;
  }

  /** Adds what the other has seen, as if it had been recorded here. */
  merge(other: Histogram): void {
    for (let octave = 0; octave < octaves; octave++) {
      const theirs = other.pages[octave];
      if (theirs === undefined) continue;
      const ours = this.pages[octave] ?? this.open(octave);
      for (let bucket = 0; bucket < perOctave; bucket++) ours[bucket] += theirs[bucket];
    }
    this.zeros += other.zeros;
    this.total += other.total;
    this.sumLow += other.sumLow;
    this.sumHigh += other.sumHigh;
    if (this.sumLow >= carry) this.carryOver();
    this.smallest = Math.min(this.smallest, other.smallest);
    this.largest = Math.max(this.largest, other.largest);
  }

  /** Forgets all values and keeps the pages, since the next window will need them again. */
  clear(): void {
    for (const page of this.pages) page?.fill(0);
    this.zeros = 0;
    this.total = 0;
    this.sumLow = 0;
    this.sumHigh = 0;
    this.smallest = Infinity;
    this.largest = -Infinity;
  }

  /** The buckets that hold something, ascending. */
  buckets(): Bucket[] {
    const filled: Bucket[] = this.zeros > 0 ? [{ upTo: 0, count: this.zeros }] : [];
    this.pages.forEach((page, octave) => {
      page?.forEach((count, bucket) => {
        if (count > 0) filled.push({ upTo: lowerBound(octave, bucket + 1), count });
      });
    });
    return filled;
  }

  private open(octave: number): Uint32Array {
    const page = new Uint32Array(perOctave);
    this.pages[octave] = page;
    return page;
  }

  private carryOver(): void {
    const carried = Math.floor(this.sumLow / carry);
    this.sumHigh += carried;
    this.sumLow -= carried * carry;
  }

  private clamp(value: number): number {
    return Math.min(this.largest, Math.max(this.smallest, value));
  }
}

function lowerBound(octave: number, bucket: number): number {
  let scale = 1;
  for (let doubled = 0; doubled < octave; doubled++) scale *= 2;
  return scale * (1 + bucket / perOctave);
}
