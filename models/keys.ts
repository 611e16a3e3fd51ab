/** Which key a message has. */
import type { RandomStream } from '../sim/random.ts';
import { none } from './message.ts';
import type { KeySpec } from './producer-settings.ts';

/** Keys are numbered from 1; messages without a key have `none`. The table of a Zipf law is made once for a group. */
export class KeyLaw {
  private readonly spec: KeySpec | undefined;
  private readonly cumulative: Float64Array | undefined;

  constructor(spec: KeySpec | undefined) {
    this.spec = spec;
    if (spec?.kind === 'zipf') this.cumulative = zipfTable(spec.keys, spec.exponent);
  }

  draw(stream: RandomStream): number {
    if (this.spec === undefined) return none;
    switch (this.spec.kind) {
      case 'fixed':
        return this.spec.value;
      case 'uniform':
        return 1 + stream.below(this.spec.keys);
      case 'zipf':
        return 1 + firstAbove(this.cumulative!, stream.double());
    }
  }
}

function zipfTable(keys: number, exponent: number): Float64Array {
  const cumulative = new Float64Array(keys);
  let sum = 0;
  for (let key = 1; key <= keys; key++) cumulative[key - 1] = sum += Math.exp(-exponent * Math.log(key));
  for (let index = 0; index < keys; index++) cumulative[index]! /= sum;
  return cumulative;
}

function firstAbove(cumulative: Float64Array, value: number): number {
  let low = 0;
  let high = cumulative.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (cumulative[middle]! > value) high = middle;
    else low = middle + 1;
  }
  return low;
}
