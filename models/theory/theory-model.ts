/** One entry of the catalogue: a model under its name, with what it wants, what it answers and how far to trust it. */
import { ImpossibleParameters, refuseDescribed } from './checks.ts';
import { inFieldNames } from './field-names.ts';
import { type NumberReader, type Parameters, plainNumbers, type Quantity, type Reading, readParts, type Values } from './parameters.ts';

/** Each has a page of its own, `docs/theory/<family>.md`. */
export const families = [
  'multi-server', 'finite-and-impatient', 'general-service', 'priorities', 'batches', 'breakdowns', 'redelivery-and-retries', 'networks', 'markov-chains',
  'availability-and-durability', 'backlog',
] as const;
export type Family = (typeof families)[number];

export interface Metric {
  readonly about: string;
  readonly quantity: Quantity;
  /** Optional parameters without which it is not answered. */
  readonly needs?: readonly string[];
}

export interface TheoryModel {
  /** As it is called on the command line and in `evaluate`. */
  readonly name: string;
  /** In Kendall's notation or in words. */
  readonly title: string;
  readonly family: Family;
  /** One sentence: which question it answers. */
  readonly about: string;
  readonly assumptions: readonly string[];
  readonly kind: 'exact' | 'approximation';
  /** Relative error of an exact model's numbers, and where it is larger; the known error of an approximation against the truth. */
  readonly accuracy: string;
  /** Who published it where. */
  readonly source: string;
  readonly parameters: Parameters;
  readonly metrics: Readonly<Record<string, Metric>>;
  /** Reads the values and answers; metrics that need a parameter which was left out are left out. @throws ImpossibleParameters */
  evaluate(values: Readonly<Record<string, unknown>>, numbers?: NumberReader): Record<string, number>;
}

interface Description<P extends Parameters> extends Omit<TheoryModel, 'parameters' | 'evaluate'> {
  readonly parameters: P;
  /** Called with values that were read without a problem; may still refuse what is impossible together. */
  answer(values: Values<P>): Record<string, number>;
}

export function theoryModel<const P extends Parameters>({ answer, ...description }: Description<P>): TheoryModel {
  return {
    ...description,
    evaluate(values, numbers = plainNumbers) {
      const reading: Reading = { number: numbers, problems: [] };
      const read = readParts(description.parameters, values, '', reading);
      if (reading.problems.length > 0) throw new ImpossibleParameters(reading.problems);
      const metrics = answered(() => answer(read), description.parameters);
      const lost = Object.keys(metrics).find((name) => Number.isNaN(metrics[name]));
      // Numbers near the ends of what a double can hold: their products are not numbers any more, and no answer is better than that.
      if (lost !== undefined) refuseDescribed(lost, 'beyond what numbers can hold', 'another unit of time, in which the parameters are nearer to 1,');
      return metrics;
    },
  };
}

function answered<T>(answer: () => T, parameters: Parameters): T {
  try {
    return answer();
  } catch (error) {
    throw error instanceof ImpossibleParameters ? inFieldNames(error, parameters) : error;
  }
}
