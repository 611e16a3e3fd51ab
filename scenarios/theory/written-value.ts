/** The value of `key=value`: YAML, which JSON is a part of, so that lists, tables and laws can be written on one line. */
import { plain } from '../located.ts';
import { Source } from '../source.ts';
import { parseYaml } from '../yaml.ts';
import type { TheoryProblem } from './problem.ts';

export type WrittenValue = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly problem: TheoryProblem };

export function readWritten(about: string, text: string): WrittenValue {
  if (text.trim() === '') return refused({ about, found: 'empty', wanted: 'a value', hint: `to leave it out, leave out ${about}= as well` });
  const { root, problems } = parseYaml(new Source(about, text));
  const [first] = problems;
  if (first !== undefined) return refused({ about, found: `not readable: ${first.message}`, hint: hintOf(first.hint) ?? writingHint(text) });
  return { ok: true, value: root === undefined ? null : plain(root) };
}

/** Some speak of scenarios. */
function hintOf(hint: string | undefined): string | undefined {
  return hint === undefined || hint.includes('scenario') ? undefined : hint;
}

function writingHint(text: string): string | undefined {
  return /[[{]/.test(text) ? 'lists are written as in [1, 2, 3], laws as in {type: lognormal, mean: 10ms, scv: 4}; in a shell put the whole word in quotes' : undefined;
}

function refused(problem: TheoryProblem): WrittenValue {
  return { ok: false, problem };
}
