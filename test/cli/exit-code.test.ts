import { describe, expect, it } from 'vitest';
import { exitCodeOf, worstOf } from '../../cli/exit-code.ts';
import type { RunResult } from '../../scenarios/result.ts';

describe('exit codes', () => {
  it.each([['pass', 0], ['fail', 1], ['unknown', 2]] as const)('a verdict of %s is %i', (verdict, code) => {
    expect(exitCodeOf({ verdict } as RunResult)).toBe(code);
  });

  it('over several files the first of 5, 4, 3, 1, 2, 0 wins', () => {
    const order = [5, 4, 3, 1, 2, 0] as const;
    for (let winner = 0; winner < order.length; winner++) expect(worstOf(order.slice(winner).toReversed())).toBe(order[winner]);
    expect(worstOf([])).toBe(0);
  });
});
