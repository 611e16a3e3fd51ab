import { describe, expect, it } from 'vitest';
import { count, erlangs, instant, interval, notObserved, plural, quantity, rate, seconds, share, significant } from '../../reports/numbers.ts';

describe('numbers in reports', () => {
  it('prints times in the unit a reader would choose, and long ones in seconds', () => {
    expect([0, 35e-9, 0.00025, 0.0354, 1.5, 99.5, 312.4, 4567].map(seconds)).toEqual(['0 s', '35 ns', '250 µs', '35.4 ms', '1.5 s', '99.5 s', '312 s', '4,567 s']);
    expect([0.99999, 0.00099996, 99.96].map(seconds)).toEqual(['1 s', '1 ms', '100 s']);
  });

  it('tells infinite from not observed', () => {
    expect(seconds('Infinity')).toBe('∞');
    expect(rate('Infinity')).toBe('∞');
    for (const print of [seconds, rate, count]) expect(print(null)).toBe(notObserved);
  });

  it('keeps the place of an instant, which three digits would lose', () => {
    expect([120, 141.25, 1234.5, 0.0125].map(instant)).toEqual(['120 s', '141.25 s', '1,234.5 s', '0.0125 s']);
  });

  it('prints counts in full and means to three digits', () => {
    expect([0, 7, 1000, 1234567, 214.34, 2.1].map(count)).toEqual(['0', '7', '1,000', '1,234,567', '214', '2.1']);
  });

  it('never rounds a share that is not zero to zero, nor one that is not all to all', () => {
    expect([0, 0.00001, 0.0004, 0.0583, 0.583, 0.9995, 0.999999, 1, 1.18].map(share)).toEqual([
      '0 %', '<0.01 %', '0.04 %', '5.83 %', '58.3 %', '99.95 %', '>99.99 %', '100 %', '118 %',
    ]);
  });

  it('uses a true minus, and an exponent only where a number would not be read otherwise', () => {
    expect([-0.7, -1234, 1e-5, 2.5e13, 0.001].map(significant)).toEqual(['−0.7', '−1,234', '1.00e-5', '2.50e+13', '0.001']);
  });

  it('has a true minus in times and intervals too', () => {
    expect([-0.012, -312.4].map(seconds)).toEqual(['−12 ms', '−312 s']);
    expect(interval([-0.001, 0.002], 's')).toBe('−1 ms to 2 ms');
  });

  it('puts the unit of an objective behind its value', () => {
    expect(quantity(0.5, 's')).toBe('500 ms');
    expect(quantity(199.7, '/s')).toBe('200/s');
    expect(quantity(3, '')).toBe('3');
    expect(interval([198.9, 200.6], '/s')).toBe('199/s to 201/s');
    expect(interval(null, 's')).toBe('–');
  });

  it('counts one without a plural', () => {
    expect(plural(1, 'claim')).toBe('1 claim');
    expect(plural(2, 'claim')).toBe('2 claims');
    expect(plural(0, 'entry', 'entries')).toBe('0 entries');
    expect([1, 1.0001, 0.6, 7.04].map(erlangs)).toEqual(['1 erlang', '1 erlang', '0.6 erlangs', '7.04 erlangs']);
  });
});
