/**
 * Two classes that need unequally long, and several servers: what preemption does not change. While somebody of class 2 waits
 * and nobody of class 1 does, all servers are busy, and the phase is the number of them that serve class 1.
 */
import { refuseDescribed, requirePositive, requireWhole } from '../checks.ts';
import { timesSpent } from '../numerics/elimination.ts';
import { addAt, diagonal, type Matrix, matrix, multiply, rowSums, zeros } from '../numerics/matrix.ts';
import { sumOf } from '../numerics/sums.ts';
import { type Level, stationaryLevels, watchedFromBelow } from '../qbd.ts';

export interface UnequalClasses {
  /** Of class 1, which goes first, and of class 2. */
  readonly arrivalRates: readonly number[];
  readonly serviceRates: readonly number[];
  readonly servers: number;
}

/** Of either class, by the letters of the field. */
export interface TwoClasses {
  readonly c: number;
  readonly λ1: number;
  readonly λ2: number;
  readonly μ1: number;
  readonly μ2: number;
  /** Servers that class 1 leaves idle in the mean, c − a₁, and those that both do, c − a₁ − a₂. */
  readonly leftByFirst: number;
  readonly leftByBoth: number;
}

/** @throws ImpossibleParameters */
export function twoClasses({ arrivalRates, serviceRates, servers }: UnequalClasses, serversMax: number): TwoClasses {
  if (arrivalRates.length !== 2) refuseDescribed('arrivalRates', `a list of ${arrivalRates.length}`, 'a list of two rates (1/s): of class 1 and of class 2');
  if (serviceRates.length !== 2) refuseDescribed('serviceRates', `a list of ${serviceRates.length}`, 'a list of two rates (1/s): of class 1 and of class 2');
  arrivalRates.forEach((rate, index) => requirePositive(`arrivalRates.${index}`, rate, '1/s'));
  serviceRates.forEach((rate, index) => requirePositive(`serviceRates.${index}`, rate, '1/s'));
  requireWhole('servers', servers, 1, serversMax);
  const [λ1, λ2] = arrivalRates as [number, number];
  const [μ1, μ2] = serviceRates as [number, number];
  return { c: servers, λ1, λ2, μ1, μ2, leftByFirst: sumOf([servers, -λ1 / μ1]), leftByBoth: sumOf([servers, -λ1 / μ1, -λ2 / μ2]) };
}

/** Somebody of class 2 gets a server: from a server of class 1, which is one fewer then, or from one of class 2. */
export function startsOfSecond({ c, μ1, μ2 }: TwoClasses): Matrix {
  return matrix(c + 1, c + 1, (from, to) => (to === from - 1 ? from * μ1 : to === from ? (c - from) * μ2 : 0));
}

interface Excursions {
  /** One more of class 2 waits. */
  readonly up: Matrix;
  readonly down: Matrix;
  /** Rates at which class 1 begins to wait, and in which phase that ends: at once, as a first guess. */
  readonly first: Matrix;
  /** The same, given in which phase the line of class 2 is first shorter by one (G): when it is as long as at the beginning again. */
  returns(met: Matrix): Matrix;
}

/** Far more than were ever needed; each brings several digits. */
const roundsMax = 1000;

/**
 * The local rates of a level of class 2 that waits, everything above it not looked at. While class 1 waits, class 2 only
 * grows; how it shrinks again depends on G, and G on that: each is found from the other in turn, until what changes is
 * rounding alone.
 */
export function settledReturns({ up, down, first, returns }: Excursions): Matrix {
  let watched = watchedFromBelow({ up, local: first, down });
  let before = Infinity;
  for (let round = 0; round < roundsMax; round++) {
    const next = watchedFromBelow({ up, local: returns(multiply(timesSpent(watched, rowSums(down)), down)), down });
    const change = largestChange(watched, next);
    watched = next;
    if (change < 1e-15 || (change < 1e-9 && change >= before)) return watched;
    before = change;
  }
  throw new RangeError('the returns to a level do not settle');
}

/** Relative to each entry: rates of slow phases count like the others. */
function largestChange(before: Matrix, after: Matrix): number {
  return after.values.reduce((most, value, index) => (value === 0 ? most : Math.max(most, Math.abs(1 - before.values[index]! / value))), 0);
}

/**
 * The probabilities while nobody waits: [busy servers][of them with class 1]. The servers that are idle in the mean, which
 * are known, say how large they are.
 */
export function nobodyWaits(classes: TwoClasses, watchedWhenFull: Matrix): Float64Array[] {
  const { c, leftByBoth } = classes;
  const levels = Array.from({ length: c + 1 }, (_, busy) => levelOf(classes, busy));
  const vectors = stationaryLevels([...levels.slice(0, -1), { ...levels[c]!, local: watchedWhenFull }]);
  const idle = vectors.reduce((sum, vector, busy) => sum + (c - busy) * vector.reduce((whole, weight) => whole + weight, 0), 0);
  return vectors.map((vector) => vector.map((weight) => (weight / idle) * leftByBoth));
}

function levelOf({ c, λ1, λ2, μ1, μ2 }: TwoClasses, busy: number): Level {
  const up = busy === c ? diagonal(new Float64Array(c + 1)) : matrix(busy + 1, busy + 2, (from, to) => (to === from + 1 ? λ1 : to === from ? λ2 : 0));
  const down = zeros(busy + 1, Math.max(1, busy));
  for (let first = 0; first <= busy; first++) {
    if (first > 0) addAt(down, first, first - 1, first * μ1);
    if (first < busy) addAt(down, first, first, (busy - first) * μ2);
  }
  return { up, local: zeros(busy + 1, busy + 1), down };
}
