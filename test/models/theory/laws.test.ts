import { describe, expect, it } from 'vitest';
import type { ImpossibleParameters } from '../../../models/theory/checks.ts';
import { lawParameter } from '../../../models/theory/laws/law-parameter.ts';
import type { LawSpec } from '../../../models/theory/laws/law-spec.ts';
import { law } from '../../../models/theory/laws/law.ts';
import { magnitude } from '../../../models/theory/numerics/complex.ts';
import { panels } from '../../../models/theory/numerics/quadrature.ts';
import { expectNear } from './expect-near.ts';

const light: readonly LawSpec[] = [
  { type: 'deterministic', value: 1.5 },
  { type: 'exponential', mean: 2 },
  { type: 'erlang', k: 3, mean: 2 },
  { type: 'erlang', k: 300, mean: 2 },
  { type: 'gamma', mean: 2, scv: 0.4 },
  { type: 'gamma', mean: 2, scv: 3 },
  { type: 'hyperexp2', p: 0.3, rate1: 0.5, rate2: 2.5 },
  { type: 'hyperexp2_balanced', mean: 2, scv: 4 },
  { type: 'weibull', shape: 2, mean: 1 },
  { type: 'weibull', shape: 1, mean: 1 },
  { type: 'bounded_pareto', min: 1, max: 20, alpha: 1 },
  { type: 'bounded_pareto', min: 1, max: 20, alpha: 2.5 },
  { type: 'uniform', min: 1, max: 3 },
  { type: 'triangular', min: 0, mode: 0.5, max: 2 },
  { type: 'triangular', min: 1, mode: 1, max: 2 },
  { type: 'truncated_normal', mean: 1, deviation: 0.3 },
  { type: 'truncated_normal', mean: 0, deviation: 1 },
  { type: 'empirical', values: [1, 1, 2, 5] },
  { type: 'mixture', parts: [{ weight: 1, of: { type: 'deterministic', value: 0 } }, { weight: 3, of: { type: 'erlang', k: 2, mean: 1 } }] },
  { type: 'shifted', by: 0.5, of: { type: 'exponential', mean: 1 } },
];
const heavy: readonly LawSpec[] = [
  { type: 'lognormal', mean: 1, scv: 4 },
  { type: 'lognormal', mean: 1, scv: 400 },
  { type: 'lognormal', mean: 1, scv: 0.01 },
  { type: 'weibull', shape: 0.3, mean: 1 },
  { type: 'pareto', alpha: 3.5, xm: 0.6 },
  { type: 'gamma', mean: 1, scv: 400 },
];
const named = (specs: readonly LawSpec[]) => specs.map((spec) => [JSON.stringify(spec), law(spec)] as const);

