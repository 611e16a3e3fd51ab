import { describe, expect, it } from 'vitest';
import { type Flag, flags } from '../../reports/flags.ts';

const flag = (value: number, label: string, isLimit = false): Flag => ({ value, label, isLimit });
interface Row { readonly label: string; readonly value: number; readonly isRight: boolean; readonly middle: number }
const rowsOf = (all: readonly Flag[], type: 'linear' | 'log' = 'linear', domain: readonly [number, number] = [0, 2]) =>
  (flags(all, { type, domain }, {}).layers.at(-1) as { data: { values: Row[] } } | undefined)?.data.values ?? [];

describe('flags', () => {
  it('have a lane above the plot each, and share it where they share their place', () => {
    const rows = rowsOf([flag(1, 'this load'), flag(1, 'knee'), flag(1.7, 'saturated', true)]);
    expect(rows.map(({ label }) => label)).toEqual(['this load, knee', 'saturated']);
    expect(new Set(rows.map(({ middle }) => middle)).size).toBe(2);
    expect(rows.every(({ middle }) => middle < 0)).toBe(true);
  });

  it('keep their labels clear of the rules of others: those further out stand higher', () => {
    const rows = rowsOf([flag(1.9, 'd'), flag(0.2, 'a'), flag(1.2, 'c'), flag(0.8, 'b')]);
    const lane = (label: string) => -rows.find((row) => row.label === label)!.middle;
    expect(rows.filter(({ isRight }) => isRight).map(({ label }) => label)).toEqual(['c', 'd']);
    expect(lane('d')).toBeGreaterThan(lane('c'));
    expect(lane('a')).toBeGreaterThan(lane('b'));
  });

  it('know the middle of a logarithmic axis', () => {
    expect(rowsOf([flag(0.05, 'a'), flag(0.2, 'b')], 'log', [0.01, 1]).map(({ label, isRight }) => [label, isRight])).toEqual([['b', true], ['a', false]]);
  });

  it('take no room where there are none', () => {
    expect(flags([], { type: 'linear', domain: [0, 1] }, {})).toEqual({ layers: [], height: 0 });
  });
});
