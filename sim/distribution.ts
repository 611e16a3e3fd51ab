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