describe('every law', () => {
  it.each(named([...light, ...heavy]))('has a variance that follows from its moments: %s', (_, { mean, variance, scv, moment }) => {
    expect(moment(0)).toBeCloseTo(1, 14);
    expectNear(moment(1), mean, 1e-13);
    expect(Math.abs(moment(2) - mean * mean - variance)).toBeLessThan(1e-12 * moment(2));
    expectNear(scv, variance / (mean * mean), 1e-13);
  });

  it.each(named([...light, ...heavy]))('keeps tail and excess together: %s', (_, { tail, excess, mean }) => {
    expect(tail(-1)).toBe(1);
    expectNear(excess(0), mean, 1e-12);
    for (const x of [0.013, 0.51, 1.07, 1.73, 4.03]) {
      // Between atoms and kinks the excess falls by the tail.
      const step = 1e-5;
      expect(Math.abs((excess(x - step) - excess(x + step)) / (2 * step) - tail(x))).toBeLessThan(2e-6);
    }
  });

  it.each(named(light))('has the tail whose area is its transform: %s', (_, { spec, tail, laplace }) => {
    for (const s of [{ re: 0.7, im: 0 }, { re: 0.4, im: 3 }]) {
      // (1 − E[exp(−sX)])/s = ∫ exp(−sx) P(X > x) dx, on panels that end at the kinks.
      let [re, im] = [0, 0];
      for (let low = 0; low < 60; low += 0.25) {
        for (const { x, weight } of panels(low, low + 0.25, 1)) {
          re += weight * tail(x) * Math.exp(-s.re * x) * Math.cos(s.im * x);
          im -= weight * tail(x) * Math.exp(-s.re * x) * Math.sin(s.im * x);
        }
      }
      const { re: a, im: b } = laplace(s);
      const area = { re: 1 - (re * s.re - im * s.im), im: -(re * s.im + im * s.re) };
      // Where the tail falls like a root at zero, panels do no better.
      expect(magnitude({ re: a - area.re, im: b - area.im })).toBeLessThan(spec.type === 'gamma' ? 2e-4 : 1e-9);
    }
  });

  it.each(named([...light, ...heavy]))('has a curvature that belongs to its transform: %s', (_, { laplace, curvature, mean, moment }) => {
    for (const s of [{ re: 0.9, im: 0 }, { re: 0.6, im: 5 }, { re: 2, im: 40 }]) {
      const [bent, whole] = [curvature(s), laplace(s)];
      const square = { re: s.re * s.re - s.im * s.im, im: 2 * s.re * s.im };
      const back = { re: 1 - s.re * mean + bent.re * square.re - bent.im * square.im, im: -s.im * mean + bent.re * square.im + bent.im * square.re };
      expect(magnitude({ re: back.re - whole.re, im: back.im - whole.im })).toBeLessThan(1e-13 * (1 + magnitude(s) * mean));
    }
    // As s → 0 it is half the second moment, of which direct subtraction would leave nothing.
    const tiny = 1e-7 / moment(3) * moment(2);
    expectNear(curvature({ re: tiny, im: 0 }).re, moment(2) / 2, 1e-7);
    expectNear(curvature({ re: tiny, im: tiny }).re, moment(2) / 2, 1e-7);
  });
});

// Computed with mpmath, 40 digits: lognormal and Weibull along the ray on which exp(−sx) does not oscillate (trapezoidal rule),
// Pareto by its exponential integral, the truncated normal law by erfc of a complex number.
describe('transforms', () => {
  it.each([
    [{ type: 'lognormal', mean: 1, scv: 400 }, [0.001, 0.2], [0.95680312828364658, -0.069832160850196301], [1.0873830098213581, -3.2434032337277221]],
    [{ type: 'lognormal', mean: 1, scv: 0.3 }, [0.05, 1], [0.48838531373177095, -0.68057888883973917], [0.48994994873771637, -0.27110387597643026]],
    [{ type: 'weibull', shape: 0.3, mean: 1 }, [0.9, 314], [0.24743179233501655, -0.1037914490726266], [1.675470904801979e-5, -0.0031835907896660418]],
    [{ type: 'weibull', shape: 0.5, mean: 1 }, [0.001, 0.01], [0.99870841796344964, -0.0099259439625214472], [2.9749771951824937, -0.14703528863538299]],
    [{ type: 'pareto', alpha: 1.5, xm: 1 }, [0.5, 30], [0.030050290187326673, -0.0016815871690305205], [0.0027429657996835331, -0.09993445894841952]],
    [{ type: 'pareto', alpha: 1.5, xm: 1 }, [1e-5, 1e-4], [0.99996789376628653, -0.00029712961527240193], [260.68506243108049, -237.27420229655615]],
    [{ type: 'truncated_normal', mean: 1, deviation: 0.2 }, [0.3, 7], [0.22460355528826548, -0.16473229261364908], undefined],
  ] as const)('of %j at %j', (spec, [re, im], wanted, wantedCurvature) => {
    const { laplace, curvature } = law(spec);
    const value = laplace({ re, im });
    expect(Math.hypot(value.re - wanted[0], value.im - wanted[1])).toBeLessThan(3e-14);
    if (wantedCurvature === undefined) return;
    const bent = curvature({ re, im });
    expect(Math.hypot(bent.re - wantedCurvature[0], bent.im - wantedCurvature[1])).toBeLessThan(2e-13 * Math.hypot(...wantedCurvature));
  });
});

describe('moments', () => {
  it('of Pareto laws are infinite from alpha on', () => {
    const { mean, variance, scv, moment, excess } = law({ type: 'pareto', alpha: 2, xm: 1 });
    expect([mean, variance, scv, moment(3)]).toEqual([2, Infinity, Infinity, Infinity]);
    expectNear(excess(10), 0.1, 1e-14);
    expect(law({ type: 'pareto', alpha: 1, xm: 1 }).mean).toBe(Infinity);
  });

  it('of a Weibull law are those of its unit', () => {
    // E[X²]/E[X]² = Γ(5)/Γ(3)² for shape 1/2.
    expectNear(law({ type: 'weibull', shape: 0.5, mean: 3 }).scv, 5, 1e-13);
  });
});

