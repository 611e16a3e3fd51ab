/** Distributions of every kind, with their moments and cumulative functions worked out apart from the code under test. */
import type { DistributionSpec } from '../../sim/distribution.ts';
import { normalCumulative } from '../../sim/special-functions.ts';

export interface Case {
  readonly spec: DistributionSpec;
  /** Worked out apart from the code under test. */
  readonly mean: number;
  readonly variance: number;
  /** P(X <= x). */
  readonly cumulative: (x: number) => number;
  /** Drawn from a fresh stream of seed 42, rounded to nine digits. */
  readonly known: readonly number[];
}

const exponentialLaw = (mean: number) => (x: number) => -Math.expm1(-x / mean);
const normalLaw = (mean: number, deviation: number) => (x: number) => normalCumulative((x - mean) / deviation);

/** P(X <= x) of a gamma law with shape 1/2, 3/2, 5/2, … by the recursion over shapes. */
function halfGammaLaw(shape: number, scale: number): (x: number) => number {
  return (value) => {
    const x = value / scale;
    let lower = 2 * normalCumulative(Math.sqrt(2 * x)) - 1;
    let term = Math.sqrt(x) * Math.exp(-x) / (Math.sqrt(Math.PI) / 2);
    for (let at = 0.5; at < shape; at++) {
      lower -= term;
      term *= x / (at + 1);
    }
    return lower;
  };
}

function erlangLaw(mean: number, stages: number): (x: number) => number {
  return (value) => {
    const x = (value * stages) / mean;
    let term = Math.exp(-x);
    let upper = 0;
    for (let stage = 0; stage < stages; stage++) {
      upper += term;
      term *= x / (stage + 1);
    }
    return 1 - upper;
  };
}

