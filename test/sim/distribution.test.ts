import { describe, expect, it } from 'vitest';
import { distribution, type DistributionSpec, ImpossibleParameters } from '../../sim/distribution.ts';
import { type RandomStream, RandomStreams } from '../../sim/random.ts';
import { cases } from './laws.ts';
import { countError, drawMany, kolmogorovSmirnov, type Moments, meanError, momentsOf, varianceError, zMax } from './statistics.ts';

const names = Object.keys(cases);
const sampleSize = 300_000;
const fresh = (seed = 42) => new RandomStreams(seed).stream('law');
const sampleOf = (spec: DistributionSpec) => drawMany(sampleSize, distribution(spec).sampler(fresh()));

/** The greatest of the errors of mean and variance, in units of what the false alarm rate allows. */
function momentError(sample: Moments, mean: number, variance: number): number {
  return Math.max(Math.abs(meanError(sample, mean)), Math.abs(varianceError(sample, variance))) / zMax;
}

describe.each(names)('%s', (name) => {
  const { spec, mean, variance, cumulative, known } = cases[name];
  const law = distribution(spec);
  const values = sampleOf(spec);

  it('knows its mean and variance', () => {
    expect(law.mean).toBeCloseTo(mean, 12);
    expect(law.variance).toBeCloseTo(variance, 10);
    expect(law.spec).toBe(spec);
  });

  it('draws values with that mean and variance', () => {
    expect(momentError(momentsOf(values), mean, variance)).toBeLessThan(1);
  });

  it('draws values of that shape', () => {
    expect(kolmogorovSmirnov(values, cumulative)).toBeLessThan(1);
    expect(values.every((value) => value >= 0 && value < Infinity)).toBe(true);
  });

  it.each([0.001, 0.01, 0.99, 0.999, 0.9999])('is below its quantile %d as often as it should', (p) => {
    const quantile = solve(cumulative, p, values);
    expect(Math.abs(countError(values.filter((value) => value <= quantile).length, p, values.length))).toBeLessThan(zMax);
  });

  it('begins with known values', () => {
    expect([...drawMany(3, law.sampler(fresh()))].map((value) => Number(value.toPrecision(9)))).toEqual(known);
  });
});

/** A test that could not fail would prove nothing: samplers with a small error are told apart. */
describe('the checks', () => {
  it.each(names)('see an error of three in a hundred in %s', (name) => {
    const { spec, mean, variance } = cases[name];
    const wrong = sampleOf(spec).map((value) => 1.03 * value);
    expect(momentError(momentsOf(wrong), mean, variance)).toBeGreaterThan(1);
  });

  it('see a wrong shape of the right mean and variance', () => {
    const { cumulative } = cases.exponential;
    const values = sampleOf({ kind: 'lognormal', mean: 20, scv: 1 });
    expect(momentError(momentsOf(values), 20, 400)).toBeLessThan(1);
    expect(kolmogorovSmirnov(values, cumulative)).toBeGreaterThan(1);
  });

  it('see a tail that was cut off', () => {
    const { cumulative } = cases.exponential;
    const values = sampleOf(cases.exponential.spec).map((value) => Math.min(value, 137));
    const quantile = solve(cumulative, 0.999, values);
    expect(Math.abs(countError(values.filter((value) => value <= quantile).length, 0.999, values.length))).toBeGreaterThan(zMax);
  });
});

describe('laws of given values', () => {
  const values = [5, 1, 1, 9];

  it('constant takes no draw', () => {
    const law = distribution({ kind: 'constant', value: 7 });
    expect([law.mean, law.variance]).toEqual([7, 0]);
    expect([...drawMany(3, law.sampler(forbidden()))]).toEqual([7, 7, 7]);
  });

  it('uniform and triangular may be of one value', () => {
    for (const spec of [{ kind: 'uniform', min: 3, max: 3 }, { kind: 'triangular', min: 3, mode: 3, max: 3 }] as const) {
      const law = distribution(spec);
      expect([law.mean, law.variance, law.sampler(fresh())()]).toEqual([3, 0, 3]);
    }
  });

  it('recorded replays in order, begins again, and takes no draw', () => {
    const law = distribution({ kind: 'recorded', values });
    expect([law.mean, law.variance]).toEqual([4, 11]);
    expect([...drawMany(9, law.sampler(forbidden()))]).toEqual([5, 1, 1, 9, 5, 1, 1, 9, 5]);
    // Two users of one recording do not take turns.
    const [one, other] = [law.sampler(forbidden()), law.sampler(forbidden())];
    expect([one(), other(), one(), other()]).toEqual([5, 5, 1, 1]);
  });

  it('empirical draws each value as often as it occurs', () => {
    const law = distribution({ kind: 'empirical', values });
    expect([law.mean, law.variance]).toEqual([4, 11]);
    const drawn = sampleOf({ kind: 'empirical', values });
    expect(momentError(momentsOf(drawn), 4, 11)).toBeLessThan(1);
    for (const [value, share] of [[1, 0.5], [5, 0.25], [9, 0.25]]) {
      expect(Math.abs(countError(drawn.filter((one) => one === value).length, share, drawn.length))).toBeLessThan(zMax);
    }
    expect([...drawMany(8, law.sampler(fresh()))]).toEqual([1, 1, 1, 1, 9, 5, 9, 1]);
  });

  it('do not change when their list does', () => {
    const list = [1, 2, 3];
    const sample = distribution({ kind: 'recorded', values: list }).sampler(forbidden());
    list[0] = 99;
    expect(sample()).toBe(1);
  });
});