describe('phases', () => {
  it.each(named(light.filter(({ type }) => /exp|erlang/.test(type))))('have the moments of the law, where there are any: %s', (_, { phases, mean }) => {
    if (phases === undefined) return;
    const times: number[] = [];
    phases.initial.forEach((chance, phase) => times.push(times.reduce((sum, time, from) => sum + time * phases.generator[from]![phase]!, chance) / -phases.generator[phase]![phase]!));
    expectNear(times.reduce((sum, time) => sum + time, 0), mean, 1e-13);
    phases.generator.forEach((row, phase) => expect(row.reduce((sum, rate) => sum + rate, phases.exits[phase]!)).toBeCloseTo(0, 12));
  });

  it('are there for exponential laws and their kin alone', () => {
    const has = (spec: LawSpec) => law(spec).phases !== undefined;
    expect(light.filter(has).map(({ type }) => type)).toEqual(['exponential', 'erlang', 'hyperexp2', 'hyperexp2_balanced']);
    expect(has({ type: 'mixture', parts: [{ weight: 1, of: { type: 'exponential', mean: 1 } }, { weight: 2, of: { type: 'erlang', k: 3, mean: 1 } }] })).toBe(true);
  });
});

describe('impossible laws', () => {
  it.each([
    [{ type: 'exponential', mean: 0 }, 'service.mean'],
    [{ type: 'exponential' }, 'service.mean'],
    [{ type: 'exponential', mean: 1, scv: 2 }, 'service.scv'],
    [{ type: 'cauchy', mean: 1 }, 'service.type'],
    [{ mean: 1 }, 'service.type'],
    ['exponential', 'service'],
    [{ type: 'erlang', k: 1.5, mean: 1 }, 'service.k'],
    [{ type: 'hyperexp2', p: 2, rate1: 1, rate2: 1 }, 'service.p'],
    [{ type: 'hyperexp2_balanced', mean: 1, scv: 0.5 }, 'service.scv'],
    [{ type: 'uniform', min: 2, max: 1 }, 'service.max'],
    [{ type: 'bounded_pareto', min: 2, max: 2, alpha: 1 }, 'service.max'],
    [{ type: 'triangular', min: 0, mode: 3, max: 2 }, 'service.mode'],
    [{ type: 'empirical', values: [] }, 'service.values'],
    [{ type: 'empirical', values: [1, -1] }, 'service.values.1'],
    [{ type: 'shifted', by: 1, of: { type: 'exponential', mean: -1 } }, 'service.of.mean'],
    [{ type: 'mixture', parts: [{ weight: 0, of: { type: 'exponential', mean: 1 } }] }, 'service.parts.0.weight'],
    [{ type: 'mixture', parts: [{ weight: 1, of: { type: 'exponential', mean: 'x' } }] }, 'service.parts.0.of.mean'],
    [{ type: 'mixture', parts: [7] }, 'service.parts.0'],
  ])('%j is refused by name', (spec, parameter) => {
    expect(refusals(spec)).toEqual([parameter]);
  });

  it('are read as they are written elsewhere', () => {
    const problems: never[] = [];
    const number = (written: unknown, quantity: string) => (typeof written === 'string' ? Number.parseFloat(written) / (quantity === 'time' ? 1000 : 1) : (written as number));
    const read = lawParameter('a law').read({ type: 'hyperexp2', p: '0.5', rate1: '3/s', rate2: 1 }, 'service', { number, problems });
    expect(read).toEqual({ type: 'hyperexp2', p: 0.5, rate1: 3, rate2: 1 });
    expect(lawParameter('a law').read({ type: 'exponential', mean: '10ms' }, 'service', { number, problems })).toEqual({ type: 'exponential', mean: 0.01 });
    expect(problems).toEqual([]);
  });
});

function refusals(spec: unknown): string[] {
  try {
    law(spec as LawSpec, 'service');
    return [];
  } catch (error) {
    return (error as ImpossibleParameters).problems.map(({ parameter }) => parameter);
  }
}
