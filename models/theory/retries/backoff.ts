/** Attempts that fail and are made again after delays that grow. */
import { requirePositive, requireNotNegative, requireProbability, requireWhole } from '../checks.ts';
import { geometricSum } from '../numerics/geometric-sums.ts';
import { productMinus } from '../numerics/products.ts';
import { CompensatedSum } from '../numerics/sums.ts';

export interface BackoffParameters {
  /** Of each attempt, whatever happened to those before. */
  readonly failureProbability: number;
  /** Delay before the first retry, in s. */
  readonly base: number;
  /** By which each delay is longer than the one before. */
  readonly factor: number;
  /** No delay is longer; Infinity for no such limit. */
  readonly cap?: number;
  /** Infinity for as many as it takes. */
  readonly retriesMax?: number;
  /** full: anything from 0 to the delay; equal: from half of it to all of it. */
  readonly jitter?: Jitter;
}

export type Jitter = 'none' | 'full' | 'equal';

const shareOfDelay: Readonly<Record<Jitter, number>> = { none: 1, full: 1 / 2, equal: 3 / 4 };

export interface BackoffAnswer {
  readonly meanAttempts: number;
  /** Spent in delays, whether the last attempt succeeds or not. */
  readonly meanTotalDelay: number;
  /** That all attempts fail. */
  readonly exhaustedProbability: number;
  /** Of those that succeed; the limit for failures that are ever more likely where none does. */
  readonly meanDelayGivenSuccess: number;
}

/** Retries in a row whose delays grow by one factor. */
interface Stretch {
  /** Retries before it. */
  readonly before: number;
  readonly count: number;
  readonly first: number;
  readonly factor: number;
}

/**
 * Closed forms without cancellation: relative error below 1e-12 for failures that are as rare or as likely as one likes; the delay of
 * those that succeed is a sum over the retries (a tenth of a second for a million). Infinite where endless retries wait ever longer:
 * without a cap when failureProbability · factor is 1 or above.
 *
 * @throws ImpossibleParameters
 */
export function backoff(parameters: BackoffParameters): BackoffAnswer {
  requireBackoff(parameters);
  const { failureProbability, retriesMax = Infinity, jitter = 'none' } = parameters;
  const share = shareOfDelay[jitter];
  const logFailure = Math.log(failureProbability);
  const stretches = stretchesOf(parameters);
  const meanTotalDelay = share * stretches.reduce((sum, stretch) => sum + meanDelayIn(stretch, failureProbability), 0);
  return {
    meanAttempts: geometricSum(logFailure, retriesMax + 1), meanTotalDelay,
    exhaustedProbability: retriesMax === Infinity ? 0 : Math.exp((retriesMax + 1) * logFailure),
    meanDelayGivenSuccess: retriesMax === Infinity ? meanTotalDelay : share * delayOfSuccesses(stretches, failureProbability, retriesMax),
  };
}

function requireBackoff({ failureProbability, base, factor, cap = Infinity, retriesMax = Infinity }: BackoffParameters): void {
  requireProbability('failureProbability', failureProbability);
  requireNotNegative('base', base, 's');
  requirePositive('factor', factor);
  if (cap !== Infinity) requirePositive('cap', cap, 's');
  if (retriesMax !== Infinity) requireWhole('retriesMax', retriesMax, 0, 100_000_000);
}

/** Delays that change and delays at the cap: if they grow the cap comes last, if they shrink it comes first. */
function stretchesOf({ base, factor, cap = Infinity, retriesMax = Infinity }: BackoffParameters): Stretch[] {
  if (base === 0) return [];
  const turn = Math.min(retriesMax, Math.max(0, Math.ceil(Math.log(cap / base) / Math.log(factor)) || 0));
  const rest = turn === Infinity ? 0 : retriesMax - turn;
  const changing = { first: base, factor };
  const flat = { first: cap, factor: 1 };
  const [early, late] = factor >= 1 ? [changing, flat] : [flat, { first: base * Math.exp(turn * Math.log(factor)), factor }];
  return [{ before: 0, count: turn, ...early }, { before: turn, count: rest, ...late }].filter(({ count }) => count > 0);
}

/** Σ p^i d_i over a stretch: retry i is made when i attempts have failed. */
function meanDelayIn({ before, count, first, factor }: Stretch, failureProbability: number): number {
  const reached = Math.exp((before + 1) * Math.log(failureProbability));
  return reached === 0 ? 0 : reached * first * geometricSum(logOfProduct(failureProbability, factor), count);
}

/** ln(pg), with all its digits where pg is near 1. */
function logOfProduct(p: number, g: number): number {
  const excess = productMinus(p, g, 1);
  return Math.abs(excess) < 0.5 ? Math.log1p(excess) : Math.log(p) + Math.log(g);
}

/** Σ_i d_i P(retry i is made and some attempt succeeds)/P(success) = Σ_i d_i p^i (1 − p^{m+1−i})/(1 − p^{m+1}) */
function delayOfSuccesses(stretches: readonly Stretch[], failureProbability: number, retriesMax: number): number {
  if (failureProbability === 0) return 0;
  const logFailure = Math.log(failureProbability);
  const allSuccesses = chanceWithin(retriesMax + 1, logFailure);
  const sum = new CompensatedSum();
  for (const { before, count, first, factor } of stretches) {
    const logFactor = Math.log(factor);
    for (let j = 0; j < count; j++) {
      const retry = before + j + 1;
      const term = Math.exp(retry * logFailure + j * logFactor) * first * (chanceWithin(retriesMax + 1 - retry, logFailure) / allSuccesses);
      sum.add(term);
      if (term < sum.value * 1e-20 && logFailure + logFactor < 0) break;
    }
  }
  return sum.value;
}

/** That one of some attempts succeeds: 1 − p^n; for p = 1 the limit of its ratio to others, n. */
function chanceWithin(attempts: number, logFailure: number): number {
  return logFailure === 0 ? attempts : -Math.expm1(attempts * logFailure);
}