describe('moments that are hard to compute', () => {
  it('are infinite where the tail says so', () => {
    const moments = (spec: DistributionSpec) => [distribution(spec).mean, distribution(spec).variance];
    expect(moments({ kind: 'pareto', min: 1, shape: 2 })).toEqual([2, Infinity]);
    expect(moments({ kind: 'pareto', min: 1, shape: 1 })).toEqual([Infinity, Infinity]);
    const heavy: DistributionSpec = { kind: 'pareto', min: 1, shape: 0.5 };
    expect(moments({ kind: 'mixture', parts: [{ weight: 1, of: heavy }, { weight: 1, of: { kind: 'constant', value: 1 } }] })).toEqual([Infinity, Infinity]);
    expect(moments({ kind: 'shifted', by: 3, of: heavy })).toEqual([Infinity, Infinity]);
  });

  it.each([0.3, 0.999999, 1, 1.0000001, 1.02, 1.5, 1.9999999, 2, 2.0000001, 3, 20])('agree with integration for a bounded pareto of shape %d', (shape) => {
    const [min, max] = [2, 50];
    const law = distribution({ kind: 'boundedPareto', min, max, shape });
    const kept = 1 - (min / max) ** shape;
    const density = (x: number) => (shape * min ** shape) / (kept * x ** (shape + 1));
    const mean = integrate((x) => x * density(x), min, max);
    expect(law.mean).toBeCloseTo(mean, 7);
    expect(law.variance).toBeCloseTo(integrate((x) => (x - mean) ** 2 * density(x), min, max), 6);
  });

  it('agree with integration for a weibull of any shape', () => {
    for (const shape of [1, 1.7, 5, 40]) {
      const law = distribution({ kind: 'weibull', scale: 3, shape });
      const density = (x: number) => (shape / 3) * (x / 3) ** (shape - 1) * Math.exp(-((x / 3) ** shape));
      expect(law.mean).toBeCloseTo(integrate((x) => x * density(x), 1e-9, 120), 6);
      expect(law.variance).toBeCloseTo(integrate((x) => (x - law.mean) ** 2 * density(x), 1e-9, 120), 5);
    }
  });
});

describe('values', () => {
  // Streams that begin at their outermost, where things overflow, underflow or step over an edge, and then calm down.
  const outermost = [2 ** -53, 0.5, 1 - 2 ** -53].flatMap((uniform) => [1e-10, 1, 45].flatMap((exponential) => [0, -9, 9].map((normal) => {
    return () => beginningWith({ uniform, exponential, normal });
  })));
  const more: Record<string, DistributionSpec> = {
    'a wild gamma': { kind: 'gamma', mean: 1e9, scv: 1e6 }, 'a wild pareto': { kind: 'pareto', min: 1e9, shape: 1e-3 },
    'a wild lognormal': { kind: 'lognormal', mean: 1e9, scv: 1e6 }, 'a wild weibull': { kind: 'weibull', scale: 1e9, shape: 0.02 },
    'a narrow bounded pareto': { kind: 'boundedPareto', min: 1, max: 1.0000001, shape: 1e6 },
    'a wild hyperexponential': { kind: 'hyperexponential', mean: 1, scv: 1e6 },
  };

  it.each([...names.map((name) => [name, cases[name].spec] as const), ...Object.entries(more)])('of %s are never negative, infinite or NaN', (_name, spec) => {
    const law = distribution(spec);
    expect(law.mean >= 0 && law.variance >= 0).toBe(true);
    for (const stream of outermost) {
      const value = law.sampler(stream())();
      const [min, max] = 'max' in spec ? [spec.min, spec.max] : [0, Number.MAX_VALUE];
      expect(value >= min && value <= max, String(value)).toBe(true);
    }
  });
});

