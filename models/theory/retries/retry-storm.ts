/** Clients that give up waiting and ask again, while servers still work for those who have gone: the load that feeds itself. */
import { requirePositive, requireWhole } from '../checks.ts';
import { mmc, requireStation, type MmcParameters } from '../mmc.ts';
import { geometricSum } from '../numerics/geometric-sums.ts';

export interface RetryStormParameters extends MmcParameters {
  /** A request that is not answered by then is made again, in s. */
  readonly timeout: number;
  /** Retries of one request; Infinity for as many as it takes. */
  readonly retriesMax?: number;
}

export interface LoadLevel {
  /** Requests per second that arrive, retries included. */
  readonly load: number;
  /** That an attempt is not answered in time. */
  readonly timeoutProbability: number;
  /** Requests per second that are answered in time, by one of their attempts. */
  readonly goodput: number;
}

export interface RetryStormAnswer {
  /** Where the load settles when it begins without retries. */
  readonly calm: LoadLevel;
  /** Where it settles after something made every attempt time out. */
  readonly storm: LoadLevel;
  /** Whether the two differ: then the same traffic may stay calm for long, or stay in the storm after its cause is gone. */
  readonly isMetastable: boolean;
}

/** Loads that differ by less are the same. */
const same = 1e-9;
const roundsMax = 200_000;

/**
 * Fixed points of Λ = λ Σ_{i≤m} P(Λ)^i, where P(Λ) is the probability that a message of an M/M/c with Λ is in the system for
 * longer than the timeout: an approximation, for retries do not come as a Poisson stream, and attempts of one request depend on
 * each other. P grows with Λ, so iterating from λ gives the least fixed point and from the most retries the greatest, both to a
 * relative error of 1e-9.
 *
 * @throws ImpossibleParameters
 */
export function retryStorm({ arrivalRate, serviceRate, servers, timeout, retriesMax = Infinity }: RetryStormParameters): RetryStormAnswer {
  requireStation({ arrivalRate, serviceRate, servers });
  requirePositive('timeout', timeout, 's');
  if (retriesMax !== Infinity) requireWhole('retriesMax', retriesMax, 0);
  const late = (load: number): number => (load === Infinity ? 1 : (mmc({ arrivalRate: load, serviceRate, servers }).sojournTail?.(timeout) ?? 1));
  const loadWhen = (timeoutProbability: number): number => arrivalRate * geometricSum(Math.log(timeoutProbability), retriesMax + 1);
  const levelFrom = (begin: number): LoadLevel => {
    const load = settled((previous) => loadWhen(late(previous)), begin);
    const timeoutProbability = late(load);
    const success = retriesMax === Infinity ? (timeoutProbability < 1 ? 1 : 0) : 0 - Math.expm1((retriesMax + 1) * Math.log(timeoutProbability));
    return { load, timeoutProbability, goodput: arrivalRate * success };
  };
  const calm = levelFrom(arrivalRate);
  const storm = levelFrom(loadWhen(1));
  return { calm, storm, isMetastable: storm.load > calm.load * (1 + 1e3 * same) };
}

/** Where a rising function leads from one side of its fixed point. */
function settled(next: (load: number) => number, begin: number): number {
  let load = begin;
  for (let round = 0; round < roundsMax; round++) {
    const following = next(load);
    if (following === load || Math.abs(following - load) <= same * 1e-4 * load) return following;
    load = following;
  }
  return load;
}
