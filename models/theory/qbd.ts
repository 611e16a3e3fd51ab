/**
 * Quasi-birth–death processes: a level that moves by one, and a phase. From a certain level on all levels are alike.
 *
 * Nothing here subtracts, and the distance from saturation is given, not computed: so what is rare keeps its digits, phases may
 * change a million million times more slowly than levels do, and at a load of 0.999999 all is as exact as elsewhere. Relative
 * error about 1e-15 per phase.
 *
 * Sources: Neuts, Matrix-Geometric Solutions (1981); Latouche & Ramaswami, J. Appl. Prob. 30 (1993) 650; Bini & Meini, SIAM
 * J. Matrix Anal. Appl. 17 (1996) 906; eliminations as Grassmann, Taksar & Heyman, Oper. Res. 33 (1985) 1107.
 */
import { stationary, timesSpent } from './numerics/elimination.ts';
import { largest, type Matrix, matrix, multiply, normalised, rowSums, sum, timesColumn, timesMatrix } from './numerics/matrix.ts';

/** Rates out of one level. Phases of the levels above and below may be others. */
export interface Level {
  readonly up: Matrix;
  /** Between different phases; its diagonal is ignored. */
  readonly local: Matrix;
  readonly down: Matrix;
}

/** Levels that are all alike and go on for ever. */
export interface EndlessLevels {
  /** Local rates of a level while everything above it is not looked at: to leave upwards is to appear in the phase of the return. */
  readonly localWithReturns: Matrix;
  /** R: the stationary vector of a level times R is that of the next. */
  readonly ratio: Matrix;
  /** How often each phase is met far up, where the levels below do not matter. */
  readonly phaseLaw: Float64Array;
  /** In which phase a level is met for the first time, coming from far above. */
  readonly metLaw: Float64Array;
  /** Sums over all levels from one on, of which the stationary vector is given. */
  sumsFrom(vector: Float64Array): LevelSums;
}

/** Σ v Rⁿ, Σ n v Rⁿ and Σ n(n−1)/2 · v Rⁿ over n = 0, 1, … */
export interface LevelSums {
  readonly weights: Float64Array;
  readonly first: Float64Array;
  readonly second: Float64Array;
}

/** `drift`: by how much, in the mean over the phases, the rate downwards exceeds that upwards; `isDownwards`, and as exact as what is to come of it. */
export function endlessLevels(level: Level, drift: number): EndlessLevels {
  const { up, down } = level;
  const localWithReturns = watchedFromBelow(level);
  const times = timesSpent(localWithReturns, rowSums(down));
  const ratio = multiply(up, times);
  const phaseLaw = normalised(stationary(sum(up, level.local, down)));
  const metLaw = normalised(stationary(multiply(times, down)));
  const solveOneMinusRatio = oneMinusRatio({ drift, times, ratio, phaseLaw, metLaw });
  return {
    localWithReturns, ratio, phaseLaw, metLaw,
    sumsFrom(vector) {
      const weights = solveOneMinusRatio(vector);
      const first = solveOneMinusRatio(timesMatrix(weights, ratio));
      return { weights, first, second: solveOneMinusRatio(timesMatrix(first, ratio)) };
    },
  };
}

/** A drift that is lost among the roundings of the rates it is between is none: the system is saturated. */
export function isDownwards(drift: number, rateDown: number): boolean {
  return drift > 1e-15 * rateDown;
}

const halvingsMax = 200;
/** Beside the rates of levels, so that it is negligible beside those of the slowest phases, too. */
const negligible = 1e-40;

/**
 * Local rates of a level while everything above it is not looked at. Every second level is taken out, and again of what is
 * left: the rates upwards vanish quadratically.
 */
export function watchedFromBelow({ up, local, down }: Level): Matrix {
  const smallest = negligible * Math.max(largest(up.values), largest(down.values));
  let [rising, falling, between, watched] = [up, down, local, local];
  for (let halvings = 0; largest(rising.values) > smallest; halvings++) {
    if (halvings === halvingsMax) throw new RangeError('the levels above do not return: the drift is not downwards');
    const times = timesSpent(between, rowSums(sum(rising, falling)));
    const upThen = multiply(times, rising);
    const downThen = multiply(times, falling);
    const upAndBack = multiply(rising, downThen);
    watched = sum(watched, upAndBack);
    between = sum(between, upAndBack, multiply(falling, upThen));
    rising = multiply(rising, upThen);
    falling = multiply(falling, downThen);
  }
  return watched;
}

interface Repetition {
  readonly drift: number;
  readonly times: Matrix;
  readonly ratio: Matrix;
  readonly phaseLaw: Float64Array;
  readonly metLaw: Float64Array;
}

/** Phases that are rarer than this are left out of the sums over endless levels. */
const rarest = 1e-200;

/**
 * Solves x (I − R) = b without forming I − R, which near saturation, or with slow phases, has lost its digits. With α the law
 * of the phases far up, γ that of the phases in which levels are first met (γ G = γ), and N the times spent in a level, it
 * is α (I − R) = drift · γ N: from α A₀ + α A₁ + α A₂ = 0 and A₀ = R (−A₁ − R A₂) follows that σ = α (I − R) solves
 * σ = σ A₂ N, so σ A₂ is in proportion to γ, and σ A₂ 1 = α A₂ 1 − α A₀ 1 is the drift. So I − R, its rows weighted by α,
 * has known column sums, and can be eliminated like a chain.
 */
function oneMinusRatio({ drift, times, ratio, phaseLaw, metLaw }: Repetition): (right: Float64Array) => Float64Array {
  const exits = timesMatrix(metLaw.map((probability) => probability * drift), times);
  const isRare = (phase: number) => phaseLaw[phase]! < rarest;
  const rates = matrix(ratio.rows, ratio.rows, (to, from) => (isRare(to) || isRare(from) ? 0 : phaseLaw[from]! * ratio.values[from * ratio.columns + to]!));
  const inverse = timesSpent(rates, exits.map((exit, phase) => (isRare(phase) ? 1 : exit)));
  return (right) => timesColumn(inverse, right).map((value, phase) => value * phaseLaw[phase]!);
}

const huge = 1e200;

/**
 * The stationary vectors of levels 0, 1, … up to a common factor, where the local rates of the last one contain the returns
 * from whatever is above it. Each level is taken out from the top down, then weighed from the bottom up; what is 400 decades
 * below the rest is zero.
 */
export function stationaryLevels(levels: readonly Level[]): Float64Array[] {
  const times: Matrix[] = [];
  let local = levels.at(-1)!.local;
  for (let n = levels.length - 1; n > 0; n--) {
    const { down } = levels[n]!;
    const below = levels[n - 1]!;
    times[n] = timesSpent(local, rowSums(down));
    local = sum(below.local, multiply(multiply(below.up, times[n]!), down));
  }
  const vectors = [stationary(local)];
  for (let n = 1; n < levels.length; n++) {
    const vector = timesMatrix(timesMatrix(vectors[n - 1]!, levels[n - 1]!.up), times[n]!);
    vectors.push(vector);
    if (largest(vector) > huge) {
      for (const each of vectors) for (let phase = 0; phase < each.length; phase++) each[phase]! /= huge;
    }
  }
  return vectors;
}
