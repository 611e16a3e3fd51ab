/** A law by its name and parameters, as plain data. Rates are per second and times in seconds, or both in one other unit of time. */
export type LawSpec =
  | { readonly type: 'deterministic'; readonly value: number }
  | { readonly type: 'exponential'; readonly mean: number }
  | { readonly type: 'erlang'; readonly k: number; readonly mean: number }
  | { readonly type: 'gamma'; readonly mean: number; readonly scv: number }
  /** With probability p exponential of rate1, else of rate2. */
  | { readonly type: 'hyperexp2'; readonly p: number; readonly rate1: number; readonly rate2: number }
  /** Two exponentials of which either contributes half of the mean. */
  | { readonly type: 'hyperexp2_balanced'; readonly mean: number; readonly scv: number }
  | { readonly type: 'lognormal'; readonly mean: number; readonly scv: number }
  | { readonly type: 'weibull'; readonly shape: number; readonly mean: number }
  /** P(X > x) = (xm / x)^alpha. */
  | { readonly type: 'pareto'; readonly alpha: number; readonly xm: number }
  /** A Pareto law of which only the values from min to max are kept. */
  | { readonly type: 'bounded_pareto'; readonly min: number; readonly max: number; readonly alpha: number }
  | { readonly type: 'uniform'; readonly min: number; readonly max: number }
  | { readonly type: 'triangular'; readonly min: number; readonly mode: number; readonly max: number }
  /** Values below zero are drawn again; mean and deviation are those before the cut. */
  | { readonly type: 'truncated_normal'; readonly mean: number; readonly deviation: number }
  /** Each of the values equally likely. */
  | { readonly type: 'empirical'; readonly values: readonly number[] }
  /** One of the parts, by their weights. */
  | { readonly type: 'mixture'; readonly parts: readonly { readonly weight: number; readonly of: LawSpec }[] }
  /** `by` more than another law. */
  | { readonly type: 'shifted'; readonly by: number; readonly of: LawSpec };
