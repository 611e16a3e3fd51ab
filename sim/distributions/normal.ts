/** The normal law cut off at zero, and the lognormal. */
import { normalCumulative, normalDensity } from '../special-functions.ts';
import { type Law, wantNotNegative, wantPositive } from './law.ts';

/**
 * Truncated at zero: values below are drawn again. `mean` and `deviation` are those before the cut; the mean and variance
 * of the law are those after it.
 */
export function normal(parameters: { readonly mean: number; readonly deviation: number }): Law {
  const { mean, deviation } = parameters;
  wantNotNegative('normal', 'mean', mean);
  wantPositive('normal', 'deviation', deviation, 'for no variation use a constant');
  const cut = mean / deviation;
  const hazard = normalDensity(cut) / normalCumulative(cut);
  return {
    mean: mean + deviation * hazard,
    variance: deviation * deviation * (1 - cut * hazard - hazard * hazard),
    sampler: (stream) => () => {
      for (;;) {
        const value = mean + deviation * stream.normal();
        if (value >= 0) return value;
      }
    },
  };
}

/** By mean and squared coefficient of variation. */
export function lognormal(parameters: { readonly mean: number; readonly scv: number }): Law {
  const { mean, scv } = parameters;
  wantPositive('lognormal', 'mean', mean, 'for no delay at all use a constant of 0');
  wantPositive('lognormal', 'scv', scv, 'for no variation use a constant');
  const logVariance = Math.log1p(scv);
  const logMean = Math.log(mean) - logVariance / 2;
  const logDeviation = Math.sqrt(logVariance);
  return {
    mean,
    variance: mean * mean * scv,
    sampler: (stream) => () => Math.exp(logMean + logDeviation * stream.normal()),
  };
}
