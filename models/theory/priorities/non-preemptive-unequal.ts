/**
 * Two classes, unequal service, several servers: who is served is finished first. Exact, without cutting off any line;
 * relative error about 1e-12.
 *
 * While all servers are busy the phase is how many of them serve class 1. The probabilities of idle servers come from a chain
 * of class 2 waiting, seen while class 1 does not wait; the means follow from them by balance of the line of class 2 and of
 * its square.
 */
import { stationary, timesSpent } from '../numerics/elimination.ts';
import { diagonal, dot, type Matrix, matrix, multiply, normalised, scale, sum, timesColumn, timesMatrix, zeros } from '../numerics/matrix.ts';
import { type ClassAnswer, unstableClass } from './class-answer.ts';
import { excursionRates } from './first-class-excursions.ts';
import { firstClassLine, type FirstClassLine } from './first-class-line.ts';
import { nobodyWaits, settledReturns, startsOfSecond, type TwoClasses, twoClasses, type UnequalClasses } from './two-classes.ts';

/** Beyond, an answer takes longer than anybody waits for it. */
export const nonPreemptiveServersMax = 24;

/** @throws ImpossibleParameters */
export function mmcPriorityUnequalNonPreemptive(parameters: UnequalClasses): [ClassAnswer, ClassAnswer] {
  const classes = twoClasses(parameters, nonPreemptiveServersMax);
  const { c, λ1, λ2, μ1, μ2, leftByFirst, leftByBoth } = classes;
  const [first, both] = [λ1 / μ1 / c, (λ1 / μ1 + λ2 / μ2) / c];
  if (leftByFirst <= 0) return [unstableClass(first, Math.max(0, -leftByFirst * μ1)), unstableClass(both, λ2)];
  const queues = new FullServers(classes);
  const answer = (load: number, meanWaitingTime: number, μ: number): ClassAnswer => ({ load, growthRate: 0, meanWaitingTime, meanSojournTime: meanWaitingTime + 1 / μ });
  if (leftByBoth <= 0) return [answer(first, queues.firstLine(queues.neverIdle()) / λ1, μ1), unstableClass(both, Math.max(0, -leftByBoth * μ2))];
  const { atFirst, waiting } = queues.withoutFirst();
  return [answer(first, queues.firstLine(atFirst) / λ1, μ1), answer(both, queues.secondLine(atFirst, waiting) / λ2, μ2)];
}

/** Vectors over the phases, summed over the lengths of the line of class 2, are of states in which class 1 does not wait. */
interface WithoutFirst {
  readonly atFirst: Float64Array;
  /** Of these, somebody of class 2 waits. */
  readonly waiting: Float64Array;
}

class FullServers {
  readonly #classes: TwoClasses;
  readonly #line: FirstClassLine;
  readonly #starts: Matrix;
  /** (I − R)⁻¹ 1: how much more often a phase is met when the lines of class 1 that begin there are counted, too. */
  readonly #withLines: Float64Array;
  /** Changes of the phase while there is always somebody of class 2 and the time in which class 1 waits is left out. */
  readonly #changes: Matrix;
  readonly #backlogLaw: Float64Array;

  constructor(classes: TwoClasses) {
    const size = classes.c + 1;
    this.#classes = classes;
    this.#line = firstClassLine(classes);
    this.#starts = startsOfSecond(classes);
    this.#withLines = timesColumn(this.#line.allLengths, new Float64Array(size).fill(1));
    this.#changes = sum(scale(this.#line.met, classes.λ1), this.#starts);
    this.#backlogLaw = normalised(stationary(this.#changes));
  }

