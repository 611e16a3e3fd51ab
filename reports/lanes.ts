/** Where the labels of overlapping intervals go so that none covers another: each in the first lane that is free. */
export interface Labelled {
  readonly begin: number;
  readonly end: number;
  /** Room that the label takes from `begin` on, in the unit of the axis. */
  readonly labelLength: number;
}
export interface Placed {
  /** 0 is the lane nearest to the plot; null: no lane had room. */
  readonly lane: number | null;
  /** The label stands before the end of its interval, because it would run over the right edge. */
  readonly flushRight: boolean;
}

/** Places intervals in the order given, which must be by their begin, on an axis from 0 to `length`. */
export function planLanes(intervals: readonly Labelled[], length: number, lanesMax: number): readonly Placed[] {
  const taken: { from: number; to: number }[][] = [];
  return intervals.map((interval) => {
    const flushRight = interval.begin + interval.labelLength > length;
    const from = flushRight ? Math.min(interval.begin, interval.end - interval.labelLength) : interval.begin;
    const to = flushRight ? interval.end : Math.max(interval.end, interval.begin + interval.labelLength);
    let lane = 0;
    while (lane < taken.length && taken[lane]!.some((other) => from < other.to && other.from < to)) lane++;
    if (lane >= lanesMax) return { lane: null, flushRight };
    (taken[lane] ??= []).push({ from, to });
    return { lane, flushRight };
  });
}

export function lanesUsed(placed: readonly Placed[]): number {
  return placed.reduce((most, { lane }) => (lane === null ? most : Math.max(most, lane + 1)), 0);
}
