/** M/M/∞: everything that arrives is served at once. The law of the number holds for any law of service (M/G/∞). */
import { refuse, requireNotNegative, requirePositive, requireQuantileOrder, requireWhole } from './checks.ts';
import { logGammaLower, logGammaUpper, poissonMass } from './numerics/special-functions.ts';

/** Beyond, neighbouring whole numbers are no longer told apart. */
const loadMax = 1e15;

interface InfiniteServersAnswer {
  /** Mean and variance of the number in the system, which is Poisson. */
  readonly meanNumberInSystem: number;
  probability(n: number): number;
  /** P(more than n in the system) */
  numberTail(n: number): number;
  /** The least n with P(N ≤ n) ≥ p. */
  numberQuantile(p: number): number;
  /** At a time after it was empty, for exponential service. */
  meanAt(time: number): number;
}

/**
 * Relative error about 1e-13 in both tails. Sources: Gross & Harris §2.6; Eick, Massey & Whitt, Mgmt. Sci. 39 (1993) 241.
 *
 * @throws ImpossibleParameters
 */
export function infiniteServers({ arrivalRate, serviceRate }: { arrivalRate: number; serviceRate: number }): InfiniteServersAnswer {
  requirePositive('arrivalRate', arrivalRate, '1/s');
  requirePositive('serviceRate', serviceRate, '1/s');
  const load = arrivalRate / serviceRate;
  if (!(load <= loadMax)) refuse('arrivalRate', arrivalRate, `a rate (1/s) of up to ${loadMax} messages per service time`);
  return {
    meanNumberInSystem: load,
    probability(n) {
      requireWhole('n', n, 0);
      return poissonMass(n, load);
    },
    numberTail(n) {
      requireWhole('n', n, 0);
      return Math.exp(logGammaLower(n + 1, load));
    },
    numberQuantile(p) {
      requireQuantileOrder('p', p);
      return poissonQuantile(load, p);
    },
    meanAt(time) {
      requireNotNegative('time', time, 's');
      return -load * Math.expm1(-serviceRate * time);
    },
  };
}

/** By strides that double and halving, in the logarithm of the smaller tail. */
function poissonQuantile(mean: number, p: number): number {
  const reaches = (n: number): boolean => (p < 0.5 ? logGammaUpper(n + 1, mean) >= Math.log(p) : logGammaLower(n + 1, mean) <= Math.log1p(-p));
  if (reaches(0)) return 0;
  let below = 0;
  let stride = Math.max(1, Math.floor(mean));
  while (!reaches(below + stride)) {
    below += stride;
    stride = below === stride ? Math.ceil(Math.sqrt(mean)) : 2 * stride;
  }
  let above = below + stride;
  while (above - below > 1) {
    const middle = Math.floor((below + above) / 2);
    if (reaches(middle)) above = middle;
    else below = middle;
  }
  return above;
}
