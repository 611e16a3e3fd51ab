/**
 * Two classes, unequal service, several servers: class 1 interrupts class 2, so that it is an M/M/c by itself. Exact, without
 * cutting off any line; relative error about 1e-12.
 *
 * State: messages n₁ of class 1 and n₂ of class 2, of which min(n₂, c − n₁) are served. The probabilities of idle servers come
 * from a chain of class 2 waiting by class 1 in service, where the time in which class 1 waits is a busy period of M/M/1. From
 * them the means follow by balance of n₂ and of n₂² in each state of class 1.
 */
import { stationaryLaw } from '../birth-death.ts';
import { mmc } from '../mmc.ts';
import { timesSpent } from '../numerics/elimination.ts';
import { addAt, diagonal, type Matrix, matrix, scale, timesMatrix, zeros } from '../numerics/matrix.ts';
import { watchedFromBelow } from '../qbd.ts';
import { type ClassAnswer, unstableClass } from './class-answer.ts';
import { nobodyWaits, settledReturns, startsOfSecond, type TwoClasses, twoClasses, type UnequalClasses } from './two-classes.ts';

/** Beyond, an answer takes longer than anybody waits for it. */
export const preemptiveServersMax = 100;

/** @throws ImpossibleParameters */
export function mmcPriorityUnequalPreemptive(parameters: UnequalClasses): [ClassAnswer, ClassAnswer] {
  const classes = twoClasses(parameters, preemptiveServersMax);
  const { c, λ1, λ2, μ1, μ2, leftByFirst, leftByBoth } = classes;
  const first = mmc({ arrivalRate: λ1, serviceRate: μ1, servers: c });
  const answer: ClassAnswer = { load: first.utilisation, growthRate: first.growthRate, meanWaitingTime: first.meanWaitingTime, meanSojournTime: first.meanSojournTime };
  const load = (λ1 / μ1 + λ2 / μ2) / c;
  if (leftByBoth <= 0) return [answer, unstableClass(load, Math.max(0, λ2 - μ2 * Math.max(0, leftByFirst)))];
  const meanSojournTime = meanNumberOfSecond(classes) / λ2;
  return [answer, { load, growthRate: 0, meanWaitingTime: Math.max(0, meanSojournTime - 1 / μ2), meanSojournTime }];
}

function meanNumberOfSecond(classes: TwoClasses): number {
  const idle = nobodyWaits(classes, watchedLevel(classes)).slice(0, -1);
  return meanByBalance(classes, firstAlone(classes), idle);
}

/** Class 1 takes a server from class 2, which waits then, or, where it has all of them, waits itself for the time of a busy period. */
function watchedLevel(classes: TwoClasses): Matrix {
  const { c, λ1, λ2, μ1 } = classes;
  const up = matrix(c + 1, c + 1, (from, to) => (to === from ? λ2 : to === from + 1 ? λ1 : 0));
  const busyPeriod = (met: Matrix): Matrix => {
    const [each, served] = [diagonal(new Float64Array(c + 1).fill(λ1)), new Float64Array(c + 1).fill(c * μ1)];
    const times = timesSpent(watchedFromBelow({ up: each, local: scale(met, λ2), down: diagonal(served) }), served);
    const begun = new Float64Array(c + 1);
    begun[c] = λ1 * c * μ1;
    const local = zeros(c + 1, c + 1);
    timesMatrix(begun, times).forEach((rate, phase) => addAt(local, c, phase, rate));
    return local;
  };
  return settledReturns({ up, down: startsOfSecond(classes), first: zeros(c + 1, c + 1), returns: busyPeriod });
}

interface FirstAlone {
  /** P(n₁ = i) for i < c, and P(n₁ ≥ c). */
  readonly law: Float64Array;
  readonly full: number;
  /** P(n₁ > i) for i < c. */
  readonly above: Float64Array;
}

function firstAlone({ c, λ1, μ1, leftByFirst }: TwoClasses): FirstAlone {
  const cut = stationaryLaw({ last: c, birthRate: () => λ1, deathRate: (n) => n * μ1 });
  // Above c, each level is ρ times the one below.
  const full = (cut.probability(c) * c) / leftByFirst;
  const below = Float64Array.from({ length: c }, (_, n) => cut.probability(n));
  const whole = below.reduce((sum, probability) => sum + probability, full);
  const law = below.map((probability) => probability / whole);
  const above = new Float64Array(c);
  above[c - 1] = full / whole;
  for (let n = c - 2; n >= 0; n--) above[n] = above[n + 1]! + law[n + 1]!;
  return { law, full: full / whole, above };
}

/**
 * With m_i = E[n₂; n₁ = i] = h_i p(i), balance of n₂ in the states up to i gives h_{i+1} = h_i − D_i / (λ₁ p(i)), where D_i is what
 * is added to n₂ in them; it is −λ₂ P(n₁ > i) from c − 1 on. Balance of n₂² in all states gives h₀:
 * μ₂ (c − a₁ − a₂) h₀ = λ₂ + μ₂ Σ (idle servers) n₂ + Σ_i (h_{i+1} − h_i) (λ₂ P(n₁ > i) − μ₂ E[(c − n₁)⁺; n₁ > i]).
 */
function meanByBalance(classes: TwoClasses, alone: FirstAlone, idle: readonly Float64Array[]): number {
  const { c, λ1, λ2, μ1, μ2, leftByFirst, leftByBoth } = classes;
  const { law, full, above } = alone;
  const added = addedUpTo(classes, alone, idle);
  let idleWithSecond = 0;
  idle.forEach((vector, busy) => vector.forEach((probability, first) => { idleWithSecond += (c - busy) * (busy - first) * probability; }));
  let [balance, beyondFirst, leftAbove] = [λ2 + μ2 * idleWithSecond, 0, 0];
  for (let i = c - 2; i >= 0; i--) {
    leftAbove += (c - i - 1) * law[i + 1]!;
    const step = -added[i]! / (λ1 * law[i]!);
    balance += step * (λ2 * above[i]! - μ2 * leftAbove);
    beyondFirst += step * above[i]!;
  }
  const step = λ2 / (μ1 * leftByFirst);
  const tails = (full * c) / leftByFirst;
  return (balance + step * λ2 * tails) / (μ2 * leftByBoth) + beyondFirst + step * tails;
}

/** D_i for i < c − 1: from below where p rises and from above where it falls, so that its error is small beside p(i). */
function addedUpTo({ c, λ1, λ2, μ1, μ2 }: TwoClasses, { law, full }: FirstAlone, idle: readonly Float64Array[]): Float64Array {
  const idleAt = (first: number) => idle.reduce((sum, vector, busy) => sum + (c - busy) * (vector[first] ?? 0), 0);
  const gained = Float64Array.from({ length: c }, (_, i) => λ2 * law[i]! - μ2 * ((c - i) * law[i]! - idleAt(i)));
  const added = new Float64Array(c);
  const mode = Math.min(c, Math.floor(λ1 / μ1));
  for (let i = 0, sum = 0; i < Math.min(mode, c - 1); i++) added[i] = sum += gained[i]!;
  for (let i = c - 2, sum = -λ2 * full; i >= mode; i--) added[i] = sum -= gained[i + 1]!;
  return added;
}
