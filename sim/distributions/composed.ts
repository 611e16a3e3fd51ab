/** Laws made of values or of other laws: empirical, recorded, mixture, shifted. */
import { ImpossibleParameters, type Law, wantNotNegative, wantPositive } from './law.ts';

/** Draws from the values at random, each equally likely. */
export function empirical(parameters: { readonly values: readonly number[] }): Law {
  const values = checkedValues('empirical', parameters.values);
  return { ...moments(values), sampler: (stream) => () => values[stream.below(values.length)] };
}

/** Replays the values in order, and begins again when they are used up. Takes no draw from its stream. */
export function recorded(parameters: { readonly values: readonly number[] }): Law {
  const values = checkedValues('recorded', parameters.values);
  return {
    ...moments(values),
    sampler: () => {
      let next = 0;
      return () => {
        const value = values[next];
        next = next + 1 === values.length ? 0 : next + 1;
        return value;
      };
    },
  };
}

/** One of the parts, chosen in proportion to the weights. */
export function mixture(parts: readonly { readonly weight: number; readonly of: Law }[]): Law {
  if (parts.length === 0) throw new ImpossibleParameters('parts', 'mixture: it has no parts', 'give at least one part with its weight');
  for (const part of parts) wantPositive('mixture', 'weight', part.weight, 'leave the part out instead');
  const total = parts.reduce((sum, part) => sum + part.weight, 0);
  const mean = parts.reduce((sum, part) => sum + (part.weight / total) * part.of.mean, 0);
  const spread = (law: Law) => law.variance + (law.mean - mean) * (law.mean - mean);
  return {
    mean,
    variance: mean === Infinity ? Infinity : parts.reduce((sum, part) => sum + (part.weight / total) * spread(part.of), 0),
    sampler: (stream) => {
      const samplers = parts.map((part) => part.of.sampler(stream));
      const upTo = new Float64Array(parts.length);
      parts.forEach((part, index) => (upTo[index] = part.weight / total + (index === 0 ? 0 : upTo[index - 1])));
      return () => samplers[firstAbove(upTo, stream.double())]();
    },
  };
}

/** `by` more than the other law. */
export function shifted(by: number, of: Law): Law {
  wantNotNegative('shifted', 'by', by);
  return {
    mean: by + of.mean,
    variance: of.variance,
    sampler: (stream) => {
      const sample = of.sampler(stream);
      return () => by + sample();
    },
  };
}

/** The first place whose bound is above x; the last one where rounding left none. */
function firstAbove(bounds: Float64Array, x: number): number {
  let low = 0;
  let high = bounds.length - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (bounds[middle] > x) high = middle;
    else low = middle + 1;
  }
  return low;
}

function checkedValues(kind: string, values: readonly number[]): Float64Array {
  if (values.length === 0) throw new ImpossibleParameters('values', `${kind}: there are no values`, 'give at least one');
  values.forEach((value, index) => {
    if (value >= 0 && value < Infinity) return;
    throw new ImpossibleParameters(
      'values', `${kind}: value ${index + 1} is ${value}, and must be 0 or more`, 'durations and sizes are never negative',
    );
  });
  return Float64Array.from(values);
}

/** Of the values as they are: they are the law, and not a sample of it. */
function moments(values: Float64Array): { mean: number; variance: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) * (value - mean), 0);
  return { mean, variance: squares / values.length };
}
