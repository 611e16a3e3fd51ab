import { describe, expect, it } from 'vitest';
import { isClose, limitsOn, limitText, margin, marginText, readObjective } from '../../reports/objective-text.ts';
import type { ObjectiveResult } from '../../scenarios/result.ts';
import { failingResult } from './sample-result.ts';

const objective = (changes: Partial<ObjectiveResult>): ObjectiveResult => ({
  objective: 'p99(payments.sojourn) < 45s', value: 21.8, limit: 45, unit: 's', interval: null, met: true, estimator: 'histogram', ...changes,
});

describe('readObjective', () => {
  it('finds what an objective is about', () => {
    expect(readObjective('p99(payments.sojourn) < 45s')).toEqual({ statistic: 'p99', of: 'payments', measure: 'sojourn', comparison: '<', limit: '45s' });
    expect(readObjective('p99.9(a.b.waiting)<=1s')).toEqual({ statistic: 'p99.9', of: 'a.b', measure: 'waiting', comparison: '<=', limit: '1s' });
    expect(readObjective('backlog(orders-mq/orders) < 1000')).toEqual({ statistic: 'backlog', of: 'orders-mq/orders', measure: '', comparison: '<', limit: '1000' });
    expect(readObjective('something else')).toBeNull();
  });
});

describe('margin', () => {
  it('is what is left up to the limit, on the good side of it', () => {
    expect(margin(objective({}))).toBeCloseTo(23.2);
    expect(margin(objective({ value: 50 }))).toBe(-5);
    expect(margin(objective({ objective: 'throughput(payments) > 190/s', value: 199.7, limit: 190 }))).toBeCloseTo(9.7);
  });

  it('is printed with its sign and as a part of the limit', () => {
    expect(marginText(objective({}))).toBe('+23.2 s (51.6 %)');
    expect(marginText(objective({ value: 50, met: false }))).toBe('−5 s (11.1 %)');
    expect(marginText(objective({ objective: 'loss(web) < 0', value: 3, limit: 0, unit: '', met: false }))).toBe('−3');
    expect(marginText(objective({ value: 'Infinity', met: false }))).toBe('−∞');
    expect(marginText(objective({ value: null, met: null }))).toBe('–');
  });

  it('is close where the interval reaches past the limit', () => {
    expect(isClose(objective({ interval: [44, 46] }))).toBe(true);
    expect(isClose(objective({ interval: [20, 22] }))).toBe(false);
    expect(isClose(objective({}))).toBe(false);
  });
});

describe('limits', () => {
  it('are printed with their comparison', () => {
    expect(limitText(objective({}))).toBe('< 45 s');
    expect(limitText(objective({ objective: 'p99(a.sojourn) <= 45s' }))).toBe('≤ 45 s');
    expect(limitText(objective({ objective: 'unreadable' }))).toBe('45 s');
  });

  it('stand on the charts of their group and measure only', () => {
    const result = failingResult();
    expect(limitsOn(result, ({ of, measure }) => of === 'payments' && measure === 'sojourn').map(({ value }) => value)).toEqual([0.5, 10]);
    expect(limitsOn(result, ({ of }) => of === 'nobody')).toEqual([]);
  });
});
