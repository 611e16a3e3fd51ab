/** What every distribution has, and how impossible parameters are refused. */
import type { RandomStream } from '../random.ts';

/** Draws the next value: never negative, never NaN, in the quantity's own unit, and not rounded. */
export type Sampler = () => number;

export interface Law {
  readonly mean: number;
  /** May be Infinity, as may the mean of a Pareto. */
  readonly variance: number;
  sampler(stream: RandomStream): Sampler;
}

/** Parameters that no distribution of that kind can have. */
export class ImpossibleParameters extends Error {
  readonly parameter: string;
  readonly hint: string;
  constructor(parameter: string, message: string, hint: string) {
    super(message);
    this.name = 'ImpossibleParameters';
    this.parameter = parameter;
    this.hint = hint;
  }
}

/** Refuses a parameter that is zero, negative or not a number. */
export function wantPositive(kind: string, parameter: string, value: number, hint: string): void {
  if (value > 0 && value < Infinity) return;
  throw new ImpossibleParameters(parameter, `${kind}: ${parameter} is ${value}, and must be above 0`, hint);
}

/** Refuses a parameter that is negative or not a number. */
export function wantNotNegative(kind: string, parameter: string, value: number): void {
  if (value >= 0 && value < Infinity) return;
  throw new ImpossibleParameters(
    parameter, `${kind}: ${parameter} is ${value}, and must be 0 or more`, 'durations and sizes are never negative',
  );
}
