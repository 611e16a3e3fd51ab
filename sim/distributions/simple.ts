/** Laws on an interval: constant, uniform, triangular. */
import { ImpossibleParameters, type Law, wantNotNegative } from './law.ts';

/** Takes no draw from its stream. */
export function constant(parameters: { readonly value: number }): Law {
  const { value } = parameters;
  wantNotNegative('constant', 'value', value);
  return { mean: value, variance: 0, sampler: () => () => value };
}

export function uniform(parameters: { readonly min: number; readonly max: number }): Law {
  const { min, max } = parameters;
  wantInterval('uniform', min, max);
  const range = max - min;
  return {
    mean: min + range / 2,
    variance: (range * range) / 12,
    sampler: (stream) => () => min + range * stream.double(),
  };
}

export function triangular(parameters: { readonly min: number; readonly mode: number; readonly max: number }): Law {
  const { min, mode, max } = parameters;
  wantInterval('triangular', min, max);
  if (!(mode >= min && mode <= max)) {
    throw new ImpossibleParameters('mode', `triangular: mode ${mode} is not between min ${min} and max ${max}`, 'move the mode between the two');
  }
  const range = max - min;
  const left = mode - min;
  const right = max - mode;
  return {
    mean: (min + mode + max) / 3,
    variance: (left * left + right * right + left * right) / 18,
    sampler: (stream) => () => {
      const u = stream.double() * range;
      return u < left ? min + Math.sqrt(u * left) : max - Math.sqrt((range - u) * right);
    },
  };
}

function wantInterval(kind: string, min: number, max: number): void {
  wantNotNegative(kind, 'min', min);
  wantNotNegative(kind, 'max', max);
  if (min > max) throw new ImpossibleParameters('min', `${kind}: min ${min} is above max ${max}`, 'swap them');
}
