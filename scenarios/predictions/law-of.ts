/** A distribution of a scenario as a law of the theory, which knows seconds and no nanoseconds. */
import type { LawSpec } from '../../models/theory/laws/law-spec.ts';
import type { DistributionSpec } from '../../sim/distribution.ts';
import { nanosPerSecond } from '../../sim/units.ts';
import { logGamma } from '../../models/theory/numerics/special-functions.ts';

export function lawOf(spec: DistributionSpec): LawSpec {
  switch (spec.kind) {
    case 'constant': return { type: 'deterministic', value: seconds(spec.value) };
    case 'uniform': return { type: 'uniform', min: seconds(spec.min), max: seconds(spec.max) };
    case 'exponential': return { type: 'exponential', mean: seconds(spec.mean) };
    case 'erlang': return { type: 'erlang', k: spec.stages, mean: seconds(spec.mean) };
    case 'gamma': return { type: 'gamma', mean: seconds(spec.mean), scv: spec.scv };
    case 'hyperexponential': return { type: 'hyperexp2_balanced', mean: seconds(spec.mean), scv: spec.scv };
    case 'lognormal': return { type: 'lognormal', mean: seconds(spec.mean), scv: spec.scv };
    case 'normal': return { type: 'truncated_normal', mean: seconds(spec.mean), deviation: seconds(spec.deviation) };
    case 'weibull': return { type: 'weibull', shape: spec.shape, mean: seconds(spec.scale) * Math.exp(logGamma(1 + 1 / spec.shape)) };
    case 'pareto': return { type: 'pareto', alpha: spec.shape, xm: seconds(spec.min) };
    case 'boundedPareto': return { type: 'bounded_pareto', min: seconds(spec.min), max: seconds(spec.max), alpha: spec.shape };
    case 'triangular': return { type: 'triangular', min: seconds(spec.min), mode: seconds(spec.mode), max: seconds(spec.max) };
    case 'empirical':
    case 'recorded': return { type: 'empirical', values: spec.values.map(seconds) };
    case 'mixture': return { type: 'mixture', parts: spec.parts.map(({ weight, of }) => ({ weight, of: lawOf(of) })) };
    case 'shifted': return { type: 'shifted', by: seconds(spec.by), of: lawOf(spec.of) };
  }
}

function seconds(nanos: number): number {
  return nanos / nanosPerSecond;
}
