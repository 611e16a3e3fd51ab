/** Questions turned round: which value of a parameter meets the targets. */
import type { Finding, Neighbour, Solution, TheoryAnswer } from '../theory-result.ts';
import { findingAt, findingIfPossible, type Question } from './evaluation.ts';
import { leastReal, leastWhole, mostReal, mostWhole, type Trial } from './search.ts';
import { squareRootStaffing } from './square-root-rule.ts';

export interface Unknown {
  readonly parameter: string;
  readonly sense: 'least' | 'most';
  readonly quantity: Solution['quantity'];
}

/** Nobody has more servers; and beyond, a search would take long. */
const wholeMax = 10_000_000;
/** Two values that agree so far will not part any more. */
const settledWithin = 1e-12;

/** The value, with what it gives and what the value beside it gives. @throws ImpossibleParameters where every value is impossible */
export function solve(question: Question, unknown: Unknown, onTrial: (tried: number) => void): Pick<TheoryAnswer, keyof Finding | 'solution'> & { readonly at: number } {
  const { parameter, quantity, sense } = unknown;
  const search = new Search(question, parameter, onTrial);
  const isWhole = quantity === 'count';
  const found = isWhole ? (sense === 'least' ? leastWhole : mostWhole)(search.tryOut, wholeMax)
    : (sense === 'least' ? leastReal : mostReal)(search.tryOut, start(question, parameter));
  const value = found.value === undefined || !(found.value > 0 && found.value < Infinity) ? undefined : found.value;
  const at = value ?? found.tried;
  const finding = findingAt(question, { [parameter]: at });
  const solution: Solution = {
    parameter, quantity, sense, value: value ?? null, tried: value === undefined ? found.tried : null,
    end: value === undefined ? (found.end ?? 'far') : null,
    neighbour: value === undefined ? null : neighbour(question, unknown, value),
    staffing: parameter === 'c' && sense === 'least' ? squareRootStaffing(question) : null,
  };
  return { ...finding, solution, at };
}

/** Tries values, and notices when going on changes nothing. */
class Search {
  private readonly question: Question;
  private readonly parameter: string;
  private readonly onTrial: (tried: number) => void;
  private tried = 0;
  private last: readonly number[] = [];

  constructor(question: Question, parameter: string, onTrial: (tried: number) => void) {
    this.question = question;
    this.parameter = parameter;
    this.onTrial = onTrial;
  }

  readonly tryOut = (value: number): Trial => {
    this.onTrial(++this.tried);
    const finding = findingIfPossible(this.question, { [this.parameter]: value });
    if (finding === undefined) return 'impossible';
    if (finding.targets.every(({ met }) => met)) return 'holds';
    const values = finding.targets.map((target) => (typeof target.value === 'number' ? target.value : Infinity));
    const isSame = finding.targets.every(({ quantity }, index) => {
      const [before, now] = [this.last[index] ?? NaN, values[index]!];
      // A probability next to one has not settled there, but is hardly off its start.
      return now < Infinity && Math.abs(now - before) <= settledWithin * Math.abs(now) && !(quantity === 'probability' && now > 1 - 1e-9);
    });
    this.last = values;
    return isSame ? 'settled' : 'fails';
  };
}

/** A search among real numbers begins where the answer may be: for an arrival rate below what the servers can do. */
function start({ values, numbers }: Question, parameter: string): number {
  const of = (name: string, quantity: 'rate' | 'count') => numbers(values[name], quantity);
  const capacity = (of('mu', 'rate') ?? NaN) * (of('c', 'count') ?? 1);
  return parameter === 'lambda' && capacity > 0 && capacity < Infinity ? capacity / 2 : 1;
}

/** One server fewer, or a rate one percent higher. */
function neighbour(question: Question, { parameter, sense, quantity }: Unknown, value: number): Neighbour | null {
  const beside = quantity === 'count' ? value + (sense === 'least' ? -1 : 1) : Number((value * (sense === 'least' ? 0.99 : 1.01)).toPrecision(6));
  const finding = findingIfPossible(question, { [parameter]: beside });
  return finding === undefined ? null : { value: beside, ...finding };
}
