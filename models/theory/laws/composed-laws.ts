/** Laws made of values or of other laws: empirical, mixture, shifted. */
import { add, type Complex, exponential, multiply, scale, zero } from '../numerics/complex.ts';
import { phi } from '../numerics/phi-functions.ts';
import { constantCurvature, deterministic, power } from './interval-laws.ts';
import type { LawBody, Phases } from './law-form.ts';

interface Part {
  readonly weight: number;
  readonly of: LawBody;
}

/** Each of the values equally likely; those that are equal are counted once, with their weight. */
export function empirical({ values }: { readonly values: readonly number[] }): LawBody {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return mixture([...counts].map(([value, weight]) => ({ weight, of: deterministic({ value }) })));
}

/** One of the parts, by their weights. */
export function mixture(parts: readonly Part[]): LawBody {
  const total = parts.reduce((sum, { weight }) => sum + weight, 0);
  const shares = parts.map(({ weight, of }) => ({ weight: weight / total, of }));
  const sum = (value: (law: LawBody) => number) => shares.reduce((all, { weight, of }) => all + weight * value(of), 0);
  const sumComplex = (value: (law: LawBody) => Complex) => shares.reduce((all, { weight, of }) => add(all, scale(value(of), weight)), zero);
  const mean = sum((law) => law.mean);
  const phases = phasesOfMixture(shares);
  const atoms = shares.reduce((count, { of }) => count + (of.atoms ?? 1), 0);
  return {
    mean,
    variance: mean === Infinity ? Infinity : sum((law) => law.variance + (law.mean - mean) * (law.mean - mean)),
    moment: (n) => sum((law) => law.moment(n)),
    tail: (x) => sum((law) => law.tail(x)),
    excess: (x) => sum((law) => law.excess(x)),
    laplace: (s) => sumComplex((law) => law.laplace(s)),
    curvature: (s) => sumComplex((law) => law.curvature(s)),
    atoms,
    ...(phases === undefined ? {} : { phases }),
  };
}

/** The phases of all parts beside each other, if each part has them. */
function phasesOfMixture(parts: readonly Part[]): Phases | undefined {
  const blocks = parts.map(({ weight, of }) => ({ weight, phases: of.phases }));
  const size = blocks.reduce((sum, { phases }) => sum + (phases?.initial.length ?? 0), 0);
  const initial: number[] = [];
  const generator: number[][] = [];
  const exits: number[] = [];
  for (const { weight, phases } of blocks) {
    if (phases === undefined) return undefined;
    const before = initial.length;
    initial.push(...phases.initial.map((chance) => weight * chance));
    exits.push(...phases.exits);
    generator.push(...phases.generator.map((row) => [...Array<number>(before).fill(0), ...row, ...Array<number>(size - before - row.length).fill(0)]));
  }
  return { initial, generator, exits };
}

/** `by` more than another law. */
export function shifted(by: number, of: LawBody): LawBody {
  return {
    mean: by + of.mean,
    variance: of.variance,
    atoms: of.atoms,
    moment: (n) => {
      let [sum, choices] = [0, 1];
      for (let k = 0; k <= n; k++) {
        if (by > 0 || k === n) sum += choices * power(by, n - k) * of.moment(k);
        choices = (choices * (n - k)) / (k + 1);
      }
      return sum;
    },
    tail: (x) => (x < by ? 1 : of.tail(x - by)),
    excess: (x) => (x < by ? by + of.mean - x : of.excess(x - by)),
    laplace: (s) => multiply(exponential(scale(s, -by)), of.laplace(s)),
    // e^{−s(b+X)} − 1 + s(b+X), sorted by what belongs to X alone, to b alone, and to both.
    curvature: (s) => {
      const alone = multiply(exponential(scale(s, -by)), of.curvature(s));
      return add(add(alone, constantCurvature(by, s)), scale(phi(1, scale(s, -by)), by * of.mean));
    },
  };
}