describe('impossible parameters', () => {
  const constant: DistributionSpec = { kind: 'constant', value: 1 };
  it.each([
    ['value', { kind: 'constant', value: -1 }],
    ['value', { kind: 'constant', value: Number.NaN }],
    ['value', { kind: 'constant', value: Infinity }],
    ['min', { kind: 'uniform', min: 3, max: 2 }],
    ['min', { kind: 'uniform', min: -1, max: 2 }],
    ['mean', { kind: 'exponential', mean: 0 }],
    ['mean', { kind: 'exponential', mean: Infinity }],
    ['stages', { kind: 'erlang', mean: 1, stages: 1.5 }],
    ['stages', { kind: 'erlang', mean: 1, stages: 0 }],
    ['mean', { kind: 'gamma', mean: 0, scv: 1 }],
    ['scv', { kind: 'gamma', mean: 1, scv: 0 }],
    ['scv', { kind: 'hyperexponential', mean: 1, scv: 0.5 }],
    ['scv', { kind: 'hyperexponential', mean: 1, scv: Number.NaN }],
    ['mean', { kind: 'hyperexponential', mean: -1, scv: 2 }],
    ['mean', { kind: 'lognormal', mean: 0, scv: 1 }],
    ['scv', { kind: 'lognormal', mean: 1, scv: -1 }],
    ['mean', { kind: 'normal', mean: -1, deviation: 1 }],
    ['deviation', { kind: 'normal', mean: 1, deviation: 0 }],
    ['scale', { kind: 'weibull', scale: 0, shape: 1 }],
    ['shape', { kind: 'weibull', scale: 1, shape: 0 }],
    ['shape', { kind: 'weibull', scale: 1, shape: 0.001 }],
    ['min', { kind: 'pareto', min: 0, shape: 1 }],
    ['shape', { kind: 'pareto', min: 1, shape: 0 }],
    ['max', { kind: 'boundedPareto', min: 2, max: 2, shape: 1 }],
    ['min', { kind: 'boundedPareto', min: 0, max: 2, shape: 1 }],
    ['shape', { kind: 'boundedPareto', min: 1, max: 2, shape: -1 }],
    ['mode', { kind: 'triangular', min: 1, mode: 4, max: 3 }],
    ['mode', { kind: 'triangular', min: 1, mode: Number.NaN, max: 3 }],
    ['min', { kind: 'triangular', min: 4, mode: 3, max: 3 }],
    ['values', { kind: 'empirical', values: [] }],
    ['values', { kind: 'empirical', values: [1, -2] }],
    ['values', { kind: 'recorded', values: [] }],
    ['values', { kind: 'recorded', values: [1, Number.NaN] }],
    ['parts', { kind: 'mixture', parts: [] }],
    ['weight', { kind: 'mixture', parts: [{ weight: 0, of: constant }] }],
    ['scv', { kind: 'mixture', parts: [{ weight: 1, of: { kind: 'hyperexponential', mean: 1, scv: 0.5 } }] }],
    ['by', { kind: 'shifted', by: -1, of: constant }],
    ['mean', { kind: 'shifted', by: 1, of: { kind: 'exponential', mean: 0 } }],
  ] as const satisfies readonly (readonly [string, DistributionSpec])[])('are refused by name: %s of %j', (parameter, spec) => {
    let refused: unknown;
    try {
      distribution(spec);
    } catch (error) {
      refused = error;
    }
    expect(refused).toBeInstanceOf(ImpossibleParameters);
    const { parameter: named, hint, message } = refused as ImpossibleParameters;
    expect(named).toBe(parameter);
    expect(hint).not.toBe('');
    expect(message).toMatch(/^\w+: /);
  });
});

function beginningWith({ uniform, exponential, normal }: { uniform: number; exponential: number; normal: number }): RandomStream {
  const calm = fresh();
  let draws = 0;
  const early = () => draws++ < 3;
  return {
    double: () => (early() ? uniform : calm.double()),
    below: (n) => (early() ? Math.floor(uniform * n) : calm.below(n)),
    exponential: () => (early() ? exponential : calm.exponential()),
    normal: () => (early() ? normal : calm.normal()),
  };
}

function forbidden(): RandomStream {
  const draw = () => {
    throw new Error('a draw was taken');
  };
  return { double: draw, below: draw, exponential: draw, normal: draw };
}

/** Where the law reaches p, by bisection between the ends of the sample and beyond. */
function solve(cumulative: (x: number) => number, p: number, values: Float64Array): number {
  let low = values.reduce((a, b) => Math.min(a, b));
  let high = values.reduce((a, b) => Math.max(a, b));
  for (let step = 0; step < 100; step++) {
    const middle = (low + high) / 2;
    if (cumulative(middle) < p) low = middle;
    else high = middle;
  }
  return high;
}

/** Simpson's rule over the logarithm, since densities with a power in them are steep at their lower end. */
function integrate(f: (x: number) => number, from: number, to: number): number {
  const steps = 20_000;
  const width = Math.log(to / from) / steps;
  let sum = 0;
  for (let step = 0; step <= steps; step++) {
    const x = from * Math.exp(step * width);
    sum += (step === 0 || step === steps ? 1 : step % 2 === 0 ? 2 : 4) * f(x) * x;
  }
  return (sum * width) / 3;
}
