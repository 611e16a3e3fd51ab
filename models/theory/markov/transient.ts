/** Where a continuous Markov chain is after some time. */
import { refuse, requireNotNegative } from '../checks.ts';
import { distributionOf, outflow, requireRates, type Start, type Table } from './chain.ts';
import { JumpChain } from './jump-chain.ts';
import { isSame, normalised, uniformised } from './uniformisation.ts';

export interface TransientProblem {
  /** In 1/s, row = from, column = to; the diagonal is not looked at. */
  readonly rates: Table;
  /** A state, or a probability for each state. */
  readonly initial: Start;
  readonly time: number;
}

/** Jumps are this much more frequent than the fastest state is left: then no chain of jumps is periodic. */
const spare = 1.25;
/** Each jump may add a rounding error; beyond this many, tables are squared. */
const jumpsMax = 200_000;

/**
 * The probability of each state after a time. Each probability, however small (down to 1e-140), has a relative error of about
 * 1e-12 (1e-11 for hundreds of states, where jumps are many), also when rates differ by twelve decades and the time is a billion
 * times the shortest stay.
 *
 * Uniformisation (Jensen 1953) where few jumps are expected. Otherwise the table of transition probabilities over a short time
 * is squared again and again, and its rows are brought back to the sum 1 each time: as in the elimination by Grassmann, Taksar
 * and Heyman, nothing is subtracted and what is lost on the diagonal is known from the rest, so that every entry keeps its
 * digits (J. Xue and Q. Ye, Math. Comp. 82 (2013) 1577). O(n³) for each squaring: milliseconds for 50 states, a second for 200.
 *
 * @throws ImpossibleParameters
 */
export function transientOfRates({ rates, initial, time }: TransientProblem): number[] {
  requireRates('rates', rates);
  requireNotNegative('time', time, 's');
  const begin = Float64Array.from(distributionOf('initial', initial, rates.length));
  const jumpRate = spare * rates.reduce((fastest, row, state) => Math.max(fastest, outflow(row, state)), 0);
  const jumps = jumpRate * time;
  if (jumps === 0) return [...begin];
  if (!Number.isFinite(jumps)) refuse('time', time, 'a time that times the greatest rate is still a number (s)');
  const chain = new JumpChain(rates, jumpRate);
  return [...(isSeldom(chain, jumps) ? uniformised(chain, begin, jumps) : bySquaring(chain, begin, jumps))];
}

/** Whether going jump by jump is precise enough, and cheaper than to square. */
function isSeldom(chain: JumpChain, jumps: number): boolean {
  const squarings = Math.max(1, Math.log2(jumps) - Math.log2(chain.size));
  return jumps <= 1 || (jumps <= jumpsMax && jumps * chain.entries <= squarings * chain.size * chain.size * chain.size);
}

/** Jumps expected in the time whose table is summed up directly. */
const shortest = 1 / 32;

function bySquaring(chain: JumpChain, begin: Float64Array, jumps: number): Float64Array {
  let doublings = 0;
  let each = jumps;
  for (; each > shortest; each /= 2) doublings++;
  // The last doublings are cheaper as steps of one distribution.
  const last = Math.min(doublings, Math.floor(Math.log2(chain.size)));
  let rows = Array.from({ length: chain.size }, (_, from) => uniformised(chain, unit(chain.size, from), each));
  for (let squaring = doublings - last; squaring > 0; squaring--) {
    const before = rows;
    rows = before.map((row) => normalised(applied(row, before)));
    if (rows.every((row, from) => isSame(row, before[from]!))) break;
  }
  let distribution = begin;
  for (let step = 1 << last; step > 0; step--) distribution = normalised(applied(distribution, rows));
  return distribution;
}

function unit(size: number, at: number): Float64Array {
  const vector = new Float64Array(size);
  vector[at] = 1;
  return vector;
}

/** Probabilities below this are zero: so no product comes near the least numbers, which are slow and have few digits. */
const leastProbability = 1e-150;

/** A distribution after one step more. */
function applied(distribution: Float64Array, rows: readonly Float64Array[]): Float64Array {
  const next = new Float64Array(distribution.length);
  for (let from = 0; from < rows.length; from++) {
    const mass = distribution[from]!;
    if (mass === 0) continue;
    const row = rows[from]!;
    for (let to = 0; to < next.length; to++) next[to]! += mass * row[to]!;
  }
  for (let to = 0; to < next.length; to++) if (next[to]! < leastProbability) next[to] = 0;
  return next;
}
