/** The exponential law and its kin: mixtures of exponentials, Erlang, gamma. */
import { add, type Complex, divide, exponential as exponentialOf, exponentialMinusOne, logarithmOfOnePlus, magnitude, multiply, one, real, scale, zero } from '../numerics/complex.ts';
import { gammaUpper } from '../numerics/special-functions.ts';
import type { LawBody, Phases } from './law-form.ts';


/** One of some exponentials, by their weights, which sum to one. */
export function hyperexponential(parts: readonly { readonly weight: number; readonly mean: number }[]): LawBody {
  const sum = (of: (mean: number) => number) => parts.reduce((total, { weight, mean }) => total + weight * of(mean), 0);
  const mean = sum((each) => each);
  const spread = (each: number) => each * each + (each - mean) * (each - mean);
  return {
    mean,
    variance: sum(spread),
    moment: (n) => sum((each) => factorialTimesPower(n, each)),
    tail: (x) => (x <= 0 ? 1 : sum((each) => Math.exp(-x / each))),
    excess: (x) => (x <= 0 ? mean - x : sum((each) => each * Math.exp(-x / each))),
    laplace: (s) => parts.reduce((total, { weight, mean: each }) => add(total, divide(real(weight), add(one, scale(s, each)))), zero),
    curvature: (s) => parts.reduce((total, { weight, mean: each }) => add(total, divide(real(weight * each * each), add(one, scale(s, each)))), zero),
    phases: {
      initial: parts.map(({ weight }) => weight),
      generator: parts.map((part, row) => parts.map((_, column) => (row === column ? -1 / part.mean : 0))),
      exits: parts.map(({ mean: each }) => 1 / each),
    },
  };
}

/** With balanced means: either exponential contributes half of the mean. */
export function balancedHyperexponential({ mean, scv }: { readonly mean: number; readonly scv: number }): LawBody {
  const often = (1 + Math.sqrt((scv - 1) / (scv + 1))) / 2;
  // 1 − often, without losing its digits when it is small.
  const seldom = 1 / (2 * often * (scv + 1));
  return {
    ...hyperexponential([{ weight: often, mean: mean / (2 * often) }, { weight: seldom, mean: mean / (2 * seldom) }]),
    mean,
    variance: mean * mean * scv,
  };
}

/** Beyond this many stages a table of rates is too large; the law has it no more. */
const stagesMax = 200;

/** The sum of k equal exponentials. */
export function erlang({ k, mean }: { readonly k: number; readonly mean: number }): LawBody {
  const body = gamma({ mean, scv: 1 / k });
  return k > stagesMax ? body : { ...body, phases: stages(k, k / mean) };
}

function stages(count: number, rate: number): Phases {
  const all = Array.from({ length: count }, (_, stage) => stage);
  return {
    initial: all.map((stage) => (stage === 0 ? 1 : 0)),
    generator: all.map((row) => all.map((column) => (row === column ? -rate : column === row + 1 ? rate : 0))),
    exits: all.map((stage) => (stage === count - 1 ? rate : 0)),
  };
}

/** By mean and squared coefficient of variation: the shape is 1 / scv. */
export function gamma({ mean, scv }: { readonly mean: number; readonly scv: number }): LawBody {
  const shape = 1 / scv;
  const scaleOf = mean * scv;
  const tail = (x: number) => (x <= 0 ? 1 : gammaUpper(shape, x / scaleOf));
  return {
    mean,
    variance: mean * mean * scv,
    moment: (n) => {
      let product = 1;
      for (let i = 0; i < n; i++) product *= (shape + i) * scaleOf;
      return product;
    },
    tail,
    excess: (x) => (x <= 0 ? mean - x : Math.max(0, mean * gammaUpper(shape + 1, x / scaleOf) - x * tail(x))),
    laplace: (s) => exponentialOf(scale(logarithmOfOnePlus(scale(s, scaleOf)), -shape)),
    curvature: (s) => scale(gammaCurvature(scale(s, scaleOf), shape), scaleOf * scaleOf),
  };
}

/** ((1 + z)^{−k} − 1 + kz) / z²: by the binomial series where its terms fall, else as it stands, with the logarithm taken whole. */
function gammaCurvature(z: Complex, shape: number): Complex {
  if (magnitude(z) * Math.max(1, shape) >= 0.5) {
    const power = exponentialMinusOne(scale(logarithmOfOnePlus(z), -shape));
    return divide(add(power, scale(z, shape)), multiply(z, z));
  }
  let term = real((shape * (shape + 1)) / 2);
  let sum = term;
  for (let j = 3; j < 80; j++) {
    term = scale(multiply(term, z), -(shape + j - 1) / j);
    sum = add(sum, term);
  }
  return sum;
}

function factorialTimesPower(n: number, x: number): number {
  let product = 1;
  for (let i = 1; i <= n; i++) product *= i * x;
  return product;
}