  /** E[class 1 that waits] = Σ k x Rᵏ 1 */
  firstLine(atFirst: Float64Array): number {
    const { ratio, allLengths } = this.#line;
    return dot(timesMatrix(timesMatrix(atFirst, allLengths), ratio), this.#withLines);
  }

  /** With a backlog of class 2 that never ends, all servers are always busy. */
  neverIdle(): Float64Array {
    const whole = dot(this.#backlogLaw, this.#withLines);
    return this.#backlogLaw.map((probability) => probability / whole);
  }

  /**
   * Balance of the phases while somebody of class 2 waits, x⁺ (−Q) = π₀ (λ₂ (I − G) + λ₁ (Γ − E)), and of the line of class 2,
   * x⁺ d = λ₂ (π₀ + x⁺) (I − R)⁻¹ 1, where d is the rate at which its members begin service.
   */
  withoutFirst(): WithoutFirst {
    const { λ1, λ2 } = this.#classes;
    const excursions = excursionRates(this.#classes);
    const watched = settledReturns({ up: diagonal(new Float64Array(this.#backlogLaw.length).fill(λ2)), down: this.#starts, first: scale(this.#line.met, λ1), returns: excursions });
    const nobody = nobodyWaits(this.#classes, watched).at(-1)!;
    const met = multiply(timesSpent(watched, this.#startRates()), this.#starts);
    const left = timesMatrix(nobody, sum(diagonal(new Float64Array(nobody.length).fill(λ2)), scale(this.#line.met, λ1)));
    const returned = timesMatrix(nobody, sum(scale(met, λ2), excursions(met)));
    const waiting = this.#balanced(left.map((rate, phase) => rate - returned[phase]!), λ2 * dot(nobody, this.#withLines));
    return { atFirst: nobody.map((probability, phase) => probability + waiting[phase]!), waiting };
  }

  /**
   * With m the mean line of class 2 by phase, class 1 not waiting: m (−Q) = λ₂ x (I + Z) − x⁺ A₂, and from the square of the line
   * m d = λ₂ (E[line] + P(all busy)), E[line] = m (I − R)⁻¹ 1 + λ₂ x Y. Y is how long lines of class 1 last, for those of class 2
   * who arrive meanwhile: (I − R)⁻¹ R (I + Z) R (I − R)⁻¹ 1 / λ₁.
   */
  secondLine(atFirst: Float64Array, waiting: Float64Array): number {
    const { λ1, λ2 } = this.#classes;
    const { ratio, allLengths, metWhenGone } = this.#line;
    const gone = sum(diagonal(new Float64Array(atFirst.length).fill(1)), metWhenGone);
    const gains = timesMatrix(atFirst, gone);
    const starts = timesMatrix(waiting, this.#starts);
    const lasting = timesColumn(ratio, timesColumn(allLengths, timesColumn(gone, timesColumn(ratio, this.#withLines)))).map((time) => time / λ1);
    const whileFirstWaits = λ2 * dot(atFirst, lasting);
    const busy = dot(atFirst, this.#withLines);
    const means = this.#balanced(gains.map((gain, phase) => λ2 * gain - starts[phase]!), λ2 * (busy + whileFirstWaits));
    return dot(means, this.#withLines) + whileFirstWaits;
  }

  #startRates(): Float64Array {
    return timesColumn(this.#starts, new Float64Array(this.#backlogLaw.length).fill(1));
  }

  /**
   * y with y (−Q) = `gains`, which sum to zero, and y (d − λ₂ (I − R)⁻¹ 1) = `surplus`. The first is solved with y zero in the
   * likeliest phase; the multiple of the law of the phases that is missing is found from the second, where that law gives
   * μ₂ (c − a₁ − a₂) times its sum with the lines of class 1, a number that is known.
   */
  #balanced(gains: Float64Array, surplus: number): Float64Array {
    const { λ2, μ2, leftByBoth } = this.#classes;
    const law = this.#backlogLaw;
    const zero = law.indexOf(Math.max(...law));
    const others = Array.from(law.keys()).filter((phase) => phase !== zero);
    const times = timesSpent(this.#between(others), others.map((phase) => this.#changes.values[phase * law.length + zero]!));
    const partial = timesMatrix(Float64Array.from(others, (phase) => gains[phase]!), times);
    const particular = new Float64Array(law.length);
    others.forEach((phase, index) => { particular[phase] = partial[index]!; });
    const net = this.#startRates().map((rate, phase) => rate - λ2 * this.#withLines[phase]!);
    const multiple = (surplus - dot(particular, net)) / (μ2 * leftByBoth * dot(law, this.#withLines));
    return particular.map((value, phase) => value + multiple * law[phase]!);
  }

  #between(phases: readonly number[]): Matrix {
    if (phases.length === 0) return zeros(0, 0);
    return matrix(phases.length, phases.length, (from, to) => this.#changes.values[phases[from]! * this.#changes.columns + phases[to]!]!);
  }
}
