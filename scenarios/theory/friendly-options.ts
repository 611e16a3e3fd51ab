/** Plain words for the letters of the field: `--arrival-rate 900/s` is `lambda=900/s`. */
import type { Quantity } from '../../models/theory/parameters.ts';
import type { TheoryModel } from '../../models/theory/theory-model.ts';

export interface FriendlyOption {
  /** With its dashes. */
  readonly flag: string;
  /** What stands after it, for help. */
  readonly value: string;
  readonly about: string;
  /** Parameters that it may set; the first that the model has. */
  readonly sets: readonly FriendlyParameter[];
}
interface FriendlyParameter {
  readonly name: string;
  readonly quantity: Quantity;
  /** The parameter is one divided by what is given: a rate, where the option asks for a time. */
  readonly isInverse?: boolean;
}

export const friendlyOptions: readonly FriendlyOption[] = [
  { flag: '--arrival-rate', value: 'rate', about: 'messages that arrive, as in 900/s (lambda)', sets: [{ name: 'lambda', quantity: 'rate' }] },
  { flag: '--service-rate', value: 'rate', about: 'messages that one server handles, as in 100/s (mu)', sets: [{ name: 'mu', quantity: 'rate' }] },
  {
    flag: '--service-time', value: 'time', about: 'mean time that one message takes, as in 10ms (1/mu, or D)',
    sets: [{ name: 'mu', quantity: 'time', isInverse: true }, { name: 'D', quantity: 'time' }, { name: 'meanService', quantity: 'time' }],
  },
  { flag: '--servers', value: 'number', about: 'servers that work side by side (c)', sets: [{ name: 'c', quantity: 'count' }] },
  { flag: '--capacity', value: 'number', about: 'room for messages, those in service included (K)', sets: [{ name: 'K', quantity: 'count' }] },
  { flag: '--sources', value: 'number', about: 'who may send, each waiting for its answer (N)', sets: [{ name: 'N', quantity: 'count' }] },
  { flag: '--patience', value: 'time', about: 'mean time after which a waiting message is given up (1/theta)', sets: [{ name: 'theta', quantity: 'time', isInverse: true }] },
  { flag: '--percentile', value: 'share', about: 'for quantiles, as in 0.99 or 99% (p)', sets: [{ name: 'p', quantity: 'probability' }] },
  { flag: '--time', value: 'time', about: 'for tails and for what changes over time, as in 50ms (t)', sets: [{ name: 't', quantity: 'time' }] },
];

/** What an option sets in a model; undefined when the model has no such parameter. */
export function setBy(option: FriendlyOption, model: TheoryModel): FriendlyParameter | undefined {
  return option.sets.find(({ name }) => Object.hasOwn(model.parameters, name));
}

export function optionsFor(parameter: string, model: TheoryModel): string[] {
  return friendlyOptions.filter((option) => setBy(option, model)?.name === parameter).map(({ flag }) => flag);
}

/** The parameter that a plain word may have meant: `arrivalRate`, `arrival_rate` or `servers`. */
export function parameterCalled(word: string, model: TheoryModel): string | undefined {
  const plain = word.toLowerCase().replaceAll(/[^a-z]/g, '');
  const option = friendlyOptions.find(({ flag }) => flag.replaceAll('-', '') === plain);
  const set = option === undefined ? undefined : setBy(option, model);
  return set === undefined || set.isInverse ? undefined : set.name;
}
