/**
 * The least t ≥ 0 with P(X > t) ≤ 1 − p for a tail that costs much and is known to some ten digits only, so that the last ones are not
 * worth asking for. By false position in the logarithms of t and of the tail, halving the weight of an end that stays (Dowell &
 * Jarratt, BIT 11 (1971) 168): about ten evaluations.
 */
export function noisyQuantile(tail: (t: number) => number, p: number, scale: number): number {
  const miss = (t: number): number => Math.log(Math.max(tail(t), Number.MIN_VALUE)) - Math.log1p(-p);
  if (p === 0 || miss(0) <= 0) return 0;
  const bracket = bracketAround(miss, scale);
  if (bracket === undefined) return 0;
  let { low, high } = bracket;
  for (let step = 0; step < 100 && high.log - low.log > tolerance; step++) {
    const slanted = (low.log * high.miss - high.log * low.miss) / (high.miss - low.miss);
    const log = slanted > low.log && slanted < high.log ? slanted : (low.log + high.log) / 2;
    const next = { log, miss: miss(Math.exp(log)) };
    if (Math.abs(next.miss) < tolerance / 10) return Math.exp(log);
    const side = Math.sign(next.miss);
    if (side > 0) [low, high] = [next, { log: high.log, miss: bracket.lastSide === side ? high.miss / 2 : high.miss }];
    else [low, high] = [{ log: low.log, miss: bracket.lastSide === side ? low.miss / 2 : low.miss }, next];
    bracket.lastSide = side;
  }
  return Math.exp((low.log + high.log) / 2);
}

const tolerance = 1e-11;

interface Point {
  readonly log: number;
  readonly miss: number;
}

/** Undefined when the quantile is below every number, as beside an atom at zero that misses p by its rounding. */
function bracketAround(miss: (t: number) => number, scale: number): { low: Point; high: Point; lastSide: number } | undefined {
  const at = (t: number): Point => ({ log: Math.log(t), miss: miss(t) });
  let here = at(scale);
  const isBelow = here.miss > 0;
  // The steps grow, since the quantile of a heavy tail may be many decades away.
  for (let [t, factor] = [scale, 3]; ; factor *= Math.sqrt(factor)) {
    t = isBelow ? t * factor : t / factor;
    if (t < scale * 1e-18 || t === Infinity) return undefined;
    const next = at(t);
    if (next.miss > 0 !== isBelow) return isBelow ? { low: here, high: next, lastSide: 0 } : { low: next, high: here, lastSide: 0 };
    here = next;
  }
}
