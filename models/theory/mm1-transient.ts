/**
 * M/M/1 in time: the number in the system some time after it was known, and the law of the busy period. Both follow from a free
 * random walk S with steps +1 at rate λ and −1 at rate μ by reflection at the empty system, in terms that are not negative where
 * λ ≤ μ. Sources: Kleinrock, vol. 1, §2.12; Gross & Harris §2.11; for the reflection Asmussen, Applied Probability and Queues, III.8.
 */
import { refuse, requireNotNegative, requirePositive, requireWhole } from './checks.ts';
import { geometricSum } from './numerics/geometric-sums.ts';
import { logQuotient } from './numerics/products.ts';
import { type Skellam, skellam } from './numerics/skellam.ts';
import { CompensatedSum } from './numerics/sums.ts';

interface Rates {
  readonly arrivalRate: number;
  readonly serviceRate: number;
  /** Since the start. */
  readonly time: number;
}

interface TransientAnswer {
  /** P(n in the system) */
  probability(n: number): number;
  meanNumberInSystem(): number;
}

/**
 * Relative error below 1e-10 for λ ≤ μ; above, probabilities that fade away lose up to four digits more. It costs about
 * 80 √((λ + μ)t) steps. @throws ImpossibleParameters
 */
export function mm1Transient({ arrivalRate, serviceRate, initialNumber, time }: Rates & { initialNumber: number }): TransientAnswer {
  requireRates({ arrivalRate, serviceRate, time });
  requireWhole('initialNumber', initialNumber, 0);
  if (isStart({ arrivalRate, serviceRate, time })) return { probability: (n) => (n === initialNumber ? 1 : 0), meanNumberInSystem: () => initialNumber };
  const walk = skellam(arrivalRate * time, serviceRate * time);
  const logRatio = logQuotient(arrivalRate, serviceRate);
  return { probability: (n) => probabilityOf(walk, logRatio, initialNumber, n), meanNumberInSystem: () => meanOf(walk, logRatio, initialNumber) };
}

/**
 * P(busy period ≤ t): that the walk from 1 has met 0, P(S ≤ −1) + P(S ≥ 2)/ρ. It tends to μ/λ where λ > μ. Relative error below 1e-11.
 *
 * @throws ImpossibleParameters
 */
export function mm1BusyPeriodCdf(rates: Rates): number {
  requireRates(rates);
  const { arrivalRate, serviceRate, time } = rates;
  if (isStart(rates)) return 0;
  const walk = skellam(arrivalRate * time, serviceRate * time);
  return Math.min(1, sumOver(walk.first, Math.min(-1, walk.last), walk.mass) + (serviceRate / arrivalRate) * sumOver(Math.max(2, walk.first), walk.last, walk.mass));
}

/** So early that nothing can have happened: even the mean numbers of steps are below the least number. */
function isStart({ arrivalRate, serviceRate, time }: Rates): boolean {
  return arrivalRate * time === 0 || serviceRate * time === 0;
}

function requireRates({ arrivalRate, serviceRate, time }: Rates): void {
  requirePositive('arrivalRate', arrivalRate, '1/s');
  requirePositive('serviceRate', serviceRate, '1/s');
  requireNotNegative('time', time, 's');
  const steps = (arrivalRate + serviceRate) * time;
  if (!(steps <= stepsMax)) refuse('time', time, `a time (s) in which up to ${stepsMax} messages come and go: it is the steady state by then`);
}

/** More would take long, and lose digits: the cost grows with the root of it. */
const stepsMax = 1e9;

/** P(N = n) = P(S = n − i) + ρⁿ [P(S = −m) + (1 − ρ) P(S < −m)], m = n + i + 1. */
function probabilityOf(walk: Skellam, logRatio: number, initial: number, n: number): number {
  requireWhole('n', n, 0);
  const m = n + initial + 1;
  const beyond = sumMirrored(walk, logRatio, m + 1, (k) => mirrored(walk, logRatio, n, k));
  return walk.mass(n - initial) + mirrored(walk, logRatio, n, m) - Math.expm1(logRatio) * beyond;
}

/** ρⁿ P(S = −k), which is ρ^{n−k} P(S = k): the one that stays in range. */
function mirrored(walk: Skellam, logRatio: number, n: number, k: number): number {
  return logRatio > 0 ? Math.exp((n - k) * logRatio) * walk.mass(k) : Math.exp(n * logRatio) * walk.mass(-k);
}

/** Σ_{n≥1} P(N ≥ n) = E(i + S)⁺ + Σ_{k≥i+2} P(S = −k) (ρ + … + ρ^{k−i−1}). */
function meanOf(walk: Skellam, logRatio: number, initial: number): number {
  const free = sumOver(Math.max(walk.first, 1 - initial), walk.last, (k) => (initial + k) * walk.mass(k));
  const reflected = sumMirrored(walk, logRatio, initial + 2, (k) => {
    const powers = geometricSum(-Math.abs(logRatio), k - initial - 1);
    return logRatio > 0 ? mirrored(walk, logRatio, k - initial - 1, k) * powers : mirrored(walk, logRatio, 1, k) * powers;
  });
  return free + reflected;
}

/** Over those k from `from` on whose mirrored mass is not zero. */
function sumMirrored({ first, last }: Skellam, logRatio: number, from: number, term: (k: number) => number): number {
  return logRatio > 0 ? sumOver(Math.max(from, first), last, term) : sumOver(Math.max(from, -last), -first, term);
}

function sumOver(from: number, to: number, term: (k: number) => number): number {
  const sum = new CompensatedSum();
  for (let k = from; k <= to; k++) sum.add(term(k));
  return sum.value;
}
