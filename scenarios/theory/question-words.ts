/** The words of a question, taken apart: `key=value`, and options with their value. */
import { shown } from '../../models/theory/checks.ts';
import type { TheoryProblem } from './problem.ts';

/** What somebody gave for a parameter or an option. */
export interface Given {
  /** A parameter's name, or an option with its dashes. */
  readonly name: string;
  /** Undefined where nothing stands after an option. */
  readonly text: string | undefined;
}

/** Whoever gives more than this has not typed it. */
const wordsMax = 1000;

export function splitWords(words: readonly string[], problems: TheoryProblem[]): Given[] {
  if (words.length > wordsMax) {
    problems.push({ about: 'the question', found: `${words.length} words long`, wanted: `at most ${wordsMax}` });
    return [];
  }
  const given: Given[] = [];
  for (let at = 0; at < words.length; at++) {
    const word = words[at]!;
    const equals = word.indexOf('=');
    if (!word.startsWith('-')) {
      if (equals > 0) given.push({ name: word.slice(0, equals).trim(), text: word.slice(equals + 1) });
      else problems.push({ about: shown(word), found: 'no parameter', wanted: 'key=value', hint: 'as in lambda=900/s' });
      continue;
    }
    const flag = equals > 0 ? word.slice(0, equals) : word;
    const next = words[at + 1];
    const text = equals > 0 ? word.slice(equals + 1) : next !== undefined && isValue(next) ? next : undefined;
    if (equals <= 0 && text !== undefined) at++;
    given.push({ name: flag, text });
  }
  return given;
}

/** Not the next option, nor the next parameter. */
function isValue(word: string): boolean {
  return !word.startsWith('--') && !/^[A-Za-z_]\w*=/.test(word);
}
