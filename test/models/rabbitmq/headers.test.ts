import { describe, expect, it } from 'vitest';
import { matchesHeaders } from '../../../models/brokers/rabbitmq/routing/headers.ts';

const pdf = { format: 'pdf', type: 'report', 'x-source': 'web' };

describe('headers', () => {
  it.each([
    ['all must agree where nothing is said', { format: 'pdf', type: 'report' }, true],
    ['all must agree', { 'x-match': 'all', format: 'pdf', type: 'log' }, false],
    ['all must be there', { 'x-match': 'all', format: 'pdf', size: 1 }, false],
    ['one is enough for any', { 'x-match': 'any', format: 'zip', type: 'report' }, true],
    ['none is not', { 'x-match': 'any', format: 'zip', type: 'log' }, false],
    ['without arguments all matches everything', {}, true],
    ['without arguments any matches nothing', { 'x-match': 'any' }, false],
    ['arguments with x- do not count for all', { 'x-match': 'all', 'x-source': 'mail', format: 'pdf' }, true],
    ['nor alone', { 'x-match': 'all', 'x-source': 'mail' }, true],
    ['nor for any', { 'x-match': 'any', 'x-source': 'web' }, false],
    ['they do for all-with-x', { 'x-match': 'all-with-x', 'x-source': 'mail', format: 'pdf' }, false],
    ['and agree there', { 'x-match': 'all-with-x', 'x-source': 'web', format: 'pdf' }, true],
    ['and for any-with-x', { 'x-match': 'any-with-x', 'x-source': 'web', format: 'zip' }, true],
    ['x-match itself never counts', { 'x-match': 'any-with-x' }, false],
    ['nor for all', { 'x-match': 'all-with-x' }, true],
    ['no value asks for presence', { format: null }, true],
    ['which must be there', { size: null }, false],
    ['text is no number', { size: '1' }, false],
  ])('%s', (_, bound, expected) => {
    expect(matchesHeaders(bound as Record<string, string | number | null>, pdf)).toBe(expected);
  });

  it('compare values with their types', () => {
    const headers = { count: 1, flag: true, none: null };
    const match = (bound: Record<string, string | number | boolean | null>) => matchesHeaders(bound, headers);
    expect([match({ count: 1 }), match({ count: '1' }), match({ flag: 1 }), match({ flag: true }), match({ none: null }), match({ none: 'null' })]).toEqual([true, false, false, true, true, false]);
  });

  it('find no header that every object has', () => {
    expect(matchesHeaders({ constructor: null }, {})).toBe(false);
  });
});
