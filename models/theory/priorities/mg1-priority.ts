/**
 * M/G/1 with classes of messages, each with its own rate and law of service. Relative error below 1e-13, near saturation of a
 * class what the rounding of its load makes of it.
 *
 * Sources: Cobham, Oper. Res. 2 (1954) 70; Kleinrock, Queueing Systems vol. 2 (1976) §3.3–3.6; Gross & Harris §3.4.
 */
import { requirePositive } from '../checks.ts';
import type { LawSpec } from '../laws/law-spec.ts';
import { law } from '../laws/law.ts';
import { productMinus } from '../numerics/products.ts';
import { sumOf } from '../numerics/sums.ts';
import { type ClassAnswer, unstableClass } from './class-answer.ts';

export interface PriorityClass {
  readonly arrivalRate: number;
  readonly service: LawSpec;
}

interface Class {
  readonly rate: number;
  readonly mean: number;
  readonly secondMoment: number;
  /** σ, the load of this class and those before it. */
  readonly load: number;
  /** 1 − σ, what they leave of the server. */
  readonly left: number;
  readonly leftBefore: number;
}

/**
 * Who is served is finished first: Wq = R / ((1 − σ before it) (1 − σ with it)), where R is the mean rest of the service that
 * an arrival finds. A class that is unstable keeps the server busy whenever those before it leave it free; classes behind it
 * are never served, and those before it find its service under way instead of theirs.
 *
 * @throws ImpossibleParameters
 */
export function mg1PriorityNonPreemptive(classes: readonly PriorityClass[]): ClassAnswer[] {
  const all = read(classes);
  const firstUnstable = all.findIndex(({ left }) => left <= 0);
  const served = firstUnstable < 0 ? all : all.slice(0, firstUnstable);
  const backlogged = all[firstUnstable];
  const rest = sumOf([...served.map(residual), backlogged === undefined ? 0 : (backlogged.leftBefore * backlogged.secondMoment) / (2 * backlogged.mean)]);
  return all.map((each) => answerOf(each, rest / (each.leftBefore * each.left)));
}

/**
 * Who arrives interrupts those of lower classes, who go on where they were: classes behind do not exist for those before
 * them. W = E[S] / (1 − σ before it) + R / ((1 − σ before it) (1 − σ with it)), R counting the classes up to it.
 *
 * @throws ImpossibleParameters
 */
export function mg1PriorityPreemptive(classes: readonly PriorityClass[]): ClassAnswer[] {
  const all = read(classes);
  return all.map((each, index) => {
    const rest = sumOf(all.slice(0, index + 1).map(residual));
    return answerOf(each, (each.mean * (1 - each.leftBefore)) / each.leftBefore + rest / (each.leftBefore * each.left));
  });
}

/** @throws ImpossibleParameters */
function read(classes: readonly PriorityClass[]): Class[] {
  const parts = [1];
  let left = 1;
  let load = 0;
  return classes.map(({ arrivalRate: rate, service }, index) => {
    requirePositive(`arrivalRate.${index}`, rate, '1/s');
    const { mean, moment } = law(service, `service.${index}`);
    const product = rate * mean;
    // The load and what was lost when it was rounded: what is left keeps its digits near saturation.
    if (product < Infinity) parts.push(-product, -productMinus(rate, mean, product));
    const leftBefore = left;
    load += product;
    left = product === Infinity ? -Infinity : sumOf(parts);
    return { rate, mean, secondMoment: moment(2), load, left, leftBefore };
  });
}

function residual({ rate, secondMoment }: Class): number {
  return (rate * secondMoment) / 2;
}

function answerOf({ rate, mean, load, left, leftBefore }: Class, meanWaitingTime: number): ClassAnswer {
  if (left > 0) return { load, growthRate: 0, meanWaitingTime, meanSojournTime: meanWaitingTime + mean };
  return unstableClass(load, leftBefore > 0 ? Math.max(0, rate - leftBefore / mean) : rate);
}
