/** What the theory knows of a law of service times or of times between arrivals. */
import type { Complex } from '../numerics/complex.ts';
import type { LawSpec } from './law-spec.ts';

export interface Law {
  readonly spec: LawSpec;
  /** Infinite for a Pareto law up to alpha 1. */
  readonly mean: number;
  /** Infinite for a Pareto law up to alpha 2. */
  readonly variance: number;
  /** Squared coefficient of variation. */
  readonly scv: number;
  /** E[Xⁿ] for n = 0, 1, 2, …; Infinity where there is none. */
  moment(n: number): number;
  /** P(X > x). */
  tail(x: number): number;
  /** E[(X − x)⁺], the area under the tail beyond x; divided by the mean it is the tail of what is left of X at a random instant. */
  excess(x: number): number;
  /** E[exp(−sX)] for Re s ≥ 0. */
  laplace(s: Complex): Complex;
  /** (E[exp(−sX)] − 1 + s E[X]) / s² without cancellation, for Re s ≥ 0 and s ≠ 0; it tends to E[X²]/2 as s tends to 0. */
  curvature(s: Complex): Complex;
  /** Of how many values it is made, where they are many: its transforms take so much longer. */
  readonly atoms?: number;
  /** The law as the time that a Markov chain needs to be absorbed, where it is one of few states. */
  readonly phases?: Phases;
}

/** A phase-type law: phases entered by `initial`, left by the rates of `generator` (negative diagonal) and towards the end by `exits`. */
export interface Phases {
  readonly initial: readonly number[];
  readonly generator: readonly (readonly number[])[];
  /** What the rows of the generator lack to zero, without cancellation. */
  readonly exits: readonly number[];
}

/** What the maker of a kind of law says; the rest is the same for all. */
export type LawBody = Omit<Law, 'spec' | 'scv'>;
