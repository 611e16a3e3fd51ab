import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NumbersAsWritten, readQuantity, unitNumbers } from '../../../scenarios/theory/quantities.ts';

describe('quantities of a question', () => {
  it.each([
    ['900/s', 'rate', 900], ['12000/min', 'rate', 200], ['1/10ms', 'rate', 100], ['0.5 / h', 'rate', 0.5 / 3600], ['0.04/y', 'rate', 0.04 / 31_536_000], ['3 msgs/s', 'rate', 3],
    ['10ms', 'time', 0.01], ['1h30m', 'time', 5400], ['2y', 'time', 63_072_000], ['1e-12s', 'time', 1e-12],
    ['0.5%', 'probability', 0.005], ['0.25', 'probability', 0.25],
  ] as const)('reads %s as a %s', (text, quantity, value) => {
    expect(readQuantity(text, quantity)).toBe(value);
    expect(unitNumbers(text, quantity)).toBe(value);
  });

  it.each([
    ['10ms', 'rate'], ['900/s', 'time'], ['1/0s', 'rate'], ['1e999/s', 'rate'], ['/s', 'rate'], ['5/parsec', 'rate'], ['-1/s', 'rate'], ['150%', 'probability'], ['10ms', 'count'], ['5', 'number'],
    [`${'9'.repeat(200)}/s`, 'rate'], ['1/s/s', 'rate'],
  ] as const)('does not read %s as a %s', (text, quantity) => {
    expect(readQuantity(text, quantity)).toBeUndefined();
  });

  it('never throws, and never gives what is no number', () => {
    const text = fc.string({ unit: fc.constantFrom(...'0123456789.eE+-/%smhdyµnu inf'), maxLength: 12 });
    fc.assert(fc.property(text, fc.constantFrom('rate', 'time', 'probability', 'count', 'number'), (written, quantity) => {
      const value = readQuantity(written, quantity);
      expect(value === undefined || (Number.isFinite(value) && value >= 0)).toBe(true);
    }), { seed: 21, numRuns: 3000 });
  });

  it('keeps in mind what was plain, what had units, and what to do about the rest', () => {
    const numbers = new NumbersAsWritten();
    numbers.startParameter('lambda');
    expect(numbers.number('900/s', 'rate')).toBe(900);
    numbers.startParameter('mu');
    expect(numbers.number(100, 'rate')).toBe(100);
    numbers.startParameter('c');
    expect(numbers.number(10, 'count')).toBe(10);
    expect(numbers.number('10ms', 'rate')).toBeUndefined();
    expect(numbers.number('3/s', 'count')).toBeUndefined();
    expect([[...numbers.plain], [...numbers.withUnits]]).toEqual([['mu'], ['lambda']]);
    expect(numbers.hints.get('"10ms"')).toContain('10ms is a time; a rate is written as in 900/s');
    expect(numbers.hints.get('"3/s"')).toContain('without a unit');
  });
});
