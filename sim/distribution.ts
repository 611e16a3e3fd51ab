/**
 * What a random duration or size can be. Parameters and values are in the quantity's own unit (ns or bytes); `scv` is
 * the squared coefficient of variation. A new kind is one line in the union, one in `law`, and one function.
 */
import { constant, triangular, uniform } from './distributions/simple.ts';
import { empirical, mixture, recorded, shifted } from './distributions/composed.ts';
import { erlang, exponential, gamma, hyperexponential } from './distributions/gamma.ts';
import { boundedPareto, pareto, weibull } from './distributions/heavy.ts';
import { lognormal, normal } from './distributions/normal.ts';
import type { Law } from './distributions/law.ts';

export { ImpossibleParameters, type Sampler } from './distributions/law.ts';

export type DistributionSpec =
  | { readonly kind: 'constant'; readonly value: number }
  | { readonly kind: 'uniform'; readonly min: number; readonly max: number }
  | { readonly kind: 'exponential'; readonly mean: number }
  | { readonly kind: 'erlang'; readonly mean: number; readonly stages: number }
  | { readonly kind: 'gamma'; readonly mean: number; readonly scv: number }
  | { readonly kind: 'hyperexponential'; readonly mean: number; readonly scv: number }
  | { readonly kind: 'lognormal'; readonly mean: number; readonly scv: number }
  | { readonly kind: 'normal'; readonly mean: number; readonly deviation: number }
  | { readonly kind: 'weibull'; readonly scale: number; readonly shape: number }
  | { readonly kind: 'pareto'; readonly min: number; readonly shape: number }
  | { readonly kind: 'boundedPareto'; readonly min: number; readonly max: number; readonly shape: number }
  | { readonly kind: 'triangular'; readonly min: number; readonly mode: number; readonly max: number }
  | { readonly kind: 'empirical'; readonly values: readonly number[] }
  | { readonly kind: 'recorded'; readonly values: readonly number[] }
  | { readonly kind: 'mixture'; readonly parts: readonly { readonly weight: number; readonly of: DistributionSpec }[] }
  | { readonly kind: 'shifted'; readonly by: number; readonly of: DistributionSpec };

export interface Distribution extends Law {
  readonly spec: DistributionSpec;
}

/** @throws ImpossibleParameters */
export function distribution(spec: DistributionSpec): Distribution {
  return { spec, ...law(spec) };
}

function law(spec: DistributionSpec): Law {
  switch (spec.kind) {
    case 'constant': return constant(spec);
    case 'uniform': return uniform(spec);
    case 'exponential': return exponential(spec);
    case 'erlang': return erlang(spec);
    case 'gamma': return gamma(spec);
    case 'hyperexponential': return hyperexponential(spec);
    case 'lognormal': return lognormal(spec);
    case 'normal': return normal(spec);
    case 'weibull': return weibull(spec);
    case 'pareto': return pareto(spec);
    case 'boundedPareto': return boundedPareto(spec);
    case 'triangular': return triangular(spec);
    case 'empirical': return empirical(spec);
    case 'recorded': return recorded(spec);
    case 'mixture': return mixture(spec.parts.map((part) => ({ weight: part.weight, of: law(part.of) })));
    case 'shifted': return shifted(spec.by, law(spec.of));
  }
}