export const cases: Record<string, Case> = {
  uniform: {
    spec: { kind: 'uniform', min: 2, max: 6 }, mean: 4, variance: 16 / 12, cumulative: (x) => (x - 2) / 4,
    known: [3.80504863, 3.0573127, 5.58641259],
  },
  exponential: {
    spec: { kind: 'exponential', mean: 20 }, mean: 20, variance: 400, cumulative: exponentialLaw(20),
    known: [13.1229053, 24.8682127, 4.28189643],
  },
  'erlang with one stage': {
    spec: { kind: 'erlang', mean: 5, stages: 1 }, mean: 5, variance: 25, cumulative: exponentialLaw(5),
    known: [3.28072633, 6.21705316, 1.07047411],
  },
  'erlang with few stages': {
    spec: { kind: 'erlang', mean: 6, stages: 3 }, mean: 6, variance: 12, cumulative: erlangLaw(6, 3),
    known: [4.22730144, 3.01118103, 11.8826375],
  },
  'erlang with many stages': {
    spec: { kind: 'erlang', mean: 6, stages: 40 }, mean: 6, variance: 0.9, cumulative: erlangLaw(6, 40),
    known: [7.23933802, 7.47748034, 5.69733907],
  },
  'gamma of shape 2.5': {
    spec: { kind: 'gamma', mean: 5, scv: 0.4 }, mean: 5, variance: 10, cumulative: halfGammaLaw(2.5, 2),
    known: [9.28264319, 10.3946832, 3.58265442],
  },
  'gamma of shape 0.5': {
    spec: { kind: 'gamma', mean: 3, scv: 2 }, mean: 3, variance: 18, cumulative: halfGammaLaw(0.5, 6),
    known: [2.53403195, 0.0269700678, 2.8593956],
  },
  hyperexponential: {
    // Balanced means with scv 3: p = (1 + sqrt(1/2)) / 2.
    spec: { kind: 'hyperexponential', mean: 10, scv: 3 }, mean: 10, variance: 300,
    cumulative: (x) => {
      const p = (1 + Math.SQRT1_2) / 2;
      return p * exponentialLaw(5 / p)(x) + (1 - p) * exponentialLaw(5 / (1 - p))(x);
    },
    known: [1.25413843, 0.742564983, 78.6146602],
  },
  'hyperexponential at its edge': {
    spec: { kind: 'hyperexponential', mean: 10, scv: 1 }, mean: 10, variance: 100, cumulative: exponentialLaw(10),
    known: [2.14094821, 1.26763772, 23.0257009],
  },
  lognormal: {
    spec: { kind: 'lognormal', mean: 35, scv: 0.5 }, mean: 35, variance: 612.5,
    cumulative: (x) => normalLaw(Math.log(35 / Math.sqrt(1.5)), Math.sqrt(Math.log(1.5)))(Math.log(x)),
    known: [64.424651, 80.9351758, 39.9493923],
  },
  'normal far from zero': {
    spec: { kind: 'normal', mean: 100, deviation: 5 }, mean: 100, variance: 25, cumulative: normalLaw(100, 5),
    known: [106.382931, 108.174435, 102.630482],
  },
  'normal cut at its mean': {
    // Half-normal: mean sqrt(2/pi), variance 1 - 2/pi.
    spec: { kind: 'normal', mean: 0, deviation: 2 }, mean: 2 * Math.sqrt(2 / Math.PI), variance: 4 * (1 - 2 / Math.PI),
    cumulative: (x) => 2 * normalLaw(0, 2)(x) - 1,
    known: [2.55317236, 3.26977418, 1.05219299],
  },
  'normal cut one deviation below': {
    // Hazard at -1: phi(1) / Phi(1) = 0.2875999709391784.
    spec: { kind: 'normal', mean: 3, deviation: 3 }, mean: 3 * 1.2875999709391784, variance: 9 * (1 - 0.2875999709391784 * 1.2875999709391784),
    cumulative: (x) => (normalLaw(3, 3)(x) - normalCumulative(-1)) / normalCumulative(1),
    known: [6.82975854, 7.90466127, 4.57828949],
  },
  weibull: {
    // Shape 2: mean sqrt(pi)/2, variance 1 - pi/4.
    spec: { kind: 'weibull', scale: 4, shape: 2 }, mean: 2 * Math.sqrt(Math.PI), variance: 16 * (1 - Math.PI / 4),
    cumulative: (x) => -Math.expm1(-(x / 4) * (x / 4)),
    known: [3.24011177, 4.46033296, 1.85081526],
  },
  'weibull with a heavy tail': {
    // Shape 1/2: mean 2, mean square 24.
    spec: { kind: 'weibull', scale: 1, shape: 0.5 }, mean: 2, variance: 20, cumulative: (x) => -Math.expm1(-Math.sqrt(x)),
    known: [0.430526611, 1.54607, 0.0458365926],
  },
  pareto: {
    spec: { kind: 'pareto', min: 2, shape: 9 }, mean: 2.25, variance: 2 * 2 * 9 / (64 * 7), cumulative: (x) => 1 - (2 / x) ** 9,
    known: [2.15125676, 2.29631099, 2.04814702],
  },
  'bounded pareto': {
    // Shape 1 from 1 to 4: density (4/3)/x², mean (4/3) ln 4, mean square 4.
    spec: { kind: 'boundedPareto', min: 1, max: 4, shape: 1 }, mean: (4 / 3) * Math.log(4), variance: 4 - ((4 / 3) * Math.log(4)) ** 2,
    cumulative: (x) => (4 / 3) * (1 - 1 / x),
    known: [1.51159382, 1.24726558, 3.05299102],
  },
  'bounded pareto of shape 2': {
    // Density (32/15)/x³ from 1 to 4: mean 8/5, mean square (32/15) ln 4.
    spec: { kind: 'boundedPareto', min: 1, max: 4, shape: 2 }, mean: 1.6, variance: (32 / 15) * Math.log(4) - 2.56,
    cumulative: (x) => (16 / 15) * (1 - 1 / (x * x)),
    known: [1.3165399, 1.15301657, 2.50442933],
  },
  triangular: {
    spec: { kind: 'triangular', min: 1, mode: 2, max: 5 }, mean: 8 / 3, variance: (1 + 4 + 25 - 2 - 5 - 10) / 18,
    cumulative: (x) => (x < 2 ? ((x - 1) * (x - 1)) / 4 : 1 - ((5 - x) * (5 - x)) / 12),
    known: [2.43390294, 2.02879454, 3.88610493],
  },
  'triangular with its mode at an end': {
    spec: { kind: 'triangular', min: 0, mode: 0, max: 3 }, mean: 1, variance: 0.5, cumulative: (x) => 1 - ((3 - x) * (3 - x)) / 9,
    known: [0.77769476, 0.426860591, 2.03533858],
  },
  mixture: {
    spec: {
      kind: 'mixture', parts: [
        { weight: 3, of: { kind: 'uniform', min: 0, max: 4 } }, { weight: 1, of: { kind: 'exponential', mean: 10 } },
        { weight: 1, of: { kind: 'shifted', by: 5, of: { kind: 'exponential', mean: 1 } } },
      ],
    },
    // Mean squares: 16/3 of the first, 200 of the second, 37 of the third.
    mean: 4.4, variance: (3 * (16 / 3) + 200 + 37) / 5 - 4.4 * 4.4,
    cumulative: (x) => 0.6 * Math.min(1, x / 4) + 0.2 * exponentialLaw(10)(x) + (x < 5 ? 0 : 0.2 * exponentialLaw(1)(x - 5)),
    known: [1.0573127, 5.92391087, 10.3215322],
  },
  shifted: {
    spec: { kind: 'shifted', by: 7, of: { kind: 'uniform', min: 1, max: 2 } }, mean: 8.5, variance: 1 / 12, cumulative: (x) => x - 8,
    known: [8.45126216, 8.26432818, 8.89660315],
  },
};
