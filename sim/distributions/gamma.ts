/** The exponential law and its kin: Erlang, gamma, hyperexponential. */
import type { RandomStream } from '../random.ts';
import { ImpossibleParameters, type Law, type Sampler, wantPositive } from './law.ts';

const useConstant = 'for no delay at all use a constant of 0';
/** Up to this many stages adding exponentials is faster than Marsaglia and Tsang's method. */
const stagesAddedMax = 3;

export function exponential(parameters: { readonly mean: number }): Law {
  const { mean } = parameters;
  wantPositive('exponential', 'mean', mean, useConstant);
  return { mean, variance: mean * mean, sampler: (stream) => () => mean * stream.exponential() };
}

/** The sum of `stages` equal exponentials. */
export function erlang(parameters: { readonly mean: number; readonly stages: number }): Law {
  const { mean, stages } = parameters;
  wantPositive('erlang', 'mean', mean, useConstant);
  if (!(Number.isSafeInteger(stages) && stages >= 1)) {
    throw new ImpossibleParameters('stages', `erlang: stages is ${stages}, and must be a whole number from 1`, 'for other shapes use gamma');
  }
  const sampler = stages <= stagesAddedMax ? sumOfExponentials : gammaSampler;
  return { mean, variance: (mean * mean) / stages, sampler: (stream) => sampler(stream, stages, mean / stages) };
}

/** By mean and squared coefficient of variation: the shape is 1 / scv. */
export function gamma(parameters: { readonly mean: number; readonly scv: number }): Law {
  const { mean, scv } = parameters;
  wantPositive('gamma', 'mean', mean, useConstant);
  wantPositive('gamma', 'scv', scv, 'for no variation use a constant');
  return { mean, variance: mean * mean * scv, sampler: (stream) => gammaSampler(stream, 1 / scv, mean * scv) };
}

/** Two exponentials with balanced means: either contributes half of the mean (p1 × mean1 = p2 × mean2). */
export function hyperexponential(parameters: { readonly mean: number; readonly scv: number }): Law {
  const { mean, scv } = parameters;
  wantPositive('hyperexponential', 'mean', mean, useConstant);
  if (!(scv >= 1 && scv < Infinity)) {
    throw new ImpossibleParameters(
      'scv', `hyperexponential: scv is ${scv}, and must be 1 or more`, 'for less variation than an exponential use erlang or gamma',
    );
  }
  const often = (1 + Math.sqrt((scv - 1) / (scv + 1))) / 2;
  const shortMean = mean / (2 * often);
  // 1 - often, without losing its digits when it is small.
  const longMean = mean * often * (scv + 1);
  return {
    mean,
    variance: mean * mean * scv,
    sampler: (stream) => () => (stream.double() < often ? shortMean : longMean) * stream.exponential(),
  };
}

function sumOfExponentials(stream: RandomStream, stages: number, scale: number): Sampler {
  return () => {
    let sum = 0;
    for (let stage = 0; stage < stages; stage++) sum += stream.exponential();
    return sum * scale;
  };
}

/** Marsaglia and Tsang 2000; a shape below 1 is drawn one higher and shrunk by U^(1/shape). */
function gammaSampler(stream: RandomStream, shape: number, scale: number): Sampler {
  if (shape < 1) {
    const boosted = gammaSampler(stream, shape + 1, scale);
    return () => boosted() * Math.exp(-stream.exponential() / shape);
  }
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  return () => {
    for (;;) {
      const x = stream.normal();
      const root = 1 + c * x;
      if (root <= 0) continue;
      const v = root * root * root;
      const u = stream.double();
      const square = x * x;
      if (u < 1 - 0.0331 * square * square || Math.log(u) < 0.5 * square + d * (1 - v + Math.log(v))) return scale * d * v;
    }
  };
}
