/** Chains that move up and down by one: 0, 1, …, K. */
import { refuseDescribed, requirePositive, requireWhole } from '../checks.ts';
import { lawOfRatios } from '../numerics/scaled-products.ts';

export interface BirthDeathRates {
  /** From 0 to 1, from 1 to 2, …, in 1/s. */
  readonly births: readonly number[];
  /** From 1 to 0, from 2 to 1, …; as many. */
  readonly deaths: readonly number[];
}

export interface BirthDeathAnswer {
  /** Of the states 0 to K in the long run. */
  readonly probabilities: Float64Array;
  readonly mean: number;
  readonly variance: number;
  /** From one state until another above it is first reached. */
  passage(from: number, to: number): Passage;
}

export interface Passage {
  readonly mean: number;
  readonly variance: number;
}

/**
 * Ratios of neighbours, never a difference: each probability has a relative error of about 1e-16 times the number of its state,
 * and times of passage as well, however rare. Source: Gross & Harris §1.9; Karlin & McGregor 1957.
 *
 * @throws ImpossibleParameters
 */
export function birthDeath({ births, deaths }: BirthDeathRates): BirthDeathAnswer {
  births.forEach((rate, index) => requirePositive(`births.${index}`, rate, '1/s'));
  deaths.forEach((rate, index) => requirePositive(`deaths.${index}`, rate, '1/s'));
  if (births.length !== deaths.length) refuseDescribed('deaths', `a list of ${deaths.length}`, `as many as births, ${births.length}`);
  const probabilities = lawOfRatios(births.length, (state) => births[state - 1]! / deaths[state - 1]!);
  const mean = probabilities.reduce((sum, probability, state) => sum + probability * state, 0);
  const variance = probabilities.reduce((sum, probability, state) => sum + probability * (state - mean) * (state - mean), 0);
  return {
    probabilities, mean, variance,
    passage(from, to) {
      requireWhole('from', from, 0, births.length);
      requireWhole('to', to, from, births.length);
      return passageUp({ birthRate: (state) => births[state]!, deathRate: (state) => deaths[state - 1]! }, from, to);
    },
  };
}

/** Rates as functions of the state: up from it, and down from it. */
export interface RatesByState {
  readonly birthRate: (state: number) => number;
  readonly deathRate: (state: number) => number;
}

/**
 * From one state until another above it. The step from i to i+1 takes h_i = 1/b_i + (d_i/b_i) h_{i−1} on average, and its
 * variance has only positive terms as well. Infinity where it is above the largest number.
 */
export function passageUp({ birthRate, deathRate }: RatesByState, from: number, to: number): Passage {
  let [mean, variance, stepMean, stepVariance] = [0, 0, 0, 0];
  for (let state = 0; state < to; state++) {
    const up = birthRate(state);
    const down = state === 0 ? 0 : deathRate(state);
    if (up === 0) return from === to ? { mean: 0, variance: 0 } : { mean: Infinity, variance: Infinity };
    const back = down === 0 ? 0 : (down / up) * stepMean;
    const nextMean = 1 / up + back;
    const both = stepMean + nextMean;
    stepVariance = 1 / (up * (up + down)) + (down === 0 ? 0 : (down / up) * stepVariance + (down / (up + down)) * both * both);
    stepMean = nextMean;
    if (state < from) continue;
    mean += stepMean;
    variance += stepVariance;
  }
  return { mean, variance };
}
