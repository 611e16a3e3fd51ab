import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  gammaLower, gammaUpper, harmonic, logGamma, logGammaLower, logGammaUpper, lowerSeries,
  normalCdf, normalHazard, normalQuantile, normalTail, normalTailQuantile, poissonMass,
} from '../../../models/theory/numerics/special-functions.ts';
import { expectNear } from './expect-near.ts';

const functions = { gammaLower, gammaUpper, harmonic, logGamma, logGammaLower, logGammaUpper, normalHazard, normalTail, normalTailQuantile, poissonMass };

/** mpmath, 80 digits: loggamma, exp of logarithms, series of the incomplete gamma function, erfc, harmonic. */
const known: readonly (readonly [keyof typeof functions, readonly number[], number])[] = [
  ['logGamma', [1e-9], 20.723265836369194],
  ['logGamma', [0.3], 1.0957979948180756],
  ['logGamma', [1.000001], -5.772148423874147e-7],
  ['logGamma', [2.0001], 4.2281658112919945e-5],
  ['logGamma', [5.5], 3.9578139676187165],
  ['logGamma', [33.3], 82.60372358165495],
  ['logGamma', [1000000000], 19723265827.503716],
  ['poissonMass', [5, 3], 0.10081881344492448],
  ['poissonMass', [100, 80], 0.0039394581591992595],
  ['poissonMass', [1000, 700], 3.0708489861268827e-27],
  ['poissonMass', [100000, 101000], 8.78630075164811e-6],
  ['poissonMass', [1000000000, 1000050000], 3.6145984525463e-6],
  ['poissonMass', [50, 400], 7.982371437845785e-109],
  ['gammaUpper', [0.2, 0.020000000000000004], 0.5035890927453816],
  ['gammaLower', [0.5, 0.05], 0.24817036595415073],
  ['gammaUpper', [0.5, 5], 0.0015654022580025497],
  ['gammaLower', [3, 1.8], 0.2693789140605875],
  ['gammaUpper', [3, 6], 0.06196880441665896],
  ['gammaLower', [29, 26.1], 0.3102600014359556],
  ['gammaUpper', [31, 40.300000000000004], 0.056358618007740696],
  ['gammaLower', [35, 28], 0.11210114245241959],
  ['gammaUpper', [50, 80], 0.00013078397659141034],
  ['logGammaLower', [100, 10], -143.37672310061888],
  ['gammaLower', [100, 61], 2.9129586494007166e-6],
  ['logGammaUpper', [500, 1500], -455.41490799325794],
  ['logGammaLower', [5000, 500], -7017.9976809345],
  ['gammaLower', [5000, 4750], 0.00016438616435882257],
  ['gammaLower', [5000, 5000.5], 0.5047013703961134],
  ['gammaUpper', [5000, 5250], 0.00024794736798936087],
  ['gammaLower', [100000, 95000], 1.7109743250860414e-58],
  ['gammaLower', [100000, 100000], 0.5004205221103651],
  ['gammaUpper', [100000, 101000], 0.0008084215129255907],
  ['normalHazard', [-5], 1.4867199409049056e-6],
  ['normalTail', [-1], 0.8413447460685429],
  ['normalHazard', [0.1], 0.8626174715309362],
  ['normalTail', [0.5], 0.3085375387259869],
  ['normalTail', [1], 0.15865525393145705],
  ['normalTail', [3], 0.0013498980316300946],
  ['normalHazard', [4], 4.225607144489471],
  ['normalTail', [8], 6.220960574271784e-16],
  ['normalHazard', [30], 30.033259667433676],
  ['normalTail', [37], 5.725571222524577e-300],
  ['normalTailQuantile', [1e-300], 37.0470962993612],
  ['normalTailQuantile', [1e-9], 5.9978070150076865],
  ['normalTailQuantile', [0.1], 1.2815515655446004],
  ['normalTailQuantile', [0.45], 0.12566134685507402],
  ['harmonic', [5], 2.283333333333333],
  ['harmonic', [30], 3.994987130920391],
  ['harmonic', [1000000], 14.392726722865724],
];

describe('special functions', () => {
  it.each(known)('%s%j', (name, places, wanted) => {
    expectNear((functions[name] as (...places: readonly number[]) => number)(...places), wanted, 3e-13);
  });

  // The sum of Poisson masses downward from n − 1, mpmath, 30 digits.
  it.each([[1e8, 1e8 + 50000, 2.878429686852781e-7], [1e8, 1e8 + 200000, 3.5936926217787998e-89], [1e6, 1e6 + 10, 0.4958776832030904]])('Q(%d, %d)', (a, x, wanted) => {
    expectNear(gammaUpper(a, x), wanted, 1e-12);
  });

  it('agree between series, fraction and uniform expansion, and with the recurrence across their borders', () => {
    fc.assert(fc.property(fc.double({ min: 0.01, max: 3000, noNaN: true }), fc.double({ min: 0.3, max: 3, noNaN: true }), (a, factor) => {
      const x = a * factor;
      const [lower, upper] = [gammaLower(a, x), gammaUpper(a, x)];
      expectNear(lower + upper, 1, 1e-13);
      // P(a, x) = P(a + 1, x) + e^{−x} x^a/Γ(a + 1)
      if (lower > 1e-250) expectNear(gammaLower(a + 1, x) + poissonMass(a, x), lower, 1e-12);
      if (upper > 1e-250) expectNear(upper + poissonMass(a, x), gammaUpper(a + 1, x), 1e-12);
      if (poissonMass(a, x) > 1e-250) expectNear(lowerSeries(a, x) * poissonMass(a, x), lower, 1e-12);
    }), { seed: 1, numRuns: 2000 });
  });

  it('invert the normal law in both tails', () => {
    fc.assert(fc.property(fc.double({ min: -37, max: 8, noNaN: true }), (x) => {
      expectNear(normalQuantile(normalCdf(x)) + 100, x + 100, x < 2 ? 1e-14 : 1e-3);
    }), { seed: 2, numRuns: 500 });
  });

  it('know their ends', () => {
    expect([gammaLower(2, 0), gammaUpper(2, 0), gammaLower(2, Infinity), gammaUpper(2, Infinity)]).toEqual([0, 1, 1, 0]);
    expect([poissonMass(0, 0), poissonMass(3, 0), harmonic(0)]).toEqual([1, 0, 0]);
    expect([normalTail(Infinity), normalTail(-Infinity), normalHazard(-Infinity)]).toEqual([0, 1, 0]);
    expect([normalTailQuantile(0), normalTailQuantile(1), normalTailQuantile(0.5)]).toEqual([Infinity, -Infinity, 0]);
    expect(logGammaLower(1e9, 5e8)).toBeCloseTo(-193147191.149, 2);
  });
});
