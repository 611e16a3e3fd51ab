/** Patterns of policies against RegExp where both agree by definition, and where RegExp would not come back. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compilePattern, PatternError } from '../../../models/brokers/rabbitmq/routing/pattern.ts';

const runs = Math.max(1000, Number(process.env.FAULTLINE_RUNS ?? 0));
const matches = (pattern: string, name: string) => compilePattern(pattern).matches(name);

describe('a pattern', () => {
  it.each([
    ['^orders\\.', 'orders.eu', true],
    ['^orders\\.', 'ordersXeu', false],
    ['orders', 'all-orders-eu', true],
    ['^$', '', true],
    ['', 'anything', true],
    ['.*', '', true],
    ['^(?!amq\\.).*', 'amq.topic', false],
    ['^(?!amq\\.).*', 'orders', true],
    ['^(?:a|b)+$', 'abba', true],
    ['^(?=.*x)(?=.*y).*$', 'yzx', true],
    ['^(?=.*x)(?=.*y).*$', 'zx', false],
    ['^[^.]+\\.dlq$', 'orders.dlq', true],
    ['^[^.]+\\.dlq$', 'orders.eu.dlq', false],
    ['^[]a]+$', ']a', true],
    ['^[a\\]b-]+$', '-]', true],
    ['^\\d{2,3}$', '1234', false],
    ['^\\d{2,3}$', '123', true],
    ['^a{2,}$', 'aaaa', true],
    ['^a{2}$', 'aaa', false],
    ['a{,2}', 'a{,2}', true],
    ['x{', 'x{', true],
    ['^.+?$', 'ab', true],
    ['\\Aab\\z', 'ab', true],
    ['\\bab\\b', 'x-ab-x', true],
    ['\\Bab', 'ab', false],
    ['^(a*)*$', 'aaa', true],
    ['a||b', 'c', true],
    ['^(|a)$', 'a', true],
  ])('%j and %j: %s', (pattern, name, expected) => {
    expect(matches(pattern, name)).toBe(expected);
  });

  it.each([
    ['(a', 'this bracket is never closed', 0],
    ['a)', 'this bracket was never opened', 1],
    ['[a', 'this bracket is never closed', 0],
    ['*a', 'there is nothing to repeat', 0],
    ['a**', 'there is nothing to repeat', 2],
    ['a++', 'a possessive repetition is not supported', 1],
    ['(a)\\1', '\\1 is not supported', 3],
    ['(?<=a)b', 'this kind of group is not supported', 0],
    ['(?>a)b', 'this kind of group is not supported', 0],
    ['(?i)a', 'this kind of group is not supported', 0],
    ['(*UTF8)a', 'this kind of group is not supported', 0],
    ['[[:alpha:]]', 'named classes are not supported', 1],
    ['[z-a]', 'this is not a range of characters', 1],
    ['a{3,2}', 'the counts are the wrong way round', 1],
    ['a\\', 'a backslash needs a character after it', 1],
    ['\\pL', '\\p is not supported', 0],
    ['[\\n]', '\\n is not supported in a class', 1],
    ['a{1000000}', 'the pattern repeats too often', 1],
    ['((a{1000}){1000}){1000}', 'the pattern is too large', expect.any(Number)],
    ['((){1000}){1000}', 'the pattern is too large', expect.any(Number)],
    ['a'.repeat(1025), 'the pattern is longer than 1024 characters', 1024],
  ])('%j is refused', (pattern, message, at) => {
    const refused = (() => {
      try {
        return compilePattern(pattern);
      } catch (error) {
        return error;
      }
    })();
    expect(refused).toBeInstanceOf(PatternError);
    expect(refused).toMatchObject({ message, at });
  });

  it.each([
    ['(a+)+$', false],
    ['^(a|aa)+$', false],
    ['^(.*a)*$', false],
    ['(.*)*(.*)*(.*)*$', true],
    ['^(((a*)*)*)*b$', false],
    ['^((.*c|.)*d|.)*b$', false],
    ['(?=(?=(?=(.*a)*$).*).*)b', false],
    [`${'.*'.repeat(200)}x`, false],
    [`${'(?='.repeat(200)}.*!${')'.repeat(200)}`, true],
    [`${'(?=.*'.repeat(30)}b${')'.repeat(30)}`, false],
    [`^${'('.repeat(300)}a${')*'.repeat(300)}$`, false],
  ])('%s ends soon, however long the name is', (pattern, expected) => {
    expect(matches(pattern, `${'a'.repeat(254)}!`)).toBe(expected);
  });

  it('agrees with RegExp', () => {
    const { pattern } = fc.letrec<{ pattern: string; part: string }>((tie) => ({
      part: fc.oneof(
        { weight: 5, arbitrary: fc.constantFrom('a', 'b', '.', '\\.', '-', '[ab]', '[^a]', '[a-c.]', '\\d', '\\w', '\\W', '^', '$', '\\b', '\\B', '[\\d-]') },
        fc.tuple(tie('pattern'), fc.constantFrom('(', '(?:', '(?=', '(?!')).map(([inner, open]) => `${open}${inner})`),
        fc.tuple(fc.constantFrom('a', '[ab]', '.', '(?:a|b.)', '(ab?)'), fc.constantFrom('*', '+', '?', '*?', '{2}', '{1,}', '{0,2}')).map(([inner, times]) => inner + times),
      ),
      pattern: fc.oneof(fc.array(tie('part'), { maxLength: 5 }).map((parts) => parts.join('')), fc.tuple(tie('part'), tie('part')).map(([one, other]) => `${one}|${other}`)),
    }));
    const name = fc.array(fc.constantFrom('a', 'b', 'c', '.', '-', '7', 'é'), { maxLength: 8 }).map((characters) => characters.join(''));
    fc.assert(fc.property(pattern, name, (written, text) => matches(written, text) === new RegExp(written).test(text)), { numRuns: runs });
  });
});
