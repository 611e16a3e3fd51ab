/** What a setting costs, in a line. */
import type { WhatIf } from '../scenarios/check-result.ts';
import { seconds } from './numbers.ts';

export function costText({ sojourn, confirm, throughput }: WhatIf['cost']): string {
  const told = ([what, { before, after }]: readonly [string, { before: number | null; after: number | null }], print: (value: number) => string): string[] =>
    before === null && after === null ? [] : before !== null && after !== null && Math.abs(after - before) <= 0.005 * before ? [] : [`${what} ${before === null ? 'unasked' : print(before)} → ${after === null ? 'unasked' : print(after)}`];
  const parts = [...told(['sojourn', sojourn], seconds), ...told(['confirm', confirm], seconds), ...told(['throughput', throughput], (value) => `${value.toPrecision(3)}/s`)];
  return parts.length === 0 ? 'costs nothing that can be seen' : parts.join(', ');
}
