/** Where something begins to hold that holds from there on: by doubling the step, and then halving the gap. */

export interface Found {
  /** The value next to what does not hold; undefined where nothing holds. */
  readonly value: number | undefined;
  /** The furthest value that was tried. */
  readonly tried: number;
  /** Why the search ended there without a value: further values change nothing, are impossible, or are too far. */
  readonly end?: 'settled' | 'bounded' | 'far';
}

/** The answer to one value: it holds, it does not, or the value is impossible. `settled`: a further value would change nothing. */
export type Trial = 'holds' | 'fails' | 'impossible' | 'settled';

/**
 * The least whole number from 1 to `max` that holds. Impossible values may stand at either end: below what a model
 * accepts, and above.
 */
export function leastWhole(tryOut: (value: number) => Trial, max: number): Found {
  let below = 0;
  let value = 1;
  let trial = tryOut(value);
  let isAccepted = trial !== 'impossible';
  while (trial !== 'holds') {
    if (trial === 'impossible' && isAccepted) return withinAccepted(tryOut, below, value);
    if (trial === 'settled' || value >= max) return { value: undefined, tried: value, end: trial === 'settled' ? trial : 'far' };
    isAccepted ||= trial !== 'impossible';
    below = value;
    value = Math.min(max, value * 2);
    trial = tryOut(value);
  }
  return { value: halve(below, value, (middle) => tryOut(middle) === 'holds'), tried: value };
}

/** The greatest whole number from 1 to `max` that holds, or the greatest that is possible; undefined where none does, or all do. */
export function mostWhole(tryOut: (value: number) => Trial, max: number): Found {
  const opposite = (value: number): Trial => {
    const trial = tryOut(value);
    return trial === 'holds' ? 'fails' : trial === 'impossible' ? trial : 'holds';
  };
  const { value, tried, end = 'far' } = leastWhole(opposite, max);
  if (value === undefined) return { value: end === 'bounded' && tryOut(tried) === 'holds' ? tried : undefined, tried, end };
  const found = value > 1 && tryOut(value - 1) === 'holds' ? value - 1 : undefined;
  return { value: found, tried: found ?? value, end: 'bounded' };
}

/** Above `low`, which fails, and below `high`, which is impossible: what is possible there may still hold. */
function withinAccepted(tryOut: (value: number) => Trial, low: number, high: number): Found {
  const greatest = halve(low, high, (middle) => tryOut(middle) === 'impossible') - 1;
  if (greatest <= low || tryOut(greatest) !== 'holds') return { value: undefined, tried: Math.max(low, greatest), end: 'bounded' };
  return { value: halve(low, greatest, (middle) => tryOut(middle) === 'holds'), tried: greatest };
}

/** The first value after `low` that holds, when `high` does. */
function halve(low: number, high: number, holds: (value: number) => boolean): number {
  while (high - low > 1) {
    const middle = low + Math.floor((high - low) / 2);
    if (holds(middle)) high = middle;
    else low = middle;
  }
  return high;
}

/** Six digits are told; a few more are needed to get them right. */
const nearEnough = 1e-9;
const digits = 6;
const doublingsMax = 200;

/**
 * The greatest value above zero that holds, to six digits, rounded down to where it holds. It is looked for around `start`.
 * Undefined where none holds; Infinity where all that were tried do.
 */
export function mostReal(tryOut: (value: number) => Trial, start: number): Found {
  return extreme(tryOut, start, 2, Math.floor);
}

/** The least value above zero that holds, to six digits, rounded up to where it holds; 0 where all that were tried do. */
export function leastReal(tryOut: (value: number) => Trial, start: number): Found {
  return extreme(tryOut, start, 0.5, Math.ceil);
}

/** `outwards` multiplies in the direction in which it ceases to hold. */
function extreme(tryOut: (value: number) => Trial, start: number, outwards: number, round: (value: number) => number): Found {
  const holds = (value: number): boolean => tryOut(value) === 'holds';
  const startHolds = holds(start);
  let value = start;
  for (let step = 0; step < doublingsMax; step++) {
    const next = startHolds ? value * outwards : value / outwards;
    const trial = tryOut(next);
    if ((trial === 'holds') !== startHolds) return { value: narrowed(holds, startHolds ? value : next, startHolds ? next : value, round), tried: next };
    value = next;
    if (trial === 'settled') return { value: undefined, tried: value, end: 'settled' };
  }
  return { value: startHolds ? (outwards > 1 ? Infinity : 0) : undefined, tried: value, end: 'far' };
}

function narrowed(holds: (value: number) => boolean, holding: number, failing: number, round: (value: number) => number): number {
  while (Math.abs(holding - failing) > nearEnough * Math.abs(holding)) {
    const middle = holding + (failing - holding) / 2;
    if (middle === holding || middle === failing) break;
    if (holds(middle)) holding = middle;
    else failing = middle;
  }
  // The edge may be a short number itself, which is what a person would call it.
  const edge = Number(holding.toPrecision(digits));
  if (holds(edge)) return edge;
  const unit = Number(`1e${Math.floor(Math.log10(holding)) - digits + 1}`);
  return Number((round(holding / unit) * unit).toPrecision(digits));
}
