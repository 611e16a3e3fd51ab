/** What is wrong with a question about a model: all of it at once, each by name. */
import { printable } from '../problem.ts';
import { nearest } from '../suggest.ts';

export interface TheoryProblem {
  /** A parameter (`service.mean`), an option, or a word of the question as it was given. */
  readonly about: string;
  readonly found: string;
  readonly wanted?: string | undefined;
  readonly hint?: string | undefined;
}

export class TheoryProblems extends Error {
  readonly problems: readonly TheoryProblem[];

  constructor(problems: readonly TheoryProblem[]) {
    super(problems.map(formatTheoryProblem).join('\n'));
    this.name = 'TheoryProblems';
    this.problems = problems;
  }
}

/** `lambda is "10ms"; a rate above zero in 1/s is wanted`, and the hint below it. */
export function formatTheoryProblem({ about, found, wanted, hint }: TheoryProblem): string {
  const complaint = `${about} is ${found}${wanted === undefined ? '' : `; ${wanted} is wanted`}`;
  return printable(hint === undefined ? complaint : `${complaint}\n  hint: ${hint}`);
}

/** Of names that are single letters, every other letter is near. */
export function didYouMean(written: string, names: Iterable<string>): string | undefined {
  const near = nearest(written, names);
  return near === undefined || (near.length === 1 && near.toLowerCase() !== written.toLowerCase()) ? undefined : `did you mean ${near}?`;
}
