/** Laws whose tail is a power of an exponential: Weibull, Pareto, bounded Pareto. */
import { logGamma } from '../special-functions.ts';
import { ImpossibleParameters, type Law, wantPositive } from './law.ts';

export function weibull(parameters: { readonly scale: number; readonly shape: number }): Law {
  const { scale, shape } = parameters;
  wantPositive('weibull', 'scale', scale, 'for no delay at all use a constant of 0');
  wantPositive('weibull', 'shape', shape, '1 is the exponential, below it the tail is heavier');
  const mean = scale * Math.exp(logGamma(1 + 1 / shape));
  const square = scale * scale * Math.exp(logGamma(1 + 2 / shape));
  if (!(square < Infinity)) {
    throw new ImpossibleParameters('shape', `weibull: shape ${shape} is too small for a double to hold the variance`, 'use a shape from 0.02');
  }
  return {
    mean,
    variance: Math.max(0, square - mean * mean),
    sampler: (stream) => () => scale * Math.exp(Math.log(stream.exponential()) / shape),
  };
}

/** P(X > x) = (min / x)^shape. The mean is infinite up to shape 1, the variance up to shape 2. */
export function pareto(parameters: { readonly min: number; readonly shape: number }): Law {
  const { min, shape } = parameters;
  wantPositive('pareto', 'min', min, 'the tail needs somewhere to begin');
  wantPositive('pareto', 'shape', shape, 'the mean is finite above 1, the variance above 2');
  return {
    mean: shape > 1 ? (min * shape) / (shape - 1) : Infinity,
    variance: shape > 2 ? (min * min * shape) / ((shape - 1) * (shape - 1) * (shape - 2)) : Infinity,
    // A tail as heavy as that of shape 0.001 overflows a double: then the largest one stands for it.
    sampler: (stream) => () => Math.min(Number.MAX_VALUE, min * Math.exp(stream.exponential() / shape)),
  };
}

/** A Pareto law of which only the values from min to max are kept. */
export function boundedPareto(parameters: { readonly min: number; readonly max: number; readonly shape: number }): Law {
  const { min, max, shape } = parameters;
  wantPositive('boundedPareto', 'min', min, 'the tail needs somewhere to begin');
  wantPositive('boundedPareto', 'shape', shape, 'the smaller, the heavier the tail');
  if (!(max > min && max < Infinity)) {
    throw new ImpossibleParameters('max', `boundedPareto: max ${max} is not above min ${min}`, 'for one value only use a constant');
  }
  const logRange = Math.log(max / min);
  const kept = shape * powerIntegral(shape, logRange);
  const mean = (min * powerIntegral(shape - 1, logRange)) / powerIntegral(shape, logRange);
  const square = (min * min * powerIntegral(shape - 2, logRange)) / powerIntegral(shape, logRange);
  return {
    mean,
    variance: Math.max(0, square - mean * mean),
    sampler: (stream) => () => Math.min(max, min * Math.exp(-Math.log1p(-kept * stream.double()) / shape)),
  };
}

/** (1 - exp(-exponent × range)) / exponent, which tends to the range as the exponent tends to zero. */
function powerIntegral(exponent: number, range: number): number {
  const product = exponent * range;
  return Math.abs(product) < 1e-5 ? range * (1 - product / 2 + (product * product) / 6) : (1 - Math.exp(-product)) / exponent;
}
