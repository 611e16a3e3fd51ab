/**
 * How the copies in a queue moved from bucket to bucket, by how often each had been delivered: the counts from which the
 * chain of a message's states is estimated. One increment for each move.
 */
const buckets = 6;
/** Deliveries are told apart up to this many; further ones count as the last. */
export const deliveriesTold = 16;

export class Lives {
  private readonly counts = new Float64Array(buckets * buckets * (deliveriesTold + 1));

  moved(from: number, to: number, deliveries: number): void {
    this.counts[(Math.min(deliveries, deliveriesTold) * buckets + from) * buckets + to]!++;
  }

  /** Moves between two buckets of copies that had been delivered so often, a delivery that the move is counted in. */
  count(from: number, to: number, deliveries: number): number {
    return this.counts[(deliveries * buckets + from) * buckets + to]!;
  }
}
