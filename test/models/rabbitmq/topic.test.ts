/** Matching of topics against a table and against the rule written down as naively as it is told. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matchesTopic, wordsOf } from '../../../models/brokers/rabbitmq/routing/topic.ts';

const runs = Math.max(500, Number(process.env.FAULTLINE_RUNS ?? 0));
const matches = (bound: string, key: string) => matchesTopic(wordsOf(bound), wordsOf(key));

/** `#` takes every number of words in turn: easy to believe, and exponential. */
function naive(bound: readonly string[], key: readonly string[]): boolean {
  const [word, ...rest] = bound;
  if (word === undefined) return key.length === 0;
  if (word === '#') return naive(rest, key) || (key.length > 0 && naive(bound, key.slice(1)));
  return key.length > 0 && (word === '*' || word === key[0]) && naive(rest, key.slice(1));
}

describe('a topic', () => {
  it.each([
    ['orders.eu', 'orders.eu', true],
    ['orders.eu', 'orders', false],
    ['orders.*', 'orders.eu', true],
    ['orders.*', 'orders', false],
    ['orders.*', 'orders.eu.big', false],
    ['orders.#', 'orders', true],
    ['orders.#', 'orders.eu.big', true],
    ['#.big', 'big', true],
    ['#.big', 'orders.eu.big', true],
    ['#.big', 'orders.big.eu', false],
    ['*.*', 'a.b', true],
    ['#', '', true],
    ['#', 'a.b.c', true],
    ['*', '', false],
    ['', '', true],
    ['', 'a', false],
    ['*', 'a', true],
    ['a.*', 'a.', true],
    ['a.*.b', 'a..b', true],
    ['*.*', '.', true],
    ['or*', 'orders', false],
    ['or*', 'or*', true],
    ['#a', 'b.a', false],
    ['#.#', 'a', true],
    ['#.*', 'a', true],
    ['#.*', '', false],
    ['*.#.*', 'a', false],
    ['*.#.*', 'a.b', true],
    // A word of the key that looks like a wildcard is a word.
    ['a', '*', false],
    ['a', '#', false],
    ['*', '#', true],
  ])('%j against the key %j: %s', (bound, key, expected) => {
    expect(matches(bound, key)).toBe(expected);
  });

  it('agrees with the naive rule', () => {
    const words = (...of: readonly string[]) => fc.array(fc.constantFrom(...of), { maxLength: 7 });
    fc.assert(fc.property(words('a', 'b', '', '*', '#', '#'), words('a', 'b', '', '*', '#'), (bound, key) => matchesTopic(bound, key) === naive(bound, key)), { numRuns: runs });
  });

  it('with a hundred # costs no more than words times words', () => {
    const key = Array.from({ length: 127 }, () => 'a').join('.');
    const bound = Array.from({ length: 100 }, () => '#.a').join('.');
    expect([matches(bound, key), matches(`${bound}.b`, key)]).toEqual([true, false]);
  });
});
