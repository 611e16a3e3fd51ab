/**
 * A histogram of latencies or sizes that can be merged exactly.
 *
 * A bucket is named by the leading bits of the double: its exponent and seven bits of its mantissa, so 128 buckets to
 * the octave. The midpoint of a bucket is within 1/256 (0.4 %) of every value in it. Zero has a bucket of its own, and
 * so has every whole number below 256. A bucket counts to 2^32.
 */
export interface Bucket {
  /** The values of the bucket are below this; the bucket of zero holds nothing else. */
  readonly upTo: number;
  readonly count: number;
}

const octaves = 64;
const perOctave = 128;
const exponentBias = 1023;
/** A table reaches this many octaves further than it has to, so that it seldom grows again. */
const margin = 4;
/** Sums are kept in two parts, so that whole numbers up to 2^52 add up exactly however many there are. */
const carry = 0x10_0000_0000_0000;

const double = new Float64Array(1);
const halves = new Uint32Array(double.buffer);
double[0] = 1;
const high = halves[1] === 0 ? 0 : 1;

/** What every histogram begins with. */
const noTable = new Uint32Array(0);

export class Histogram {
  /** Counts of neighbouring octaves; it grows with the range of the values, so an empty histogram costs next to nothing. */
  private table = noTable;
  private firstOctave = 0;
  /** The leading bits of the double that starts the table. */
  private firstBits = 0;
  private zeros = 0;
  private total = 0;
  private sumLow = 0;
  private sumHigh = 0;
  private smallest = Infinity;
  private largest = -Infinity;

  /** @param value zero, or from 1 to 2^64; what lies between counts as zero, since ns and bytes are whole numbers. */
  record(value: number): void {
    double[0] = value;
    const bucket = (halves[high] >>> 13) - this.firstBits;
    // One comparison for both ends of the table, as a negative number is a huge one without its sign.
    if (bucket >>> 0 < this.table.length) this.table[bucket]++;
    else this.recordOutside(value);
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
   * The order statistic ceil(q × count), shown by the midpoint of its bucket and clamped to the least and the greatest
   * value: within 0.4 % of the exact one. The first and the last are exact. NaN when nothing was recorded.
   */
  quantile(q: number): number {
    if (this.total === 0) return NaN;
    const rank = Math.min(this.total, Math.max(1, Math.ceil(q * this.total)));
    if (rank === 1) return this.smallest;
    if (rank === this.total) return this.largest;
    let seen = this.zeros;
    if (rank <= seen) return this.clamp(0);
    let bucket = this.firstUsed;
    while ((seen += this.table[bucket]) < rank) bucket++;
    return this.clamp((this.lowerBound(bucket) + this.lowerBound(bucket + 1)) / 2);
  }

  /** Adds what the other has seen, as if it had been recorded here. */
  merge(other: Histogram): void {
    if (other.total === 0) return;
    if (other.table.length > 0) {
      this.reach(other.firstOctave, other.endOctave);
      const from = (other.firstOctave - this.firstOctave) * perOctave;
      const last = other.lastUsed;
      for (let bucket = other.firstUsed; bucket <= last; bucket++) this.table[from + bucket] += other.table[bucket];
    }
    this.zeros += other.zeros;
    this.total += other.total;
    this.sumLow += other.sumLow;
    this.sumHigh += other.sumHigh;
    if (this.sumLow >= carry) this.carryOver();
    this.smallest = Math.min(this.smallest, other.smallest);
    this.largest = Math.max(this.largest, other.largest);
  }

  /** Forgets all values and keeps the table, since the next window will need it again. */
  clear(): void {
    if (this.total === 0) return;
    if (this.table.length > 0) this.table.fill(0, this.firstUsed, this.lastUsed + 1);
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
    if (this.total === 0 || this.table.length === 0) return filled;
    for (let bucket = this.firstUsed; bucket <= this.lastUsed; bucket++) {
      if (this.table[bucket]! > 0) filled.push({ upTo: this.lowerBound(bucket + 1), count: this.table[bucket]! });
    }
    return filled;
  }

  private recordOutside(value: number): void {
    if (value >= 0 && value < 1) {
      this.zeros++;
      return;
    }
    const octave = (halves[high] >>> 20) - exponentBias;
    if (!(octave >= 0 && octave < octaves)) throw new RangeError(`a histogram holds values from 0 to 2^64, not ${value}`);
    const bits = halves[high] >>> 13;
    this.reach(Math.max(0, octave - margin), Math.min(octaves, octave + margin));
    this.table[bits - this.firstBits]++;
  }

  /** Makes the table hold the octaves from first to end - 1, and all that it held before. */
  private reach(first: number, end: number): void {
    const empty = this.table.length === 0;
    const newFirst = empty ? first : Math.min(first, this.firstOctave);
    const newEnd = empty ? end : Math.max(end, this.endOctave);
    const length = (newEnd - newFirst) * perOctave;
    if (length === this.table.length) return;
    const table = new Uint32Array(length);
    if (!empty) table.set(this.table, (this.firstOctave - newFirst) * perOctave);
    this.table = table;
    this.firstOctave = newFirst;
    this.firstBits = (newFirst + exponentBias) * perOctave;
  }

  /** Buckets outside of these two are empty, and a window of few values has few between them. */
  private get firstUsed(): number {
    return this.smallest < 1 ? 0 : this.bucketOf(this.smallest);
  }

  private get lastUsed(): number {
    return this.largest < 1 ? -1 : this.bucketOf(this.largest);
  }

  private bucketOf(value: number): number {
    double[0] = value;
    return (halves[high]! >>> 13) - this.firstBits;
  }

  private get endOctave(): number {
    return this.firstOctave + this.table.length / perOctave;
  }

  private carryOver(): void {
    const carried = Math.floor(this.sumLow / carry);
    this.sumHigh += carried;
    this.sumLow -= carried * carry;
  }

  private clamp(value: number): number {
    return Math.min(this.largest, Math.max(this.smallest, value));
  }

  private lowerBound(bucket: number): number {
    let bound = 1 + (bucket % perOctave) / perOctave;
    for (let octave = this.firstOctave + Math.floor(bucket / perOctave); octave > 0; octave--) bound *= 2;
    return bound;
  }
}
